/* SPDX-License-Identifier: MIT */
/* containments.c - every containment, for root and for another user. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/child.h"
#include "lib/containments.h"
#include "lib/machine.h"

const struct containment containments[] = {
	{ LHK_CONTAIN_CGROUP, 0, "cgroup" },
	{ LHK_CONTAIN_CGROUP, NOBODY, "cgroup" },
	{ LHK_CONTAIN_PIDNS, 0, "pidns" },
	{ LHK_CONTAIN_PIDNS, NOBODY, "pidns" },
	{ LHK_CONTAIN_SUBREAPER, 0, "subreaper" },
	{ LHK_CONTAIN_SUBREAPER, NOBODY, "subreaper" },
};

#define N_CONTAINMENTS ((int) (sizeof containments / sizeof containments[0]))

char containment_cgroup[CGROUP_PATH];

void
containment_each (void (*fn) (int arg))
{
	int i, has;

	for (i = 0; i < N_CONTAINMENTS; i++) {
		has = cgroup_make (NULL, containments[i].uid,
				   containment_cgroup);
		if (!has)
			containment_cgroup[0] = '\0';
		if (!machine_has_containment (containments[i].contain,
					      containments[i].uid)) {
			tap_skip (machine_lacks_containment (
				containments[i].contain));
			if (has)
				cgroup_remove_empty (containment_cgroup);
			continue;
		}
		child_run_as (fn, i, containments[i].uid,
			      has ? containment_cgroup : NULL);
		if (has) {
			cgroup_remove_empty (containment_cgroup);
		}
	}
}

void
containment_check (const struct containment *on, const struct lhk_outcome *o)
{
	char text[32];

	snprintf (text, sizeof text, "%s%s", on->text,
		  machine_has_scope () ? "+scope" : "");
	TAP_EQ_STR (o->contain == NULL ? "" : o->contain, text);
	TAP_EQ_INT (o->n_survivors, 0);
	if (o->detail != NULL)
		tap_note ("%s", o->detail);
}

int
trial_count_up (const struct trial *t)
{
	const char *p = t->text;
	int n = 0;

	while (p != NULL && (p = strstr (p, "up\n")) != NULL) {
		n++;
		p += 3;
	}
	return n;
}
