/* SPDX-License-Identifier: MIT */
/* summary_usage.c - when is the usage of a run all there was? */
#include "config.h"

#include "unit/summary_fixture.h"

static void
complete_usage (void)
{
	begin (MIB);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 0);
	usage (5);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 0);
	claim (LHK_VERDICT_OK, NULL, 1);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 1);
	whole ("again at work");
	make_result ();
	TAP_EQ_INT (result.complete_usage, 0);
	claim (LHK_VERDICT_FAILED, NULL, 0);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 0);
	usage (5);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 1);
	summary_lost (t, 1);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 0);
	TAP_EQ_INT (result.outcome.flags, LHK_FLAG_DEGRADED);
	finish ();
}

static void
complete_without_usage (void)
{
	begin (MIB);
	claim (LHK_VERDICT_FAILED, NULL, 1);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 1);
	claim (LHK_VERDICT_OK, NULL, 1);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 0);
	whole ("half an answer");
	claim (LHK_VERDICT_FAILED, NULL, 1);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 0);
	finish ();
}

static void
usage_with (int scope, uint32_t has, int64_t input, int64_t output)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = scope,
		.has = has,
		.input = input,
		.output = output,
	};

	summary_event (t, &e.ev);
}

/* A value without its input or its output is a gap until one of a larger scope
 * covers it. */
static void
gaps (void)
{
	const uint32_t both = LHK_USAGE_INPUT | LHK_USAGE_OUTPUT;

	begin (MIB);
	whole ("an answer");
	usage_with (LHK_SCOPE_CALL, LHK_USAGE_OUTPUT, 0, 2);
	claim (LHK_VERDICT_OK, NULL, 1);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 0);
	usage_with (LHK_SCOPE_TURN, both, 1, 2);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 1);
	usage_with (LHK_SCOPE_RUN, LHK_USAGE_INPUT, 3, 0);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 0);
	usage_with (LHK_SCOPE_RUN, both, 3, 4);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 1);
	finish ();
}

/* Work that cost no token is work whose cost is not known. */
static void
zeros (void)
{
	const uint32_t both = LHK_USAGE_INPUT | LHK_USAGE_OUTPUT;

	begin (MIB);
	usage_with (LHK_SCOPE_RUN, both, 0, 0);
	claim (LHK_VERDICT_FAILED, NULL, 1);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 1);
	whole ("an answer");
	claim (LHK_VERDICT_OK, NULL, 1);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 0);
	finish ();
}

/* Words of a message that was told before are no work. */
/* The tokens of a session that broke off are told by nobody. */
static void
sessions_without_usage (void)
{
	begin (MIB);
	session ("a", NULL, NULL);
	whole ("lost");
	session ("a", NULL, NULL);
	session ("sub", NULL, "call");
	whole ("again");
	usage (5);
	claim (LHK_VERDICT_OK, NULL, 1);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 1);
	whole ("lost");
	session ("b", NULL, NULL);
	whole ("done");
	usage (5);
	claim (LHK_VERDICT_OK, NULL, 1);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 0);
	finish ();
}

static void
late_words (void)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.flags = LHK_TEXT_SAME_MESSAGE,
		.text = clean_text ("late"),
	};

	begin (MIB);
	usage (5);
	claim (LHK_VERDICT_OK, NULL, 1);
	summary_event (t, &e.ev);
	CU_ASSERT (summary_has_claim (t));
	make_result ();
	TAP_EQ_INT (result.complete_usage, 1);
	text_is ("late");
	e.flags = 0;
	summary_event (t, &e.ev);
	CU_ASSERT (!summary_has_claim (t));
	finish ();
}

static void
cost (int scope, uint32_t has)
{
	const struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = scope,
		.has = LHK_USAGE_INPUT | LHK_USAGE_OUTPUT | has,
		.input = 1,
		.cost_nano_usd = has ? 7 : 0,
	};

	summary_event (t, &e.ev);
	make_result ();
}

/* A part of the tokens alone has a cost: the sum of costs is not all. */
static void
costs (void)
{
	begin (MIB);
	claim (LHK_VERDICT_OK, NULL, 1);
	cost (LHK_SCOPE_CALL, 0);
	TAP_EQ_INT (result.complete_usage, 1);
	cost (LHK_SCOPE_CALL, LHK_USAGE_COST);
	TAP_EQ_INT (result.complete_usage, 0);
	cost (LHK_SCOPE_RUN, LHK_USAGE_COST);
	TAP_EQ_INT (result.complete_usage, 1);
	cost (LHK_SCOPE_CALL, 0);
	TAP_EQ_INT (result.complete_usage, 0);
	finish ();
}

static const struct tap_case cases[] = {
	{ "summary_usage_of_a_session_that_told_none_is_not_complete",
	  sessions_without_usage },
	{ "summary_usage_is_not_touched_by_late_words", late_words },
	{ "summary_usage_with_a_cost_missing_is_not_complete", costs },
	{ "summary_usage_is_complete_after_a_claim_and_without_losses",
	  complete_usage },
	{ "summary_usage_not_told_is_complete_if_the_model_did_nothing",
	  complete_without_usage },
	{ "summary_usage_with_a_number_missing_is_not_complete", gaps },
	{ "summary_usage_of_nothing_but_zeros_is_not_known", zeros },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("summary_usage", cases);
}
