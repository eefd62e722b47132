/* SPDX-License-Identifier: MIT */
/*
 * verdict.h - one word for how a run went, from all that is known of it.
 *
 * A table of rules, of which the first that fits decides: what the host did or
 * could not do comes first, then what the kernel did, then what the provider
 * claims, then the exit status.
 */
#ifndef EVENT_VERDICT_H
#define EVENT_VERDICT_H

#include <linehook/run.h>

/*
 * Returns LHK_VERDICT_*.  CLAIM is the verdict of the provider's last claim, 0
 * if there was none; MAKES_CLAIMS is 1 if its plugin promises that there is
 * one at the end of each run.  HOW may be NULL: without a process the exit
 * status counts as 0.
 */
int verdict_of (const struct lhk_outcome *how, int claim, int makes_claims);

#endif /* EVENT_VERDICT_H */
