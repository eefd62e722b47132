/* SPDX-License-Identifier: MIT */
/*
 * usage.h - the ledger: usage events in, one total per model out.
 *
 * The total of a model is its last RUN or SESSION value, plus the TURN values
 * since then, plus the CALL values since the last TURN.  Of several values
 * with one scope, model and id the last counts.  A TURN covers all CALLs before
 * it, of every model; a RUN or SESSION covers all before it.  The last
 * LIMIT_USAGE_IDS ids are told apart; older values are added up for good, and
 * what comes under their ids later is not counted, but told.  A TURN or larger
 * value without any number tells of usage that is not known.  Sums stay at
 * INT64_MAX.
 */
#ifndef EVENT_USAGE_H
#define EVENT_USAGE_H

#include <linehook/run.h>

struct usage;

/* ALLOC is borrowed until usage_free.  NULL if there is no memory. */
struct usage *usage_new (const struct lhk_alloc *alloc);

/* U may be NULL. */
void usage_free (struct usage *u);

/* Add EV, which is borrowed for the call.  Without memory for its model or its
 * id the value is added to a total all the same, never lost. */
void usage_add (struct usage *u, const struct lhk_ev_usage *ev);

/* The totals by model, in order of first appearance.  Returns how many there
 * are; *ret is borrowed from U until the next call on it. */
size_t usage_totals (struct usage *u, const struct lhk_usage_total **ret);

/* Is a part of the usage not known: does a value that counts lack its input or
 * its output tokens, or the cost that others of its model have, or could it not
 * be counted? */
int usage_has_gap (struct usage *u);

/* Values of further models than there is room for, which count without one, and
 * values that could not be counted. */
uint64_t usage_forgotten (const struct usage *u);

/* LHK_SCOPE_SESSION if any total contains a SESSION value, else
 * LHK_SCOPE_RUN. */
int usage_scope (const struct usage *u);

/* The sum over all models: input and output tokens, and the cost in units of
 * 10^-9 USD, if *ret_has_cost. */
void usage_sum (struct usage *u, int64_t *ret_tokens, int64_t *ret_cost_nano,
		int *ret_has_cost);

#endif /* EVENT_USAGE_H */
