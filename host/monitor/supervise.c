/* SPDX-License-Identifier: MIT */
/*
 * supervise.c - the state machine of linehook-exec.
 *
 * The table of transitions is the specification; see linehook-exec(8).
 * Commands arrive on the control socket.  That the host has gone is seen there
 * as end of file, and on its pidfd, because a forked child of the host may hold
 * the socket open.  The tree is then killed at once.
 */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/macros.h"
#include "common/pages.h"
#include "monitor/monitor.h"

/* SIGCHLD reports a child that ended, but not one that was forked: while
 * killing, the tree is scanned this often. */
#define SWEEP_TICK_MS 1

enum state {
	STARTING, /* forked; whether exec succeeded is not known */
	RUNNING,
	EXITED, /* the agent was reaped, others of its tree were not */
	KILLING,
	DONE
};

enum event {
	EXEC_DONE,
	EXEC_FAILED,
	AGENT_EXITED,
	CHILD_REAPED, /* its children may be ours now */
	TREE_EMPTY,
	TERM_REQUESTED,
	PAUSE_REQUESTED,
	RESUME_REQUESTED,
	KILL_REQUESTED,
	HOST_GONE,
	KILL_TIMED_OUT
};

static int requested_signo;
static int64_t kill_deadline_ms;

/* ---- actions ---- */

static void
pause_tree (struct monitor *m)
{
	m->pause_requested = 1;
	tree_pause (m, 1);
}

static void
resume_tree (struct monitor *m)
{
	m->pause_requested = 0;
	tree_pause (m, 0);
}

/* Before the agent runs there is nothing to stop: report_started does it. */
static void
request_pause (struct monitor *m)
{
	m->pause_requested = 1;
}

static void
drop_pause_request (struct monitor *m)
{
	m->pause_requested = 0;
}

static void
report_started (struct monitor *m)
{
	m->report.contain = m->containment;
	m->report.scoped = m->scoped;
	containment_report_cgroup (m);
	control_send (m, PROTO_STARTED, m->agent_pidfd);
	if (m->agent_pidfd >= 0)
		close (m->agent_pidfd);
	m->agent_pidfd = -1;
	if (m->pause_requested)
		tree_pause (m, 1);
}

static void
kill_tree (struct monitor *m)
{
	m->killing = 1;
	kill_deadline_ms = clock_now_ms () + PROTO_KILL_MS;
	if (m->pause_requested)
		resume_tree (m);
}

static void
report_failed (struct monitor *m)
{
	control_send (m, PROTO_FAILED, -1);
	kill_tree (m);
}

static void
report_exited (struct monitor *m)
{
	m->report.status = m->agent_status;
	control_send (m, PROTO_EXITED, -1);
}

/* The processes that the agent leaves behind get the requested signal, too. */
static void
report_exited_and_signal (struct monitor *m)
{
	report_exited (m);
	cgroup_signal (m);
	tree_signal_orphans (m);
}

static void
report_empty (struct monitor *m)
{
	m->report.n_oom = oom_own_kills (m);
	m->report.n_refused = cgroup_limits_refused (m);
	cgroup_remove (m);
	cgroup_remove_stale (m);
	control_send (m, PROTO_EMPTY, -1);
}

static void
report_survivors (struct monitor *m)
{
	m->report.n_oom = oom_own_kills (m);
	m->report.n_refused = cgroup_limits_refused (m);
	tree_report_survivors (m);
	control_send (m, PROTO_SURVIVORS_LEFT, -1);
	pidns_release_waiter (m);
}

/* A stopped process handles the signal once it goes on. */
static void
signal_tree (struct monitor *m)
{
	tree_signal (m, requested_signo);
	if (m->agent_reaped)
		cgroup_signal (m);
	tree_signal_orphans (m);
	if (m->pause_requested)
		resume_tree (m);
}

static void
do_nothing (struct monitor *m)
{
	(void) m;
}

