/* SPDX-License-Identifier: MIT */
/* show_rows.h - what the rows of a page have in common. */
#ifndef CLI_RECORDS_SHOW_ROWS_H
#define CLI_RECORDS_SHOW_ROWS_H

#include "cli/records/show_page.h"
#include "common/outbuf.h"

/* What the events come to: the member `state' of an answer. */
struct show_state {
	struct lhk_num last_seq, last_t;
	struct lhk_raw session, plan, ask, tools_open, notices;
};

/* The members that are shown of an event in it, or of an entry of a plan. */
struct show_part {
	struct lhk_text id, model, name, brief, text, status;
};

struct show_rows {
	const struct show_page *page;
	const struct record_info *info;
	struct show_state state;
	struct table *table;
	struct strbuf value; /* of the row that is being made */
	struct outbuf out;   /* to VALUE */
};

/* Write a text of the record, harmless and not too long. */
void show_put_text (struct outbuf *o, const struct lhk_text *text);

/* What separates two things in a row, unless this is the first. */
void show_put_comma (struct outbuf *o);

/* "12,345". */
void show_put_count (struct outbuf *o, uint64_t n);

/* How long ago AT_MS was, in whole seconds. */
void show_put_ago (const struct show_rows *r, struct outbuf *o, int64_t at_ms);

/* Is it known when the run started?  1 or 0. */
int show_has_started (const struct show_rows *r);

/* Add a row, unless the value that was written is empty. */
void show_add_row (struct show_rows *r, const char *label);

/* ---- of the events ---- */

void show_read_state (struct show_rows *r);

/* The session that the events tell of; all absent if they tell of none. */
struct show_part show_session (const struct show_rows *r);

/* Rows of the tool calls in progress, and of the plan. */
void show_add_doing (struct show_rows *r);
void show_add_plan (struct show_rows *r);

/* "12 s ago (event 33)"; a question without an answer; "retry 2, stderr 5". */
void show_put_last_event (struct show_rows *r, struct outbuf *o);
void show_put_ask (struct show_rows *r, struct outbuf *o);
void show_put_notices (struct show_rows *r, struct outbuf *o);

/* ---- of what it used ---- */

/* A row for each model, with its name where there are several. */
void show_add_usage (struct show_rows *r);

/* "$0.0215"; "6, 1 failed". */
void show_put_cost (struct show_rows *r, struct outbuf *o);
void show_put_tools (struct show_rows *r, struct outbuf *o);

#endif /* CLI_RECORDS_SHOW_ROWS_H */
