/* SPDX-License-Identifier: MIT */
/* remove.c - lists of what is in a store, and the end of records. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/layout.h"
#include "common/fd.h"

/* RECORD_GONE, a name, two numbers. */
#define GONE_NAME 128

/* Removals of one name that others left half done. */
#define GONES_MAX 1000

DIR *
record_list (int dir)
{
	int fd = fd_openat (dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	DIR *d = fd < 0 ? NULL : fdopendir (fd);

	if (d == NULL)
		fd_close (&fd);
	return d;
}

int
record_next (DIR *list, const char **ret_name)
{
	const struct dirent *e;

	do {
		errno = 0;
		e = readdir (list);
		if (e == NULL)
			return errno == 0 ? 0 : -1;
	} while (strcmp (e->d_name, ".") == 0 || strcmp (e->d_name, "..") == 0);
	*ret_name = e->d_name;
	return 1;
}

/* What another removes at the same time has gone, which is what was wanted. */
static int
unlink_one (int dir, const char *name, int flags)
{
	return unlinkat (dir, name, flags) == 0 || errno == ENOENT ? 0 : errno;
}

static int
unlink_files (int dir)
{
	DIR *d = record_list (dir);
	const char *name;
	int error = 0;
	int r = 0;
	int one;

	if (d == NULL)
		return errno;
	while ((r = record_next (d, &name)) > 0) {
		one = unlink_one (dir, name, 0);
		if (error == 0)
			error = one;
	}
	if (r < 0 && error == 0)
		error = errno;
	closedir (d);
	return error;
}

int
record_unlink_all (int dir, const char *name)
{
	int fd = fd_openat (dir, name,
			    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW, 0);
	int error;

	if (fd < 0)
		return errno == ENOENT ? 0 : errno;
	error = unlink_files (fd);
	fd_close (&fd);
	return error != 0 ? error : unlink_one (dir, name, AT_REMOVEDIR);
}

/* Under a name that no run can have, so that nobody finds half of it; what a
 * crash leaves there is removed by lhk_store_repair. */
int
record_remove (int store, const char *id)
{
	char gone[GONE_NAME];
	int n;

	for (n = 0; n < GONES_MAX; n++) {
		snprintf (gone, sizeof gone, RECORD_GONE "%.64s.%ld-%d", id,
			  (long) getpid (), n);
		if (renameat (store, id, store, gone) == 0)
			return record_unlink_all (store, gone);
		if (errno != EEXIST && errno != ENOTEMPTY)
			break;
	}
	return errno;
}
