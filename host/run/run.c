/* SPDX-License-Identifier: MIT */
/*
 * run.c - the state machine of one run.
 *
 * Exactly one outcome; the first cause is latched (run_clock.c); no state but
 * RUNNING without a clock of its own, and RUNNING ends within RUN_MONITOR_HUNG_* of
 * its agent; the exit is known before the tree is known to be empty; what was
 * written before the tree's end is read.
 */
#include "config.h"

#include "run/run.h"

/* The clock of this state; -1: none. */
static void
arm (struct lhk_run *run, int64_t ms)
{
	if (ms < 0)
		loop_disarm (run->loop, &run->phase);
	else
		loop_arm (run->loop, &run->phase, ms);
}

static void
nothing (struct lhk_run *run)
{
	(void) run;
}

/* What was asked for before is passed on now: a child stopped on its way to
 * the program would never be STARTED. */
static void
started (struct lhk_run *run)
{
	arm (run, -1);
	if (run->paused)
		monitor_client_send (&run->helper, PROTO_PAUSE, 0);
}

static void
ask (struct lhk_run *run)
{
	monitor_client_send (&run->helper, PROTO_TERM, run->stop_signo);
	arm (run, run->opts.grace_ms);
}

static void
kill_tree (struct lhk_run *run)
{
	monitor_client_send (&run->helper, PROTO_KILL, 0);
	arm (run, RUN_KILL_MS);
}

static void
sweep (struct lhk_run *run)
{
	monitor_client_send (&run->helper, PROTO_SWEEP, 0);
	arm (run, RUN_KILL_MS);
}

static void
drain (struct lhk_run *run)
{
	run_stop_clocks (run);
	arm (run, run->opts.drain_ms);
	file_follow_closing (&run->spool);
}

/*
 * The agent did as it was asked.  So were its others: they have what is left
 * of the grace, but nobody is longer waited for than after an agent that ended
 * by itself.  Whether they hold its outputs does not matter: it is we who end
 * the run.
 */
static void
leave (struct lhk_run *run)
{
	int64_t left = run->phase.deadline_ms - loop_now (run->loop);

	run_stop_clocks (run);
	arm (run, left < run->opts.drain_ms ? (left < 0 ? 0 : left)
					    : run->opts.drain_ms);
}

static void
note_cut (struct lhk_run *run)
{
	if (pipe_is_held (&run->out) || pipe_is_held (&run->err)
	    || file_follow_is_held (&run->spool))
		run->outcome.flags |= LHK_FLAG_DRAIN_CUT;
}

static void
cut_and_sweep (struct lhk_run *run)
{
	note_cut (run);
	sweep (run);
}

static void
collect (struct lhk_run *run)
{
	run_stop_clocks (run);
	arm (run, RUN_REAP_MS);
	run_collect (run);
}

static void
cut_and_collect (struct lhk_run *run)
{
	note_cut (run);
	collect (run);
}

static void
hunt (struct lhk_run *run, const char *fault)
{
	run->cause = LHK_END_HOST_ERROR;
	run->outcome.flags |= LHK_FLAG_MONITOR_LOST;
	if (run->agent == 0)
		run->outcome.step = monitor_client_step_name (STEP_MONITOR);
	run->fault = fault;
	run_stop_clocks (run);
	monitor_client_kill (&run->helper);
	orphan_scan_start (run);
}

static void
lose (struct lhk_run *run)
{
	hunt (run, "is gone");
}

/* It was asked, and time is over.  Where it could not kill, it would have
 * named who is left. */
static void
give_up (struct lhk_run *run)
{
	hunt (run, "does not answer");
}

/* The helper has said its last word, and does not end. */
static void
abandon (struct lhk_run *run)
{
	monitor_client_kill (&run->helper);
	run->monitor_gone = 1;
}

