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

#define TODOS_MAX 1024u /* of one TodoWrite; more are left out */

struct todo {
	struct lhk_text content;
	struct lhk_text status;
};

static const struct lhk_field todo_fields[] = {
	LHK_FIELD ("content", LHK_FIELD_TEXT, struct todo, content),
	LHK_FIELD ("status", LHK_FIELD_TEXT, struct todo, status),
};
LHK_FIELDS (todo_table, struct todo, todo_fields);

static int
plan_status (const struct lhk_text *status)
{
	if (LHK_TEXT_IS (status, "completed"))
		return LHK_PLAN_DONE;
	if (LHK_TEXT_IS (status, "in_progress"))
		return LHK_PLAN_RUNNING;
	return LHK_PLAN_PENDING;
}

static struct lhk_plan_entry *
new_entries (struct claude *c, size_t n)
{
	return arena_alloc (&c->arena, n * sizeof (struct lhk_plan_entry));
}

static int
emit_entries (struct claude *c, const struct lhk_plan_entry *entries, size_t n,
	      const struct lhk_text *parent)
{
	struct lhk_ev_plan e = {
		.ev = LHK_EV (struct lhk_ev_plan, LHK_EV_PLAN),
		.entries = entries,
		.n_entries = n,
	};

	if (parent != NULL)
		e.ev.parent = *parent;
	return emit (c->api, &e.ev);
}

int
claude_todo_call (struct claude *c, const struct claude_block *b,
		  const struct lhk_text *parent)
{
	struct lhk_plan_entry *entries;
	struct claude_small input;
	struct todo todo;
	struct lhk_raw raw;
	struct lhk_json j;
	size_t n = 0, max;

	if (!LHK_TEXT_IS (&b->name, "TodoWrite")
	    || b->input.type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (&b->input, claude_table (CLAUDE_SMALL),
				    &input)
		       != LHK_OK
	    || input.todos.type != LHK_JSON_ARRAY)
		return 0;
	max = raw_count (&input.todos);
	if (max > TODOS_MAX)
		max = TODOS_MAX;
	entries = new_entries (c, max);
	if (entries == NULL)
		return LHK_ENOMEM;
	lhk_json_begin_raw (&j, &input.todos);
	lhk_json_enter (&j);
	while (n < max && lhk_json_element (&j) && lhk_json_raw (&j, &raw)) {
		if (raw.type != LHK_JSON_OBJECT
		    || lhk_json_raw_object (&raw, &todo_table, &todo) != LHK_OK
		    || todo.content.ptr == NULL)
			continue;
		entries[n].text = todo.content;
		entries[n].status = plan_status (&todo.status);
		entries[n++].reserved = 0;
	}
	return emit_entries (c, entries, n, parent);
}

/* The stored list, oldest first, copied for this line's events. */
static int
emit_stored (struct claude *c)
{
	struct lhk_plan_entry *entries = new_entries (c, TOOL_TABLE_MAX);
	const struct tool_entry *todo;
	char *copy;
	size_t n = 0;
	size_t i;

	if (entries == NULL)
		return LHK_ENOMEM;
	for (i = 0; i < TOOL_TABLE_MAX; i++) {
		todo = &c->todos.list[(c->todos.next + i) % TOOL_TABLE_MAX];
		if (todo->id.ptr == NULL)
			continue;
		copy = arena_alloc (&c->arena, todo->name.len);
		if (copy == NULL)
			return LHK_ENOMEM;
		if (todo->name.len)
			memcpy (copy, todo->name.ptr, todo->name.len);
		entries[n].text = text_of (copy, todo->name.len);
		entries[n].status = todo->note;
		entries[n++].reserved = 0;
	}
	return emit_entries (c, entries, n, NULL);
}

static int
store (struct claude *c, const struct lhk_raw *raw)
{
	struct claude_small todo;
	struct tool_entry *entry;

	if (raw->type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (raw, claude_table (CLAUDE_SMALL), &todo)
		       != LHK_OK
	    || tool_table_add (&c->todos, &todo.id, &todo.subject, &LIT (""), 0,
			       0)
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
	size_t i;

	if (list->type != LHK_JSON_ARRAY)
		return 0;
	for (i = 0; i < TOOL_TABLE_MAX; i++)
		tool_table_remove (&c->todos, &c->todos.list[i]);
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
