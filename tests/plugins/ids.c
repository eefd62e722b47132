/* SPDX-License-Identifier: MIT */
/*
 * ids.c - what a stream holds in which every id is new: host, plugin and text
 * format together.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <linehook/stream.h>

#include "common/limits.h"
#include "common/mem.h"
#include "cli/view/view.h"
#include "lib/heap.h"
#include "lib/id_kinds.h"
#include "lib/tap.h"

extern const struct lhk_plugin linehook_plugin_1;

/* Enough to fill every table. */
#define FILL (LIMIT_TRACKED + LIMIT_TRACKED / 4)

/* Bytes that a full stream may hold: the tables of the host, of a plugin and of
 * the view have 4096 entries. */
#define HELD_MAX ((size_t) 5 << 20)

struct sink {
	struct lhk_host *host;
	struct lhk_stream *stream;
	struct view *view;
	struct outbuf out;
};

static void
drop (void *user, const char *data, size_t len)
{
	(void) user;
	(void) data;
	(void) len;
}

static void
on_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	struct sink *s = user;

	view_event (s->view, &s->out, meta, event);
}

/* The shortest lines, so that the text of the answer soon has all its room. */
static void
sink_open (struct sink *s)
{
	struct lhk_stream_opts opts = LHK_STREAM_OPTS_INIT;
	const struct view_opts view_opts = { 0 };
	const struct lhk_plugin_ref *ref;

	memset (s, 0, sizeof *s);
	outbuf_init (&s->out, drop, s);
	s->view = view_new (&mem_system, &view_opts);
	opts.on_event = on_event;
	opts.user = s;
	opts.line_max = LHK_LINE_MAX_MIN;
	if (s->view == NULL || lhk_host_new (NULL, &s->host, NULL) < 0
	    || lhk_host_add_plugin (s->host, &linehook_plugin_1, NULL) < 0
	    || lhk_host_plugin (s->host, linehook_plugin_1.name, &ref, NULL) < 0
	    || lhk_stream_new (s->host, ref, &opts, &s->stream, NULL) < 0)
		abort ();
}

static void
sink_close (struct sink *s)
{
	lhk_stream_free (s->stream);
	lhk_host_free (s->host);
	view_free (s->view);
}

static void
feed (struct sink *s, const char *lines, unsigned long from, unsigned long n)
{
	char room[ID_KIND_ROOM];
	unsigned long i;

	for (i = from; lines != NULL && i < from + n; i++)
		lhk_stream_write (s->stream, room,
				  id_kind_write (lines, i, room));
}

static void
check_kind (const struct id_kind *kind)
{
	size_t before = heap.held, full;
	unsigned long calls_then;
	const struct lhk_result *r;
	struct sink s;

	sink_open (&s);
	feed (&s, kind->before, 0, ID_KIND_BEFORE);
	feed (&s, kind->lines, 0, FILL);
	full = heap.held;
	calls_then = heap.calls;
	feed (&s, kind->lines, FILL, FILL);
	if (heap.held != full || heap.calls != calls_then
	    || full - before > HELD_MAX)
		tap_note ("%s: %zu bytes held at first, %zu then, %lu calls"
			  " for memory",
			  kind->name, full - before, heap.held - before,
			  heap.calls - calls_then);
	TAP_EQ_INT (heap.held, full);
	TAP_EQ_INT (heap.calls, calls_then);
	CU_ASSERT (full - before <= HELD_MAX);
	CU_ASSERT_FATAL (lhk_stream_finish (s.stream, NULL, &r) == LHK_OK);
	TAP_EQ_INT (r->stats.unparsed + r->stats.plugin_errors
			    + r->stats.skipped + r->stats.oversize,
		    0);
	TAP_EQ_INT (r->stats.forgotten > 0, kind->is_counted);
	CU_ASSERT (!kind->is_counted
		   || (r->outcome.flags & LHK_FLAG_DEGRADED) != 0);
	sink_close (&s);
	TAP_EQ_INT (heap.held, before);
}

static void
every_kind (void)
{
	const struct id_kind *kind;
	int n = 0;

	for (kind = id_kinds; kind->plugin != NULL; kind++) {
		if (strcmp (kind->plugin, linehook_plugin_1.name) != 0)
			continue;
		check_kind (kind);
		n++;
	}
	CU_ASSERT (n > 0);
}

static const struct tap_case cases[] = {
	{ "ids_hold_no_more_when_the_tables_are_full_and_losses_are_told",
	  every_kind },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("ids", cases);
}
