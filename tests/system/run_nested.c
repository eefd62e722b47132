/* SPDX-License-Identifier: MIT */
/* run_nested.c - linehook inside of an agent: a fence within a fence, a cgroup
 * within a cgroup. */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cgroup.h"
#include "lib/machine.h"
#include "lib/pidns.h"
#include "lib/trial.h"
#include "lib/child.h"

static const int containments[] = { LHK_CONTAIN_CGROUP, LHK_CONTAIN_PIDNS,
				    LHK_CONTAIN_SUBREAPER };

#define N_CONTAINMENTS ((int) (sizeof containments / sizeof containments[0]))

static char ours[CGROUP_PATH];

#define INNER(...)                                                             \
	WORDS (getenv ("LINEHOOK"), "run", "--plugin-dir",                     \
	       getenv ("PLUGIN_DIR"), "-p", "raw", "--format", "raw",          \
	       "--grace", "50ms", "--drain", "50ms", "--exit", "child", "--",  \
	       trial_agent (), __VA_ARGS__)

/* The inner agent can reach neither monitor, and its exit comes through. */
static void
works (int tier)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.contain = tier;
	if (trial_run (&t, INNER ("killparent", "daemon", "(", "pause", ")",
				  "out", "x", "exit", "3"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_EXITED);
		TAP_EQ_INT (t.result->outcome.exit_code,
			    machine_has_scope () ? 3 : 125);
		if (machine_has_scope ())
			TAP_EQ_STR (t.text, "x\n");
	}
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

/* Both at once: the inner monitor cannot tidy up any more. */
static void
killed (int tier)
{
	struct pollfd p = { .events = 0 };
	struct trial t;
	int hold[2];

	CU_ASSERT_EQUAL_FATAL (pipe2 (hold, O_CLOEXEC), 0);
	trial_begin (&t, 0);
	t.cancel_on = "up";
	t.cancel_times = 2;
	t.opts.contain = tier;
	t.opts.stdin_mode = LHK_STDIN_FD;
	t.opts.stdin_fd = hold[0];
	TAP_EQ_INT (
		trial_start (&t, INNER ("ignoreall", "daemon", "(", "ignoreall",
					"pause", ")", "out", "up", "pause")),
		LHK_OK);
	close (hold[0]);
	if (trial_wait (&t)) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_CANCELED);
		TAP_EQ_INT (t.result->outcome.n_survivors, 0);
	}
	p.fd = hold[1];
	TAP_EQ_INT (poll (&p, 1, 0), 1);
	close (hold[1]);
	trial_end (&t);
}

static void
in_all (void (*fn) (int tier))
{
	int i, has;

	for (i = 0; i < N_CONTAINMENTS; i++) {
		if (!machine_has_containment (containments[i], 0))
			continue;
		has = cgroup_make (NULL, 0, ours);
		child_run_as (fn, containments[i], 0, has ? ours : NULL);
		if (!has)
			continue;
		TAP_EQ_INT (cgroup_count (ours), 0);
		cgroup_remove (ours);
	}
}

static void
nested (void)
{
	in_all (works);
}

static void
nested_killed (void)
{
	in_all (killed);
}

static const struct tap_case cases[] = {
	{ "a_run_within_a_run_works_in_every_tier", nested },
	{ "a_run_within_a_run_is_killed_with_it", nested_killed },
	{ NULL, NULL },
};

int
main (void)
{
	setenv ("LINEHOOK_EXEC", trial_monitor (), 1);
	pidns_enter ();
	return tap_run ("run_nested", cases);
}
