/* SPDX-License-Identifier: MIT */
/* run_pause.c - an agent that stands still, and its clocks with it. */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/trial.h"
#include "common/procfs.h"
#include "run/run.h"

/* Stopped by a signal, which shows; what a cgroup does does not. */
static int
start_plain (struct trial *t, const char *const *argv)
{
	t->opts.contain = LHK_CONTAIN_SUBREAPER;
	return trial_start (t, argv);
}

static char
state_of (const struct trial *t)
{
	return procfs_state (t->run->monitor.agent);
}

/* Until the agent is stopped, or is not. */
static void
await_stopped (struct trial *t, int stopped)
{
	long long until = now_ms () + 20000;

	while ((t->run->monitor.agent <= 0 || (state_of (t) == 'T') != stopped)
	       && now_ms () < until)
		if (lhk_host_dispatch (t->host, 10) < 0)
			break;
	CU_ASSERT_EQUAL (state_of (t) == 'T', stopped);
}

/* What time the loop is given, whatever happens in it. */
static void
dispatch_for (struct trial *t, int ms)
{
	long long until = now_ms () + ms;

	while (now_ms () < until)
		if (lhk_host_dispatch (t->host, 10) < 0)
			break;
}

static void
stands_still (void)
{
	struct trial t;
	size_t len;
	int i;

	trial_begin (&t, 0);
	TAP_EQ_INT (start_plain (&t, AGENT ("ticks", "10")), LHK_OK);
	for (i = 0; i < 3; i++) {
		trial_await_text (&t, t.text_len + 10);
		TAP_EQ_INT (lhk_run_pause (t.run), LHK_OK);
		TAP_EQ_INT (lhk_run_pause (t.run), LHK_OK);
		await_stopped (&t, 1);
		/* What it said before is heard. */
		dispatch_for (&t, 50);
		len = t.text_len;
		dispatch_for (&t, 100);
		TAP_EQ_INT (t.text_len, len);
		TAP_EQ_INT (lhk_run_resume (t.run), LHK_OK);
		TAP_EQ_INT (lhk_run_resume (t.run), LHK_OK);
		await_stopped (&t, 0);
	}
	trial_await_text (&t, t.text_len + 10);
	lhk_run_cancel (t.run, 0);
	if (trial_wait (&t))
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_CANCELED);
	trial_end (&t);
}

/* However the tree is held together. */
static void
stands_anywhere (void)
{
	struct trial t;
	size_t len;

	trial_begin (&t, 0);
	TAP_EQ_INT (trial_start (&t, AGENT ("ticks", "10")), LHK_OK);
	trial_await_text (&t, 10);
	TAP_EQ_INT (lhk_run_pause (t.run), LHK_OK);
	do {
		len = t.text_len;
		dispatch_for (&t, 300);
	} while (t.text_len != len);
	dispatch_for (&t, 300);
	TAP_EQ_INT (t.text_len, len);
	TAP_EQ_INT (lhk_run_resume (t.run), LHK_OK);
	trial_await_text (&t, t.text_len + 10);
	lhk_run_pause (t.run);
	lhk_run_cancel (t.run, 0);
	if (trial_wait (&t))
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_CANCELED);
	trial_end (&t);
}

/* Each of the three clocks, for longer than it would have run. */
static void
clocks_stand (void)
{
	static const struct {
		uint32_t total, idle, linger;
		int end_reason;
	} clocks[] = {
		{ 2000, 0, 0, LHK_END_TIMEOUT },
		{ 0, 2000, 0, LHK_END_IDLE },
		{ 0, 0, 2000, LHK_END_LINGER },
	};
	struct trial t;
	size_t i;

	trial_begin (&t, LHK_PLUGIN_CLAIMS);
	for (i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
		t.opts.total_ms = clocks[i].total;
		t.opts.idle_ms = clocks[i].idle;
		t.opts.linger_ms = clocks[i].linger;
		TAP_EQ_INT (start_plain (&t, AGENT ("out", "CLAIM", "out", "x",
						    "out", "CLAIM", "pause")),
			    LHK_OK);
		while (t.text_len < 2 || t.run->core.state != RUN_RUNNING)
			if (lhk_host_dispatch (t.host, 10000) < 0)
				break;
		lhk_run_pause (t.run);
		await_stopped (&t, 1);
		dispatch_for (&t, 2500);
		CU_ASSERT_PTR_NULL (lhk_run_result (t.run));
		TAP_EQ_INT (t.run->core.cause, 0);
		CU_ASSERT_PTR_NULL (strstr (t.notices, "stall"));
		lhk_run_resume (t.run);
		if (trial_wait (&t))
			TAP_EQ_INT (t.result->outcome.end_reason,
				    clocks[i].end_reason);
	}
	trial_end (&t);
}

