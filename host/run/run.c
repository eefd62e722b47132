/* SPDX-License-Identifier: MIT */
/*
 * run.c - the state machine of one run, and its public functions.
 *
 * A run has exactly one outcome, and the first cause is latched.  Every state
 * but RUNNING has a clock of its own, and RUNNING ends soon after its agent.
 * The exit is known before the tree is known to be empty, and what was written
 * before the tree's end is read.
 */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/fd.h"
#include "common/macros.h"
#include "common/mem.h"
#include "run/run.h"

/* A progress of the future is longer than ours; garbage is longer still. */
#define PROGRESS_SIZE_MAX 4096u

/* ---- actions ---- */

/* The clock of this state; -1: none. */
static void
set_phase (struct lhk_run *run, int64_t ms)
{
	if (ms < 0)
		loop_disarm (run->core.loop, &run->timers.phase);
	else
		loop_arm (run->core.loop, &run->timers.phase, ms);
}

static void
send (struct lhk_run *run, uint32_t type, int signo)
{
	monitor_client_send (&run->monitor.client, type, signo);
}

static void
do_nothing (struct lhk_run *run)
{
	(void) run;
}

/* A pause that was asked for earlier is passed on now: an agent stopped before
 * it executes its program would never be STARTED. */
static void
on_started (struct lhk_run *run)
{
	set_phase (run, -1);
	if (run->timers.paused)
		send (run, PROTO_PAUSE, 0);
}

static void
ask_to_end (struct lhk_run *run)
{
	send (run, PROTO_TERM, run->core.stop_signo);
	set_phase (run, run->core.opts.grace_ms);
}

static void
kill_tree (struct lhk_run *run)
{
	send (run, PROTO_KILL, 0);
	set_phase (run, RUN_KILL_MS);
}

static void
sweep (struct lhk_run *run)
{
	send (run, PROTO_SWEEP, 0);
	set_phase (run, RUN_KILL_MS);
}

static void
drain (struct lhk_run *run)
{
	run_timers_stop_but_total (&run->timers);
	agent_input_stop (&run->input, 0);
	set_phase (run, run->core.opts.drain_ms);
	file_follow_closing (&run->output.spool);
}

/*
 * The agent ended as it was asked to, and so were the others of its tree: they
 * have what is left of the grace, but nobody is waited for longer than after
 * an agent that ended by itself.  Whether they hold its outputs does not
 * matter: it is we who end the run.
 */
static void
await_leavers (struct lhk_run *run)
{
	int64_t drain_ms = run->core.opts.drain_ms;
	int64_t left =
		run->timers.phase.deadline_ms - loop_now (run->core.loop);

	run_timers_stop (&run->timers);
	agent_input_stop (&run->input, 0);
	if (left < 0)
		left = 0;
	set_phase (run, left < drain_ms ? left : drain_ms);
}

/* The agent ended by itself and left processes behind: they are asked to end
 * and may clean up as long as their outputs were read. */
static void
dismiss (struct lhk_run *run)
{
	run_timers_stop_but_total (&run->timers);
	send (run, PROTO_TERM, SIGTERM);
	set_phase (run, run->core.opts.drain_ms);
}

static void
note_drain_cut (struct lhk_run *run)
{
	if (run_output_is_held (&run->output))
		run->core.outcome.flags |= LHK_FLAG_DRAIN_CUT;
}

static void
cut_and_dismiss (struct lhk_run *run)
{
	note_drain_cut (run);
	dismiss (run);
}

static void
cut_and_sweep (struct lhk_run *run)
{
	note_drain_cut (run);
	sweep (run);
}

static void
collect (struct lhk_run *run)
{
	run_timers_stop (&run->timers);
	agent_input_stop (&run->input, 0);
	set_phase (run, RUN_REAP_MS);
	run_output_finish (&run->output);
	if (!run_output_is_closed (&run->output))
		run_timers_limit_reading (&run->timers);
}

