/* SPDX-License-Identifier: MIT */
/* plan.c - the list of things to do, and questions. */
#include "config.h"

#include <string.h>

#include "cli/view/view_private.h"
#include "common/text.h"

/* Entries of a plan, and bytes of one, and of a question. */
#define ENTRIES_SHOWN 100
#define ENTRY_SHOWN 400
#define ASK_SHOWN 800

/* ---- plans ---- */

static struct idmap_key
key_of_plan (const struct lhk_ev_plan *e)
{
	struct idmap_key all = { 1, 0 };
	size_t i;

	for (i = 0; i < e->n_entries; i++) {
		struct idmap_key key;

		idmap_key_of (&e->entries[i].text, &key);
		idmap_key_mix (&all, key.a ^ (uint64_t) e->entries[i].status);
		idmap_key_mix (&all, key.b);
	}
	return all;
}

static enum view_mark
mark_of_entry (int status)
{
	if (status == LHK_PLAN_DONE)
		return MARK_DONE;
	return status == LHK_PLAN_RUNNING ? MARK_RUNNING : MARK_PENDING;
}

static void
put_heading (struct view *v, const struct lhk_ev_plan *e)
{
	size_t i, done = 0;

	for (i = 0; i < e->n_entries; i++)
		done += e->entries[i].status == LHK_PLAN_DONE;
	view_begin_line (v, MARK_HEAD);
	screen_str (&v->screen, "plan: ");
	screen_u64 (&v->screen, done);
	screen_str (&v->screen, " of ");
	screen_u64 (&v->screen, e->n_entries);
	screen_str (&v->screen, " done");
	view_end_own_line (v);
}

void
view_plan (struct view *v, const struct lhk_ev_plan *e)
{
	struct idmap_key key = key_of_plan (e);
	size_t i;

	if (e->n_entries == 0 || idmap_key_same (&key, &v->plan))
		return;
	v->plan = key;
	view_block (v, BLOCK_PLAN);
	put_heading (v, e);
	for (i = 0; i < e->n_entries && i < ENTRIES_SHOWN; i++)
		view_paragraph (v, 1, mark_of_entry (e->entries[i].status), "",
				&e->entries[i].text, ENTRY_SHOWN);
	if (i == e->n_entries)
		return;
	view_begin_line (v, MARK_NOTE);
	screen_str (&v->screen, "and ");
	screen_u64 (&v->screen, e->n_entries - i);
	screen_str (&v->screen, " more");
	view_end_own_line (v);
}

/* ---- questions ---- */

/* The answers to choose from, each on a line. */
static void
put_options (struct view *v, const struct lhk_ev_ask *e)
{
	size_t i;

	for (i = 0; i < e->n_options && i < ENTRIES_SHOWN; i++)
		view_paragraph (v, 0, MARK_ASK, "- ", &e->options[i],
				ENTRY_SHOWN);
}

static void
put_outcome (struct view *v, const struct lhk_ev_ask *e)
{
	view_begin_line (v, MARK_ASK);
	screen_str (&v->screen, "answer: ");
	view_text (v, &e->outcome, view_left (v));
	view_end_own_line (v);
}

void
view_ask (struct view *v, const struct lhk_ev_ask *e)
{
	struct idmap_key id, text;
	int is_known;

	idmap_key_of (&e->id, &id);
	idmap_key_of (&e->text, &text);
	is_known = v->ask_line > 0 && idmap_key_same (&id, &v->ask_id)
		   && (e->text.len == 0 || idmap_key_same (&text, &v->ask));
	view_block (v, BLOCK_OURS);
	if (!is_known || v->ask_line != v->lines) {
		view_paragraph (v, 1, MARK_ASK, "", &e->text, ASK_SHOWN);
		if (e->outcome.len == 0)
			put_options (v, e);
	}
	if (e->outcome.len > 0)
		put_outcome (v, e);
	v->ask_id = id;
	if (e->text.len > 0)
		v->ask = text;
	v->ask_line = v->lines;
}
