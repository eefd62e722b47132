/* SPDX-License-Identifier: MIT */
/*
 * tempdir.h - a temporary directory with files of known modes.
 *
 * Modes do not depend on the umask.  Everything aborts on failure: a test
 * without its files could prove nothing.
 */
#ifndef TESTS_TEMPDIR_H
#define TESTS_TEMPDIR_H

#include <sys/types.h>

/* Room for a path in TMPDIR, with a name of at most 40 bytes. */
#define TEMPDIR_PATH 192

/* Write "DIR/NAME-XXXXXX", for mkdtemp and mkstemp; DIR is TMPDIR, or /tmp if
 * that is not set or long. */
void tempdir_template (char path[TEMPDIR_PATH], const char *name);

struct tempdir {
	char dir[TEMPDIR_PATH];
	char path[512]; /* of tempdir_path and tempdir_put */
};

/* Make the directory, mode 0700, in TMPDIR or /tmp. */
void tempdir_init (struct tempdir *p);

/* "DIR/NAME", valid until the next call on P. */
const char *tempdir_path (struct tempdir *p, const char *name);

/* Copy FROM, or if it is NULL write TEXT, to NAME; returns its path. */
const char *tempdir_put (struct tempdir *p, const char *name, const char *from,
			 const char *text, mode_t mode);

/* Make a directory in it; returns its path. */
const char *tempdir_dir (struct tempdir *p, const char *name, mode_t mode);

/* Remove NAME and everything in it, if it exists. */
void tempdir_remove (struct tempdir *p, const char *name);

/* Remove the directory. */
void tempdir_done (struct tempdir *p);

/* The path of the bad plugin NAME: in the directory that the variable
 * LINEHOOK_TEST_BAD names, else in plugins/bad/.libs. */
const char *bad_plugin_path (const char *name);

#endif /* TESTS_TEMPDIR_H */
