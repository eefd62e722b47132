/* SPDX-License-Identifier: MIT */
/*
 * todo.c - the to-do list as plan events, the whole list each time.
 *
 * TodoWrite has the whole list in its input.  The results of its successors
 * (TaskCreate, TaskUpdate, TaskList) have only changes, so the plugin stores
 * the list.
 */
#include "config.h"

#include "claude/claude.h"
#include "common/plan.h"

static int
plan_status (const struct lhk_text *status)
{
	if (LHK_TEXT_IS (status, "completed"))
		return LHK_PLAN_DONE;
	if (LHK_TEXT_IS (status, "in_progress"))
		return LHK_PLAN_RUNNING;
	return LHK_PLAN_PENDING;
}

int
claude_todo_call (struct claude *c, const struct claude_block *b,
		  const struct lhk_text *parent)
{
	struct claude_small input;

	if (!LHK_TEXT_IS (&b->name, "TodoWrite")
	    || b->input.type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (&b->input, claude_table (CLAUDE_SMALL),
				    &input)
		       != LHK_OK)
		return 0;
	return emit_plan (c->api, &c->arena, &input.todos, parent);
}

/* The stored list, oldest first, copied for this line's events. */
static int
emit_stored (struct claude *c)
{
	struct lhk_ev_plan e = {
		.ev = LHK_EV (struct lhk_ev_plan, LHK_EV_PLAN),
	};
	const struct tool_table *t = &c->todos;
	struct lhk_plan_entry *entries;
	const struct tool_entry *todo;
	uint32_t i;

	entries = arena_alloc (&c->arena, t->max * sizeof (*entries));
	if (entries == NULL)
		return LHK_ENOMEM;
	e.entries = entries;
	for (i = 0; i < t->used; i++) {
		todo = tool_table_at (t,
				      tool_table_behind (t->next, i, t->used));
		if (todo == NULL)
			continue;
		if (text_copy (&c->arena, &todo->name, &entries->text) < 0)
			return LHK_ENOMEM;
		entries->status = todo->note;
		entries->reserved = 0;
		entries++;
		e.n_entries++;
	}
	return emit (c->api, &e.ev);
}

static int
store (struct claude *c, const struct lhk_raw *raw)
{
	struct claude_small todo;
	struct tool_entry *entry;
	struct lhk_text subject;

	if (raw->type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (raw, claude_table (CLAUDE_SMALL), &todo)
		       != LHK_OK)
		return 0;
	subject = text_head (&todo.subject, TOOL_TABLE_ID_MAX);
	if (tool_table_add (&c->todos, &todo.id, &subject, &LIT (""), 0, 0)
	    != 0)
		return 0;
	entry = tool_table_find (&c->todos, &todo.id);
	entry->note = plan_status (&todo.status);
	return 1;
}

static int
store_list (struct claude *c, const struct lhk_raw *list)
{
	struct lhk_raw raw;
	struct lhk_json j;
	struct tool_entry *todo;
	uint32_t i;

	if (list->type != LHK_JSON_ARRAY)
		return 0;
	for (i = 0; i < c->todos.used; i++) {
		todo = tool_table_at (&c->todos, i);
		if (todo != NULL)
			tool_table_remove (&c->todos, todo);
	}
	lhk_json_begin_raw (&j, list);
	lhk_json_enter (&j);
	while (lhk_json_element (&j) && lhk_json_raw (&j, &raw))
		store (c, &raw);
	return 1;
}

static int
change (struct claude *c, const struct claude_tool_result *r)
{
	struct tool_entry *entry = tool_table_find (&c->todos, &r->task_id);

	if (entry == NULL || text_empty (&r->change.to))
		return 0;
	if (LHK_TEXT_IS (&r->change.to, "deleted"))
		tool_table_remove (&c->todos, entry);
	else
		entry->note = plan_status (&r->change.to);
	return 1;
}

int
claude_todo_result (struct claude *c, const struct tool_entry *call,
		    const struct claude_tool_result *r)
{
	int changed = 0;

	if (LHK_TEXT_IS (&call->name, "TaskCreate"))
		changed = store (c, &r->task);
	else if (LHK_TEXT_IS (&call->name, "TaskUpdate"))
		changed = change (c, r);
	else if (LHK_TEXT_IS (&call->name, "TaskList"))
		changed = store_list (c, &r->tasks);
	return changed ? emit_stored (c) : 0;
}
