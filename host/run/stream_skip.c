/* SPDX-License-Identifier: MIT */
/*
 * stream_skip.c - an oversize line: one notice with the whole truth, and what
 * could be saved of it.
 *
 * Constant memory: the scan of json/salvage.h and the first bytes.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "run/stream.h"

static const char *const reasons[] = {
	[FRAME_SIZE] = "size",
	[FRAME_MEMORY] = "memory",
	[FRAME_BUDGET] = "budget",
};

static int
is_json (const struct lhk_stream *s)
{
	return (s->plugin->flags & LHK_PLUGIN_JSON) != 0;
}

void
stream_skip_begin (void *user)
{
	struct lhk_stream *s = user;

	s->preview_len = 0;
	if (is_json (s))
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
	if (is_json (s))
		salvage_feed (&s->salvage, data, len);
	if (s->opts.oversize == LHK_OVERSIZE_RAW && s->opts.on_raw != NULL)
		s->opts.on_raw (s->opts.user, data, len);
}

/* The notice and the record of this line. */
static void
tell (struct lhk_stream *s, const struct frame_line *line)
{
	char provider[64], preview[LIMIT_PREVIEW + 1];
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
		"preview",   preview,
		NULL,
	};
	struct lhk_str json = { data, 0 };

	stream_quote (provider, sizeof provider, s->plugin->provider,
		      strlen (s->plugin->provider));
	stream_quote (preview, sizeof preview, s->preview, s->preview_len);
	snprintf (bytes, sizeof bytes, "%" PRIu64, line->full_len);
	snprintf (limit, sizeof limit, "%zu", s->opts.line_max);
	snprintf (number, sizeof number, "%" PRIu64, line->number);
	snprintf (off, sizeof off, "%" PRIu64, line->off);
	snprintf (total, sizeof total, "%" PRIu64, s->counts.oversize);
	json.len = (size_t) snprintf (
		data, sizeof data,
		"{\"provider\":\"%s\",\"bytes\":%s,\"limit\":%s,\"line\":%s,"
		"\"off\":%s,\"total\":%s,\"truncated\":%s,\"reason\":\"%s\","
		"\"preview\":\"%s\"}",
		provider, bytes, limit, number, off, total,
		cut ? "true" : "false", reasons[line->reason], preview);
	snprintf (text, sizeof text, "line of %s bytes skipped: %s", bytes,
		  line->reason == FRAME_SIZE ? "longer than the limit"
		  : line->reason == FRAME_BUDGET
			  ? "the budget of the line buffers is used up"
			  : "out of memory");
	stream_log (s, SAY_OVERSIZE, LHK_LOG_WARN, fields, text);
	stream_note (s, LHK_LOG_WARN, LHK_CODE_OVERSIZE, text, &json);
}

/* The plugin's part of the line: events if it makes something of it; that it
 * cannot is no failure. */
static int
offer (struct lhk_stream *s, const struct frame_line *from, const char *data,
       size_t len, uint32_t flags)
{
	struct lhk_line line = {
		.size = sizeof line,
		.flags = flags,
		.data = data,
		.len = len,
		.full_len = from->full_len,
		.number = from->number,
	};
	int r = plugin_instance_line (&s->instance, &line);

	if (r == LHK_OK)
		stream_commit (s);
	else if (r < 0 && r != LHK_EPARSE)
		stream_settle (s, r, NULL);
	return r;
}

void
stream_skip_end (void *user, const struct frame_line *line)
{
	struct lhk_stream *s = user;
	uint32_t flags = line->flags & ~(uint32_t) LHK_LINE_HEAD_ONLY;
	struct lhk_str saved;

	s->counts.oversize++;
	stream_source (s, line);
	summary_lost (s->track);
	tell (s, line);
	if (line->data != NULL
	    && offer (s, line, line->data, line->len, line->flags) == LHK_OK)
		return;
	if (!is_json (s))
		return;
	saved = salvage_end (&s->salvage);
	if (saved.len > 0)
		offer (s, line, saved.ptr, saved.len,
		       flags | LHK_LINE_SALVAGED);
}
