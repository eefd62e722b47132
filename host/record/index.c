/* SPDX-License-Identifier: MIT */
/* index.c - the file `index': append, read from its end, make anew. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/gc.h"
#include "record/index.h"
#include "common/atomic_file.h"
#include "common/clock.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/io.h"
#include "common/mem.h"
#include "common/run_id.h"

/* ---- lines ---- */

/* LINE is without its newline.  1, or 0 where it is none of ours. */
static int
parse_line (const char *line, struct record_entry *e)
{
	char *end;

	e->started_ms = strtoll (line, &end, 10);
	if (end == line || *end != ' ' || e->started_ms < 0
	    || e->started_ms > CLOCK_UNIX_MS_MAX || !run_id_is_valid (end + 1))
		return 0;
	memcpy (e->id, end + 1, strlen (end + 1) + 1);
	return 1;
}

static void
put_line (struct outbuf *out, const struct record_entry *e)
{
	outbuf_i64 (out, e->started_ms);
	outbuf_byte (out, ' ');
	outbuf_str (out, e->id);
	outbuf_byte (out, '\n');
}

int
record_index_append (int store, int64_t started_ms, const char *id,
		     int *ret_lock)
{
	char line[RECORD_INDEX_LINE];
	char last = '\n';
	int fd = record_lock_open (store, RECORD_INDEX, record_lock_soon);
	off_t end = fd < 0 ? -1 : lseek (fd, 0, SEEK_END);
	uint64_t at = (uint64_t) end;
	int r = end < 0 || (end > 0 && fd_pread_full (fd, &last, 1, at - 1) < 0)
			? -errno
			: 0;
	/* A torn line that a dead host left is ended, and is then damaged. */
	int len = snprintf (line, sizeof line, "%s%lld %s\n",
			    last == '\n' ? "" : "?\n", (long long) started_ms,
			    id);

	if (r == 0)
		r = io_pwrite_full (fd, line, (size_t) len, &at);
	/* A line that a full disk cut does not stay. */
	if (r < 0 && end >= 0 && at != (uint64_t) end)
		(void) !ftruncate (fd, end);
	if (r < 0)
		fd_close (&fd);
	*ret_lock = fd;
	return r;
}

/* ---- reading from the end ---- */

/* Does the index say that all runs are in it?  1, 0, or -1 with errno. */
static int
is_whole (int fd)
{
	char first[sizeof RECORD_INDEX_WHOLE] = "";
	off_t end;

	if (fd_pread_full (fd, first, sizeof first - 1, 0) < 0)
		return -1;
	end = record_file_end (fd);
	/* Nobody can wait until a hole has been read. */
	if (end < 0 || end != lseek (fd, 0, SEEK_END))
		return end < 0 ? -1 : 0;
	return strcmp (first, RECORD_INDEX_WHOLE) == 0;
}

int
record_index_open (struct lhk_store *s, int *ret)
{
	*ret = fd_openat (s->fd, RECORD_INDEX,
			  O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW, 0);
	if (*ret < 0)
		return errno == ENOENT ? 0 : -1;
	return is_whole (*ret);
}

void
record_index_reader_range (struct record_index_reader *r, int fd, off_t from,
			   off_t end)
{
	r->fd = fd;
	r->from = from;
	r->at = end;
	r->len = 0;
	r->error = end < 0 ? -errno : 0;
}

void
record_index_reader_init (struct record_index_reader *r, int fd)
{
	record_index_reader_range (r, fd, 0, lseek (fd, 0, SEEK_END));
}

/* Read the piece before the buffer; what is left in BUF moves behind it.  1, or
 * 0: there is none, or R->ERROR. */
static int
read_before (struct record_index_reader *r)
{
	size_t want = r->at - r->from < RECORD_INDEX_PIECE
			      ? (size_t) (r->at - r->from)
			      : RECORD_INDEX_PIECE;
	ssize_t n;

	if (r->at <= r->from)
		return 0;
	/* No line of ours is so long: the rest is damaged, and dropped. */
	if (r->len > RECORD_INDEX_LINE)
		r->len = 0;
	memmove (r->buf + want, r->buf, r->len);
	n = fd_pread_full (r->fd, r->buf, want, (uint64_t) r->at - want);
	if (n != (ssize_t) want) {
		r->error = n < 0 ? -errno : -EIO;
		return 0;
	}
	r->at -= (off_t) want;
	r->len += want;
	return 1;
}

/* The line before the last one that was given out, in LINE; 0: no more. */
static int
previous_line (struct record_index_reader *r, char line[RECORD_INDEX_LINE])
{
	size_t from, end;

	for (;;) {
		end = r->len;
		/* What is behind the last newline is torn, or was given. */
		while (end > 0 && r->buf[end - 1] == '\n')
			end--;
		from = end;
		while (from > 0 && r->buf[from - 1] != '\n')
			from--;
		if (from > 0 || r->at <= r->from)
			break;
		if (!read_before (r))
			return 0;
	}
	if (end == 0)
		return 0;
	r->len = from;
	if (end - from >= RECORD_INDEX_LINE)
		end = from;
	memcpy (line, r->buf + from, end - from);
	line[end - from] = '\0';
	return 1;
}

