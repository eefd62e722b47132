/* SPDX-License-Identifier: MIT */
/*
 * events.c - what the monitor waits for, while its agent may change its limits.
 *
 * poll(2) and every call that makes a descriptor fail when somebody lowers
 * RLIMIT_NOFILE of a running process; epoll_wait(2) does not.  So the
 * descriptor of epoll, like all others, is made before the agent exists.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "monitor/monitor.h"

/* How long a wait that fails takes, so that nothing spins. */
#define PAUSE_NS 1000000

int
events_open (struct monitor *m)
{
	m->events = epoll_create1 (EPOLL_CLOEXEC);
	if (m->events < 0 || events_add (m, SOURCE_CONTROL, m->control) < 0
	    || events_add (m, SOURCE_HOST, m->host_pidfd) < 0
	    || events_add (m, SOURCE_SIGNALS, m->signals) < 0
	    || events_add (m, SOURCE_CGROUP, m->cgroup.events) < 0)
		return -1;
	return 0;
}

int
events_add (struct monitor *m, enum source source, int fd)
{
	/* The file of a cgroup stays ready until it is read, which happens once
	 * nothing else is left: its changes are what counts. */
	struct epoll_event e = { .events = source == SOURCE_CGROUP
						   ? EPOLLPRI | EPOLLET
						   : EPOLLIN,
				 .data = { .u32 = source } };

	return fd < 0 ? 0 : epoll_ctl (m->events, EPOLL_CTL_ADD, fd, &e);
}

/* The child may still have a copy, so closing FD would not end the watch. */
void
events_close (struct monitor *m, int *fd)
{
	if (*fd < 0)
		return;
	epoll_ctl (m->events, EPOLL_CTL_DEL, *fd, NULL);
	close (*fd);
	*fd = -1;
}

int
events_wait (struct monitor *m, int timeout_ms, int ready[N_SOURCES])
{
	static const struct timespec pause = { 0, PAUSE_NS };
	struct epoll_event e[N_SOURCES];
	int i, n = epoll_wait (m->events, e, N_SOURCES, timeout_ms);

	memset (ready, 0, N_SOURCES * sizeof *ready);
	if (n < 0 && errno != EINTR) {
		nanosleep (&pause, NULL);
		return -1;
	}
	for (i = 0; i < n; i++)
		if (e[i].data.u32 < N_SOURCES)
			ready[e[i].data.u32] = 1;
	return n > 0 ? n : 0;
}
