/* SPDX-License-Identifier: MIT */
/* run_clock.c - runs that we end: clocks, limits, cancelling. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "lib/trial.h"

static void
total_over (void)
{
	long long start = now_ms ();
	struct trial t;

	trial_begin (&t, 0);
	t.opts.total_ms = 100;
	if (trial_run (&t, WORDS ("sleep", "10"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_TIMEOUT);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_TIMEOUT);
		TAP_EQ_INT (t.result->outcome.signal, SIGTERM);
		CU_ASSERT (t.result->outcome.wall_ms >= 100);
	}
	CU_ASSERT (now_ms () - start < 9000);
	trial_end (&t);
}

static void
idle_over (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.idle_ms = 2000;
	if (trial_run (&t, AGENT ("out", "a", "pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_IDLE);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_STALLED);
		CU_ASSERT_PTR_NOT_NULL (strstr (t.notices, "stall: no output"
							   " for "));
		TAP_EQ_STR (t.text, "a\n");
	}
	/* Closed outputs are silence too. */
	t.opts.idle_ms = 200;
	if (trial_run (&t, AGENT ("close", "1", "close", "2", "pause")))
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_IDLE);
	trial_end (&t);
}

static void
idle_reset (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.idle_ms = 3000;
	if (trial_run (&t,
		       AGENT ("sleep", "500", "out", "a", "sleep", "500", "err",
			      "b", "sleep", "500", "out", "c", "sleep", "500",
			      "err", "d", "sleep", "500", "out", "e", "sleep",
			      "500", "err", "f", "sleep", "500"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_EXITED);
		TAP_EQ_STR (t.notices, "");
	}
	trial_end (&t);
}

static void
idle_with_tool (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.idle_ms = 2000;
	if (trial_run (&t, AGENT ("out", "TOOL+ 1", "sleep", "2500", "out",
				  "TASK+ 2", "out", "TOOL- 1", "sleep", "2500",
				  "out", "TASK- 2"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_EXITED);
		CU_ASSERT_PTR_NULL (strstr (t.notices, "stall"));
	}
	t.opts.idle_ms = 100;
	if (trial_run (&t, AGENT ("out", "TOOL+ 1", "out", "TOOL- 1", "pause")))
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_IDLE);
	trial_end (&t);
}

static void
linger_over (void)
{
	struct trial t;

	trial_begin (&t, LHK_PLUGIN_CLAIMS);
	t.opts.linger_ms = 150;
	if (trial_run (&t, AGENT ("out", "answer", "out", "CLAIM", "pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_LINGER);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
		TAP_EQ_INT (t.result->outcome.flags,
			    LHK_FLAG_HUNG_AFTER_RESULT);
	}
	/* More output takes the claim back: the run goes on. */
	t.opts.linger_ms = 2000;
	if (trial_run (&t, AGENT ("out", "CLAIM", "sleep", "50", "out", "more",
				  "sleep", "2500", "out", "CLAIM"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_EXITED);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
		TAP_EQ_INT (t.result->outcome.flags, 0);
	}
	/* A task behind the claim is waited for. */
	t.opts.linger_ms = 2000;
	if (trial_run (&t, AGENT ("out", "TASK+ 1", "out", "CLAIM", "sleep",
				  "2500", "out", "TASK- 1", "out", "CLAIM")))
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_EXITED);
	trial_end (&t);
}

static void
grace_over (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.cancel_on = "up";
	t.opts.grace_ms = 200;
	if (trial_run (&t, AGENT ("ignoreall", "out", "up", "pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_CANCELED);
		TAP_EQ_INT (t.result->outcome.signal, SIGKILL);
		CU_ASSERT (t.result->outcome.wall_ms >= 200);
	}
	trial_end (&t);
}

static void
no_grace (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.cancel_on = "up";
	t.opts.grace_ms = 0;
	if (trial_run (&t, AGENT ("onterm", "late", "out", "up", "pause"))) {
		TAP_EQ_INT (t.result->outcome.signal, SIGKILL);
		TAP_EQ_STR (t.text, "up\n");
	}
	trial_end (&t);
}

static void
end_within_grace (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.cancel_on = "up";
	t.opts.grace_ms = 100000;
	if (trial_run (&t, AGENT ("onterm", "bye", "out", "up", "pause"))) {
		TAP_EQ_STR (t.text, "up\nbye\n");
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_CANCELED);
		TAP_EQ_INT (t.result->outcome.has_exit, 1);
		TAP_EQ_INT (t.result->outcome.exit_code, 0);
	}
	trial_end (&t);
}

static void
stopped_child (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.total_ms = 100;
	t.opts.grace_ms = 100000;
	if (trial_run (&t, AGENT ("stop"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_TIMEOUT);
		TAP_EQ_INT (t.result->outcome.signal, SIGTERM);
	}
	trial_end (&t);
}

static void
cancel_during (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.grace_ms = 100000;
	t.cancel_on = "up";
	t.cancel_signo = SIGINT;
	if (trial_run (&t, AGENT ("out", "up", "pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_CANCELED);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_CANCELED);
		TAP_EQ_INT (t.result->outcome.signal, SIGINT);
		TAP_EQ_INT (t.result->outcome.cancel_signal, SIGINT);
		TAP_EQ_INT (lhk_result_status (t.result, 0), 130);
	}
	trial_end (&t);
}

static void
cancel_twice (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.grace_ms = 100000;
	t.cancel_on = "up";
	t.cancel_times = 2;
	if (trial_run (&t, AGENT ("ignoreall", "out", "up", "pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_CANCELED);
		TAP_EQ_INT (t.result->outcome.signal, SIGKILL);
		TAP_EQ_INT (t.result->outcome.cancel_signal, SIGTERM);
	}
	trial_end (&t);
}

static void
cancel_at_once (void)
{
	struct trial t;
	int i;

	trial_begin (&t, 0);
	for (i = 0; i < 30; i++) {
		if (trial_start (&t, AGENT ("pause")) != LHK_OK)
			break;
		lhk_run_cancel (t.run, 0);
		if (!trial_wait (&t)
		    || !TAP_EQ_INT (t.result->outcome.end_reason,
				    LHK_END_CANCELED))
			break;
	}
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

static void
cancel_late (void)
{
	const struct lhk_result *first;
	struct trial t;

	trial_begin (&t, 0);
	if (trial_run (&t, AGENT ("exit", "7"))) {
		first = t.result;
		lhk_run_cancel (t.run, SIGTERM);
		TAP_EQ_INT (lhk_host_dispatch (t.host, 0), 0);
		TAP_EQ_INT (lhk_run_wait (t.run, 0), LHK_OK);
		CU_ASSERT_PTR_EQUAL (lhk_run_result (t.run), first);
		TAP_EQ_INT (first->outcome.end_reason, LHK_END_EXITED);
		TAP_EQ_INT (first->outcome.exit_code, 7);
		TAP_EQ_INT (t.n_final, 1);
	}
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

static void
cancel_one_of_two (void)
{
	struct lhk_run *other;
	struct trial t;

	trial_begin (&t, 0);
	t.stream.on_event = NULL;
	t.opts.drain_ms = 10000;
	if (trial_start (
		    &t, AGENT ("fork", "(", "sleep", "200", "out", "late", ")"))
	    == LHK_OK) {
		other = t.run;
		t.run = NULL;
		t.stream.on_event = NULL;
		TAP_EQ_INT (trial_start (&t, AGENT ("pause")), LHK_OK);
		lhk_run_cancel (t.run, 0);
		TAP_EQ_INT (lhk_run_wait (t.run, 20000), LHK_OK);
		TAP_EQ_INT (lhk_run_result (t.run)->outcome.end_reason,
			    LHK_END_CANCELED);
		TAP_EQ_INT (lhk_run_wait (other, 20000), LHK_OK);
		TAP_EQ_INT (lhk_run_result (other)->outcome.end_reason,
			    LHK_END_EXITED);
		TAP_EQ_INT (lhk_run_result (other)->outcome.flags, 0);
		TAP_EQ_INT (lhk_run_result (other)->stats.lines, 1);
		lhk_run_free (other);
	}
	trial_end (&t);
}

static void
output_limit (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.max_output = 14;
	if (trial_run (&t, AGENT ("out", "line 1", "out", "line 2")))
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_EXITED);
	t.opts.max_output = 14;
	if (trial_run (&t, AGENT ("lines", "2", "out", "x", "pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_OUTPUT_LIMIT);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_LIMIT);
		TAP_EQ_STR (t.text, "line 1\nline 2\n");
	}
	t.opts.max_output = 14;
	t.opts.stdout_mode = LHK_STDOUT_FILE;
	if (trial_run (&t, AGENT ("lines", "1000"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_OUTPUT_LIMIT);
		TAP_EQ_INT (t.result->stats.bytes, 14);
	}
	t.opts.max_output = 1 << 20;
	if (trial_run (&t, AGENT ("flood", "1000")))
		TAP_EQ_INT (t.result->stats.bytes, 1 << 20);
	trial_end (&t);
}

static void
budgets (void)
{
	struct trial t;

	trial_begin (&t, LHK_PLUGIN_CLAIMS);
	t.opts.max_tokens = 100;
	if (trial_run (&t, AGENT ("out", "TOKENS 100", "out", "CLAIM")))
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
	t.opts.max_tokens = 100;
	if (trial_run (&t, AGENT ("out", "TOKENS 101", "pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_BUDGET);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_LIMIT);
		CU_ASSERT_PTR_NOT_NULL (strstr (t.notices, "budget: 101"
							   " tokens"));
		TAP_EQ_INT (t.result->n_usage, 1);
	}
	t.opts.max_cost_nano = 5000;
	if (trial_run (&t, AGENT ("out", "TOKENS 6", "pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_BUDGET);
		CU_ASSERT_PTR_NOT_NULL (strstr (t.notices,
						"0.000006 USD were spent"
						" and 0.000005 are allowed"));
	}
	trial_end (&t);
}

static void
exit_wins (void)
{
	struct trial t;
	int i;

	/* Whatever comes first, there is one outcome, and it is one of two. */
	trial_begin (&t, 0);
	for (i = 0; i < 40; i++) {
		t.opts.total_ms = 20;
		if (!trial_run (&t, AGENT ("sleep", "19", "exit", "3")))
			break;
		if (t.result->outcome.end_reason == LHK_END_EXITED)
			TAP_EQ_INT (t.result->outcome.exit_code, 3);
		else
			TAP_EQ_INT (t.result->outcome.end_reason,
				    LHK_END_TIMEOUT);
	}
	/* An exit that waits to be heard is before a clock that is over. */
	t.opts.total_ms = 1;
	if (trial_start (&t, AGENT ("exit", "3")) == LHK_OK) {
		zombies_await (1);
		if (trial_wait (&t)) {
			TAP_EQ_INT (t.result->outcome.end_reason,
				    LHK_END_EXITED);
			TAP_EQ_INT (t.result->outcome.exit_code, 3);
		}
	}
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "total_time_ends_a_run_promptly_as_timeout", total_over },
	{ "silence_on_both_outputs_ends_a_run_as_stalled_after_a_notice",
	  idle_over },
	{ "output_on_either_side_resets_the_idle_clock", idle_reset },
	{ "an_open_tool_or_task_suspends_the_idle_clock", idle_with_tool },
	{ "an_agent_that_stays_after_its_claim_is_ended_and_ok", linger_over },
	{ "sigkill_follows_sigterm_after_the_grace", grace_over },
	{ "without_grace_there_is_no_sigterm", no_grace },
	{ "an_agent_that_handles_sigterm_can_print_and_exit",
	  end_within_grace },
	{ "a_stopped_agent_is_continued_so_that_sigterm_ends_it",
	  stopped_child },
	{ "cancel_ends_a_run_with_the_signal_it_names", cancel_during },
	{ "a_second_cancel_skips_the_grace", cancel_twice },
	{ "a_run_canceled_before_its_agent_starts_is_canceled",
	  cancel_at_once },
	{ "a_cancel_after_the_end_changes_no_result", cancel_late },
	{ "a_cancel_of_one_run_does_not_touch_another", cancel_one_of_two },
	{ "output_over_its_limit_ends_the_run_with_exactly_so_many_bytes",
	  output_limit },
	{ "tokens_or_cost_over_their_limit_end_the_run", budgets },
	{ "an_exit_that_was_first_wins_over_a_clock", exit_wins },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_clock", cases);
}
