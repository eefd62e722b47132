/* SPDX-License-Identifier: MIT */
/*
 * usage.h - the ledger: usage events in, one total per model out.
 *
 * Rules (SPEC 3; linehook-events(7)).  Per model: the last RUN or SESSION
 * value, plus the TURN values since then, plus the CALL values since the last
 * TURN.  Of several values with one scope, model and id the last counts.  A
 * TURN covers all CALLs before it, of every model; a RUN or SESSION covers all
 * before it.  Sums saturate.  The last LIMIT_TRACKED ids are told apart; older
 * ones are added up for good.
 */
#ifndef EVENT_USAGE_H
#define EVENT_USAGE_H

#include <linehook/run.h>

struct usage;

struct usage *usage_new (const struct lhk_alloc *alloc);
void usage_free (struct usage *u);

/* No memory: the value is added to a total without a model, never lost. */
void usage_add (struct usage *u, const struct lhk_ev_usage *ev);

/* Totals by model, in order of first appearance; valid until the next call. */
size_t usage_totals (struct usage *u, const struct lhk_usage_total **ret);

/* LHK_SCOPE_SESSION if any total contains a SESSION value, else RUN. */
int usage_scope (const struct usage *u);

/* input + output of all models, and cost; for budgets.  Saturating. */
void usage_sum (struct usage *u, int64_t *ret_tokens, int64_t *ret_cost_nano,
		int *ret_has_cost);

#endif /* EVENT_USAGE_H */
