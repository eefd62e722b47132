/* SPDX-License-Identifier: MIT */
/*
 * run.c - the state machine of one run.
 *
 * Exactly one outcome; the first cause is latched (run_clock.c); no state but
 * RUNNING without a clock of its own; the exit is known before the tree is
 * known to be empty; what was written before the tree's end is read.
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

static void
ask (struct lhk_run *run)
{
	helper_tell (&run->helper, PROTO_TERM, run->stop_signo);
	arm (run, run->opts.grace_ms);
}

static void
kill_tree (struct lhk_run *run)
{
	helper_tell (&run->helper, PROTO_KILL, 0);
	arm (run, RUN_KILL_MS);
}

static void
drain (struct lhk_run *run)
{
	run_stop_clocks (run);
	arm (run, run->opts.drain_ms);
}

static void
sweep (struct lhk_run *run)
{
	helper_tell (&run->helper, PROTO_SWEEP, 0);
	arm (run, RUN_KILL_MS);
}

/* Of a file it cannot be known whether others hold it. */
static void
note_cut (struct lhk_run *run)
{
	if (pipe_is_held (&run->out) || pipe_is_held (&run->err))
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
fail_run (struct lhk_run *run)
{
	run->cause = LHK_HOW_HOST_ERROR;
}

/* Killed, and still there: the helper has not even named who. */
static void
give_up (struct lhk_run *run)
{
	fail_run (run);
	if (!run->exited && run->agent > 0) {
		run->survivors[0] = (int32_t) run->agent;
		run->outcome.n_survivors = 1;
	}
	run_say (run, LHK_LOG_ERROR, LHK_CODE_HOST, "the processes of the run"
		 " could not be killed within %d ms", RUN_KILL_MS);
	helper_kill (&run->helper);
	run_kill_group (run);
	collect (run);
}

static void
lose (struct lhk_run *run)
{
	fail_run (run);
	run->outcome.flags |= LHK_FLAG_MONITOR_LOST;
	if (run->agent == 0)
		run->outcome.step = helper_step (STEP_HELPER);
	run_say (run, LHK_LOG_ERROR, LHK_CODE_HOST, "the monitor of the run is"
		 " gone: processes of the agent may be left");
	run_kill_group (run);
	collect (run);
}

/* The helper has said its last word, and does not end. */
static void
abandon (struct lhk_run *run)
{
	helper_kill (&run->helper);
	run->helper_gone = 1;
}

/* What is not listed changes nothing. */
static const struct transition {
	enum run_state state;
	enum run_event event;
	enum run_state next;
	void (*action) (struct lhk_run *run);
} transitions[] = {
	{ RUN_STARTING, RUN_EV_STARTED, RUN_RUNNING, nothing },
	{ RUN_STARTING, RUN_EV_FAILED, RUN_SWEEPING, sweep },
	{ RUN_STARTING, RUN_EV_STOP, RUN_ENDING, ask },
	{ RUN_STARTING, RUN_EV_KILL, RUN_KILLING, kill_tree },
	{ RUN_STARTING, RUN_EV_LOST, RUN_COLLECTING, lose },

	{ RUN_RUNNING, RUN_EV_EXITED, RUN_DRAINING, drain },
	{ RUN_RUNNING, RUN_EV_STOP, RUN_ENDING, ask },
	{ RUN_RUNNING, RUN_EV_KILL, RUN_KILLING, kill_tree },
	{ RUN_RUNNING, RUN_EV_LOST, RUN_COLLECTING, lose },

	{ RUN_ENDING, RUN_EV_FAILED, RUN_SWEEPING, sweep },
	{ RUN_ENDING, RUN_EV_EXITED, RUN_DRAINING, drain },
	{ RUN_ENDING, RUN_EV_LATE, RUN_KILLING, kill_tree },
	{ RUN_ENDING, RUN_EV_KILL, RUN_KILLING, kill_tree },
	{ RUN_ENDING, RUN_EV_LOST, RUN_COLLECTING, lose },

	{ RUN_KILLING, RUN_EV_EMPTY, RUN_COLLECTING, collect },
	{ RUN_KILLING, RUN_EV_LATE, RUN_COLLECTING, give_up },
	{ RUN_KILLING, RUN_EV_LOST, RUN_COLLECTING, lose },

	{ RUN_DRAINING, RUN_EV_EMPTY, RUN_SETTLING, nothing },
	{ RUN_DRAINING, RUN_EV_INPUT_END, RUN_SWEEPING, sweep },
	{ RUN_DRAINING, RUN_EV_LATE, RUN_SWEEPING, cut_and_sweep },
	{ RUN_DRAINING, RUN_EV_STOP, RUN_SWEEPING, cut_and_sweep },
	{ RUN_DRAINING, RUN_EV_KILL, RUN_SWEEPING, cut_and_sweep },
	{ RUN_DRAINING, RUN_EV_LOST, RUN_COLLECTING, lose },

	{ RUN_SETTLING, RUN_EV_INPUT_END, RUN_COLLECTING, collect },
	{ RUN_SETTLING, RUN_EV_LATE, RUN_COLLECTING, cut_and_collect },
	{ RUN_SETTLING, RUN_EV_STOP, RUN_COLLECTING, cut_and_collect },
	{ RUN_SETTLING, RUN_EV_KILL, RUN_COLLECTING, cut_and_collect },

	{ RUN_SWEEPING, RUN_EV_EMPTY, RUN_COLLECTING, collect },
	{ RUN_SWEEPING, RUN_EV_LATE, RUN_COLLECTING, give_up },
	{ RUN_SWEEPING, RUN_EV_LOST, RUN_COLLECTING, lose },

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
	run_look (run);
}

void
run_look (struct lhk_run *run)
{
	if ((run->state == RUN_DRAINING || run->state == RUN_SETTLING)
	    && run_inputs_ended (run)) {
		run_advance (run, RUN_EV_INPUT_END);
	} else if (run->state == RUN_COLLECTING && run->helper_gone
		   && run->out.fd < 0 && run->err.fd < 0
		   && run->spool.fd < 0) {
		run->state = RUN_DONE;
		arm (run, -1);
		run_finish (run);
	}
}
