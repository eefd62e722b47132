/* SPDX-License-Identifier: MIT */
/*
 * remove.c - remove a record, whatever an agent has put into it.
 *
 * A directory is emptied in one descriptor, however deep it is: directories in
 * it are first moved up to the record.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/layout.h"
#include "record/remove.h"
#include "common/fd.h"
#include "common/macros.h"

/* RECORD_REMOVED, an id and two numbers. */
#define REMOVED_NAME 128

/* Other processes of our pid may have left removals of one id half done. */
#define GONE_TRIES 1000

/* A directory that is emptied. */
struct top {
	int fd;
	unsigned int n; /* of directories that were moved to it */
};

/* By these a record is known, so they go last, and in this order. */
static const char *const marks[] = { RECORD_RESULT, RECORD_LOCK, RECORD_RUN };

static int
is_mark (const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (marks); i++)
		if (strcmp (name, marks[i]) == 0)
			return 1;
	return 0;
}

/* Another process may remove the same file at the same time: ENOENT is no
 * error. */
static int
unlink_one (int dir, const char *name, int flags)
{
	return unlinkat (dir, name, flags) == 0 || errno == ENOENT ? 0 : -errno;
}

/* Let the owner of the directory NAME in DIR read it. */
static void
permit (int dir, const char *name)
{
	char path[FD_PATH_SIZE];
	int fd = fd_openat (dir, name,
			    O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW, 0);

	if (fd >= 0)
		(void) !chmod (fd_path (fd, path), 0700);
	fd_close (&fd);
}

/* Open the directory NAME in DIR, also one that its mode protects from its
 * owner.  -1 with errno. */
static int
open_to_empty (int dir, const char *name)
{
	static const int flags =
		O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
	int fd = fd_openat (dir, name, flags, 0);

	if (fd < 0 && errno == EACCES) {
		permit (dir, name);
		fd = fd_openat (dir, name, flags, 0);
	}
	if (fd >= 0)
		(void) !fchmod (fd, 0700);
	return fd;
}

/* Move the directory NAME in DIR to TOP, under a name that is free there.  0 or
 * -errno. */
static int
move_up (int dir, const char *name, struct top *top)
{
	char moved[32];

	permit (dir, name);
	do {
		snprintf (moved, sizeof moved, RECORD_BLOCKED "%u", top->n++);
		if (renameat (dir, name, top->fd, moved) == 0)
			return 0;
	} while (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR);
	return errno == ENOENT ? 0 : -errno;
}

/* Remove the directory NAME in TOP; what directories are in it are moved to TOP.
 * 0 or -errno. */
static int
remove_level (struct top *top, const char *name)
{
	int fd = open_to_empty (top->fd, name);
	DIR *d = fd < 0 ? NULL : record_dir_list (fd);
	const char *entry;
	int error = d == NULL ? -errno : 0;
	int r = 0;

	while (error == 0 && (r = record_dir_next (d, &entry)) > 0) {
		error = unlink_one (fd, entry, 0);
		if (error == -EISDIR)
			error = move_up (fd, entry, top);
	}
	if (r < 0)
		error = -errno;
	if (d != NULL)
		closedir (d);
	fd_close (&fd);
	if (error == -ENOENT)
		return 0;
	return error < 0 ? error : unlink_one (top->fd, name, AT_REMOVEDIR);
}

/* Remove NAME in TOP.  1: there may be directories now that were in it; 0; or
 * -errno. */
static int
remove_entry (struct top *top, const char *name)
{
	int r = unlink_one (top->fd, name, 0);

	if (r != -EISDIR)
		return r;
	r = remove_level (top, name);
	return r < 0 ? r : 1;
}

/* Remove what is in TOP, but its marks: as much as can be.  1: look again; 0; or
 * the first -errno. */
static int
remove_entries (struct top *top)
{
	DIR *d = record_dir_list (top->fd);
	const char *name;
	int again = 0, error = 0, r = 0, one;

	if (d == NULL)
		return -errno;
	while ((r = record_dir_next (d, &name)) > 0) {
		one = is_mark (name) ? 0 : remove_entry (top, name);
		again |= one > 0;
		if (one < 0 && error == 0)
			error = one;
	}
	if (r < 0 && error == 0)
		error = -errno;
	closedir (d);
	return error < 0 ? error : again;
}

/* 0 or -errno. */
static int
remove_all (struct top *top)
{
	int r;

	do
		r = remove_entries (top);
	while (r > 0);
	return r;
}

int
record_dir_remove (int dir, const char *name)
{
	struct top top = { .fd = open_to_empty (dir, name), .n = 0 };
	size_t i;
	int r;

	if (top.fd < 0)
		return errno == ENOENT ? 0 : -errno;
	r = remove_all (&top);
	for (i = 0; i < ARRAY_SIZE (marks) && r == 0; i++) {
		r = remove_entry (&top, marks[i]);
		if (r > 0)
			r = remove_all (&top);
	}
	fd_close (&top.fd);
	return r < 0 ? r : unlink_one (dir, name, AT_REMOVEDIR);
}

/* The directory gets a name that no run can have, so that nobody finds half of
 * the record.  What a crash leaves there is removed when the index is made
 * anew. */
int
record_remove (int store, const char *id)
{
	char removed[REMOVED_NAME];
	int n;

	for (n = 0; n < GONE_TRIES; n++) {
		snprintf (removed, sizeof removed,
			  RECORD_REMOVED "%.64s.%ld-%d", id, (long) getpid (),
			  n);
		if (renameat (store, id, store, removed) == 0)
			return record_dir_remove (store, removed);
		if (errno != EEXIST && errno != ENOTEMPTY)
			break;
	}
	/* A directory may need room for another name, and this makes it. */
	return fd_is_disk_full (errno) ? record_dir_remove (store, id) : -errno;
}

/* stat counts in these, whatever the blocks of the file system are. */
#define STAT_BLOCK 512

int
record_dir_size (int dir, uint64_t *ret)
{
	DIR *d = record_dir_list (dir);
	uint64_t blocks;
	const char *name;
	struct stat st;
	int r;

	if (d == NULL)
		return -1;
	r = fstat (dir, &st);
	blocks = r == 0 ? (uint64_t) st.st_blocks : 0;
	while (r == 0 && (r = record_dir_next (d, &name)) > 0) {
		r = 0;
		if (fstatat (dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			blocks += (uint64_t) st.st_blocks;
	}
	closedir (d);
	*ret = blocks * STAT_BLOCK;
	return r;
}
