/* SPDX-License-Identifier: MIT */
/*
 * budget.h - one limit for the line buffers of all streams of a host.
 *
 * A stream has BUDGET_FREE bytes outside of the budget, so that ordinary lines
 * never fail.  What a line needs beyond that is leased, and given back after
 * the line.  Not for several threads: a host is used by one at a time.
 */
#ifndef FRAME_BUDGET_H
#define FRAME_BUDGET_H

#include <stddef.h>

/* Bytes of a line that need no lease. */
#define BUDGET_FREE 65536u

struct budget {
	size_t limit;  /* bytes; 0: no limit */
	size_t leased; /* bytes */
};

/* 1 if BYTES were leased; 0 if that would exceed the limit. */
int budget_lease (struct budget *b, size_t bytes);

/* Give back BYTES that were leased before. */
void budget_return (struct budget *b, size_t bytes);

#endif /* FRAME_BUDGET_H */
