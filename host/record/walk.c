/* SPDX-License-Identifier: MIT */
/* walk.c - the entries of a store, the newest first. */
#include "config.h"

#include <errno.h>

#include "record/walk.h"
#include "common/fd.h"

struct walk {
	struct lhk_store *store;
	int (*fn) (void *user, const struct record_entry *e);
	void *user;
};

/* 0 or -errno. */
static int
walk_index (const struct walk *w, int fd)
{
	struct record_index_reader reader;
	struct record_entry e;
	int r = 0;

	record_index_reader_init (&reader, fd);
	while (r == 0 && record_index_next (&reader, &e))
		r = w->fn (w->user, &e);
	return reader.error;
}

static void
walk_entries (const struct walk *w, const struct record_entries *all)
{
	int r = 0;
	size_t i;

	for (i = all->n; r == 0 && i > 0; i--)
		r = w->fn (w->user, &all->items[i - 1]);
}

/* Without an index that all runs are in: by the directories.  The next walk
 * finds an index, if it could be written.  0 or -errno. */
static int
walk_directories (const struct walk *w)
{
	struct record_entries all = { .n = 0 };
	int error = record_index_rebuild (w->store, &all);

	if (error < 0) {
		record_entries_free (w->store, &all);
		error = record_entries_scan (w->store, &all);
	}
	if (error == 0)
		walk_entries (w, &all);
	record_entries_free (w->store, &all);
	return error;
}

/* By the index, which is brought up to date first.  0 or -errno. */
static int
walk_whole (const struct walk *w, int fd)
{
	struct record_entries all = { .n = 0 };
	int r = record_index_catch_up (w->store, fd, &all);

	if (r > 0)
		walk_entries (w, &all);
	record_entries_free (w->store, &all);
	return r == 0 ? walk_index (w, fd) : r < 0 ? r : 0;
}

int
record_walk (struct lhk_store *s,
	     int (*fn) (void *user, const struct record_entry *e), void *user)
{
	const struct walk w = { s, fn, user };
	int fd = -1;
	int whole = record_index_open (s, &fd);
	int error = whole < 0 ? -errno
		    : whole   ? walk_whole (&w, fd)
			      : walk_directories (&w);

	fd_close (&fd);
	return error;
}
