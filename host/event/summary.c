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
	struct summary *s = mem_zero (alloc, sizeof *s);

	if (s == NULL)
		return NULL;
	s->alloc = alloc;
	s->turn = 1;
	final_text_init (&s->final_text, alloc, text_max);
	tool_counts_init (&s->tools, alloc);
	s->usage = usage_new (alloc);
	if (s->usage == NULL) {
		summary_free (s);
		return NULL;
	}
	return s;
}

void
summary_free (struct summary *s)
{
	if (s == NULL)
		return;
	usage_free (s->usage);
	final_text_free (&s->final_text);
	tool_counts_free (&s->tools);
	text_copy_free (s->alloc, &s->session_id);
	text_copy_free (s->alloc, &s->model);
	text_copy_free (s->alloc, &s->stop_reason);
	text_copy_free (s->alloc, &s->error);
	mem_free (s->alloc, s, sizeof *s);
}

static void
copy_text (struct summary *s, struct text_copy *copy,
	   const struct lhk_text *text, size_t max)
{
	if (text_copy_set (s->alloc, copy, text, max) < 0)
		s->degraded = 1;
}

static void
on_session (struct summary *s, const struct lhk_event *event)
{
	const struct lhk_ev_session *e = (const struct lhk_ev_session *) event;

	s->claim_stands = 0;
	if (event->parent.ptr != NULL)
		return;
	if (!s->session_id.given && e->id.len > 0)
		copy_text (s, &s->session_id, &e->id, LIMIT_ID);
	if (!s->model.given && e->model.len > 0)
		copy_text (s, &s->model, &e->model, LIMIT_ID);
}

static void
on_text (struct summary *s, const struct lhk_event *event)
{
	const struct lhk_ev_text *e = (const struct lhk_ev_text *) event;

	s->claim_stands = 0;
	if (event->parent.ptr != NULL || e->role != LHK_ROLE_ASSISTANT
	    || (e->flags & LHK_TEXT_SYNTHETIC) != 0)
		return;
	s->worked = 1;
	if (e->delta)
		final_text_delta (&s->final_text, &e->text);
	else
		final_text_whole (&s->final_text, &e->text);
}

static void
on_tool (struct summary *s, const struct lhk_event *event)
{
	s->claim_stands = 0;
	s->worked = 1;
	tool_counts_tool (&s->tools, (const struct lhk_ev_tool *) event);
	if (event->parent.ptr == NULL)
		final_text_tool (&s->final_text);
}

/* A plan or a question means that the provider is at work again. */
static void
on_work (struct summary *s, const struct lhk_event *event)
{
	(void) event;
	s->claim_stands = 0;
}

static void
on_usage (struct summary *s, const struct lhk_event *event)
{
	const struct lhk_ev_usage *e = (const struct lhk_ev_usage *) event;

	if ((e->has & (LHK_USAGE_INPUT | LHK_USAGE_OUTPUT)) != 0)
		s->saw_usage = 1;
	usage_add (s->usage, e);
}

static void
on_notice (struct summary *s, const struct lhk_event *event)
{
	tool_counts_notice (&s->tools, (const struct lhk_ev_notice *) event);
}

static void
on_claim (struct summary *s, const struct lhk_event *event)
{
	const struct lhk_ev_result *e = (const struct lhk_ev_result *) event;

	if (e->final != NULL)
		return;
	s->claim_stands = 1;
	s->over = e->terminal;
	if (e->verdict != 0)
		s->claim = e->verdict;
	s->turn++;
	copy_text (s, &s->stop_reason, &e->stop_reason, LIMIT_ID);
	copy_text (s, &s->error, &e->error, ERROR_MAX);
	final_text_claim (&s->final_text, &e->text);
}

static void (*const handlers[]) (struct summary *, const struct lhk_event *) = {
	[LHK_EV_SESSION] = on_session, [LHK_EV_TEXT] = on_text,
	[LHK_EV_TOOL] = on_tool,       [LHK_EV_PLAN] = on_work,
	[LHK_EV_ASK] = on_work,	       [LHK_EV_USAGE] = on_usage,
	[LHK_EV_NOTICE] = on_notice,   [LHK_EV_RESULT] = on_claim,
};

void
summary_event (struct summary *s, const struct lhk_event *event)
{
	if (event->kind < ARRAY_SIZE (handlers)
	    && handlers[event->kind] != NULL)
		handlers[event->kind](s, event);
}

void
summary_lost (struct summary *s)
{
	s->lost_line = 1;
	s->degraded = 1;
}

uint32_t
summary_turn (const struct summary *s)
{
	return s->turn;
}

size_t
summary_tools_open (const struct summary *s)
{
	return s->tools.tools_open;
}

size_t
summary_tasks_open (const struct summary *s)
{
	return s->tools.tasks_open;
}

int
summary_has_claim (const struct summary *s)
{
	return s->claim_stands && s->over;
}

void
summary_sum (struct summary *s, int64_t *ret_tokens, int64_t *ret_cost_nano,
	     int *ret_has_cost)
{
	usage_sum (s->usage, ret_tokens, ret_cost_nano, ret_has_cost);
}

struct lhk_text
summary_text (const struct summary *s)
{
	return final_text_get (&s->final_text);
}

/* Usage is complete if the provider reported it, or if the run failed before
 * the model did anything. */
static int
is_complete (const struct summary *s)
{
	return s->claim_stands && !s->lost_line && (s->saw_usage || !s->worked);
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
summary_result (struct summary *s, const struct lhk_outcome *how,
		int makes_claims, struct lhk_result *ret)
{
	const struct tool_counts *n = &s->tools;
	int64_t tokens;
	int has_cost;

	copy_outcome (how, &ret->outcome);
	if (s->degraded || s->final_text.cut)
		ret->outcome.flags |= LHK_FLAG_DEGRADED;
	ret->size = sizeof *ret;
	ret->verdict = verdict_of (&ret->outcome, s->claim, makes_claims);
	ret->session_id = text_copy_get (&s->session_id);
	ret->model = text_copy_get (&s->model);
	ret->text = final_text_get (&s->final_text);
	ret->stop_reason = text_copy_get (&s->stop_reason);
	ret->error = text_copy_get (&s->error);
	ret->n_usage = usage_totals (s->usage, &ret->usage);
	ret->usage_scope = usage_scope (s->usage);
	ret->complete_usage = is_complete (s);
	usage_sum (s->usage, &tokens, &ret->cost_nano_usd, &has_cost);
	ret->has_cost = has_cost;
	ret->reserved = 0;
	ret->tools_started = n->started;
	ret->tools_completed = n->states[LHK_TOOL_DONE];
	ret->tools_failed = n->states[LHK_TOOL_FAILED];
	ret->tools_denied = n->states[LHK_TOOL_DENIED];
}
