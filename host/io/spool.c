/* SPDX-License-Identifier: MIT */
/* spool.c - bytes that wait for a slow consumer: memory, then a file. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "io/spool.h"
#include "common/fd.h"
#include "common/io.h"
#include "common/mem.h"

/* Bytes of memory that an empty spool keeps for the next burst. */
#define SPARE_SIZE 65536u

/* So many failed reads in a row, and what is on the disk is given up. */
#define READ_FAILURES_MAX 10

int
spool_init (struct spool *b, const struct lhk_alloc *alloc, const char *dir,
	    size_t limit)
{
	memset (b, 0, sizeof *b);
	b->alloc = alloc;
	b->fd = -1;
	b->limit = limit;
	b->dir = mem_strdup (alloc, dir);
	return b->dir == NULL ? LHK_ENOMEM : LHK_OK;
}

uint64_t
spool_size (const struct spool *b)
{
	return b->len + (b->to - b->from);
}

/* Room for MORE bytes behind those in memory. */
static int
make_room (struct spool *b, size_t more)
{
	size_t size = b->cap < 4096 ? 4096 : b->cap;
	char *p;

	if (b->at != 0 && b->cap - b->at - b->len < more) {
		memmove (b->mem, b->mem + b->at, b->len);
		b->at = 0;
	}
	if (b->cap - b->at - b->len >= more)
		return LHK_OK;
	if (more > SIZE_MAX / 4 || b->len > SIZE_MAX / 4)
		return LHK_ENOMEM;
	while (size < b->len + more)
		size *= 2;
	p = mem_resize (b->alloc, b->mem, b->cap, size);
	if (p == NULL)
		return LHK_ENOMEM;
	b->mem = p;
	b->cap = size;
	return LHK_OK;
}

static int
append_memory (struct spool *b, const char *data, size_t len)
{
	if (make_room (b, len) < 0)
		return LHK_ENOMEM;
	memcpy (b->mem + b->at + b->len, data, len);
	b->len += len;
	return LHK_OK;
}

static int
append_file (struct spool *b, const char *data, size_t len)
{
	uint64_t at = b->to;

	if (b->fd < 0)
		b->fd = fd_tmpfile (b->dir);
	/* What was written of a text that does not fit is overwritten. */
	if (b->fd < 0 || io_pwrite_full (b->fd, data, len, &at) < 0)
		return LHK_ESYS;
	b->to = at;
	return LHK_OK;
}

static void
close_file (struct spool *b)
{
	fd_close (&b->fd);
	b->from = b->to = 0;
}

/* Move at most LEN bytes of the file behind those in memory. */
static int
recall (struct spool *b, size_t len)
{
	ssize_t n;

	if (b->to - b->from < len)
		len = (size_t) (b->to - b->from);
	if (make_room (b, len) < 0)
		return LHK_ENOMEM;
	while (len != 0) {
		n = pread (b->fd, b->mem + b->at + b->len, len,
			   (off_t) b->from);
		if (n < 0 && errno == EINTR)
			continue;
		/* The failure may pass. */
		if (n <= 0 && ++b->failures < READ_FAILURES_MAX)
			break;
		if (n <= 0) {
			/* The disk failed: what is left of it is lost. */
			b->lost += b->to - b->from;
			b->from = b->to;
			break;
		}
		b->failures = 0;
		b->len += (size_t) n;
		b->from += (uint64_t) n;
		len -= (size_t) n;
	}
	if (b->from == b->to)
		close_file (b);
	else
		fallocate (b->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
			   (off_t) b->from);
	return LHK_OK;
}

int
spool_push (struct spool *b, const char *data, size_t len)
{
	if (len == 0)
		return LHK_OK;
	if (b->from == b->to && b->len + len <= b->limit
	    && append_memory (b, data, len) == LHK_OK)
		return LHK_OK;
	if (append_file (b, data, len) == LHK_OK)
		return LHK_OK;
	/* Older bytes must be moved into memory before these. */
	if (b->from != b->to
	    && (recall (b, (size_t) (b->to - b->from)) < 0
		|| b->from != b->to)) {
		b->lost += len;
		return LHK_ENOMEM;
	}
	if (append_memory (b, data, len) < 0) {
		b->lost += len;
		return LHK_ENOMEM;
	}
	return LHK_OK;
}

size_t
spool_peek (struct spool *b, const char **ret)
{
	size_t want = b->limit < SPARE_SIZE ? b->limit : SPARE_SIZE;

	if (b->len == 0 && b->from != b->to && recall (b, want) < 0)
		return 0;
	*ret = b->len == 0 ? NULL : b->mem + b->at;
	return b->len;
}

void
spool_drop (struct spool *b, size_t len)
{
	b->at += len;
	b->len -= len;
	if (b->len != 0)
		return;
	b->at = 0;
	if (b->cap > SPARE_SIZE) {
		mem_free (b->alloc, b->mem, b->cap);
		b->mem = NULL;
		b->cap = 0;
	}
}

size_t
spool_take (struct spool *b, char *buf, size_t len)
{
	const char *p;
	size_t n, done = 0;

	while (done < len) {
		n = spool_peek (b, &p);
		if (n == 0)
			break;
		if (n > len - done)
			n = len - done;
		memcpy (buf + done, p, n);
		spool_drop (b, n);
		done += n;
	}
	return done;
}

void
spool_clear (struct spool *b)
{
	close_file (b);
	mem_free (b->alloc, b->mem, b->cap);
	b->mem = NULL;
	b->cap = b->at = b->len = 0;
}

void
spool_free (struct spool *b)
{
	if (b->alloc == NULL)
		return;
	spool_clear (b);
	mem_free_str (b->alloc, b->dir);
	b->dir = NULL;
}
