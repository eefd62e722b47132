/* SPDX-License-Identifier: MIT */
/*
 * task.c - background work: subagents and commands that outlive their call.
 *
 * The call itself is completed by its result ("launched"); the work is a task
 * from task_started to task_notification, reported by notices whose data has
 * its id.  A list of the running tasks ends those that are missing in it,
 * should their notification have been lost.
 */
#include "config.h"

#include "claude/claude.h"

static int
emit_task (struct claude *c, const char *code, int level,
	   const struct lhk_text *text, const struct json_member *members,
	   size_t n)
{
	struct lhk_raw data;
	int r;

	r = json_object_of (&c->arena, members, n, &data);
	return r < 0 ? r : emit_notice (c->api, level, code, text, &data);
}

int
claude_task_started (struct claude *c, const struct claude_system_line *s)
{
	const struct json_member members[] = {
		{ "id", str_of_raw (&s->task_id) },
		{ "tool", str_of_raw (&s->tool_use_id) },
		{ "type", str_of_raw (&s->task_type) },
	};
	struct lhk_text tool;
	struct lhk_text id;
	struct tool_entry *task;
	int note = 0;

	if (!lhk_raw_text (&s->task_id, &id))
		return LHK_OK;
	task = tool_table_find (&c->tasks, &id);
	if (task != NULL && task->status == LHK_TOOL_RUNNING)
		return LHK_OK;
	if (task != NULL)
		note = task->note & ~TASK_UPDATED;
	if (!lhk_raw_text (&s->tool_use_id, &tool))
		tool = LIT ("");
	if (tool_table_add (&c->tasks, &id, &tool, &LIT (""), 0,
			    LHK_TOOL_RUNNING)
	    == LHK_ENOMEM)
		return LHK_ENOMEM;
	task = tool_table_find (&c->tasks, &id);
	if (task != NULL)
		task->note = note | (s->background > 0 ? TASK_BACKGROUND : 0);
	return emit_task (c, LHK_CODE_TASK_STARTED, LHK_LOG_INFO,
			  &s->description, members, ARRAY_SIZE (members));
}

/* The task ended without a notification. */
static int
end_silently (struct claude *c, struct tool_entry *task)
{
	struct json_member id = { "id", { NULL, 0 } };

	task->status = LHK_TOOL_DONE;
	if (text_quoted (&c->arena, &task->id, &id.value) < 0)
		return LHK_ENOMEM;
	return emit_task (c, LHK_CODE_TASK_ENDED, LHK_LOG_INFO,
			  &LIT ("the task is no longer running"), &id, 1);
}

/* The tasks of a call are over; BACKGROUND is 1 if those in the background are,
 * too. */
static int
end_tasks_of (struct claude *c, const struct lhk_text *tool, int background)
{
	struct tool_entry *task;
	struct lhk_text plain;
	int r;

	if (text_empty (tool))
		return 0;
	/* It is compared with tasks: decode it once. */
	r = text_decoded (&c->arena, tool, &plain);
	if (r < 0)
		return r;
	for (task = tool_table_named (&c->tasks, &plain);
	     r == 0 && task != NULL;
	     task = tool_table_next_named (&c->tasks, task))
		if (task->status == LHK_TOOL_RUNNING
		    && (task->note == 0 || background))
			r = end_silently (c, task);
	return r;
}

int
claude_task_ended (struct claude *c, const struct claude_system_line *s)
{
	const struct json_member members[] = {
		{ "id", str_of_raw (&s->task_id) },
		{ "tool", str_of_raw (&s->tool_use_id) },
		{ "status", json_string_of (&s->status) },
		{ "usage", str_of_raw (&s->usage) },
	};
	struct lhk_text id;
	struct tool_entry *task;
	int level = LHK_LOG_WARN;

	if (!lhk_raw_text (&s->task_id, &id))
		return lhk_raw_text (&s->tool_use_id, &id)
			       ? end_tasks_of (c, &id, 1)
			       : LHK_OK;
	task = tool_table_find (&c->tasks, &id);
	if (task != NULL && task->status == LHK_TOOL_DONE
	    && !(task->note & TASK_UPDATED))
		return LHK_OK;
	if (task != NULL) {
		task->status = LHK_TOOL_DONE;
		task->note &= ~TASK_UPDATED;
	}
	if (s->status.ptr == NULL || LHK_TEXT_IS (&s->status, "completed"))
		level = LHK_LOG_INFO;
	return emit_task (c, LHK_CODE_TASK_ENDED, level, &s->summary, members,
			  ARRAY_SIZE (members));
}

/* The words of a status after which a task does nothing more. */
static int
is_end (const struct lhk_text *status)
{
	static const char *const ends[] = {
		"completed", "failed",	  "killed", "stopped",
		"canceled",  "cancelled", "error",  "timed_out",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (ends); i++)
		if (lhk_text_is (status, ends[i], strlen (ends[i])))
			return 1;
	return 0;
}

/* The end of a task may be told by an update alone; its report, if there is
 * one, follows. */
int
claude_task_updated (struct claude *c, const struct claude_system_line *s)
{
	struct claude_small patch;
	struct lhk_text id;
	struct tool_entry *task;

	if (!lhk_raw_text (&s->task_id, &id) || s->patch.type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (&s->patch, claude_table (CLAUDE_SMALL),
				    &patch)
		       != LHK_OK
	    || (!patch.end_time.has && !is_end (&patch.status)))
		return LHK_OK;
	task = tool_table_find (&c->tasks, &id);
	if (task == NULL || task->status != LHK_TOOL_RUNNING)
		return LHK_OK;
	task->note |= TASK_UPDATED;
	return end_silently (c, task);
}

static int
mark_listed (struct claude *c, const struct lhk_raw *raw, uint8_t *seen)
{
	struct claude_small task;
	struct tool_entry *known;

	if (raw->type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (raw, claude_table (CLAUDE_SMALL), &task)
		       != LHK_OK)
		return 0;
	known = tool_table_find (&c->tasks, &task.task_id);
	if (known == NULL) {
		if (tool_table_add (&c->tasks, &task.task_id, &LIT (""),
				    &LIT (""), 0, LHK_TOOL_PENDING)
		    == LHK_ENOMEM)
			return LHK_ENOMEM;
		known = tool_table_find (&c->tasks, &task.task_id);
		if (known == NULL)
			return 0;
	}
	known->note |= TASK_LISTED;
	seen[known->slot] = 1;
	return 0;
}

int
claude_task_list (struct claude *c, const struct claude_system_line *s)
{
	uint8_t seen[TOOL_TABLE_MAX] = { 0 };
	struct lhk_raw raw;
	struct lhk_json j;
	uint32_t i;
	int r = 0;

	if (s->tasks.type != LHK_JSON_ARRAY)
		return LHK_OK;
	lhk_json_begin_raw (&j, &s->tasks);
	lhk_json_enter (&j);
	while (r == 0 && lhk_json_element (&j) && lhk_json_raw (&j, &raw))
		r = mark_listed (c, &raw, seen);
	for (i = 0; r == 0 && i < c->tasks.used; i++) {
		struct tool_entry *task = tool_table_at (&c->tasks, i);

		if (task == NULL || seen[i] || !(task->note & TASK_LISTED))
			continue;
		if (task->status == LHK_TOOL_PENDING)
			tool_table_remove (&c->tasks, task);
		else if (task->status == LHK_TOOL_RUNNING)
			r = end_silently (c, task);
	}
	return r;
}

int
claude_task_returned (struct claude *c, const struct lhk_text *tool)
{
	return end_tasks_of (c, tool, 0);
}