/* An event that is not listed for a state changes nothing. */
static const struct transition {
	enum state state;
	enum event event;
	enum state next;
	void (*action) (struct monitor *m);
} transitions[] = {
	{ STARTING, EXEC_DONE, RUNNING, report_started },
	{ STARTING, EXEC_FAILED, KILLING, report_failed },
	{ STARTING, TERM_REQUESTED, STARTING, signal_tree },
	{ STARTING, PAUSE_REQUESTED, STARTING, request_pause },
	{ STARTING, RESUME_REQUESTED, STARTING, drop_pause_request },
	{ STARTING, KILL_REQUESTED, KILLING, kill_tree },
	{ STARTING, HOST_GONE, KILLING, kill_tree },

	{ RUNNING, AGENT_EXITED, EXITED, report_exited_and_signal },
	{ RUNNING, TERM_REQUESTED, RUNNING, signal_tree },
	{ RUNNING, PAUSE_REQUESTED, RUNNING, pause_tree },
	{ RUNNING, RESUME_REQUESTED, RUNNING, resume_tree },
	{ RUNNING, KILL_REQUESTED, KILLING, kill_tree },
	{ RUNNING, HOST_GONE, KILLING, kill_tree },

	{ EXITED, CHILD_REAPED, EXITED, tree_signal_orphans },
	{ EXITED, TREE_EMPTY, DONE, report_empty },
	{ EXITED, TERM_REQUESTED, EXITED, signal_tree },
	{ EXITED, RESUME_REQUESTED, EXITED, resume_tree },
	{ EXITED, KILL_REQUESTED, KILLING, kill_tree },
	{ EXITED, HOST_GONE, KILLING, kill_tree },

	{ KILLING, EXEC_DONE, KILLING, report_started },
	{ KILLING, EXEC_FAILED, KILLING, do_nothing },
	{ KILLING, AGENT_EXITED, KILLING, report_exited },
	{ KILLING, TREE_EMPTY, DONE, report_empty },
	{ KILLING, KILL_TIMED_OUT, DONE, report_survivors },
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

/* ---- input ---- */

/* What the child achieved before exec. */
static void
apply_exec_report (struct monitor *m, const struct exec_report *w)
{
	m->scoped = w->scoped;
	if (m->containment == CONTAIN_CGROUP && !w->joined)
		containment_fall_back (m, 0);
}

/* There is no agent, so the end of the child is not reported. */
static enum state
start_failed (struct monitor *m, enum state state, int step, int error)
{
	m->report.step = step;
	m->report.sys_errno = error;
	/* What PLACED reported is no reason. */
	if (step != STEP_CONTAIN)
		m->report.detail[0] = '\0';
	m->agent = 0;
	m->exit_reported = 1;
	return advance (m, state, EXEC_FAILED);
}

static enum state
apply_exec_failure (struct monitor *m, enum state state,
		    const struct exec_report *w)
{
	if (w->step == STEP_CONTAIN)
		containment_fall_back (m, w->sys_errno);
	return start_failed (m, state, w->step, w->sys_errno);
}

/* Read the child's next report: what it achieved, or a failure.  End of file
 * means that exec succeeded. */
static enum state
read_exec_pipe (struct monitor *m, enum state state)
{
	struct exec_report w;
	ssize_t n = read (m->exec_pipe, &w, sizeof w);

	if (n < 0 && errno == EINTR)
		return state;
	if (n == (ssize_t) sizeof w && w.step == STEP_NONE) {
		apply_exec_report (m, &w);
		return state;
	}
	events_close (m, &m->exec_pipe);
	if (n == (ssize_t) sizeof w)
		return apply_exec_failure (m, state, &w);
	return advance (m, state, EXEC_DONE);
}

static enum state
reap_tree (struct monitor *m, enum state state)
{
	struct signalfd_siginfo info;

	/* Read once: where children die all the time there is always another
	 * one. */
	(void) !read (m->signals, &info, sizeof info);
	if (m->killing)
		tree_kill (m);
	tree_reap (m);
	/* All that the child wrote is in the pipe by the time it is reaped. */
	while (m->agent_reaped && m->exec_pipe >= 0)
		state = read_exec_pipe (m, state);
	if (m->agent_reaped && !m->exit_reported) {
		m->exit_reported = 1;
		state = advance (m, state, AGENT_EXITED);
	}
	state = advance (m, state, CHILD_REAPED);
	if (m->tree_empty)
		state = advance (m, state, TREE_EMPTY);
	return state;
}

static const struct {
	uint32_t type;
	enum event event;
} commands[] = {
	{ PROTO_TERM, TERM_REQUESTED },	    { PROTO_KILL, KILL_REQUESTED },
	{ PROTO_SWEEP, KILL_REQUESTED },    { PROTO_PAUSE, PAUSE_REQUESTED },
	{ PROTO_RESUME, RESUME_REQUESTED },
};

static enum state
read_commands (struct monitor *m, enum state state)
{
	struct proto_command c;
	size_t i;
	int r;

	while (m->control >= 0 && (r = control_recv_command (m, &c)) != 0) {
		if (r < 0) {
			events_close (m, &m->control);
			return advance (m, state, HOST_GONE);
		}
		requested_signo = c.signo;
		for (i = 0; i < ARRAY_SIZE (commands); i++)
			if (commands[i].type == c.type)
				state = advance (m, state, commands[i].event);
	}
	return state;
}

/* Most of the time of a run there is nothing to do. */
static int
wait_limit_ms (const struct monitor *m, enum state state)
{
	if (m->reap_pending)
		return 0;
	if (state == KILLING)
		return SWEEP_TICK_MS;
	return m->is_resting ? -1 : PAGES_REST_MS;
}

/*
 * Waiting fails for no reason that is known, and nothing would then be heard of
 * the host or the agent: what is left to do is to end the tree.
 */
static enum state
wait_for_events (struct monitor *m, enum state state, int ready[N_SOURCES])
{
	int limit_ms = wait_limit_ms (m, state);
	int n = events_wait (m, limit_ms, ready);

	m->is_resting = n == 0 && limit_ms == PAGES_REST_MS;
	if (m->is_resting)
		pages_release_code ();
	return n < 0 ? advance (m, state, HOST_GONE) : state;
}

/* From here on no error ends this function before the tree has ended. */
void
supervise (struct monitor *m)
{
	enum state state = STARTING;
	int ready[N_SOURCES];

	if (events_add (m, SOURCE_EXEC, m->exec_pipe) < 0)
		state = start_failed (m, state, STEP_MONITOR, errno);
	while (state != DONE) {
		state = wait_for_events (m, state, ready);
		if (ready[SOURCE_EXEC])
			state = read_exec_pipe (m, state);
		if (ready[SOURCE_CONTROL])
			state = read_commands (m, state);
		if (ready[SOURCE_HOST]) {
			events_close (m, &m->host_pidfd);
			state = advance (m, state, HOST_GONE);
		}
		if (ready[SOURCE_SIGNALS] || ready[SOURCE_CGROUP]
		    || state == KILLING || m->reap_pending)
			state = reap_tree (m, state);
		if (state == KILLING && clock_now_ms () >= kill_deadline_ms)
			state = advance (m, state, KILL_TIMED_OUT);
	}
}

void
supervise_failed_start (struct monitor *m)
{
	control_send (m, PROTO_FAILED, -1);
	report_empty (m);
}
