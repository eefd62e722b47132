/* SPDX-License-Identifier: MIT */
/* timers.c - the time limits of a run, and the causes they give. */
#include "config.h"

#include <signal.h>

#include "common/macros.h"
#include "run/budget.h"
#include "run/host.h"
#include "run/timers.h"

/* A timer that fires so much too late, in milliseconds, was not served: this
 * process stood still. */
#define FREEZE_MS 1000

/* Milliseconds in which a run that is done may end by itself before it is ended
 * for its budget. */
#define BUDGET_MS 2000

void
run_timers_init (struct run_timers *t, struct run_core *core,
		 struct run_monitor *monitor)
{
	t->core = core;
	t->monitor = monitor;
}

/*
 * Was this exit what the cancel asks for?  The same signal went to the agent and
 * to us, and the agent was faster.  Limits count what was read, which may come
 * after the exit.
 */
static int
explains_exit (const struct run_core *core, int end_reason, int signo)
{
	if (end_reason == LHK_END_CANCELED)
		return signo == core->exit_signo
		       && loop_now (core->loop) <= core->confirm_ms;
	return end_reason == LHK_END_OUTPUT_LIMIT;
}

void
run_stop (struct run_timers *t, int end_reason, int signo)
{
	struct run_core *core = t->core;

	/* An exit that is queued was there first. */
	if (!run_has_exited (core))
		run_monitor_read (t->monitor);
	if (core->cause != 0 || core->state >= RUN_DONE)
		return;
	if (run_has_exited (core) && !explains_exit (core, end_reason, signo))
		return;
	core->cause = end_reason;
	core->stop_signo = signo == 0 ? SIGTERM : signo;
	if (run_has_exited (core))
		return;
	core->owner->event (core, core->opts.grace_ms == 0 ? RUN_EV_KILL
							   : RUN_EV_STOP);
}

static void
on_total (struct timer *timer)
{
	struct run_timers *t = container_of (timer, struct run_timers,
					     limits[RUN_TIMER_TOTAL]);

	if (t->core->state == RUN_COLLECTING)
		t->core->owner->event (t->core, RUN_EV_KILL);
	else if (run_has_exited (t->core))
		t->core->owner->event (t->core, RUN_EV_STOP);
	else
		run_stop (t, LHK_END_TIMEOUT, 0);
}

/* Until when open tasks, and calls unless TASKS_ALONE, hold back a limit: NOW, if
 * they do so at this time; -1: there are none. */
static int64_t
held_until (const struct run_timers *t, int tasks_alone, int64_t now)
{
	const struct run_core *core = t->core;
	int64_t begun = stream_last_begun (core->stream, tasks_alone);
	int64_t until = core->started_ms + begun + (int64_t) core->opts.tool_ms;

	if (begun < 0)
		return -1;
	return core->opts.tool_ms == 0 || now < until ? now : until;
}

/* From when the silence counts: what is in progress has a limit of its own. */
static void
count_from (struct run_timers *t, int64_t now)
{
	int64_t held = held_until (t, 0, now);

	if (t->active_ms < held)
		t->active_ms = held;
}

static void
stop_lingering (struct run_timers *t)
{
	struct run_core *core = t->core;

	core->outcome.flags |= LHK_FLAG_HUNG_AFTER_RESULT;
	run_stop (t, LHK_END_LINGER, 0);
	if (core->cause != LHK_END_LINGER)
		core->outcome.flags &= ~(uint32_t) LHK_FLAG_HUNG_AFTER_RESULT;
}

/* Is the run only waited for, because its claim stands and no task is open? */
static int
lingers (const struct run_timers *t)
{
	struct lhk_stream *stream = t->core->stream;

	return t->limits[RUN_TIMER_LINGER].armed
	       && lhk_stream_has_claim (stream)
	       && lhk_stream_tasks_open (stream) == 0;
}

