/* SPDX-License-Identifier: MIT */
/*
 * item.c - items that are texts, plans and notices; the rest are tools.
 *
 * Policy is the table at the end.  A text is emitted when its item is complete:
 * the program prints no deltas, and an item that was only started has none.
 */
#include "config.h"

#include "codex/codex.h"
#include "common/plan.h"

static int
emit_whole (struct codex *c, const struct codex_item *item, int role)
{
	struct lhk_text text = item->text;

	/* A message without a text is an empty answer. */
	if (text.ptr == NULL)
		text = text_of ("", 0);
	return emit_text (c->api, role, 0, &item->id, &text, NULL);
}

static int
on_message (struct codex *c, const struct codex_item *item, int phase)
{
	if (phase != CODEX_COMPLETED)
		return LHK_OK;
	return emit_whole (c, item, LHK_ROLE_ASSISTANT);
}

static int
on_reasoning (struct codex *c, const struct codex_item *item, int phase)
{
	if (phase != CODEX_COMPLETED)
		return LHK_OK;
	return emit_whole (c, item, LHK_ROLE_THOUGHT);
}

static int
on_error (struct codex *c, const struct codex_item *item, int phase)
{
	(void) phase;
	return emit_notice (c->api, LHK_LOG_WARN, LHK_CODE_PROVIDER_ERROR,
			    &item->message, NULL);
}

static int
on_todo_list (struct codex *c, const struct codex_item *item, int phase)
{
	(void) phase;
	return emit_plan (c->api, &c->arena, &item->items, NULL);
}

/* A proposed plan is one text, so it becomes one entry. */
static int
on_plan (struct codex *c, const struct codex_item *item, int phase)
{
	struct lhk_plan_entry entry = { .status = LHK_PLAN_PENDING };
	struct lhk_ev_plan e = {
		.ev = LHK_EV (struct lhk_ev_plan, LHK_EV_PLAN),
		.n_entries = 1,
	};
	struct lhk_plan_entry *copy;

	if (phase != CODEX_COMPLETED || item->text.ptr == NULL)
		return LHK_OK;
	copy = arena_alloc (&c->arena, sizeof (*copy));
	if (copy == NULL)
		return LHK_ENOMEM;
	entry.text = item->text;
	*copy = entry;
	e.entries = copy;
	return emit (c->api, &e.ev);
}

static const struct {
	const char *type;
	int (*fn) (struct codex *c, const struct codex_item *item, int phase);
} items[] = {
	{ "agent_message", on_message },
	{ "assistant_message", on_message }, /* legacy */
	{ "reasoning", on_reasoning },
	{ "error", on_error },
	{ "todo_list", on_todo_list },
	{ "plan", on_plan },
};

int
codex_item (struct codex *c, const struct codex_item *item, int phase)
{
	const struct lhk_text *type = &item->type;
	size_t i;

	if (!text_empty (&item->item_type))
		type = &item->item_type;
	for (i = 0; i < ARRAY_SIZE (items); i++) {
		if (lhk_text_is (type, items[i].type, strlen (items[i].type)))
			return items[i].fn (c, item, phase);
	}
	return codex_tool (c, item, phase);
}
