/* SPDX-License-Identifier: MIT */
/* tiers.h - every containment, for root and for another user. */
#ifndef TESTS_TIERS_H
#define TESTS_TIERS_H

#include "lib/runs.h"
#include "lib/world.h"

struct tier {
	int contain; /* LHK_CONTAIN_* */
	uid_t uid;
	const char *text; /* of the outcome, without "+scope" */
};

extern const struct tier tiers[];

/* The cgroup that the runs of a tier are started in, which that user owns; or
 * "" where there is none. */
extern char tier_cgroup[CGROUP_PATH];

/* FN in a child under each of them, ARG is its number; no cgroup is left. */
void tier_each (void (*fn) (int arg));

/* The outcome names this tier, and nobody as left. */
void tier_check (const struct tier *on, const struct lhk_outcome *o);

/* Lines "up" of a trial. */
int trial_ups (const struct trial *t);

#endif /* TESTS_TIERS_H */
