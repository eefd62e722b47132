/* SPDX-License-Identifier: MIT */
/*
 * stream_line.c - from a line to what goes out: events, notices, log records.
 *
 * The plugin is given the line; what it makes of it is delivered.  A line that
 * gives nothing, a callback that fails and a line over the limit are reported.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/mem.h"
#include "common/text.h"
#include "json/text_reader.h"
#include "run/stream.h"

static int
is_json (const struct lhk_stream *s)
{
	return (s->plugin->flags & LHK_PLUGIN_JSON) != 0;
}

/* ---- out ---- */

/* Log records are limited.  With NOTE, notices are limited, too: every notice
 * of an oversize line is delivered, and a message of the plugin is no event. */
static const struct {
	const char *code;
	int note;
	const char *total; /* text of the total, behind its number */
} limited[STREAM_LOGS] = {
	[STREAM_LOG_OVERSIZE] = { LHK_CODE_OVERSIZE, 0,
				  "oversize lines in total" },
	[STREAM_LOG_UNPARSED] = { LHK_CODE_UNPARSED, 1,
				  "lines in total were not in the format" },
	[STREAM_LOG_FAILED] = { LHK_CODE_PLUGIN, 1,
				"calls of the plugin failed in total" },
	[STREAM_LOG_PLUGIN] = { LHK_CODE_PLUGIN, 0,
				"messages of the plugin in total" },
	[STREAM_LOG_FAULTS] = { LHK_CODE_PLUGIN, 1,
				"lines in total gave bad events" },
	[STREAM_LOG_SLOW] = { LHK_CODE_PLUGIN, 1,
			      "calls of the plugin were slow in total" },
};

void
stream_set_source (struct lhk_stream *s, const struct frame_line *line)
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
stream_deliver (void *user, const struct lhk_event *event)
{
	struct lhk_stream *s = user;
	const struct lhk_ev_result *result;

	s->meta.turn = summary_turn (s->summary);
	s->meta.seq = ++s->stats.events;
	result = event->kind == LHK_EV_RESULT
			 ? (const struct lhk_ev_result *) event
			 : NULL;
	if (event->kind != LHK_EV_RUN
	    && (result == NULL || result->final == NULL))
		summary_event (s->summary, event);
	if (s->opts.on_event != NULL)
		s->opts.on_event (s->opts.user, &s->meta, event);
	/* A long line is given once, however many events it has. */
	if (s->meta.raw.len > LIMIT_RAW_REPEATED)
		s->meta.raw = (struct lhk_str){ NULL, 0 };
}

/* A session limited whose it is, also where its plugin did not. */
static void
name_provider (const struct lhk_stream *s, union event_union *event)
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
				      stream_deliver, s);
	}
	plugin_stage_clear (stage);
}

void
stream_send_notice (struct lhk_stream *s, int level, const char *code,
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
	stream_deliver (s, &notice.ev);
}

