/* SPDX-License-Identifier: MIT */
/* summary.c - what is known of a run so far, and its result. */
#include "config.h"

#include <string.h>

#include "event/final_text.h"
#include "event/tool_counts.h"
#include "json/text_reader.h"
#include "event/summary.h"
#include "event/usage.h"
#include "event/verdict.h"
#include "common/limits.h"
#include "common/macros.h"
#include "common/mem.h"

/* Bytes that are kept of a claim's error, which may be a whole web page. */
#define ERROR_MAX 4096

struct summary {
	const struct lhk_alloc *alloc;
	struct usage *usage;
	struct final_text final_text;
	struct tool_counts tools;
	struct text_copy session_id;
	struct text_copy model;
	struct text_copy stop_reason; /* of the last claim */
	struct text_copy error;	      /* of the last claim */
	int32_t claim; /* the last verdict that was claimed, or 0 */
	uint32_t turn;
	int claim_stands; /* only usage and notices came since a claim */
	int over;	  /* the last claim was a terminal one */
	int saw_usage;	  /* of tokens */
	int worked;	  /* the model did something that costs tokens */
	int degraded;	  /* a line or a part of a text was lost */
	int lost_line;
};

struct summary *
summary_new (const struct lhk_alloc *alloc, size_t text_max)
{
	struct summary *t = mem_zero (alloc, sizeof *t);

	if (t == NULL)
		return NULL;
	t->alloc = alloc;
	t->turn = 1;
	final_text_init (&t->final_text, alloc, text_max);
	tool_counts_init (&t->tools, alloc);
	t->usage = usage_new (alloc);
	if (t->usage == NULL) {
		summary_free (t);
		return NULL;
	}
	return t;
}

void
summary_free (struct summary *t)
{
	if (t == NULL)
		return;
	usage_free (t->usage);
	final_text_free (&t->final_text);
	tool_counts_free (&t->tools);
	text_copy_free (t->alloc, &t->session_id);
	text_copy_free (t->alloc, &t->model);
	text_copy_free (t->alloc, &t->stop_reason);
	text_copy_free (t->alloc, &t->error);
	mem_free (t->alloc, t, sizeof *t);
}

static void
copy_text (struct summary *t, struct text_copy *k, const struct lhk_text *text,
	   size_t max)
{
	if (text_copy_set (t->alloc, k, text, max) < 0)
		t->degraded = 1;
}

static void
on_session (struct summary *t, const struct lhk_event *event)
{
	const struct lhk_ev_session *e = (const struct lhk_ev_session *) event;

	t->claim_stands = 0;
	if (event->parent.ptr != NULL)
		return;
	if (!t->session_id.given && e->id.len > 0)
		copy_text (t, &t->session_id, &e->id, LIMIT_ID);
	if (!t->model.given && e->model.len > 0)
		copy_text (t, &t->model, &e->model, LIMIT_ID);
}

static void
on_text (struct summary *t, const struct lhk_event *event)
{
	const struct lhk_ev_text *e = (const struct lhk_ev_text *) event;

	t->claim_stands = 0;
	if (event->parent.ptr != NULL || e->role != LHK_ROLE_ASSISTANT
	    || (e->flags & LHK_TEXT_SYNTHETIC) != 0)
		return;
	t->worked = 1;
	if (e->delta)
		final_text_delta (&t->final_text, &e->text);
	else
		final_text_whole (&t->final_text, &e->text);
}

static void
on_tool (struct summary *t, const struct lhk_event *event)
{
	t->claim_stands = 0;
	t->worked = 1;
	tool_counts_tool (&t->tools, (const struct lhk_ev_tool *) event);
	if (event->parent.ptr == NULL)
		final_text_tool (&t->final_text);
}

/* A plan or a question means that the provider is at work again. */
static void
on_work (struct summary *t, const struct lhk_event *event)
{
	(void) event;
	t->claim_stands = 0;
}

static void
on_usage (struct summary *t, const struct lhk_event *event)
{
	const struct lhk_ev_usage *e = (const struct lhk_ev_usage *) event;

	if ((e->has & (LHK_USAGE_INPUT | LHK_USAGE_OUTPUT)) != 0)
		t->saw_usage = 1;
	usage_add (t->usage, e);
}

