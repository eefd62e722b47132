/* SPDX-License-Identifier: MIT */
/* spool.c - a queue of bytes in memory, then in a file. */
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

/* Reads that may fail in a row before the bytes in the file are given up. */
#define READ_FAILURES_MAX 10

int
spool_init (struct spool *s, const struct lhk_alloc *alloc, const char *dir,
	    size_t limit)
{
	memset (s, 0, sizeof *s);
	s->alloc = alloc;
	s->fd = -1;
	s->limit = limit;
	s->dir = mem_strdup (alloc, dir);
	return s->dir == NULL ? LHK_ENOMEM : LHK_OK;
}

uint64_t
spool_size (const struct spool *s)
{
	return s->len + (s->to - s->from);
}

/* Room for MORE bytes behind those in memory. */
static int
make_room (struct spool *s, size_t more)
{
	size_t size = s->cap < 4096 ? 4096 : s->cap;
	char *p;

	if (s->at != 0 && s->cap - s->at - s->len < more) {
		memmove (s->mem, s->mem + s->at, s->len);
		s->at = 0;
	}
	if (s->cap - s->at - s->len >= more)
		return LHK_OK;
	if (more > SIZE_MAX / 4 || s->len > SIZE_MAX / 4)
		return LHK_ENOMEM;
	while (size < s->len + more)
		size *= 2;
	p = mem_resize (s->alloc, s->mem, s->cap, size);
	if (p == NULL)
		return LHK_ENOMEM;
	s->mem = p;
	s->cap = size;
	return LHK_OK;
}

static int
append_memory (struct spool *s, const char *data, size_t len)
{
	if (make_room (s, len) < 0)
		return LHK_ENOMEM;
	memcpy (s->mem + s->at + s->len, data, len);
	s->len += len;
	return LHK_OK;
}

static int
append_file (struct spool *s, const char *data, size_t len)
{
	uint64_t at = s->to;

	if (s->fd < 0)
		s->fd = fd_tmpfile (s->dir);
	/* If a text does not fit, the part that was written is overwritten
	 * later. */
	if (s->fd < 0 || io_pwrite_full (s->fd, data, len, &at) < 0)
		return LHK_ESYS;
	s->to = at;
	return LHK_OK;
}

static void
close_file (struct spool *s)
{
	fd_close (&s->fd);
	s->from = s->to = 0;
}

/* Move at most LEN bytes from the file to memory, behind those that are there. */
static int
read_back (struct spool *s, size_t len)
{
	ssize_t n;

	if (s->to - s->from < len)
		len = (size_t) (s->to - s->from);
	if (make_room (s, len) < 0)
		return LHK_ENOMEM;
	while (len != 0) {
		n = pread (s->fd, s->mem + s->at + s->len, len,
			   (off_t) s->from);
		if (n < 0 && errno == EINTR)
			continue;
		/* The next read may succeed. */
		if (n <= 0 && ++s->failures < READ_FAILURES_MAX)
			break;
		if (n <= 0) {
			/* The disk failed: the bytes in the file are lost. */
			s->lost += s->to - s->from;
			s->from = s->to;
			break;
		}
		s->failures = 0;
		s->len += (size_t) n;
		s->from += (uint64_t) n;
		len -= (size_t) n;
	}
	if (s->from == s->to)
		close_file (s);
	else
		fallocate (s->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
			   (off_t) s->from);
	return LHK_OK;
}

int
spool_push (struct spool *s, const char *data, size_t len)
{
	if (len == 0)
		return LHK_OK;
	if (s->from == s->to && s->len + len <= s->limit
	    && append_memory (s, data, len) == LHK_OK)
		return LHK_OK;
	if (append_file (s, data, len) == LHK_OK)
		return LHK_OK;
	/* Older bytes must be moved into memory before these. */
	if (s->from != s->to
	    && (read_back (s, (size_t) (s->to - s->from)) < 0
		|| s->from != s->to)) {
		s->lost += len;
		return LHK_ENOMEM;
	}
	if (append_memory (s, data, len) < 0) {
		s->lost += len;
		return LHK_ENOMEM;
	}
	return LHK_OK;
}

size_t
spool_peek (struct spool *s, const char **ret)
{
	size_t want = s->limit < SPARE_SIZE ? s->limit : SPARE_SIZE;

	if (s->len == 0 && s->from != s->to && read_back (s, want) < 0)
		return 0;
	*ret = s->len == 0 ? NULL : s->mem + s->at;
	return s->len;
}

void
spool_drop (struct spool *s, size_t len)
{
	s->at += len;
	s->len -= len;
	if (s->len != 0)
		return;
	s->at = 0;
	if (s->cap > SPARE_SIZE) {
		mem_free (s->alloc, s->mem, s->cap);
		s->mem = NULL;
		s->cap = 0;
	}
}

size_t
spool_take (struct spool *s, char *buf, size_t len)
{
	const char *p;
	size_t n, done = 0;

	while (done < len) {
		n = spool_peek (s, &p);
		if (n == 0)
			break;
		if (n > len - done)
			n = len - done;
		memcpy (buf + done, p, n);
		spool_drop (s, n);
		done += n;
	}
	return done;
}

void
spool_clear (struct spool *s)
{
	close_file (s);
	mem_free (s->alloc, s->mem, s->cap);
	s->mem = NULL;
	s->cap = s->at = s->len = 0;
}

void
spool_free (struct spool *s)
{
	if (s->alloc == NULL)
		return;
	spool_clear (s);
	mem_free_str (s->alloc, s->dir);
	s->dir = NULL;
}