/* Half of the time is worth a notice; all of it ends the run. */
static void
on_idle (struct timer *timer)
{
	struct run_timers *t =
		container_of (timer, struct run_timers, limits[RUN_TIMER_IDLE]);
	struct run_core *core = t->core;
	int64_t now = loop_now (core->loop);
	int64_t whole = core->opts.idle_ms;
	int64_t late = now - timer->deadline_ms;
	int64_t silent;

	count_from (t, now);
	/* A turn of the loop reads some outputs, not all of a thousand runs. */
	if (core->owner->has_unread (core))
		t->active_ms = now;
	/* This process stood still, and perhaps the agent with it. */
	else if (late > FREEZE_MS && t->active_ms < now)
		t->active_ms += late;
	silent = now - t->active_ms;
	if (silent >= whole && lingers (t)) {
		stop_lingering (t);
		return;
	}
	if (silent >= whole) {
		run_stop (t, LHK_END_IDLE, 0);
		return;
	}
	if (silent >= whole / 2 && !t->stall_reported) {
		t->stall_reported = 1;
		run_notice (
			t->monitor->events, LHK_LOG_WARN, LHK_CODE_STALL,
			"no output for %lld ms; the run is ended after %lld "
			"ms",
			(long long) silent, (long long) whole);
		/* Lines that were held back are before the notice. */
		run_note_claim (t);
	}
	loop_arm (core->loop, timer,
		  (t->stall_reported ? whole : whole / 2) - silent);
}

void
run_stop_over_budget (struct run_timers *t, const char *text)
{
	run_notice (t->monitor->events, LHK_LOG_WARN, LHK_CODE_BUDGET, "%s",
		    text);
	run_stop (t, LHK_END_BUDGET, 0);
}

void
run_note_over_budget (struct run_timers *t)
{
	struct timer *timer = &t->limits[RUN_TIMER_BUDGET];

	if (!timer->armed && !t->paused)
		loop_arm (t->core->loop, timer, BUDGET_MS);
}

static void
on_budget (struct timer *timer)
{
	struct run_timers *t = container_of (timer, struct run_timers,
					     limits[RUN_TIMER_BUDGET]);
	char text[RUN_BUDGET_TEXT];

	if (t->core->cause == 0 && !run_has_exited (t->core)
	    && run_budget_is_over (t->core, text))
		run_stop_over_budget (t, text);
}

static void
on_linger (struct timer *timer)
{
	struct run_timers *t = container_of (timer, struct run_timers,
					     limits[RUN_TIMER_LINGER]);
	struct run_core *core = t->core;
	int64_t now = loop_now (core->loop);
	int64_t held;

	if (!lhk_stream_has_claim (core->stream))
		return;
	/* A result with a task behind it is not the last one. */
	held = held_until (t, 1, now);
	if (held >= 0 && held + (int64_t) core->opts.linger_ms > now) {
		loop_arm (core->loop, timer,
			  held + (int64_t) core->opts.linger_ms - now);
		return;
	}
	stop_lingering (t);
}

/* In these states it is the monitor that the clock waits for. */
static int
awaits_monitor (const struct run_core *core)
{
	return core->state == RUN_STARTING || core->state == RUN_KILLING
	       || core->state == RUN_SWEEPING;
}

static void
on_phase (struct timer *timer)
{
	struct run_timers *t = container_of (timer, struct run_timers, phase);
	struct run_core *core = t->core;
	int64_t late = loop_now (core->loop) - timer->deadline_ms;

	run_monitor_read (t->monitor);
	/* A report may have brought another state with its own clock. */
	if (timer->armed)
		return;
	/* What froze us for so long may have frozen the monitor: once it gets
	 * time to answer before it is held to be lost. */
	if (late > FREEZE_MS && awaits_monitor (core) && !t->answer_delayed) {
		t->answer_delayed = 1;
		loop_arm (core->loop, timer, FREEZE_MS);
		return;
	}
	core->owner->event (core, RUN_EV_LATE);
}

void
run_timers_start (struct run_timers *t)
{
	struct run_core *core = t->core;
	struct timer *limits = t->limits;

	limits[RUN_TIMER_TOTAL].fire = on_total;
	limits[RUN_TIMER_IDLE].fire = on_idle;
	limits[RUN_TIMER_LINGER].fire = on_linger;
	limits[RUN_TIMER_BUDGET].fire = on_budget;
	t->phase.fire = on_phase;
	t->output_ms = t->active_ms = core->started_ms;
	loop_arm (core->loop, &t->phase, RUN_START_MS);
	if (core->opts.total_ms != 0)
		loop_arm (core->loop, &limits[RUN_TIMER_TOTAL],
			  core->opts.total_ms);
	if (core->opts.idle_ms != 0)
		loop_arm (core->loop, &limits[RUN_TIMER_IDLE],
			  core->opts.idle_ms / 2);
}

void
run_timers_stop_but_total (struct run_timers *t)
{
	size_t i;

	loop_disarm (t->core->loop, &t->monitor->watchdog);
	for (i = 0; i < RUN_TIMERS; i++)
		if (i != RUN_TIMER_TOTAL)
			loop_disarm (t->core->loop, &t->limits[i]);
}

