/* SPDX-License-Identifier: MIT */
/* summary_text.c - a final result in one line for people. */
#include "config.h"

#include "json/text_reader.h"
#include "format/safe_text.h"
#include "format/summary_text.h"

/* Characters that are shown of the error, and bytes of the session's id. */
#define ERROR_SHOWN 160
#define ID_SHOWN 8

/* N in decimal, at least WIDTH digits (1 or 2). */
static void
put_padded (struct outbuf *o, uint64_t n, int width)
{
	for (; width > 1 && n < 10; width--)
		OUT_LIT (o, "0");
	outbuf_u64 (o, n);
}

/* N in decimal with a comma between thousands. */
static void
put_grouped (struct outbuf *o, uint64_t n)
{
	uint64_t unit = 1;

	while (n / unit >= 1000)
		unit *= 1000;
	outbuf_u64 (o, n / unit);
	while (unit > 1) {
		n %= unit;
		unit /= 1000;
		OUT_LIT (o, ",");
		if (n / unit < 100)
			OUT_LIT (o, "0");
		if (n / unit < 10)
			OUT_LIT (o, "0");
		outbuf_u64 (o, n / unit);
	}
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
	OUT_LIT (o, "  ");
	put_grouped (o, in);
	OUT_LIT (o, " in / ");
	put_grouped (o, out);
	OUT_LIT (o, " out tokens");
	if (!r->complete_usage)
		OUT_LIT (o, " (incomplete)");
}

/* Four decimals, rounded half up.  A cost that would be shown as 0 is shown
 * as less than the smallest amount. */
static void
put_cost (struct outbuf *o, const struct lhk_result *r)
{
	uint64_t nano = r->cost_nano_usd > 0 ? (uint64_t) r->cost_nano_usd : 0;
	uint64_t units = (nano + 50000) / 100000;

	if (!r->has_cost)
		return;
	if (nano > 0 && units == 0) {
		OUT_LIT (o, "  <$0.0001");
		return;
	}
	OUT_LIT (o, "  $");
	put_grouped (o, units / 10000);
	OUT_LIT (o, ".");
	put_padded (o, units % 10000 / 100, 2);
	put_padded (o, units % 100, 2);
}

static void
put_tools (struct outbuf *o, const struct lhk_result *r)
{
	if (r->tools_started == 0)
		return;
	OUT_LIT (o, "  ");
	put_grouped (o, r->tools_started);
	outbuf_str (o, r->tools_started == 1 ? " tool" : " tools");
	if (r->tools_failed > 0) {
		OUT_LIT (o, ", ");
		put_grouped (o, r->tools_failed);
		OUT_LIT (o, " failed");
	}
	if (r->tools_denied > 0) {
		OUT_LIT (o, ", ");
		put_grouped (o, r->tools_denied);
		OUT_LIT (o, " denied");
	}
}

static void
put_time (struct outbuf *o, uint64_t ms)
{
	uint64_t s = ms / 1000;

	OUT_LIT (o, "  ");
	if (s < 60) {
		outbuf_u64 (o, s);
		OUT_LIT (o, ".");
		outbuf_u64 (o, ms % 1000 / 100);
		OUT_LIT (o, " s");
		return;
	}
	if (s >= 3600) {
		outbuf_u64 (o, s / 3600);
		OUT_LIT (o, " h ");
	}
	put_padded (o, s / 60 % 60, s >= 3600 ? 2 : 1);
	OUT_LIT (o, " min ");
	put_padded (o, s % 60, 2);
	OUT_LIT (o, " s");
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
	OUT_LIT (o, "  (session ");
	format_safe_text (o, &head, 1, 0);
	outbuf_str (o, r.at < r.end ? "..)" : ")");
}

void
format_summary_line (struct outbuf *o, const struct lhk_result *result)
{
	const struct lhk_outcome *how = &result->outcome;

	outbuf_str (o, lhk_verdict_name (result->verdict));
	if (how->has_exit && how->exit_code != 0) {
		OUT_LIT (o, " (exit ");
		outbuf_i64 (o, how->exit_code);
		OUT_LIT (o, ")");
	} else if (how->signal != 0) {
		OUT_LIT (o, " (signal ");
		outbuf_i64 (o, how->signal);
		OUT_LIT (o, ")");
	}
	put_tokens (o, result);
	put_cost (o, result);
	put_tools (o, result);
	if (how->end_reason != 0)
		put_time (o, how->wall_ms);
	put_session (o, &result->session_id);
	if (result->error.len > 0) {
		OUT_LIT (o, "  ");
		format_safe_text (o, &result->error, 1, ERROR_SHOWN);
	}
	OUT_LIT (o, "\n");
}
