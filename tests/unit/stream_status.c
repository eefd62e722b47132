/* SPDX-License-Identifier: MIT */
/* stream_status.c - tests of lhk_result_status: the table of exit statuses. */
#include "config.h"

#include <errno.h>

#include <linehook/run.h>

#include "lib/tap.h"

struct row {
	int verdict;
	struct lhk_outcome how;
	int status;
	int child;
};

static const struct row rows[] = {
	{ LHK_VERDICT_OK, { .has_exit = 1 }, 0, 0 },
	{ LHK_VERDICT_FAILED, { .has_exit = 1, .exit_code = 9 }, 1, 9 },
	{ LHK_VERDICT_LIMIT, { .has_exit = 1, .exit_code = 53 }, 3, 53 },
	{ LHK_VERDICT_REFUSED, { .has_exit = 1 }, 4, 0 },
	{ LHK_VERDICT_TRUNCATED, { .has_exit = 1 }, 5, 0 },
	{ LHK_VERDICT_TRUNCATED, { .end_reason = 0 }, 5, 5 },
	{ LHK_VERDICT_TIMEOUT, { .signal = 15 }, 124, 143 },
	{ LHK_VERDICT_STALLED, { .signal = 9 }, 124, 137 },
	{ LHK_VERDICT_HOST_ERROR, { .end_reason = 0 }, 125, 125 },
	{ LHK_VERDICT_SPAWN_FAILED,
	  { .sys_errno = ENOENT, .step = "exec" },
	  127,
	  127 },
	{ LHK_VERDICT_SPAWN_FAILED, { .sys_errno = ENOENT }, 127, 127 },
	{ LHK_VERDICT_SPAWN_FAILED,
	  { .sys_errno = EACCES, .step = "exec" },
	  126,
	  126 },
	{ LHK_VERDICT_SPAWN_FAILED,
	  { .sys_errno = ENOENT, .step = "chdir" },
	  126,
	  126 },
	{ LHK_VERDICT_CANCELED, { .end_reason = 0 }, 143, 143 },
	{ LHK_VERDICT_CANCELED, { .cancel_signal = 2 }, 130, 130 },
	{ LHK_VERDICT_CANCELED,
	  { .cancel_signal = 1, .has_exit = 1, .exit_code = 4 },
	  129,
	  4 },
	{ LHK_VERDICT_KILLED, { .signal = 11 }, 139, 139 },
	{ LHK_VERDICT_KILLED, { .signal = 0 }, 137, 137 },
	{ LHK_VERDICT_OOM, { .signal = 9, .oom = 1 }, 137, 137 },
	{ 99, { .end_reason = 0 }, 125, 125 },
};

static void
table (void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct lhk_result result = {
			.size = sizeof result,
			.verdict = rows[i].verdict,
			.outcome = rows[i].how,
		};

		TAP_EQ_INT (lhk_result_status (&result, 0), rows[i].status);
		TAP_EQ_INT (lhk_result_status (&result, 1), rows[i].child);
	}
	TAP_EQ_INT (lhk_result_status (NULL, 0), 125);
}

static const struct tap_case cases[] = {
	{ "status_follows_the_table_by_verdict_and_by_child", table },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("stream_status", cases);
}
