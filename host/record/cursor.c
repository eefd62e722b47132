/* SPDX-License-Identifier: MIT */
/*
 * cursor.c - the events of a kept run, line by line, from any place, while
 * they come.
 *
 * A cursor reads files and asks nobody, so that any number of them costs the
 * agent nothing.  A line is given out when its newline is there.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "record/store.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/mem.h"

#define CURSOR_MAGIC 0x43757273u
#define LEAST_READ 65536
#define PREFIX "{\"seq\":"

/* Where the file system tells nothing, or a run is not there yet. */
#define PAUSE_MS 200

/* Also where it tells: the host may die without a word. */
#define PAUSE_TOLD_MS 1000

struct lhk_cursor {
	uint32_t magic;
	struct lhk_store *store;
	char id[LHK_RECORD_ID_MAX + 1];
	uint64_t from; /* the first seq asked for */
	int events;    /* events.ndjson; -1: not there yet */
	int notify;    /* made when there is something to wait for */
	int listens;
	int watched; /* the directory of the run is */
	int wait_for;
	int over; /* LHK_END or LHK_ESTATE: nothing more comes */
	off_t at; /* in the file, of what is behind the buffer */
	char *buf;
	size_t cap, len, pos; /* POS: up to where it was given out */
};

/* ---- from which byte ---- */

/* The seq of the line at OFF; 0: none there, or not all of its digits. */
static uint64_t
seq_at (int fd, off_t off)
{
	char buf[40];
	ssize_t n = fd_get (fd, buf, sizeof buf - 1, (uint64_t) off);
	uint64_t seq;
	char *end;

	buf[n > 0 ? n : 0] = '\0';
	if (strncmp (buf, PREFIX, strlen (PREFIX)) != 0)
		return 0;
	seq = strtoull (buf + strlen (PREFIX), &end, 10);
	return *end == ',' ? seq : 0;
}

/* The first line that begins behind OFF, or END. */
static off_t
line_behind (int fd, off_t off, off_t end)
{
	char buf[4096];
	const char *lf;
	ssize_t n;

	for (; off < end; off += n) {
		n = pread (fd, buf, sizeof buf, off);
		if (n <= 0)
			return end;
		lf = memchr (buf, '\n', (size_t) n);
		if (lf != NULL)
			return off + (lf - buf) + 1;
	}
	return end;
}

/* The lines are in order of their seq: halve. */
static off_t
find_seq (int fd, uint64_t from)
{
	off_t end = lseek (fd, 0, SEEK_END);
	off_t low = 0;	  /* begins a line with a seq below FROM */
	off_t high = end; /* none below FROM begins here or behind */

	if (from <= 1)
		return 0;
	while (low < high) {
		off_t mid = low + (high - low) / 2;
		off_t line = line_behind (fd, mid, high);
		uint64_t seq = line < high ? seq_at (fd, line) : 0;

		if (line >= high || seq == 0 || seq >= from)
			high = mid;
		else
			low = line;
		if (high - low < LEAST_READ)
			break;
	}
	return low;
}

/* ---- reading ---- */

static void
watch (struct lhk_cursor *c)
{
	char dir[FD_PATH_SIZE], path[FD_PATH_SIZE + STORE_PATH];
	int store = store_dir (c->store);

	if (c->notify < 0 || store < 0 || c->watched)
		return;
	fd_path (store, dir);
	snprintf (path, sizeof path, "%s/%.64s", dir, c->id);
	/* Appended lines, the result, the end of the host. */
	c->watched =
		inotify_add_watch (c->notify, path,
				   IN_MODIFY | IN_MOVED_TO | IN_CLOSE_WRITE)
		>= 0;
	if (!c->watched)
		inotify_add_watch (c->notify, dir, IN_MOVED_TO);
}

/* What was told until now is in the file. */
static void
hear (const struct lhk_cursor *c)
{
	char buf[4096];

	while (c->notify >= 0 && read (c->notify, buf, sizeof buf) > 0)
		;
}

/* LHK_OK: it may be there by now; LHK_ESYS with errno. */
static int
begin (struct lhk_cursor *c)
{
	hear (c);
	watch (c);
	c->events = store_open_in (c->store, c->id, RECORD_EVENTS);
	if (c->events >= 0)
		c->at = find_seq (c->events, c->from);
	return c->events >= 0 || errno == ENOENT || errno == ENOTDIR ? LHK_OK
								     : LHK_ESYS;
}

/* More of the file into the buffer: bytes read, 0 at its end, or LHK_*. */
static ssize_t
fill (struct lhk_cursor *c)
{
	void *p = c->buf;
	ssize_t n;
	int r;

	if (c->pos > 0) {
		memmove (c->buf, c->buf + c->pos, c->len - c->pos);
		c->len -= c->pos;
		c->pos = 0;
	}
	r = mem_grow (c->store->alloc, &p, &c->cap, c->len + LEAST_READ, 1);
	c->buf = p;
	if (r < 0)
		return r;
	hear (c);
	do
		n = pread (c->events, c->buf + c->len, c->cap - c->len, c->at);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return LHK_ESYS;
	c->at += n;
	c->len += (size_t) n;
	return n;
}

