/* SPDX-License-Identifier: MIT */
/* userns.c - a pid namespace with its own /proc, with privilege or without. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "common/io.h"
#include "common/macros.h"
#include "common/userns.h"

/* Which sysctl forbids namespaces, and at which first byte. */
/* clang-format off: a table */
static const struct {
	const char *path;
	char value;
	const char *remedy;
} switches[] = {
	{ "/proc/sys/kernel/unprivileged_userns_clone", '0',
	  "set sysctl kernel.unprivileged_userns_clone to 1" },
	{ "/proc/sys/user/max_user_namespaces", '0',
	  "raise sysctl user.max_user_namespaces from 0" },
	{ "/proc/sys/user/max_pid_namespaces", '0',
	  "raise sysctl user.max_pid_namespaces from 0" },
	{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1',
	  "set sysctl kernel.apparmor_restrict_unprivileged_userns to 0, or"
	  " load a profile that allows it" },
};
/* clang-format on */

/* Map ID to itself in the map file PATH. */
static int
map_id (const char *path, unsigned int id)
{
	char map[48];

	snprintf (map, sizeof map, "%u %u 1\n", id, id);
	return io_write_file (path, map);
}

static int
map_ids (unsigned int uid, unsigned int gid, const char **ret_step)
{
	int r;

	*ret_step = "/proc/self/uid_map";
	r = io_write_file ("/proc/self/setgroups", "deny");
	if (r == 0)
		r = map_id ("/proc/self/uid_map", uid);
	if (r < 0)
		return r;
	*ret_step = "/proc/self/gid_map";
	return map_id ("/proc/self/gid_map", gid);
}

int
userns_unshare (int *ret_mapped, const char **ret_step)
{
	unsigned int uid = geteuid (), gid = getegid ();
	int r;

	*ret_mapped = 0;
	*ret_step = "unshare";
	if (unshare (CLONE_NEWPID | CLONE_NEWNS) == 0)
		return 0;
	*ret_mapped = 1;
	/* The ids have to be those of before: no half of it is of use. */
	if (unshare (CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) < 0)
		return -errno;
	/* A process that is not dumpable does not own its files of /proc. */
	prctl (PR_SET_DUMPABLE, 1);
	r = map_ids (uid, gid, ret_step);
	if (r == 0)
		prctl (PR_SET_DUMPABLE, 0);
	return r;
}

int
userns_mount_proc (const char **ret_step)
{
	*ret_step = "mounts of its own";
	if (mount (NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return -errno;
	*ret_step = "mount of /proc";
	if (mount ("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		   NULL)
	    < 0)
		return -errno;
	return 0;
}

const char *
userns_remedy (void)
{
	char value;
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE (switches); i++) {
		fd = open (switches[i].path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (read (fd, &value, 1) != 1)
			value = '?';
		close (fd);
		if (value == switches[i].value)
			return switches[i].remedy;
	}
	return NULL;
}

/* The kernel's default. */
#define OVERFLOW_UID 65534u

static uid_t
read_overflow_uid (void)
{
	char text[32];
	int fd = open ("/proc/sys/kernel/overflowuid", O_RDONLY | O_CLOEXEC);
	unsigned int uid;

	if (io_read_text (fd, text, sizeof text) > 0
	    && sscanf (text, "%u", &uid) == 1)
		return uid;
	return OVERFLOW_UID;
}

int
userns_hides_root (uid_t *ret_unmapped)
{
	char map[4096];
	int fd = open ("/proc/self/uid_map", O_RDONLY | O_CLOEXEC);
	unsigned int first, outside, n;
	const char *p = map;

	if (io_read_text (fd, map, sizeof map) <= 0)
		return 0;
	*ret_unmapped = read_overflow_uid ();
	while (sscanf (p, "%u %u %u", &first, &outside, &n) == 3) {
		if (outside == 0 || *ret_unmapped - first < n)
			return 0;
		p = strchr (p, '\n');
		if (p == NULL)
			return 0;
		p++;
	}
	return p != map;
}
