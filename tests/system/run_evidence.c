/* SPDX-License-Identifier: MIT */
/* run_evidence.c - what the monitor's records come to; fake.c says them. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "lib/trial.h"
#include "run/run.h"

#define BEGINS "hello", "await", "started"
#define FAKE(...) ((const char *const[]){ "x", __VA_ARGS__, NULL })

static void
cpu_limit (void)
{
	const struct lhk_rlimit two = { RLIMIT_CPU, 0, 2 };
	struct trial t;

	trial_begin (&t, 0);
	t.opts.limits = &two;
	t.opts.n_limits = 1;
	if (trial_run (&t, FAKE (BEGINS, "cpu", "2000100", "exited", "9",
				 "empty"))) {
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_KILLED);
		TAP_EQ_STR (t.notices, "host: the agent was ended by its limit"
				       " cpu: its 2 s were used up\n");
	}
	t.opts.limits = &two;
	t.opts.n_limits = 1;
	if (trial_run (&t, FAKE (BEGINS, "cpu", "1999999", "exited", "24",
				 "empty")))
		CU_ASSERT_PTR_NOT_NULL (strstr (t.notices, "limit cpu"));
	/* Killed, and far from its limit. */
	t.opts.limits = &two;
	t.opts.n_limits = 1;
	if (trial_run (&t,
		       FAKE (BEGINS, "cpu", "1500000", "exited", "9", "empty")))
		TAP_EQ_STR (t.notices, "");
	/* Without a limit, and with another end. */
	if (trial_run (&t,
		       FAKE (BEGINS, "cpu", "9000000", "exited", "9", "empty")))
		TAP_EQ_STR (t.notices, "");
	t.opts.limits = &two;
	t.opts.n_limits = 1;
	if (trial_run (&t, FAKE (BEGINS, "cpu", "2000100", "exited", "256",
				 "empty")))
		TAP_EQ_STR (t.notices, "");
	trial_end (&t);
}

static void
file_limit (void)
{
	const struct lhk_rlimit small = { RLIMIT_FSIZE, 0, 4096 };
	struct trial t;
	char status[16];

	snprintf (status, sizeof status, "%d", SIGXFSZ);
	trial_begin (&t, 0);
	t.opts.limits = &small;
	t.opts.n_limits = 1;
	if (trial_run (&t, FAKE (BEGINS, "exited", status, "empty")))
		TAP_EQ_STR (t.notices,
			    "host: the agent was ended by its limit fsize: a "
			    "file would have had more than 4096 bytes\n");
	if (trial_run (&t, FAKE (BEGINS, "exited", status, "empty")))
		TAP_EQ_STR (t.notices, "");
	trial_end (&t);
}

static void
oom_kill_of_agent (void)
{
	struct trial t;

	trial_begin (&t, 0);
	if (trial_run (&t, FAKE (BEGINS, "oom", "1", "exited", "9", "dead", "1",
				 "empty"))) {
		TAP_EQ_INT (t.result->outcome.oom, 1);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OOM);
		TAP_EQ_STR (t.notices, "");
	}
	trial_end (&t);
}

static void
oom_kill_of_others (void)
{
	struct trial t;

	trial_begin (&t, 0);
	if (trial_run (&t,
		       FAKE (BEGINS, "exited", "0", "dead", "3", "empty"))) {
		TAP_EQ_INT (t.result->outcome.oom, 0);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
		TAP_EQ_STR (t.notices, "host: 3 processes of the run were"
				       " killed because memory ran out\n");
	}
	trial_end (&t);
}

static void
oom_without_kill (void)
{
	struct trial t;

	trial_begin (&t, 0);
	if (trial_run (&t, FAKE (BEGINS, "oom", "1", "exited", "256", "empty")))
		TAP_EQ_INT (t.result->outcome.oom, 0);
	trial_end (&t);
}