static void
on_notice (struct summary *t, const struct lhk_event *event)
{
	tool_counts_notice (&t->tools, (const struct lhk_ev_notice *) event);
}

static void
on_claim (struct summary *t, const struct lhk_event *event)
{
	const struct lhk_ev_result *e = (const struct lhk_ev_result *) event;

	if (e->final != NULL)
		return;
	t->claim_stands = 1;
	t->over = e->terminal;
	if (e->verdict != 0)
		t->claim = e->verdict;
	t->turn++;
	copy_text (t, &t->stop_reason, &e->stop_reason, LIMIT_ID);
	copy_text (t, &t->error, &e->error, ERROR_MAX);
	final_text_claim (&t->final_text, &e->text);
}

static void (*const handlers[]) (struct summary *, const struct lhk_event *) = {
	[LHK_EV_SESSION] = on_session, [LHK_EV_TEXT] = on_text,
	[LHK_EV_TOOL] = on_tool,       [LHK_EV_PLAN] = on_work,
	[LHK_EV_ASK] = on_work,	       [LHK_EV_USAGE] = on_usage,
	[LHK_EV_NOTICE] = on_notice,   [LHK_EV_RESULT] = on_claim,
};

void
summary_event (struct summary *t, const struct lhk_event *event)
{
	if (event->kind < ARRAY_SIZE (handlers)
	    && handlers[event->kind] != NULL)
		handlers[event->kind](t, event);
}

void
summary_lost (struct summary *t)
{
	t->lost_line = 1;
	t->degraded = 1;
}

uint32_t
summary_turn (const struct summary *t)
{
	return t->turn;
}

size_t
summary_tools_open (const struct summary *t)
{
	return t->tools.tools_open;
}

size_t
summary_tasks_open (const struct summary *t)
{
	return t->tools.tasks_open;
}

int
summary_has_claim (const struct summary *t)
{
	return t->claim_stands && t->over;
}

void
summary_sum (struct summary *t, int64_t *ret_tokens, int64_t *ret_cost_nano,
	     int *ret_has_cost)
{
	usage_sum (t->usage, ret_tokens, ret_cost_nano, ret_has_cost);
}

struct lhk_text
summary_text (const struct summary *t)
{
	return final_text_get (&t->final_text);
}

/* Usage is complete if the provider reported it, or if the run failed before
 * the model did anything. */
static int
is_complete (const struct summary *t)
{
	return t->claim_stands && !t->lost_line && (t->saw_usage || !t->worked);
}

/* HOW may be shorter than ours, if it was written by an older embedder.  A
 * size of 0 means that the host made it. */
static void
copy_outcome (const struct lhk_outcome *how, struct lhk_outcome *ret)
{
	size_t size = sizeof *ret;

	memset (ret, 0, sizeof *ret);
	if (how != NULL && how->size > 0 && how->size < size)
		size = how->size;
	if (how != NULL)
		memcpy (ret, how, size);
	ret->size = sizeof *ret;
}

void
summary_result (struct summary *t, const struct lhk_outcome *how,
		int makes_claims, struct lhk_result *ret)
{
	const struct tool_counts *n = &t->tools;
	int64_t tokens;
	int has_cost;

	copy_outcome (how, &ret->outcome);
	if (t->degraded || t->final_text.cut)
		ret->outcome.flags |= LHK_FLAG_DEGRADED;
	ret->size = sizeof *ret;
	ret->verdict = verdict_of (&ret->outcome, t->claim, makes_claims);
	ret->session_id = text_copy_get (&t->session_id);
	ret->model = text_copy_get (&t->model);
	ret->text = final_text_get (&t->final_text);
	ret->stop_reason = text_copy_get (&t->stop_reason);
	ret->error = text_copy_get (&t->error);
	ret->n_usage = usage_totals (t->usage, &ret->usage);
	ret->usage_scope = usage_scope (t->usage);
	ret->complete_usage = is_complete (t);
	usage_sum (t->usage, &tokens, &ret->cost_nano_usd, &has_cost);
	ret->has_cost = has_cost;
	ret->reserved = 0;
	ret->tools_started = n->started;
	ret->tools_completed = n->states[LHK_TOOL_DONE];
	ret->tools_failed = n->states[LHK_TOOL_FAILED];
	ret->tools_denied = n->states[LHK_TOOL_DENIED];
}