void
run_timers_stop (struct run_timers *t)
{
	run_timers_stop_but_total (t);
	loop_disarm (t->core->loop, &t->limits[RUN_TIMER_TOTAL]);
}

/* How long the last bytes of a file may be read, which has any size; -1: until
 * somebody cancels. */
static int64_t
reading_ms (const struct run_timers *t)
{
	const struct run_core *core = t->core;
	const struct timer *total = &t->limits[RUN_TIMER_TOTAL];
	int64_t least = core->opts.drain_ms;
	int64_t left;

	if (core->hurried || least < RUN_READ_MS)
		least = RUN_READ_MS;
	if (core->hurried || core->cause != 0)
		return least;
	if (core->opts.total_ms == 0)
		return -1;
	left = total->deadline_ms - loop_now (core->loop);
	return left < least ? least : left;
}

void
run_timers_limit_reading (struct run_timers *t)
{
	int64_t ms = reading_ms (t);

	if (ms >= 0)
		loop_arm (t->core->loop, &t->limits[RUN_TIMER_TOTAL], ms);
}

void
run_timers_hurry_reading (struct run_timers *t)
{
	loop_arm (t->core->loop, &t->limits[RUN_TIMER_TOTAL], RUN_READ_MS);
}

void
run_timers_clear (struct run_timers *t)
{
	struct timers *all = &t->core->loop->timers;
	size_t i;

	for (i = 0; i < RUN_TIMERS; i++)
		timer_clear (all, &t->limits[i]);
	timer_clear (all, &t->phase);
	timer_clear (all, &t->monitor->watchdog);
}

void
run_timers_pause (struct run_timers *t)
{
	struct run_core *core = t->core;
	size_t i;

	if (t->paused || core->cause != 0 || run_has_exited (core))
		return;
	t->paused = 1;
	t->paused_ms = loop_now (core->loop);
	for (i = 0; i < RUN_TIMERS; i++) {
		t->left_ms[i] = -1;
		if (!t->limits[i].armed)
			continue;
		t->left_ms[i] = t->limits[i].deadline_ms - t->paused_ms;
		if (t->left_ms[i] < 0)
			t->left_ms[i] = 0;
		loop_disarm (core->loop, &t->limits[i]);
	}
	/* Before that, the monitor is asked when the agent has started. */
	if (core->state == RUN_RUNNING)
		monitor_client_send (&t->monitor->client, PROTO_PAUSE, 0);
}

void
run_timers_resume (struct run_timers *t)
{
	struct run_core *core = t->core;
	int64_t now = loop_now (core->loop);
	size_t i;

	if (!t->paused)
		return;
	t->paused = 0;
	monitor_client_send (&t->monitor->client, PROTO_RESUME, 0);
	if (core->cause != 0 || run_has_exited (core))
		return;
	/* What was in a pipe may have been read since. */
	if (t->active_ms > t->paused_ms)
		t->active_ms = now;
	else
		t->active_ms += now - t->paused_ms;
	stream_paused (core->stream, t->paused_ms - core->started_ms,
		       now - t->paused_ms);
	for (i = 0; i < RUN_TIMERS; i++)
		if (t->left_ms[i] >= 0 && !t->limits[i].armed)
			loop_arm (core->loop, &t->limits[i], t->left_ms[i]);
}

void
run_note_output (struct run_timers *t)
{
	t->output_ms = loop_now (t->core->loop);
}

void
run_note_progress (struct run_timers *t)
{
	t->active_ms = loop_now (t->core->loop);
	t->stall_reported = 0;
}

void
run_note_claim (struct run_timers *t)
{
	struct run_core *core = t->core;
	struct timer *linger = &t->limits[RUN_TIMER_LINGER];
	uint32_t turn = stream_turn (core->stream);
	int has_claim = lhk_stream_has_claim (core->stream);

	if (core->opts.linger_ms == 0 || core->cause != 0
	    || run_has_exited (core))
		return;
	/* What is no event does not put off the end of an agent that is done;
	 * another claim does. */
	if (has_claim && t->linger_turn == turn)
		return;
	t->linger_turn = has_claim ? turn : 0;
	if (t->paused)
		t->left_ms[RUN_TIMER_LINGER] =
			has_claim ? (int64_t) core->opts.linger_ms : -1;
	else if (has_claim)
		loop_arm (core->loop, linger, core->opts.linger_ms);
	else
		loop_disarm (core->loop, linger);
}
