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
	TAP_EQ_INT (result.complete_usage, 1);
	summary_lost (t);
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
	whole ("half an answer");
	claim (LHK_VERDICT_FAILED, NULL, 1);
	make_result ();
	TAP_EQ_INT (result.complete_usage, 0);
	finish ();
}

static const struct tap_case cases[] = {
	{ "summary_usage_is_complete_after_a_claim_and_without_losses",
	  complete_usage },
	{ "summary_usage_not_told_is_complete_if_the_model_did_nothing",
	  complete_without_usage },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("summary_usage", cases);
}
