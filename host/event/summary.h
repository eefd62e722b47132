/* SPDX-License-Identifier: MIT */
/*
 * summary.h - what is known of a run so far, and its result.
 *
 * It sees every event, in order, after the event was validated and halves of
 * surrogate pairs were joined.  Memory is bounded: the final text has up to
 * TEXT_MAX bytes, the tables up to LIMIT_TRACKED entries.
 *
 * The final text is made of assistant texts of the main thread (no parent, not
 * synthetic), see final_text.h.  A claim ends an answer, and text that comes after
 * it begins the next one, so that the answer of an earlier turn never passes
 * for that of a turn that was cut short.  A text is kept in the form it came
 * in; PLAIN deltas become a JSON body on the way.  What goes beyond TEXT_MAX
 * is cut off, and the result is degraded.
 *
 * A claim stands until new work begins: a session, words of the user, a message
 * of the model or a new tool call; late words of a message, late updates of
 * calls, plans, questions and words of the program do not take it back.  The
 * last claim with a verdict counts, whether it was a terminal one or not.
 */
#ifndef EVENT_SUMMARY_H
#define EVENT_SUMMARY_H

#include <linehook/run.h>

struct summary;

/* ALLOC is borrowed until summary_free; TEXT_MAX is in bytes.  NULL if there
 * is no memory. */
struct summary *summary_new (const struct lhk_alloc *alloc, size_t text_max);

/* S may be NULL. */
void summary_free (struct summary *s);

/* EVENT is borrowed for the call. */
void summary_event (struct summary *s, const struct lhk_event *event);

/* A line or an event was lost: an earlier text must not pass for the final one
 * without a mark.  HAD_USAGE is 1 if there may have been usage in it. */
void summary_lost (struct summary *s, int had_usage);

/*
 * From now on nobody reads the provider's format: texts are its lines as they
 * are, and no answer, unless there is none.  A claim that stands and is a
 * terminal one counts to the end; another one said nothing of what comes now.
 */
void summary_unread (struct summary *s);

/* A line was lost that may have been the end of a tool call in the thread of
 * PARENT; NULL: nobody knows of which thread. */
void summary_lost_call (struct summary *s, const struct lhk_text *parent);

/* 1: somebody may answer what the agent asks; 0, as at first: nobody can. */
void summary_set_can_answer (struct summary *s, int can_answer);

/* The time of the events that follow, in milliseconds; the clock stood still for
 * MS, from FROM_MS on. */
void summary_set_time (struct summary *s, int64_t now_ms);
void summary_paused (struct summary *s, int64_t from_ms, int64_t ms);

/* Take over from FROM what the owner has set: the time, and who can answer. */
void summary_inherit (struct summary *s, const struct summary *from);

/* The turn of the next event: 1, and one more after each claim. */
uint32_t summary_turn (const struct summary *s);

/* Tool calls in progress (tool_counts.h), and background tasks that have
 * not ended. */
size_t summary_tools_open (const struct summary *s);
size_t summary_tasks_open (const struct summary *s);

/* Events of tool calls so far. */
uint64_t summary_tool_events (const struct summary *s);

/* When the last of what is in progress was begun, tool_counts_last_begun. */
int64_t summary_last_begun (struct summary *s, int tasks_alone);

/* What fell out of a full table and left a mark on the result: open calls and
 * tasks, usage of further models. */
uint64_t summary_forgotten (const struct summary *s);

/* Does a claim stand, and was the last one terminal? */
int summary_has_claim (const struct summary *s);

/* What the run has used so far: input and output tokens, and the cost in
 * units of 10^-9 USD, if *ret_has_cost.  Sums stay at INT64_MAX. */
void summary_sum (struct summary *s, int64_t *ret_tokens,
		  int64_t *ret_cost_nano, int *ret_has_cost);

/* What the tokens cover: LHK_SCOPE_SESSION, if any of them may be older than the
 * run, or LHK_SCOPE_RUN. */
int summary_usage_scope (const struct summary *s);

/* The answer so far, absent if there is none; borrowed from S until the next
 * event. */
struct lhk_text summary_text (const struct summary *s);

/*
 * Fill RET, all but its stats.  HOW may be NULL if there was no process;
 * MAKES_CLAIMS is that of verdict_of.  LHK_FLAG_DEGRADED is set in
 * ret->outcome.flags if a line, a part of a text or an entry of a full table
 * was lost.  RET borrows from
 * S, until the next event, and from HOW.
 */
void summary_result (struct summary *s, const struct lhk_outcome *how,
		     int makes_claims, struct lhk_result *ret);

#endif /* EVENT_SUMMARY_H */
