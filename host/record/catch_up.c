/* SPDX-License-Identifier: MIT */
/*
 * catch_up.c - bring an index up to date with the directory of its store.
 *
 * A record that somebody has copied into the store has no line.  The time at
 * which the directory was changed last tells whether there may be one: if it is
 * the time that the index was marked with, nothing is read.  Else the names in
 * the directory are compared with the lines.  That costs no look at any record
 * that has a line.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/index.h"
#include "common/clock.h"
#include "common/fd.h"
#include "common/run_id.h"
#include "event/idmap.h"

/* A file system that counts in seconds may give two changes one time: a younger
 * change may not have been the last one. */
#define SETTLED_MS 2000

#define IDS_MAX ((size_t) 1 << 28)

/* ---- the mark ---- */

struct mark {
	char text[RECORD_INDEX_MARK_SIZE + 1];
};

/* The mark of the directory as it is now.  0, or -1 with errno. */
static int
mark_of (struct lhk_store *s, struct mark *ret, int64_t *ret_age_ms)
{
	struct stat st;

	if (fstat (s->fd, &st) < 0)
		return -1;
	snprintf (ret->text, sizeof ret->text, RECORD_INDEX_MARK,
		  (long long) st.st_mtim.tv_sec, (long) st.st_mtim.tv_nsec);
	*ret_age_ms = clock_unix_ms () - (int64_t) st.st_mtim.tv_sec * 1000
		      - st.st_mtim.tv_nsec / 1000000;
	return 0;
}

/* 1; 0, and the text is empty: there is no mark. */
static int
read_mark (int fd, struct mark *ret)
{
	ssize_t n = fd_pread_full (fd, ret->text, RECORD_INDEX_MARK_SIZE,
				   strlen (RECORD_INDEX_WHOLE));

	if (n != RECORD_INDEX_MARK_SIZE
	    || strncmp (ret->text, RECORD_INDEX_MARK_HEAD,
			strlen (RECORD_INDEX_MARK_HEAD))
		       != 0)
		n = 0;
	ret->text[n] = '\0';
	return n > 0;
}

/* Mark the index, of which FD is open for reading, if it may be written to. */
static void
write_mark (struct lhk_store *s, int fd, const struct mark *mark)
{
	struct mark old;
	int to;

	if (!read_mark (fd, &old))
		return;
	to = fd_openat (s->fd, RECORD_INDEX,
			O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW, 0);
	/* Another index may be there by now. */
	if (to >= 0 && record_is_at (s->fd, RECORD_INDEX, fd) == 1
	    && record_is_at (s->fd, RECORD_INDEX, to) == 1)
		(void) !pwrite (to, mark->text, RECORD_INDEX_MARK_SIZE,
				(off_t) strlen (RECORD_INDEX_WHOLE));
	fd_close (&to);
}

/* ---- lines and names ---- */

/* The ids of the lines, and what was found of them. */
struct lines {
	struct lhk_store *store;
	int fd;		  /* the index */
	off_t end;	  /* up to here it was read */
	struct idmap ids; /* the value is 1 for a name that is there */
	uint64_t n_there; /* such names */
	struct record_entries *all; /* all lines; NULL: nobody needs them */
};

/* The key of the run ID, or of any other name. */
static struct idmap_key
key_of (const char *id)
{
	const struct lhk_text text = { id, strlen (id), LHK_TEXT_CLEAN, 0 };
	struct idmap_key key;

	idmap_key_of (&text, &key);
	return key;
}

/* 0 or -ENOMEM. */
static int
add_line (struct lines *l, const struct record_entry *e)
{
	const struct idmap_key key = key_of (e->id);

	if (l->all != NULL && record_entries_add (l->store, l->all, e) < 0)
		return -ENOMEM;
	return idmap_find (&l->ids, &key) != NULL
			       || idmap_add (&l->ids, &key) != NULL
		       ? 0
		       : -ENOMEM;
}

/* Read the lines from where the last call ended to END.  0 or -errno. */
static int
read_lines (struct lines *l, off_t end)
{
	struct record_index_reader reader;
	struct record_entry e;
	int r = 0;

	record_index_reader_range (&reader, l->fd, l->end, end);
	while (r == 0 && record_index_next (&reader, &e))
		r = add_line (l, &e);
	l->end = end;
	return r < 0 ? r : reader.error;
}

