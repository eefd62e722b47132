/* SPDX-License-Identifier: MIT */
/* left.h - what is left: descriptors, threads, processes. */
#ifndef TESTS_LEFT_H
#define TESTS_LEFT_H

/* Of this process. */
int count_fds (void);
int count_children (void);
int count_threads (void);

/* Wait until N children of this process have ended and are not reaped, at most
 * 20 s: helpers that have said all. */
void zombies_await (int n);

/* A new empty file for `pidfile'; its path, valid until the next call. */
const char *pids_file (void);

/* How many processes wrote their pid there, and how many of them are alive;
 * removes the file. */
int pids_read (const char *path, int *ret_alive);

/* Wait until N processes are written there and all are gone, at most 20 s;
 * the file stays. */
void pids_await (const char *path, int n);

long long now_ms (void);

#endif /* TESTS_LEFT_H */
