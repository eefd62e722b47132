/* SPDX-License-Identifier: MIT */
/* record_check.h - check what the library says of a record that may be cut. */
#ifndef TESTS_RECORD_CHECK_H
#define TESTS_RECORD_CHECK_H

#include <linehook/record.h>

struct record_found {
	int status;	 /* LHK_RECORD_*; 0: there is no such run */
	uint64_t events; /* that follow has given */
	char why[256];	 /* the member `error' of what show printed */
};

/*
 * Run ID in the store DIR has no writer any more.  Check that show, follow,
 * wait and the list of runs agree on its status, give only whole lines,
 * numbered from 1, and return at once; then remove it, and check that no file
 * or descriptor is left.  Returns what is wrong, or NULL; *RET is what was
 * found.
 */
const char *record_check (const char *dir, const char *id,
			  struct record_found *ret);

#endif /* TESTS_RECORD_CHECK_H */
