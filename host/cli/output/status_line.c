/* SPDX-License-Identifier: MIT */
/* status_line.c - elapsed time, tokens and the open tool on one line. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "cli/output/status_line.h"
#include "common/units.h"
#include "format/safe_text.h"

#define WIPE "\r\x1b[2K"

/* It must not wrap: of two lines only the second would be wiped. */
#define NO_WRAP "\x1b[?7l"
#define WRAP "\x1b[?7h"
#define TOOL_SHOWN 32

void
status_init (struct status *s, struct outbuf *out, int64_t now_ms)
{
	memset (s, 0, sizeof *s);
	s->on = out != NULL;
	s->out = out;
	s->started_ms = now_ms;
	s->spoken_ms = now_ms;
}

static int
is_open (const struct lhk_ev_tool *t)
{
	return t->status == LHK_TOOL_PENDING || t->status == LHK_TOOL_RUNNING;
}

static int
is_ours (const struct status *s, const struct lhk_ev_tool *t)
{
	char id[sizeof s->tool_id];
	size_t len = lhk_text_decode (&t->id, id, sizeof id, NULL);

	return len == s->tool_id_len && memcmp (id, s->tool_id, len) == 0;
}

void
status_event (struct status *s, const struct lhk_event *event)
{
	const struct lhk_ev_tool *t = (const void *) event;

	if (!s->on || event->kind != LHK_EV_TOOL)
		return;
	if (is_open (t) && t->name.ptr != NULL) {
		s->tool.ptr = s->tool_name;
		s->tool.len = lhk_text_decode (&t->name, s->tool_name,
					       sizeof s->tool_name, NULL);
		s->tool_id_len = lhk_text_decode (&t->id, s->tool_id,
						  sizeof s->tool_id, NULL);
	} else if (!is_open (t) && is_ours (s, t)) {
		s->tool.ptr = NULL;
		s->tool.len = 0;
	}
}

void
status_wipe (struct status *s, int64_t now_ms)
{
	if (!s->on)
		return;
	s->spoken_ms = now_ms;
	if (!s->shown)
		return;
	s->shown = 0;
	OUTBUF_LIT (s->out, WIPE);
	outbuf_flush (s->out);
}

void
status_skip (struct status *s, int64_t since_ms, int64_t now_ms)
{
	s->started_ms += now_ms - since_ms;
	s->spoken_ms += now_ms - since_ms;
}

static void
put_elapsed (struct outbuf *o, int64_t ms)
{
	char text[UNITS_SIZE];

	units_print_seconds (ms / 1000, text);
	outbuf_str (o, text);
}

static void
put_tokens (struct outbuf *o, int64_t tokens)
{
	char text[UNITS_SIZE];

	units_print_count ((uint64_t) tokens, text);
	OUTBUF_LIT (o, "  ");
	outbuf_str (o, text);
	OUTBUF_LIT (o, " tokens");
}

void
status_tick (struct status *s, int64_t now_ms, int64_t tokens, int can_show)
{
	if (!s->on || !can_show || now_ms - s->spoken_ms < STATUS_SILENCE_MS)
		return;
	OUTBUF_LIT (s->out, WIPE NO_WRAP "  ");
	put_elapsed (s->out, now_ms - s->started_ms);
	if (tokens > 0)
		put_tokens (s->out, tokens);
	if (s->tool.len > 0) {
		OUTBUF_LIT (s->out, "  ");
		format_safe_text (s->out, &s->tool, 1, TOOL_SHOWN);
	}
	OUTBUF_LIT (s->out, WRAP);
	outbuf_flush (s->out);
	s->shown = 1;
}
