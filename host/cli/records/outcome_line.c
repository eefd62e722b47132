/* SPDX-License-Identifier: MIT */
/* outcome_line.c - how a run stands or ended, as one line for people. */
#include "config.h"

#include "cli/output/stdout.h"
#include "cli/records/outcome_line.h"
#include "common/units.h"
#include "format/safe_text.h"
#include "format/verdict_text.h"

/* "ok (3.2 s)", or the sentence on a run that did not end well. */
static void
put_result (struct outbuf *o, const struct lhk_result *result)
{
	uint64_t ms = result->outcome.wall_ms;
	char time[UNITS_SIZE];

	if (result->verdict != LHK_VERDICT_OK) {
		format_verdict (o, result, NULL, NULL);
		return;
	}
	units_print_duration (ms > INT64_MAX ? INT64_MAX : (int64_t) ms, time);
	OUTBUF_LIT (o, "ok (");
	outbuf_str (o, time);
	OUTBUF_LIT (o, ")");
}

void
outcome_line_put (struct outbuf *o, const struct record_info *info)
{
	if (info->status == LHK_RECORD_ENDED) {
		put_result (o, info->result);
	} else if (info->status == LHK_RECORD_LOST) {
		OUTBUF_LIT (o, "lost: ");
		format_safe_text (o, &info->result->error, 1, 0);
	} else {
		OUTBUF_LIT (o, "running");
	}
}

void
outcome_line_print (const char *id, const struct record_info *info)
{
	static struct outbuf out;

	outbuf_init (&out, stdout_write, NULL);
	outbuf_str (&out, id);
	OUTBUF_LIT (&out, ": ");
	outcome_line_put (&out, info);
	outbuf_byte (&out, '\n');
	outbuf_flush (&out);
}
