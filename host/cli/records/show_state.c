/* SPDX-License-Identifier: MIT */
/* show_state.c - rows of what the events of a run come to. */
#include "config.h"

#include <string.h>

#include "cli/records/show_rows.h"
#include "common/clock.h"

static const struct lhk_field state_fields[] = {
	LHK_FIELD ("last_seq", LHK_FIELD_INT, struct show_state, last_seq),
	LHK_FIELD ("last_t", LHK_FIELD_INT, struct show_state, last_t),
	LHK_FIELD ("session", LHK_FIELD_RAW, struct show_state, session),
	LHK_FIELD ("plan", LHK_FIELD_RAW, struct show_state, plan),
	LHK_FIELD ("ask", LHK_FIELD_RAW, struct show_state, ask),
	LHK_FIELD ("tools_open", LHK_FIELD_RAW, struct show_state, tools_open),
	LHK_FIELD ("notices", LHK_FIELD_RAW, struct show_state, notices),
};
LHK_FIELDS (state_table, struct show_state, state_fields);

static const struct lhk_field part_fields[] = {
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct show_part, id),
	LHK_FIELD ("model", LHK_FIELD_TEXT, struct show_part, model),
	LHK_FIELD ("name", LHK_FIELD_TEXT, struct show_part, name),
	LHK_FIELD ("brief", LHK_FIELD_TEXT, struct show_part, brief),
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct show_part, text),
	LHK_FIELD ("status", LHK_FIELD_TEXT, struct show_part, status),
};
LHK_FIELDS (part_table, struct show_part, part_fields);

void
show_read_state (struct show_rows *r)
{
	if (lhk_json_raw_object (&r->info->state, &state_table, &r->state) < 0)
		memset (&r->state, 0, sizeof r->state);
}

struct show_part
show_session (const struct show_rows *r)
{
	struct show_part part;

	if (lhk_json_raw_object (&r->state.session, &part_table, &part) < 0)
		memset (&part, 0, sizeof part);
	return part;
}

void
show_put_last_event (struct show_rows *r, struct outbuf *o)
{
	const int64_t t = r->state.last_t.value;

	if (r->state.last_seq.has != 1 || r->state.last_seq.value <= 0)
		return;
	if (show_has_started (r) && r->state.last_t.has == 1 && t >= 0
	    && t <= CLOCK_UNIX_MS_MAX) {
		show_put_ago (r, o, r->info->started_ms.value + t);
		OUTBUF_LIT (o, " (event ");
		outbuf_i64 (o, r->state.last_seq.value);
		OUTBUF_LIT (o, ")");
	} else {
		OUTBUF_LIT (o, "event ");
		outbuf_i64 (o, r->state.last_seq.value);
	}
}

/* "Bash: make check" */
static void
put_call (struct outbuf *o, const struct show_part *call)
{
	show_put_text (o, &call->name);
	if (call->brief.len > 0) {
		OUTBUF_LIT (o, ": ");
		show_put_text (o, &call->brief);
	}
}

/* "[x] the text" */
static void
put_entry (struct outbuf *o, const struct show_part *entry)
{
	if (LHK_TEXT_IS (&entry->status, "completed"))
		OUTBUF_LIT (o, "[x] ");
	else if (LHK_TEXT_IS (&entry->status, "in_progress"))
		OUTBUF_LIT (o, "[>] ");
	else
		OUTBUF_LIT (o, "[ ] ");
	show_put_text (o, &entry->text);
}

/* A row for each object of LIST; the first has the label. */
static void
add_list (struct show_rows *r, const char *label, const struct lhk_raw *list,
	  void (*put) (struct outbuf *o, const struct show_part *part))
{
	struct lhk_json j;
	struct show_part part;

	lhk_json_begin_raw (&j, list);
	if (list->type != LHK_JSON_ARRAY || !lhk_json_enter (&j))
		return;
	while (lhk_json_element (&j)) {
		if (!lhk_json_object (&j, &part_table, &part))
			continue;
		put (&r->out, &part);
		show_add_row (r, label);
		label = " ";
	}
}

void
show_put_ask (struct show_rows *r, struct outbuf *o)
{
	struct show_part ask;

	if (lhk_json_raw_object (&r->state.ask, &part_table, &ask) == LHK_OK)
		show_put_text (o, &ask.text);
}

/* "retry 2, stderr 5": notices by code. */
void
show_put_notices (struct show_rows *r, struct outbuf *o)
{
	struct lhk_text code;
	struct lhk_json j;
	struct lhk_num n;

	lhk_json_begin_raw (&j, &r->state.notices);
	if (!r->page->with_state || r->state.notices.type != LHK_JSON_OBJECT
	    || !lhk_json_enter (&j))
		return;
	while (lhk_json_key (&j, &code)) {
		if (!lhk_json_int (&j, &n))
			continue;
		show_put_comma (o);
		show_put_text (o, &code);
		OUTBUF_LIT (o, " ");
		outbuf_i64 (o, n.value);
	}
}

void
show_add_doing (struct show_rows *r)
{
	add_list (r, "Doing", &r->state.tools_open, put_call);
}

void
show_add_plan (struct show_rows *r)
{
	add_list (r, "Plan", &r->state.plan, put_entry);
}
