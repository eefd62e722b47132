/* SPDX-License-Identifier: MIT */
/* summary.c - what a run has told, and the result made of it. */
#include "config.h"

#include <stdio.h>

#include "unit/summary_fixture.h"
#include "common/limits.h"

static void
session_and_model (void)
{
	static char huge[MIB];

	begin (MIB);
	session (NULL, NULL, NULL);
	session ("sub", "small", "toolu_1");
	session ("", "", NULL);
	session ("first", NULL, NULL);
	session ("second", "large", NULL);
	session ("third", "other", NULL);
	make_result ();
	session ("fourth", NULL, NULL);
	session ("sub", "small", "toolu_2");
	make_result ();
	TAP_EQ_MEM (result.session_id.ptr, result.session_id.len, "fourth", 6);
	TAP_EQ_MEM (result.model.ptr, result.model.len, "other", 5);
	finish ();

	/* Ids of a megabyte. */
	memset (huge, 'x', sizeof huge - 1);
	begin (MIB);
	session (huge, huge, NULL);
	make_result ();
	TAP_EQ_INT (result.session_id.len, LIMIT_ID);
	TAP_EQ_INT (result.model.len, LIMIT_ID);
	finish ();
}

static void
turns (void)
{
	begin (MIB);
	whole ("a");
	usage (1);
	TAP_EQ_INT (summary_turn (t), 1);
	claim (LHK_VERDICT_OK, NULL, 1);
	claim (LHK_VERDICT_OK, NULL, 1);
	TAP_EQ_INT (summary_turn (t), 3);
	finish ();
}

static void
tool_counts (void)
{
	static const struct {
		const char *id;
		int status;
		size_t open;
		uint64_t started, completed, failed, denied;
	} steps[] = {
		{ "a", LHK_TOOL_PENDING, 1, 1, 0, 0, 0 },
		{ "a", LHK_TOOL_RUNNING, 1, 1, 0, 0, 0 },
		{ "b", LHK_TOOL_RUNNING, 2, 2, 0, 0, 0 },
		{ "a", LHK_TOOL_DONE, 1, 2, 1, 0, 0 },
		{ "a", 0, 1, 2, 1, 0, 0 },
		{ "b", LHK_TOOL_FAILED, 0, 2, 1, 1, 0 },
		/* the last state of an id counts */
		{ "b", LHK_TOOL_DENIED, 0, 2, 1, 0, 1 },
		/* first seen at its end */
		{ "c", LHK_TOOL_DONE, 0, 3, 2, 0, 1 },
		{ "d", LHK_TOOL_FAILED, 0, 4, 2, 1, 1 },
		/* neither completed nor failed, but closed */
		{ "e", LHK_TOOL_PENDING, 1, 5, 2, 1, 1 },
		{ "e", LHK_TOOL_CANCELED, 0, 5, 2, 1, 1 },
		/* opened again */
		{ "c", LHK_TOOL_RUNNING, 1, 5, 1, 1, 1 },
		{ "c", LHK_TOOL_DONE, 0, 5, 2, 1, 1 },
		/* no status: it was begun, and stays what it is */
		{ "g", 0, 1, 6, 2, 1, 1 },
		{ "g", LHK_TOOL_DONE, 0, 6, 3, 1, 1 },
		/* no id: counted, but never open */
		{ NULL, LHK_TOOL_PENDING, 0, 7, 3, 1, 1 },
		{ NULL, LHK_TOOL_DONE, 0, 8, 4, 1, 1 },
	};
	size_t i;

	begin (MIB);
	for (i = 0; i < ARRAY_SIZE (steps); i++) {
		tool (steps[i].id, steps[i].status, i % 2 ? "parent" : NULL);
		TAP_EQ_INT (summary_tools_open (t), steps[i].open);
		make_result ();
		TAP_EQ_INT (result.tools_started, steps[i].started);
		TAP_EQ_INT (result.tools_completed, steps[i].completed);
		TAP_EQ_INT (result.tools_failed, steps[i].failed);
		TAP_EQ_INT (result.tools_denied, steps[i].denied);
	}
	finish ();
}

