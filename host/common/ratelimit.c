/* SPDX-License-Identifier: MIT */
/* ratelimit.c - how often a record of one kind is logged. */
#include "config.h"

#include "common/limits.h"
#include "common/ratelimit.h"

int
ratelimit_allow (struct ratelimit *r, int64_t now_ms, uint64_t *ret_hidden)
{
	r->total++;
	if (r->total <= LIMIT_LOG_BURST) {
		r->last_ms = now_ms;
		return RATELIMIT_PASS;
	}
	if (now_ms < 0 || now_ms - r->last_ms < LIMIT_LOG_INTERVAL_MS) {
		r->hidden++;
		return RATELIMIT_HIDE;
	}
	*ret_hidden = r->hidden;
	r->hidden = 0;
	r->last_ms = now_ms;
	return RATELIMIT_SUMMARY;
}

int
ratelimit_close (const struct ratelimit *r)
{
	return r->total > LIMIT_LOG_BURST;
}
