/* SPDX-License-Identifier: MIT */
/* summary.c - what is known of a run so far, and its result. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "event/final_text.h"
#include "event/reason.h"
#include "event/tool_counts.h"
#include "json/text_reader.h"
#include "event/summary.h"
#include "event/usage.h"
#include "event/verdict.h"
#include "common/limits.h"
#include "common/macros.h"
#include "common/mem.h"

struct summary {
	const struct lhk_alloc *alloc;
	struct usage *usage;
	struct final_text final_text;
	struct tool_counts tools;
	struct text_copy session_id;
	struct text_copy model;
	struct text_copy stop_reason; /* of the last claim */
	struct reason reason;
	int32_t claim; /* the last verdict that was claimed, or 0 */
	uint32_t turn;
	int claim_stands; /* no new work was begun since a claim */
	int over;	  /* the last claim was a terminal one */
	int worked;	  /* the model did something that costs tokens */
	int untold;	  /* and of its last work no tokens were told */
	int left_untold;  /* nor will be: another session has begun */
	int degraded;	  /* a line or a part of a text was lost */
	int lost_line;
	int keeps_answer; /* texts are no answers any more */
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
	reason_init (&s->reason, alloc);
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
	reason_free (&s->reason);
	mem_free (s->alloc, s, sizeof *s);
}

static void
copy_text (struct summary *s, struct text_copy *copy,
	   const struct lhk_text *text, size_t max)
{
	if (text_copy_set (s->alloc, copy, text, max) < 0)
		s->degraded = 1;
}

/* Something was begun that costs tokens or time: an earlier claim is not the
 * end of the run. */
static void
note_work (struct summary *s)
{
	s->claim_stands = 0;
	s->worked = 1;
	s->untold = 1;
	reason_work (&s->reason);
}

/* The last session of the main thread is the one that can be resumed. */
static void
on_session (struct summary *s, const struct lhk_event *event)
{
	const struct lhk_ev_session *e = (const struct lhk_ev_session *) event;

	if (event->parent.ptr != NULL)
		return;
	s->claim_stands = 0;
	if (s->untold && e->id.len > 0 && s->session_id.given
	    && !lhk_text_is (&e->id, s->session_id.ptr, s->session_id.len))
		s->left_untold = 1;
	tool_counts_turn (&s->tools);
	if (e->id.len > 0)
		copy_text (s, &s->session_id, &e->id, LIMIT_ID);
	if (e->model.len > 0)
		copy_text (s, &s->model, &e->model, LIMIT_ID);
}

static void
on_answer (struct summary *s, const struct lhk_ev_text *e)
{
	if (e->delta)
		final_text_id (&s->final_text, &e->id);
	if (e->delta)
		final_text_delta (&s->final_text, &e->text);
	else
		final_text_whole (&s->final_text, &e->text);
}

static void
on_text (struct summary *s, const struct lhk_event *event)
{
	const struct lhk_ev_text *e = (const struct lhk_ev_text *) event;

	if ((e->flags & LHK_TEXT_SYNTHETIC) != 0)
		return;
	/* The words of a user begin a turn. */
	if (e->role == LHK_ROLE_USER && event->parent.ptr == NULL)
		s->claim_stands = 0;
	if (e->role != LHK_ROLE_ASSISTANT && e->role != LHK_ROLE_THOUGHT)
		return;
	if ((e->flags & LHK_TEXT_SAME_MESSAGE) == 0) {
		note_work (s);
		tool_counts_message (&s->tools, &event->parent);
	}
	if (event->parent.ptr == NULL && e->role == LHK_ROLE_ASSISTANT
	    && !s->keeps_answer)
		on_answer (s, e);
}

/* An update of a call is the end of something, not the begin. */
static void
on_tool (struct summary *s, const struct lhk_event *event)
{
	if (tool_counts_tool (&s->tools, (const struct lhk_ev_tool *) event))
		note_work (s);
	if (event->parent.ptr == NULL)
		final_text_tool (&s->final_text);
}

static void
on_ask (struct summary *s, const struct lhk_event *event)
{
	tool_counts_ask (&s->tools, (const struct lhk_ev_ask *) event);
}

static void
on_usage (struct summary *s, const struct lhk_event *event)
{
	const struct lhk_ev_usage *e = (const struct lhk_ev_usage *) event;

	if ((e->has & (LHK_USAGE_INPUT | LHK_USAGE_OUTPUT)) != 0)
		s->untold = 0;
	usage_add (s->usage, e);
}

static void
on_notice (struct summary *s, const struct lhk_event *event)
{
	const struct lhk_ev_notice *e = (const struct lhk_ev_notice *) event;

	if (LHK_TEXT_IS (&e->code, LHK_CODE_GAP))
		s->degraded = 1;
	tool_counts_notice (&s->tools, e);
	reason_notice (&s->reason, e);
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
	reason_claim (&s->reason, e);
	tool_counts_turn (&s->tools);
	final_text_claim (&s->final_text, &e->text);
}

