/* SPDX-License-Identifier: MIT */
/*
 * run_idle.c - what counts as silence, and what as being done.
 *
 * The clock of the day jumps back and forth by an hour at each look, for all
 * of this program.
 */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/trial.h"
#include "run/run.h"

int __real_clock_gettime (clockid_t clock, struct timespec *ts);
int __wrap_clock_gettime (clockid_t clock, struct timespec *ts);

static unsigned int looks;

int
__wrap_clock_gettime (clockid_t clock, struct timespec *ts)
{
	int r = __real_clock_gettime (clock, ts);

	if (clock == CLOCK_REALTIME)
		ts->tv_sec += ++looks % 2 == 0 ? 3600 : -3600;
	return r;
}

static void
clock_of_the_day (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.total_ms = 300;
	t.opts.idle_ms = 100000;
	if (trial_run (&t, WORDS ("sleep", "10"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_TIMEOUT);
		CU_ASSERT (t.result->outcome.wall_ms >= 300);
		CU_ASSERT (t.result->outcome.wall_ms < 15000);
	}
	CU_ASSERT (looks > 0);
	if (trial_run (&t, WORDS ("sleep", "0.1"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_EXITED);
		CU_ASSERT (t.result->outcome.wall_ms < 15000);
	}
	trial_end (&t);
}

static void
never_a_byte (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.idle_ms = 300;
	if (trial_run (&t, AGENT ("pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_IDLE);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_STALLED);
		CU_ASSERT (t.result->outcome.wall_ms >= 300);
		CU_ASSERT_PTR_NOT_NULL (strstr (t.notices, "stall: no output"
							   " for 1"));
	}
	trial_end (&t);
}

/* Words on stderr alone, nearer to each other than half of the time. */
static void
stderr_alone (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.idle_ms = 3000;
	if (trial_run (&t, WORDS ("sh", "-c",
				  "for i in 1 2 3 4 5 6 7; do"
				  " sleep 0.5; echo x >&2; done"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_EXITED);
		CU_ASSERT (t.result->outcome.wall_ms >= 3500);
	}
	trial_end (&t);
}

static void
open_for_ever (void)
{
	struct trial t;

	/* Nothing but the total time ends it, and no notice warns of it. */
	trial_begin (&t, LHK_PLUGIN_CLAIMS);
	t.opts.idle_ms = 2000;
	t.opts.total_ms = 3500;
	if (trial_run (&t, AGENT ("out", "TOOL+ 1", "pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_TIMEOUT);
		CU_ASSERT_PTR_NULL (strstr (t.notices, "stall"));
	}
	t.opts.idle_ms = 2000;
	t.opts.total_ms = 3500;
	if (trial_run (&t, AGENT ("out", "TASK+ 1", "out", "CLAIM", "pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_TIMEOUT);
		CU_ASSERT_PTR_NULL (strstr (t.notices, "stall"));
	}
	/* After a claim a tool that is open was not closed, that is all. */
	t.opts.linger_ms = 0;
	t.opts.idle_ms = 100;
	if (trial_run (&t, AGENT ("out", "TOOL+ 1", "out", "CLAIM", "pause")))
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_IDLE);
	trial_end (&t);
}

static void
task_after_claim (void)
{
	struct trial t;

	/* It is waited for, and then the agent still has its time to leave. */
	trial_begin (&t, LHK_PLUGIN_CLAIMS);
	t.opts.linger_ms = 150;
	t.opts.idle_ms = 2000;
	if (trial_run (&t, AGENT ("out", "TASK+ 1", "out", "CLAIM", "sleep",
				  "2500", "out", "TASK- 1", "pause"))) {
		CU_ASSERT (t.result->outcome.wall_ms >= 2500);
		CU_ASSERT (t.result->outcome.end_reason == LHK_END_LINGER
			   || t.result->outcome.end_reason == LHK_END_IDLE);
	}
	t.opts.linger_ms = 150;
	if (trial_run (&t, AGENT ("out", "TASK+ 1", "out", "CLAIM", "sleep",
				  "500", "out", "TASK- 1", "pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_LINGER);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
	}
	trial_end (&t);
}

static void
new_turn (void)
{
	struct trial t;

	/* The second turn is longer than the time to leave after the first;
	 * its own claim gives that time anew. */
	trial_begin (&t, LHK_PLUGIN_CLAIMS);
	t.opts.linger_ms = 2000;
	if (trial_run (&t, AGENT ("out", "CLAIM", "sleep", "50", "out", "more",
				  "sleep", "2500", "out", "CLAIM", "pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_LINGER);
		CU_ASSERT (t.result->outcome.wall_ms >= 4500);
	}
	/* Also when turn and claim come in one piece. */
	t.opts.linger_ms = 2500;
	if (trial_run (&t, WORDS ("sh", "-c",
				  "echo CLAIM; sleep 0.5; printf"
				  " 'more\\nCLAIM\\n'; exec sleep 60"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_LINGER);
		CU_ASSERT (t.result->outcome.wall_ms >= 3000);
	}
	trial_end (&t);
}

/* The shorter one of the two clocks ends an agent that is done. */
static void
idle_after_claim (void)
{
	struct trial t;

	trial_begin (&t, LHK_PLUGIN_CLAIMS);
	t.opts.linger_ms = 60000;
	t.opts.idle_ms = 300;
	if (trial_run (&t, AGENT ("out", "CLAIM", "pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_LINGER);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
		TAP_EQ_INT (t.result->outcome.flags,
			    LHK_FLAG_HUNG_AFTER_RESULT);
	}
	/* A task that is open for too long is not done. */
	t.opts.linger_ms = 60000;
	t.opts.idle_ms = 300;
	t.opts.tool_ms = 300;
	if (trial_run (&t, AGENT ("out", "TASK+ 1", "out", "CLAIM", "pause")))
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_IDLE);
	trial_end (&t);
}

/* What is no event does not keep an agent that is done. */
static void
noise_after_claim (void)
{
	struct trial t;

	trial_begin (&t, LHK_PLUGIN_CLAIMS);
	t.opts.linger_ms = 500;
	t.opts.total_ms = 15000;
	if (trial_run (&t, WORDS ("sh", "-c",
				  "echo CLAIM; while :; do printf"
				  " x; sleep 0.1; done")))
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_LINGER);
	trial_end (&t);
}

static void
await_text (struct trial *t)
{
	while (t->text_len == 0 || t->run->core.state != RUN_RUNNING)
		if (lhk_host_dispatch (t->host, 10000) < 0)
			break;
}

/* The host stood still, and whatever froze it may have frozen the agent. */
static void
nobody_listened (void)
{
	struct trial t;
	int hold[2];

	CU_ASSERT_EQUAL_FATAL (pipe2 (hold, O_CLOEXEC), 0);
	trial_begin (&t, 0);
	t.opts.idle_ms = 2500;
	t.opts.stdin_mode = LHK_STDIN_FD;
	t.opts.stdin_fd = hold[0];
	TAP_EQ_INT (trial_start (&t, AGENT ("out", "up", "eof", "out", "late")),
		    LHK_OK);
	close (hold[0]);
	await_text (&t);
	poll (NULL, 0, 4000);
	CU_ASSERT (lhk_host_dispatch (t.host, 0) >= 0);
	close (hold[1]);
	if (trial_wait (&t)) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_EXITED);
		TAP_EQ_STR (t.text, "up\nlate\n");
	}
	trial_end (&t);
}

/* The clock is over before what waits in the pipe is read. */
static void
unread (void)
{
	struct trial t;
	int hold[2];

	CU_ASSERT_EQUAL_FATAL (pipe2 (hold, O_CLOEXEC), 0);
	trial_begin (&t, 0);
	t.opts.idle_ms = 60000;
	t.opts.stdin_mode = LHK_STDIN_FD;
	t.opts.stdin_fd = hold[0];
	TAP_EQ_INT (trial_start (&t, AGENT ("out", "up", "eof", "out", "late",
					    "pause")),
		    LHK_OK);
	close (hold[0]);
	await_text (&t);
	close (hold[1]);
	while (!pipe_has_more (&t.run->output.out))
		poll (NULL, 0, 1);
	t.run->timers.active_ms -= 60000;
	loop_disarm (t.run->core.loop, &t.run->timers.limits[RUN_TIMER_IDLE]);
	t.run->timers.limits[RUN_TIMER_IDLE].deadline_ms =
		loop_now (t.run->core.loop);
	loop_enter (t.run->core.loop);
	t.run->timers.limits[RUN_TIMER_IDLE].fire (
		&t.run->timers.limits[RUN_TIMER_IDLE]);
	loop_leave (t.run->core.loop);
	TAP_EQ_INT (t.run->core.cause, 0);
	CU_ASSERT (t.run->timers.limits[RUN_TIMER_IDLE].armed);
	lhk_run_cancel (t.run, 0);
	if (trial_wait (&t))
		TAP_EQ_STR (t.text, "up\nlate\n");
	trial_end (&t);
}

/* Every clock of ours gives way to an exit that waits to be heard. */
static void
exit_first (void)
{
	struct trial t;
	int i;

	trial_begin (&t, LHK_PLUGIN_CLAIMS);
	for (i = 0; i < 3; i++) {
		t.opts.total_ms = i == 0 ? 1000 : 0;
		t.opts.idle_ms = i == 1 ? 1000 : 0;
		t.opts.linger_ms = i == 2 ? 1000 : 0;
		TAP_EQ_INT (
			trial_start (&t, AGENT ("out", "CLAIM", "exit", "3")),
			LHK_OK);
		zombies_await (1);
		t.run->timers.active_ms -= 100000;
		loop_arm (t.run->core.loop,
			  i == 0   ? &t.run->timers.limits[RUN_TIMER_TOTAL]
			  : i == 1 ? &t.run->timers.limits[RUN_TIMER_IDLE]
				   : &t.run->timers.limits[RUN_TIMER_LINGER],
			  0);
		poll (NULL, 0, 5);
		if (trial_wait (&t)) {
			TAP_EQ_INT (t.result->outcome.end_reason,
				    LHK_END_EXITED);
			TAP_EQ_INT (t.result->outcome.exit_code, 3);
			TAP_EQ_INT (t.result->outcome.flags, 0);
		}
	}
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "the_clock_of_the_day_is_no_clock_of_a_run", clock_of_the_day },
	{ "silence_begins_with_the_start", never_a_byte },
	{ "output_on_stderr_is_activity", stderr_alone },
	{ "a_tool_or_task_that_is_never_over_is_ended_by_the_total_time",
	  open_for_ever },
	{ "a_task_after_the_claim_is_waited_for_and_then_the_agent",
	  task_after_claim },
	{ "the_idle_limit_ends_what_lingers_as_linger_does", idle_after_claim },
	{ "a_new_turn_withdraws_the_claim_and_makes_its_own", new_turn },
	{ "output_after_a_claim_does_not_keep_the_agent_alive",
	  noise_after_claim },
	{ "time_in_which_nobody_listened_is_no_silence", nobody_listened },
	{ "what_was_not_read_yet_is_no_silence", unread },
	{ "an_exit_that_waits_is_before_any_clock", exit_first },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_idle", cases);
}
