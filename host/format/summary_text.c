/* SPDX-License-Identifier: MIT */
/* summary_text.c - a final result in one line for people. */
#include "config.h"

#include <stdio.h>

#include "common/units.h"
#include "format/safe_text.h"
#include "format/summary_text.h"
#include "json/text_reader.h"

/* Characters that are shown of the error, and bytes of the session's id. */
#define ERROR_SHOWN 160
#define ID_SHOWN 8

/* N in decimal with a comma between thousands. */
static void
put_count (struct outbuf *o, uint64_t n)
{
	char text[UNITS_SIZE];

	units_print_count (n, text);
	outbuf_str (o, text);
}

static void
put_tokens (struct outbuf *o, const struct lhk_result *r)
{
	uint64_t in = 0, out = 0;
	uint32_t has = 0;
	size_t i;

	for (i = 0; i < r->n_usage; i++) {
		/* Each is at most INT64_MAX, so the sum of two fits; sums
		 * stay at INT64_MAX from there on. */
		in += (uint64_t) r->usage[i].input;
		out += (uint64_t) r->usage[i].output;
		in = in > INT64_MAX ? INT64_MAX : in;
		out = out > INT64_MAX ? INT64_MAX : out;
		has |= r->usage[i].has;
	}
	if ((has & (LHK_USAGE_INPUT | LHK_USAGE_OUTPUT)) == 0)
		return;
	OUTBUF_LIT (o, "  ");
	put_count (o, in);
	OUTBUF_LIT (o, " in / ");
	put_count (o, out);
	OUTBUF_LIT (o, " out tokens");
	if (!r->complete_usage)
		OUTBUF_LIT (o, " (incomplete)");
}

/* Four decimals, rounded half up.  A cost that would be shown as 0 is shown
 * as less than the smallest amount. */
void
format_cost (struct outbuf *o, const struct lhk_result *r)
{
	uint64_t nano = r->cost_nano_usd > 0 ? (uint64_t) r->cost_nano_usd : 0;
	uint64_t units = (nano + 50000) / 100000;
	char part[8];

	if (!r->has_cost)
		return;
	if (nano > 0 && units == 0) {
		OUTBUF_LIT (o, "<$0.0001");
		return;
	}
	OUTBUF_LIT (o, "$");
	put_count (o, units / 10000);
	snprintf (part, sizeof part, ".%04d", (int) (units % 10000));
	outbuf_str (o, part);
}

void
format_tools (struct outbuf *o, const struct lhk_result *r)
{
	if (r->tools_started == 0)
		return;
	put_count (o, r->tools_started);
	outbuf_str (o, r->tools_started == 1 ? " tool" : " tools");
	if (r->tools_failed > 0) {
		OUTBUF_LIT (o, ", ");
		put_count (o, r->tools_failed);
		OUTBUF_LIT (o, " failed");
	}
	if (r->tools_denied > 0) {
		OUTBUF_LIT (o, ", ");
		put_count (o, r->tools_denied);
		OUTBUF_LIT (o, " denied");
	}
}

static void
put_time (struct outbuf *o, uint64_t ms)
{
	char text[UNITS_SIZE];

	units_print_duration (ms > INT64_MAX ? INT64_MAX : (int64_t) ms, text);
	OUTBUF_LIT (o, "  ");
	outbuf_str (o, text);
}

static void
put_session (struct outbuf *o, const struct lhk_text *id)
{
	struct lhk_text head = *id;
	struct text_reader r;
	char buf[ID_SHOWN];

	if (id->len == 0)
		return;
	text_reader_init (&r, id);
	head.ptr = buf;
	head.len = text_reader_plain (&r, buf, sizeof buf);
	head.form = LHK_TEXT_PLAIN;
	OUTBUF_LIT (o, "  (session ");
	format_safe_text (o, &head, 1, 0);
	outbuf_str (o, r.at < r.end ? "..)" : ")");
}

void
format_summary_line (struct outbuf *o, const struct lhk_result *result)
{
	const struct lhk_outcome *how = &result->outcome;

	outbuf_str (o, lhk_verdict_name (result->verdict));
	if (how->has_exit && how->exit_code != 0) {
		OUTBUF_LIT (o, " (exit ");
		outbuf_i64 (o, how->exit_code);
		OUTBUF_LIT (o, ")");
	} else if (how->signal != 0) {
		OUTBUF_LIT (o, " (signal ");
		outbuf_i64 (o, how->signal);
		OUTBUF_LIT (o, ")");
	}
	put_tokens (o, result);
	if (result->has_cost)
		OUTBUF_LIT (o, "  ");
	format_cost (o, result);
	if (result->tools_started > 0)
		OUTBUF_LIT (o, "  ");
	format_tools (o, result);
	if (how->end_reason != 0)
		put_time (o, how->wall_ms);
	put_session (o, &result->session_id);
	if (result->error.len > 0) {
		OUTBUF_LIT (o, "  ");
		format_safe_text (o, &result->error, 1, ERROR_SHOWN);
	}
	OUTBUF_LIT (o, "\n");
}