static void (*const handlers[]) (struct summary *, const struct lhk_event *) = {
	[LHK_EV_SESSION] = on_session, [LHK_EV_TEXT] = on_text,
	[LHK_EV_TOOL] = on_tool,       [LHK_EV_ASK] = on_ask,
	[LHK_EV_USAGE] = on_usage,     [LHK_EV_NOTICE] = on_notice,
	[LHK_EV_RESULT] = on_claim,
};

void
summary_event (struct summary *s, const struct lhk_event *event)
{
	if (event->kind < ARRAY_SIZE (handlers)
	    && handlers[event->kind] != NULL)
		handlers[event->kind](s, event);
}

void
summary_lost (struct summary *s, int had_usage)
{
	s->lost_line |= had_usage;
	s->degraded = 1;
}

void
summary_unread (struct summary *s)
{
	static const struct lhk_text absent;

	summary_lost (s, 1);
	tool_counts_lost (&s->tools, NULL);
	s->keeps_answer = final_text_get (&s->final_text).len > 0;
	if (s->claim_stands && s->over)
		return;
	s->claim = 0;
	copy_text (s, &s->stop_reason, &absent, LIMIT_ID);
}

void
summary_lost_call (struct summary *s, const struct lhk_text *parent)
{
	tool_counts_lost (&s->tools, parent);
}

void
summary_set_can_answer (struct summary *s, int can_answer)
{
	s->tools.can_answer = can_answer;
}

void
summary_set_time (struct summary *s, int64_t now_ms)
{
	s->tools.now_ms = now_ms;
}

void
summary_paused (struct summary *s, int64_t from_ms, int64_t ms)
{
	tool_counts_paused (&s->tools, from_ms, ms);
}

void
summary_inherit (struct summary *s, const struct summary *from)
{
	s->tools.can_answer = from->tools.can_answer;
	s->tools.now_ms = from->tools.now_ms;
}

uint32_t
summary_turn (const struct summary *s)
{
	return s->turn;
}

size_t
summary_tools_open (const struct summary *s)
{
	return tool_counts_working (&s->tools);
}

size_t
summary_tasks_open (const struct summary *s)
{
	return s->tools.tasks_open;
}

uint64_t
summary_tool_events (const struct summary *s)
{
	return s->tools.events;
}

int64_t
summary_last_begun (struct summary *s, int tasks_alone)
{
	return tool_counts_last_begun (&s->tools, tasks_alone);
}

int
summary_has_claim (const struct summary *s)
{
	return s->claim_stands && s->over;
}

uint64_t
summary_forgotten (const struct summary *s)
{
	return s->tools.forgotten + usage_forgotten (s->usage);
}

void
summary_sum (struct summary *s, int64_t *ret_tokens, int64_t *ret_cost_nano,
	     int *ret_has_cost)
{
	usage_sum (s->usage, ret_tokens, ret_cost_nano, ret_has_cost);
}

int
summary_usage_scope (const struct summary *s)
{
	return usage_scope (s->usage);
}

struct lhk_text
summary_text (const struct summary *s)
{
	return final_text_get (&s->final_text);
}

/* Usage is complete if the provider reported all of it, or if the run failed
 * before the model did anything.  Neither work nor success comes for no tokens:
 * then the provider does not know, of the whole run or of its last part. */
static int
is_complete (struct summary *s)
{
	const struct lhk_usage_total *totals;
	int64_t tokens, cost;
	int has_cost;

	if (!s->claim_stands || s->lost_line || usage_has_gap (s->usage))
		return 0;
	usage_sum (s->usage, &tokens, &cost, &has_cost);
	if (tokens > 0 || s->worked)
		return tokens > 0 && !s->untold && !s->left_untold;
	return s->claim != LHK_VERDICT_OK
	       || usage_totals (s->usage, &totals) > 0;
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
	if (s->degraded || s->final_text.cut || s->reason.lost
	    || summary_forgotten (s) > 0)
		ret->outcome.flags |= LHK_FLAG_DEGRADED;
	ret->size = sizeof *ret;
	ret->verdict = verdict_of (&ret->outcome, s->claim, makes_claims);
	ret->session_id = text_copy_get (&s->session_id);
	ret->model = text_copy_get (&s->model);
	ret->text = final_text_get (&s->final_text);
	ret->stop_reason = text_copy_get (&s->stop_reason);
	ret->error =
		reason_get (&s->reason, ret->verdict, s->claim, &ret->outcome);
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
	ret->tools_canceled = n->states[LHK_TOOL_CANCELED];
	ret->tools_open = tool_counts_unfinished (n);
}
