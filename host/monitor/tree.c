/* SPDX-License-Identifier: MIT */
/*
 * tree.c - the agent's tree: signalled, killed, reaped.
 *
 * The monitor is the subreaper of the tree, so whatever is orphaned in it, in
 * whatever session, becomes a direct child.  The pid of a direct child is not
 * used again before it is reaped here, so it is safe to signal, and so is its
 * group.  A cgroup or a pid namespace only reaches more processes at once.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/pidfd.h"
#include "monitor/monitor.h"

/* Rounds of killing, a millisecond each, before all descendants are scanned. */
#define ROUNDS_BEFORE_SCAN 250

void
tree_signal (struct monitor *m, int signo)
{
	if (m->agent_reaped && m->term_signo == 0)
		m->leftover_signo = signo;
	m->term_signo = signo;
	m->n_signaled = 0;
	if (m->agent <= 0 || m->agent_reaped)
		return;
	/* The child has no group of its own before it calls setsid. */
	if (kill (-m->agent, signo) < 0)
		kill (m->agent, signo);
	kill (-m->agent, SIGCONT);
	signaled_add (m, m->agent);
}

/* The members of a group that was signaled before got the signal already and
 * may be cleaning up: a second one could cut that short. */
static void
signal_group_of (struct monitor *m, pid_t pid)
{
	pid_t group = getpgid (pid);

	if (group <= 1 || group == getpgrp () || signaled_add (m, group))
		return;
	kill (-group, m->term_signo);
	kill (-group, SIGCONT);
}

void
tree_signal_orphans (struct monitor *m)
{
	if (m->term_signo != 0 && m->agent_reaped)
		procfs_view_each_child (&m->view, m, signal_group_of);
}

void
tree_pause (const struct monitor *m, int stop)
{
	if (m->containment == CONTAIN_CGROUP && cgroup_freeze (m, stop) == 0)
		return;
	if (m->agent > 0 && !m->agent_reaped)
		kill (-m->agent, stop ? SIGSTOP : SIGCONT);
}

/*
 * Kill the child's whole group, too.  A process that forks all the time may be
 * gone before its pid is signaled, while its new child was not seen; a signal
 * to a group reaches all members at once and makes a fork in progress fail.
 */
static void
kill_child (struct monitor *m, pid_t pid)
{
	pid_t group = getpgid (pid);

	if (group > 1 && group != getpgrp () && !signaled_add (m, group))
		kill (-group, SIGKILL);
	kill (pid, SIGKILL);
}

/* The pid may have been reused since it was read.  Open a pidfd, then check
 * that the pid is still a descendant; signal only through the pidfd. */
static void
kill_descendant (struct monitor *m, pid_t pid)
{
	int fd = pidfd_get (pid);

	if (fd < 0)
		return;
	if (procfs_view_has_descendant (&m->view, pid))
		pidfd_kill (fd, SIGKILL);
	close (fd);
}

void
tree_kill (struct monitor *m)
{
	if (m->containment == CONTAIN_CGROUP)
		cgroup_kill (m);
	/* For process 1 of a namespace -1 is all others in it. */
	if (m->containment == CONTAIN_PIDNS && m->self == 1)
		kill (-1, SIGKILL);
	if (m->agent > 0 && !m->agent_reaped)
		kill (m->agent, SIGKILL);
	m->n_signaled = 0;
	procfs_view_each_child (&m->view, m, kill_child);
	/* The children of a process that cannot be killed never become
	 * ours. */
	if (++m->kill_rounds % ROUNDS_BEFORE_SCAN == 0 && m->view.proc >= 0)
		procfs_view_each_descendant (&m->view, m, kill_descendant);
}

static void
add_survivor (struct monitor *m, pid_t pid)
{
	if (m->report.n_survivors < PROTO_SURVIVORS_MAX)
		m->report.survivors[m->report.n_survivors] = pid;
	m->report.n_survivors++;
}

static void
add_survivor_of_cgroup (struct monitor *m, pid_t pid)
{
	if (!procfs_view_has_descendant (&m->view, pid))
		add_survivor (m, pid);
}

void
tree_report_survivors (struct monitor *m)
{
	m->report.n_survivors = 0;
	procfs_view_each_descendant (&m->host_view, m, add_survivor);
	if (m->containment == CONTAIN_CGROUP)
		procfs_view_each_pid (NULL, m->cgroup.procs, m,
				      add_survivor_of_cgroup);
}

static uint64_t
microseconds (const struct timeval *tv)
{
	return (uint64_t) tv->tv_sec * 1000000 + (uint64_t) tv->tv_usec;
}

/*
 * CPU time of the agent alone, without the children that it reaped: the clock
 * that RLIMIT_CPU limits.  It can be read until the agent is reaped.
 */
static void
record_agent_cpu (struct monitor *m)
{
	struct timespec ts;
	clockid_t clock;

	if (clock_getcpuclockid (m->agent, &clock) == 0
	    && clock_gettime (clock, &ts) == 0)
		m->report.agent_cpu_us = (uint64_t) ts.tv_sec * 1000000
					 + (uint64_t) ts.tv_nsec / 1000;
}

static void
record_agent_exit (struct monitor *m, int status, const struct rusage *usage)
{
	struct proto_report *r = &m->report;

	m->agent_reaped = 1;
	m->agent_status = status;
	if (r->agent_cpu_us == 0)
		r->agent_cpu_us = microseconds (&usage->ru_utime)
				  + microseconds (&usage->ru_stime);
	if (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL && !m->killing
	    && m->term_signo != SIGKILL)
		r->oom = oom_evidence (m);
}

/* Did a process that outlived the agent die of a signal of ours? */
static int
was_killed (const struct monitor *m, int status)
{
	if (!WIFSIGNALED (status))
		return 0;
	return (m->killing && WTERMSIG (status) == SIGKILL)
	       || (m->leftover_signo != 0
		   && WTERMSIG (status) == m->leftover_signo);
}

static void
record_reaped (struct monitor *m, pid_t pid, int status,
	       const struct rusage *usage)
{
	struct proto_report *r = &m->report;

	r->user_us += microseconds (&usage->ru_utime);
	r->sys_us += microseconds (&usage->ru_stime);
	if ((uint64_t) usage->ru_maxrss > r->max_rss_kib)
		r->max_rss_kib = (uint64_t) usage->ru_maxrss;
	if (pid == m->agent)
		record_agent_exit (m, status, usage);
	else if (was_killed (m, status))
		r->n_killed++;
}

/* A pid that can be reaped, so that the agent can be looked at before it is;
 * -1: any, or with errno none at all; 0: none now. */
static pid_t
next_reapable (const struct monitor *m)
{
	siginfo_t info;

	if (m->agent_reaped)
		return -1;
	info.si_pid = 0;
	if (waitid (P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) < 0)
		return -1;
	return info.si_pid;
}

void
tree_reap (struct monitor *m)
{
	struct rusage usage;
	int status;
	int64_t until = clock_now_ms () + REAP_MS;
	int more;
	pid_t pid;

	do {
		pid = next_reapable (m);
		if (pid > 0 && pid == m->agent)
			record_agent_cpu (m);
		if (pid != 0)
			pid = wait4 (pid, &status, WNOHANG | __WALL, &usage);
		if (pid > 0)
			record_reaped (m, pid, status, &usage);
		more = pid > 0 || (pid < 0 && errno == EINTR);
	} while (more && clock_now_ms () < until);
	m->reap_pending = more;
	m->no_children = pid < 0 && errno == ECHILD;
	m->tree_empty = m->no_children && !cgroup_populated (m);
}
