/* SPDX-License-Identifier: MIT */
/*
 * stale_cgroups.c - cgroups of runs do not stay.
 *
 * A monitor holds the lock of its run's cgroup as long as it lives; the kernel
 * lets go of it however the monitor ends.  So one that can be locked is left
 * over from a monitor that was killed, and the next monitor to end beside it
 * removes it, unless somebody is still in it.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "monitor/monitor.h"

/* Cgroups made by the agent, one in the other, are removed so deep. */
#define DEPTH_MAX 16

/* The kernel may need a moment after the last process. */
#define REMOVE_TRIES 100

typedef void name_fn (int dir, const char *name, int depth);

static void
each_directory (int dir, name_fn *fn, int depth)
{
	union {
		struct exec_entry align;
		char bytes[1024];
	} buf;
	const struct exec_entry *e;
	long n, at;

	while ((n = syscall (SYS_getdents64, dir, &buf, sizeof buf)) > 0) {
		for (at = 0; at < n; at += e->reclen) {
			e = (const void *) (buf.bytes + at);
			if (e->type == DT_DIR && e->name[0] != '.')
				fn (dir, e->name, depth);
		}
	}
}

/* Errno says what came of it; 0: it is gone. */
static void
remove_below (int parent, const char *name, int depth)
{
	int dir;

	errno = 0;
	if (unlinkat (parent, name, AT_REMOVEDIR) == 0 || errno != EBUSY
	    || depth > DEPTH_MAX)
		return;
	dir = openat (parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return;
	each_directory (dir, remove_below, depth + 1);
	close (dir);
	errno = 0;
	if (unlinkat (parent, name, AT_REMOVEDIR) == 0)
		errno = 0;
}

void
leaf_remove (int parent, const char *name)
{
	static const struct timespec ms = { 0, 1000000 };
	int tries;

	for (tries = 0; tries < REMOVE_TRIES; tries++) {
		remove_below (parent, name, 0);
		if (errno != EBUSY)
			break;
		nanosleep (&ms, NULL);
	}
}

/* Between open and lock somebody may have removed it as one that was left. */
static int
is_there (int parent, const char *name, int dir)
{
	struct stat named, held;

	return fstatat (parent, name, &named, AT_SYMLINK_NOFOLLOW) == 0
	       && fstat (dir, &held) == 0 && named.st_ino == held.st_ino;
}

int
leaf_hold (int parent, const char *name)
{
	int dir = openat (parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0
	    || (flock (dir, LOCK_EX | LOCK_NB) == 0
		&& is_there (parent, name, dir)))
		return dir;
	close (dir);
	return -1;
}

/* linehook-PID-N, and nothing that somebody else might call his. */
static int
is_leaf (const char *name)
{
	size_t len = strlen (LEAF_PREFIX);
	size_t pid, n;

	if (strncmp (name, LEAF_PREFIX, len) != 0)
		return 0;
	name += len;
	pid = strspn (name, "0123456789");
	if (pid == 0 || name[pid] != '-')
		return 0;
	name += pid + 1;
	n = strspn (name, "0123456789");
	return n != 0 && name[n] == '\0';
}

static void
remove_left (int parent, const char *name, int depth)
{
	int dir;

	if (!is_leaf (name))
		return;
	dir = leaf_hold (parent, name);
	if (dir < 0)
		return;
	remove_below (parent, name, depth);
	close (dir);
}

void
leaf_tidy (int parent)
{
	if (parent >= 0 && lseek (parent, 0, SEEK_SET) == 0)
		each_directory (parent, remove_left, 0);
}
