/* SPDX-License-Identifier: MIT */
/* procfs.c - what /proc/PID says of a process. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/io.h"
#include "common/procfs.h"

/* The kernel's own limit is below it. */
#define PID_MAX (1 << 26)

/* Fields of stat(5), by number; the state is the third. */
enum { PARENT = 4, GROUP = 5, SESSION = 6, THREADS = 20, START = 22 };

int
procfs_parse_stat (const char *text, struct procfs_stat *ret)
{
	const char *p = strrchr (text, ')');
	long long values[START + 1];
	char *end;
	int i;

	if (p == NULL || p[1] != ' ' || p[2] == '\0' || p[3] != ' ')
		return -EINVAL;
	ret->state = p[2];
	p += 3;
	for (i = PARENT; i <= START; i++, p = end) {
		values[i] = strtoll (p, &end, 10);
		if (end == p)
			return -EINVAL;
	}
	ret->parent = (pid_t) values[PARENT];
	ret->group = (pid_t) values[GROUP];
	ret->session = (pid_t) values[SESSION];
	ret->threads = (long) values[THREADS];
	ret->start = (uint64_t) values[START];
	return 0;
}

/* Reads FD, which may be -1 with errno, and closes it. */
static int
read_stat (int fd, struct procfs_stat *ret)
{
	char buf[PROCFS_STAT_SIZE];
	int n = io_read_text (fd, buf, sizeof buf);

	return n < 0 ? n : procfs_parse_stat (buf, ret);
}

int
procfs_read_stat (pid_t pid, struct procfs_stat *ret)
{
	char path[32] = "/proc/self/stat";

	if (pid != 0)
		snprintf (path, sizeof path, "/proc/%d/stat", (int) pid);
	return read_stat (open (path, O_RDONLY | O_CLOEXEC), ret);
}

int
procfs_read_stat_at (int proc, pid_t pid, struct procfs_stat *ret)
{
	return read_stat (procfs_open_at (proc, pid, "stat"), ret);
}

char
procfs_state (pid_t pid)
{
	struct procfs_stat st;

	return procfs_read_stat (pid, &st) < 0 ? '\0' : st.state;
}

int
procfs_is_ours (void)
{
	char name[16] = "";

	if (readlink ("/proc/self", name, sizeof name - 1) < 0)
		return 0;
	errno = EXDEV;
	return procfs_parse_pid (name) == getpid ();
}

int
procfs_open_at (int proc, pid_t pid, const char *name)
{
	char path[64];
	int n = snprintf (path, sizeof path, "%d/%s", (int) pid, name);

	if (n < 0 || (size_t) n >= sizeof path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return openat (proc, path, O_RDONLY | O_CLOEXEC);
}

pid_t
procfs_parse_pid (const char *text)
{
	pid_t pid = 0;

	for (; *text >= '0' && *text <= '9' && pid < PID_MAX; text++)
		pid = pid * 10 + (*text - '0');
	return *text == '\0' ? pid : 0;
}
