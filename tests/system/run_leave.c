/* SPDX-License-Identifier: MIT */
/* run_leave.c - how long those are waited for whom an agent leaves behind. */
#include "config.h"

#include "lib/containments.h"
#include "lib/pidns.h"
#include "run/run.h"

static void
background_child (void)
{
	struct trial t;

	/* It holds stdout for good: cut; the agent's own words are there. */
	trial_begin (&t, 0);
	t.opts.drain_ms = 150;
	if (trial_run (&t, AGENT ("fork", "(", "pause", ")", "lines", "3",
				  "exit", "0"))) {
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
		TAP_EQ_STR (t.text, "line 1\nline 2\nline 3\n");
		TAP_EQ_INT (t.result->outcome.flags,
			    LHK_FLAG_DRAIN_CUT | LHK_FLAG_LEFTOVER_KILLED);
	}
	/* It ends in time: its words count, nothing is cut. */
	t.opts.drain_ms = 10000;
	if (trial_run (&t, AGENT ("fork", "(", "sleep", "100", "out", "late",
				  ")", "out", "early"))) {
		TAP_EQ_STR (t.text, "early\nlate\n");
		TAP_EQ_INT (t.result->outcome.flags, 0);
	}
	/* It holds neither output: nobody waits for it. */
	t.opts.drain_ms = 10000;
	if (trial_run (&t, AGENT ("fork", "(", "close", "1", "close", "2",
				  "pause", ")", "out", "x"))) {
		TAP_EQ_INT (t.result->outcome.flags, LHK_FLAG_LEFTOVER_KILLED);
		CU_ASSERT (t.result->outcome.wall_ms < 9000);
	}
	trial_end (&t);
}

/* When we end the run, survivors that hold its outputs are not the fault of the
 * agent. */
