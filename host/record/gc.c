/* SPDX-License-Identifier: MIT */
/* gc.c - the index made anew; what crashes left of removals. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "record/store.h"
#include "common/atomic_file.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/mem.h"

/* Where the last line ends; -1: it cannot be read. */
static off_t
end_of_lines (int fd)
{
	char buf[4096];
	off_t at = lseek (fd, 0, SEEK_END);
	ssize_t n, i;

	while (at > 0) {
		off_t from =
			at > (off_t) sizeof buf ? at - (off_t) sizeof buf : 0;

		n = fd_get (fd, buf, (size_t) (at - from), (uint64_t) from);
		if (n != at - from)
			return -1;
		for (i = n; i > 0; i--)
			if (buf[i - 1] == '\n')
				return from + i;
		at = from;
	}
	return at;
}

void
store_cut (struct lhk_store *s, const char *id)
{
	char path[STORE_PATH];
	int lock, events;
	off_t end;

	store_path (path, id, RECORD_LOCK);
	lock = fd_openat (s->fd, path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0);
	store_path (path, id, RECORD_EVENTS);
	events = fd_openat (s->fd, path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0);
	if (lock >= 0 && events >= 0 && record_lock (lock) == 0) {
		end = end_of_lines (events);
		if (end >= 0 && end < lseek (events, 0, SEEK_END))
			(void) !ftruncate (events, end);
	}
	fd_close (&events);
	fd_close (&lock);
}

/* ---- what is there ---- */

int
store_head_of (struct lhk_store *s, const char *id, int status, int result,
	       struct store_head *ret)
{
	const struct store_head none = { .exit_status = -1 };
	int fd, r;

	*ret = none;
	if (status == LHK_RECORD_ENDED)
		return store_read_head (result, ret);
	fd = store_open_in (s, id, RECORD_RUN);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	/* Of a torn number the first digits would be another one. */
	r = store_is_whole (fd);
	if (r > 0)
		r = store_read_head (fd, ret);
	fd_close (&fd);
	return r;
}

/* By run.json, else by the result; without one that tells: as old as can be.
 * 0, or -1 with errno where nothing can be opened now. */
static int
started_of (struct lhk_store *s, const char *id, int64_t *ret_ms)
{
	struct store_head h;
	int r = store_head_of (s, id, LHK_RECORD_LOST, -1, &h);
	int fd;

	if (r == 0 && h.started_ms == 0) {
		fd = store_open_in (s, id, RECORD_RESULT);
		if (fd >= 0)
			r = store_read_head (fd, &h);
		else if (errno != ENOENT && errno != ENOTDIR)
			r = -1;
		fd_close (&fd);
	}
	*ret_ms = h.started_ms;
	return r < 0 && (errno == ENOMEM || errno == EMFILE || errno == ENFILE)
		       ? -1
		       : 0;
}

static int
take (struct lhk_store *s, struct store_entries *all, const char *name)
{
	void *p = all->items;
	struct store_entry *e;
	int64_t started_ms;

	if (mem_grow (s->alloc, &p, &all->cap, all->n + 1, sizeof *e) < 0)
		return ENOMEM;
	all->items = p;
	if (started_of (s, name, &started_ms) < 0)
		return errno;
	e = &all->items[all->n++];
	memcpy (e->id, name, strlen (name) + 1);
	e->started_ms = started_ms;
	return 0;
}

