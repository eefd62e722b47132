/* SPDX-License-Identifier: MIT */
/*
 * supervise.c - the state machine of linehook-exec.
 *
 * The table below is the specification.  What the host wants arrives on the
 * control socket; that the host has gone is seen there as end of file, and on
 * a pidfd of it, because a forked child of the host may hold the socket too.
 * Then the tree dies at once.  See linehook-exec(8).
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/macros.h"
#include "monitor/monitor.h"

/* While it sweeps: a child that dies tells by SIGCHLD, a new one does not. */
#define SWEEP_TICK_MS 1

enum state {
	STARTING, /* forked, exec not yet known */
	RUNNING,
	LEFT, /* the agent has gone, others have not */
	SWEEPING,
	GONE
};

enum event {
	EXEC_DONE,
	EXEC_FAILED,
	LEADER_GONE,
	ORPHANED, /* somebody was reaped: others may be ours */
	TREE_EMPTY,
	ASKED, /* TERM */
	PAUSED,
	RESUMED,
	KILLED, /* KILL, SWEEP */
	HOST_GONE,
	STUCK /* swept for too long */
};

static int asked_signo;
static int64_t sweep_until_ms;

/* ---- actions ---- */

static void
pause_tree (struct monitor *m)
{
	m->paused = 1;
	tree_pause (m, 1);
}

static void
resume_tree (struct monitor *m)
{
	m->paused = 0;
	tree_pause (m, 0);
}

/* Before the agent runs there is nothing to stop. */
static void
pause_later (struct monitor *m)
{
	m->paused = 1;
}

static void
resume_unpaused (struct monitor *m)
{
	m->paused = 0;
}

static void
say_started (struct monitor *m)
{
	m->report.contain = m->tier;
	m->report.scoped = m->scoped;
	tier_tell_place (m);
	link_report (m, PROTO_STARTED, m->leader_fd);
	if (m->leader_fd >= 0)
		close (m->leader_fd);
	m->leader_fd = -1;
	if (m->paused)
		tree_pause (m, 1);
}

