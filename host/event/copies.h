/* SPDX-License-Identifier: MIT */
/*
 * copies.h - copies of what the events of one callback point to outside of
 * their line, which the plugin may change as soon as it has emitted them.
 *
 * The copies do not move, and are valid until they are cleared.  The memory of a usual line is kept from callback to callback; what a large one
 * needed beyond that is freed.
 */
#ifndef EVENT_COPIES_H
#define EVENT_COPIES_H

#include <linehook/host.h>

/* Members of an event that are texts; more are no error. */
#define COPIES_MEMBERS 8u

struct copies_chunk;

struct copies {
	const struct lhk_alloc *alloc;
	struct copies_chunk *now; /* the newest; NULL: none yet */
	char *at, *end;		  /* what is free in it */
	size_t total;		  /* bytes of all copies of the callback */
	size_t max;		  /* which that may be */
	/* The last copy of each member, which often is the same again. */
	struct lhk_str last[COPIES_MEMBERS];
};

/* ALLOC is borrowed until copies_done. */
void copies_init (struct copies *c, const struct lhk_alloc *alloc);
void copies_done (struct copies *c);

/* A callback begins on a line of LINE_LEN bytes. */
void copies_begin (struct copies *c, size_t line_len);

/* Forget all copies. */
void copies_clear (struct copies *c);

/*
 * Copy LEN bytes at *P and let *P point to the copy, which is aligned for any
 * event.  MEMBER is a small number, the same for texts that often are the same.
 * LHK_OK; LHK_ENOMEM; LHK_ELIMIT after LIMIT_COPIES bytes and twice the length
 * of the line.
 */
int copies_add (struct copies *c, unsigned int member, const char **p,
		size_t len);

#endif /* EVENT_COPIES_H */
