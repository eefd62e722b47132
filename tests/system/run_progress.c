/* SPDX-License-Identifier: MIT */
/* run_progress.c - what an embedder can show of a run that goes on. */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "lib/trial.h"

static struct lhk_run_progress
progress_of (const struct trial *t)
{
	struct lhk_run_progress p = LHK_RUN_PROGRESS_INIT;

	TAP_EQ_INT (lhk_run_progress (t->run, &p), LHK_OK);
	return p;
}

static void
await_phase (struct trial *t, int phase)
{
	while (progress_of (t).phase < phase)
		if (lhk_host_dispatch (t->host, 10000) < 0)
			break;
	TAP_EQ_INT (progress_of (t).phase, phase);
}

static void
phases (void)
{
	struct lhk_run_progress p;
	struct trial t;
	int hold[2];

	CU_ASSERT_EQUAL_FATAL (pipe2 (hold, O_CLOEXEC), 0);
	trial_begin (&t, 0);
	t.opts.stdin_mode = LHK_STDIN_FD;
	t.opts.stdin_fd = hold[0];
	TAP_EQ_INT (trial_start (&t, AGENT ("eof", "exit", "3")), LHK_OK);
	close (hold[0]);
	TAP_EQ_INT (progress_of (&t).phase, LHK_PHASE_STARTING);
	TAP_EQ_INT (progress_of (&t).pid, 0);
	await_phase (&t, LHK_PHASE_RUNNING);
	p = progress_of (&t);
	CU_ASSERT (p.pid > 0);
	TAP_EQ_INT (p.has_exit, 0);
	close (hold[1]);
	if (trial_wait (&t)) {
		p = progress_of (&t);
		TAP_EQ_INT (p.phase, LHK_PHASE_ENDED);
		TAP_EQ_INT (p.has_exit, 1);
		TAP_EQ_INT (p.exit_code, 3);
		TAP_EQ_INT (p.wall_ms, t.result->outcome.wall_ms);
	}
	trial_end (&t);
}

/* What it left behind ignores SIGTERM and holds the outputs. */
static void
exited (void)
{
	struct lhk_run_progress p;
	struct trial t;

	trial_begin (&t, 0);
	t.opts.drain_ms = 20000;
	TAP_EQ_INT (trial_start (&t, AGENT ("daemon", "(", "pause", ")", "exit",
					    "4")),
		    LHK_OK);
	await_phase (&t, LHK_PHASE_EXITED);
	p = progress_of (&t);
	TAP_EQ_INT (p.has_exit, 1);
	TAP_EQ_INT (p.exit_code, 4);
	CU_ASSERT_PTR_NULL (lhk_run_result (t.run));
	trial_end (&t);
}

static void
counts (void)
{
	struct lhk_run_progress p;
	struct trial t;

	trial_begin (&t, 0);
	TAP_EQ_INT (trial_start (&t, AGENT ("err", "four", "out", "TOKENS 7",
					    "out", "x", "out", "TOOL+ a", "out",
					    "TASK+ b", "pause")),
		    LHK_OK);
	while (progress_of (&t).stderr_bytes == 0
	       || progress_of (&t).tasks_open == 0)
		if (lhk_host_dispatch (t.host, 10000) < 0)
			break;
	p = progress_of (&t);
	TAP_EQ_INT (p.tokens, 7);
	TAP_EQ_INT (p.tools_open, 1);
	TAP_EQ_INT (p.tasks_open, 1);
	TAP_EQ_INT (p.has_claim, 0);
	TAP_EQ_INT (p.events, t.n_events);
	TAP_EQ_INT (p.stdout_bytes, strlen ("TOKENS 7\nx\nTOOL+ a\nTASK+ b\n"));
	TAP_EQ_INT (p.stderr_bytes, strlen ("four\n"));
	CU_ASSERT (p.silent_ms <= p.wall_ms);
	trial_end (&t);
}

static void
paused (void)
{
	struct trial t;

	trial_begin (&t, 0);
	TAP_EQ_INT (trial_start (&t, AGENT ("pause")), LHK_OK);
	await_phase (&t, LHK_PHASE_RUNNING);
	TAP_EQ_INT (progress_of (&t).paused, 0);
	lhk_run_pause (t.run);
	TAP_EQ_INT (progress_of (&t).paused, 1);
	lhk_run_resume (t.run);
	TAP_EQ_INT (progress_of (&t).paused, 0);
	trial_end (&t);
}

/* A program that was built with an older header has a shorter struct. */
static void
shorter (void)
{
	struct lhk_run_progress p = LHK_RUN_PROGRESS_INIT;
	struct trial t;

	trial_begin (&t, 0);
	TAP_EQ_INT (trial_start (&t, AGENT ("pause")), LHK_OK);
	p.size = offsetof (struct lhk_run_progress, tokens);
	p.tokens = -5;
	TAP_EQ_INT (lhk_run_progress (t.run, &p), LHK_OK);
	TAP_EQ_INT (p.phase, LHK_PHASE_STARTING);
	TAP_EQ_INT (p.tokens, -5);
	TAP_EQ_INT (p.size, offsetof (struct lhk_run_progress, tokens));
	trial_end (&t);
}

static void
refused (void)
{
	struct lhk_run_progress p = LHK_RUN_PROGRESS_INIT;
	struct trial t;

	trial_begin (&t, 0);
	TAP_EQ_INT (trial_start (&t, AGENT ("pause")), LHK_OK);
	TAP_EQ_INT (lhk_run_progress (t.run, NULL), LHK_EINVAL);
	TAP_EQ_INT (lhk_run_progress (NULL, &p), LHK_EINVAL);
	p.size = 0;
	TAP_EQ_INT (lhk_run_progress (t.run, &p), LHK_EINVAL);
	p.size = 1u << 20;
	TAP_EQ_INT (lhk_run_progress (t.run, &p), LHK_EINVAL);
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "the_phases_of_a_run_follow_its_agent", phases },
	{ "the_exit_is_known_while_what_is_left_still_runs", exited },
	{ "progress_counts_what_was_read_and_what_is_open", counts },
	{ "a_pause_is_part_of_the_progress", paused },
	{ "a_shorter_struct_is_filled_as_far_as_it_goes", shorter },
	{ "a_struct_without_its_size_is_refused", refused },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_progress", cases);
}
