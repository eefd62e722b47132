/* SPDX-License-Identifier: MIT */
/*
 * ratelimit.h - how often one thing may be said.
 *
 * The first LIMIT_LOG_BURST records of a code are said at once; then, where
 * there is a clock, one summary each LIMIT_LOG_INTERVAL_MS; the total at the
 * end is always exact.
 */
#ifndef COMMON_RATELIMIT_H
#define COMMON_RATELIMIT_H

#include <stdint.h>

enum {
	RATELIMIT_HIDE = 0,
	RATELIMIT_PASS = 1,   /* this one, by itself */
	RATELIMIT_SUMMARY = 2 /* this one, with how many were hidden */
};

/* Zeroed at first.  One per code and stream. */
struct ratelimit {
	uint64_t total;	 /* all that came */
	uint64_t hidden; /* since the last one that was said */
	int64_t last_ms; /* when that was */
};

/* One more came, at NOW_MS (negative: no clock).  For RATELIMIT_SUMMARY *ret_hidden
 * is the number hidden before this one. */
int ratelimit_allow (struct ratelimit *g, int64_t now_ms, uint64_t *ret_hidden);

/* At the end: 1 if a total is still to be said, because some were hidden. */
int ratelimit_close (const struct ratelimit *g);

#endif /* COMMON_RATELIMIT_H */