/* A clock that was over when the run was paused is over when it goes on. */
static void
overdue (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.total_ms = 100;
	TAP_EQ_INT (start_plain (&t, AGENT ("pause")), LHK_OK);
	poll (NULL, 0, 200);
	lhk_run_pause (t.run);
	lhk_run_resume (t.run);
	if (trial_wait (&t))
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_TIMEOUT);
	trial_end (&t);
}

/* A relative in another session goes on: what it says does not start a clock
 * that stands, and is no activity of the time after. */
static void
claim_while_paused (void)
{
	struct trial t;
	int hold[2];

	CU_ASSERT_EQUAL_FATAL (pipe2 (hold, O_CLOEXEC), 0);
	trial_begin (&t, LHK_PLUGIN_CLAIMS);
	t.opts.linger_ms = 200;
	t.opts.stdin_mode = LHK_STDIN_FD;
	t.opts.stdin_fd = hold[0];
	TAP_EQ_INT (start_plain (&t, AGENT ("fork", "(", "setsid", "out", "up",
					    "eof", "out", "said", "out",
					    "CLAIM", "pause", ")", "pause")),
		    LHK_OK);
	close (hold[0]);
	trial_await_text (&t, 3);
	lhk_run_pause (t.run);
	await_stopped (&t, 1);
	close (hold[1]);
	trial_await_text (&t, 8);
	dispatch_for (&t, 500);
	TAP_EQ_INT (t.run->core.cause, 0);
	lhk_run_resume (t.run);
	if (trial_wait (&t))
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_LINGER);
	trial_end (&t);
}

static void
cancel_goes_through (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.grace_ms = 100000;
	TAP_EQ_INT (
		start_plain (&t, AGENT ("onterm", "bye", "out", "up", "pause")),
		LHK_OK);
	trial_await_text (&t, 3);
	lhk_run_pause (t.run);
	await_stopped (&t, 1);
	lhk_run_cancel (t.run, 0);
	if (trial_wait (&t)) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_CANCELED);
		TAP_EQ_STR (t.text, "up\nbye\n");
	}
	/* And without a grace. */
	t.opts.grace_ms = 0;
	TAP_EQ_INT (start_plain (&t, AGENT ("pause")), LHK_OK);
	lhk_run_pause (t.run);
	await_stopped (&t, 1);
	lhk_run_cancel (t.run, 0);
	if (trial_wait (&t))
		TAP_EQ_INT (t.result->outcome.signal, SIGKILL);
	trial_end (&t);
}

static void
paused_before_start (void)
{
	struct trial t;
	int i;

	trial_begin (&t, 0);
	for (i = 0; i < 20; i++) {
		TAP_EQ_INT (start_plain (&t, AGENT ("sleep", "50", "out", "x")),
			    LHK_OK);
		TAP_EQ_INT (lhk_run_pause (t.run), LHK_OK);
		await_stopped (&t, 1);
		TAP_EQ_INT (t.run->core.state, RUN_RUNNING);
		lhk_run_resume (t.run);
		if (!trial_wait (&t)
		    || !TAP_EQ_INT (t.result->outcome.end_reason,
				    LHK_END_EXITED))
			break;
	}
	trial_end (&t);
}

static void
resumed_before_start (void)
{
	struct trial t;
	int i;

	trial_begin (&t, 0);
	for (i = 0; i < 20; i++) {
		TAP_EQ_INT (start_plain (&t, AGENT ("out", "x")), LHK_OK);
		lhk_run_pause (t.run);
		lhk_run_resume (t.run);
		if (!trial_wait (&t)
		    || !TAP_EQ_INT (t.result->outcome.end_reason,
				    LHK_END_EXITED))
			break;
	}
	trial_end (&t);
}

static void
paused_after_end (void)
{
	struct trial t;

	trial_begin (&t, 0);
	CU_ASSERT_FATAL (trial_run (&t, AGENT ("out", "x")));
	TAP_EQ_INT (lhk_run_pause (t.run), LHK_OK);
	TAP_EQ_INT (lhk_run_resume (t.run), LHK_OK);
	trial_end (&t);
}

