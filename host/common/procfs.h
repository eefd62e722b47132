/* SPDX-License-Identifier: MIT */
/* procfs.h - what /proc/PID says of a process. */
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

/* TEXT is the content of /proc/PID/stat, NUL-terminated.  The name in its
 * second field may hold anything, also ')' and blanks.  0, or -EINVAL. */
int procfs_parse_stat (const char *text, struct procfs_stat *ret);

/* The stat of process PID, 0 being the caller.  0, or -errno: -ENOENT and
 * -ESRCH when there is no such process. */
int procfs_read_stat (pid_t pid, struct procfs_stat *ret);

/* The same in the /proc whose directory is open as PROC. */
int procfs_read_stat_at (int proc, pid_t pid, struct procfs_stat *ret);

/* The state of process PID: 'R', 'T'..; 0 when there is no such process. */
char procfs_state (pid_t pid);

/* Does /proc show the pids of our own pid namespace?  If not, errno is EXDEV,
 * or says why there is no /proc. */
int procfs_is_ours (void);

/* Open the file NAME of process PID for reading, in the /proc whose directory
 * is open as PROC.  Close-on-exec; or -1 with errno. */
int procfs_open_at (int proc, pid_t pid, const char *name);

/* The pid that TEXT, the name of an entry of /proc, is; 0 when it is none. */
pid_t procfs_parse_pid (const char *text);

#endif /* COMMON_PROCFS_H */
