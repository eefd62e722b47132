/* SPDX-License-Identifier: MIT */
/* budget.c - one limit for the line buffers of all streams of a host. */
#include "config.h"

#include "frame/budget.h"

int
budget_lease (struct budget *b, size_t bytes)
{
	if (b->limit > 0
	    && (b->leased > b->limit || bytes > b->limit - b->leased))
		return 0;
	b->leased += bytes;
	return 1;
}

void
budget_return (struct budget *b, size_t bytes)
{
	b->leased -= bytes < b->leased ? bytes : b->leased;
}
