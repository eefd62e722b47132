/* SPDX-License-Identifier: MIT */
/*
 * spool.h - bytes that wait for a slow reader, in order.
 *
 * They wait in memory up to a limit, then in a file without a name, so that
 * their writer never waits.  If there is no file, memory is used beyond the
 * limit; bytes are lost, and counted, only if there is no memory either.
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
int spool_init (struct spool *s, const struct lhk_alloc *alloc, const char *dir,
		size_t limit);

/* Append all of DATA (LHK_OK), or count all of it as lost (LHK_ENOMEM). */
int spool_push (struct spool *s, const char *data, size_t len);

uint64_t spool_size (const struct spool *s);

/* Point *RET at some of the oldest bytes; returns their number.  0 if there are
 * none, or they cannot be read now (no memory, the disk fails): try again. */
size_t spool_peek (struct spool *s, const char **ret);

/* Remove LEN of the oldest bytes, at most as many as peek gave. */
void spool_drop (struct spool *s, size_t len);

/* Copy and remove LEN bytes, or as many as can be read; returns their number. */
size_t spool_take (struct spool *s, char *buf, size_t len);

/* Drop all that waits, and close the file. */
void spool_clear (struct spool *s);
void spool_free (struct spool *s);

#endif /* IO_SPOOL_H */
