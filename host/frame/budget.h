/* SPDX-License-Identifier: MIT */
/*
 * budget.h - one sum over the line buffers of all streams of a host.
 *
 * A stream has BUDGET_FREE bytes for nothing, so that ordinary lines never
 * fail; what it fills beyond that it leases here and gives back after the
 * line.  Not for several threads: a host is used by one at a time.
 */
#ifndef FRAME_BUDGET_H
#define FRAME_BUDGET_H

#include <stddef.h>

#define BUDGET_FREE 65536u

struct budget {
	size_t limit; /* bytes; 0: none */
	size_t leased;
};

/* 1: leased; 0: that would pass the limit, and nothing was leased. */
int budget_lease (struct budget *b, size_t bytes);

/* BYTES that were leased before. */
void budget_return (struct budget *b, size_t bytes);

#endif /* FRAME_BUDGET_H */
