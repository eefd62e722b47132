/* SPDX-License-Identifier: MIT */
/* spawn.h - starts a helper program of linehook. */
#ifndef PROCESS_SPAWN_H
#define PROCESS_SPAWN_H

#include <sys/types.h>

/* Descriptors that a helper may have: from 0 on. */
#define SPAWN_FDS 5

/*
 * Start PATH with the words ARGV and the environment ENVP.  FDS, at FD_MIN or
 * above, are its descriptors from 0 on, -1: none; all other ones of ours are
 * close-on-exec.  No signal is blocked, and each has its default action, from the first instruction
 * on.  OWN_GROUP 1: it has a process group of its own.  0, or an errno.
 */
int spawn_helper (const char *path, const char *const *argv,
		  const char *const *envp, const int fds[SPAWN_FDS],
		  int own_group, pid_t *ret);

#endif /* PROCESS_SPAWN_H */
