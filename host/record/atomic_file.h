/* SPDX-License-Identifier: MIT */
/*
 * atomic_file.h - a file of a record that others see whole or not at all.
 *
 * Written beside its place, as .NAME.new, then renamed.
 */
#ifndef RECORD_ATOMIC_FILE_H
#define RECORD_ATOMIC_FILE_H

#include "record/writer.h"

struct atomic_file {
	int dir, fd;
	uint64_t at; /* bytes written */
	const char *name;
	int locked;
	int sys_errno;
	struct outbuf *out;
};

/* What goes to OUT from now on is the file.  0 or an errno. */
int atomic_file_begin (struct atomic_file *p, int dir, const char *name,
		       struct outbuf *out);

/* The same into FD, the draft of that name, which is open, empty and locked; it
 * is so until it is in its place. */
void atomic_file_onto (struct atomic_file *p, int dir, int fd, const char *name,
		       struct outbuf *out);

/* 0: it is in its place; else an errno, and there is no such file. */
int atomic_file_end (struct atomic_file *p);

/* ".NAME.new" */
#define ATOMIC_FILE_NAME 32
void atomic_file_draft (const char *name, char ret[ATOMIC_FILE_NAME]);

/* run.json.  0 or an errno. */
int atomic_file_run (int dir, struct outbuf *out,
		     const struct record_writer_about *about);

/* All of it, at *AT of a file of ours, which moves on by what was written; 0 or
 * the errno of the first write that failed. */
int atomic_file_write (int fd, uint64_t *at, const char *data, size_t len);

#endif /* RECORD_ATOMIC_FILE_H */