static uint64_t
seq_of (const struct lhk_str *line)
{
	return line->len <= strlen (PREFIX)
		       ? 0
		       : strtoull (line->ptr + strlen (PREFIX), NULL, 10);
}

/* The next whole line that is in the file, from FROM on. */
static int
next_line (struct lhk_cursor *c, struct lhk_str *ret)
{
	size_t seen = c->pos;
	ssize_t n;
	char *lf;

	for (;;) {
		lf = c->len == seen
			     ? NULL
			     : memchr (c->buf + seen, '\n', c->len - seen);
		if (lf != NULL) {
			ret->ptr = c->buf + c->pos;
			ret->len = (size_t) (lf - ret->ptr);
			c->pos = (size_t) (lf - c->buf) + 1;
			seen = c->pos;
			if (c->from <= 1 || seq_of (ret) >= c->from)
				return LHK_OK;
			continue;
		}
		seen = c->len - c->pos;
		n = fill (c);
		if (n <= 0)
			return n < 0 ? (int) n : LHK_AGAIN;
	}
}

/* A line, if there is one by now. */
static int
take (struct lhk_cursor *c, struct lhk_str *ret)
{
	int r = c->events < 0 ? begin (c) : LHK_OK;

	if (r != LHK_OK)
		return r;
	return c->events < 0 ? LHK_AGAIN : next_line (c, ret);
}

/* Nothing more in the file: will there be? */
static int
look_ahead (struct lhk_cursor *c, struct lhk_str *ret, struct lhk_error *err)
{
	int fd = -1;
	int status = store_status (c->store, c->id, &fd);
	int r;

	fd_close (&fd);
	if (status == LHK_ESYS)
		return store_fail_sys (c->store, c->id, "", err);
	if (status == LHK_ENOTFOUND && !c->wait_for)
		return store_not_found (c->store, c->id, err);
	if (status == LHK_ENOTFOUND || status == LHK_RECORD_RUNNING)
		return LHK_AGAIN;
	/* What came between the two looks is in the file now. */
	r = take (c, ret);
	if (r == LHK_AGAIN)
		r = c->over = status == LHK_RECORD_ENDED ? LHK_END : LHK_ESTATE;
	return r;
}

/* Only for those who have to wait: to close it is slow.  What came before it
 * was there is looked for once more. */
static int
listen_and_look (struct lhk_cursor *c, struct lhk_str *ret,
		 struct lhk_error *err)
{
	int r;

	c->listens = 1;
	c->notify = fd_lift (inotify_init1 (IN_CLOEXEC | IN_NONBLOCK));
	watch (c);
	r = take (c, ret);
	return r == LHK_AGAIN ? look_ahead (c, ret, err) : r;
}

int
lhk_cursor_next (struct lhk_cursor *c, struct lhk_str *ret,
		 struct lhk_error *err)
{
	int r;

	if (c == NULL || c->magic != CURSOR_MAGIC || ret == NULL)
		return error_set (err, LHK_EINVAL, 0, "this is no cursor");
	if (c->over != 0)
		return c->over;
	r = take (c, ret);
	if (r == LHK_AGAIN)
		r = look_ahead (c, ret, err);
	if (r == LHK_AGAIN && !c->listens)
		r = listen_and_look (c, ret, err);
	if (r == LHK_ENOMEM)
		return error_set (err, r, 0,
				  "no memory for an event of run '%s'", c->id);
	if (r == LHK_ESYS)
		return store_fail_sys (c->store, c->id, RECORD_EVENTS, err);
	return r;
}

int
lhk_cursor_open (struct lhk_store *store, const char *id, uint64_t from,
		 int wait_for, struct lhk_cursor **ret, struct lhk_error *err)
{
	struct lhk_cursor *c;
	int fd = -1;
	int r = store_check (store, id, err);

	if (r < 0 || ret == NULL)
		return r < 0 ? r : LHK_EINVAL;
	r = store_status (store, id, &fd);
	fd_close (&fd);
	if (r == LHK_ENOTFOUND && !wait_for)
		return store_not_found (store, id, err);
	if (r == LHK_ESYS)
		return store_fail_sys (store, id, "", err);
	c = mem_zero (store->alloc, sizeof *c);
	if (c == NULL)
		return error_set (err, LHK_ENOMEM, 0, "no memory for a cursor");
	c->magic = CURSOR_MAGIC;
	c->store = store;
	memcpy (c->id, id, strlen (id) + 1);
	c->from = from;
	c->wait_for = wait_for;
	c->events = -1;
	c->notify = -1;
	*ret = c;
	return LHK_OK;
}

int
lhk_cursor_fd (const struct lhk_cursor *c)
{
	return c == NULL || c->magic != CURSOR_MAGIC ? -1 : c->notify;
}

int
lhk_cursor_pause (const struct lhk_cursor *c)
{
	return c == NULL || !c->watched || c->events < 0 ? PAUSE_MS
							 : PAUSE_TOLD_MS;
}

void
lhk_cursor_free (struct lhk_cursor *c)
{
	if (c == NULL || c->magic != CURSOR_MAGIC)
		return;
	fd_close (&c->events);
	fd_close (&c->notify);
	mem_free (c->store->alloc, c->buf, c->cap);
	c->magic = 0;
	mem_free (c->store->alloc, c, sizeof *c);
}
