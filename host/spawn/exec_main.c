/* SPDX-License-Identifier: MIT */
/*
 * exec_main.c - linehook-exec: owns one agent's tree, and ends it.
 *
 * The table below is the specification.  What the host wants arrives on the
 * control socket; that the host has gone is seen there as end of file, and on
 * a pidfd of it, because a forked child of the host may hold the socket too.
 * Then the tree dies at once.  See linehook-exec(8).
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "spawn/exec.h"

#ifndef SO_PEERPIDFD
# define SO_PEERPIDFD 77
#endif
#ifndef SYS_close_range
# define SYS_close_range 436
#endif

/* While it sweeps: a child that dies tells by SIGCHLD, a new one does not. */
#define SWEEP_TICK_MS 1

/* Descriptors to close one by one where the kernel has no close_range. */
#define CLOSE_MOST 65536

enum state {
	STARTING,		/* forked, exec not yet known */
	RUNNING,
	LEFT,			/* the agent has gone, others have not */
	SWEEPING,
	GONE
};

enum event {
	EXEC_DONE,
	EXEC_FAILED,
	LEADER_GONE,
	TREE_EMPTY,
	ASKED,			/* TERM */
	KILLED,			/* KILL, SWEEP */
	HOST_GONE,
	STUCK			/* swept for too long */
};

static struct monitor monitor;
static int asked_signo;
static int64_t sweep_until_ms;