/* It hangs, or leaves, wherever it is: each state has its clock. */
static void
helper_hangs (void)
{
	const char *const *const words[] = {
		FAKE ("pause"),
		FAKE ("hello", "await", "pause"),
		FAKE (BEGINS, "exited", "0", "pause"),
		FAKE ("hello", "await", "failed", "pause"),
		FAKE (BEGINS, "exited", "0", "empty", "pause"),
	};
	struct trial t;
	size_t i;

	trial_begin (&t, 0);
	for (i = 0; i < sizeof words / sizeof words[0]; i++) {
		tap_note ("words %zu", i);
		t.opts.drain_ms = 50;
		if (trial_start (&t, words[i]) != LHK_OK)
			break;
		while (i >= 2 && t.run->core.state < RUN_DRAINING)
			if (lhk_host_dispatch (t.host, 10000) < 0)
				break;
		/* Whatever clock it is, it is there; let it be over. */
		while (lhk_run_result (t.run) == NULL) {
			CU_ASSERT (t.run->timers.phase.armed || i == 4);
			if (t.run->timers.phase.armed
			    && t.run->core.state != RUN_SCANNING)
				loop_arm (t.run->core.loop,
					  &t.run->timers.phase, 1);
			if (lhk_host_dispatch (t.host, 10000) < 0)
				break;
		}
		if (trial_wait (&t))
			TAP_EQ_INT (t.result->outcome.end_reason,
				    i == 4 ? LHK_END_EXITED
					   : LHK_END_HOST_ERROR);
	}
	trial_end (&t);
	TAP_EQ_INT (count_children (), 0);
}

static void
helper_leaves (void)
{
	const char *const *const words[] = {
		FAKE ("hello"),
		FAKE ("hello", "await"),
		FAKE (BEGINS),
		FAKE ("hello", "await", "failed"),
		FAKE (BEGINS, "exited", "0"),
	};
	struct trial t;
	size_t i;

	trial_begin (&t, 0);
	for (i = 0; i < sizeof words / sizeof words[0]; i++) {
		tap_note ("words %zu", i);
		if (trial_run (&t, words[i])) {
			TAP_EQ_INT (t.result->outcome.end_reason,
				    LHK_END_HOST_ERROR);
			CU_ASSERT (t.result->outcome.flags
				   & LHK_FLAG_MONITOR_LOST);
		}
	}
	trial_end (&t);
	TAP_EQ_INT (count_children (), 0);
}

/* Its last word in the wrong place still ends the run. */
static void
empty_too_early (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.total_ms = 200;
	t.opts.grace_ms = 50;
	if (trial_start (&t, FAKE (BEGINS, "empty")) == LHK_OK) {
		/* A busy machine may be through with that in one turn. */
		while (t.run->core.state != RUN_KILLING
		       && t.run->result == NULL)
			if (lhk_host_dispatch (t.host, 10000) < 0)
				break;
		if (t.run->core.state == RUN_KILLING)
			loop_arm (t.run->core.loop, &t.run->timers.phase, 1);
		trial_wait (&t);
	}
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "a_limit_of_cpu_time_that_ended_the_agent_is_named", cpu_limit },
	{ "a_limit_of_file_size_that_ended_the_agent_is_named", file_limit },
	{ "an_oom_kill_of_the_agent_is_its_verdict", oom_kill_of_agent },
	{ "an_oom_kill_of_other_processes_is_a_notice", oom_kill_of_others },
	{ "lack_of_memory_without_a_kill_is_no_oom", oom_without_kill },
	{ "a_helper_that_hangs_is_given_up_in_every_state", helper_hangs },
	{ "a_helper_that_leaves_is_noticed_in_every_state", helper_leaves },
	{ "a_monitor_that_reports_empty_too_early_does_not_hold_the_run",
	  empty_too_early },
	{ NULL, NULL },
};

int
main (void)
{
	char path[4096];
	const char *agent = trial_agent ();
	const char *slash = strrchr (agent, '/');

	snprintf (path, sizeof path, "%.*s/fake",
		  (int) (slash == NULL ? 1 : slash - agent),
		  slash == NULL ? "." : agent);
	setenv ("LINEHOOK_EXEC", path, 1);
	return tap_run ("run_evidence", cases);
}