static void
rest_of_grace (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.cancel_on = "up";
	t.opts.grace_ms = 600;
	t.opts.drain_ms = 60000;
	if (trial_run (&t, AGENT ("daemon", "(", "ignoreall", "out", "up",
				  "pause", ")", "pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_CANCELED);
		TAP_EQ_INT (t.result->outcome.flags, LHK_FLAG_LEFTOVER_KILLED);
		CU_ASSERT (t.result->outcome.wall_ms < 15000);
	}
	trial_end (&t);
}

static void
at_most_drain (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.cancel_on = "up";
	t.opts.grace_ms = 60000;
	t.opts.drain_ms = 100;
	if (trial_run (&t, AGENT ("daemon", "(", "ignoreall", "out", "up",
				  "pause", ")", "pause"))) {
		TAP_EQ_INT (t.result->outcome.flags, LHK_FLAG_LEFTOVER_KILLED);
		CU_ASSERT (t.result->outcome.wall_ms < 15000);
	}
	trial_end (&t);
}

static void
leave_in_time (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.cancel_on = "up";
	t.opts.grace_ms = 60000;
	t.opts.drain_ms = 60000;
	if (trial_run (&t, AGENT ("fork", "(", "ignore", "15", "sleep", "300",
				  "out", "bye", ")", "sleep", "50", "out", "up",
				  "pause"))) {
		TAP_EQ_STR (t.text, "up\nbye\n");
		TAP_EQ_INT (t.result->outcome.flags, 0);
		CU_ASSERT (t.result->outcome.wall_ms < 15000);
	}
	trial_end (&t);
}

static void
second_cancel (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.cancel_on = "up";
	t.opts.grace_ms = 60000;
	t.opts.drain_ms = 60000;
	if (trial_start (&t, AGENT ("daemon", "(", "ignoreall", "out", "up",
				    "pause", ")", "pause"))
	    == LHK_OK) {
		while (t.run->core.state != RUN_LEAVING)
			if (lhk_host_dispatch (t.host, 10000) < 0)
				break;
		lhk_run_cancel (t.run, 0);
		if (trial_wait (&t))
			CU_ASSERT (t.result->outcome.wall_ms < 15000);
	}
	trial_end (&t);
}

/* ---- after an agent that ended by itself ---- */

/* One in a session of its own that prints when it is asked to end, and a child
 * of its own in another one. */
static void
leftover_cleans_up (int arg)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.contain = containments[arg].contain;
	t.opts.drain_ms = 300;
	if (trial_run (&t,
		       AGENT ("daemon", "(", "fork", "(", "setsid", "onterm",
			      "bye", "out", "up", "pause", ")", "onterm", "bye",
			      "out", "up", "pause", ")", "sleep", "200"))) {
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
		TAP_EQ_STR (t.text, "up\nup\nbye\nbye\n");
		TAP_EQ_INT (t.result->outcome.flags, LHK_FLAG_DRAIN_CUT);
		containment_check (&containments[arg], &t.result->outcome);
	}
	/* In the agent's own group, and it holds no output: it ends at once. */
	t.opts.contain = containments[arg].contain;
	t.opts.drain_ms = 10000;
	if (trial_run (&t,
		       AGENT ("fork", "(", "close", "1", "close", "2", "onterm",
			      "bye", "pause", ")", "sleep", "200"))) {
		TAP_EQ_INT (t.result->outcome.flags, 0);
		CU_ASSERT (t.result->outcome.wall_ms < 9000);
	}
	trial_end (&t);
}

static void
leftover_stays (int arg)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.contain = containments[arg].contain;
	t.opts.drain_ms = 100;
	if (trial_run (&t, AGENT ("daemon", "(", "close", "1", "close", "2",
				  "ignoreall", "pause", ")", "sleep", "200"))) {
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
		TAP_EQ_INT (t.result->outcome.flags, LHK_FLAG_LEFTOVER_KILLED);
		containment_check (&containments[arg], &t.result->outcome);
	}
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

static void
leftovers_clean_up (void)
{
	containment_each (leftover_cleans_up);
}

static void
leftovers_stay (void)
{
	containment_each (leftover_stays);
}

static void
end_by_total (struct trial *t, int stdout_mode, const char *const *argv,
	      uint32_t flags)
{
	t->opts.total_ms = 1500;
	t->opts.drain_ms = 60000;
	t->opts.stdout_mode = stdout_mode;
	if (!trial_run (t, argv))
		return;
	TAP_EQ_INT (t->result->verdict, LHK_VERDICT_OK);
	TAP_EQ_INT (t->result->outcome.end_reason, LHK_END_EXITED);
	TAP_EQ_INT (t->result->outcome.flags, flags);
	CU_ASSERT (t->result->outcome.wall_ms < 15000);
}

static void
total_over (void)
{
	uint32_t killed = LHK_FLAG_LEFTOVER_KILLED;
	struct trial t;

	trial_begin (&t, 0);
	/* One that holds the output, one that holds none, and one that may
	 * still write into the file. */
	end_by_total (&t, LHK_STDOUT_PIPE,
		      AGENT ("daemon", "(", "ignoreall", "pause", ")"),
		      LHK_FLAG_DRAIN_CUT | killed);
	end_by_total (&t, LHK_STDOUT_PIPE,
		      AGENT ("daemon", "(", "close", "1", "close", "2",
			     "ignoreall", "pause", ")"),
		      killed);
	end_by_total (
		&t, LHK_STDOUT_FILE,
		AGENT ("daemon", "(", "close", "2", "ignoreall", "pause", ")"),
		LHK_FLAG_DRAIN_CUT | killed);
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

static void
cancel_of_leftovers (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.drain_ms = 60000;
	if (trial_start (&t, AGENT ("daemon", "(", "close", "1", "close", "2",
				    "ignoreall", "pause", ")", "sleep", "200"))
	    == LHK_OK) {
		while (t.run->core.state != RUN_LEAVING)
			if (lhk_host_dispatch (t.host, 10000) < 0)
				break;
		lhk_run_cancel (t.run, 0);
		if (trial_wait (&t)) {
			TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
			CU_ASSERT (t.result->outcome.wall_ms < 15000);
		}
	}
	trial_end (&t);
}

/* The end of its group is the end of its tree: nothing is waited for. */
static void
nothing_left (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.drain_ms = 60000;
	if (trial_run (&t, AGENT ("fork", "(", "out", "x", ")", "wait"))) {
		TAP_EQ_INT (t.result->outcome.flags, 0);
		CU_ASSERT (t.result->outcome.wall_ms < 15000);
	}
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "a_background_child_that_holds_stdout_is_cut_and_ok",
	  background_child },
	{ "survivors_of_a_canceled_run_have_the_rest_of_the_grace",
	  rest_of_grace },
	{ "survivors_of_a_canceled_run_have_at_most_the_drain_time",
	  at_most_drain },
	{ "survivors_of_a_canceled_run_may_print_and_exit_in_time",
	  leave_in_time },
	{ "a_second_cancel_waits_for_no_survivors", second_cancel },
	{ "what_an_agent_leaves_behind_gets_SIGTERM_and_may_clean_up",
	  leftovers_clean_up },
	{ "what_an_agent_leaves_behind_and_stays_is_killed_after_drain",
	  leftovers_stay },
	{ "a_cancel_after_the_exit_waits_for_no_leftovers",
	  cancel_of_leftovers },
	{ "the_total_time_ends_what_an_agent_leaves_behind", total_over },
	{ "an_agent_that_leaves_nothing_behind_costs_no_drain", nothing_left },
	{ NULL, NULL },
};

int
main (void)
{
	pidns_enter ();
	return tap_run ("run_leave", cases);
}
