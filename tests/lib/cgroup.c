/* SPDX-License-Identifier: MIT */
/* cgroup.c - cgroups that a test makes, fills and removes. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/cgroup.h"
#include "lib/sysfile.h"
#include "lib/tap.h"
#include "common/cgroup_path.h"

#define MAGIC_V2 0x63677270L
#define REMOVE_TRIES 2000

static void
give (const char *dir, const char *file, uid_t uid)
{
	char path[CGROUP_PATH + 64];

	snprintf (path, sizeof path, "%s/%s", dir, file);
	if (chown (path, uid, uid) < 0 && errno != ENOENT)
		tap_note ("chown %s: %s", path, strerror (errno));
}

int
cgroup_make (const char *controller, uid_t uid, char dir[CGROUP_PATH])
{
	char own[CGROUP_PATH - 64];

	if (cgroup_path_own (controller, own, sizeof own) < 0) {
		tap_note ("the path of our own cgroup: %s", strerror (errno));
		return 0;
	}
	/* Not named by our pid: in a namespace many tests are process 2. */
	snprintf (dir, CGROUP_PATH, "%s/lhk-test-XXXXXX", own);
	if (mkdtemp (dir) == NULL || chmod (dir, 0755) < 0) {
		tap_note ("%s: %s", dir, strerror (errno));
		return 0;
	}
	if (uid != 0) {
		give (dir, ".", uid);
		give (dir, "cgroup.procs", uid);
		give (dir, "cgroup.threads", uid);
		give (dir, "cgroup.subtree_control", uid);
	}
	return 1;
}

int
cgroup_make_or_skip (uid_t uid, char dir[CGROUP_PATH])
{
	if (cgroup_make (NULL, uid, dir))
		return 1;
	tap_skip ("no cgroup of version 2 can be made here");
	return 0;
}

void
cgroup_mount (char path[CGROUP_PATH])
{
	char above[CGROUP_PATH];
	struct statfs fs;

	if (cgroup_path_own (NULL, path, CGROUP_PATH) < 0)
		exit (99);
	for (;;) {
		snprintf (above, sizeof above, "%s", path);
		*strrchr (above, '/') = '\0';
		if (statfs (above, &fs) < 0 || (long) fs.f_type != MAGIC_V2)
			return;
		strcpy (path, above);
	}
}

int
cgroup_put (const char *dir, const char *file, const char *text)
{
	char path[CGROUP_PATH + 64];

	snprintf (path, sizeof path, "%s/%s", dir, file);
	return sysfile_write (path, text) == 0;
}

int
cgroup_count (const char *dir)
{
	DIR *d = opendir (dir);
	struct dirent *e;
	int n = 0;

	while (d != NULL && (e = readdir (d)) != NULL)
		n += e->d_type == DT_DIR && e->d_name[0] != '.';
	if (d != NULL)
		closedir (d);
	return n;
}

static void
kill_members (const char *dir)
{
	char path[CGROUP_PATH + 64];
	FILE *f;
	int pid;

	cgroup_put (dir, "cgroup.kill", "1");
	snprintf (path, sizeof path, "%s/cgroup.procs", dir);
	f = fopen (path, "r");
	while (f != NULL && fscanf (f, "%d", &pid) == 1)
		if (pid > 0 && pid != getpid ())
			kill (pid, SIGKILL);
	if (f != NULL)
		fclose (f);
}

void
cgroup_remove (const char *dir)
{
	char below[CGROUP_PATH];
	DIR *d = opendir (dir);
	struct dirent *e;
	int i;

	while (d != NULL && (e = readdir (d)) != NULL) {
		if (e->d_type != DT_DIR || e->d_name[0] == '.')
			continue;
		snprintf (below, sizeof below, "%.255s/%.255s", dir, e->d_name);
		cgroup_remove (below);
	}
	if (d != NULL)
		closedir (d);
	for (i = 0; i < REMOVE_TRIES && rmdir (dir) < 0 && errno == EBUSY;
	     i++) {
		kill_members (dir);
		sleep_us (1000);
	}
}

void
cgroup_remove_empty (const char *dir)
{
	TAP_EQ_INT (cgroup_count (dir), 0);
	cgroup_remove (dir);
}
