/* SPDX-License-Identifier: MIT */
/*
 * failing.h - an allocator that counts and checks, and fails on request.
 *
 * Every resize moves the block, so that sanitizers find a pointer that was kept
 * over it, and checks the old size that the caller gives.  The peak does not
 * count the moment in which a moved block exists twice.
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
	int fail_on;	    /* 1: all calls after it fail, too */
	size_t fail_above;  /* calls for more bytes fail; 0: none */
	uint64_t bad_sizes; /* an old size that was not the block's */
	size_t held, peak;  /* bytes */
	size_t blocks;
};

void failing_init (struct failing *f);

/* 1: no memory is held, and every size was right. */
int failing_clean (const struct failing *f);

#endif /* TESTS_FAILING_H */
