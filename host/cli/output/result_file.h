/* SPDX-License-Identifier: MIT */
/*
 * result_file.h - the file of --result.
 *
 * Whoever opens the file sees the old one or the whole new one: it is written
 * beside its place and renamed.  What is no regular file (a pipe, a device) is
 * written to as it is, and so is what a descriptor of ours is open on: replacing
 * the file of /dev/stdout would lose what was printed.
 *
 * The path is looked up once, before an agent runs: links that it puts there
 * later, for us to follow, are replaced like any file.
 */
#ifndef CLI_OUTPUT_RESULT_FILE_H
#define CLI_OUTPUT_RESULT_FILE_H

#include <limits.h>
#include <sys/types.h>

#include <linehook/run.h>

/* Milliseconds in which the reader of a pipe must take some of it. */
#define RESULT_FILE_WAIT_MS 5000

struct result_file {
	const char *path; /* as it was given; borrowed */
	int dir;	  /* the directory of the file; -1: none */
	char name[NAME_MAX + 1];
	unsigned int mode; /* of the file that is replaced */
	int to_stdout;	   /* 1: the caller prints it behind all else */
	int special;	   /* 1: it is a pipe, a device or a descriptor */
	int fd;		   /* of that, or -1: it had no reader yet */
	dev_t device;	   /* that it is the same one later */
	ino_t inode;
};

/* clang-format off */
#define RESULT_FILE_INIT { NULL, -1, "", 0, 0, 0, -1, 0, 0 }
/* clang-format on */

/* Could PATH ("-": stdout) be written, as things are now?  Better said before an
 * agent has worked for an hour.  LHK_OK, or a sentence in ERR.  Call
 * result_file_close in either case. */
int result_file_open (struct result_file *f, const char *path,
		      struct lhk_error *err);
void result_file_close (struct result_file *f);

/* Write RESULT, which does not go to stdout.  It does not wait for a reader that
 * does not come.  LHK_OK, or a sentence in ERR. */
int result_file_write (struct result_file *f, const struct lhk_result *result,
		       struct lhk_error *err);

#endif /* CLI_OUTPUT_RESULT_FILE_H */
