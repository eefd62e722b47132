/* SPDX-License-Identifier: MIT */
/* stream_out.c - events, notices and log records on their way out. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json/text_reader.h"
#include "run/stream.h"
#include "common/text.h"

/* What is said with a limit.  NOTE: notices are limited too (all notices of
 * oversize lines are delivered; what a plugin says is no event at all). */
static const struct {
	const char *code;
	int note;
	const char *total; /* with the number in front */
} says[SAY_N] = {
	[SAY_OVERSIZE] = { LHK_CODE_OVERSIZE, 0, "oversize lines in all" },
	[SAY_UNPARSED] = { LHK_CODE_UNPARSED, 1,
			   "lines in all were not of the format" },
	[SAY_FAILED] = { LHK_CODE_PLUGIN, 1,
			 "calls of the plugin failed in all" },
	[SAY_PLUGIN] = { LHK_CODE_PLUGIN, 0, "messages of the plugin in all" },
};

void
stream_source (struct lhk_stream *s, const struct frame_line *line)
{
	struct lhk_meta meta = {
		.size = sizeof meta,
		.time_ms = s->now_ms,
	};

	if (line != NULL) {
		meta.line_no = line->number;
		meta.line_off = line->off;
		meta.line_len = line->full_len;
	}
	s->meta = meta;
}

void
stream_pass (void *user, const struct lhk_event *event)
{
	struct lhk_stream *s = user;
	const struct lhk_ev_result *result;

	s->meta.turn = summary_turn (s->track);
	s->meta.seq = ++s->counts.events;
	result = event->kind == LHK_EV_RESULT
			 ? (const struct lhk_ev_result *) event
			 : NULL;
	if (event->kind != LHK_EV_RUN
	    && (result == NULL || result->final == NULL))
		summary_event (s->track, event);
	if (s->opts.on_event != NULL)
		s->opts.on_event (s->opts.user, &s->meta, event);
}

/* A session says whose it is, also where its plugin did not. */
static void
name_provider (const struct lhk_stream *s, union any_event *event)
{
	if (event->ev.kind == LHK_EV_SESSION
	    && event->session.provider.ptr == NULL)
		event->session.provider = text_from_cstr (s->plugin->provider);
}

void
stream_commit (struct lhk_stream *s)
{
	struct plugin_stage *stage = &s->instance.stage;
	size_t i;

	for (i = 0; i < stage->n; i++) {
		name_provider (s, &stage->events[i]);
		surrogate_join_event (s->join, &stage->events[i].ev,
				      stream_pass, s);
	}
	plugin_stage_clear (stage);
}

void
stream_note (struct lhk_stream *s, int level, const char *code,
	     const char *text, const struct lhk_str *data)
{
	struct lhk_ev_notice notice = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = level,
		.code = text_from_cstr (code),
		.text = text_from_cstr (text),
	};

	if (data != NULL)
		notice.data = *data;
	stream_pass (s, &notice.ev);
}

void
stream_log (struct lhk_stream *s, int what, int level,
	    const char *const *fields, const char *text)
{
	uint64_t hidden = 0;
	int r = ratelimit_allow (&s->gates[what], s->now_ms, &hidden);

	if (r == RATELIMIT_PASS)
		host_log (s->host, level, says[what].code, fields, "%s", text);
	else if (r == RATELIMIT_SUMMARY)
		host_log (s->host, level, says[what].code, fields,
			  "%s (and %" PRIu64 " more since the last record)",
			  text, hidden);
}

void
stream_totals (struct lhk_stream *s, int notes)
{
	char total[24];
	char data[48];
	char text[80];
	const char *const fields[] = {
		"plugin", s->plugin->name, "total", total, NULL,
	};
	struct lhk_str json = { data, 0 };
	uint64_t n;
	int i;

	stream_source (s, NULL);
	for (i = 0; i < SAY_N; i++) {
		n = s->gates[i].total;
		if (!ratelimit_close (&s->gates[i]))
			continue;
		snprintf (total, sizeof total, "%" PRIu64, n);
		snprintf (text, sizeof text, "%s %s", total, says[i].total);
		host_log (s->host, LHK_LOG_WARN, says[i].code, fields, "%s",
			  text);
		if (!notes || !says[i].note)
			continue;
		json.len = (size_t) snprintf (data, sizeof data,
					      "{\"total\":%s}", total);
		stream_note (s, LHK_LOG_WARN, says[i].code, text, &json);
	}
}

size_t
stream_quote (char *out, size_t cap, const char *data, size_t len)
{
	const struct lhk_text text = text_from_bytes (data, len);
	struct text_reader reader;
	size_t n;

	text_reader_init (&reader, &text);
	n = len == 0 ? 0 : text_reader_body (&reader, out, cap - 1);
	out[n] = '\0';
	return n;
}
