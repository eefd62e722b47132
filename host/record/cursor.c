/* SPDX-License-Identifier: MIT */
/*
 * cursor.c - the events of a record, line by line, from any place, while they
 * come.
 *
 * A cursor only reads files, so that any number of them costs the agent
 * nothing.  A line is given out when its newline is there.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <linehook/json.h>
#include <linehook/plugin.h>

#include "record/store.h"
#include "json/utf8.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/mem.h"
#include "common/strbuf.h"

#define CURSOR_MAGIC 0x43757273u
#define READ_MIN 65536

#define PREFIX RECORD_EVENT_PREFIX

/* Milliseconds between two looks where the file system notifies nobody, or the
 * run is not there yet. */
#define PAUSE_MS 200

/* The same where it notifies: a host that dies changes no file. */
#define PAUSE_WATCHED_MS 1000

struct lhk_cursor {
	uint32_t magic;
	struct lhk_store *store;
	char id[LHK_RECORD_ID_MAX + 1];
	uint64_t from;	/* the first seq asked for */
	int events;	/* events.ndjson; -1: not there yet */
	int notify;	/* inotify, or -1 */
	int has_notify; /* it was tried: notify is made on the first wait */
	int watched;	/* the directory of the run is being watched */
	int wait_for;	/* the run may not be there yet */
	int over;	/* LHK_END, LHK_ESTATE or LHK_ENOTFOUND: nothing more
			   comes */
	int final;	/* the last line was the final result */
	off_t at;	/* offset in the file of what follows the buffer */
	struct strbuf buf;
	size_t pos; /* up to here the buffer was given out */
};

/* ---- from which byte ---- */

/* The seq of the line at OFF; 0: there is none, or not all of its digits. */
static uint64_t
seq_at (int fd, off_t off)
{
	char buf[40];
	ssize_t n = fd_pread_full (fd, buf, sizeof buf - 1, (uint64_t) off);
	uint64_t seq;
	char *end;

	buf[n > 0 ? n : 0] = '\0';
	if (strncmp (buf, PREFIX, strlen (PREFIX)) != 0)
		return 0;
	seq = strtoull (buf + strlen (PREFIX), &end, 10);
	return *end == ',' ? seq : 0;
}

/* The offset of the first line that begins behind OFF, or END. */
static off_t
next_line_start (int fd, off_t off, off_t end)
{
	char buf[4096];
	const char *lf;
	ssize_t n;

	for (; off < end; off += n) {
		n = pread (fd, buf, sizeof buf, off);
		if (n <= 0 || memchr (buf, '\0', (size_t) n) != NULL)
			return end;
		lf = memchr (buf, '\n', (size_t) n);
		if (lf != NULL)
			return off + (lf - buf) + 1;
	}
	return end;
}

/* The offset of a line at or before the one with seq FROM.  The lines are in
 * order of their seq, so this is a binary search. */
static off_t
find_seq (int fd, uint64_t from)
{
	off_t end = lseek (fd, 0, SEEK_END);
	off_t low = 0;	  /* a line with a seq below FROM begins here */
	off_t high = end; /* no such line begins here or behind */

	if (from <= 1)
		return 0;
	while (low < high) {
		off_t mid = low + (high - low) / 2;
		off_t line = next_line_start (fd, mid, high);
		uint64_t seq = line < high ? seq_at (fd, line) : 0;

		if (line >= high || seq == 0 || seq >= from)
			high = mid;
		else
			low = line;
		if (high - low < READ_MIN)
			break;
	}
	return low;
}

/* ---- reading ---- */

/* Watch the directory of the run, or the store until the run is there. */
static void
watch (struct lhk_cursor *c)
{
	char dir[FD_PATH_SIZE], path[FD_PATH_SIZE + RECORD_STORE_PATH];
	int store = record_store_dir (c->store);

	if (c->notify < 0 || store < 0 || c->watched)
		return;
	fd_path (store, dir);
	snprintf (path, sizeof path, "%s/%.64s", dir, c->id);
	/* Lines are appended, the end of the host closes its lock, and a
	 * record that is removed gets another name first. */
	c->watched = inotify_add_watch (c->notify, path,
					IN_MODIFY | IN_CLOSE_WRITE | IN_DELETE
						| IN_MOVE_SELF)
		     >= 0;
	if (!c->watched)
		inotify_add_watch (c->notify, dir, IN_MOVED_TO);
}

/* Drop the notifications that came before a look at the file. */
static void
drain_notify (const struct lhk_cursor *c)
{
	char buf[4096];

	while (c->notify >= 0 && read (c->notify, buf, sizeof buf) > 0)
		;
}

/* Open the events, if they are there by now.  LHK_OK; LHK_ESYS with errno. */
static int
open_events (struct lhk_cursor *c)
{
	drain_notify (c);
	watch (c);
	c->events = record_store_open (c->store, c->id, RECORD_EVENTS);
	if (c->events >= 0)
		c->at = find_seq (c->events, c->from);
	return c->events >= 0 || errno == ENOENT || errno == ENOTDIR ? LHK_OK
								     : LHK_ESYS;
}

