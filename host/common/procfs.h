/* SPDX-License-Identifier: MIT */
/* procfs.h - what /proc/PID/stat says of a process. */
#ifndef COMMON_PROCFS_H
#define COMMON_PROCFS_H

#include <stdint.h>
#include <sys/types.h>

struct procfs_stat {
	char state; /* 'R', 'S', 'Z'.. */
	pid_t parent, group, session;
	long threads;
	uint64_t start; /* since boot, in clock ticks: tells apart two
			   processes that had the same number */
};

/* The longest line that is read: what is wanted stands before its end. */
#define PROCFS_STAT_SIZE 1024

/* TEXT is the content of such a file, NUL behind.  The name in the second
 * field may hold anything, also ')' and blanks.  0, or -EINVAL. */
int procfs_parse_stat (const char *text, struct procfs_stat *ret);

/* Of process PID; 0 is the caller.  0, or -errno: -ENOENT and -ESRCH when
 * there is no such process. */
int procfs_read_stat (pid_t pid, struct procfs_stat *ret);

#endif /* COMMON_PROCFS_H */