/* What is not listed changes nothing. */
static const struct transition {
	enum run_state state;
	enum run_event event;
	enum run_state next;
	void (*action) (struct lhk_run *run);
} transitions[] = {
	{ RUN_STARTING, RUN_EV_STARTED, RUN_RUNNING, started },
	{ RUN_STARTING, RUN_EV_FAILED, RUN_SWEEPING, sweep },
	{ RUN_STARTING, RUN_EV_STOP, RUN_ENDING, ask },
	{ RUN_STARTING, RUN_EV_KILL, RUN_KILLING, kill_tree },
	{ RUN_STARTING, RUN_EV_LATE, RUN_SCANNING, give_up },
	{ RUN_STARTING, RUN_EV_LOST, RUN_SCANNING, lose },

	{ RUN_RUNNING, RUN_EV_EXITED, RUN_DRAINING, drain },
	{ RUN_RUNNING, RUN_EV_STOP, RUN_ENDING, ask },
	{ RUN_RUNNING, RUN_EV_KILL, RUN_KILLING, kill_tree },
	{ RUN_RUNNING, RUN_EV_MONITOR_HUNG, RUN_SCANNING, give_up },
	{ RUN_RUNNING, RUN_EV_LOST, RUN_SCANNING, lose },

	{ RUN_ENDING, RUN_EV_FAILED, RUN_SWEEPING, sweep },
	{ RUN_ENDING, RUN_EV_EXITED, RUN_LEAVING, leave },
	{ RUN_ENDING, RUN_EV_LATE, RUN_KILLING, kill_tree },
	{ RUN_ENDING, RUN_EV_KILL, RUN_KILLING, kill_tree },
	{ RUN_ENDING, RUN_EV_MONITOR_HUNG, RUN_SCANNING, give_up },
	{ RUN_ENDING, RUN_EV_LOST, RUN_SCANNING, lose },

	{ RUN_KILLING, RUN_EV_EMPTY, RUN_COLLECTING, collect },
	{ RUN_KILLING, RUN_EV_LATE, RUN_SCANNING, give_up },
	{ RUN_KILLING, RUN_EV_MONITOR_HUNG, RUN_SCANNING, give_up },
	{ RUN_KILLING, RUN_EV_LOST, RUN_SCANNING, lose },

	{ RUN_LEAVING, RUN_EV_EMPTY, RUN_COLLECTING, collect },
	{ RUN_LEAVING, RUN_EV_LATE, RUN_SWEEPING, sweep },
	{ RUN_LEAVING, RUN_EV_KILL, RUN_SWEEPING, sweep },
	{ RUN_LEAVING, RUN_EV_LOST, RUN_SCANNING, lose },

	{ RUN_DRAINING, RUN_EV_EMPTY, RUN_SETTLING, nothing },
	{ RUN_DRAINING, RUN_EV_INPUT_END, RUN_SWEEPING, sweep },
	{ RUN_DRAINING, RUN_EV_LATE, RUN_SWEEPING, cut_and_sweep },
	{ RUN_DRAINING, RUN_EV_STOP, RUN_SWEEPING, cut_and_sweep },
	{ RUN_DRAINING, RUN_EV_KILL, RUN_SWEEPING, cut_and_sweep },
	{ RUN_DRAINING, RUN_EV_LOST, RUN_SCANNING, lose },

	{ RUN_SETTLING, RUN_EV_INPUT_END, RUN_COLLECTING, collect },
	{ RUN_SETTLING, RUN_EV_LATE, RUN_COLLECTING, cut_and_collect },
	{ RUN_SETTLING, RUN_EV_STOP, RUN_COLLECTING, cut_and_collect },
	{ RUN_SETTLING, RUN_EV_KILL, RUN_COLLECTING, cut_and_collect },

	{ RUN_SWEEPING, RUN_EV_EMPTY, RUN_COLLECTING, collect },
	{ RUN_SWEEPING, RUN_EV_LATE, RUN_SCANNING, give_up },
	{ RUN_SWEEPING, RUN_EV_LOST, RUN_SCANNING, lose },

	{ RUN_SCANNING, RUN_EV_LATE, RUN_SCANNING, orphan_scan_step },
	{ RUN_SCANNING, RUN_EV_EMPTY, RUN_COLLECTING, collect },

	{ RUN_COLLECTING, RUN_EV_LATE, RUN_COLLECTING, abandon },
};

void
run_advance (struct lhk_run *run, enum run_event event)
{
	const struct transition *t = transitions;
	size_t i;

	for (i = 0; i < sizeof transitions / sizeof transitions[0]; i++, t++) {
		if (t->state == run->state && t->event == event) {
			run->state = t->next;
			t->action (run);
			break;
		}
	}
	run_check_state (run);
}

void
run_check_state (struct lhk_run *run)
{
	if ((run->state == RUN_DRAINING || run->state == RUN_SETTLING)
	    && run_inputs_ended (run)) {
		run_advance (run, RUN_EV_INPUT_END);
	} else if (run->state == RUN_COLLECTING && run->monitor_gone
		   && run->out.fd < 0 && run->err.fd < 0 && run->spool.fd < 0) {
		run->state = RUN_DONE;
		arm (run, -1);
		run_finish (run);
	}
}