static void
cut_and_collect (struct lhk_run *run)
{
	note_drain_cut (run);
	collect (run);
}

/* It was a cancel, or no cancel has come. */
static void
confirm (struct lhk_run *run)
{
	run->core.exit_signo = 0;
	set_phase (run, -1);
}

static void
hurry_reading (struct lhk_run *run)
{
	run_timers_hurry_reading (&run->timers);
}

static void
cut_output (struct lhk_run *run)
{
	run_output_cut (&run->output);
}

static void
start_scan (struct lhk_run *run, const char *fault)
{
	run->core.cause = LHK_END_HOST_ERROR;
	run->core.outcome.flags |= LHK_FLAG_MONITOR_LOST;
	if (run->monitor.agent == 0)
		run->core.outcome.step =
			monitor_client_step_name (STEP_MONITOR);
	run_timers_stop (&run->timers);
	monitor_client_kill (&run->monitor.client);
	orphan_scan_start (&run->scan, fault);
}

static void
monitor_lost (struct lhk_run *run)
{
	start_scan (run, "is gone");
}

/* It was asked for something and the time is over.  A monitor that cannot kill
 * would have named who is left. */
static void
monitor_hung (struct lhk_run *run)
{
	start_scan (run, "does not answer");
}

static void
scan_step (struct lhk_run *run)
{
	orphan_scan_step (&run->scan);
}

/* The monitor has made its last report and does not exit. */
static void
abandon_monitor (struct lhk_run *run)
{
	monitor_client_kill (&run->monitor.client);
	run->monitor.reaped = 1;
}

