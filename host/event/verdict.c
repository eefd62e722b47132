/* SPDX-License-Identifier: MIT */
/* verdict.c - the rules of the verdict, and the words for it. */
#include "config.h"

#include <stddef.h>

#include "event/verdict.h"

enum { ANY = -1, NO = 0, YES = 1, NONE = 0 };

/* The first row that fits holds. */
static const struct rule {
	int end_reason; /* LHK_END_* */
	int oom;
	int claim; /* LHK_VERDICT_*, NONE */
	int exit_ok;
	int makes_claims;
	int verdict;
	/* clang-format off: a table */
} rules[] = {
	/* end_reason		oom  claim		     exit claims verdict */
	{ LHK_END_SPAWN_FAILED, ANY, ANY, ANY, ANY, LHK_VERDICT_SPAWN_FAILED },
	{ LHK_END_HOST_ERROR, ANY, ANY, ANY, ANY, LHK_VERDICT_HOST_ERROR },

	{ LHK_END_CANCELED, ANY, ANY, ANY, ANY, LHK_VERDICT_CANCELED },
	{ LHK_END_TIMEOUT, ANY, ANY, ANY, ANY, LHK_VERDICT_TIMEOUT },
	{ LHK_END_IDLE, ANY, ANY, ANY, ANY, LHK_VERDICT_STALLED },
	{ LHK_END_OUTPUT_LIMIT, ANY, ANY, ANY, ANY, LHK_VERDICT_LIMIT },
	{ LHK_END_BUDGET, ANY, ANY, ANY, ANY, LHK_VERDICT_LIMIT },

	{ ANY, YES, ANY, ANY, ANY, LHK_VERDICT_OOM },
	{ LHK_END_SIGNALED, ANY, ANY, ANY, ANY, LHK_VERDICT_KILLED },

	{ ANY, ANY, LHK_VERDICT_FAILED, ANY, ANY, LHK_VERDICT_FAILED },
	{ ANY, ANY, LHK_VERDICT_LIMIT, ANY, ANY, LHK_VERDICT_LIMIT },
	{ ANY, ANY, LHK_VERDICT_REFUSED, ANY, ANY, LHK_VERDICT_REFUSED },
	{ ANY, ANY, LHK_VERDICT_CANCELED, ANY, ANY, LHK_VERDICT_CANCELED },
	{ LHK_END_LINGER, ANY, LHK_VERDICT_OK, ANY, ANY, LHK_VERDICT_OK },
	{ ANY, ANY, LHK_VERDICT_OK, YES, ANY, LHK_VERDICT_OK },
	{ ANY, ANY, LHK_VERDICT_OK, NO, ANY, LHK_VERDICT_FAILED },

	{ ANY, ANY, NONE, YES, YES, LHK_VERDICT_TRUNCATED },
	{ ANY, ANY, NONE, YES, NO, LHK_VERDICT_OK },
};
/* clang-format on */

static int
fits (int wanted, int found)
{
	return wanted == ANY || wanted == found;
}

int
verdict_of (const struct lhk_outcome *how, int claim, int makes_claims)
{
	static const struct lhk_outcome filter;
	const struct rule *r;
	int exit_ok;

	if (how == NULL)
		how = &filter;
	exit_ok =
		how->end_reason == 0 || (how->has_exit && how->exit_code == 0);
	for (r = rules; r < rules + sizeof rules / sizeof rules[0]; r++)
		if (fits (r->end_reason, how->end_reason)
		    && fits (r->oom, how->oom != 0) && fits (r->claim, claim)
		    && fits (r->exit_ok, exit_ok)
		    && fits (r->makes_claims, makes_claims != 0))
			return r->verdict;
	return LHK_VERDICT_FAILED;
}

static const char *const names[] = {
	[LHK_VERDICT_OK] = "ok",
	[LHK_VERDICT_FAILED] = "failed",
	[LHK_VERDICT_REFUSED] = "refused",
	[LHK_VERDICT_LIMIT] = "limit",
	[LHK_VERDICT_CANCELED] = "canceled",
	[LHK_VERDICT_TIMEOUT] = "timeout",
	[LHK_VERDICT_STALLED] = "stalled",
	[LHK_VERDICT_TRUNCATED] = "truncated",
	[LHK_VERDICT_KILLED] = "killed",
	[LHK_VERDICT_OOM] = "oom",
	[LHK_VERDICT_SPAWN_FAILED] = "spawn_failed",
	[LHK_VERDICT_HOST_ERROR] = "host_error",
};

const char *
lhk_verdict_name (int verdict)
{
	if (verdict < LHK_VERDICT_OK || verdict > LHK_VERDICT_HOST_ERROR)
		return "unknown";
	return names[verdict];
}
