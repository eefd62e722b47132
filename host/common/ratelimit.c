/* SPDX-License-Identifier: MIT */
/* ratelimit.c - how often a record of one kind is logged. */
#include "config.h"

#include "common/limits.h"
#include "common/ratelimit.h"

int
ratelimit_allow (struct ratelimit *g, int64_t now_ms, uint64_t *ret_hidden)
{
	g->total++;
	if (g->total <= LIMIT_LOG_BURST) {
		g->last_ms = now_ms;
		return RATELIMIT_PASS;
	}
	if (now_ms < 0 || now_ms - g->last_ms < LIMIT_LOG_INTERVAL_MS) {
		g->hidden++;
		return RATELIMIT_HIDE;
	}
	*ret_hidden = g->hidden;
	g->hidden = 0;
	g->last_ms = now_ms;
	return RATELIMIT_SUMMARY;
}

int
ratelimit_close (const struct ratelimit *g)
{
	return g->total > LIMIT_LOG_BURST;
}
