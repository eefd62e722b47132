/* SPDX-License-Identifier: MIT */
/* notice.c - what happened beside the words and the tool calls. */
#include "config.h"

#include <string.h>
#include <time.h>

#include <linehook/json.h>
#include <linehook/plugin.h>

#include "cli/view/view_private.h"
#include "common/macros.h"
#include "common/text.h"
#include "common/units.h"

/* Bytes that are shown of a notice. */
#define NOTICE_SHOWN 800

/* Room for the time at which a limit is lifted. */
#define RESET_SIZE 64

/* Bytes of the data of a notice that are read: an id and a few words. */
#define DATA_MAX 4096

/* Notices that are shown whatever their level, and what stands before them. */
static const struct kind {
	const char *code;
	enum view_mark mark;
	const char *said;
} kinds[] = {
	{ LHK_CODE_RETRY, MARK_RETRY, "retry: " },
	{ LHK_CODE_COMPACTION, MARK_NOTE, "" },
	{ LHK_CODE_STALL, MARK_WARN, "" },
};

/* What is known of a task, or of a limit, by the data of its notice. */
struct data {
	struct lhk_text id;
	struct lhk_text tool;
	struct lhk_text status;
	struct lhk_num resets;
};

static const struct lhk_field data_fields[] = {
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct data, id),
	LHK_FIELD ("tool", LHK_FIELD_TEXT, struct data, tool),
	LHK_FIELD ("status", LHK_FIELD_TEXT, struct data, status),
	LHK_FIELD ("resetsAt", LHK_FIELD_INT, struct data, resets),
	LHK_FIELD ("resets_at", LHK_FIELD_INT, struct data, resets),
};
LHK_FIELDS (data_table, struct data, data_fields);

/* The data of a notice, which BUF holds. */
static void
read_data (const struct lhk_str *data, struct data *ret,
	   char buf[DATA_MAX + 1 + LHK_LINE_PADDING])
{
	memset (ret, 0, sizeof *ret);
	if (data->len == 0 || data->len > DATA_MAX)
		return;
	memset (buf, 0, DATA_MAX + 1 + LHK_LINE_PADDING);
	memcpy (buf, data->ptr, data->len);
	buf[data->len] = '\n';
	if (lhk_json_line (buf, data->len, &data_table, ret) != LHK_OK)
		memset (ret, 0, sizeof *ret);
}

/* ---- tasks ---- */

static struct view_task *
find_task (struct view *v, const struct lhk_text *id)
{
	struct view_task *oldest = v->tasks;
	struct idmap_key key;
	size_t i;

	idmap_key_of (id, &key);
	for (i = 0; i < VIEW_TASKS_MAX; i++) {
		struct view_task *t = &v->tasks[i];

		if (!idmap_key_absent (&key) && idmap_key_same (&t->id, &key)) {
			t->used = ++v->clock;
			return t;
		}
		if (t->used < oldest->used)
			oldest = t;
	}
	memset (oldest, 0, sizeof *oldest);
	oldest->id = key;
	oldest->used = ++v->clock;
	return oldest;
}

static void
put_task (struct view *v, const char *said, const struct lhk_text *text)
{
	view_block (v, BLOCK_OURS);
	view_begin_line (v, MARK_NOTE);
	screen_str (&v->screen, said);
	view_text (v, text, view_left (v));
	view_end_own_line (v);
}

/* The line of a call says as much as one of the task that it starts. */
static void
on_task_started (struct view *v, const struct lhk_ev_notice *e,
		 const struct data *data)
{
	struct view_task *t = find_task (v, &data->id);
	struct view_call *call = NULL;
	struct idmap_key tool;

	t->has_ended = 0;
	view_name_set (v, &t->label, &e->text);
	idmap_key_of (&data->tool, &tool);
	if (!idmap_key_absent (&tool))
		call = idmap_find (&v->calls, &tool);
	if (call != NULL)
		call->in_background = 1;
	if (call == NULL || !call->is_shown)
		put_task (v, "task started: ", &e->text);
}

