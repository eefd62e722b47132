/* SPDX-License-Identifier: MIT */
/* gc.c - what crashes left. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "record/gc.h"
#include "record/marks.h"
#include "record/remove.h"
#include "common/fd.h"
#include "common/run_id.h"

/* A host makes the lock of a new record and then locks it: a record that is
 * younger may be between the two. */
#define NEW_RECORD_S 2

/* RECORD_NEW, an id and two numbers. */
#define NEW_NAME_MAX 128

void
record_gc_cut_events (struct lhk_store *s, const char *id)
{
	char path[RECORD_STORE_PATH];
	int lock, events;
	off_t end;

	record_store_path (path, id, RECORD_LOCK);
	lock = fd_openat (s->fd, path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0);
	record_store_path (path, id, RECORD_EVENTS);
	events = fd_openat (s->fd, path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0);
	if (lock >= 0 && events >= 0 && record_lock_try (lock) == 0) {
		end = record_lines_end (events);
		if (end >= 0 && end < lseek (events, 0, SEEK_END))
			(void) !ftruncate (events, end);
	}
	fd_close (&events);
	fd_close (&lock);
}

#define DIGITS "0123456789"

/* May a living host be making the record in the directory NAME? */
static int
is_being_made (struct lhk_store *s, const char *name)
{
	char path[NEW_NAME_MAX + sizeof RECORD_LOCK];
	struct timespec now;
	struct stat st;
	int lock, held;

	/* A longer name was not made here. */
	if (strlen (name) >= NEW_NAME_MAX)
		return 1;
	snprintf (path, sizeof path, "%s/" RECORD_LOCK, name);
	lock = fd_openat (s->fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
	held = lock < 0 ? errno != ENOENT : record_lock_is_held (lock) != 0;
	fd_close (&lock);
	if (held || fstatat (s->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 1;
	clock_gettime (CLOCK_REALTIME, &now);
	return llabs ((long long) (now.tv_sec - st.st_mtim.tv_sec))
	       <= NEW_RECORD_S;
}

/* Is NAME of our making: PREFIX, an id, a dot and two numbers?  Then the id is in
 * ID. */
static int
parse_name (const char *name, const char *prefix, char id[RUN_ID_MAX + 1])
{
	size_t before = strlen (prefix);
	const char *end = strrchr (name, '.');
	size_t len;

	if (strncmp (name, prefix, before) != 0 || end <= name + before
	    || (size_t) (end - name) - before > RUN_ID_MAX)
		return 0;
	len = (size_t) (end - name) - before;
	memcpy (id, name + before, len);
	id[len] = '\0';
	end += 1 + strspn (end + 1, DIGITS);
	return run_id_is_valid (id) && *end == '-'
	       && end[1 + strspn (end + 1, DIGITS)] == '\0';
}

/* Is what is in the directory NAME a record, or a part of one? */
static int
has_record (struct lhk_store *s, const char *name, const char *id)
{
	int dir =
		fd_openat (s->fd, name,
			   O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW, 0);
	int is = dir >= 0
		 && (record_marks_own_files (dir) >= 0
		     || record_marks_suffice (dir, id, 0) > 0);

	fd_close (&dir);
	return is;
}

void
record_gc_remove_leftover (struct lhk_store *s, const char *name)
{
	char id[RUN_ID_MAX + 1];
	int is_left = parse_name (name, RECORD_REMOVED, id)
		      || (parse_name (name, RECORD_NEW, id)
			  && !is_being_made (s, name));

	if (is_left && has_record (s, name, id))
		(void) record_dir_remove (s->fd, name);
}
