/* SPDX-License-Identifier: MIT */
/*
 * run_cancel.c - a signal that reaches the agent and its host: as a terminal,
 * a service manager or "kill 0" sends it.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>

#include "lib/trial.h"
#include "run/run.h"

/* The times in which an exit may still be explained. */
#define CONFIRM_MS 500

static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };

#define N_SIGNALS (sizeof signals / sizeof signals[0])

/* Dispatch until the agent's exit was reported. */
static void
await_exit (struct trial *t)
{
	while (!t->run->core.agent_ended)
		if (lhk_host_dispatch (t->host, 20000) < 0)
			break;
}

/* The agent ends by WORD NUMBER, then the run is canceled with SIGNO. */
static int
end_then_cancel (struct trial *t, const char *word, int number, int signo)
{
	char text[8];

	snprintf (text, sizeof text, "%d", number);
	if (trial_start (t, AGENT ("out", "x", word, text)) != LHK_OK)
		return 0;
	await_exit (t);
	lhk_run_cancel (t->run, signo);
	return trial_wait (t);
}

static void
check_canceled (const struct trial *t, int signo)
{
	TAP_EQ_INT (t->result->verdict, LHK_VERDICT_CANCELED);
	TAP_EQ_INT (t->result->outcome.end_reason, LHK_END_CANCELED);
	TAP_EQ_INT (t->result->outcome.cancel_signal, signo);
	TAP_EQ_INT (lhk_result_status (t->result, 0), 128 + signo);
	TAP_EQ_STR (t->text, "x\n");
}

static void
agent_first (void)
{
	struct trial t;
	size_t i;

	trial_begin (&t, 0);
	for (i = 0; i < N_SIGNALS; i++) {
		if (end_then_cancel (&t, "raise", signals[i], signals[i])) {
			check_canceled (&t, signals[i]);
			TAP_EQ_INT (t.result->outcome.signal, signals[i]);
		}
	}
	trial_end (&t);
}

static void
agent_first_with_status (void)
{
	struct trial t;
	size_t i;

	trial_begin (&t, 0);
	for (i = 0; i < N_SIGNALS; i++) {
		if (end_then_cancel (&t, "exit", 128 + signals[i],
				     signals[i])) {
			check_canceled (&t, signals[i]);
			TAP_EQ_INT (t.result->outcome.exit_code,
				    128 + signals[i]);
		}
	}
	trial_end (&t);
}

/* The agent gets the signal from elsewhere while the cancel is on its way. */
static void
host_first (void)
{
	struct trial t;
	size_t i;

	trial_begin (&t, 0);
	for (i = 0; i < N_SIGNALS; i++) {
		if (trial_start (&t, AGENT ("out", "x", "pause")) != LHK_OK)
			continue;
		trial_await_text (&t, 2);
		lhk_run_cancel (t.run, signals[i]);
		kill (t.run->monitor.agent, signals[i]);
		if (trial_wait (&t))
			check_canceled (&t, signals[i]);
	}
	trial_end (&t);
}

static void
other_signal (void)
{
	struct trial t;

	trial_begin (&t, 0);
	if (end_then_cancel (&t, "raise", SIGTERM, SIGINT)) {
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_KILLED);
		TAP_EQ_INT (lhk_result_status (t.result, 0), 128 + SIGTERM);
	}
	if (end_then_cancel (&t, "raise", SIGKILL, SIGKILL))
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_KILLED);
	if (end_then_cancel (&t, "exit", 3, SIGTERM))
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_FAILED);
	trial_end (&t);
}

static void
no_cancel (void)
{
	struct trial t;

	trial_begin (&t, 0);
	if (trial_run (&t, AGENT ("raise", "15"))) {
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_KILLED);
		CU_ASSERT (t.result->outcome.wall_ms >= CONFIRM_MS);
	}
	trial_end (&t);
}

/* What holds the outputs is not waited for either. */
static void
leftovers (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.drain_ms = 60000;
	if (trial_start (&t, AGENT ("daemon", "(", "ignoreall", "pause", ")",
				    "out", "x", "raise", "15"))
	    == LHK_OK) {
		await_exit (&t);
		lhk_run_cancel (t.run, 0);
		if (trial_wait (&t)) {
			check_canceled (&t, SIGTERM);
			CU_ASSERT (t.result->outcome.wall_ms < 15000);
		}
	}
	trial_end (&t);
}

/* The embedder frees the run while it waits. */
static void
freed (void)
{
	struct trial t;

	trial_begin (&t, 0);
	if (trial_start (&t, AGENT ("raise", "15")) == LHK_OK) {
		while (t.run->core.state != RUN_CONFIRMING)
			if (lhk_host_dispatch (t.host, 20000) < 0)
				break;
		lhk_run_free (t.run);
		t.run = NULL;
	}
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "an_agent_that_died_before_the_same_cancel_is_canceled",
	  agent_first },
	{ "a_status_of_128_and_the_signal_counts_as_the_signal",
	  agent_first_with_status },
	{ "an_agent_that_dies_after_the_cancel_is_canceled", host_first },
	{ "an_agent_that_died_of_something_else_is_not_canceled",
	  other_signal },
	{ "an_agent_killed_without_a_cancel_is_killed_half_a_second_later",
	  no_cancel },
	{ "a_cancel_that_explains_the_exit_waits_for_no_leftovers", leftovers },
	{ "a_run_may_be_freed_while_it_waits_for_its_cancel", freed },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_cancel", cases);
}
