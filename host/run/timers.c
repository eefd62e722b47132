/* SPDX-License-Identifier: MIT */
/* timers.c - the clocks, the causes they give, and cancelling. */
#include "config.h"

#include <signal.h>
#include <stddef.h>

#include "run/run.h"

/* lhk_run.cancel: the signal of the first call, and whether there was a
 * second one. */
#define CANCEL_ASKED 0x100u
#define CANCEL_AGAIN 0x200u
#define CANCEL_SIGNO 0x0ffu

/* A clock that fires so much too late was not watched. */
#define RUN_LATE_MS 1000

#define OWNER(timer, member)                                                   \
	((struct lhk_run *) (void *) ((char *) (timer) -offsetof (             \
		struct lhk_run, member)))

static int
has_exited (const struct lhk_run *run)
{
	return run->exited || run->state >= RUN_DRAINING;
}

void
run_stop (struct lhk_run *run, int end_reason, int signo)
{
	/* An exit that is queued was there first. */
	if (!has_exited (run))
		run_read_monitor (run);
	if (run->cause != 0 || run->state >= RUN_DONE)
		return;
	/* Limits count what was read, which may come after the exit. */
	if (has_exited (run) && end_reason != LHK_END_OUTPUT_LIMIT
	    && end_reason != LHK_END_BUDGET)
		return;
	run->cause = end_reason;
	run->stop_signo = signo == 0 ? SIGTERM : signo;
	if (has_exited (run))
		return;
	run_advance (run, run->opts.grace_ms == 0 ? RUN_EV_KILL : RUN_EV_STOP);
}

static void
total_over (struct timer *t)
{
	run_stop (OWNER (t, total), LHK_END_TIMEOUT, 0);
}

/* For something that has its own time.  After the last claim no tool is at
 * work any more: one that is still open was never closed. */
static int
is_waiting (const struct lhk_run *run)
{
	return lhk_stream_tasks_open (run->stream) > 0
	       || (lhk_stream_tools_open (run->stream) > 0
		   && !lhk_stream_claimed (run->stream));
}

/* A turn of the loop reads some outputs, not all of a thousand runs. */
static int
has_unread (const struct lhk_run *run)
{
	return pipe_has_more (&run->out) || pipe_has_more (&run->err)
	       || file_follow_has_more (&run->spool);
}

/* Half of the time is worth a notice; all of it ends the run. */
static void
idle_over (struct timer *t)
{
	struct lhk_run *run = OWNER (t, idle);
	int64_t now = loop_now (run->loop);
	int64_t whole = run->opts.idle_ms;
	int64_t late = now - t->deadline_ms;
	int64_t silent;

	if (is_waiting (run) || has_unread (run))
		run->active_ms = now;
	/* Nobody listened: this process stood still, and perhaps the agent
	 * with it. */
	else if (late > RUN_LATE_MS)
		run->active_ms += late;
	silent = now - run->active_ms;
	if (silent >= whole) {
		run_stop (run, LHK_END_IDLE, 0);
		return;
	}
	if (silent >= whole / 2 && !run->stall_told) {
		run->stall_told = 1;
		run_notice (
			run, LHK_LOG_WARN, LHK_CODE_STALL,
			"no output for %lld ms; the run is ended at %lld ms",
			(long long) silent, (long long) whole);
	}
	loop_arm (run->loop, t, (run->stall_told ? whole : whole / 2) - silent);
}

static void
linger_over (struct timer *t)
{
	struct lhk_run *run = OWNER (t, linger);

	if (!lhk_stream_claimed (run->stream))
		return;
	/* A result with a task behind it is not the last one. */
	if (lhk_stream_tasks_open (run->stream) > 0) {
		loop_arm (run->loop, t, run->opts.linger_ms);
		return;
	}
	run->outcome.flags |= LHK_FLAG_HUNG_AFTER_RESULT;
	run_stop (run, LHK_END_LINGER, 0);
	if (run->cause != LHK_END_LINGER)
		run->outcome.flags &= ~(uint32_t) LHK_FLAG_HUNG_AFTER_RESULT;
}

/* The clock of this state is the helper's. */
static int
is_judged (const struct lhk_run *run)
{
	return run->state == RUN_STARTING || run->state == RUN_KILLING
	       || run->state == RUN_SWEEPING;
}

/* What froze us for so long may have frozen the helper: once it gets time to
 * answer before it is held to be lost. */
static void
phase_over (struct timer *t)
{
	struct lhk_run *run = OWNER (t, phase);

	int64_t late = loop_now (run->loop) - t->deadline_ms;

	run_read_monitor (run);
	/* What was heard may have brought another state with its own clock. */
	if (t->armed)
		return;
	if (late > RUN_LATE_MS && is_judged (run) && !run->recv_errors) {
		run->recv_errors = 1;
		loop_arm (run->loop, t, RUN_LATE_MS);
		return;
	}
	run_advance (run, RUN_EV_LATE);
}

