/* SPDX-License-Identifier: MIT */
/*
 * tool_many.c - many calls of every kind leak nothing.
 *
 * There are 1,000 calls, or 100 under a sanitizer, where each takes ten times as
 * long; the variable CALLS sets another number.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/tool_call.h"
#include "lib/failing.h"
#include "lib/trial.h"

#define AT_ONCE 50

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define CALLS 100
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CALLS 100
#endif
#endif
#ifndef CALLS
#define CALLS 1000
#endif

static void
cancel_it (void *user, const char *line, size_t len, int more)
{
	struct call *c = user;

	(void) line;
	(void) len;
	(void) more;
	lhk_tool_cancel (c->tool, 0);
	lhk_tool_cancel (c->tool, 0);
}

static const struct {
	int kind;
	const char *words[6]; /* arguments of the agent; none: no program */
} kinds[] = {
	{ LHK_TOOL_ERROR_TIMEOUT, { "pause" } },
	{ LHK_TOOL_ERROR_CANCELED, { "err", "x", "pause" } },
	{ LHK_TOOL_ERROR_STDOUT,
	  { "put", "{\"result\":\"too long\"}", "pause" } },
	{ LHK_TOOL_ERROR_SIGNAL, { "err", "token=x", "raise", "9" } },
	{ LHK_TOOL_ERROR_PARSE, { "out", "garbage" } },
	{ LHK_TOOL_ERROR_NONE, { "put", "{\"result\":[1.5,\"x\",{}]}" } },
	{ LHK_TOOL_ERROR_TOOL, { "put", "{\"error\":{\"message\":\"m\"}}" } },
	{ LHK_TOOL_ERROR_START, { NULL } },
	{ LHK_TOOL_ERROR_VALIDATE, { "pause" } },
	{ LHK_TOOL_ERROR_EXIT, { "exit", "1" } },
};

static void
one_of_each (struct call *c, int i)
{
	const char *const secret[] = { "A_TOKEN=0123456789", NULL };
	size_t which = (size_t) i % (sizeof kinds / sizeof kinds[0]);
	int kind = kinds[which].kind;
	const char *argv[8] = { NULL };

	argv[0] = kind == LHK_TOOL_ERROR_START ? "no-such-program"
					       : trial_agent ();
	memcpy (argv + 1, kinds[which].words, sizeof kinds[which].words);
	c->opts.env = secret;
	if (kind == LHK_TOOL_ERROR_TIMEOUT) {
		c->opts.timeout_ms = 5;
		c->opts.grace_ms = 5;
	} else if (kind == LHK_TOOL_ERROR_CANCELED) {
		c->opts.on_stderr_line = cancel_it;
	} else if (kind == LHK_TOOL_ERROR_STDOUT) {
		c->opts.max_output = 10;
	} else if (kind == LHK_TOOL_ERROR_VALIDATE) {
		c->opts.id = "..";
	}
	TAP_EQ_INT (call_run (c, argv), kind);
}

static long
resident_kib (void)
{
	FILE *f = fopen ("/proc/self/statm", "r");
	long size = 0, resident = 0;

	if (f != NULL && fscanf (f, "%ld %ld", &size, &resident) != 2)
		resident = 0;
	if (f != NULL)
		fclose (f);
	return resident * (sysconf (_SC_PAGESIZE) / 1024);
}

static void
flat (void)
{
	int n = getenv ("CALLS") != NULL ? atoi (getenv ("CALLS")) : CALLS;
	int fds, threads, i;
	size_t held;
	long memory;
	struct failing f;
	struct call c;

	failing_init (&f);
	call_begin (&c, &f.alloc);
	for (i = 0; i < 50; i++)
		one_of_each (&c, i);
	lhk_tool_free (c.tool);
	c.tool = NULL;
	fds = count_fds ();
	threads = count_threads ();
	held = f.held;
	memory = resident_kib ();
	for (i = 0; i < n; i++)
		one_of_each (&c, i);
	lhk_tool_free (c.tool);
	c.tool = NULL;
	TAP_EQ_INT (count_fds (), fds);
	TAP_EQ_INT (count_threads (), threads);
	TAP_EQ_INT (count_children (), 0);
	TAP_EQ_INT (f.held, held);
	tap_note ("%d calls: %ld KiB more", n, resident_kib () - memory);
	if (CALLS == 1000)
		CU_ASSERT (resident_kib () - memory < 1024);
	call_end (&c);
	CU_ASSERT (failing_clean (&f));
}

