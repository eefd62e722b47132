/* SPDX-License-Identifier: MIT */
/*
 * pidfd.h - processes held by a descriptor, so that a number that is used
 * again harms nobody.
 *
 * An error is -1 with errno: ENOSYS before Linux 5.3, EINVAL for a group before
 * Linux 6.9.
 */
#ifndef COMMON_PIDFD_H
#define COMMON_PIDFD_H

#include <sys/types.h>

/* A descriptor of process PID; close-on-exec. */
int pidfd_get (pid_t pid);

/* Send SIGNO to the process; 0 only asks whether it exists. */
int pidfd_kill (int pidfd, int signo);

/* Send SIGNO to the process group whose number is that of the process. */
int pidfd_kill_group (int pidfd, int signo);

/* The pid that the process has in our pid namespace; 0 when it has ended, or
 * when /proc is not of our pid namespace. */
pid_t pidfd_pid (int pidfd);

#endif /* COMMON_PIDFD_H */