/* Read more of the file into the buffer, and put behind it what a reader of JSON
 * looks at.  Bytes read, 0 at its end, or LHK_*.
 * No line has a NUL: where one is, a crash or a stranger has left a hole, which
 * may have any size. */
static ssize_t
fill (struct lhk_cursor *c)
{
	struct strbuf *b = &c->buf;
	const char *hole;
	ssize_t n;

	if (c->pos > 0) {
		memmove (b->data, b->data + c->pos, b->len - c->pos);
		b->len -= c->pos;
		c->pos = 0;
	}
	if (strbuf_reserve (b, READ_MIN + LHK_LINE_PADDING) < 0)
		return LHK_ENOMEM;
	drain_notify (c);
	do
		n = pread (c->events, b->data + b->len,
			   b->cap - b->len - LHK_LINE_PADDING, c->at);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return LHK_ESYS;
	hole = memchr (b->data + b->len, '\0', (size_t) n);
	if (hole != NULL)
		n = hole - (b->data + b->len);
	c->at += n;
	b->len += (size_t) n;
	memset (b->data + b->len, '\n', LHK_LINE_PADDING);
	return n;
}

static uint64_t
parse_seq (const struct lhk_str *line)
{
	return strtoull (line->ptr + strlen (PREFIX), NULL, 10);
}

/* Is the line without control bytes and valid UTF-8? */
static int
is_clean (const struct lhk_str *line)
{
	const char *end = line->ptr + line->len;
	const char *p;

	for (p = line->ptr; p < end; p++)
		if ((unsigned char) *p < 0x20)
			return 0;
	return lhk_json_utf8 (line->ptr, end) != UTF8_BAD;
}

/* Is the line JSON?  An agent may have written what is in its record.  An event
 * that has the source line in it may be deeper than the reader goes. */
static int
is_json (const struct lhk_str *line)
{
	struct lhk_json j;

	lhk_json_begin (&j, line->ptr, line->len);
	(void) lhk_json_skip (&j);
	return lhk_json_end (&j) == LHK_OK
	       || (j.error == LHK_JSON_EDEPTH && is_clean (line));
}

static int
is_event (const struct lhk_str *line)
{
	return line->len > strlen (PREFIX)
	       && memcmp (line->ptr, PREFIX, strlen (PREFIX)) == 0
	       && is_json (line);
}

/* Is the line one of ours, and wanted? */
static int
take_line (struct lhk_cursor *c, const struct lhk_str *line)
{
	if (!is_event (line))
		return 0;
	c->final = record_event_is_final (line->ptr);
	return c->from <= 1 || parse_seq (line) >= c->from;
}

/* The next whole line of the file with a seq of FROM or more.  LHK_OK,
 * LHK_AGAIN, LHK_ENOMEM, LHK_ESYS with errno. */
static int
next_line (struct lhk_cursor *c, struct lhk_str *ret)
{
	struct strbuf *b = &c->buf;
	size_t seen = c->pos;
	ssize_t n;
	char *lf;

	for (;;) {
		lf = b->len == seen
			     ? NULL
			     : memchr (b->data + seen, '\n', b->len - seen);
		if (lf != NULL) {
			ret->ptr = b->data + c->pos;
			ret->len = (size_t) (lf - ret->ptr);
			c->pos = (size_t) (lf - b->data) + 1;
			seen = c->pos;
			if (take_line (c, ret))
				return LHK_OK;
			continue;
		}
		seen = b->len - c->pos;
		n = fill (c);
		if (n <= 0)
			return n < 0 ? (int) n : LHK_AGAIN;
	}
}

/* The next line, if the run and the line are there by now. */
static int
try_line (struct lhk_cursor *c, struct lhk_str *ret)
{
	int r = c->events < 0 ? open_events (c) : LHK_OK;

	if (r != LHK_OK)
		return r;
	return c->events < 0 ? LHK_AGAIN : next_line (c, ret);
}

/* The record is no longer there, or another run has its name.  What was written
 * can still be read; nothing more comes. */
static int
end_removed (struct lhk_cursor *c, struct lhk_str *ret)
{
	int r = try_line (c, ret);

	if (r == LHK_AGAIN)
		r = c->over = c->final ? LHK_END : LHK_ENOTFOUND;
	return r;
}

/* Is the file of events that is open that of the record?  1, 0, or LHK_ESYS with
 * errno. */
static int
is_here (struct lhk_cursor *c)
{
	char path[RECORD_STORE_PATH];
	int r;

	record_store_path (path, c->id, RECORD_EVENTS);
	r = record_is_at (c->store->fd, path, c->events);
	return r < 0 && errno != ESTALE ? LHK_ESYS : r != 0;
}

