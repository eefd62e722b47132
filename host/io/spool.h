/* SPDX-License-Identifier: MIT */
/*
 * spool.h - a queue of bytes for a slow reader.
 *
 * It holds bytes in memory up to a limit, then in a file without a name, so
 * that the writer never waits.  If no file can be written, it uses memory
 * beyond the limit; bytes are lost, and counted, only if there is no memory
 * either.
 */
#ifndef IO_SPOOL_H
#define IO_SPOOL_H

#include <linehook/host.h>

struct spool {
	const struct lhk_alloc *alloc;
	char *dir;    /* where the file is created */
	size_t limit; /* bytes in memory before the file is used */
	char *mem;    /* the older bytes */
	size_t cap, at, len;
	int fd;		   /* file with the younger bytes; -1: none */
	uint64_t from, to; /* offsets of the bytes in the file */
	uint64_t lost;
	int failures; /* reads that failed in a row */
};

/* LHK_OK or LHK_ENOMEM.  DIR is copied. */
int spool_init (struct spool *s, const struct lhk_alloc *alloc, const char *dir,
		size_t limit);

/* Append all of DATA (LHK_OK), or count all of it as lost (LHK_ENOMEM). */
int spool_push (struct spool *s, const char *data, size_t len);

uint64_t spool_size (const struct spool *s);

/* Point *RET at some of the oldest bytes and return their number.  0: the spool
 * is empty, or there is no memory or the disk fails: try again later. */
size_t spool_peek (struct spool *s, const char **ret);

/* Remove the LEN oldest bytes, at most as many as spool_peek returned. */
void spool_drop (struct spool *s, size_t len);

/* Copy the LEN oldest bytes to BUF and remove them, or as many as can be read.
 * Returns their number. */
size_t spool_take (struct spool *s, char *buf, size_t len);

/* Drop all bytes, and close the file. */
void spool_clear (struct spool *s);
void spool_free (struct spool *s);

#endif /* IO_SPOOL_H */
