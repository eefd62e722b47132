/* SPDX-License-Identifier: MIT */
/* run_monitor.c - a monitor that is killed or stopped by its own agent. */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/runs.h"
#include "run/run.h"

static void
monitor_killed (void)
{
	const char *file = pids_file ();
	struct trial t;
	int alive;

	trial_begin (&t, 0);
	if (trial_run (&t, AGENT ("pidfile", file, "out", "x", "killparent",
				  "pause"))) {
		TAP_EQ_INT (t.result->outcome.how, LHK_HOW_HOST_ERROR);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_HOST_ERROR);
		CU_ASSERT (t.result->outcome.flags & LHK_FLAG_MONITOR_LOST);
		TAP_EQ_STR (t.text, "x\n");
	}
	/* It dies with its monitor; who reaps it is not ours to say. */
	TAP_EQ_INT (pids_read (file, &alive), 1);
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

/* Neither it nor anybody else can be asked: given up, and named. */
static void
monitor_stopped (void)
{
	const char *file = pids_file ();
	struct trial t;
	int hold[2], alive;

	CU_ASSERT_EQUAL_FATAL (pipe2 (hold, O_CLOEXEC), 0);
	trial_begin (&t, 0);
	t.cancel_on = "x";
	t.opts.grace_ms = 10;
	t.opts.stdin_mode = LHK_STDIN_FD;
	t.opts.stdin_fd = hold[0];
	TAP_EQ_INT (trial_start (&t, AGENT ("pidfile", file, "eof",
					    "stopparent", "out", "x",
					    "pause")), LHK_OK);
	close (hold[0]);
	/* Its pid is known. */
	while (t.run->state != RUN_RUNNING)
		if (lhk_host_dispatch (t.host, 10000) < 0)
			break;
	close (hold[1]);
	if (trial_wait (&t)) {
		TAP_EQ_INT (t.result->outcome.how, LHK_HOW_HOST_ERROR);
		TAP_EQ_INT (t.result->outcome.n_survivors, 1);
		CU_ASSERT (t.result->outcome.survivors[0] > 0);
		CU_ASSERT_PTR_NOT_NULL (strstr (t.notices, "host: "));
		TAP_EQ_STR (t.text, "x\n");
	}
	TAP_EQ_INT (pids_read (file, &alive), 1);
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "an_agent_that_kills_its_monitor_is_host_error_and_dies",
	  monitor_killed },
	{ "a_monitor_that_hangs_is_given_up_and_its_agent_is_named",
	  monitor_stopped },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_monitor", cases);
}
