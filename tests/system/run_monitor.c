/* SPDX-License-Identifier: MIT */
/* run_monitor.c - a monitor that is killed or stopped by its own agent. */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "lib/trial.h"
#include "lib/pidns.h"
#include "run/run.h"

/* Agents that may signal their monitor. */
static void
unscoped (struct trial *t)
{
	t->opts.contain = LHK_CONTAIN_SUBREAPER;
	t->opts.flags = LHK_RUN_UNSCOPED;
}

static void
check_lost (const struct trial *t, const char *why)
{
	const struct lhk_outcome *o = &t->result->outcome;

	TAP_EQ_INT (o->end_reason, LHK_END_HOST_ERROR);
	TAP_EQ_INT (t->result->verdict, LHK_VERDICT_HOST_ERROR);
	CU_ASSERT (o->flags & LHK_FLAG_MONITOR_LOST);
	TAP_EQ_INT (o->n_survivors, 0);
	CU_ASSERT_PTR_NOT_NULL (strstr (t->notices, why));
}

static void
monitor_killed (void)
{
	const char *file = pids_file ();
	struct trial t;
	int alive;

	trial_begin (&t, 0);
	unscoped (&t);
	if (trial_run (&t, AGENT ("pidfile", file, "out", "x", "killparent",
				  "pause"))) {
		check_lost (&t, "host: the monitor of the run is gone");
		TAP_EQ_STR (t.text, "x\n");
	}
	/* The agent dies with its monitor; another process may reap it. */
	TAP_EQ_INT (pids_read (file, &alive), 1);
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

/* A stopped monitor kills no process, so the host does without it. */
static void
monitor_stopped (void)
{
	const char *file = pids_file ();
	struct trial t;
	int alive;

	trial_begin (&t, 0);
	unscoped (&t);
	t.cancel_on = "x";
	t.opts.grace_ms = 10;
	if (trial_run (&t, AGENT ("pidfile", file, "stopparent", "out", "x",
				  "pause"))) {
		check_lost (&t, "host: the monitor of the run does not answer");
		TAP_EQ_STR (t.text, "x\n");
		CU_ASSERT (t.result->outcome.wall_ms
			   < RUN_KILL_MS + RUN_SCAN_MS + 10000);
	}
	pids_await (file, 1);
	TAP_EQ_INT (pids_read (file, &alive), 1);
	TAP_EQ_INT (alive, 0);
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

/* No time limit is set: the end of the agent is enough to notice. */
static void
monitor_stopped_at_the_end (void)
{
	const char *file = pids_file ();
	struct trial t;
	int alive;

	trial_begin (&t, 0);
	unscoped (&t);
	if (trial_run (&t, AGENT ("daemon", "(", "ignoreall", "pidfile", file,
				  "out", "up", "pause", ")", "sleep", "200",
				  "stopparent", "exit", "3"))) {
		check_lost (&t, "host: the monitor of the run does not answer");
		TAP_EQ_STR (t.text, "up\n");
		CU_ASSERT (t.result->outcome.wall_ms
			   >= 200
				      + (MONITOR_HUNG_CHECKS_STOPPED - 1)
						* MONITOR_HUNG_MS);
	}
	pids_await (file, 1);
	TAP_EQ_INT (pids_read (file, &alive), 1);
	TAP_EQ_INT (alive, 0);
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

/* The monitor is stopped for a moment, as on a very busy machine. */
static void
monitor_slow (void)
{
	struct trial t;

	trial_begin (&t, 0);
	TAP_EQ_INT (trial_start (&t, AGENT ("out", "x", "exit", "3")), LHK_OK);
	while (t.text_len == 0 || t.run->core.state == RUN_STARTING)
		if (lhk_host_dispatch (t.host, 10000) < 0)
			break;
	if (t.run->core.state == RUN_RUNNING) {
		kill (t.run->monitor.client.pid, SIGSTOP);
		while (!t.run->monitor.watchdog.armed
		       && t.run->core.state == RUN_RUNNING)
			if (lhk_host_dispatch (t.host, 10000) < 0)
				break;
		while (t.run->monitor.hung_checks
			       < MONITOR_HUNG_CHECKS_STOPPED - 1
		       && t.run->core.state == RUN_RUNNING)
			if (lhk_host_dispatch (t.host, 10000) < 0)
				break;
		kill (t.run->monitor.client.pid, SIGCONT);
	}
	if (trial_wait (&t)) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_EXITED);
		TAP_EQ_INT (t.result->outcome.exit_code, 3);
	}
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "an_agent_that_kills_its_monitor_is_host_error_and_dies",
	  monitor_killed },
	{ "a_monitor_that_hangs_is_given_up_and_its_agent_dies",
	  monitor_stopped },
	{ "a_monitor_that_hangs_is_noticed_when_its_agent_ends",
	  monitor_stopped_at_the_end },
	{ "a_monitor_that_is_late_is_waited_for", monitor_slow },
	{ NULL, NULL },
};

static int
tests (void)
{
	return tap_run ("run_monitor", cases);
}

int
main (void)
{
	return pidns_run (tests);
}