static void
sweep (struct monitor *m)
{
	m->sweeping = 1;
	sweep_until_ms = clock_now_ms () + PROTO_KILL_MS;
	if (m->paused)
		resume_tree (m);
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

/* Those whom it leaves behind are to end as politely, and as soon. */
static void
say_exited_and_ask (struct monitor *m)
{
	say_exited (m);
	group_ask (m);
	tree_ask_orphans (m);
}

static void
say_empty (struct monitor *m)
{
	m->report.n_oom = oom_own_kills (m);
	group_remove (m);
	group_remove_stale (m);
	link_report (m, PROTO_EMPTY, -1);
}

static void
say_survivors (struct monitor *m)
{
	m->report.n_oom = oom_own_kills (m);
	tree_name_survivors (m);
	link_report (m, PROTO_SURVIVORS_LEFT, -1);
	ns_leave_behind (m);
}

/* Who is stopped hears it once it goes on. */
static void
ask (struct monitor *m)
{
	tree_ask (m, asked_signo);
	if (m->leader_gone)
		group_ask (m);
	tree_ask_orphans (m);
	if (m->paused)
		resume_tree (m);
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
	{ STARTING, PAUSED, STARTING, pause_later },
	{ STARTING, RESUMED, STARTING, resume_unpaused },
	{ STARTING, KILLED, SWEEPING, sweep },
	{ STARTING, HOST_GONE, SWEEPING, sweep },

	{ RUNNING, LEADER_GONE, LEFT, say_exited_and_ask },
	{ RUNNING, ASKED, RUNNING, ask },
	{ RUNNING, PAUSED, RUNNING, pause_tree },
	{ RUNNING, RESUMED, RUNNING, resume_tree },
	{ RUNNING, KILLED, SWEEPING, sweep },
	{ RUNNING, HOST_GONE, SWEEPING, sweep },

	{ LEFT, ORPHANED, LEFT, tree_ask_orphans },
	{ LEFT, TREE_EMPTY, GONE, say_empty },
	{ LEFT, ASKED, LEFT, ask },
	{ LEFT, RESUMED, LEFT, resume_tree },
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

	for (i = 0; i < ARRAY_SIZE (transitions); i++, t++) {
		if (t->state == state && t->event == event) {
			t->action (m);
			return t->next;
		}
	}
	return state;
}

/* ---- what is heard ---- */

/* What the steps came to, before exec. */
static void
note_word (struct monitor *m, const struct exec_word *w)
{
	m->scoped = w->scoped;
	if (m->tier == CONTAIN_CGROUP && !w->joined)
		tier_fall (m, 0);
}

static enum state
note_failure (struct monitor *m, enum state state, const struct exec_word *w)
{
	m->report.step = w->step;
	m->report.sys_errno = w->sys_errno;
	if (w->step == STEP_CONTAIN)
		tier_fall (m, w->sys_errno);
	/* Its end, which may be known already, is no exit of an agent. */
	m->leader = 0;
	m->leader_told = 1;
	return advance (m, state, EXEC_FAILED);
}

/* The child's next word, if it has come: a failure, or at the end of file
 * none. */
static enum state
hear_outcome (struct monitor *m, enum state state)
{
	struct exec_word w;
	ssize_t n = read (m->outcome, &w, sizeof w);

	if (n < 0 && errno == EINTR)
		return state;
	if (n == (ssize_t) sizeof w && w.step == STEP_NONE) {
		note_word (m, &w);
		return state;
	}
	close (m->outcome);
	m->outcome = -1;
	if (n == (ssize_t) sizeof w)
		return note_failure (m, state, &w);
	return advance (m, state, EXEC_DONE);
}

static enum state
hear_tree (struct monitor *m, enum state state)
{
	struct signalfd_siginfo info;

	/* Once: the next may be there as soon as this one is read. */
	(void) !read (m->signals, &info, sizeof info);
	if (m->sweeping)
		tree_kill (m);
	tree_reap (m);
	/* Its words were in the pipe before it could be reaped. */
	while (m->leader_gone && m->outcome >= 0)
		state = hear_outcome (m, state);
	if (m->leader_gone && !m->leader_told) {
		m->leader_told = 1;
		state = advance (m, state, LEADER_GONE);
	}
	state = advance (m, state, ORPHANED);
	if (m->tree_empty)
		state = advance (m, state, TREE_EMPTY);
	return state;
}

static const struct {
	uint32_t type;
	enum event event;
} commands[] = {
	{ PROTO_TERM, ASKED },	   { PROTO_KILL, KILLED },
	{ PROTO_SWEEP, KILLED },   { PROTO_PAUSE, PAUSED },
	{ PROTO_RESUME, RESUMED },
};

static enum state
hear_host (struct monitor *m, enum state state)
{
	struct proto_command c;
	size_t i;
	int r;

	while (m->control >= 0 && (r = link_command (m, &c)) != 0) {
		if (r < 0) {
			close (m->control);
			m->control = -1;
			return advance (m, state, HOST_GONE);
		}
		asked_signo = c.signo;
		for (i = 0; i < ARRAY_SIZE (commands); i++)
			if (commands[i].type == c.type)
				state = advance (m, state, commands[i].event);
	}
	return state;
}

/* What is waited for, in this order. */
enum { P_OUTCOME, P_SIGNALS, P_CONTROL, P_PEER, P_GROUP, N_POLLED };

static int
wait_for_news (const struct monitor *m, enum state state,
	       struct pollfd p[N_POLLED])
{
	const int fds[N_POLLED] = {
		[P_OUTCOME] = m->outcome,
		[P_SIGNALS] = m->signals,
		[P_CONTROL] = m->control,
		[P_PEER] = m->peer,
		/* Somebody in the cgroup is no child of ours. */
		[P_GROUP] = m->childless ? m->group.events : -1,
	};
	int i, ms = m->unreaped ? 0 : state == SWEEPING ? SWEEP_TICK_MS : -1;

	for (i = 0; i < N_POLLED; i++) {
		p[i].fd = fds[i];
		p[i].events = i == P_GROUP ? POLLPRI : POLLIN;
		p[i].revents = 0;
	}
	if (poll (p, N_POLLED, ms) < 0 && errno != EINTR)
		return -1;
	return 0;
}

void
supervise (struct monitor *m)
{
	enum state state = STARTING;
	struct pollfd p[N_POLLED];

	while (state != GONE) {
		if (wait_for_news (m, state, p) < 0)
			return;
		if (p[P_OUTCOME].revents != 0)
			state = hear_outcome (m, state);
		if (p[P_CONTROL].revents != 0)
			state = hear_host (m, state);
		if (p[P_PEER].revents != 0) {
			close (m->peer);
			m->peer = -1;
			state = advance (m, state, HOST_GONE);
		}
		if (p[P_SIGNALS].revents != 0 || p[P_GROUP].revents != 0
		    || state == SWEEPING || m->unreaped)
			state = hear_tree (m, state);
		if (state == SWEEPING && clock_now_ms () >= sweep_until_ms)
			state = advance (m, state, STUCK);
	}
}

void
supervise_nothing (struct monitor *m)
{
	link_report (m, PROTO_FAILED, -1);
	say_empty (m);
}
