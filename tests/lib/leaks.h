/* SPDX-License-Identifier: MIT */
/* leaks.h - count what a test may leak: descriptors, threads, processes. */
#ifndef TESTS_LEAKS_H
#define TESTS_LEAKS_H

/* Open descriptors, children and threads of this process. */
int count_fds (void);
int count_children (void);
int count_threads (void);

/* Wait, at most 20 s, until N children of this process have ended and are not
 * reaped: monitors that have sent their last report. */
void zombies_await (int n);

/* The path of a new empty file for the agent's `pidfile', valid until the next
 * call. */
const char *pids_file (void);

/* Returns how many processes wrote their pid to the file, and in *RET_ALIVE how
 * many of them are alive.  Removes the file. */
int pids_read (const char *path, int *ret_alive);

/* Wait, at most 20 s, until N pids are in the file and all these processes are
 * gone.  Keeps the file. */
void pids_await (const char *path, int n);

#endif /* TESTS_LEAKS_H */
