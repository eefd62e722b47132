/* SPDX-License-Identifier: MIT */
/* stream_cases.c - feed a stream, look at what every stream must keep. */
#include "config.h"

#include <string.h>

#include "cli/check/stream_cases.h"

static void
on_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	struct feeding *f = user;
	const struct lhk_ev_result *r = (const void *) event;

	f->seq++;
	if (meta->seq != f->seq)
		check_problem (f->c, "event %llu has the number %llu",
			       (unsigned long long) f->seq,
			       (unsigned long long) meta->seq);
	if (f->n_final > 0)
		check_problem (f->c, "an event comes behind the final "
				     "result");
	if (event->kind == LHK_EV_RESULT && r->final != NULL)
		f->n_final++;
	if (f->trace != NULL)
		trace_add (f->trace, meta, event);
}

static void
write_chunks (struct lhk_stream *s, const char *data, size_t len, size_t chunk)
{
	while (len > 0) {
		size_t n = chunk == 0 || chunk > len ? len : chunk;

		(void) lhk_stream_write (s, data, n);
		data += n;
		len -= n;
	}
}

/* Each line that is long enough is cut behind its SPLIT'th byte; between two
 * cuts is one write. */
static void
write_split (struct lhk_stream *s, const struct transcript *t, size_t split)
{
	size_t from = 0;
	size_t i;

	for (i = 0; i < t->n_lines; i++) {
		size_t cut = t->starts[i] + split;

		if (cut >= t->starts[i + 1])
			continue;
		(void) lhk_stream_write (s, t->data + from, cut - from);
		from = cut;
	}
	(void) lhk_stream_write (s, t->data + from, t->len - from);
}

int
feed_bytes (struct feeding *f, struct check *c, struct trace *trace,
	    const struct transcript *t, const char *data, size_t len,
	    const struct feed *how)
{
	struct lhk_stream_opts opts = LHK_STREAM_OPTS_INIT;
	struct lhk_error err = { 0, 0, "" };
	const struct lhk_result *result = NULL;
	struct lhk_stream *s;

	memset (f, 0, sizeof *f);
	f->c = c;
	f->trace = trace;
	f->stats.size = sizeof f->stats;
	opts.on_event = on_event;
	opts.user = f;
	if (how->line_max != 0)
		opts.line_max = how->line_max;
	check_place.callback = "a callback inside a stream";
	if (lhk_stream_new (c->host, c->ref, &opts, &s, &err) < 0) {
		check_place.callback = NULL;
		check_problem (c, "a stream does not begin: %s", err.text);
		return 0;
	}
	if (how->split != 0)
		write_split (s, t, how->split);
	else
		write_chunks (s, data != NULL ? data : t->data, len,
			      how->chunk);
	f->n_before_end = trace == NULL ? 0 : trace->n;
	if (lhk_stream_finish (s, NULL, &result) != LHK_OK)
		check_problem (c, "a stream has no result");
	lhk_stream_stats (s, &f->stats);
	lhk_stream_free (s);
	check_place.callback = NULL;
	if (f->n_final != 1)
		check_problem (c, "%llu final results, wanted 1",
			       (unsigned long long) f->n_final);
	return 1;
}

int
feed_all (struct feeding *f, struct check *c, struct trace *trace,
	  const struct transcript *t, const struct feed *how)
{
	if (!feed_bytes (f, c, trace, t, NULL, t->len, how))
		return 0;
	if (f->stats.plugin_errors != 0)
		check_problem (c,
			       "callbacks failed %llu times: wanted "
			       "LHK_OK, LHK_SKIP, or LHK_EPARSE for what is "
			       "not of the format",
			       (unsigned long long) f->stats.plugin_errors);
	return 1;
}

/* The text of event AT, when T is fed as HOW. */
static void
event_text (struct check *c, const struct transcript *t, const struct feed *how,
	    size_t at, struct trace *trace)
{
	struct feeding f;

	trace_reset (trace, at);
	(void) feed_all (&f, c, trace, t, how);
	if (at >= trace->n) {
		trace->shown[0] = '\0';
		trace->shown_len = 0;
	}
}

int
feed_same (struct check *c, const struct transcript *t, const struct feed *how,
	   struct trace *wanted, size_t n, const char *what)
{
	const struct feed whole = { .line_max = how->line_max };
	struct feeding f;
	struct trace found, other;
	size_t at;

	if (trace_init (&found) < 0)
		return 0;
	at = SIZE_MAX;
	if (feed_all (&f, c, &found, t, how))
		at = trace_differs (&found, wanted, n);
	if (at != SIZE_MAX && trace_init (&other) == LHK_OK) {
		event_text (c, t, how, at, &found);
		event_text (c, t, &whole, at, &other);
		check_problem (c,
			       "event %zu differs %s: found '%s', wanted "
			       "'%s': keep no pointer into a line, and no "
			       "state outside of the handle",
			       at + 1, what, found.shown, other.shown);
		trace_free (&other);
	}
	trace_free (&found);
	return at == SIZE_MAX;
}
