/* SPDX-License-Identifier: MIT */
/* verdict.c - the rules of the verdict, its words and its exit status. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "common/macros.h"
#include "event/verdict.h"

enum { ANY = -1, NO = 0, YES = 1, NONE = 0 };

/* The first row that fits decides. */
static const struct rule {
	int end_reason; /* LHK_END_* */
	int oom;
	int claim;   /* LHK_VERDICT_* or NONE */
	int exit_ok; /* the exit status is 0 */
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
	static const struct lhk_outcome no_process;
	const struct rule *r;
	int exit_ok;

	if (how == NULL)
		how = &no_process;
	exit_ok =
		how->end_reason == 0 || (how->has_exit && how->exit_code == 0);
	for (r = rules; r < rules + ARRAY_SIZE (rules); r++)
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

/* Statuses from here on stand for a signal, as in the shell. */
#define SIGNAL_STATUS 128

static const struct {
	int verdict;
	int status;
} statuses[] = {
	{ LHK_VERDICT_OK, 0 },
	{ LHK_VERDICT_FAILED, 1 },
	{ LHK_VERDICT_LIMIT, 3 },
	{ LHK_VERDICT_REFUSED, 4 },
	{ LHK_VERDICT_TRUNCATED, 5 },
	{ LHK_VERDICT_TIMEOUT, 124 },
	{ LHK_VERDICT_STALLED, 124 },
	{ LHK_VERDICT_HOST_ERROR, 125 },
	{ LHK_VERDICT_SPAWN_FAILED, 126 },
	{ LHK_VERDICT_OOM, 137 },
};

static int
signal_status (int signo, int otherwise)
{
	return SIGNAL_STATUS + (signo > 0 ? signo : otherwise);
}

/* Was the program not found?  ENOENT of another step than exec is about
 * something else: a directory, for example. */
static int
program_not_found (const struct lhk_outcome *how)
{
	return how->sys_errno == ENOENT
	       && (how->step == NULL || strcmp (how->step, "exec") == 0);
}

int
lhk_result_status (const struct lhk_result *result, int child)
{
	const struct lhk_outcome *how;
	size_t i;

	if (result == NULL)
		return 125;
	how = &result->outcome;
	if (child && how->has_exit)
		return how->exit_code;
	if (child && how->signal > 0)
		return SIGNAL_STATUS + how->signal;
	if (result->verdict == LHK_VERDICT_CANCELED)
		return signal_status (how->cancel_signal, SIGTERM);
	if (result->verdict == LHK_VERDICT_KILLED)
		return signal_status (how->signal, SIGKILL);
	if (result->verdict == LHK_VERDICT_SPAWN_FAILED
	    && program_not_found (how))
		return 127;
	for (i = 0; i < ARRAY_SIZE (statuses); i++)
		if (statuses[i].verdict == result->verdict)
			return statuses[i].status;
	return 125;
}