/* LHK_RECORD_*, LHK_ENOTFOUND, LHK_ESYS with errno. */
static int
find_run (const struct lhk_cursor *c)
{
	int fd = -1;
	int status = record_store_status (c->store, c->id, &fd);

	fd_close (&fd);
	return status;
}

/* The same, but LHK_ENOTFOUND also when the events that are open are no longer
 * those of the record. */
static int
find_status (struct lhk_cursor *c)
{
	int status = find_run (c);
	int here;

	if (c->events < 0 || status < 0)
		return status;
	here = is_here (c);
	return here == 1 ? status : here == 0 ? LHK_ENOTFOUND : here;
}

/* The file has no more lines: can any come? */
static int
check_status (struct lhk_cursor *c, struct lhk_str *ret)
{
	int status = find_status (c);
	int r;

	if (status == LHK_ESYS || status == LHK_RECORD_RUNNING)
		return status == LHK_ESYS ? status : LHK_AGAIN;
	if (status == LHK_ENOTFOUND && c->events >= 0)
		return end_removed (c, ret);
	if (status == LHK_ENOTFOUND) {
		/* Another store may have the path by now. */
		if (record_store_renew (c->store))
			c->watched = 0;
		return c->wait_for ? LHK_AGAIN : status;
	}
	/* Lines may have come between the last read and the status. */
	r = try_line (c, ret);
	if (r == LHK_AGAIN)
		r = c->over = status == LHK_RECORD_ENDED ? LHK_END : LHK_ESTATE;
	return r;
}

/* Make the inotify, and look once more for lines that came before it was there.
 * Only cursors that have to wait get one: to close it is slow. */
static int
begin_notify (struct lhk_cursor *c, struct lhk_str *ret)
{
	int r;

	c->has_notify = 1;
	c->notify =
		fd_move_above_stdio (inotify_init1 (IN_CLOEXEC | IN_NONBLOCK));
	watch (c);
	r = try_line (c, ret);
	return r == LHK_AGAIN ? check_status (c, ret) : r;
}

/* The sentence for CODE, if it is an error. */
static int
explain (const struct lhk_cursor *c, int code, struct lhk_error *err)
{
	switch (code) {
	case LHK_ENOMEM:
		return error_set (err, code, 0,
				  "no memory for an event of run '%s'", c->id);
	case LHK_ESYS:
		return record_store_fail_sys (c->store, c->id, RECORD_EVENTS,
					      err);
	case LHK_ENOTFOUND:
		if (c->events < 0)
			return record_store_not_found (c->store, c->id, err);
		if (find_run (c) >= 0)
			return error_set (err, code, ENOENT,
					  "'%.100s/%s/" RECORD_EVENTS
					  "' was removed or replaced while it "
					  "was followed; linehook replay %s "
					  "reads the output of the agent again",
					  c->store->dir, c->id, c->id);
		return error_set (err, code, ENOENT,
				  "run '%s' was removed from '%.120s' while it"
				  " was followed",
				  c->id, c->store->dir);
	default:
		return code;
	}
}

int
lhk_cursor_next (struct lhk_cursor *c, struct lhk_str *ret,
		 struct lhk_error *err)
{
	int r;

	if (c == NULL || c->magic != CURSOR_MAGIC || ret == NULL)
		return error_set (err, LHK_EINVAL, 0, "this is not a cursor");
	if (c->over != 0)
		return explain (c, c->over, err);
	r = try_line (c, ret);
	if (r == LHK_AGAIN)
		r = check_status (c, ret);
	if (r == LHK_AGAIN && !c->has_notify)
		r = begin_notify (c, ret);
	return explain (c, r, err);
}

int
lhk_cursor_open (struct lhk_store *store, const char *id, uint64_t from,
		 int wait_for, struct lhk_cursor **ret, struct lhk_error *err)
{
	struct lhk_cursor *c;
	int fd = -1;
	int r = record_store_check (store, id, err);

	if (r < 0 || ret == NULL)
		return r < 0 ? r : LHK_EINVAL;
	r = record_store_status (store, id, &fd);
	fd_close (&fd);
	if (r == LHK_ENOTFOUND && !wait_for)
		return record_store_not_found (store, id, err);
	if (r == LHK_ESYS)
		return record_store_fail_sys (store, id, "", err);
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
	strbuf_init (&c->buf, store->alloc);
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
							 : PAUSE_WATCHED_MS;
}

int
lhk_cursor_is_final (const struct lhk_cursor *c)
{
	return c != NULL && c->magic == CURSOR_MAGIC && c->final;
}

void
lhk_cursor_free (struct lhk_cursor *c)
{
	if (c == NULL || c->magic != CURSOR_MAGIC)
		return;
	fd_close (&c->events);
	fd_close (&c->notify);
	strbuf_free (&c->buf);
	c->magic = 0;
	mem_free (c->store->alloc, c, sizeof *c);
}