static int64_t
now_ms (void)
{
	struct timespec ts;

	clock_gettime (CLOCK_MONOTONIC, &ts);
	return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void
say_started (struct monitor *m)
{
	m->report.pid = m->leader;
	m->report.contain = CONTAIN_SUBREAPER;
	link_report (m, PROTO_STARTED, m->leader_fd);
	if (m->leader_fd >= 0)
		close (m->leader_fd);
	m->leader_fd = -1;
}

static void
sweep (struct monitor *m)
{
	m->sweeping = 1;
	sweep_until_ms = now_ms () + PROTO_SWEEP_MS;
}

static void
say_failed (struct monitor *m)
{
	link_report (m, PROTO_FAILED, -1);
	sweep (m);
}

static void
say_exited (struct monitor *m)
{
	m->report.status = m->leader_status;
	link_report (m, PROTO_EXITED, -1);
}

static void
say_empty (struct monitor *m)
{
	link_report (m, PROTO_EMPTY, -1);
}

static void
say_survivors (struct monitor *m)
{
	tree_name_survivors (m);
	link_report (m, PROTO_SURVIVORS_LEFT, -1);
}

static void
ask (struct monitor *m)
{
	tree_ask (m, asked_signo);
}

static void
nothing (struct monitor *m)
{
	(void) m;
}

/* What is not listed changes nothing. */
static const struct transition {
	enum state state;
	enum event event;
	enum state next;
	void (*action) (struct monitor *m);
} transitions[] = {
	{ STARTING, EXEC_DONE, RUNNING, say_started },
	{ STARTING, EXEC_FAILED, SWEEPING, say_failed },
	{ STARTING, ASKED, STARTING, ask },
	{ STARTING, KILLED, SWEEPING, sweep },
	{ STARTING, HOST_GONE, SWEEPING, sweep },

	{ RUNNING, LEADER_GONE, LEFT, say_exited },
	{ RUNNING, ASKED, RUNNING, ask },
	{ RUNNING, KILLED, SWEEPING, sweep },
	{ RUNNING, HOST_GONE, SWEEPING, sweep },

	{ LEFT, TREE_EMPTY, GONE, say_empty },
	{ LEFT, KILLED, SWEEPING, sweep },
	{ LEFT, HOST_GONE, SWEEPING, sweep },

	{ SWEEPING, EXEC_DONE, SWEEPING, say_started },
	{ SWEEPING, EXEC_FAILED, SWEEPING, nothing },
	{ SWEEPING, LEADER_GONE, SWEEPING, say_exited },
	{ SWEEPING, TREE_EMPTY, GONE, say_empty },
	{ SWEEPING, STUCK, GONE, say_survivors },
};

static enum state
advance (struct monitor *m, enum state state, enum event event)
{
	const struct transition *t = transitions;
	size_t i;

	for (i = 0; i < sizeof transitions / sizeof transitions[0]; i++, t++) {
		if (t->state == state && t->event == event) {
			t->action (m);
			return t->next;
		}
	}
	return state;
}

/* The child's word, if it has come: a failure, or end of file. */
static enum state
hear_outcome (struct monitor *m, enum state state)
{
	struct exec_failure f;
	ssize_t n;

	if (m->outcome < 0)
		return state;
	n = read (m->outcome, &f, sizeof f);
	if (n < 0)
		return state;
	close (m->outcome);
	m->outcome = -1;
	if (n != (ssize_t) sizeof f)
		return advance (m, state, EXEC_DONE);
	m->report.step = f.step;
	m->report.sys_errno = f.sys_errno;
	m->leader = 0;		/* its end is no exit of an agent */
	return advance (m, state, EXEC_FAILED);
}

static enum state
hear_tree (struct monitor *m, enum state state)
{
	struct signalfd_siginfo info;

	while (read (m->signals, &info, sizeof info) > 0)
		;
	if (m->sweeping)
		tree_kill (m);
	tree_reap (m);
	/* Its outcome was in the pipe before it could be reaped. */
	if (m->leader_gone)
		state = hear_outcome (m, state);
	if (m->leader_gone && !m->leader_told) {
		m->leader_told = 1;
		state = advance (m, state, LEADER_GONE);
	}
	if (m->tree_empty)
		state = advance (m, state, TREE_EMPTY);
	return state;
}

static enum state
hear_host (struct monitor *m, enum state state)
{
	struct proto_command c;
	int r;

	while (m->control >= 0 && (r = link_command (m, &c)) != 0) {
		if (r < 0) {
			close (m->control);
			m->control = -1;
			return advance (m, state, HOST_GONE);
		}
		asked_signo = c.signo;
		if (c.type == PROTO_PAUSE || c.type == PROTO_RESUME)
			tree_pause (m, c.type == PROTO_PAUSE);
		else if (c.type == PROTO_TERM)
			state = advance (m, state, ASKED);
		else if (c.type == PROTO_KILL || c.type == PROTO_SWEEP)
			state = advance (m, state, KILLED);
	}
	return state;
}

static enum state
supervise (struct monitor *m)
{
	enum state state = STARTING;
	struct pollfd p[4];

	while (state != GONE) {
		p[0].fd = m->outcome;
		p[1].fd = m->signals;
		p[2].fd = m->control;
		p[3].fd = m->peer;
		p[0].events = p[1].events = p[2].events = p[3].events = POLLIN;
		p[0].revents = p[1].revents = p[2].revents = p[3].revents = 0;
		if (poll (p, 4, state == SWEEPING ? SWEEP_TICK_MS : -1) < 0
		    && errno != EINTR)
			return GONE;
		if (p[0].revents != 0)
			state = hear_outcome (m, state);
		if (p[2].revents != 0)
			state = hear_host (m, state);
		if (p[3].revents != 0) {
			close (m->peer);
			m->peer = -1;
			state = advance (m, state, HOST_GONE);
		}
		if (p[1].revents != 0 || state == SWEEPING)
			state = hear_tree (m, state);
		if (state == SWEEPING && now_ms () >= sweep_until_ms)
			state = advance (m, state, STUCK);
	}
	return state;
}

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

static void
close_strangers (void)
{
	int fd;

	if (syscall (SYS_close_range, PROTO_FD + 1, ~0u, 0) == 0)
		return;
	for (fd = PROTO_FD + 1; fd < CLOSE_MOST; fd++)
		close (fd);
}

/* 0, or -1: descriptor 3 is not a control socket of ours. */
static int
prepare (struct monitor *m)
{
	socklen_t len = sizeof m->peer;
	sigset_t chld;

	m->control = PROTO_FD;
	m->outcome = m->leader_fd = m->peer = -1;
	m->self = getpid ();
	reset_signals ();
	close_strangers ();
	if (fcntl (m->control, F_SETFD, FD_CLOEXEC) < 0)
		return -1;
	setsid ();
	prctl (PR_SET_DUMPABLE, 0);
	if (prctl (PR_SET_CHILD_SUBREAPER, 1) < 0)
		return -1;
	sigemptyset (&chld);
	sigaddset (&chld, SIGCHLD);
	m->signals = signalfd (-1, &chld, SFD_CLOEXEC | SFD_NONBLOCK);
	if (m->signals < 0)
		return -1;
	if (getsockopt (m->control, SOL_SOCKET, SO_PEERPIDFD, &m->peer, &len)
	    < 0)
		m->peer = -1;
	tree_init (m);
	link_report (m, PROTO_HELLO, -1);
	return link_start (m);
}

int
main (int argc, char **argv)
{
	static const char usage[] =
		"linehook-exec: is started by linehook, not by hand;"
		" see linehook-exec(8)\n";
	struct monitor *m = &monitor;
	struct exec_failure f;

	if (argc < 4 || strcmp (argv[2], "--") != 0 || fcntl (PROTO_FD, F_GETFD)
	    < 0) {
		if (write (2, usage, sizeof usage - 1) < 0)
			return 3;
		return 2;
	}
	if (prepare (m) < 0)
		return 1;
	if (child_start (m, argv[1], (const char *const *) argv + 3,
			 (const char *const *) environ, &f) < 0) {
		m->report.step = f.step;
		m->report.sys_errno = f.sys_errno;
		say_failed (m);
		say_empty (m);
		return 0;
	}
	return supervise (m) == GONE ? 0 : 1;
}
