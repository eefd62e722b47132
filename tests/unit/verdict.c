/* SPDX-License-Identifier: MIT */
/* verdict.c - every rule of the verdict. */
#include "config.h"

#include <string.h>

#include "event/verdict.h"
#include "lib/tap.h"
#include "common/macros.h"

#define OK LHK_VERDICT_OK
#define FAILED LHK_VERDICT_FAILED
#define REFUSED LHK_VERDICT_REFUSED
#define LIMIT LHK_VERDICT_LIMIT
#define CANCELED LHK_VERDICT_CANCELED

struct verdict_case {
	int end_reason, has_exit, exit_code, signal, oom;
	int claim, makes_claims;
	int wanted;
};

static void
run_table (const struct verdict_case *c, size_t n)
{
	struct lhk_outcome how;

	for (; n > 0; n--, c++) {
		memset (&how, 0, sizeof how);
		how.size = sizeof how;
		how.end_reason = c->end_reason;
		how.has_exit = c->has_exit;
		how.exit_code = c->exit_code;
		how.signal = c->signal;
		how.oom = c->oom;
		if (!TAP_EQ_INT (verdict_of (&how, c->claim, c->makes_claims),
				 c->wanted))
			tap_note ("how %d exit %d/%d oom %d claim %d/%d",
				  c->end_reason, c->has_exit, c->exit_code,
				  c->oom, c->claim, c->makes_claims);
	}
}

/* Rules 1 and 2: whatever else is known. */
static void
how_alone (void)
{
	static const struct {
		int end_reason, wanted;
	} hows[] = {
		{ LHK_END_SPAWN_FAILED, LHK_VERDICT_SPAWN_FAILED },
		{ LHK_END_HOST_ERROR, LHK_VERDICT_HOST_ERROR },
		{ LHK_END_CANCELED, LHK_VERDICT_CANCELED },
		{ LHK_END_TIMEOUT, LHK_VERDICT_TIMEOUT },
		{ LHK_END_IDLE, LHK_VERDICT_STALLED },
		{ LHK_END_OUTPUT_LIMIT, LHK_VERDICT_LIMIT },
		{ LHK_END_BUDGET, LHK_VERDICT_LIMIT },
	};
	size_t i;
	int claim, bits;

	for (i = 0; i < ARRAY_SIZE (hows); i++)
		for (claim = 0; claim <= CANCELED; claim++)
			for (bits = 0; bits < 8; bits++) {
				struct verdict_case c = {
					hows[i].end_reason,
					bits & 1,
					0,
					9,
					bits >> 1 & 1,
					claim,
					bits >> 2 & 1,
					hows[i].wanted,
				};

				run_table (&c, 1);
			}
}

static void
oom_and_signals (void)
{
	static const struct verdict_case c[] = {
		{ LHK_END_SIGNALED, 0, 0, 9, 1, 0, 1, LHK_VERDICT_OOM },
		{ LHK_END_SIGNALED, 0, 0, 9, 1, OK, 1, LHK_VERDICT_OOM },
		{ LHK_END_EXITED, 1, 137, 0, 1, 0, 1, LHK_VERDICT_OOM },
		{ LHK_END_SIGNALED, 0, 0, 9, 0, 0, 1, LHK_VERDICT_KILLED },
		{ LHK_END_SIGNALED, 0, 0, 11, 0, OK, 1, LHK_VERDICT_KILLED },
		{ LHK_END_SIGNALED, 0, 0, 15, 0, FAILED, 0,
		  LHK_VERDICT_KILLED },
	};

	run_table (c, ARRAY_SIZE (c));
}

static void
claims (void)
{
	static const struct verdict_case c[] = {
		{ LHK_END_EXITED, 1, 0, 0, 0, OK, 1, OK },
		{ LHK_END_EXITED, 1, 1, 0, 0, OK, 1, FAILED },
		{ LHK_END_EXITED, 0, 0, 0, 0, OK, 1, FAILED },
		{ LHK_END_EXITED, 1, 0, 0, 0, FAILED, 1, FAILED },
		{ LHK_END_EXITED, 1, 1, 0, 0, FAILED, 1, FAILED },
		{ LHK_END_EXITED, 1, 0, 0, 0, LIMIT, 1, LIMIT },
		{ LHK_END_EXITED, 1, 53, 0, 0, LIMIT, 1, LIMIT },
		{ LHK_END_EXITED, 1, 0, 0, 0, REFUSED, 1, REFUSED },
		{ LHK_END_EXITED, 1, 0, 0, 0, CANCELED, 1, CANCELED },
		{ LHK_END_EXITED, 1, 0, 0, 0, OK, 0, OK },
		/* ended by --linger: the claim stands */
		{ LHK_END_LINGER, 0, 0, 15, 0, OK, 1, OK },
		{ LHK_END_LINGER, 1, 143, 0, 0, OK, 1, OK },
		{ LHK_END_LINGER, 0, 0, 15, 0, FAILED, 1, FAILED },
		{ LHK_END_LINGER, 0, 0, 9, 0, LIMIT, 1, LIMIT },
	};

	run_table (c, ARRAY_SIZE (c));
}

static void
no_claim (void)
{
	static const struct verdict_case c[] = {
		{ LHK_END_EXITED, 1, 0, 0, 0, 0, 1, LHK_VERDICT_TRUNCATED },
		{ LHK_END_EXITED, 1, 0, 0, 0, 0, 0, OK },
		{ LHK_END_EXITED, 1, 3, 0, 0, 0, 1, FAILED },
		{ LHK_END_EXITED, 1, 3, 0, 0, 0, 0, FAILED },
		{ LHK_END_LINGER, 0, 0, 15, 0, 0, 1, FAILED },
	};

	run_table (c, ARRAY_SIZE (c));
}

static void
filter (void)
{
	static const struct verdict_case c[] = {
		{ 0, 0, 0, 0, 0, OK, 1, OK },
		{ 0, 0, 0, 0, 0, FAILED, 1, FAILED },
		{ 0, 0, 0, 0, 0, 0, 1, LHK_VERDICT_TRUNCATED },
		{ 0, 0, 0, 0, 0, 0, 0, OK },
	};
	size_t i;

	run_table (c, ARRAY_SIZE (c));
	for (i = 0; i < ARRAY_SIZE (c); i++)
		TAP_EQ_INT (verdict_of (NULL, c[i].claim, c[i].makes_claims),
			    c[i].wanted);
}

static void
names (void)
{
	static const char *const words[] = {
		"unknown",  "ok",	    "failed",	  "refused",   "limit",
		"canceled", "timeout",	    "stalled",	  "truncated", "killed",
		"oom",	    "spawn_failed", "host_error", "unknown",
	};
	int i;

	for (i = 0; i < (int) ARRAY_SIZE (words); i++)
		TAP_EQ_STR (lhk_verdict_name (i), words[i]);
	TAP_EQ_STR (lhk_verdict_name (-1), "unknown");
	TAP_EQ_STR (lhk_verdict_name (INT32_MAX), "unknown");
}

static const struct tap_case cases[] = {
	{ "verdict_of_a_failed_start_and_of_our_own_end_needs_no_claim",
	  how_alone },
	{ "verdict_is_oom_by_evidence_else_killed_by_a_foreign_signal",
	  oom_and_signals },
	{ "verdict_follows_the_claim_and_an_ok_needs_exit_status_0", claims },
	{ "verdict_without_a_claim_is_truncated_ok_or_failed", no_claim },
	{ "verdict_of_a_filter_counts_the_exit_status_as_0", filter },
	{ "verdict_names_are_those_of_the_event_format", names },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("verdict", cases);
}
