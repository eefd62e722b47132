/* SPDX-License-Identifier: MIT */
/*
 * atomic_file.h - a file that others see whole or not at all.
 *
 * It is written beside its place, under a name of its own, and renamed into
 * place by the commit.  What is written through the outbuf is its content; an
 * error is latched, and the commit returns it.
 */
#ifndef COMMON_ATOMIC_FILE_H
#define COMMON_ATOMIC_FILE_H

#include <limits.h>
#include <stdint.h>

#include "common/outbuf.h"

struct atomic_file {
	int dir, fd;
	const char *name;
	int adopted; /* the caller locked FD: it stays open until the rename */
	int error;   /* -errno of the first failure; 0: none */
	uint64_t size; /* bytes written */
	struct outbuf *out;
	char temp[PATH_MAX];
};

/*
 * Open a new file beside NAME, which is relative to the directory DIR (or to
 * AT_FDCWD), with MODE less the umask.  OUT is set up to write to it.  DIR, NAME
 * and OUT are borrowed until the commit.  0, or -errno.
 */
int atomic_file_open (struct atomic_file *f, int dir, const char *name,
		      unsigned int mode, struct outbuf *out);

/* The same for FD, which is the open, empty and locked file TEMP in DIR.  FD is
 * closed, and so unlocked, after the rename alone. */
void atomic_file_adopt (struct atomic_file *f, int dir, int fd,
			const char *temp, const char *name, struct outbuf *out);

/* Put what was written on the disk, so that a machine that goes down does not
 * leave the name on an empty file.  An error is latched. */
void atomic_file_sync (struct atomic_file *f);

/* Latch ERROR, a negative errno: the commit fails with it. */
void atomic_file_fail (struct atomic_file *f, int error);

/* Rename into place and close.  0; or the latched or a new -errno, and the
 * file under NAME is the one that was there before. */
int atomic_file_commit (struct atomic_file *f);

#endif /* COMMON_ATOMIC_FILE_H */
