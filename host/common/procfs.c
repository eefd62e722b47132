/* SPDX-License-Identifier: MIT */
/* procfs.c - what /proc/PID/stat says of a process. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/procfs.h"

int
procfs_parse_stat (const char *text, struct procfs_stat *ret)
{
	const char *p = strrchr (text, ')');
	unsigned long long start;
	int parent, group, session;

	if (p == NULL
	    || sscanf (p,
		       ") %c %d %d %d %*d %*d %*u %*u %*u %*u %*u %*u"
		       " %*u %*d %*d %*d %*d %ld %*d %llu",
		       &ret->state, &parent, &group, &session, &ret->threads,
		       &start)
		       != 6)
		return -EINVAL;
	ret->parent = parent;
	ret->group = group;
	ret->session = session;
	ret->start = start;
	return 0;
}

int
procfs_read_stat (pid_t pid, struct procfs_stat *ret)
{
	char path[32] = "/proc/self/stat";
	char buf[PROCFS_STAT_SIZE];
	ssize_t n;
	int fd, error;

	if (pid != 0)
		snprintf (path, sizeof path, "/proc/%d/stat", (int) pid);
	fd = open (path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read (fd, buf, sizeof buf - 1);
	error = errno;
	close (fd);
	if (n < 0)
		return -error;
	buf[n] = '\0';
	return procfs_parse_stat (buf, ret);
}
