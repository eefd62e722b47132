/* SPDX-License-Identifier: MIT */
/*
 * draft.h - room for the result of a run, which a full disk must not lose.
 *
 * The file gets its disk space when the record begins.  At the end the result
 * is written over it, what is left of the space is given back, and it is
 * renamed: none of this needs a free block, an inode or a descriptor.
 */
#ifndef RECORD_DRAFT_H
#define RECORD_DRAFT_H

#include <linehook/run.h>

/* Bytes that are reserved: enough for an answer of some pages.  On a disk with
 * less room it is a part of that, but never less than the least. */
#define RECORD_DRAFT_SIZE 65536u
#define RECORD_DRAFT_LEAST 4096u

/* Make the file RECORD_RESULT_DRAFT in the directory DIR, and reserve its space.
 * 0 and *RET; or -errno (ENOSPC and its like: there is not enough). */
int record_draft_open (int dir, int *ret);

/* The agent has taken the draft *FD (or -1) away, or put something else in its
 * place, which is moved aside: make another one.  0 and *FD, or -errno and -1. */
int record_draft_renew (int dir, int *fd);

/* The draft while it is written. */
struct record_draft {
	int fd;	     /* borrowed */
	int error;   /* -errno of the first failure */
	uint64_t at; /* bytes written */
};

/* For a struct outbuf, with a struct record_draft as USER. */
void record_draft_write (void *user, const char *data, size_t len);

/* The same, with a uint64_t as USER, which the number of bytes is added to. */
void record_draft_count (void *user, const char *data, size_t len);

/* Give back the space that was not used, and rename it to RECORD_RESULT; what an
 * agent has put there is moved aside.  0, or -errno; then it can be written
 * again.  -ENOENT: the draft is gone. */
int record_draft_commit (struct record_draft *d, int dir);

/* Cut the LEN last bytes of FD, which has *SIZE bytes, and the rest of a line
 * before them.  FD may be -1. */
void record_cut_end (int fd, uint64_t *size, uint64_t len);

/* Bytes that stay of a result that has no room. */
struct record_brevity {
	size_t error;
	size_t word; /* of an id, a model, a reason to stop */
	size_t n_usage;
};

/* Leave out the answer, the stderr and the command of R, and shorten the rest
 * to B. */
void record_result_shorten (struct lhk_result *r,
			    const struct record_brevity *b);

#endif /* RECORD_DRAFT_H */