/* An event that is not listed for a state changes nothing. */
static const struct transition {
	enum run_state state;
	enum run_event event;
	enum run_state next;
	void (*action) (struct lhk_run *run);
} transitions[] = {
	{ RUN_STARTING, RUN_EV_STARTED, RUN_RUNNING, on_started },
	{ RUN_STARTING, RUN_EV_FAILED, RUN_SWEEPING, sweep },
	{ RUN_STARTING, RUN_EV_STOP, RUN_ENDING, ask_to_end },
	{ RUN_STARTING, RUN_EV_KILL, RUN_KILLING, kill_tree },
	{ RUN_STARTING, RUN_EV_LATE, RUN_SCANNING, monitor_hung },
	{ RUN_STARTING, RUN_EV_LOST, RUN_SCANNING, monitor_lost },

	{ RUN_RUNNING, RUN_EV_EXITED, RUN_DRAINING, drain },
	{ RUN_RUNNING, RUN_EV_STOP, RUN_ENDING, ask_to_end },
	{ RUN_RUNNING, RUN_EV_KILL, RUN_KILLING, kill_tree },
	{ RUN_RUNNING, RUN_EV_MONITOR_HUNG, RUN_SCANNING, monitor_hung },
	{ RUN_RUNNING, RUN_EV_LOST, RUN_SCANNING, monitor_lost },

	{ RUN_ENDING, RUN_EV_FAILED, RUN_SWEEPING, sweep },
	{ RUN_ENDING, RUN_EV_EXITED, RUN_LEAVING, await_leavers },
	{ RUN_ENDING, RUN_EV_LATE, RUN_KILLING, kill_tree },
	{ RUN_ENDING, RUN_EV_KILL, RUN_KILLING, kill_tree },
	{ RUN_ENDING, RUN_EV_MONITOR_HUNG, RUN_SCANNING, monitor_hung },
	{ RUN_ENDING, RUN_EV_LOST, RUN_SCANNING, monitor_lost },

	{ RUN_KILLING, RUN_EV_EMPTY, RUN_COLLECTING, collect },
	{ RUN_KILLING, RUN_EV_LATE, RUN_SCANNING, monitor_hung },
	{ RUN_KILLING, RUN_EV_MONITOR_HUNG, RUN_SCANNING, monitor_hung },
	{ RUN_KILLING, RUN_EV_LOST, RUN_SCANNING, monitor_lost },

	{ RUN_LEAVING, RUN_EV_EMPTY, RUN_COLLECTING, collect },
	{ RUN_LEAVING, RUN_EV_LATE, RUN_SWEEPING, sweep },
	{ RUN_LEAVING, RUN_EV_STOP, RUN_SWEEPING, sweep },
	{ RUN_LEAVING, RUN_EV_KILL, RUN_SWEEPING, sweep },
	{ RUN_LEAVING, RUN_EV_LOST, RUN_SCANNING, monitor_lost },

	{ RUN_DRAINING, RUN_EV_EMPTY, RUN_SETTLING, do_nothing },
	{ RUN_DRAINING, RUN_EV_INPUT_END, RUN_LEAVING, dismiss },
	{ RUN_DRAINING, RUN_EV_LATE, RUN_LEAVING, cut_and_dismiss },
	{ RUN_DRAINING, RUN_EV_STOP, RUN_SWEEPING, cut_and_sweep },
	{ RUN_DRAINING, RUN_EV_KILL, RUN_SWEEPING, cut_and_sweep },
	{ RUN_DRAINING, RUN_EV_LOST, RUN_SCANNING, monitor_lost },

	{ RUN_SETTLING, RUN_EV_INPUT_END, RUN_COLLECTING, collect },
	{ RUN_SETTLING, RUN_EV_LATE, RUN_COLLECTING, cut_and_collect },
	{ RUN_SETTLING, RUN_EV_STOP, RUN_COLLECTING, cut_and_collect },
	{ RUN_SETTLING, RUN_EV_KILL, RUN_COLLECTING, cut_and_collect },

	{ RUN_SWEEPING, RUN_EV_EMPTY, RUN_COLLECTING, collect },
	{ RUN_SWEEPING, RUN_EV_LATE, RUN_SCANNING, monitor_hung },
	{ RUN_SWEEPING, RUN_EV_LOST, RUN_SCANNING, monitor_lost },

	{ RUN_SCANNING, RUN_EV_LATE, RUN_SCANNING, scan_step },
	{ RUN_SCANNING, RUN_EV_EMPTY, RUN_COLLECTING, collect },

	{ RUN_COLLECTING, RUN_EV_LATE, RUN_COLLECTING, abandon_monitor },
	{ RUN_COLLECTING, RUN_EV_STOP, RUN_COLLECTING, hurry_reading },
	{ RUN_COLLECTING, RUN_EV_KILL, RUN_COLLECTING, cut_output },

	{ RUN_CONFIRMING, RUN_EV_LATE, RUN_COLLECTING, confirm },
	{ RUN_CONFIRMING, RUN_EV_STOP, RUN_COLLECTING, confirm },
	{ RUN_CONFIRMING, RUN_EV_KILL, RUN_COLLECTING, confirm },
};

/* ---- the end ---- */

static int
end_reason (const struct lhk_run *run)
{
	if (run->core.cause != 0)
		return run->core.cause;
	return run->core.outcome.signal != 0 ? LHK_END_SIGNALED
					     : LHK_END_EXITED;
}

static void
complete_outcome (struct lhk_run *run)
{
	struct lhk_outcome *o = &run->core.outcome;
	struct head_tail *capture = &run->output.stderr_capture;

	o->size = sizeof *o;
	o->end_reason = end_reason (run);
	o->survivors = run->core.survivors;
	o->contain = (o->flags & LHK_FLAG_MONITOR_LOST) != 0
			     ? "scan"
			     : run_monitor_contain_name (&run->monitor);
	o->wall_ms =
		(uint64_t) (loop_now (run->core.loop) - run->core.started_ms);
	if (run->events.queue.lost != 0 || capture->lost)
		o->flags |= LHK_FLAG_DEGRADED;
	head_tail_ends (capture, &o->stderr_head, &o->stderr_tail);
	o->stderr_bytes = capture->total;
	if (o->detail == NULL)
		o->detail = run_limits_explain (&run->monitor.limits, o,
						run->output.stdout_bytes,
						run->monitor.n_refused);
}

