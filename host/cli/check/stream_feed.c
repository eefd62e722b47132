/* SPDX-License-Identifier: MIT */
/*
 * stream_feed.c - feed bytes to a stream that has the plugin; what every stream
 * must keep.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <linehook/json.h>

#include "cli/check/stream_feed.h"

/* Bytes of one write, when all is to be fed at once. */
#define WRITE_MAX ((size_t) 1 << 20)

/* Does the host report a callback that failed?  The errors that it counts are
 * also those of bad events, which the numbers of a bad line may give. */
static int
is_failure (const struct lhk_event *event)
{
	static const char words[] = "plugin failed: ";
	const struct lhk_ev_notice *n = (const void *) event;

	return event->kind == LHK_EV_NOTICE
	       && LHK_TEXT_IS (&n->code, LHK_CODE_PLUGIN)
	       && n->text.len >= sizeof words - 1
	       && memcmp (n->text.ptr, words, sizeof words - 1) == 0;
}

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
		check_problem (f->c, "an event comes after the final result");
	if (event->kind == LHK_EV_RESULT && r->final != NULL)
		f->n_final++;
	f->n_failed += is_failure (event);
	if (f->trace != NULL)
		event_trace_add (f->trace, meta, event);
}

/* Each write is a call of the plugin, for the one that watches over them. */
static void
write_some (struct lhk_stream *s, const char *data, size_t len)
{
	check_call->n_calls++;
	(void) lhk_stream_write (s, data, len);
}

static void
write_chunks (struct lhk_stream *s, const char *data, size_t len, size_t chunk)
{
	if (chunk == 0)
		chunk = WRITE_MAX;
	while (len > 0) {
		size_t n = chunk > len ? len : chunk;

		write_some (s, data, n);
		data += n;
		len -= n;
	}
}

/* Cut each line that is long enough behind its SPLIT'th byte; what lies between
 * two cuts is one write. */
static void
write_split (struct lhk_stream *s, const struct transcript *t, size_t split)
{
	size_t from = 0;
	size_t i;

	for (i = 0; i < t->n_lines; i++) {
		size_t cut = t->starts[i] + split;

		if (cut >= t->starts[i + 1])
			continue;
		write_some (s, t->data + from, cut - from);
		from = cut;
	}
	write_some (s, t->data + from, t->len - from);
}

static int
make_host (int isolated, struct lhk_host **ret, struct lhk_error *err)
{
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;
	const char *monitor = getenv ("LINEHOOK_EXEC");

	opts.flags = isolated ? LHK_HOST_ISOLATE : 0;
	if (monitor != NULL && *monitor != '\0')
		opts.monitor = monitor;
	return lhk_host_new (&opts, ret, err);
}

/* A host of this process, in which the plugin is isolated or not: that of the
 * parent cannot be used here. */
static int
have_host (struct check *c, int isolated)
{
	static struct {
		struct lhk_host *host;
		const struct lhk_plugin_ref *ref;
	} own[2], *o;
	struct lhk_error err = { 0, 0, "" };
	int r = LHK_OK;

	o = &own[isolated];
	if (o->host == NULL)
		r = make_host (isolated, &o->host, &err);
	if (r == LHK_OK && o->ref == NULL)
		r = lhk_host_plugin (
			o->host, c->path != NULL ? c->path : c->plugin->name,
			&o->ref, &err);
	c->host = o->host;
	c->ref = o->ref;
	if (r == LHK_OK)
		return 1;
	if (isolated && r == LHK_EUNSUPPORTED)
		check_skip (c, "%s", err.text);
	else
		check_problem (c, "a stream cannot be opened: %s", err.text);
	return 0;
}

int
feed_bytes (struct feeding *f, struct check *c, struct event_trace *trace,
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
	if (!have_host (c, how->isolated))
		return 0;
	check_call->n_calls++;
	check_call->callback = "a callback inside a stream";
	check_call->data = data != NULL ? NULL : t == NULL ? NULL : t->data;
	check_call->len = check_call->data == NULL ? 0 : t->len;
	if (lhk_stream_new (c->host, c->ref, &opts, &s, &err) < 0) {
		check_call->callback = NULL;
		check_problem (c, "a stream cannot be opened: %s", err.text);
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
	check_call->callback = NULL;
	if (f->n_final != 1)
		check_problem (c, "%llu final results, expected 1",
			       (unsigned long long) f->n_final);
	return 1;
}

int
feed_all (struct feeding *f, struct check *c, struct event_trace *trace,
	  const struct transcript *t, const struct feed *how)
{
	if (!feed_bytes (f, c, trace, t, NULL, t->len, how))
		return 0;
	if (f->n_failed != 0)
		check_problem (c,
			       "callbacks failed at least %llu times: expected "
			       "LHK_OK, LHK_SKIP, or LHK_EPARSE for a line in "
			       "another format",
			       (unsigned long long) f->n_failed);
	return 1;
}

/* Feed T as HOW for the text of event AT. */
static void
event_text (struct check *c, const struct transcript *t, const struct feed *how,
	    size_t at, struct event_trace *trace)
{
	struct feeding f;

	event_trace_reset (trace, at);
	(void) feed_all (&f, c, trace, t, how);
	if (at >= trace->n) {
		trace->shown[0] = '\0';
		trace->shown_len = 0;
	}
}

int
feed_same (struct check *c, const struct transcript *t, const struct feed *how,
	   struct event_trace *wanted, size_t n, const char *what)
{
	const struct feed whole = { .line_max = how->line_max };
	struct feeding f;
	struct event_trace found, other;
	size_t at;

	if (event_trace_init (&found) < 0)
		return 0;
	at = SIZE_MAX;
	if (feed_all (&f, c, &found, t, how))
		at = event_trace_differs (&found, wanted, n);
	if (at != SIZE_MAX && event_trace_init (&other) == LHK_OK) {
		event_text (c, t, how, at, &found);
		event_text (c, t, &whole, at, &other);
		check_problem (c,
			       "event %zu differs %s: found '%s', expected "
			       "'%s'",
			       at + 1, what, found.shown, other.shown);
		event_trace_free (&other);
	}
	event_trace_free (&found);
	return at == SIZE_MAX;
}

void
feed_with_trace (struct check *c, const struct transcript *t,
		 void (*fn) (struct check *c, const struct transcript *t,
			     struct event_trace *wanted))
{
	struct event_trace wanted;

	if (event_trace_init (&wanted) < 0) {
		check_skip (c, "out of memory");
		return;
	}
	fn (c, t, &wanted);
	event_trace_free (&wanted);
}
