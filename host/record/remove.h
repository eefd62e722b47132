/* SPDX-License-Identifier: MIT */
/* remove.h - remove a record, whatever an agent has put into it. */
#ifndef RECORD_REMOVE_H
#define RECORD_REMOVE_H

#include <stdint.h>

/* Remove the directory NAME in DIR, a record or what is left of one, with all
 * that is in it.  No link is followed.  The files by which it is known as a
 * record go last, and stay if another cannot be removed.  0 or -errno. */
int record_dir_remove (int dir, const char *name);

/* Remove the record ID: for others it is gone at once, then its files are
 * unlinked.  (If the disk is too full to rename it, they are unlinked where they
 * are.)  0 or -errno. */
int record_remove (int store, const char *id);

/* Bytes of disk that the open directory DIR and the files in it take.  0, or -1
 * with errno. */
int record_dir_size (int dir, uint64_t *ret);

#endif /* RECORD_REMOVE_H */