int
record_index_next (struct record_index_reader *r, struct record_entry *ret)
{
	char line[RECORD_INDEX_LINE];

	while (previous_line (r, line))
		if (parse_line (line, ret))
			return 1;
	return 0;
}

/* ---- a scan of the store ---- */

int
record_entry_is_record (struct lhk_store *s, const char *id)
{
	char path[RECORD_STORE_PATH];
	int result;
	int status = record_store_status (s, id, &result);

	fd_close (&result);
	if (status != LHK_ESYS)
		return status != LHK_ENOTFOUND;
	if (record_store_is_transient (errno))
		return -1;
	record_store_path (path, id, RECORD_LOCK);
	return faccessat (s->fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* When a run began, by run.json, else by its result; 0, as old as can be, when
 * neither tells.  0, or -1 with errno when nothing can be opened now. */
static int
read_start (struct lhk_store *s, const char *id, int64_t *ret_ms)
{
	struct record_head h;
	int r = record_store_head (s, id, LHK_RECORD_LOST, -1, &h);
	int fd;

	if (r == 0 && h.started_ms == 0) {
		fd = record_store_open (s, id, RECORD_RESULT);
		if (fd >= 0)
			r = record_head_read (fd, &h);
		else if (errno != ENOENT && errno != ENOTDIR)
			r = -1;
		fd_close (&fd);
	}
	*ret_ms = h.started_ms;
	return r < 0 && record_store_is_transient (errno) ? -1 : 0;
}

int
record_entries_add (struct lhk_store *s, struct record_entries *all,
		    const struct record_entry *e)
{
	void *items = all->items;

	if (mem_grow (s->alloc, &items, &all->cap, all->n + 1, sizeof *e) < 0)
		return -ENOMEM;
	all->items = items;
	all->items[all->n++] = *e;
	return 0;
}

int
record_entries_add_run (struct lhk_store *s, struct record_entries *all,
			const char *id)
{
	struct record_entry e;
	int r = record_entry_is_record (s, id);

	if (r > 0)
		r = read_start (s, id, &e.started_ms) < 0 ? -1 : 1;
	if (r <= 0)
		return r < 0 ? -errno : 0;
	memcpy (e.id, id, strlen (id) + 1);
	return record_entries_add (s, all, &e);
}

static int
compare_entries (const void *a, const void *b)
{
	const struct record_entry *x = a, *y = b;

	if (x->started_ms != y->started_ms)
		return x->started_ms < y->started_ms ? -1 : 1;
	return strcmp (x->id, y->id);
}

void
record_entries_sort (struct record_entries *all)
{
	if (all->n > 1)
		qsort (all->items, all->n, sizeof *all->items, compare_entries);
}

int
record_entries_scan (struct lhk_store *s, struct record_entries *all)
{
	DIR *d = record_dir_list (s->fd);
	const char *name;
	int error = d == NULL ? -errno : 0;
	int r = 0;

	while (error == 0 && (r = record_dir_next (d, &name)) > 0) {
		if (run_id_is_valid (name))
			error = record_entries_add_run (s, all, name);
		else
			record_gc_remove_leftover (s, name);
	}
	if (r < 0)
		error = -errno;
	if (d != NULL)
		closedir (d);
	record_entries_sort (all);
	return error;
}

void
record_entries_free (struct lhk_store *s, struct record_entries *all)
{
	mem_free (s->alloc, all->items, all->cap * sizeof *all->items);
	memset (all, 0, sizeof *all);
}

/* ---- making it anew ---- */

/* The first SIZE bytes of the index OLD are believed only if all runs are in it.
 * 0 or -errno. */
static int
merge (struct lhk_store *s, int old, off_t size, struct record_entries *all)
{
	return is_whole (old) > 0 ? record_entries_merge (s, old, size, all)
				  : record_entries_scan (s, all);
}

static int
scan (struct lhk_store *s, int old, off_t size, struct record_entries *all)
{
	(void) old;
	(void) size;
	return record_entries_scan (s, all);
}

/* How an index is made anew: where the entries come from, and how long others
 * are waited for. */
struct making {
	int (*find) (struct lhk_store *s, int old, off_t size,
		     struct record_entries *all);
	int (*lock) (int fd);
};

static const struct making by_scan = { scan, record_lock_wait };
/* A list must not wait for a host that was stopped. */
static const struct making by_merge = { merge, record_lock_soon };

/* Copy the lines that hosts appended since the old index had SIZE bytes, less
 * those of runs that the scan found.  0 or -errno. */
static int
copy_appended (int old, off_t size, const struct record_entries *all,
	       struct outbuf *out)
{
	char buf[RECORD_INDEX_LINE + 1];
	struct record_entry e;
	ssize_t n;
	char *lf;

	while ((n = fd_pread_full (old, buf, RECORD_INDEX_LINE,
				   (uint64_t) size))
	       > 0) {
		buf[n] = '\0';
		lf = strchr (buf, '\n');
		size += lf == NULL ? n : lf - buf + 1;
		if (lf != NULL)
			*lf = '\0';
		if (parse_line (buf, &e)
		    && (all->n == 0
			|| bsearch (&e, all->items, all->n, sizeof e,
				    compare_entries)
				   == NULL))
			put_line (out, &e);
	}
	return n < 0 ? -errno : 0;
}

/* Write the draft and rename it.  OLD is locked until it is replaced: a host
 * that waits for it opens the new index then.  0 or -errno. */
static int
write_index (struct lhk_store *s, const struct making *how,
	     const struct record_entries *all, int draft, int old,
	     off_t old_size, struct outbuf *out)
{
	char mark[RECORD_INDEX_MARK_SIZE + 1];
	struct atomic_file f;
	size_t i;
	int r = ftruncate (draft, 0) < 0 || how->lock (old) < 0 ? -errno : 0;

	atomic_file_adopt (&f, s->fd, draft, RECORD_INDEX_DRAFT, RECORD_INDEX,
			   out);
	OUTBUF_LIT (out, RECORD_INDEX_WHOLE);
	snprintf (mark, sizeof mark, RECORD_INDEX_MARK, 0LL, 0L);
	outbuf_str (out, mark);
	for (i = 0; i < all->n; i++)
		put_line (out, &all->items[i]);
	if (r == 0)
		r = copy_appended (old, old_size, all, out);
	atomic_file_fail (&f, r);
	return atomic_file_commit (&f);
}

/* The size of the index at a time when each run in it has its record in its place;
 * or -1 with errno. */
static off_t
settled_size (int fd, const struct making *how)
{
	off_t size = how->lock (fd) < 0 ? -1 : lseek (fd, 0, SEEK_END);

	return size < 0 || record_lock_free (fd) < 0 ? -1 : size;
}

/* The locked draft lets one process at a time in.  OLD is made if it is
 * missing, so that what hosts append meanwhile is in it. */
static int
rebuild (struct lhk_store *s, const struct making *how,
	 struct record_entries *all, struct outbuf *out)
{
	int draft, old, r;
	off_t size;

	draft = record_lock_open (s->fd, RECORD_INDEX_DRAFT, how->lock);
	if (draft < 0)
		return -errno;
	old = fd_openat (s->fd, RECORD_INDEX,
			 O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	size = old < 0 ? -1 : settled_size (old, how);
	r = size < 0 ? -errno : how->find (s, old, size, all);
	if (r == 0) {
		r = write_index (s, how, all, draft, old, size, out);
	} else {
		unlinkat (s->fd, RECORD_INDEX_DRAFT, 0);
		fd_close (&draft);
	}
	fd_close (&old);
	return r;
}

/* Is there something to make an index of?  A directory without an index of ours
 * and without records is no store, and no file is made or replaced there.  1, 0,
 * or -errno. */
static int
is_store (struct lhk_store *s)
{
	struct record_entries all = { .n = 0 };
	int fd;
	int whole = record_index_open (s, &fd);
	int r = whole > 0 ? 0 : record_entries_scan (s, &all);

	fd_close (&fd);
	if (r == 0)
		r = whole > 0 || all.n > 0;
	record_entries_free (s, &all);
	return r;
}

static int
make_anew (struct lhk_store *s, const struct making *how,
	   struct record_entries *all)
{
	struct outbuf *out = mem_new (s->alloc, sizeof *out);
	int r = out == NULL ? -ENOMEM : rebuild (s, how, all, out);

	mem_free (s->alloc, out, sizeof *out);
	return r;
}

int
record_index_rebuild (struct lhk_store *s, struct record_entries *all)
{
	int r = is_store (s);

	return r <= 0 ? r : make_anew (s, &by_scan, all);
}

int
record_index_merge (struct lhk_store *s, struct record_entries *all)
{
	return make_anew (s, &by_merge, all);
}

int
lhk_store_repair (struct lhk_store *s, struct lhk_error *err)
{
	struct record_entries all = { .n = 0 };
	int r = 0;

	if (s == NULL || s->magic != RECORD_STORE_MAGIC)
		return error_set (err, LHK_EINVAL, 0, "this is not a store");
	if (record_store_dir (s) >= 0)
		r = record_index_rebuild (s, &all);
	else if (errno != ENOENT)
		r = -errno;
	record_entries_free (s, &all);
	if (r < 0)
		return error_set (err, r == -ENOMEM ? LHK_ENOMEM : LHK_ESYS, -r,
				  "cannot make the index of '%.120s': %s",
				  s->dir, strerror (-r));
	return LHK_OK;
}