static void
many_tools (void)
{
	char id[32];
	unsigned int i;

	begin (MIB);
	tool ("stays", LHK_TOOL_RUNNING, NULL);
	for (i = 0; i < 3 * LIMIT_TRACKED; i++) {
		snprintf (id, sizeof id, "tool-%u", i);
		tool (id, LHK_TOOL_RUNNING, NULL);
		tool (id, LHK_TOOL_DONE, NULL);
	}
	TAP_EQ_INT (summary_tools_open (t), 1);
	tool ("stays", LHK_TOOL_DONE, NULL);
	make_result ();
	TAP_EQ_INT (result.tools_started, 3 * LIMIT_TRACKED + 1);
	TAP_EQ_INT (result.tools_completed, 3 * LIMIT_TRACKED + 1);
	TAP_EQ_INT (summary_tools_open (t), 0);
	CU_ASSERT (f.peak < MIB);
	finish ();
}

static void
many_open_tools (void)
{
	char id[32];
	unsigned int i;

	begin (MIB);
	for (i = 0; i < 3 * LIMIT_TRACKED; i++) {
		snprintf (id, sizeof id, "tool-%u", i);
		tool (id, LHK_TOOL_RUNNING, NULL);
		CU_ASSERT (summary_tools_open (t) <= LIMIT_TRACKED);
	}
	tool (id, LHK_TOOL_DONE, NULL);
	make_result ();
	TAP_EQ_INT (result.tools_started, 3 * LIMIT_TRACKED);
	TAP_EQ_INT (result.tools_completed, 1);
	CU_ASSERT (f.peak < MIB);
	finish ();
}

static void
tasks (void)
{
	static const struct {
		const char *code, *data;
		size_t open;
	} steps[] = {
		{ LHK_CODE_TASK_STARTED, "{\"id\":\"t1\"}", 1 },
		{ LHK_CODE_TASK_STARTED, "{\"x\":[1],\"id\":\"t2\"}", 2 },
		{ LHK_CODE_TASK_STARTED, "{\"id\":\"t1\"}", 2 },
		{ LHK_CODE_RETRY, "{\"id\":\"t3\"}", 2 },
		{ LHK_CODE_TASK_ENDED, "{\"id\":\"t9\"}", 2 },
		{ LHK_CODE_TASK_ENDED, "{\"id\":\"t1\"}", 1 },
		{ LHK_CODE_TASK_ENDED, "{\"id\":\"t1\"}", 1 },
		{ LHK_CODE_TASK_STARTED, NULL, 2 },
		{ LHK_CODE_TASK_ENDED, "not json", 1 },
		{ LHK_CODE_TASK_ENDED, "{\"id\":7}", 1 },
		{ LHK_CODE_TASK_ENDED, "{\"id\":\"t2\"}", 0 },
		{ LHK_CODE_TASK_STARTED, "{\"id\":\"t1\"}", 1 },
	};
	size_t i;

	begin (MIB);
	for (i = 0; i < ARRAY_SIZE (steps); i++) {
		task (steps[i].code, steps[i].data);
		TAP_EQ_INT (summary_tasks_open (t), steps[i].open);
	}
	finish ();
}

static void
named_tool (const char *id, const char *name, int status)
{
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.id = clean_text (id),
		.name = clean_text (name),
		.status = status,
	};

	summary_event (t, &e.ev);
}

static void
claims_and_work (void)
{
	begin (MIB);
	TAP_EQ_INT (summary_has_claim (t), 0);
	claim (LHK_VERDICT_OK, NULL, 0);
	TAP_EQ_INT (summary_has_claim (t), 0);
	claim (LHK_VERDICT_OK, NULL, 1);
	TAP_EQ_INT (summary_has_claim (t), 1);
	usage (1);
	task (LHK_CODE_STDERR, NULL);
	TAP_EQ_INT (summary_has_claim (t), 1);
	whole ("more");
	TAP_EQ_INT (summary_has_claim (t), 0);
	claim (LHK_VERDICT_OK, NULL, 1);
	tool ("x", LHK_TOOL_RUNNING, "sub");
	TAP_EQ_INT (summary_has_claim (t), 0);
	claim (LHK_VERDICT_OK, NULL, 1);
	named_tool ("y", "run", LHK_TOOL_DONE);
	TAP_EQ_INT (summary_has_claim (t), 0);
	claim (LHK_VERDICT_OK, NULL, 1);
	session ("s", NULL, NULL);
	TAP_EQ_INT (summary_has_claim (t), 0);
	claim (LHK_VERDICT_OK, NULL, 1);
	text (LHK_ROLE_USER, 0, "and now", NULL);
	TAP_EQ_INT (summary_has_claim (t), 0);
	finish ();
}