static void
paused_without_run (void)
{
	TAP_EQ_INT (lhk_run_pause (NULL), LHK_EINVAL);
	TAP_EQ_INT (lhk_run_resume (NULL), LHK_EINVAL);
}

/* It ended although it was paused: killed by somebody. */
static void
ends_while_paused (void)
{
	struct trial t;

	trial_begin (&t, 0);
	TAP_EQ_INT (start_plain (&t, AGENT ("pause")), LHK_OK);
	lhk_run_pause (t.run);
	await_stopped (&t, 1);
	kill (t.run->monitor.agent, SIGKILL);
	if (trial_wait (&t)) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_SIGNALED);
		TAP_EQ_INT (lhk_run_resume (t.run), LHK_OK);
	}
	trial_end (&t);
}

static void
freed_while_paused (void)
{
	const char *file = pids_file ();
	struct trial t;
	int alive;

	trial_begin (&t, 0);
	TAP_EQ_INT (start_plain (&t, AGENT ("fork", "(", "pidfile", file,
					    "pause", ")", "pidfile", file,
					    "out", "up", "pause")),
		    LHK_OK);
	trial_await_text (&t, 3);
	lhk_run_pause (t.run);
	await_stopped (&t, 1);
	lhk_run_free (t.run);
	t.run = NULL;
	CU_ASSERT (pids_read (file, &alive) >= 1);
	TAP_EQ_INT (alive, 0);
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

/* The host itself stands still in between, longer than any clock. */
static int
stopped_host (int arg)
{
	struct trial t;
	int bad;

	(void) arg;
	trial_begin (&t, 0);
	t.opts.total_ms = 2000;
	t.opts.idle_ms = 2000;
	if (start_plain (&t, AGENT ("out", "up", "sleep", "50", "exit", "3"))
	    != LHK_OK)
		return 10;
	trial_await_text (&t, 3);
	if (lhk_run_pause (t.run) != LHK_OK)
		return 11;
	raise (SIGSTOP);
	if (lhk_host_dispatch (t.host, 0) < 0 || lhk_run_resume (t.run) < 0)
		return 12;
	if (lhk_run_wait (t.run, 20000) != LHK_OK)
		return 13;
	t.result = lhk_run_result (t.run);
	bad = t.result->outcome.end_reason != LHK_END_EXITED ? 14
	      : t.result->outcome.exit_code != 3	     ? 15
							     : 0;
	trial_end (&t);
	return bad;
}

static void
host_stopped (void)
{
	int status = -1;
	pid_t pid;

	fflush (stdout);
	pid = fork ();
	if (pid == 0)
		_exit (stopped_host (0));
	CU_ASSERT_EQUAL (waitpid (pid, &status, WUNTRACED), pid);
	CU_ASSERT (WIFSTOPPED (status));
	poll (NULL, 0, 2500);
	kill (pid, SIGCONT);
	CU_ASSERT_EQUAL (waitpid (pid, &status, 0), pid);
	TAP_EQ_INT (status, 0);
}

static const struct tap_case cases[] = {
	{ "a_paused_agent_stands_still_and_goes_on", stands_still },
	{ "an_agent_stands_still_however_its_tree_is_held", stands_anywhere },
	{ "no_clock_of_a_paused_run_goes_on", clocks_stand },
	{ "a_clock_that_was_over_before_a_pause_is_over_after_it", overdue },
	{ "a_claim_during_a_pause_starts_its_clock_after_it",
	  claim_while_paused },
	{ "a_cancel_goes_through_a_pause", cancel_goes_through },
	{ "a_run_paused_before_its_agent_starts_stops_when_it_has",
	  paused_before_start },
	{ "a_run_resumed_before_its_agent_starts_is_not_paused",
	  resumed_before_start },
	{ "a_pause_after_the_end_does_nothing", paused_after_end },
	{ "a_pause_without_a_run_is_refused", paused_without_run },
	{ "an_agent_may_end_while_it_is_paused", ends_while_paused },
	{ "a_run_freed_while_it_is_paused_leaves_nothing", freed_while_paused },
	{ "a_host_that_is_stopped_during_a_pause_takes_no_time", host_stopped },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_pause", cases);
}
