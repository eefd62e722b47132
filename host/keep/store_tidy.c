/* SPDX-License-Identifier: MIT */
/* store_tidy.c - the index made anew; what crashes left of removals. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keep/paper.h"
#include "keep/store.h"
#include "util/error.h"
#include "util/fd.h"
#include "util/mem.h"

/* Where the last line ends; -1: it cannot be read. */
static off_t
end_of_lines (int fd)
{
	char buf[4096];
	off_t at = lseek (fd, 0, SEEK_END);
	ssize_t n, i;

	while (at > 0) {
		off_t from = at > (off_t) sizeof buf ? at - (off_t) sizeof buf
						     : 0;

		n = pread (fd, buf, (size_t) (at - from), from);
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

	store_path (path, id, KEEP_LOCK);
	lock = openat (s->fd, path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	store_path (path, id, KEEP_EVENTS);
	events = openat (s->fd, path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (lock >= 0 && events >= 0 && keep_lock (lock) == 0) {
		end = end_of_lines (events);
		if (end >= 0 && end < lseek (events, 0, SEEK_END))
			(void) !ftruncate (events, end);
	}
	fd_close (&events);
	fd_close (&lock);
}

struct entry {
	int64_t started_ms;
	char id[LHK_KEPT_ID_MOST + 1];
};

struct entries {
	struct entry *items;
	size_t n, cap;
};

static DIR *
open_list (int dir)
{
	int fd = openat (dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir (fd);

	if (d == NULL && fd >= 0)
		close (fd);
	return d;
}

/* A directory in a record is not ours, and stays. */
int
store_unlink_all (int store, const char *name)
{
	int dir = openat (store, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC
			  | O_NOFOLLOW);
	DIR *d = dir < 0 ? NULL : open_list (dir);
	const struct dirent *e;
	int error = 0;

	if (d == NULL) {
		error = errno;
		fd_close (&dir);
		return error;
	}
	while ((e = readdir (d)) != NULL) {
		if (strcmp (e->d_name, ".") == 0
		    || strcmp (e->d_name, "..") == 0)
			continue;
		if (unlinkat (dir, e->d_name, 0) < 0 && error == 0)
			error = errno;
	}
	closedir (d);
	close (dir);
	if (error == 0 && unlinkat (store, name, AT_REMOVEDIR) < 0)
		error = errno;
	return error;
}

int
store_open_head (struct lhk_store *s, const char *id, int status, int result)
{
	char path[STORE_PATH];

	if (status == LHK_KEPT_ENDED)
		return result;
	store_path (path, id, KEEP_RUN);
	return openat (s->fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

/* Without a run.json that tells: as old as can be. */
static int64_t
started_of (struct lhk_store *s, const char *id)
{
	struct store_head h = { .started_ms = 0 };
	int fd = store_open_head (s, id, LHK_KEPT_LOST, -1);

	if (fd >= 0) {
		store_read_head (fd, &h);
		close (fd);
	}
	return h.started_ms;
}

static int
take (struct lhk_store *s, struct entries *all, const char *name)
{
	void *p = all->items;
	struct entry *e;
	int r = mem_grow (s->alloc, &p, &all->cap, all->n + 1, sizeof *e);

	all->items = p;
	if (r < 0)
		return r;
	e = &all->items[all->n++];
	memcpy (e->id, name, strlen (name) + 1);
	e->started_ms = started_of (s, name);
	return LHK_OK;
}

static int
older_first (const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->started_ms != y->started_ms)
		return x->started_ms < y->started_ms ? -1 : 1;
	return strcmp (x->id, y->id);
}

static int
collect (struct lhk_store *s, struct entries *all)
{
	DIR *d = open_list (s->fd);
	const struct dirent *e;
	int r = LHK_OK;

	if (d == NULL)
		return LHK_ESYS;
	while (r == LHK_OK && (e = readdir (d)) != NULL) {
		if (strncmp (e->d_name, KEEP_GONE, strlen (KEEP_GONE)) == 0)
			store_unlink_all (s->fd, e->d_name);
		else if (keep_id_ok (e->d_name))
			r = take (s, all, e->d_name);
	}
	closedir (d);
	return r;
}

/* What hosts appended to the old index since it had SIZE bytes. */
static void
copy_rest (int fd, off_t size, struct out *out)
{
	char buf[4096];
	ssize_t n;

	while ((n = pread (fd, buf, sizeof buf, size)) > 0) {
		out_bytes (out, buf, (size_t) n);
		size += n;
	}
}

static int
write_index (struct lhk_store *s, const struct entries *all, int old,
	     off_t old_size, struct out *out)
{
	struct paper p;
	int error = paper_begin (&p, s->fd, KEEP_INDEX, out);
	size_t i;

	if (error != 0)
		return error;
	for (i = 0; i < all->n; i++) {
		out_i64 (out, all->items[i].started_ms);
		out_byte (out, ' ');
		out_str (out, all->items[i].id);
		out_byte (out, '\n');
	}
	/* Locked until it is replaced: a host that waits looks again then. */
	if (old >= 0 && keep_lock_soon (old) == 0)
		copy_rest (old, old_size, out);
	return paper_end (&p);
}

/* Sorted, and written.  0 or an errno. */
static int
renew (struct lhk_store *s, struct entries *all, struct out *out)
{
	int old = openat (s->fd, KEEP_INDEX, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	off_t size = old < 0 ? 0 : lseek (old, 0, SEEK_END);
	int r = collect (s, all);
	int error = r == LHK_OK ? 0 : r == LHK_ENOMEM ? ENOMEM : errno;

	if (error == 0) {
		if (all->n > 1)
			qsort (all->items, all->n, sizeof *all->items,
			       older_first);
		error = write_index (s, all, old, size, out);
	}
	fd_close (&old);
	return error;
}

int
lhk_store_tidy (struct lhk_store *s, struct lhk_error *err)
{
	struct entries all = { .n = 0 };
	struct out *out;
	int error;

	if (s == NULL || s->magic != STORE_MAGIC)
		return fail (err, LHK_EINVAL, 0, "this is no store");
	if (store_dir (s) < 0)
		return LHK_OK;
	out = mem_new (s->alloc, sizeof *out);
	error = out == NULL ? ENOMEM : renew (s, &all, out);
	mem_free (s->alloc, all.items, all.cap * sizeof *all.items);
	mem_free (s->alloc, out, sizeof *out);
	if (error != 0)
		return fail (err, error == ENOMEM ? LHK_ENOMEM : LHK_ESYS,
			     error, "cannot make the index of '%.120s': %s",
			     s->dir, strerror (error));
	return LHK_OK;
}