/* What comes late is no work: updates, words of the program, plans. */
static void
claim_stands (void)
{
	struct lhk_ev_plan plan = {
		.ev = LHK_EV (struct lhk_ev_plan, LHK_EV_PLAN),
	};
	struct lhk_ev_ask ask = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
	};

	begin (MIB);
	tool ("x", LHK_TOOL_RUNNING, NULL);
	tool ("y", LHK_TOOL_RUNNING, "sub");
	claim (LHK_VERDICT_OK, NULL, 1);
	tool ("x", LHK_TOOL_DONE, NULL);
	tool ("y", LHK_TOOL_RUNNING, "sub");
	/* Nobody has heard of these calls before. */
	tool ("z", LHK_TOOL_DONE, NULL);
	named_tool ("n", "run", LHK_TOOL_DENIED);
	summary_event (t, &plan.ev);
	summary_event (t, &ask.ev);
	text (LHK_ROLE_SYSTEM, 0, "a hint", NULL);
	session ("s", NULL, "sub");
	TAP_EQ_INT (summary_has_claim (t), 1);
	TAP_EQ_INT (summary_tools_open (t), 0);
	finish ();
}

static void
last_claim (void)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = LHK_VERDICT_LIMIT,
		.terminal = 1,
		.stop_reason = clean_text ("max_turns"),
		.error = clean_text ("too many turns"),
	};
	static const struct lhk_result final;

	begin (MIB);
	make_result ();
	TAP_EQ_INT (result.verdict, LHK_VERDICT_TRUNCATED);
	claim (LHK_VERDICT_FAILED, NULL, 1);
	make_result ();
	TAP_EQ_INT (result.verdict, LHK_VERDICT_FAILED);
	summary_event (t, &e.ev);
	make_result ();
	TAP_EQ_INT (result.verdict, LHK_VERDICT_LIMIT);
	TAP_EQ_MEM (result.stop_reason.ptr, result.stop_reason.len, "max_turns",
		    9);
	TAP_EQ_MEM (result.error.ptr, result.error.len, "too many turns", 14);
	/* says no verdict and no error: the last words stay */
	claim (0, NULL, 1);
	make_result ();
	TAP_EQ_INT (result.verdict, LHK_VERDICT_LIMIT);
	TAP_EQ_MEM (result.error.ptr, result.error.len, "too many turns", 14);
	e.final = &final;
	e.verdict = LHK_VERDICT_OK;
	summary_event (t, &e.ev);
	make_result ();
	TAP_EQ_INT (result.verdict, LHK_VERDICT_LIMIT);
	TAP_EQ_INT (summary_turn (t), 4);
	finish ();
}

/* The outcome of a process that the embedder has waited for. */
static const struct lhk_outcome known_outcome = {
	.size = sizeof known_outcome,
	.end_reason = LHK_END_EXITED,
	.has_exit = 1,
	.exit_code = 3,
	.flags = LHK_FLAG_DRAIN_CUT,
	.wall_ms = 77,
};

static void
outcome_is_taken_over (void)
{
	begin (MIB);
	usage (5);
	summary_lost (t, 1);
	memset (&result, 0xff, sizeof result);
	summary_result (t, &known_outcome, 0, &result);
	TAP_EQ_INT (result.size, sizeof result);
	TAP_EQ_INT (result.verdict, LHK_VERDICT_FAILED);
	TAP_EQ_INT (result.outcome.exit_code, 3);
	TAP_EQ_INT (result.outcome.wall_ms, 77);
	TAP_EQ_INT (result.outcome.flags,
		    LHK_FLAG_DRAIN_CUT | LHK_FLAG_DEGRADED);
	TAP_EQ_INT (result.n_usage, 1);
	TAP_EQ_INT (result.usage_scope, LHK_SCOPE_RUN);
	TAP_EQ_INT (result.has_cost, 0);
	finish ();
}

