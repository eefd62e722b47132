/* SPDX-License-Identifier: MIT */
/*
 * record_complaint.h - whatever is left of a record, it is explained and can be removed.
 */
#ifndef TESTS_RECORD_COMPLAINT_H
#define TESTS_RECORD_COMPLAINT_H

#include <linehook/record.h>

struct record_found {
	int status;	 /* LHK_RECORD_*; 0: there is no such run */
	uint64_t events; /* given out */
	char why[256];	 /* the member `error' of what show printed */
};

/*
 * Nobody makes run ID in the store DIR any more.  Check that show, follow, wait
 * and the list of runs agree on what it is, give whole lines alone, numbered
 * from 1, and return at once; then remove it, and check that no file or
 * descriptor is left.  What is wrong, or NULL; *RET is what was found.
 */
const char *record_complaint (const char *dir, const char *id,
			      struct record_found *ret);

#endif /* TESTS_RECORD_COMPLAINT_H */