static void
at_once (void)
{
	struct lhk_tool *tools[AT_ONCE];
	struct lhk_tool_opts o;
	char id[32], input[64];
	struct call c;
	int i;

	call_begin (&c, NULL);
	o = c.opts;
	o.on_end = NULL;
	o.on_stderr_line = NULL;
	o.argv = AGENT ("put", "{\"result\":", "cat", "put", "}");
	for (i = 0; i < AT_ONCE; i++) {
		snprintf (id, sizeof id, "tool-%d", i);
		snprintf (input, sizeof input, "{\"n\":%d}", i);
		o.id = id;
		o.input = (struct lhk_str){ input, strlen (input) };
		TAP_EQ_INT (lhk_tool_start (c.host, &o, &tools[i], NULL),
			    LHK_OK);
	}
	for (i = 0; i < AT_ONCE; i++) {
		TAP_EQ_INT (lhk_tool_wait (tools[i], 60000), LHK_OK);
		TAP_EQ_INT (lhk_tool_error_kind (tools[i]),
			    LHK_TOOL_ERROR_NONE);
		lhk_tool_free (c.tool);
		c.tool = tools[i];
		snprintf (input, sizeof input, "\"input\":{\"n\":%d}", i);
		free (c.json);
		c.json = NULL;
		c.json_len = c.json_cap = 0;
		c.opts.on_end = NULL;
		call_wait (&c);
		CU_ASSERT (call_has (&c, input));
	}
	call_end (&c);
	TAP_EQ_INT (count_children (), 0);
}

/* The K-th allocation fails: the call does not start, ends well, or reports
 * that there was no memory.  1: it made fewer allocations. */
static int
tight (uint64_t k, int which, struct failing *f)
{
	const char *const secret[] = { "A_TOKEN=0123456789", NULL };
	const char *const *argv[] = {
		AGENT ("err", "token=x", "put",
		       "{\"result\":{\"a\\n\":[\"b\\n\",1.5]}}"),
		AGENT ("put", "{\"error\":{\"name\":\"n\",\"message\":\"m\"}}"),
		AGENT ("put", "garbage"),
	};
	struct call c;
	int r;

	failing_init (f);
	call_begin (&c, &f->alloc);
	c.opts.env = secret;
	c.opts.input = (struct lhk_str) LHK_STR_INIT ("{\"a\\t\":1}");
	c.opts.on_end = NULL;
	f->fail_at = f->calls + k;
	r = call_start (&c, argv[which]);
	if (r == LHK_OK) {
		r = lhk_tool_wait (c.tool, 60000);
		CU_ASSERT_EQUAL (r, LHK_OK);
		CU_ASSERT (lhk_tool_error_kind (c.tool) >= 0);
		if (f->failed == 0)
			r = 1;
	}
	CU_ASSERT (r == 1 || r == LHK_OK || r == LHK_ENOMEM);
	call_end (&c);
	return r == 1;
}

static void
short_of_memory (void)
{
	int fds = count_fds ();
	struct failing f;
	uint64_t k;
	int which;

	for (which = 0; which < 3; which++) {
		for (k = 1; k < 1000; k++) {
			int done = tight (k, which, &f);

			if (!failing_clean (&f) || count_fds () != fds
			    || count_children () != 0) {
				tap_note ("allocation %d: %zu bytes left",
					  (int) k, f.held);
				CU_FAIL ("something is left");
				return;
			}
			if (done)
				break;
		}
		tap_note ("%d allocations", (int) k);
		CU_ASSERT (k > 20 && k < 1000);
	}
}

static const struct tap_case cases[] = {
	{ "no_descriptor_thread_or_memory_leaks_over_calls_of_every_kind",
	  flat },
	{ "parallel_calls_do_not_mix_their_data", at_once },
	{ "any_allocation_of_a_call_may_fail", short_of_memory },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("tool_many", cases);
}