void
stream_log (struct lhk_stream *s, int what, int level,
	    const char *const *fields, const char *text)
{
	uint64_t hidden = 0;
	int r = ratelimit_allow (&s->log_limits[what], s->now_ms, &hidden);

	if (r == RATELIMIT_PASS)
		host_log (s->host, level, limited[what].code, fields, "%s",
			  text);
	else if (r == RATELIMIT_SUMMARY)
		host_log (s->host, level, limited[what].code, fields,
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

	stream_set_source (s, NULL);
	for (i = 0; i < STREAM_LOGS; i++) {
		n = s->log_limits[i].total;
		if (!ratelimit_close (&s->log_limits[i]))
			continue;
		snprintf (total, sizeof total, "%" PRIu64, n);
		snprintf (text, sizeof text, "%s %s", total, limited[i].total);
		host_log (s->host, LHK_LOG_WARN, limited[i].code, fields, "%s",
			  text);
		if (!notes || !limited[i].note)
			continue;
		json.len = (size_t) snprintf (data, sizeof data,
					      "{\"total\":%s}", total);
		stream_send_notice (s, LHK_LOG_WARN, limited[i].code, text,
				    &json);
	}
}

/* ---- a line ---- */

/*
 * The body of a JSON string for LEN bytes of a line: at most CAP - 1 bytes, NUL
 * behind, no half character.  Bytes that are not UTF-8 become U+FFFD, control
 * characters escapes.
 */
static size_t
quote (char *out, size_t cap, const char *data, size_t len)
{
	const struct lhk_text text = text_from_bytes (data, len);
	struct text_reader reader;
	size_t n;

	text_reader_init (&reader, &text);
	n = len == 0 ? 0 : text_reader_body (&reader, out, cap - 1);
	out[n] = '\0';
	return n;
}

/* The same as a string of plain UTF-8, which the log escapes in its own way;
 * NUL, which ends it, becomes `?'. */
static void
show (char *out, size_t cap, const char *data, size_t len)
{
	const struct lhk_text text = text_from_bytes (data, len);
	struct text_reader reader;
	size_t n, i;

	text_reader_init (&reader, &text);
	n = len == 0 ? 0 : text_reader_plain (&reader, out, cap - 1);
	for (i = 0; i < n; i++)
		if (out[i] == '\0')
			out[i] = '?';
	out[n] = '\0';
}

/* Bytes of a line that a notice about it quotes. */
#define QUOTED_SIZE 128

void
stream_report (struct lhk_stream *s, int what, const char *code,
	       const char *text, const struct frame_line *line)
{
	char provider[64], number[24], off[24];
	char shown[QUOTED_SIZE], quoted[QUOTED_SIZE];
	const size_t len = line == NULL		     ? 0
			   : line->len < QUOTED_SIZE ? line->len
						     : QUOTED_SIZE;
	char data[512];
	const char *fields[] = {
		"plugin", s->plugin->name, "line", number, "off",
		off,	  "preview",	   shown,  NULL,
	};
	struct lhk_str json = { data, 0 };

	if (line == NULL) {
		fields[2] = NULL;
		stream_log (s, what, LHK_LOG_WARN, fields, text);
		if (s->log_limits[what].total <= LIMIT_LOG_BURST)
			stream_send_notice (s, LHK_LOG_WARN, code, text, NULL);
		return;
	}
	quote (provider, sizeof provider, s->plugin->provider,
	       strlen (s->plugin->provider));
	quote (quoted, sizeof quoted, line->data, len);
	show (shown, sizeof shown, line->data, len);
	snprintf (number, sizeof number, "%" PRIu64, line->number);
	snprintf (off, sizeof off, "%" PRIu64, line->off);
	json.len = (size_t) snprintf (data, sizeof data,
				      "{\"provider\":\"%s\",\"line\":%s,"
				      "\"off\":%s,\"bytes\":%" PRIu64 ","
				      "\"preview\":\"%s\"}",
				      provider, number, off, line->full_len,
				      quoted);
	stream_log (s, what, LHK_LOG_WARN, fields, text);
	if (s->log_limits[what].total <= LIMIT_LOG_BURST)
		stream_send_notice (s, LHK_LOG_WARN, code, text, &json);
}

/* Some events of a callback were bad; the others have gone out. */
static void
report_faults (struct lhk_stream *s, const struct frame_line *line)
{
	const struct validator *v = &s->instance.stage.validator;
	char text[256], more[64] = "";

	s->stats.plugin_errors += v->faults;
	summary_lost (s->summary, v->lost_usage);
	if (v->faults > 1)
		snprintf (more, sizeof more, " (and %zu more faults like this)",
			  v->faults - 1);
	snprintf (text, sizeof text,
		  "the plugin emitted a bad event: %s%s%s '%s' event %s%s",
		  v->member != NULL ? "'" : "",
		  v->member != NULL ? v->member : "",
		  v->member != NULL ? "' of a" : "a", v->kind, v->what, more);
	stream_report (s, STREAM_LOG_FAULTS, LHK_CODE_PLUGIN, text, line);
}

static void
deliver_events (struct lhk_stream *s, const struct frame_line *line)
{
	stream_commit (s);
	if (s->instance.stage.validator.faults > 0)
		report_faults (s, line);
}

void
stream_unparsed (struct lhk_stream *s, const struct frame_line *line,
		 int had_usage)
{
	char text[96];

	summary_lost (s->summary, had_usage);
	if (had_usage)
		stream_lost_line (s, line);
	s->stats.unparsed++;
	snprintf (text, sizeof text,
		  "line %" PRIu64 " is not in the format of %s", line->number,
		  s->plugin->name);
	stream_report (s, STREAM_LOG_UNPARSED, LHK_CODE_UNPARSED, text, line);
}

static void
settle (struct lhk_stream *s, int r, const struct frame_line *line)
{
	char text[96];

	if (r >= 0) {
		s->stats.skipped += line != NULL && r == LHK_SKIP;
		s->heartbeats += line != NULL && r == LHK_HEARTBEAT;
		deliver_events (s, line);
		return;
	}
	if (r == LHK_EPARSE && line != NULL) {
		stream_unparsed (s, line, 1);
		return;
	}
	summary_lost (s->summary, 1);
	if (line != NULL)
		stream_lost_line (s, line);
	s->stats.plugin_errors++;
	snprintf (text, sizeof text, "plugin failed: %s", lhk_strerror (r));
	stream_report (s, STREAM_LOG_FAILED, LHK_CODE_PLUGIN, text, line);
}

void
stream_settle (struct lhk_stream *s, int r, const struct frame_line *line)
{
	settle (s, r, line);
	stream_check_slow (s, line);
}

void
stream_read_line (struct lhk_stream *s, const struct frame_line *from)
{
	const int json = is_json (s);
	struct lhk_line line = {
		.size = sizeof line,
		.flags = from->flags,
		.data = from->data,
		.len = from->len,
		.full_len = from->full_len,
		.number = from->number,
	};
	int r;

	stream_set_source (s, from);
	if (s->opts.flags & LHK_STREAM_RAW_LINES) {
		s->meta.raw.ptr = from->data;
		s->meta.raw.len = from->len;
	}
	r = stream_call_line (s, &line);
	if (r == LHK_EPARSE && json)
		r = stream_recover (s, &line, from);
	else
		stream_settle (s, r, from);
	stream_format_line (s, r, from);
	stream_check_slow (s, from);
}

void
stream_line (void *user, const struct frame_line *from)
{
	struct lhk_stream *s = user;

	if (stream_detect_line (s, from)
	    || (is_json (s) && frame_is_blank (from->data, from->len))
	    || stream_batch_line (s, from))
		return;
	stream_read_line (s, from);
}

/* ---- a line over the limit ---- */

static const char *const reasons[] = {
	[FRAME_SIZE] = "size",
	[FRAME_MEMORY] = "memory",
	[FRAME_BUDGET] = "budget",
};

void
stream_skip_begin (void *user)
{
	struct lhk_stream *s = user;

	stream_batch_end (s);
	s->preview_len = 0;
	/* The bytes of a line go out as they come, so the header does before. */
	if (s->opts.oversize == LHK_OVERSIZE_RAW)
		stream_detect_release (s);
	if (is_json (s) || s->detect.on)
		salvage_init (&s->salvage);
}

void
stream_skip_data (void *user, const char *data, size_t len)
{
	struct lhk_stream *s = user;
	size_t n = sizeof s->preview - s->preview_len;

	if (n > len)
		n = len;
	if (n > 0)
		memcpy (s->preview + s->preview_len, data, n);
	s->preview_len += n;
	if (is_json (s) || s->detect.on)
		salvage_feed (&s->salvage, data, len);
	if (s->opts.oversize == LHK_OVERSIZE_RAW && s->opts.on_raw != NULL)
		s->opts.on_raw (s->opts.user, data, len);
}

/* The one notice of this line, and its log record. */
static void
report_oversize (struct lhk_stream *s, const struct frame_line *line)
{
	char provider[64], quoted[LIMIT_PREVIEW + 1], shown[LIMIT_PREVIEW + 1];
	char bytes[24], limit[24], number[24], off[24], total[24];
	char data[768], text[128];
	int cut = (line->flags & LHK_LINE_UNTERMINATED) != 0;
	const char *const fields[] = {
		"provider",  s->plugin->provider,
		"bytes",     bytes,
		"limit",     limit,
		"line",	     number,
		"off",	     off,
		"total",     total,
		"truncated", cut ? "true" : "false",
		"reason",    reasons[line->reason],
		"preview",   shown,
		NULL,
	};
	struct lhk_str json = { data, 0 };

	quote (provider, sizeof provider, s->plugin->provider,
	       strlen (s->plugin->provider));
	quote (quoted, sizeof quoted, s->preview, s->preview_len);
	show (shown, sizeof shown, s->preview, s->preview_len);
	snprintf (bytes, sizeof bytes, "%" PRIu64, line->full_len);
	snprintf (limit, sizeof limit, "%zu", s->opts.line_max);
	snprintf (number, sizeof number, "%" PRIu64, line->number);
	snprintf (off, sizeof off, "%" PRIu64, line->off);
	snprintf (total, sizeof total, "%" PRIu64, s->stats.oversize);
	json.len = (size_t) snprintf (
		data, sizeof data,
		"{\"provider\":\"%s\",\"bytes\":%s,\"limit\":%s,\"line\":%s,"
		"\"off\":%s,\"total\":%s,\"truncated\":%s,\"reason\":\"%s\","
		"\"preview\":\"%s\"}",
		provider, bytes, limit, number, off, total,
		cut ? "true" : "false", reasons[line->reason], quoted);
	snprintf (text, sizeof text, "line of %s bytes skipped: %s", bytes,
		  line->reason == FRAME_SIZE ? "longer than the limit"
		  : line->reason == FRAME_BUDGET
			  ? "the budget of the line buffers is used up"
			  : "out of memory");
	stream_log (s, STREAM_LOG_OVERSIZE, LHK_LOG_WARN, fields, text);
	stream_send_notice (s, LHK_LOG_WARN, LHK_CODE_OVERSIZE, text, &json);
}

int
stream_offer_part (struct lhk_stream *s, const struct frame_line *from,
		   const char *data, size_t len, uint32_t flags)
{
	struct lhk_line line = {
		.size = sizeof line,
		.flags = flags,
		.data = data,
		.len = len,
		.full_len = from->full_len,
		.number = from->number,
	};
	int r = stream_call_line (s, &line);

	if (r == LHK_OK)
		deliver_events (s, from);
	else if (r < 0 && r != LHK_EPARSE)
		settle (s, r, NULL);
	stream_check_slow (s, from);
	return r;
}

static void
offer_salvaged (struct lhk_stream *s, const struct frame_line *line,
		const struct lhk_str *saved, size_t n)
{
	uint32_t flags = line->flags & ~(uint32_t) LHK_LINE_HEAD_ONLY;
	size_t i;

	for (i = 0; i < n && is_json (s); i++)
		stream_offer_part (s, line, saved[i].ptr, saved[i].len,
				   flags | LHK_LINE_SALVAGED);
}

void
stream_skip_end (void *user, const struct frame_line *line)
{
	struct lhk_stream *s = user;
	struct lhk_str saved[SALVAGE_OBJECTS] = { { NULL, 0 } };
	size_t n = 0;
	uint64_t ended;

	if (is_json (s) || s->detect.on)
		n = salvage_end (&s->salvage, saved);
	stream_detect_skipped (s, line, saved, n);
	s->stats.oversize++;
	stream_set_source (s, line);
	summary_lost (s->summary, 1);
	report_oversize (s, line);
	ended = summary_tool_events (s->summary);
	if (line->data == NULL
	    || stream_offer_part (s, line, line->data, line->len, line->flags)
		       != LHK_OK)
		offer_salvaged (s, line, saved, n);
	/* Which call it was the end of, if of any, was lost with it. */
	if (summary_tool_events (s->summary) == ended)
		stream_lost_calls (s, saved, n);
}