/* Has the name ID a line?  The name is noted then.  1 or 0. */
static int
note_name (struct lines *l, const char *id)
{
	const struct idmap_key key = key_of (id);
	uint64_t *there = idmap_find (&l->ids, &key);

	if (there == NULL)
		return 0;
	l->n_there += *there == 0;
	*there = 1;
	return 1;
}

/* Call FN with each name that may be a run's and has no line, until it does not
 * return 0.  What it returned, 0, or -errno. */
static int
each_without_line (struct lines *l, int (*fn) (struct lines *l, const char *id))
{
	DIR *d = record_dir_list (l->store->fd);
	const char *name;
	int result = d == NULL ? -errno : 0;
	int r = 0;

	while (result == 0 && (r = record_dir_next (d, &name)) > 0)
		if (!note_name (l, name) && run_id_is_valid (name))
			result = fn (l, name);
	if (r < 0)
		result = -errno;
	if (d != NULL)
		closedir (d);
	return result;
}

static void
lines_init (struct lines *l, struct lhk_store *s, int fd,
	    struct record_entries *all)
{
	memset (l, 0, sizeof *l);
	l->store = s;
	l->fd = fd;
	l->all = all;
	idmap_init (&l->ids, s->alloc, sizeof (uint64_t), IDS_MAX);
}

/* ---- is the index behind? ---- */

/* A record that a host has just made has a line that was not read yet.  1: the
 * record ID has none; 0; -errno. */
static int
is_missing (struct lines *l, const char *id)
{
	int r = record_entry_is_record (l->store, id);
	off_t end;

	if (r <= 0)
		return r < 0 ? -errno : 0;
	end = lseek (l->fd, 0, SEEK_END);
	r = end < 0 ? -errno : end > l->end ? read_lines (l, end) : 0;
	return r < 0 ? r : !note_name (l, id);
}

/* 1: a record has no line, or a line no record; 0; -errno. */
static int
is_behind (struct lhk_store *s, int fd)
{
	off_t end = lseek (fd, 0, SEEK_END);
	struct lines l;
	int r;

	lines_init (&l, s, fd, NULL);
	r = end < 0 ? -errno : read_lines (&l, end);
	if (r == 0)
		r = each_without_line (&l, is_missing);
	if (r == 0)
		r = l.n_there < l.ids.n;
	idmap_free (&l.ids);
	return r;
}

/* ---- lines of all records ---- */

static int
add_name (struct lines *l, const char *id)
{
	return record_entries_add_run (l->store, l->all, id);
}

/* Take out the lines of runs that are no longer there. */
static void
drop_removed (struct lines *l)
{
	struct record_entries *all = l->all;
	const uint64_t *there;
	struct idmap_key key;
	size_t i, n = 0;

	for (i = 0; i < all->n; i++) {
		key = key_of (all->items[i].id);
		there = idmap_find (&l->ids, &key);
		/* One without a line was added by its name. */
		if (there == NULL || *there != 0)
			all->items[n++] = all->items[i];
	}
	all->n = n;
}

int
record_entries_merge (struct lhk_store *s, int fd, off_t end,
		      struct record_entries *all)
{
	struct lines l;
	int r;

	lines_init (&l, s, fd, all);
	r = read_lines (&l, end);
	if (r == 0)
		r = each_without_line (&l, add_name);
	if (r == 0)
		drop_removed (&l);
	idmap_free (&l.ids);
	record_entries_sort (all);
	return r;
}

/* ---- for readers ---- */

int
record_index_catch_up (struct lhk_store *s, int fd, struct record_entries *ret)
{
	struct mark seen, now;
	int64_t age_ms;
	int r;

	if (mark_of (s, &now, &age_ms) < 0)
		return -errno;
	if (read_mark (fd, &seen) && strcmp (seen.text, now.text) == 0)
		return 0;
	r = seen.text[0] == '\0' ? 1 : is_behind (s, fd);
	if (r == 0 && age_ms >= SETTLED_MS)
		write_mark (s, fd, &now);
	if (r <= 0)
		return r;
	r = record_index_merge (s, ret);
	if (r == 0)
		return 1;
	/* Where no index can be written, it is merged each time. */
	record_entries_free (s, ret);
	r = record_entries_merge (s, fd, lseek (fd, 0, SEEK_END), ret);
	return r < 0 ? r : 1;
}
