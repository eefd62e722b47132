/* SPDX-License-Identifier: MIT */
/*
 * failing.h - an allocator that counts, checks, and fails when it is told to.
 *
 * Every resize moves the block, so that a pointer kept over it is found by
 * the sanitizers; and the size a caller gives for a block must be the one it
 * has.  Moments in which a moved block is there twice are not counted.
 */
#ifndef TESTS_FAILING_H
#define TESTS_FAILING_H

#include <linehook/host.h>

struct failing {
	struct lhk_alloc alloc; /* give this to the host */
	uint64_t calls;		/* that asked for memory */
	uint64_t frees;
	uint64_t failed;
	uint64_t fail_at;   /* this call fails; 0: none */
	int fail_on;	    /* 1: and all after it */
	size_t fail_above;  /* calls for more bytes fail; 0: none */
	uint64_t bad_sizes; /* an old size that was not the block's */
	size_t held, peak;  /* bytes */
	size_t blocks;
};

void failing_init (struct failing *f);

/* Nothing held, no bad size: 1. */
int failing_clean (const struct failing *f);

#endif /* TESTS_FAILING_H */
