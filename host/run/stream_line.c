/* SPDX-License-Identifier: MIT */
/* stream_line.c - a line of frame/ -> the plugin -> what came of it. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json/repair.h"
#include "run/stream.h"
#include "common/mem.h"

/* Bytes of a line's start that a notice about it shows, quoted. */
#define SHOWN 128

/* A notice and a record about a line that gave nothing, or a callback that
 * failed; both limited. */
static void
complain (struct lhk_stream *s, int what, const char *code, const char *text,
	  const struct frame_line *line)
{
	char provider[64], number[24], off[24], shown[SHOWN];
	char data[512];
	const char *fields[] = {
		"plugin", s->plugin->name, "line", number, "off",
		off,	  "preview",	   shown,  NULL,
	};
	struct lhk_str json = { data, 0 };

	if (line == NULL) {
		fields[2] = NULL;
		stream_log (s, what, LHK_LOG_WARN, fields, text);
		if (s->gates[what].total <= LIMIT_LOG_BURST)
			stream_note (s, LHK_LOG_WARN, code, text, NULL);
		return;
	}
	stream_quote (provider, sizeof provider, s->plugin->provider,
		      strlen (s->plugin->provider));
	stream_quote (shown, sizeof shown, line->data,
		      line->len < SHOWN ? line->len : SHOWN);
	snprintf (number, sizeof number, "%" PRIu64, line->number);
	snprintf (off, sizeof off, "%" PRIu64, line->off);
	json.len = (size_t) snprintf (data, sizeof data,
				      "{\"provider\":\"%s\",\"line\":%s,"
				      "\"off\":%s,\"bytes\":%" PRIu64 ","
				      "\"preview\":\"%s\"}",
				      provider, number, off, line->full_len,
				      shown);
	stream_log (s, what, LHK_LOG_WARN, fields, text);
	if (s->gates[what].total <= LIMIT_LOG_BURST)
		stream_note (s, LHK_LOG_WARN, code, text, &json);
}

void
stream_settle (struct lhk_stream *s, int r, const struct frame_line *line)
{
	char text[96];

	if (r >= 0) {
		s->counts.skipped += line != NULL && r == LHK_SKIP;
		stream_commit (s);
		return;
	}
	summary_lost (s->track);
	if (r == LHK_EPARSE && line != NULL) {
		s->counts.unparsed++;
		complain (s, SAY_UNPARSED, LHK_CODE_UNPARSED,
			  "line is not of the format", line);
		return;
	}
	s->counts.plugin_errors++;
	snprintf (text, sizeof text, "plugin failed: %s", lhk_strerror (r));
	complain (s, SAY_FAILED, LHK_CODE_PLUGIN, text, line);
}

/*
 * Offer the line once more with what is wrong in its strings replaced.  The
 * copy lives for this call alone, and is of at most line_max bytes.
 */
static int
offer_repaired (struct lhk_stream *s, const struct lhk_line *line)
{
	struct lhk_line again = *line;
	size_t size = s->opts.line_max + LHK_LINE_PADDING;
	size_t need;
	char *copy;
	int r;

	need = repair_size (line->data, line->len);
	if (need == 0 || need > s->opts.line_max)
		return LHK_EPARSE;
	size = need + LHK_LINE_PADDING;
	if (!budget_lease (&s->host->budget, size))
		return LHK_EPARSE;
	copy = mem_new (&s->host->alloc, size);
	if (copy == NULL) {
		budget_return (&s->host->budget, size);
		return LHK_EPARSE;
	}
	again.data = copy;
	again.len = repair_line (line->data, line->len, copy);
	memset (copy + again.len, '\n', LHK_LINE_PADDING);
	again.flags |= LHK_LINE_REPAIRED;
	r = plugin_instance_line (&s->instance, &again);
	if (r != LHK_EPARSE)
		s->counts.repaired++;
	if (r >= 0)
		stream_settle (s, r, NULL);
	mem_free (&s->host->alloc, copy, size);
	budget_return (&s->host->budget, size);
	return r;
}

void
stream_line (void *user, const struct frame_line *from)
{
	struct lhk_stream *s = user;
	int json = (s->plugin->flags & LHK_PLUGIN_JSON) != 0;
	struct lhk_line line = {
		.size = sizeof line,
		.flags = from->flags,
		.data = from->data,
		.len = from->len,
		.full_len = from->full_len,
		.number = from->number,
	};
	int r;

	if (json && frame_is_blank (from->data, from->len))
		return;
	stream_source (s, from);
	if (s->opts.flags & LHK_STREAM_RAW_LINES) {
		s->meta.raw.ptr = from->data;
		s->meta.raw.len = from->len;
	}
	r = plugin_instance_line (&s->instance, &line);
	if (r == LHK_EPARSE && json)
		r = offer_repaired (s, &line);
	stream_settle (s, r, from);
}
