/* SPDX-License-Identifier: MIT */
/*
 * ratelimit.h - how often a record of one kind is logged.
 *
 * The first LIMIT_LOG_BURST records pass; then, if there is a clock, one
 * passes each LIMIT_LOG_INTERVAL_MS, with the number of those hidden before it.
 * The total at the end is exact in any case.
 */
#ifndef COMMON_RATELIMIT_H
#define COMMON_RATELIMIT_H

#include <stdint.h>

enum {
	RATELIMIT_HIDE = 0,
	RATELIMIT_PASS = 1,   /* log this record */
	RATELIMIT_SUMMARY = 2 /* log it, and how many were hidden before it */
};

/* It starts zeroed.  There is one for each code of a stream. */
struct ratelimit {
	uint64_t total;	 /* records */
	uint64_t hidden; /* records since the last that passed */
	int64_t last_ms; /* when that was */
};

/* Count a record at NOW_MS (negative: no clock).  Returns RATELIMIT_*; for
 * RATELIMIT_SUMMARY *ret_hidden
 * is the number hidden before this one. */
int ratelimit_allow (struct ratelimit *r, int64_t now_ms, uint64_t *ret_hidden);

/* At the end: 1 if the total must be logged because records were hidden. */
int ratelimit_close (const struct ratelimit *r);

#endif /* COMMON_RATELIMIT_H */
