/* SPDX-License-Identifier: MIT */
/* observe.c - what comes out of a stream, and whether it is whole. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "fuzz/fuzz.h"
#include "fuzz/observe.h"
#include "common/limits.h"
#include "common/mem.h"
#include "event/event_union.h"
#include "event/members.h"
#include "format/event_json.h"

#define CHECK(o, holds) FUZZ_CHECK ((holds), (o)->input, (o)->size)

/* Names have a limit, and nothing is a pointer without bytes. */
static void
check_texts (const struct observed *o, const struct lhk_event *event)
{
	const struct event_members *k = &event_members[event->kind];
	const struct event_member *m;
	struct lhk_text t;

	CHECK (o, event->parent.len <= LIMIT_ID);
	for (m = k->texts; m->name != NULL; m++) {
		memcpy (&t, (const char *) event + m->offset, sizeof t);
		CHECK (o, t.ptr != NULL || t.len == 0);
		CHECK (o, m->max == 0 || t.len <= m->max);
	}
}

static void
on_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	struct observed *o = user;
	const struct lhk_ev_result *r = (const struct lhk_ev_result *) event;

	CHECK (o, o->finals == 0);
	CHECK (o, meta->seq == ++o->events);
	CHECK (o, (event->kind == LHK_EV_RUN) == (meta->seq == 1));
	o->finals += event->kind == LHK_EV_RESULT && r->final != NULL;
	o->tools += event->kind == LHK_EV_TOOL;
	if (event_has_members (event->kind))
		check_texts (o, event);
	format_json_event (&o->out, meta, event, FORMAT_JSON_SOURCE);
}

void
observe_begin (struct observed *o, const char *input, size_t size,
	       struct lhk_stream_opts *opts)
{
	o->events = o->finals = o->tools = 0;
	strbuf_init (&o->text, &mem_system);
	outbuf_init (&o->out, strbuf_write, &o->text);
	o->input = input;
	o->size = size;
	opts->on_event = on_event;
	opts->user = o;
}

/* Each line is one JSON object. */
static void
check_lines (const struct observed *o)
{
	static const struct lhk_fields none = { NULL, 0, 0 };
	const char *p = o->text.data, *end = p + o->text.len, *newline;
	char *line, ignored;
	size_t len;

	for (; p < end; p = newline + 1) {
		newline = memchr (p, '\n', (size_t) (end - p));
		CHECK (o, newline != NULL);
		len = (size_t) (newline - p);
		line = fuzz_line (p, len);
		CHECK (o, lhk_json_line (line, len, &none, &ignored) == LHK_OK);
		free (line);
	}
}

void
observe_end (struct observed *o, const struct lhk_result *result)
{
	outbuf_flush (&o->out);
	CHECK (o, o->finals == 1);
	CHECK (o, lhk_verdict_name (result->verdict) != NULL);
	CHECK (o, result->stats.events == o->events);
	CHECK (o, result->tools_started <= o->tools);
	CHECK (o, result->tools_completed + result->tools_failed
				  + result->tools_denied
				  + result->tools_canceled + result->tools_open
			  == result->tools_started);
	check_lines (o);
}

void
observe_free (struct observed *o)
{
	strbuf_free (&o->text);
}

void
observe_compare (const struct observed *a, const struct observed *b)
{
	CHECK (a, a->text.len == b->text.len
			  && memcmp (a->text.data, b->text.data, a->text.len)
				     == 0);
}
