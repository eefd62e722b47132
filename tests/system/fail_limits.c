/* SPDX-License-Identifier: MIT */
/*
 * fail_limits.c - a start without enough descriptors or processes, refused by
 * the kernel itself at each tmp.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/faults.h"
#include "lib/leaks.h"
#include "lib/scenario.h"
#include "lib/tap.h"

#define MOST 40

static struct observed baseline, observed;
static int resource;
static rlim_t limit;

static void
arm (struct scenario_env *env, void *user)
{
	struct rlimit rl;

	(void) env;
	(void) user;
	if (resource < 0)
		return;
	getrlimit (resource, &rl);
	rl.rlim_cur = limit;
	setrlimit (resource, &rl);
}

static void
disarm (struct scenario_env *env, void *user)
{
	struct rlimit rl;

	(void) env;
	(void) user;
	if (resource < 0)
		return;
	getrlimit (resource, &rl);
	rl.rlim_cur = rl.rlim_max;
	setrlimit (resource, &rl);
}

/* 0: the run ended as it does without a limit; 1: it was refused with a
 * sentence; 2: neither. */
static int
run_limited (const struct scenario *scenario, int which, rlim_t value)
{
	struct scenario_fault f = { arm, disarm, NULL, NULL };
	const char *complaint;

	resource = which;
	limit = value;
	complaint = scenario_run (scenario, &f, &observed);
	if (complaint == NULL)
		complaint = scenario_check (&observed, &baseline,
					    observed.code == LHK_ENOMEM ? 0
					    : which == RLIMIT_NPROC	? EAGAIN
								    : EMFILE,
					    0);
	if (complaint != NULL) {
		tap_note ("limit %llu: %s", (unsigned long long) value,
			  complaint);
		tap_note ("    %s", scenario_describe (&observed));
		return 2;
	}
	return observed.code != LHK_OK || observed.verdict != baseline.verdict;
}

static int
run_baseline (const struct scenario *scenario)
{
	struct scenario_fault f = { arm, disarm, NULL, NULL };

	resource = -1;
	return scenario_run (scenario, &f, &baseline) == NULL ? 0 : 2;
}

/* Allow K descriptors more than are open, until that is enough. */
static void
few_descriptors (void)
{
	const struct scenario *scenario;
	int k, r, refused;
	int base = count_fds ();

	for (scenario = scenarios; strcmp (scenario->name, "cancel") != 0;
	     scenario++) {
		CU_ASSERT_EQUAL (run_baseline (scenario), 0);
		refused = 0;
		/* The monitor raises its own limit. */
		for (k = 1, r = 1; k < MOST && r != 0; k++) {
			r = run_limited (scenario, RLIMIT_NOFILE,
					 (rlim_t) (base + k));
			CU_ASSERT_NOT_EQUAL (r, 2);
			refused += r == 1;
		}
		CU_ASSERT (refused > 5);
		CU_ASSERT (k < MOST);
		tap_note ("%s: refused with %d limits", scenario->name,
			  refused);
	}
}

/* The limit counts all processes of this user, so the first K that is enough is
 * searched. */
static int
as_nobody (void)
{
	const struct scenario *scenario = scenarios;
	int k, r = 1, refused = 0;

	if (child_become_user (NOBODY) < 0)
		return 3;
	if (run_baseline (scenario) != 0)
		return 4;
	for (k = 0; k < MOST && r != 0; k++) {
		r = run_limited (scenario, RLIMIT_NPROC, (rlim_t) k);
		if (r == 2)
			return 5;
		refused += r;
	}
	return refused >= 2 && r == 0 ? 0 : 6;
}

static void
few_processes (void)
{
	int status = -1;
	pid_t pid;

	if (geteuid () != 0) {
		tap_skip ("needs root, to become a user without processes");
		return;
	}
	child_copy_programs ();
	pid = fork ();
	if (pid == 0)
		_exit (as_nobody ());
	CU_ASSERT_EQUAL (waitpid (pid, &status, 0), pid);
	TAP_EQ_INT (status, 0);
}

static const struct tap_case cases[] = {
	{ "a_start_without_descriptors_is_refused_with_a_sentence",
	  few_descriptors },
	{ "a_start_without_processes_is_refused_with_a_sentence",
	  few_processes },
	{ NULL, NULL },
};

int
main (void)
{
	scenario_init ();
	return tap_run ("fail_limits", cases);
}
