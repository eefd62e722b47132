/* SPDX-License-Identifier: MIT */
/* plan.c - the list of things to do, and questions. */
#include "config.h"

#include <string.h>

#include "cli/view/view_private.h"
#include "common/text.h"

/* A plan with more entries is shown in part: so many, of which so many stand
 * before the one that is being worked on. */
#define ENTRIES_WHOLE 20u
#define ENTRIES_SHOWN 12u
#define ENTRIES_BEFORE 2u

/* Answers to choose from. */
#define OPTIONS_SHOWN 100

/* Bytes of an entry, and of a question. */
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

/* How many entries from FROM to TO are done. */
static size_t
count_done (const struct lhk_ev_plan *e, size_t from, size_t to)
{
	size_t done = 0;

	for (; from < to; from++)
		done += e->entries[from].status == LHK_PLAN_DONE;
	return done;
}

static void
put_heading (struct view *v, const struct lhk_ev_plan *e)
{
	view_begin_line (v, MARK_HEAD);
	screen_str (&v->screen, "plan: ");
	screen_u64 (&v->screen, count_done (e, 0, e->n_entries));
	screen_str (&v->screen, " of ");
	screen_u64 (&v->screen, e->n_entries);
	screen_str (&v->screen, " done");
	view_end_own_line (v);
}

/* The part of a plan that is shown. */
struct region {
	size_t from, to;
};

/* Where the work is: what is in progress, or begins next. */
static size_t
find_work (const struct lhk_ev_plan *e)
{
	size_t i, next = e->n_entries;

	for (i = 0; i < e->n_entries; i++) {
		if (e->entries[i].status == LHK_PLAN_RUNNING)
			return i;
		if (e->entries[i].status != LHK_PLAN_DONE
		    && next == e->n_entries)
			next = i;
	}
	return next;
}

/* All of a short plan; of a long one, what is around the work. */
static struct region
region_of (const struct lhk_ev_plan *e)
{
	struct region r = { 0, e->n_entries };
	size_t at;

	if (e->n_entries <= ENTRIES_WHOLE)
		return r;
	at = find_work (e);
	r.from = at > ENTRIES_BEFORE ? at - ENTRIES_BEFORE : 0;
	if (e->n_entries - r.from < ENTRIES_SHOWN)
		r.from = e->n_entries - ENTRIES_SHOWN;
	r.to = r.from + ENTRIES_SHOWN;
	return r;
}

/* "12 more, 3 done": the entries from FROM to TO, which are not shown. */
static void
put_rest (struct view *v, const struct lhk_ev_plan *e, size_t from, size_t to)
{
	size_t done = count_done (e, from, to);

	if (from == to)
		return;
	view_begin_line (v, MARK_NOTE);
	screen_u64 (&v->screen, to - from);
	screen_str (&v->screen, " more");
	if (done == to - from) {
		screen_str (&v->screen, ", all done");
	} else if (done > 0) {
		screen_str (&v->screen, ", ");
		screen_u64 (&v->screen, done);
		screen_str (&v->screen, " done");
	}
	view_end_own_line (v);
}

void
view_plan (struct view *v, const struct lhk_ev_plan *e)
{
	struct idmap_key key = key_of_plan (e);
	struct region shown = region_of (e);
	size_t i;

	if (e->n_entries == 0 || idmap_key_same (&key, &v->plan))
		return;
	v->plan = key;
	view_block (v, BLOCK_PLAN);
	put_heading (v, e);
	put_rest (v, e, 0, shown.from);
	for (i = shown.from; i < shown.to; i++)
		view_paragraph (v, 1, mark_of_entry (e->entries[i].status), "",
				&e->entries[i].text, ENTRY_SHOWN);
	put_rest (v, e, shown.to, e->n_entries);
}

/* ---- questions ---- */

/* The answers to choose from, each on a line. */
static void
put_options (struct view *v, const struct lhk_ev_ask *e)
{
	size_t i;

	for (i = 0; i < e->n_options && i < OPTIONS_SHOWN; i++)
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

/* Was the call that the question is about denied, and has a line said so? */
static int
is_denied (struct view *v, const struct lhk_ev_ask *e)
{
	const struct view_call *call;
	struct idmap_key id;

	idmap_key_of (&e->tool, &id);
	call = idmap_key_absent (&id) ? NULL : idmap_find (&v->calls, &id);
	return call != NULL && call->status == LHK_TOOL_DENIED;
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
	if (!is_known && e->outcome.len > 0 && is_denied (v, e))
		return;
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
