/* SPDX-License-Identifier: MIT */
/* pidfd.c - processes held by a descriptor. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/io.h"
#include "common/pidfd.h"
#include "common/procfs.h"

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

pid_t
pidfd_pid (int pidfd)
{
	char path[64], buf[1024];
	const char *p;
	long pid;

	if (pidfd < 0 || !procfs_is_ours ())
		return 0;
	snprintf (path, sizeof path, "/proc/self/fdinfo/%d", pidfd);
	if (io_read_text (open (path, O_RDONLY | O_CLOEXEC), buf, sizeof buf)
	    <= 0)
		return 0;
	p = strstr (buf, "Pid:");
	pid = p == NULL ? 0 : strtol (p + 4, NULL, 10);
	return pid > 0 ? (pid_t) pid : 0;
}