void
run_start_clocks (struct lhk_run *run)
{
	run->total.fire = total_over;
	run->idle.fire = idle_over;
	run->linger.fire = linger_over;
	run->phase.fire = phase_over;
	run->output_ms = run->active_ms = run->started_ms;
	run->begun = run->helper.pid != 0;
	loop_arm (run->loop, &run->phase, RUN_START_MS);
	if (run->opts.total_ms != 0)
		loop_arm (run->loop, &run->total, run->opts.total_ms);
	if (run->opts.idle_ms != 0)
		loop_arm (run->loop, &run->idle, run->opts.idle_ms / 2);
}

void
run_stop_clocks (struct lhk_run *run)
{
	loop_disarm (run->loop, &run->deaf);
	loop_disarm (run->loop, &run->total);
	loop_disarm (run->loop, &run->idle);
	loop_disarm (run->loop, &run->linger);
}

void
run_pause (struct lhk_run *run)
{
	struct timer *clocks[] = { &run->total, &run->idle, &run->linger };
	size_t i;

	if (run->paused || run->cause != 0 || has_exited (run))
		return;
	run->paused = 1;
	run->paused_ms = loop_now (run->loop);
	for (i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
		run->left_ms[i] = -1;
		if (!clocks[i]->armed)
			continue;
		run->left_ms[i] = clocks[i]->deadline_ms - run->paused_ms;
		if (run->left_ms[i] < 0)
			run->left_ms[i] = 0;
		loop_disarm (run->loop, clocks[i]);
	}
	/* Before that it is told when it is there; see run.c. */
	if (run->state == RUN_RUNNING)
		monitor_client_send (&run->helper, PROTO_PAUSE, 0);
}

void
run_resume (struct lhk_run *run)
{
	struct timer *clocks[] = { &run->total, &run->idle, &run->linger };
	int64_t now = loop_now (run->loop);
	size_t i;

	if (!run->paused)
		return;
	run->paused = 0;
	monitor_client_send (&run->helper, PROTO_RESUME, 0);
	if (run->cause != 0 || has_exited (run))
		return;
	/* What was in a pipe may have been read since. */
	if (run->active_ms > run->paused_ms)
		run->active_ms = now;
	else
		run->active_ms += now - run->paused_ms;
	for (i = 0; i < sizeof clocks / sizeof clocks[0]; i++)
		if (run->left_ms[i] >= 0 && !clocks[i]->armed)
			loop_arm (run->loop, clocks[i], run->left_ms[i]);
}

void
run_note_activity (struct lhk_run *run)
{
	run->output_ms = run->active_ms = loop_now (run->loop);
	run->stall_told = 0;
}

void
run_note_claim (struct lhk_run *run)
{
	uint32_t turn = stream_turn (run->stream);
	int claimed = lhk_stream_claimed (run->stream);

	if (run->opts.linger_ms == 0 || run->cause != 0 || has_exited (run))
		return;
	/* What is no event does not put off the end of an agent that is done;
	 * another claim does. */
	if (claimed && run->claimed_turn == turn)
		return;
	run->claimed_turn = claimed ? turn : 0;
	if (run->paused)
		run->left_ms[2] = claimed ? (int64_t) run->opts.linger_ms : -1;
	else if (claimed)
		loop_arm (run->loop, &run->linger, run->opts.linger_ms);
	else
		loop_disarm (run->loop, &run->linger);
}

void
run_request_cancel (struct lhk_run *run, int signo)
{
	unsigned int none = 0;
	unsigned int asked =
		CANCEL_ASKED
		| ((unsigned int) (signo <= 0 || signo > 64 ? SIGTERM : signo)
		   & CANCEL_SIGNO);

	if (!atomic_compare_exchange_strong (&run->cancel, &none, asked))
		atomic_fetch_or (&run->cancel, CANCEL_AGAIN);
	loop_post (run->loop);
}

void
run_apply_cancel (struct lhk_run *run)
{
	unsigned int asked = atomic_load (&run->cancel);
	int signo = (int) (asked & CANCEL_SIGNO);

	if (asked == run->cancel_applied || run->state == RUN_DONE
	    || run->free_pending)
		return;
	if (run->cancel_applied == 0) {
		run_stop (run, LHK_END_CANCELED, signo);
		if (run->cause == LHK_END_CANCELED)
			run->outcome.cancel_signal = signo;
		else if (has_exited (run))
			run_advance (run, RUN_EV_STOP);
	}
	run->cancel_applied = asked;
	if (asked & CANCEL_AGAIN)
		run_advance (run, RUN_EV_KILL);
}
