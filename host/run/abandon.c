/* SPDX-License-Identifier: MIT */
/*
 * abandon.c - the end of a run whose thread is in a callback that never returns.
 *
 * The thread that calls this takes the place of the one that is stopped: nothing
 * of the run changes meanwhile, so its state is read and written as always.  That
 * state is whole, since the plugin is called only where it is.
 */
#include "config.h"

#include <signal.h>
#include <unistd.h>

#include "common/clock.h"
#include "run/run.h"

/* What a run that is overdue is ended for. */
struct due {
	int cause;   /* LHK_END_*; 0: the agent has ended by itself */
	int signo;   /* that it is to end by; 0: SIGTERM */
	int hurried; /* its time to end is over */
};

static int
is_past (const struct timer *timer, int64_t now)
{
	return timer->armed && timer->deadline_ms <= now;
}

/* The clock of the whole run; it is not there yet while its plugin opens. */
static int
is_total_over (const struct lhk_run *run, int64_t now)
{
	const struct timer *total = &run->timers.limits[RUN_TIMER_TOTAL];
	const struct run_core *core = &run->core;

	if (run->monitor.begun)
		return is_past (total, now);
	return core->opts.total_ms != 0
	       && now - core->started_ms >= (int64_t) core->opts.total_ms;
}

/* Of a run that nobody has begun to end. */
static int
limit_due (struct lhk_run *run, int64_t ms, int64_t now, struct due *ret)
{
	const struct run_core *core = &run->core;
	const struct timer *limits = run->timers.limits;
	unsigned int request = run_cancel_read (&run->cancel, &ret->signo);

	if (request != 0)
		ret->cause = LHK_END_CANCELED;
	else if (is_total_over (run, now))
		ret->cause = LHK_END_TIMEOUT;
	else if (core->opts.idle_ms != 0 && ms >= core->opts.idle_ms)
		ret->cause = LHK_END_IDLE;
	else if (is_past (&limits[RUN_TIMER_LINGER], now))
		ret->cause = LHK_END_LINGER;
	ret->hurried = request > 1;
	return ret->cause != 0;
}

/* Of a run that is being ended, or whose agent has ended: its clocks are those
 * of its states, and in the last one only those it was started with. */
static int
end_due (struct lhk_run *run, int64_t ms, int64_t now, struct due *ret)
{
	const struct run_core *core = &run->core;
	const struct lhk_run_opts *o = &core->opts;
	int64_t age = now - core->started_ms;
	unsigned int request = run_cancel_read (&run->cancel, &ret->signo);

	ret->cause = core->cause;
	ret->hurried = 1;
	if (run_has_exited (core) && request > 0)
		return 1;
	return request > 1 || is_past (&run->timers.phase, now)
	       || (core->state == RUN_DONE
		   && ((o->total_ms != 0 && age >= (int64_t) o->total_ms)
		       || (o->idle_ms != 0 && ms >= o->idle_ms)));
}

/* The callback has been running for MS. */
static int
find_due (struct lhk_run *run, int64_t ms, struct due *ret)
{
	const struct due none = { 0, 0, 0 };
	int64_t now = clock_now_ms ();

	*ret = none;
	run_cancel_check_file (&run->cancel);
	if (run->core.cause == 0 && !run_has_exited (&run->core))
		return limit_due (run, ms, now, ret);
	return end_due (run, ms, now, ret);
}

/* How long the callback has been running that RUN is in; -1: it is in none. */
static int64_t
ms_in_callback (const struct lhk_run *run)
{
	struct lhk_callback callback;

	if (run == NULL || run->magic != RUN_MAGIC
	    || !lhk_host_callback (run->core.host, &callback)
	    || callback.in_host)
		return -1;
	return callback.ms;
}

int
lhk_run_is_overdue (struct lhk_run *run)
{
	int64_t ms = ms_in_callback (run);
	struct due due;

	return ms >= 0 && run->result == NULL && find_due (run, ms, &due);
}

/* The tree of the agent, if there is one, is gone when this returns, or its
 * survivors are known. */
static void
end_tree (struct lhk_run *run, const struct due *due)
{
	struct run_monitor *m = &run->monitor;
	int64_t grace_ms = run->core.opts.grace_ms;

	if (!due->hurried && grace_ms > 0) {
		monitor_client_send (&m->client, PROTO_TERM,
				     due->signo == 0 ? SIGTERM : due->signo);
		run_monitor_await_end (m, grace_ms);
	}
	run_monitor_kill_start (m);
	run_monitor_kill_finish (m);
	if (m->begun && !m->tree_gone_reported)
		orphan_scan_run_blocking (&run->scan);
}

static void
set_cause (struct run_core *core, const struct due *due)
{
	if (core->cause == 0)
		core->cause = due->cause;
	if (core->cause == LHK_END_CANCELED && core->outcome.cancel_signal == 0)
		core->outcome.cancel_signal = due->signo;
	if (core->cause == LHK_END_LINGER)
		core->outcome.flags |= LHK_FLAG_HUNG_AFTER_RESULT;
}

int
lhk_run_abandon (struct lhk_run *run, int crashed, const char *text,
		 const struct lhk_result **ret)
{
	int64_t ms = ms_in_callback (run);
	struct due due;
	int r;

	if (run == NULL || run->magic != RUN_MAGIC || ret == NULL)
		return LHK_EINVAL;
	r = host_check (run->core.host);
	if (r == LHK_OK && (ms < 0 || run->result != NULL))
		r = LHK_ESTATE;
	if (r < 0)
		return r;
	if (!find_due (run, ms, &due) || crashed)
		due = (struct due){ LHK_END_HOST_ERROR, 0, 1 };
	if (crashed)
		run->core.cause = LHK_END_HOST_ERROR;
	/* The turn of the loop that goes on has an old time. */
	run->core.loop->now_ms = clock_now_ms ();
	r = lhk_stream_abandon (run->core.stream, text);
	if (r < 0)
		return r;
	end_tree (run, &due);
	run->core.loop->now_ms = clock_now_ms ();
	set_cause (&run->core, &due);
	run_finish (run);
	*ret = run->result;
	return LHK_OK;
}
