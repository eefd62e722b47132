/* SPDX-License-Identifier: MIT */
/* budget.c - has a run used more than it may? */
#include "config.h"

#include <stdio.h>

#include "run/budget.h"
#include "run/host.h"

/* Two arguments for "%lld.%06lld"; "%f" would ask the locale. */
#define DOLLARS(nano)                                                          \
	(long long) ((nano) / 1000000000),                                     \
		(long long) ((nano) % 1000000000 / 1000)

int
run_budget_is_over (const struct run_core *core, char text[RUN_BUDGET_TEXT])
{
	const struct lhk_run_opts *opts = &core->opts;
	int64_t tokens = 0, cost = 0;
	int has_cost = 0;

	if (opts->max_tokens == 0 && opts->max_cost_nano == 0)
		return 0;
	stream_sum (core->stream, &tokens, &cost, &has_cost);
	/* Nobody knows how many of a session's tokens are those of the run. */
	if (opts->max_tokens != 0 && tokens > 0
	    && stream_usage_scope (core->stream) == LHK_SCOPE_RUN
	    && (uint64_t) tokens > opts->max_tokens)
		snprintf (text, RUN_BUDGET_TEXT,
			  "%lld tokens were used and %llu are allowed, so the "
			  "run is ended",
			  (long long) tokens,
			  (unsigned long long) opts->max_tokens);
	else if (opts->max_cost_nano > 0 && has_cost
		 && cost > opts->max_cost_nano)
		snprintf (text, RUN_BUDGET_TEXT,
			  "%lld.%06lld USD were spent and %lld.%06lld are "
			  "allowed, so the run is ended",
			  DOLLARS (cost), DOLLARS (opts->max_cost_nano));
	else
		return 0;
	return 1;
}
