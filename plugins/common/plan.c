/* SPDX-License-Identifier: MIT */
/* plan.c - lists of things to do, as any of the providers writes them. */
#include "config.h"

#include "common/plan.h"

struct todo {
	struct lhk_text text;
	struct lhk_text content;
	struct lhk_text description;
	struct lhk_text step;
	struct lhk_text status;
	int32_t completed;
};

static const struct lhk_field todo_fields[] = {
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct todo, text),
	LHK_FIELD ("completed", LHK_FIELD_BOOL, struct todo, completed),
	LHK_FIELD ("content", LHK_FIELD_TEXT, struct todo, content),
	LHK_FIELD ("status", LHK_FIELD_TEXT, struct todo, status),
	LHK_FIELD ("description", LHK_FIELD_TEXT, struct todo, description),
	LHK_FIELD ("step", LHK_FIELD_TEXT, struct todo, step),
};
LHK_FIELDS (todo_table, struct todo, todo_fields);

/* A canceled entry counts as done. */
static const struct {
	const char *word;
	int status;
} statuses[] = {
	{ "cancelled", LHK_PLAN_DONE },	 { "canceled", LHK_PLAN_DONE },
	{ "completed", LHK_PLAN_DONE },	 { "in_progress", LHK_PLAN_RUNNING },
	{ "pending", LHK_PLAN_PENDING },
};

const struct lhk_fields *
plan_fields (void)
{
	return &todo_table;
}

static int
status_of (const struct todo *todo)
{
	size_t i;

	if (todo->completed > 0)
		return LHK_PLAN_DONE;
	for (i = 0; i < ARRAY_SIZE (statuses); i++) {
		if (lhk_text_is (&todo->status, statuses[i].word,
				 strlen (statuses[i].word)))
			return statuses[i].status;
	}
	return LHK_PLAN_PENDING;
}

static const struct lhk_text *
text_of_todo (const struct todo *todo)
{
	const struct lhk_text *const texts[] = {
		&todo->text,
		&todo->content,
		&todo->description,
		&todo->step,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (texts); i++) {
		if (!text_empty (texts[i]))
			return texts[i];
	}
	return NULL;
}

/* The next entry of the list that has a text. */
static int
next_entry (struct lhk_json *j, struct lhk_plan_entry *ret)
{
	const struct lhk_text *text;
	struct lhk_raw raw;
	struct todo todo;

	while (lhk_json_element (j) && lhk_json_raw (j, &raw)) {
		if (raw.type != LHK_JSON_OBJECT
		    || lhk_json_raw_object (&raw, &todo_table, &todo) != LHK_OK)
			continue;
		text = text_of_todo (&todo);
		if (text == NULL)
			continue;
		ret->text = *text;
		ret->status = status_of (&todo);
		ret->reserved = 0;
		return 1;
	}
	return 0;
}

static void
begin_entries (struct lhk_json *j, const struct lhk_raw *list)
{
	lhk_json_begin_raw (j, list);
	lhk_json_enter (j);
}

int
emit_plan (const struct lhk_api *api, struct arena *a,
	   const struct lhk_raw *list, const struct lhk_text *parent)
{
	struct lhk_ev_plan e = {
		.ev = LHK_EV (struct lhk_ev_plan, LHK_EV_PLAN),
	};
	struct lhk_plan_entry *entries, entry;
	struct lhk_json j;
	size_t n = 0;

	if (list->type != LHK_JSON_ARRAY)
		return LHK_OK;
	begin_entries (&j, list);
	while (n < PLAN_MAX && next_entry (&j, &entry))
		n++;
	entries = arena_alloc (a, (n + 1) * sizeof (*entries));
	if (entries == NULL)
		return LHK_ENOMEM;
	begin_entries (&j, list);
	while (e.n_entries < n)
		next_entry (&j, &entries[e.n_entries++]);
	e.entries = entries;
	if (parent != NULL)
		e.ev.parent = *parent;
	return emit (api, &e.ev);
}
