/* SPDX-License-Identifier: MIT */
/*
 * summary.h - what a run has told so far, and the result made of it.
 *
 * Sees every event after check and join, in order.  Keeps: session id (the
 * first one), model, turn, open tools, open background tasks, counts, the
 * ledger, the last claim, the final text.  Memory: the text up to TEXT_MAX
 * bytes, tables up to LIMIT_TRACKED entries, nothing else.
 *
 * Final text, of assistant texts of the main thread (no parent, not
 * synthetic): the text of the claim; else the last whole one; else the deltas
 * since the last tool event.  A claim ends an answer: text that comes after
 * it begins the next one, so that the answer of an earlier turn never passes
 * for that of a turn that was cut short.  A text is kept in the form it came
 * in and not decoded; PLAIN deltas become a JSON body on the way.  What goes
 * beyond TEXT_MAX is cut off, and the result is degraded.
 *
 * Claimed: nothing but usage, notices and further claims came since a claim.
 * The last claim that said a verdict counts, whether it was terminal or not.
 */
#ifndef EVENT_SUMMARY_H
#define EVENT_SUMMARY_H

#include <linehook/run.h>

struct summary;

struct summary *summary_new (const struct lhk_alloc *alloc, size_t text_max);
void summary_free (struct summary *t);

void summary_event (struct summary *t, const struct lhk_event *event);

/* A line was lost (oversize, unparsed): usage may be incomplete, and an
 * earlier text must not pass for the final one without a mark. */
void summary_lost (struct summary *t);

/* Of the event that comes next: from 1; one more after each claim. */
uint32_t summary_turn (const struct summary *t);

size_t summary_tools_open (const struct summary *t);
size_t summary_tasks_open (const struct summary *t);

/* Claimed, and that claim was a terminal one. */
int summary_claimed (const struct summary *t);
void summary_sum (struct summary *t, int64_t *ret_tokens,
		  int64_t *ret_cost_nano, int *ret_has_cost);

/* The answer so far, for people who wait; absent if there is none. */
struct lhk_text summary_text (const struct summary *t);

/*
 * Fill RET (but for stats).  HOW may be NULL.  MAKES_CLAIMS as in verdict_of.
 * Sets LHK_FLAG_DEGRADED in ret->outcome.flags if a line was lost.  Borrowed
 * from T and HOW.
 */
void summary_result (struct summary *t, const struct lhk_outcome *how,
		     int makes_claims, struct lhk_result *ret);

#endif /* EVENT_SUMMARY_H */