void
run_finish (struct lhk_run *run)
{
	struct lhk_outcome *o = &run->core.outcome;

	run->core.state = RUN_DONE;
	set_phase (run, -1);
	complete_outcome (run);
	run_output_end (&run->output);
	run_monitor_unwatch (&run->monitor);
	run_monitor_release (&run->monitor);
	agent_input_stop (&run->input, 0);
	run_record_flush (&run->events);
	if (lhk_stream_finish (run->core.stream, o, &run->result) < 0) {
		run->fallback.size = sizeof run->fallback;
		run->fallback.verdict = LHK_VERDICT_HOST_ERROR;
		run->fallback.outcome = *o;
		run->result = &run->fallback;
	}
	run_cancel_unwatch_file (&run->cancel, 0);
	run_record_end (&run->events, run->result);
	run->core.host->n_ended++;
}

static void check_state (struct lhk_run *run);

static void
advance (struct lhk_run *run, enum run_event event)
{
	const struct transition *t = transitions;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (transitions); i++, t++) {
		if (t->state == run->core.state && t->event == event) {
			run->core.state = t->next;
			t->action (run);
			break;
		}
	}
	check_state (run);
}

/* Of a file only the end of all its writers is an end. */
static int
inputs_ended (const struct lhk_run *run)
{
	return run->output.out.fd < 0 && run->output.err.fd < 0
	       && (run->output.spool.fd < 0 || run->monitor.tree_gone_reported);
}

/* Milliseconds in which a cancel may still explain the exit; 0: none can. */
static int64_t
confirmation_left (const struct run_core *core)
{
	int64_t left = core->confirm_ms - loop_now (core->loop);

	return core->exit_signo == 0 || core->cause != 0 || left < 0 ? 0 : left;
}

static void
conclude (struct lhk_run *run)
{
	int64_t left = confirmation_left (&run->core);

	run_timers_stop (&run->timers);
	if (left > 0) {
		run->core.state = RUN_CONFIRMING;
		set_phase (run, left);
		return;
	}
	run_finish (run);
}

static void
check_state (struct lhk_run *run)
{
	enum run_state state = run->core.state;

	if ((state == RUN_DRAINING || state == RUN_SETTLING)
	    && inputs_ended (run)) {
		advance (run, RUN_EV_INPUT_END);
	} else if (state == RUN_COLLECTING && run->monitor.reaped
		   && run_output_is_closed (&run->output)) {
		conclude (run);
	}
}

/* ---- what the parts call ---- */

static void
on_event (struct run_core *core, enum run_event event)
{
	advance (container_of (core, struct lhk_run, core), event);
}

static void
on_check (struct run_core *core)
{
	check_state (container_of (core, struct lhk_run, core));
}

static int
has_unread (struct run_core *core)
{
	const struct lhk_run *run = container_of (core, struct lhk_run, core);

	return run_output_has_unread (&run->output);
}

static const struct run_owner owner = { on_event, on_check, has_unread };

/* ---- what the host calls ---- */

static void
silence (struct host_child *child)
{
	lhk_run_free ((struct lhk_run *) child);
}

static void
kill_start (struct host_child *child)
{
	run_monitor_kill_start (&((struct lhk_run *) child)->monitor);
}

static void
close_run (struct host_child *child)
{
	run_destroy ((struct lhk_run *) child);
}

static void
apply_cancel (struct host_child *child)
{
	run_apply_cancel (&((struct lhk_run *) child)->cancel);
}

static const struct host_child_ops child_ops = {
	silence,
	kill_start,
	close_run,
	apply_cancel,
};

