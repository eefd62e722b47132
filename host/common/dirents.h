/* SPDX-License-Identifier: MIT */
/*
 * dirents.h - the entries of an open directory, without opendir.
 *
 * No memory but the caller's, and one system call a block: for linehook-exec,
 * and for reading a large directory in steps.
 *
 *	while (dirents_read (fd, &d) > 0)
 *		while ((e = dirents_next (&d)) != NULL)
 *			..
 */
#ifndef COMMON_DIRENTS_H
#define COMMON_DIRENTS_H

#include <stdint.h>

/* As the kernel lays it out for getdents64(2). */
struct dirents_entry {
	uint64_t ino;
	int64_t off;
	uint16_t reclen;
	uint8_t type; /* DT_* */
	char name[];
};

/* One block: some 80 entries of /proc. */
struct dirents {
	long len, at;
	_Alignas(struct dirents_entry) char bytes[2048];
};

/* Read the next block of the directory FD.  Its length, 0 at the end, or -1
 * with errno. */
long dirents_read (int fd, struct dirents *ret);

/* The next entry of the block, "." and ".." included, or NULL.  Valid until
 * the next dirents_read. */
const struct dirents_entry *dirents_next (struct dirents *d);

#endif /* COMMON_DIRENTS_H */
