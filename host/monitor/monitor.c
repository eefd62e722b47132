/* SPDX-License-Identifier: MIT */
/*
 * monitor.c - linehook-exec from its start to its end: what it needs around it,
 * then the agent, then the supervision of its tree.
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

/* Whatever the embedder ignores is inherited; SIGCHLD ignored would cost us
 * every status.  Straight to the kernel: the C library keeps two for itself. */
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

/* A host that is short of descriptors need not have a monitor that is; the
 * agent gets the host's limit. */
static void
raise_limit (struct monitor *m)
{
	struct rlimit rl;

	if (getrlimit (RLIMIT_NOFILE, &m->files) < 0)
		return;
	rl = m->files;
	rl.rlim_cur = rl.rlim_max;
	setrlimit (RLIMIT_NOFILE, &rl);
}

static int
watch_children (struct monitor *m)
{
	sigset_t chld;

	if (prctl (PR_SET_CHILD_SUBREAPER, 1) < 0)
		return -1;
	sigemptyset (&chld);
	sigaddset (&chld, SIGCHLD);
	m->signals = signalfd (-1, &chld, SFD_CLOEXEC | SFD_NONBLOCK);
	return m->signals < 0 ? -1 : 0;
}

/* Taken now, it is the host in whatever namespace we go on. */
static void
watch_host (struct monitor *m)
{
	socklen_t len = sizeof m->peer;

	if (getsockopt (m->control, SOL_SOCKET, SO_PEERPIDFD, &m->peer, &len)
	    < 0)
		m->peer = -1;
}

/* 0, or -1: descriptor 3 is not a control socket of ours. */
static int
prepare (struct monitor *m)
{
	m->control = PROTO_FD;
	m->outcome = m->leader_fd = m->peer = m->life = -1;
	m->self = getpid ();
	reset_signals ();
	fd_close_from (PROTO_FD + 1);
	if (fcntl (m->control, F_SETFD, FD_CLOEXEC) < 0)
		return -1;
	raise_limit (m);
	setsid ();
	prctl (PR_SET_DUMPABLE, 0);
	if (watch_children (m) < 0) {
		m->report.step = STEP_MONITOR;
		m->report.sys_errno = errno;
		return -1;
	}
	watch_host (m);
	view_open (&m->view,
		   open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	view_find_level (&m->view);
	m->host_view = m->view;
	group_look (m);
	link_report (m, PROTO_HELLO, -1);
	return link_start (m);
}

int
monitor_run (const char *cwd, const char *const *argv, const char *const *envp)
{
	struct monitor *m = &monitor;

	if (prepare (m) < 0) {
		if (m->report.step != STEP_NONE)
			supervise_nothing (m);
		return 1;
	}
	if (tier_enter (m) < 0) {
		supervise_nothing (m);
		return 0;
	}
	/* An agent may kill us before it is known to run. */
	if (m->tier == CONTAIN_CGROUP) {
		tier_tell_place (m);
		link_report (m, PROTO_PLACED, -1);
	}
	oom_begin (m);
	if (child_start (m, cwd, argv, envp) < 0)
		supervise_nothing (m);
	else
		supervise (m);
	return 0;
}
