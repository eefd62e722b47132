/* SPDX-License-Identifier: MIT */
/*
 * record_judge.h - whatever is left of a record, it is explained and can be removed.
 */
#ifndef TESTS_RECORD_JUDGE_H
#define TESTS_RECORD_JUDGE_H

#include <linehook/record.h>

struct kept_found {
	int status;	 /* LHK_RECORD_*; 0: there is no such run */
	uint64_t events; /* given out */
	char why[256];	 /* `error' of what show said */
};

/*
 * Nobody makes run ID in the store DIR any more.  Show, follow, wait and the
 * list of runs agree on what it is, give whole lines alone, numbered from 1,
 * and come back at once; then it is removed, and no file or descriptor is
 * left.  The complaint, or NULL; *RET is what was found.
 */
const char *kept_complaint (const char *dir, const char *id,
			    struct kept_found *ret);

#endif /* TESTS_RECORD_JUDGE_H */
