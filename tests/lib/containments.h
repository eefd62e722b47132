/* SPDX-License-Identifier: MIT */
/* containments.h - run a test under every containment, for root and for another
 * user. */
#ifndef TESTS_CONTAINMENTS_H
#define TESTS_CONTAINMENTS_H

#include "lib/cgroup.h"
#include "lib/trial.h"
#include "lib/child.h"

struct containment {
	int contain; /* LHK_CONTAIN_* */
	uid_t uid;
	const char *text; /* in the outcome, without "+scope" */
};

extern const struct containment containments[];

/* The cgroup that the runs are started in, which the user of the containment
 * owns; "" where there is none. */
extern char containment_cgroup[CGROUP_PATH];

/* Call FN in a child process under each containment, ARG being its index, and
 * assert that no cgroup is left. */
void containment_each (void (*fn) (int arg));

/* Assert that the outcome names this containment and no survivors. */
void containment_check (const struct containment *on,
			const struct lhk_outcome *o);

/* How many lines "up" a trial has printed. */
int trial_count_up (const struct trial *t);

#endif /* TESTS_CONTAINMENTS_H */
