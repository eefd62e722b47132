/* SPDX-License-Identifier: MIT */
/*
 * spool.h - bytes that wait for a slow consumer, in order.
 *
 * In memory up to a limit, then in a file without a name, so that whoever
 * makes them never waits.  Without a file memory is taken beyond the limit;
 * only without memory too are bytes lost, and counted.
 */
#ifndef IO_SPOOL_H
#define IO_SPOOL_H

#include <linehook/host.h>

struct backlog {
	const struct lhk_alloc *alloc;
	char *dir;    /* of the file */
	size_t limit; /* bytes in memory */
	char *mem;    /* the older bytes */
	size_t cap, at, len;
	int fd;		   /* the younger ones; -1: none */
	uint64_t from, to; /* in the file */
	uint64_t lost;
	int failures; /* of reading, in a row */
};

/* LHK_OK or LHK_ENOMEM.  DIR is copied. */
int backlog_init (struct backlog *b, const struct lhk_alloc *alloc,
		  const char *dir, size_t limit);

/* All of DATA or, counted as lost, nothing.  LHK_OK or LHK_ENOMEM. */
int backlog_push (struct backlog *b, const char *data, size_t len);

uint64_t backlog_size (const struct backlog *b);

/* Some of the oldest bytes: their number; 0 if there are none, or they cannot
 * be had now for want of memory or by a disk that fails: ask again. */
size_t backlog_peek (struct backlog *b, const char **ret);

/* Those are done with; at most as many as peek gave. */
void backlog_drop (struct backlog *b, size_t len);

/* Copy and drop LEN bytes, or so many as can be had; their number. */
size_t backlog_take (struct backlog *b, char *buf, size_t len);

/* Forget all that waits; the descriptor is closed. */
void backlog_clear (struct backlog *b);
void backlog_free (struct backlog *b);

#endif /* IO_SPOOL_H */