/* ---- making and freeing ---- */

struct lhk_run *
run_new (struct lhk_host *host, struct loop *l, const struct lhk_run_opts *opts,
	 const struct lhk_stream_opts *stream)
{
	struct lhk_run *run = mem_zero (&host->alloc, sizeof *run);
	struct run_core *core;

	if (run == NULL)
		return NULL;
	core = &run->core;
	run->magic = RUN_MAGIC;
	run->child.ops = &child_ops;
	core->owner = &owner;
	core->host = host;
	core->loop = l;
	core->opts = *opts;
	core->started_ms = loop_now (l);
	run->events.core = core;
	run->events.on_event = stream->on_event;
	run->events.on_raw = stream->on_raw;
	run->events.on_plugin = stream->on_plugin;
	run->events.user = stream->user;
	run->events.record = (struct record_writer) RECORD_WRITER_INIT;
	run_monitor_init (&run->monitor, core, &run->events);
	run_timers_init (&run->timers, core, &run->monitor);
	orphan_scan_init (&run->scan, core, &run->monitor, &run->timers);
	run_output_init (&run->output, core, &run->events, &run->timers);
	agent_input_init (&run->input, core, &run->events);
	run_cancel_init (&run->cancel, core, &run->events, &run->timers);
	host_attach (host, &run->child);
	return run;
}

/* In a forked child the loop is the parent's too: it is left as it is. */
static void
leave_loop (struct lhk_run *run, int forked)
{
	if (!forked)
		run_monitor_unwatch (&run->monitor);
	run_output_stop (&run->output, forked);
	agent_input_stop (&run->input, forked);
	run_timers_clear (&run->timers);
	timer_clear (&run->core.loop->timers, &run->output.release);
	run_cancel_unwatch_file (&run->cancel, forked);
}

void
run_destroy (struct lhk_run *run)
{
	struct lhk_host *host = run->core.host;
	int forked = host->pid != getpid ();

	if (!forked) {
		run_monitor_kill_start (&run->monitor);
		run_monitor_kill_finish (&run->monitor);
		if (run->monitor.begun && !run->monitor.tree_gone_reported)
			orphan_scan_run_blocking (&run->scan);
	}
	leave_loop (run, forked);
	if (run->events.record.dir >= 0)
		record_writer_close (&run->events.record);
	orphans_stop (&run->scan.orphans);
	run_monitor_release (&run->monitor);
	monitor_client_close (&run->monitor.client);
	host_detach (host, &run->child);
	lhk_stream_free (run->core.stream);
	event_queue_free (&run->events.queue);
	head_tail_free (&run->output.stderr_capture);
	run->magic = 0;
	mem_free (&host->alloc, run, sizeof *run);
}

int
run_lost_stderr (const struct lhk_run *run)
{
	return run->output.stderr_lost;
}

/* ---- public functions ---- */

/* LHK_OK, LHK_EINVAL, LHK_EFORKED. */
static int
check_run (const struct lhk_run *run)
{
	if (run == NULL || run->magic != RUN_MAGIC)
		return LHK_EINVAL;
	return host_check (run->core.host);
}

int
lhk_run_wait (struct lhk_run *run, int timeout_ms)
{
	int64_t until = clock_now_ms () + timeout_ms;
	struct lhk_host *host;
	int64_t left = -1;
	int r = check_run (run);

	if (r < 0)
		return r;
	host = run->core.host;
	while (r == LHK_OK && run->result == NULL) {
		if (timeout_ms >= 0) {
			left = until - clock_now_ms ();
			if (left < 0)
				return LHK_ETIMEOUT;
		}
		r = host_turn (host, (int) left);
		if (r == LHK_OK
		    && (run->core.free_pending || host->free_after_turn))
			r = LHK_ESTATE;
		else if (r == LHK_OK && run->result == NULL
			 && host->loop->wake_received)
			r = LHK_AGAIN;
		host_free_deferred (host);
	}
	return r;
}

