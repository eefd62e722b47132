/* SPDX-License-Identifier: MIT */
/* summary_text.c - facts of a final result for people. */
#include "config.h"

#include <stdio.h>

#include "common/units.h"
#include "format/summary_text.h"

/* N in decimal with a comma between thousands. */
static void
put_count (struct outbuf *o, uint64_t n)
{
	char text[UNITS_SIZE];

	units_print_count (n, text);
	outbuf_str (o, text);
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
