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

struct spool {
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
int spool_init (struct spool *b, const struct lhk_alloc *alloc, const char *dir,
		size_t limit);

/* All of DATA or, counted as lost, nothing.  LHK_OK or LHK_ENOMEM. */
int spool_push (struct spool *b, const char *data, size_t len);

uint64_t spool_size (const struct spool *b);

/* Some of the oldest bytes: their number; 0 if there are none, or they cannot
 * be had now for want of memory or by a disk that fails: ask again. */
size_t spool_peek (struct spool *b, const char **ret);

/* Those are done with; at most as many as peek gave. */
void spool_drop (struct spool *b, size_t len);

/* Copy and drop LEN bytes, or so many as can be had; their number. */
size_t spool_take (struct spool *b, char *buf, size_t len);

/* Forget all that waits; the descriptor is closed. */
void spool_clear (struct spool *b);
void spool_free (struct spool *b);

#endif /* IO_SPOOL_H */
