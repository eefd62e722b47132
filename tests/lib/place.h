/* SPDX-License-Identifier: MIT */
/*
 * place.h - a directory of a test's own, with files of known modes.
 *
 * Modes do not depend on the umask.  Everything aborts on failure: without
 * its place a test has nothing to say.
 */
#ifndef TESTS_PLACE_H
#define TESTS_PLACE_H

#include <sys/types.h>

struct place {
	char dir[256];
	char path[512]; /* of place_path and place_put */
};

/* Make it, mode 0700, under TMPDIR or /tmp. */
void place_init (struct place *p);

/* "DIR/NAME", valid until the next call on P. */
const char *place_path (struct place *p, const char *name);

/* Copy FROM, or if it is NULL write TEXT, to NAME; returns its path. */
const char *place_put (struct place *p, const char *name, const char *from,
		       const char *text, mode_t mode);

/* A directory below; returns its path. */
const char *place_dir (struct place *p, const char *name, mode_t mode);

/* What is below NAME, if it is there, and itself. */
void place_remove (struct place *p, const char *name);

/* Remove all of it. */
void place_done (struct place *p);

/* The file NAME of the bad plugins: in the directory that the environment
 * names as LINEHOOK_TEST_BAD, else in plugins/bad/.libs. */
const char *place_bad (const char *name);

#endif /* TESTS_PLACE_H */
