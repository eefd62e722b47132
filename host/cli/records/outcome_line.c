/* SPDX-License-Identifier: MIT */
/* outcome_line.c - how a run stands or ended, as one line for people. */
#include "config.h"

#include <string.h>

#include "cli/output/stdout.h"
#include "cli/records/outcome_line.h"
#include "cli/records/replay.h"
#include "common/text.h"
#include "common/units.h"
#include "format/safe_text.h"
#include "format/verdict_text.h"
#include "json/member.h"

static int
verdict_of (json_object *result)
{
	const char *name = json_member_word (result, "verdict");
	int v = LHK_VERDICT_OK;

	while (v <= LHK_VERDICT_HOST_ERROR
	       && strcmp (lhk_verdict_name (v), name) != 0)
		v++;
	return v <= LHK_VERDICT_HOST_ERROR ? v : 0;
}

static void
read_times (json_object *result, struct lhk_outcome *how)
{
	json_object *rusage;
	int64_t ms = 0;

	if (json_object_object_get_ex (result, "rusage", &rusage)
	    && json_member_number (rusage, "wall_ms", INT64_MAX, &ms))
		how->wall_ms = (uint64_t) ms;
}

/* "ok (3.2 s)", or the sentence on a run that did not end well. */
static void
put_result (struct outbuf *o, json_object *answer)
{
	struct lhk_result r = { .size = sizeof r };
	char time[UNITS_SIZE];

	r.verdict = verdict_of (answer);
	r.error = text_from_cstr (json_member_word (answer, "error"));
	replay_read_outcome (answer, &r.outcome);
	read_times (answer, &r.outcome);
	if (r.verdict != LHK_VERDICT_OK) {
		format_verdict (o, &r, NULL, NULL);
		return;
	}
	units_print_duration ((int64_t) r.outcome.wall_ms, time);
	OUTBUF_LIT (o, "ok (");
	outbuf_str (o, time);
	OUTBUF_LIT (o, ")");
}

void
outcome_line_print (const char *id, int status, const struct lhk_str *answer)
{
	json_object *object = replay_parse_event (answer->ptr, answer->len);
	struct lhk_text error =
		text_from_cstr (json_member_word (object, "error"));
	static struct outbuf out;

	outbuf_init (&out, stdout_write, NULL);
	outbuf_str (&out, id);
	OUTBUF_LIT (&out, ": ");
	if (status == LHK_RECORD_ENDED) {
		put_result (&out, object);
	} else if (status == LHK_RECORD_LOST) {
		OUTBUF_LIT (&out, "lost: ");
		format_safe_text (&out, &error, 1, 0);
	} else {
		OUTBUF_LIT (&out, "running");
	}
	outbuf_byte (&out, '\n');
	outbuf_flush (&out);
	json_object_put (object);
}
