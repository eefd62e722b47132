/* SPDX-License-Identifier: MIT */
/* sink.c - a consumer that writes down what it hears, for comparison. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linehook/json.h>

#include "lib/sink.h"

void
sink_init (struct sink *s)
{
	memset (s, 0, sizeof *s);
	s->cap = 4096;
	s->text = malloc (s->cap);
	if (s->text == NULL)
		abort ();
	s->text[0] = '\0';
}

void
sink_done (struct sink *s)
{
	free (s->text);
	s->text = NULL;
}

void
sink_clear (struct sink *s)
{
	s->len = 0;
	s->text[0] = '\0';
}

static void LHK_PRINTF (2, 3) put (struct sink *s, const char *fmt, ...)
{
	va_list args;
	int n;

	if (s->cap - s->len < 1024) {
		s->cap *= 2;
		s->text = realloc (s->text, s->cap);
		if (s->text == NULL)
			abort ();
	}
	va_start (args, fmt);
	n = vsnprintf (s->text + s->len, s->cap - s->len, fmt, args);
	va_end (args);
	if (n > 0)
		s->len += (size_t) n;
}

static void
put_text (struct sink *s, const struct lhk_text *text)
{
	char shown[FORMAT_SHOWN + 1];
	size_t need = 0;
	size_t n = lhk_text_decode (text, shown, FORMAT_SHOWN, &need);

	if (text->ptr == NULL)
		put (s, " absent");
	else if (need > FORMAT_SHOWN)
		put (s, " %zu bytes", need);
	else
		put (s, " %.*s", (int) n, shown);
}

static void
put_notice (struct sink *s, const struct lhk_meta *meta,
	    const struct lhk_ev_notice *notice)
{
	put (s, "notice");
	put_text (s, &notice->code);
	if (meta->line_no > 0)
		put (s, " line=%llu", (unsigned long long) meta->line_no);
	snprintf (s->notice, sizeof s->notice, "%.*s", (int) notice->text.len,
		  notice->text.ptr);
	if (notice->data.ptr != NULL)
		snprintf (s->data, sizeof s->data, "%.*s",
			  (int) notice->data.len, notice->data.ptr);
}

union any_event_view {
	struct lhk_event ev;
	struct lhk_ev_session session;
	struct lhk_ev_text text;
	struct lhk_ev_tool tool;
	struct lhk_ev_plan plan;
	struct lhk_ev_ask ask;
	struct lhk_ev_usage usage;
	struct lhk_ev_notice notice;
	struct lhk_ev_result result;
	struct lhk_ev_run run;
};

static void
put_event (struct sink *s, const struct lhk_meta *meta,
	   const union any_event_view *e)
{
	switch (e->ev.kind) {
	case LHK_EV_RUN:
		put (s, "run");
		put_text (s, &e->run.plugin);
		break;
	case LHK_EV_SESSION:
		put (s, "session");
		put_text (s, &e->session.id);
		break;
	case LHK_EV_TEXT:
		put (s, e->text.delta ? "text+" : "text");
		put_text (s, &e->text.text);
		break;
	case LHK_EV_TOOL:
		put (s, "tool");
		put_text (s, &e->tool.name);
		put (s, " %d", e->tool.status);
		break;
	case LHK_EV_PLAN:
		put (s, "plan %zu", e->plan.n_entries);
		break;
	case LHK_EV_ASK:
		put (s, "ask");
		put_text (s, &e->ask.id);
		break;
	case LHK_EV_USAGE:
		put (s, "usage %lld %lld", (long long) e->usage.input,
		     (long long) e->usage.output);
		break;
	case LHK_EV_NOTICE:
		put_notice (s, meta, &e->notice);
		break;
	case LHK_EV_RESULT:
		put (s, "%s %s", e->result.final != NULL ? "final" : "result",
		     lhk_verdict_name (e->result.verdict));
		s->final += e->result.final != NULL;
		break;
	default:
		put (s, "kind %u", e->ev.kind);
	}
	put (s, "\n");
}

void
sink_event (void *user, const struct lhk_meta *meta,
	    const struct lhk_event *event)
{
	struct sink *s = user;
	size_t n = meta->raw.len < FORMAT_SHOWN - 1 ? meta->raw.len
						    : FORMAT_SHOWN - 1;

	s->faults += meta->size == 0 || meta->turn == 0 || s->final != 0
		     || meta->seq != ++s->n;
	s->last_ms = meta->time_ms;
	if (event->kind < 16)
		s->kinds[event->kind]++;
	if (meta->line_no > 0) {
		s->meta = *meta;
		if (meta->raw.ptr != NULL)
			memcpy (s->raw, meta->raw.ptr, n);
		s->raw[meta->raw.ptr != NULL ? n : 0] = '\0';
	}
	put_event (s, meta,
		   (const union any_event_view *) (const void *) event);
}

size_t
sink_count (const struct sink *s, const char *needle)
{
	const char *p = s->text;
	size_t n = 0;

	while ((p = strstr (p, needle)) != NULL) {
		n++;
		p += strlen (needle);
	}
	return n;
}

long long
sink_data_number (const struct sink *s, const char *name)
{
	char key[64];
	const char *p;

	snprintf (key, sizeof key, "\"%s\":", name);
	p = strstr (s->data, key);
	return p == NULL ? -1 : strtoll (p + strlen (key), NULL, 10);
}
