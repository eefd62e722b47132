/* SPDX-License-Identifier: MIT */
/*
 * calls.h - which calls are at work behind some lines, and whether the claim
 * stands, for the one plugin a program is linked with.
 */
#ifndef TESTS_CALLS_H
#define TESTS_CALLS_H

#include <stdlib.h>
#include <string.h>

#include <linehook/stream.h>

#include "lib/tap.h"

extern const struct lhk_plugin linehook_plugin_1;

static struct lhk_host *calls_host;
static struct lhk_stream *calls_stream;

/* A stream whose lines have 4096 bytes at most. */
static inline void
calls_begin (void)
{
	struct lhk_stream_opts opts = LHK_STREAM_OPTS_INIT;
	const struct lhk_plugin_ref *plugin;

	opts.line_max = 4096;
	if (lhk_host_new (NULL, &calls_host, NULL) < 0
	    || lhk_host_add_plugin (calls_host, &linehook_plugin_1, NULL) < 0
	    || lhk_host_plugin (calls_host, linehook_plugin_1.name, &plugin,
				NULL)
		       < 0
	    || lhk_stream_new (calls_host, plugin, &opts, &calls_stream, NULL)
		       < 0)
		abort ();
}

static inline void
calls_end (void)
{
	lhk_stream_free (calls_stream);
	lhk_host_free (calls_host);
}

static inline void
calls_feed (const char *lines)
{
	if (lhk_stream_write (calls_stream, lines, strlen (lines)) < 0)
		abort ();
}

/* A line that is too long: HEAD, a long string, TAIL. */
static inline void
calls_feed_long (const char *head, const char *tail)
{
	char word[5001];

	memset (word, 'w', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	calls_feed (head);
	calls_feed (word);
	calls_feed (tail);
}

#define AT_WORK(n) TAP_EQ_INT (lhk_stream_tools_open (calls_stream), n)
#define TASKS(n) TAP_EQ_INT (lhk_stream_tasks_open (calls_stream), n)
#define CLAIM(yes) TAP_EQ_INT (lhk_stream_has_claim (calls_stream), yes)

#endif /* TESTS_CALLS_H */
