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
#include "common/fd.h"

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

static int
begins_with (const char *name, const char *prefix)
{
	return strncmp (name, prefix, strlen (prefix)) == 0;
}

void
record_gc_remove_leftover (struct lhk_store *s, const char *name)
{
	if (begins_with (name, RECORD_REMOVED)
	    || (begins_with (name, RECORD_NEW) && !is_being_made (s, name)))
		(void) record_dir_remove (s->fd, name);
}
