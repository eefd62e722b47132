/* SPDX-License-Identifier: MIT */
/* event_log.c - an event callback that writes each event down as a line. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linehook/json.h>

#include "event/event_union.h"
#include "lib/capture.h"
#include "lib/event_log.h"

void
event_log_init (struct event_log *log)
{
	memset (log, 0, sizeof *log);
	log->cap = 4096;
	log->text = malloc (log->cap);
	if (log->text == NULL)
		abort ();
	log->text[0] = '\0';
}

void
event_log_done (struct event_log *log)
{
	free (log->text);
	log->text = NULL;
}

void
event_log_clear (struct event_log *log)
{
	log->len = 0;
	log->text[0] = '\0';
}

static void LHK_PRINTF (2, 3) put (struct event_log *log, const char *fmt, ...)
{
	va_list args;

	va_start (args, fmt);
	text_vappend (&log->text, &log->len, &log->cap, fmt, args);
	va_end (args);
}

static void
put_text (struct event_log *log, const struct lhk_text *text)
{
	char shown[EVENT_LOG_SHOWN + 1];
	size_t need = 0;
	size_t n = lhk_text_decode (text, shown, EVENT_LOG_SHOWN, &need);

	if (text->ptr == NULL)
		put (log, " absent");
	else if (need > EVENT_LOG_SHOWN)
		put (log, " %zu bytes", need);
	else
		put (log, " %.*s", (int) n, shown);
}

static void
put_notice (struct event_log *log, const struct lhk_meta *meta,
	    const struct lhk_ev_notice *notice)
{
	put (log, "notice");
	put_text (log, &notice->code);
	if (meta->line_no > 0)
		put (log, " line=%llu", (unsigned long long) meta->line_no);
	snprintf (log->notice, sizeof log->notice, "%.*s",
		  (int) notice->text.len, notice->text.ptr);
	if (notice->data.ptr != NULL)
		snprintf (log->data, sizeof log->data, "%.*s",
			  (int) notice->data.len, notice->data.ptr);
}

static void
put_event (struct event_log *log, const struct lhk_meta *meta,
	   const union event_union *e)
{
	switch (e->ev.kind) {
	case LHK_EV_RUN:
		put (log, "run");
		put_text (log, &e->run.plugin);
		break;
	case LHK_EV_SESSION:
		put (log, "session");
		put_text (log, &e->session.id);
		break;
	case LHK_EV_TEXT:
		put (log, e->text.delta ? "text+" : "text");
		put_text (log, &e->text.text);
		break;
	case LHK_EV_TOOL:
		put (log, "tool");
		put_text (log, &e->tool.name);
		put (log, " %d", e->tool.status);
		break;
	case LHK_EV_PLAN:
		put (log, "plan %zu", e->plan.n_entries);
		break;
	case LHK_EV_ASK:
		put (log, "ask");
		put_text (log, &e->ask.id);
		break;
	case LHK_EV_USAGE:
		put (log, "usage %lld %lld", (long long) e->usage.input,
		     (long long) e->usage.output);
		break;
	case LHK_EV_NOTICE:
		put_notice (log, meta, &e->notice);
		break;
	case LHK_EV_RESULT:
		put (log, "%s %s", e->result.final != NULL ? "final" : "result",
		     lhk_verdict_name (e->result.verdict));
		log->final += e->result.final != NULL;
		break;
	default:
		put (log, "kind %u", e->ev.kind);
	}
	put (log, "\n");
}

void
event_log_event (void *user, const struct lhk_meta *meta,
		 const struct lhk_event *event)
{
	struct event_log *log = user;
	size_t n = meta->raw.len < EVENT_LOG_SHOWN - 1 ? meta->raw.len
						       : EVENT_LOG_SHOWN - 1;

	log->faults += meta->size == 0 || meta->turn == 0 || log->final != 0
		       || meta->seq != ++log->n;
	log->last_ms = meta->time_ms;
	if (event->kind < 16)
		log->kinds[event->kind]++;
	if (meta->line_no > 0) {
		log->meta = *meta;
		if (meta->raw.ptr != NULL)
			memcpy (log->raw, meta->raw.ptr, n);
		log->raw[meta->raw.ptr != NULL ? n : 0] = '\0';
	}
	put_event (log, meta, (const union event_union *) (const void *) event);
}

size_t
event_log_count (const struct event_log *log, const char *needle)
{
	const char *p = log->text;
	size_t n = 0;

	while ((p = strstr (p, needle)) != NULL) {
		n++;
		p += strlen (needle);
	}
	return n;
}

long long
event_log_data_number (const struct event_log *log, const char *name)
{
	char key[64];
	const char *p;

	snprintf (key, sizeof key, "\"%s\":", name);
	p = strstr (log->data, key);
	return p == NULL ? -1 : strtoll (p + strlen (key), NULL, 10);
}