int
lhk_run_next_json (struct lhk_run *run, struct lhk_str *ret)
{
	int r = check_run (run);

	if (r < 0)
		return r;
	if (run->events.on_event != NULL || ret == NULL)
		return LHK_EINVAL;
	return run_events_next (&run->events, run->result, ret);
}

int
lhk_run_pause (struct lhk_run *run)
{
	int r = check_run (run);

	if (r == LHK_OK)
		run_timers_pause (&run->timers);
	return r;
}

int
lhk_run_resume (struct lhk_run *run)
{
	int r = check_run (run);

	if (r == LHK_OK)
		run_timers_resume (&run->timers);
	return r;
}

void
lhk_run_cancel (struct lhk_run *run, int signo)
{
	if (check_run (run) == LHK_OK)
		run_request_cancel (&run->cancel, signo);
}

static int
phase_of (const struct lhk_run *run)
{
	if (run->result != NULL)
		return LHK_PHASE_ENDED;
	if (run->core.agent_ended)
		return LHK_PHASE_EXITED;
	switch (run->core.state) {
	case RUN_STARTING:
		return LHK_PHASE_STARTING;
	case RUN_RUNNING:
		return LHK_PHASE_RUNNING;
	default:
		return LHK_PHASE_ENDING;
	}
}

static void
fill_progress (const struct lhk_run *run, struct lhk_run_progress *p)
{
	const struct run_core *core = &run->core;
	const struct run_timers *t = &run->timers;
	struct lhk_stream_stats stats;
	int64_t now = loop_now (core->loop);
	int has_cost = 0;

	p->phase = phase_of (run);
	p->pid = run->monitor.agent > 0 ? run->monitor.agent : 0;
	p->paused = t->paused;
	p->has_exit = core->outcome.has_exit;
	p->exit_code = core->outcome.exit_code;
	p->signal = core->outcome.signal;
	p->tools_open = lhk_stream_tools_open (core->stream);
	p->tasks_open = lhk_stream_tasks_open (core->stream);
	p->has_claim = lhk_stream_has_claim (core->stream);
	p->wall_ms = run->result != NULL ? run->result->outcome.wall_ms
					 : (uint64_t) (now - core->started_ms);
	p->silent_ms = now > t->output_ms ? (uint64_t) (now - t->output_ms) : 0;
	stream_sum (core->stream, &p->tokens, &p->cost_nano_usd, &has_cost);
	p->has_cost = has_cost;
	lhk_stream_stats (core->stream, &stats);
	p->events = stats.events;
	p->stdout_bytes = run->output.stdout_bytes;
	p->stderr_bytes = run->output.stderr_capture.total;
}

int
lhk_run_progress (const struct lhk_run *run, struct lhk_run_progress *progress)
{
	struct lhk_run_progress own = LHK_RUN_PROGRESS_INIT;
	int r = check_run (run);

	if (r < 0)
		return r;
	if (progress == NULL || progress->size < sizeof progress->size
	    || progress->size > PROGRESS_SIZE_MAX)
		return LHK_EINVAL;
	fill_progress (run, &own);
	own.size = progress->size;
	memcpy (progress, &own, own.size < sizeof own ? own.size : sizeof own);
	return LHK_OK;
}

const struct lhk_result *
lhk_run_result (const struct lhk_run *run)
{
	return check_run (run) == LHK_OK ? run->result : NULL;
}

void
lhk_run_free (struct lhk_run *run)
{
	if (check_run (run) < 0 || run->core.free_pending)
		return;
	if (!run->core.loop->turning) {
		run_destroy (run);
		return;
	}
	/* From inside a callback, perhaps its own. */
	run->core.free_pending = run->child.free_pending = 1;
	run->events.on_event = NULL;
	run->core.opts.on_stdout = NULL;
	run->core.opts.on_stderr = NULL;
}