static void
outcome_of_older_embedder (void)
{
	struct lhk_outcome how = known_outcome;

	begin (MIB);
	how.size = offsetof (struct lhk_outcome, wall_ms);
	summary_result (t, &how, 0, &result);
	TAP_EQ_INT (result.outcome.exit_code, 3);
	TAP_EQ_INT (result.outcome.wall_ms, 0);
	finish ();
}

static void
no_outcome (void)
{
	int64_t tokens, cost;
	int has_cost;

	begin (MIB);
	usage (5);
	summary_result (t, NULL, 0, &result);
	TAP_EQ_INT (result.verdict, LHK_VERDICT_OK);
	TAP_EQ_INT (result.outcome.end_reason, 0);
	summary_sum (t, &tokens, &cost, &has_cost);
	TAP_EQ_INT (tokens, 5);
	finish ();
}

static void
tell_a_run (void)
{
	session ("s1", "m", NULL);
	delta ("Hel");
	delta ("lo");
	tool ("a", LHK_TOOL_RUNNING, NULL);
	task (LHK_CODE_TASK_STARTED, "{\"id\":\"t1\"}");
	tool ("a", LHK_TOOL_FAILED, NULL);
	usage (7);
	whole ("whole");
	task (LHK_CODE_TASK_ENDED, "{\"id\":\"t1\"}");
	claim (LHK_VERDICT_OK, "claimed", 1);
}

/* Whichever allocation fails: a word, the tokens and the counts are right,
 * and a text is the right one or absent. */
static void
memory_fails (void)
{
	uint64_t at;
	int on;

	for (at = 1, f.failed = 1; f.failed > 0; at++)
		for (on = 0; on < 2; on++) {
			failing_init (&f);
			f.fail_at = at;
			f.fail_on = on;
			t = summary_new (&f.alloc, MIB);
			if (t == NULL) {
				CU_ASSERT (failing_clean (&f));
				continue;
			}
			tell_a_run ();
			make_result ();
			TAP_EQ_INT (result.verdict, LHK_VERDICT_OK);
			TAP_EQ_INT (result.n_usage, 1);
			TAP_EQ_INT (result.usage[0].input, 7);
			TAP_EQ_INT (summary_tasks_open (t), 0);
			TAP_EQ_INT (summary_tools_open (t), 0);
			if (result.text.ptr != NULL)
				text_is ("claimed");
			else
				TAP_EQ_INT (result.outcome.flags,
					    LHK_FLAG_DEGRADED);
			finish ();
		}
	CU_ASSERT (at > 8);
}

/* A stream of deltas and calls takes no memory once it is warm. */
static void
steady_state (void)
{
	uint64_t calls;
	int i;

	begin (MIB);
	for (i = 0; i < 3; i++)
		tell_a_run ();
	calls = f.calls;
	for (i = 0; i < 1000; i++)
		tell_a_run ();
	TAP_EQ_INT (f.calls, calls);
	finish ();
}

static const struct tap_case cases[] = {
	{ "summary_takes_the_last_session_and_model_of_the_main_thread",
	  session_and_model },
	{ "summary_turn_goes_up_behind_each_claim", turns },
	{ "summary_counts_tools_once_and_by_their_last_state", tool_counts },
	{ "summary_counts_more_tools_than_it_remembers", many_tools },
	{ "summary_forgets_the_oldest_open_tools_at_its_limit",
	  many_open_tools },
	{ "summary_knows_background_tasks_by_the_id_in_their_data", tasks },
	{ "summary_is_claimed_until_the_provider_works_again",
	  claims_and_work },
	{ "summary_claim_stands_whatever_comes_late", claim_stands },
	{ "summary_last_claim_with_a_verdict_counts", last_claim },
	{ "summary_takes_over_what_is_known_of_the_process",
	  outcome_is_taken_over },
	{ "summary_takes_a_smaller_outcome_of_an_older_embedder",
	  outcome_of_older_embedder },
	{ "summary_has_a_result_without_an_outcome", no_outcome },
	{ "summary_result_holds_when_memory_fails", memory_fails },
	{ "summary_takes_no_memory_in_the_steady_state", steady_state },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("summary", cases);
}
