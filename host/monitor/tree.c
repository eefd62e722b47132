/* SPDX-License-Identifier: MIT */
/*
 * tree.c - the agent's tree: signalled, killed, reaped.
 *
 * The helper is the subreaper of the tree, so whatever is orphaned in it,
 * session or no session, becomes a direct child.  A direct child cannot be
 * recycled before it is reaped here, so its number is safe to signal, and so
 * is that of its group.  A cgroup or a pid namespace only reaches more at
 * once.
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

/* Rounds of killing, a millisecond each, before a longer look. */
#define PATIENCE 250

void
tree_ask (struct monitor *m, int signo)
{
	m->asked = signo;
	m->n_groups = 0;
	if (m->leader <= 0 || m->leader_gone)
		return;
	/* Before its setsid the child has no group of its own. */
	if (kill (-m->leader, signo) < 0)
		kill (m->leader, signo);
	kill (-m->leader, SIGCONT);
	tree_was_asked (m, m->leader);
}

int
tree_was_asked (struct monitor *m, pid_t group)
{
	unsigned int i;

	for (i = 0; i < m->n_groups && i < ASKED_GROUPS; i++)
		if (m->groups[i] == group)
			return 1;
	m->groups[m->n_groups++ % ASKED_GROUPS] = group;
	return 0;
}

/* Of the group that was asked with the agent, each member was; it may be about
 * to tidy up. */
static void
ask_group_of (struct monitor *m, pid_t pid)
{
	pid_t group = getpgid (pid);

	if (group <= 1 || group == getpgrp () || tree_was_asked (m, group))
		return;
	kill (-group, m->asked);
	kill (-group, SIGCONT);
}

void
tree_ask_orphans (struct monitor *m)
{
	if (m->asked != 0 && m->leader_gone)
		view_children (&m->view, m, ask_group_of);
}

void
tree_pause (const struct monitor *m, int stop)
{
	if (m->tier == CONTAIN_CGROUP && group_freeze (m, stop) == 0)
		return;
	if (m->leader > 0 && !m->leader_gone)
		kill (-m->leader, stop ? SIGSTOP : SIGCONT);
}

/*
 * Its group with it.  Who forks all the time may be gone before a kill of its
 * number, and its child is not yet seen; a group gets a signal as a whole, and
 * no fork in it comes to an end.
 */
static void
kill_one (struct monitor *m, pid_t pid)
{
	pid_t group = getpgid (pid);

	if (group > 1 && group != getpgrp () && !tree_was_asked (m, group))
		kill (-group, SIGKILL);
	kill (pid, SIGKILL);
}

/* The number was read a moment ago: who is held by a pidfd and then found
 * among ours is the one. */
static void
kill_below (struct monitor *m, pid_t pid)
{
	int fd = pidfd_get (pid);

	if (fd < 0)
		return;
	if (view_has (&m->view, pid))
		pidfd_kill (fd, SIGKILL);
	close (fd);
}

void
tree_kill (struct monitor *m)
{
	if (m->tier == CONTAIN_CGROUP)
		group_kill (m);
	/* As process 1 of a namespace: everybody but ourselves. */
	if (m->tier == CONTAIN_PIDNS && m->self == 1)
		kill (-1, SIGKILL);
	if (m->leader > 0 && !m->leader_gone)
		kill (m->leader, SIGKILL);
	m->n_groups = 0;
	view_children (&m->view, m, kill_one);
	/* Who cannot be killed does not leave its children to us. */
	if (++m->n_kills % PATIENCE == 0 && m->view.proc >= 0)
		view_descendants (&m->view, m, kill_below);
}

static void
name_one (struct monitor *m, pid_t pid)
{
	if (m->report.n_survivors < PROTO_SURVIVORS_MAX)
		m->report.survivors[m->report.n_survivors] = pid;
	m->report.n_survivors++;
}

static void
name_stranger (struct monitor *m, pid_t pid)
{
	if (!view_has (&m->view, pid))
		name_one (m, pid);
}

void
tree_name_survivors (struct monitor *m)
{
	m->report.n_survivors = 0;
	view_descendants (&m->host_view, m, name_one);
	if (m->tier == CONTAIN_CGROUP)
		view_numbers (NULL, m->group.procs, m, name_stranger);
}

static uint64_t
microseconds (const struct timeval *tv)
{
	return (uint64_t) tv->tv_sec * 1000000 + (uint64_t) tv->tv_usec;
}

/*
 * What the agent itself used, not those that it reaped: the clock against
 * which RLIMIT_CPU is held, readable until it is reaped.
 */
static void
note_leader_cpu (struct monitor *m)
{
	struct timespec ts;
	clockid_t clock;

	if (clock_getcpuclockid (m->leader, &clock) == 0
	    && clock_gettime (clock, &ts) == 0)
		m->report.agent_cpu_us = (uint64_t) ts.tv_sec * 1000000
					 + (uint64_t) ts.tv_nsec / 1000;
}

static void
note_leader (struct monitor *m, int status, const struct rusage *usage)
{
	struct proto_report *r = &m->report;

	m->leader_gone = 1;
	m->leader_status = status;
	if (r->agent_cpu_us == 0)
		r->agent_cpu_us = microseconds (&usage->ru_utime)
				  + microseconds (&usage->ru_stime);
	if (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL && !m->sweeping
	    && m->asked != SIGKILL)
		r->oom = oom_evidence (m);
}

static void
note_reaped (struct monitor *m, pid_t pid, int status,
	     const struct rusage *usage)
{
	struct proto_report *r = &m->report;

	r->user_us += microseconds (&usage->ru_utime);
	r->sys_us += microseconds (&usage->ru_stime);
	if ((uint64_t) usage->ru_maxrss > r->max_rss_kib)
		r->max_rss_kib = (uint64_t) usage->ru_maxrss;
	if (pid == m->leader)
		note_leader (m, status, usage);
	else if (m->sweeping && WIFSIGNALED (status)
		 && WTERMSIG (status) == SIGKILL)
		r->n_killed++;
}

/* Somebody who can be reaped; 0: not now; -1 with errno. */
static pid_t
next_dead (const struct monitor *m)
{
	siginfo_t info;

	if (m->leader_gone)
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
		pid = next_dead (m);
		if (pid > 0 && pid == m->leader)
			note_leader_cpu (m);
		if (pid != 0)
			pid = wait4 (pid, &status, WNOHANG | __WALL, &usage);
		if (pid > 0)
			note_reaped (m, pid, status, &usage);
		more = pid > 0 || (pid < 0 && errno == EINTR);
	} while (more && clock_now_ms () < until);
	m->unreaped = more;
	m->childless = pid < 0 && !more;
	m->tree_empty = m->childless && !group_populated (m);
}
