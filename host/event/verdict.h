/* SPDX-License-Identifier: MIT */
/*
 * verdict.h - from what is known to one word (SPEC 3, first rule that holds).
 *
 * A table; a function of its input.
 */
#ifndef EVENT_VERDICT_H
#define EVENT_VERDICT_H

#include <linehook/run.h>

/*
 * CLAIM is the verdict of the provider's last claim, 0 for none; MAKES_CLAIMS
 * whether the plugin's provider claims at all.  HOW may be NULL: no process,
 * which counts as exit status 0.
 */
int verdict_of (const struct lhk_outcome *how, int claim, int makes_claims);

#endif /* EVENT_VERDICT_H */
