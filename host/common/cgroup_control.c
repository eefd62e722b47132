/* SPDX-License-Identifier: MIT */
/* cgroup_control.c - which controllers the cgroups below one can have. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cgroup_control.h"
#include "common/io.h"

/* More processes than this text can list are those of others, too. */
#define PROCS_SIZE 4096

int
cgroup_control_has (int dir, const char *file, const char *controller)
{
	char text[512];
	const size_t len = strlen (controller);
	const char *at = text;

	if (io_read_text (openat (dir, file, O_RDONLY | O_CLOEXEC), text,
			  sizeof text)
	    <= 0)
		return 0;
	while ((at = strstr (at, controller)) != NULL) {
		if ((at == text || at[-1] == ' ')
		    && strchr (" \n", at[len]) != NULL)
			return 1;
		at += len;
	}
	return 0;
}

int
cgroup_control_processes (int dir, int (*fn) (void *user, pid_t pid),
			  void *user)
{
	char text[PROCS_SIZE], *at = text, *end;
	int r = io_read_text (
		openat (dir, "cgroup.procs", O_RDONLY | O_CLOEXEC), text,
		sizeof text);
	int sum = 0;

	if (r < 0) {
		errno = -r;
		return -1;
	}
	for (;; at = end) {
		const long pid = strtol (at, &end, 10);

		if (end == at)
			return sum;
		r = fn (user, (pid_t) pid);
		if (r < 0)
			return -1;
		sum += r;
	}
}

int
cgroup_control_is_root (int dir)
{
	return faccessat (dir, "cgroup.type", F_OK, 0) < 0;
}

const char *
cgroup_control_launcher (void)
{
	return geteuid () == 0 ? "systemd-run --scope -p Delegate=yes"
			       : "systemd-run --user --scope -p Delegate=yes";
}

int
cgroup_control_is_host (const char *path)
{
	const char *slash = strrchr (path, '/');

	return slash != NULL && slash != path
	       && strcmp (slash + 1, CGROUP_HOST) == 0;
}
