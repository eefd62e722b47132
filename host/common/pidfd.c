/* SPDX-License-Identifier: MIT */
/* pidfd.c - processes held by a descriptor. */
#include "config.h"

#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/pidfd.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef PIDFD_SIGNAL_PROCESS_GROUP
#define PIDFD_SIGNAL_PROCESS_GROUP (1u << 2)
#endif

int
pidfd_get (pid_t pid)
{
	return (int) syscall (SYS_pidfd_open, pid, 0);
}

int
pidfd_kill (int pidfd, int signo)
{
	return (int) syscall (SYS_pidfd_send_signal, pidfd, signo, NULL, 0);
}

int
pidfd_kill_group (int pidfd, int signo)
{
	return (int) syscall (SYS_pidfd_send_signal, pidfd, signo, NULL,
			      PIDFD_SIGNAL_PROCESS_GROUP);
}
