/* SPDX-License-Identifier: MIT */
/*
 * run_limits.c - an agent that changes the limits and priorities of those who
 * supervise it.
 */
#include "config.h"

#include <string.h>

#include "lib/containments.h"
#include "lib/machine.h"
#include "lib/pidns.h"

/* ---- where the kernel forbids it ---- */

static void
attack_limits (int arg)
{
	const struct containment *on = &containments[arg];
	struct trial t;

	trial_begin (&t, 0);
	t.opts.contain = on->contain;
	if (trial_run (&t, AGENT ("chokeparent", "chokehost", "starveparent",
				  "reniceuser", "setown", "fork", "(",
				  "chokeparent", ")", "wait", "exit", "3"))) {
		TAP_EQ_INT (t.result->outcome.exit_code, 3);
		TAP_EQ_STR (t.text, "parent refused\nhost refused\n"
				    "parent refused\nuser refused\n"
				    "own done\nparent done\n");
		containment_check (on, &t.result->outcome);
	}
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

static void
out_of_reach (void)
{
	if (machine_has_scope ())
		containment_each (attack_limits);
	else
		tap_skip ("this kernel has no Landlock of ABI 6");
}

/* ---- where it does not ---- */

/* The agent leaves a daemon that ignores signals, in a session of its own. */
static void
check_swept (const struct trial *t, const char *file)
{
	int alive;

	CU_ASSERT (!(t->result->outcome.flags & LHK_FLAG_MONITOR_LOST));
	TAP_EQ_INT (t->result->outcome.n_survivors, 0);
	TAP_EQ_INT (pids_read (file, &alive), 1);
	TAP_EQ_INT (alive, 0);
	TAP_EQ_INT (count_children (), 0);
}

static void
choke_and_leave (int arg)
{
	const char *file = pids_file ();
	struct trial t;

	trial_begin (&t, 0);
	t.opts.contain = containments[arg].contain;
	t.opts.flags = LHK_RUN_UNSCOPED;
	t.opts.drain_ms = 100;
	if (trial_run (&t, AGENT ("daemon", "(", "ignoreall", "pidfile", file,
				  "out", "up", "pause", ")", "sleep", "200",
				  "chokeparent", "exit", "3"))) {
		TAP_EQ_INT (t.result->outcome.exit_code, 3);
		check_swept (&t, file);
	}
	trial_end (&t);
}

static void
monitor_withstands (void)
{
	containment_each (choke_and_leave);
}

static void
choke_and_stay (int arg)
{
	const char *file = pids_file ();
	struct trial t;

	trial_begin (&t, 0);
	t.opts.contain = containments[arg].contain;
	t.opts.flags = LHK_RUN_UNSCOPED;
	t.opts.drain_ms = t.opts.grace_ms = 100;
	t.cancel_on = "parent done";
	if (trial_run (&t, AGENT ("daemon", "(", "ignoreall", "pidfile", file,
				  "pause", ")", "sleep", "200", "chokeparent",
				  "ignoreall", "pause"))) {
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_CANCELED);
		check_swept (&t, file);
	}
	trial_end (&t);
}

static void
cancel_works (void)
{
	containment_each (choke_and_stay);
}

static const struct tap_case cases[] = {
	{ "an_agent_cannot_set_limits_or_priorities_of_its_supervisors",
	  out_of_reach },
	{ "a_monitor_whose_limits_are_0_ends_the_tree", monitor_withstands },
	{ "a_run_whose_monitor_has_limits_of_0_can_be_canceled", cancel_works },
	{ NULL, NULL },
};

int
main (void)
{
	pidns_enter ();
	return tap_run ("run_limits", cases);
}
