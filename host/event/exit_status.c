/* SPDX-License-Identifier: MIT */
/* exit_status.c - from a result to the exit status of the program (SPEC 2). */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include <linehook/run.h>

#define BY_SIGNAL 128

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
or_else (int signo, int otherwise)
{
	return BY_SIGNAL + (signo > 0 ? signo : otherwise);
}

/* "Not found" is the program alone: of a start that failed in another step
 * the program may well be there. */
static int
not_found (const struct lhk_outcome *how)
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
		return BY_SIGNAL + how->signal;
	if (result->verdict == LHK_VERDICT_CANCELED)
		return or_else (how->cancel_signal, SIGTERM);
	if (result->verdict == LHK_VERDICT_KILLED)
		return or_else (how->signal, SIGKILL);
	if (result->verdict == LHK_VERDICT_SPAWN_FAILED && not_found (how))
		return 127;
	for (i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
		if (statuses[i].verdict == result->verdict)
			return statuses[i].status;
	return 125;
}
