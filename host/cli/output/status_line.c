/* SPDX-License-Identifier: MIT */
/* status_line.c - time, tokens, cost and the open tool call on one line. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <linehook/json.h>

#include "cli/output/status_line.h"
#include "cli/output/table.h"
#include "common/text.h"
#include "common/units.h"
#include "format/safe_text.h"

#define WIPE "\r\x1b[2K"

/* It must not wrap: of two lines only the second would be wiped.  The pieces fit
 * on the terminal; this is for one that became narrower since. */
#define NO_WRAP "\x1b[?7l"
#define WRAP "\x1b[?7h"
#define DIM "\x1b[2m"
#define UNDIM "\x1b[m"
#define TOOL_SHOWN 32

/* Digits of 10^-9 USD that are not shown. */
#define COST_STEP 100000

void
status_init (struct status *s, struct outbuf *out, int64_t now_ms)
{
	memset (s, 0, sizeof *s);
	s->on = out != NULL;
	s->out = out;
	s->started_ms = now_ms;
	s->spoken_ms = now_ms;
}

/* ---- open calls ---- */

static int
is_open (const struct lhk_ev_tool *t)
{
	return t->status == LHK_TOOL_PENDING || t->status == LHK_TOOL_RUNNING;
}

/* The call of this id; NULL: none. */
static struct status_call *
find_call (struct status *s, const struct lhk_text *id)
{
	char copy[sizeof s->calls[0].id];
	size_t len = lhk_text_decode (id, copy, sizeof copy, NULL);
	uint32_t i;

	for (i = 0; i < s->n_calls; i++)
		if (s->calls[i].id_len == len
		    && memcmp (s->calls[i].id, copy, len) == 0)
			return &s->calls[i];
	return NULL;
}

static void
remove_call (struct status *s, struct status_call *call)
{
	size_t n = (size_t) (s->calls + s->n_calls - (call + 1));

	memmove (call, call + 1, n * sizeof *call);
	s->n_calls--;
}

static void
add_call (struct status *s, const struct lhk_ev_tool *t, int64_t now_ms)
{
	struct status_call *call;

	if (s->n_calls == STATUS_CALLS_MAX)
		remove_call (s, s->calls);
	call = &s->calls[s->n_calls++];
	call->id_len = (uint32_t) lhk_text_decode (&t->id, call->id,
						   sizeof call->id, NULL);
	call->name_len = (uint32_t) lhk_text_decode (&t->name, call->name,
						     sizeof call->name, NULL);
	call->since_ms = now_ms;
}

void
status_event (struct status *s, const struct lhk_event *event, int64_t now_ms)
{
	const struct lhk_ev_tool *t = (const void *) event;
	struct status_call *call;

	if (!s->on || event->kind != LHK_EV_TOOL)
		return;
	call = find_call (s, &t->id);
	if (is_open (t) && call == NULL && t->name.ptr != NULL)
		add_call (s, t, now_ms);
	else if (!is_open (t) && call != NULL)
		remove_call (s, call);
	s->is_stale = 1;
}

/* ---- the line ---- */

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
	uint32_t i;

	s->started_ms += now_ms - since_ms;
	s->spoken_ms += now_ms - since_ms;
	for (i = 0; i < s->n_calls; i++)
		s->calls[i].since_ms += now_ms - since_ms;
}

int
status_due (const struct status *s, int64_t now_ms)
{
	int64_t left = s->shown ? s->drawn_ms + STATUS_RENEW_MS - now_ms
				: s->spoken_ms + STATUS_SILENCE_MS - now_ms;

	if (!s->on)
		return -1;
	/* It may be due and have no line to stand on. */
	return left > 0 && left < STATUS_RENEW_MS ? (int) left
						  : STATUS_RENEW_MS;
}

static void
put_seconds (struct outbuf *o, int64_t ms)
{
	char text[UNITS_SIZE];

	units_print_seconds (ms / 1000, text);
	outbuf_str (o, text);
}

static void
put_elapsed (struct status *s, const struct status_facts *f)
{
	put_seconds (s->out, f->now_ms - s->started_ms);
}

static void
put_awaited (struct status *s, const struct status_facts *f)
{
	if (f->is_awaited)
		OUTBUF_LIT (s->out, "waiting for the run to start");
}

static void
put_tokens (struct status *s, const struct status_facts *f)
{
	char text[UNITS_SIZE];

	if (f->tokens <= 0)
		return;
	units_print_count ((uint64_t) f->tokens, text);
	outbuf_str (s->out, text);
	OUTBUF_LIT (s->out, " tokens");
}

static void
put_cost (struct status *s, const struct status_facts *f)
{
	char text[UNITS_SIZE];

	if (f->cost_nano < COST_STEP)
		return;
	units_print_money (f->cost_nano / COST_STEP * COST_STEP, text);
	OUTBUF_LIT (s->out, "$");
	outbuf_str (s->out, text);
}

/* The call that began last. */
static void
put_call (struct status *s, const struct status_facts *f)
{
	const struct status_call *call;
	struct lhk_text name;

	if (s->n_calls == 0)
		return;
	call = &s->calls[s->n_calls - 1];
	name = text_from_bytes (call->name, call->name_len);
	format_safe_text (s->out, &name, 1, TOOL_SHOWN);
	OUTBUF_LIT (s->out, " ");
	put_seconds (s->out, f->now_ms - call->since_ms);
	if (s->n_calls > 1) {
		OUTBUF_LIT (s->out, " (+");
		outbuf_u64 (s->out, s->n_calls - 1);
		OUTBUF_LIT (s->out, ")");
	}
}

/* In order of importance; one that does not fit is left out, and so are those
 * behind it. */
static void (*const pieces[]) (struct status *, const struct status_facts *) = {
	put_elapsed, put_awaited, put_tokens, put_cost, put_call,
};

static void
put_pieces (struct status *s, const struct status_facts *f)
{
	struct outbuf *o = s->out;
	size_t width = 0, from, i;

	for (i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		from = o->len;
		OUTBUF_LIT (o, "  ");
		pieces[i](s, f);
		if (o->len == from + 2) {
			o->len = from;
			continue;
		}
		width += table_text_width (o->data + from, o->len - from);
		if (i > 0 && width >= f->columns) {
			o->len = from;
			return;
		}
	}
}

void
status_tick (struct status *s, const struct status_facts *f)
{
	if (!s->on || f->now_ms - s->spoken_ms < STATUS_SILENCE_MS)
		return;
	if (s->shown && !s->is_stale && s->columns == f->columns
	    && f->now_ms - s->drawn_ms < STATUS_RENEW_MS)
		return;
	if (f->n_tools == 0)
		s->n_calls = 0;
	OUTBUF_LIT (s->out, WIPE NO_WRAP);
	if (s->dim)
		OUTBUF_LIT (s->out, DIM);
	put_pieces (s, f);
	if (s->dim)
		OUTBUF_LIT (s->out, UNDIM);
	OUTBUF_LIT (s->out, WRAP);
	outbuf_flush (s->out);
	s->shown = 1;
	s->is_stale = 0;
	s->drawn_ms = f->now_ms;
	s->columns = f->columns;
}
