/* SPDX-License-Identifier: MIT */
/*
 * monitor.c - linehook-exec from its start to its end: set up, start the agent,
 * supervise its tree.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/fd.h"
#include "monitor/monitor.h"

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

static struct monitor monitor;

/* Ignored signals are inherited from the embedder, and with SIGCHLD ignored no
 * status could be had.  The system call is used because the C library refuses
 * to change the two signals that it needs itself. */
static void
reset_signals (void)
{
	char zero[64] = { 0 };
	sigset_t all;
	int signo;

	for (signo = 1; signo <= 64; signo++)
		syscall (SYS_rt_sigaction, signo, zero, NULL, 8);
	sigfillset (&all);
	sigprocmask (SIG_SETMASK, &all, NULL);
}

/* The monitor may need more descriptors than the host is allowed; the agent
 * gets the host's limit. */
static void
raise_nofile (struct monitor *m)
{
	struct rlimit rl;

	if (getrlimit (RLIMIT_NOFILE, &m->nofile) < 0)
		return;
	rl = m->nofile;
	rl.rlim_cur = rl.rlim_max;
	setrlimit (RLIMIT_NOFILE, &rl);
}

static int
become_reaper (struct monitor *m)
{
	sigset_t chld;

	if (prctl (PR_SET_CHILD_SUBREAPER, 1) < 0)
		return -1;
	sigemptyset (&chld);
	sigaddset (&chld, SIGCHLD);
	m->signals = signalfd (-1, &chld, SFD_CLOEXEC | SFD_NONBLOCK);
	return m->signals < 0 ? -1 : 0;
}

/* The pidfd is taken before any change of namespace, after which the host's
 * pid means nothing to us. */
static void
open_host_pidfd (struct monitor *m)
{
	socklen_t len = sizeof m->host_pidfd;

	if (getsockopt (m->control, SOL_SOCKET, SO_PEERPIDFD, &m->host_pidfd,
			&len)
	    < 0)
		m->host_pidfd = -1;
}

/* 0, or -1: descriptor 3 is not a control socket of ours. */
static int
prepare (struct monitor *m)
{
	m->control = PROTO_FD;
	m->exec_pipe = m->agent_pidfd = m->host_pidfd = m->waiter = -1;
	m->events = -1;
	m->self = getpid ();
	m->host = getppid ();
	m->host_group = getpgid (m->host);
	reset_signals ();
	fd_close_from (PROTO_FD + 1);
	if (fcntl (m->control, F_SETFD, FD_CLOEXEC) < 0)
		return -1;
	raise_nofile (m);
	setsid ();
	prctl (PR_SET_DUMPABLE, 0);
	if (become_reaper (m) < 0) {
		m->report.step = STEP_MONITOR;
		m->report.sys_errno = errno;
		return -1;
	}
	open_host_pidfd (m);
	procfs_view_open (&m->view,
			  open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	procfs_view_find_level (&m->view);
	m->host_view = m->view;
	cgroup_locate (m);
	control_send (m, PROTO_HELLO, -1);
	return control_recv_start (m);
}

int
monitor_run (const char *cwd, const char *const *argv, const char *const *envp)
{
	struct monitor *m = &monitor;

	if (prepare (m) < 0) {
		if (m->report.step != STEP_NONE)
			supervise_failed_start (m);
		return 1;
	}
	if (containment_enter (m) < 0) {
		supervise_failed_start (m);
		return 0;
	}
	/* The host must know the cgroup even if the agent kills us at once. */
	if (m->containment == CONTAIN_CGROUP) {
		containment_report_cgroup (m);
		control_send (m, PROTO_PLACED, -1);
	}
	oom_init (m);
	if (events_open (m) < 0) {
		m->report.step = STEP_MONITOR;
		m->report.sys_errno = errno;
		supervise_failed_start (m);
		return 0;
	}
	if (child_start (m, cwd, argv, envp) < 0)
		supervise_failed_start (m);
	else
		supervise (m);
	return 0;
}
