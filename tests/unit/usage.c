/* SPDX-License-Identifier: MIT */
/* usage.c - the counting rules, and each provider's shape of usage. */
#include "config.h"

#include "unit/usage_fixture.h"

static void
calls_add_up (void)
{
	static const struct value v[] = {
		{ CALL, NULL, NULL, 1, 10, -1 },
		{ CALL, NULL, NULL, 2, 20, -1 },
		{ CALL, "a", NULL, 4, 40, -1 },
		{ CALL, "b", NULL, 8, 80, -1 },
		{ 0, "c", NULL, 16, 160, -1 },
	};

	RUN_VALUES (v, " 31/310-;", RUN);
}

static void
last_of_an_id (void)
{
	static const struct value v[] = {
		{ CALL, "a", "m", 1, 1, -1 },
		{ CALL, "b", "m", 100, 0, -1 },
		{ CALL, "a", "m", 2, 5, -1 },
		/* another model, another scope: another value */
		{ CALL, "a", "n", 1000, 0, -1 },
	};
	static const struct value w[] = {
		{ TURN, "a", "m", 1, 1, -1 },
		{ CALL, "a", "m", 10, 0, -1 },
		{ TURN, "a", "m", 3, 3, -1 },
	};

	RUN_VALUES (v, "m 102/5;n 1000/0;", RUN);
	RUN_VALUES (w, "m 3/3;", RUN);
}

static void
turns_cover_calls (void)
{
	static const struct value v[] = {
		{ CALL, "a", "m", 1, 1, -1 },
		{ CALL, NULL, "n", 1, 1, -1 },
		{ TURN, "r1", "m", 10, 10, -1 },
		{ CALL, "b", "m", 100, 100, -1 },
		{ TURN, "r2", "m", 20, 20, -1 },
		{ CALL, "c", "n", 5, 5, -1 },
	};

	RUN_VALUES (v, "m 30/30;n 5/5;", RUN);
}

static void
runs_cover_all (void)
{
	static const struct value v[] = {
		{ CALL, "a", "m", 1, 1, -1 },
		{ TURN, "r1", "m", 10, 10, -1 },
		{ TURN, NULL, "n", 10, 10, -1 },
		{ RUN, NULL, "m", 100, 100, -1 },
		{ RUN, NULL, "m", 200, 200, -1 },
		{ TURN, "r2", "m", 3, 3, -1 },
		{ CALL, "b", "m", 4, 4, -1 },
	};

	RUN_VALUES (v, "m 207/207;", RUN);
}

static void
run_per_model (void)
{
	static const struct value v[] = {
		{ RUN, NULL, "m", 1, 2, -1 },
		{ RUN, NULL, NULL, 10, 20, -1 },
		{ RUN, NULL, "n", 3, 4, -1 },
		{ RUN, NULL, "m", 5, 6, -1 },
	};

	RUN_VALUES (v, "m 5/6; 10/20-;n 3/4;", RUN);
}

static void
session_scope (void)
{
	static const struct value v[] = {
		{ SESSION, NULL, NULL, 1234, 78, -1 },
		{ SESSION, NULL, NULL, 2468, 156, -1 },
	};
	static const struct value w[] = {
		{ SESSION, NULL, NULL, 1234, 78, -1 },
		{ RUN, NULL, NULL, 1000, 70, -1 },
	};

	RUN_VALUES (v, " 2468/156-;", SESSION);
	RUN_VALUES (w, " 1000/70-;", RUN);
}

/* One value for each model at each result; calls before it are previews. */
static void
shape_claude (void)
{
	static const struct value v[] = {
		{ CALL, "msg_1", "sonnet", 1290, 1, -1 },
		{ CALL, "msg_1", "sonnet", 1290, 78, -1 },
		{ CALL, "msg_2", "haiku", 1290, 1, -1 },
		{ TURN, "u1", "sonnet", 2580, 156, 10700000 },
		{ TURN, "u1", "haiku", 1290, 78, 300000 },
		{ CALL, "msg_3", "sonnet", 1290, 1, -1 },
		{ TURN, "u2", "sonnet", 1290, 78, 5000000 },
	};

	RUN_VALUES (v, "sonnet 3870/234 $15700000;haiku 1290/78 $300000;", RUN);
}

/* A running total of the thread, which may have been resumed. */
static void
shape_codex (void)
{
	static const struct value v[] = {
		{ RUN, NULL, NULL, 1234, 78, -1 },
		{ RUN, NULL, NULL, 2468, 156, -1 },
		{ RUN, NULL, NULL, 3702, 234, -1 },
	};

	RUN_VALUES (v, " 3702/234-;", RUN);
}

/* One total at the end, per model; all zero after an API error. */
static void
shape_gemini (void)
{
	static const struct value v[] = {
		{ RUN, NULL, "pro", 1234, 87, -1 },
		{ RUN, NULL, "flash", 1234, 87, -1 },
	};
	static const struct value zero[] = {
		{ RUN, NULL, NULL, 0, 0, -1 },
	};

	RUN_VALUES (v, "pro 1234/87;flash 1234/87;", RUN);
	RUN_VALUES (zero, " 0/0-;", RUN);
}

/* Each step by its part's id, with its cost. */
static void
shape_opencode (void)
{
	static const struct value v[] = {
		{ CALL, "prt_1", NULL, 1234, 78, 2172000 },
		{ CALL, "prt_2", NULL, 1234, 78, 2172000 },
		{ CALL, "prt_2", NULL, 1234, 78, 2172000 },
	};

	RUN_VALUES (v, " 2468/156- $4344000;", RUN);
}

static const struct tap_case cases[] = {
	{ "usage_calls_add_up_and_an_unknown_scope_is_a_call", calls_add_up },
	{ "usage_of_one_scope_model_and_id_the_last_counts", last_of_an_id },
	{ "usage_of_a_turn_covers_the_calls_before_it_of_every_model",
	  turns_cover_calls },
	{ "usage_of_a_run_replaces_and_covers_all_before_it", runs_cover_all },
	{ "usage_of_a_run_is_kept_per_model_in_order_of_appearance",
	  run_per_model },
	{ "usage_scope_is_session_while_a_total_holds_a_session_value",
	  session_scope },
	{ "usage_shape_claude_per_model_values_of_each_result_add_up",
	  shape_claude },
	{ "usage_shape_codex_the_last_thread_total_counts", shape_codex },
	{ "usage_shape_gemini_one_total_per_model", shape_gemini },
	{ "usage_shape_opencode_steps_add_up_with_their_cost", shape_opencode },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("usage", cases);
}
