/* SPDX-License-Identifier: MIT */
/*
 * environ.h - the environment of a run.
 *
 * A list of "NAME=value" strings, all borrowed from the caller.  It begins as a
 * base environment less the markers by which an agent knows that it runs inside
 * another one (a known cause of hangs and refusals).  A marker that is put
 * later stays.
 */
#ifndef COMMON_ENVIRON_H
#define COMMON_ENVIRON_H

#include <linehook/host.h>

struct environ_list {
	const struct lhk_alloc *alloc;
	const char **strings; /* NULL-terminated */
	size_t n;
	size_t cap;
};

/* Begin with BASE, without markers; NULL: empty.  LHK_OK or LHK_ENOMEM. */
int environ_init (struct environ_list *e, const struct lhk_alloc *alloc,
		  const char *const *base);

/* Begin with BASE, markers included. */
int environ_copy (struct environ_list *e, const struct lhk_alloc *alloc,
		  const char *const *base);

/* Add STRING, "NAME=value", or replace NAME.  LHK_OK, LHK_ENOMEM, or LHK_EINVAL
 * without a NAME. */
int environ_put (struct environ_list *e, const char *string);

/* Remove all strings of NAME. */
void environ_unset (struct environ_list *e, const char *name);

void environ_clear (struct environ_list *e);

/* For execve; valid until the next change. */
const char *const *environ_strings (const struct environ_list *e);

void environ_free (struct environ_list *e);

#endif /* COMMON_ENVIRON_H */