/* The end may be told twice; the second time is shown if it did not end well. */
static void
on_task_ended (struct view *v, const struct lhk_ev_notice *e,
	       const struct data *data)
{
	struct view_task *t = find_task (v, &data->id);
	const struct lhk_text label = view_name_get (&t->label);
	int is_bad = data->status.len > 0
		     && !LHK_TEXT_IS (&data->status, "completed");

	if (t->has_ended && !is_bad)
		return;
	t->has_ended = 1;
	if (is_bad)
		put_task (v, "task did not end well: ",
			  e->text.len > 0 ? &e->text : &label);
	else
		put_task (v, "task ended: ", label.len > 0 ? &label : &e->text);
}

/* ---- limits ---- */

/* When the limit is lifted, in words; "" if that is not known. */
static void
print_reset (const struct data *data, char text[RESET_SIZE])
{
	time_t at = (time_t) data->resets.value;
	struct tm tm;

	text[0] = '\0';
	if (data->resets.has == 1 && data->resets.value > 0
	    && gmtime_r (&at, &tm) != NULL && tm.tm_year < 1000)
		strftime (text, RESET_SIZE, "until %Y-%m-%d %H:%M UTC", &tm);
}

static void
on_rate_limit (struct view *v, const struct lhk_ev_notice *e,
	       const struct data *data)
{
	char reset[RESET_SIZE];

	if (e->level > LHK_LOG_WARN)
		return;
	print_reset (data, reset);
	view_block (v, BLOCK_OURS);
	view_begin_line (v,
			 e->level <= LHK_LOG_ERROR ? MARK_FAILED : MARK_WARN);
	screen_str (&v->screen, "rate limit: ");
	view_text (v, &e->text, view_left (v));
	if (reset[0] != '\0')
		view_fact (v, reset);
	view_end_own_line (v);
}

/* ---- notices ---- */

static const struct kind *
kind_of (const struct lhk_ev_notice *e)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (kinds); i++)
		if (lhk_text_is (&e->code, kinds[i].code,
				 strlen (kinds[i].code)))
			return &kinds[i];
	return NULL;
}

/* Does the same notice stand right above? */
static int
is_above (const struct view *v, const struct idmap_key *text)
{
	return v->notice_line > 0 && v->notice_line == v->lines
	       && idmap_key_same (text, &v->noticed);
}

/* What the agent has just said itself is not shown again. */
static void
on_other (struct view *v, const struct lhk_ev_notice *e)
{
	const struct kind *kind = kind_of (e);
	const struct kind other = {
		.mark = e->level <= LHK_LOG_ERROR ? MARK_FAILED : MARK_WARN,
		.said = "",
	};
	struct idmap_key text;

	idmap_key_of (&e->text, &text);
	if (is_above (v, &text))
		return;
	if (kind == NULL
	    && (e->level > LHK_LOG_WARN || idmap_key_same (&text, &v->said)))
		return;
	if (kind == NULL)
		kind = &other;
	view_block (v, BLOCK_OURS);
	view_paragraph (v, 1, kind->mark, kind->said, &e->text, NOTICE_SHOWN);
	v->noticed = text;
	v->notice_line = v->lines;
}

void
view_notice (struct view *v, const struct lhk_ev_notice *e)
{
	char buf[DATA_MAX + 1 + LHK_LINE_PADDING];
	struct data data;

	read_data (&e->data, &data, buf);
	if (LHK_TEXT_IS (&e->code, LHK_CODE_TASK_STARTED))
		on_task_started (v, e, &data);
	else if (LHK_TEXT_IS (&e->code, LHK_CODE_TASK_ENDED))
		on_task_ended (v, e, &data);
	else if (LHK_TEXT_IS (&e->code, LHK_CODE_RATE_LIMIT))
		on_rate_limit (v, e, &data);
	else
		on_other (v, e);
	if (LHK_TEXT_IS (&e->code, LHK_CODE_RETRY))
		text_once_retry (&v->once, &e->ev);
}