static int
is_begun (struct lhk_store *s, const char *name)
{
	char path[STORE_PATH];
	struct timespec now;
	struct stat st;
	int lock, held;

	snprintf (path, sizeof path, "%s/" RECORD_LOCK, name);
	lock = fd_openat (s->fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
	held = lock < 0 ? errno != ENOENT : record_is_locked (lock) != 0;
	fd_close (&lock);
	if (held || fstatat (s->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 1;
	clock_gettime (CLOCK_REALTIME, &now);
	/* It makes its lock, and then locks it. */
	return llabs ((long long) (now.tv_sec - st.st_mtim.tv_sec))
	       <= STORE_BIRTH_S;
}

/* What crashes left; what cannot be removed now is in nobody's way. */
static void
remove_rest (struct lhk_store *s, const char *name)
{
	if (strncmp (name, RECORD_GONE, strlen (RECORD_GONE)) == 0
	    || (strncmp (name, RECORD_NEW, strlen (RECORD_NEW)) == 0
		&& strlen (name) < STORE_PATH - sizeof RECORD_LOCK
		&& !is_begun (s, name)))
		(void) record_unlink_all (s->fd, name);
}

static int
older_first (const void *a, const void *b)
{
	const struct store_entry *x = a, *y = b;

	if (x->started_ms != y->started_ms)
		return x->started_ms < y->started_ms ? -1 : 1;
	return strcmp (x->id, y->id);
}

int
store_collect (struct lhk_store *s, struct store_entries *all)
{
	DIR *d = record_list (s->fd);
	const char *name;
	int error = d == NULL ? errno : 0;
	int r = 0;

	while (error == 0 && (r = record_next (d, &name)) > 0) {
		if (record_id_ok (name))
			error = take (s, all, name);
		else
			remove_rest (s, name);
	}
	if (r < 0)
		error = errno;
	if (d != NULL)
		closedir (d);
	if (all->n > 1)
		qsort (all->items, all->n, sizeof *all->items, older_first);
	return error;
}

void
store_forget (struct lhk_store *s, struct store_entries *all)
{
	mem_free (s->alloc, all->items, all->cap * sizeof *all->items);
	memset (all, 0, sizeof *all);
}

/* ---- the index ---- */

static void
put_entry (struct outbuf *out, const struct store_entry *e)
{
	outbuf_i64 (out, e->started_ms);
	outbuf_byte (out, ' ');
	outbuf_str (out, e->id);
	outbuf_byte (out, '\n');
}

/* What hosts appended since the old index had SIZE bytes, less what was found
 * anyway.  0 or an errno. */
static int
copy_rest (int fd, off_t size, const struct store_entries *all,
	   struct outbuf *out)
{
	char buf[RECORD_INDEX_LINE + 1];
	struct store_entry e;
	ssize_t n;
	char *lf;

	while ((n = fd_get (fd, buf, RECORD_INDEX_LINE, (uint64_t) size)) > 0) {
		buf[n] = '\0';
		lf = strchr (buf, '\n');
		size += lf == NULL ? n : lf - buf + 1;
		if (lf != NULL)
			*lf = '\0';
		if (store_parse_line (buf, &e)
		    && (all->n == 0
			|| bsearch (&e, all->items, all->n, sizeof e,
				    older_first)
				   == NULL))
			put_entry (out, &e);
	}
	return n < 0 ? errno : 0;
}

/* OLD is locked until it is replaced: a host that waits looks again then. */
static int
write_index (struct lhk_store *s, const struct store_entries *all, int draft,
	     int old, off_t old_size, struct outbuf *out)
{
	struct atomic_file f;
	size_t i;
	int error = ftruncate (draft, 0) < 0 || record_lock_wait (old) < 0
			    ? errno
			    : 0;

	atomic_file_adopt (&f, s->fd, draft, RECORD_INDEX_DRAFT, RECORD_INDEX,
			   out);
	OUT_LIT (out, RECORD_INDEX_WHOLE);
	for (i = 0; i < all->n; i++)
		put_entry (out, &all->items[i]);
	if (error == 0)
		error = copy_rest (old, old_size, all, out);
	atomic_file_fail (&f, -error);
	return -atomic_file_commit (&f);
}

static void
drop_draft (struct lhk_store *s, int draft)
{
	unlinkat (s->fd, RECORD_INDEX_DRAFT, 0);
	fd_close (&draft);
}

/* One at a time: the draft is locked.  OLD is made if it is not there, so that
 * what hosts append meanwhile is in it. */
static int
renew (struct lhk_store *s, struct store_entries *all, struct outbuf *out)
{
	int draft, old, error;
	off_t size;

	draft = record_open_locked (s->fd, RECORD_INDEX_DRAFT,
				    record_lock_wait);
	if (draft < 0)
		return errno;
	old = fd_openat (s->fd, RECORD_INDEX,
			 O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	size = old < 0 ? -1 : lseek (old, 0, SEEK_END);
	error = size < 0 ? errno : store_collect (s, all);
	if (error == 0)
		error = write_index (s, all, draft, old, size, out);
	else
		drop_draft (s, draft);
	fd_close (&old);
	return error;
}

int
store_renew (struct lhk_store *s, struct store_entries *all)
{
	struct outbuf *out = mem_new (s->alloc, sizeof *out);
	int error = out == NULL ? ENOMEM : renew (s, all, out);

	mem_free (s->alloc, out, sizeof *out);
	return error;
}

int
lhk_store_repair (struct lhk_store *s, struct lhk_error *err)
{
	struct store_entries all = { .n = 0 };
	int error = 0;

	if (s == NULL || s->magic != STORE_MAGIC)
		return error_set (err, LHK_EINVAL, 0, "this is no store");
	if (store_dir (s) >= 0)
		error = store_renew (s, &all);
	else if (errno != ENOENT)
		error = errno;
	store_forget (s, &all);
	if (error != 0)
		return error_set (err, error == ENOMEM ? LHK_ENOMEM : LHK_ESYS,
				  error,
				  "cannot make the index of '%.120s': %s",
				  s->dir, strerror (error));
	return LHK_OK;
}
