/* SPDX-License-Identifier: MIT */
/* monitor.c - what the monitor of a run reports, or fails to report. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "common/clock.h"
#include "common/fd.h"
#include "common/io.h"
#include "common/macros.h"
#include "common/pidfd.h"
#include "common/procfs.h"
#include "run/monitor.h"

void
run_monitor_init (struct run_monitor *m, struct run_core *core,
		  struct run_events *events)
{
	m->core = core;
	m->events = events;
	m->client = (struct monitor_client) MONITOR_CLIENT_INIT;
	m->control.fd = m->ended.fd = m->agent_source.fd = -1;
	m->agent_fd = -1;
}

static void
advance (struct run_monitor *m, enum run_event event)
{
	m->core->owner->event (m->core, event);
}

static void
note_totals (struct run_monitor *m, const struct proto_report *r)
{
	struct lhk_outcome *o = &m->core->outcome;

	o->user_ms = r->user_us / 1000;
	o->sys_ms = r->sys_us / 1000;
	o->max_rss_kib = r->max_rss_kib;
}

static int64_t
boottime_ms (void)
{
	struct timespec ts;

	clock_gettime (CLOCK_BOOTTIME, &ts);
	return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* The number of the agent in our pid namespace: the monitor may count in
 * another one. */
static pid_t
agent_pid (const struct proto_report *r, int fd)
{
	pid_t pid = pidfd_pid (fd);

	if (pid > 0)
		return pid;
	return r->contain == CONTAIN_PIDNS || r->pid <= 0 ? -1 : r->pid;
}

void
run_monitor_note_agent_end (struct run_monitor *m)
{
	struct loop *l = m->core->loop;

	if (m->agent_end_seen)
		return;
	m->agent_end_seen = 1;
	loop_remove (l, &m->agent_source);
	/* The kernel was asked at quiet_ms, while the agent was watched, and
	 * reported nothing: it lived then. */
	if (m->watched_ms != 0 && l->quiet_ms >= m->watched_ms)
		m->agent_lived_ms = l->quiet_ms + m->boot_offset_ms;
}

/*
 * The agent has ended, and the monitor, which reaps it, is about to report it.
 * A monitor that is stopped never will; any other may have a reason: the
 * machine is busy, or a debugger holds the agent.
 */
static void
check_monitor (struct timer *timer)
{
	struct run_monitor *m =
		container_of (timer, struct run_monitor, watchdog);
	char state;

	run_monitor_read (m);
	if (m->core->agent_ended || m->tree_gone_reported
	    || m->core->state >= RUN_DRAINING)
		return;
	state = procfs_state (m->client.pid);
	m->hung_checks++;
	if (m->hung_checks >= MONITOR_HUNG_CHECKS
	    || (m->hung_checks >= MONITOR_HUNG_CHECKS_STOPPED
		&& (state == 'T' || state == 't')))
		advance (m, RUN_EV_MONITOR_HUNG);
	else
		loop_arm (m->core->loop, timer, MONITOR_HUNG_MS);
}

static void
on_agent_end (struct loop_source *s, uint32_t events)
{
	struct run_monitor *m =
		container_of (s, struct run_monitor, agent_source);

	(void) events;
	run_monitor_note_agent_end (m);
	if (!m->core->agent_ended)
		loop_arm (m->core->loop, &m->watchdog, MONITOR_HUNG_MS);
}

/* Without a pidfd, or memory to watch it, only the time limits notice a silent
 * monitor. */
static void
watch_agent (struct run_monitor *m)
{
	m->agent_source.ready = on_agent_end;
	m->watchdog.fire = check_monitor;
	m->boot_offset_ms = boottime_ms () - clock_now_ms ();
	if (m->agent_fd >= 0
	    && loop_add (m->core->loop, &m->agent_source, m->agent_fd, EPOLLIN)
		       == 0)
		m->watched_ms = clock_now_ms () + 1;
}

/* ---- reports ---- */

static void
copy_detail (char to[PROTO_DETAIL_SIZE], const struct proto_report *r)
{
	memcpy (to, r->detail, PROTO_DETAIL_SIZE);
	to[PROTO_DETAIL_SIZE - 1] = '\0';
}

static void
on_started (struct run_monitor *m, const struct proto_report *r, int fd)
{
	m->agent = agent_pid (r, fd);
	m->agent_fd = fd;
	watch_agent (m);
	m->contain = r->contain;
	m->scoped = r->scoped;
	copy_detail (m->cgroup, r);
	advance (m, RUN_EV_STARTED);
}

static void
on_failed (struct run_monitor *m, const struct proto_report *r)
{
	struct lhk_outcome *o = &m->core->outcome;

	m->core->cause = LHK_END_SPAWN_FAILED;
	o->step = monitor_client_step_name (r->step);
	o->sys_errno = r->sys_errno;
	if (r->step == STEP_CONTAIN
	    || (r->step == STEP_LIMIT && r->detail[0] != '\0')) {
		copy_detail (m->detail, r);
		o->detail = m->detail;
	}
	advance (m, RUN_EV_FAILED);
}

static void
report_limit (struct run_monitor *m, const struct proto_report *r)
{
	const char *text = run_limits_prove (&m->limits, r);

	if (text != NULL)
		run_notice (m->events, LHK_LOG_WARN, LHK_CODE_HOST, "%s", text);
}

/* How long after the exit a cancel with the same signal explains it. */
#define CONFIRM_MS 500

/* What a shell adds to the signal that ended its command. */
#define SHELL_SIGNAL 128

/*
 * The signals that a terminal, a service manager or "kill 0" sends to the whole
 * of a job: the agent may be dead before its host has got the same signal.  An
 * agent that is a shell, or that cleans up, exits with a status instead.
 */
static void
note_exit_signal (struct run_core *core)
{
	static const int job_signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	const struct lhk_outcome *o = &core->outcome;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (job_signals); i++)
		if (o->signal == job_signals[i]
		    || (o->has_exit
			&& o->exit_code == SHELL_SIGNAL + job_signals[i]))
			core->exit_signo = job_signals[i];
	core->confirm_ms = loop_now (core->loop) + CONFIRM_MS;
}

static void
note_exit (struct run_core *core, const struct proto_report *r)
{
	struct lhk_outcome *o = &core->outcome;

	core->agent_ended = 1;
	if (WIFEXITED (r->status)) {
		o->has_exit = 1;
		o->exit_code = WEXITSTATUS (r->status);
	} else if (WIFSIGNALED (r->status)) {
		o->signal = WTERMSIG (r->status);
	}
}

static void
on_exited (struct run_monitor *m, const struct proto_report *r)
{
	note_exit (m->core, r);
	run_monitor_note_agent_end (m);
	loop_disarm (m->core->loop, &m->watchdog);
	if (WIFSIGNALED (r->status)) {
		m->core->outcome.oom = r->oom != 0;
		report_limit (m, r);
	}
	note_exit_signal (m->core);
	advance (m, RUN_EV_EXITED);
}

static void
name_survivors (struct run_monitor *m, const struct proto_report *r)
{
	size_t n = r->n_survivors < PROTO_SURVIVORS_MAX ? r->n_survivors
							: PROTO_SURVIVORS_MAX;

	memcpy (m->core->survivors, r->survivors, n * sizeof *r->survivors);
	m->core->outcome.n_survivors = (uint32_t) n;
	m->core->cause = LHK_END_HOST_ERROR;
	run_notice (m->events, LHK_LOG_ERROR, LHK_CODE_HOST,
		    "%u processes of the run could not be killed",
		    r->n_survivors);
}

/* EMPTY or SURVIVORS_LEFT: the monitor has nothing more to report. */
static void
on_tree_gone (struct run_monitor *m, const struct proto_report *r)
{
	struct lhk_outcome *o = &m->core->outcome;

	m->tree_gone_reported = 1;
	m->n_refused = r->n_refused;
	if ((m->core->state == RUN_SWEEPING || m->core->state == RUN_LEAVING)
	    && m->core->agent_ended && r->n_killed != 0)
		o->flags |= LHK_FLAG_LEFTOVER_KILLED;
	if (r->n_oom != 0 && !o->oom)
		run_notice (m->events, LHK_LOG_WARN, LHK_CODE_HOST,
			    "%u processes of the run were killed because "
			    "memory ran out",
			    r->n_oom);
	if (r->type == PROTO_SURVIVORS_LEFT)
		name_survivors (m, r);
	advance (m, RUN_EV_EMPTY);
}

/* An agent starts once or not at all, and ends once: a report that tells of it
 * again is not believed. */
static int
is_repeated (const struct run_monitor *m, uint32_t type)
{
	switch (type) {
	case PROTO_STARTED:
	case PROTO_FAILED:
		return m->agent != 0 || m->core->outcome.step != NULL;
	case PROTO_EXITED:
		return m->core->agent_ended;
	default:
		return 0;
	}
}

/* FD is that of the report, or -1; it is taken. */
static void
handle_report (struct run_monitor *m, const struct proto_report *r, int fd)
{
	note_totals (m, r);
	switch (is_repeated (m, r->type) ? 0 : r->type) {
	case PROTO_PLACED:
		copy_detail (m->cgroup, r);
		break;
	case PROTO_STARTED:
		on_started (m, r, fd);
		return;
	case PROTO_FAILED:
		on_failed (m, r);
		break;
	case PROTO_EXITED:
		on_exited (m, r);
		break;
	case PROTO_EMPTY:
	case PROTO_SURVIVORS_LEFT:
		on_tree_gone (m, r);
		break;
	default:
		break;
	}
	fd_close (&fd);
}

static void
note_monitor_end (struct run_monitor *m)
{
	loop_remove (m->core->loop, &m->ended);
	m->reaped = 1;
	/* A last report without those that come before it is not believed. */
	if (!m->tree_gone_reported || m->core->state < RUN_DRAINING)
		advance (m, RUN_EV_LOST);
	else
		m->core->owner->check (m->core);
}

static void
hang_up (struct run_monitor *m)
{
	int i;

	loop_remove (m->core->loop, &m->control);
	fd_close (&m->client.control);
	/* A monitor of this build that is still there ends the tree now, then
	 * itself; one of another version does not know what to do. */
	if (!m->tree_gone_reported && m->client.protocol_error)
		monitor_client_kill (&m->client);
	if (m->client.pidfd >= 0)
		return;
	/* On a kernel without pidfds: it has closed its socket, so it exits
	 * at any moment. */
	for (i = 0; i < RUN_REAP_MS; i++) {
		if (monitor_client_reap (&m->client) == LHK_OK)
			break;
		poll (NULL, 0, 1);
	}
	note_monitor_end (m);
}

void
run_monitor_read (struct run_monitor *m)
{
	struct proto_report report;
	int fd, r;

	while (m->client.control >= 0) {
		r = monitor_client_recv (&m->client, &report, &fd);
		if (r == LHK_AGAIN)
			return;
		if (r == LHK_OK)
			handle_report (m, &report, fd);
		else
			hang_up (m);
	}
}

static void
on_control (struct loop_source *s, uint32_t events)
{
	(void) events;
	run_monitor_read (container_of (s, struct run_monitor, control));
}

static void
on_monitor_end (struct loop_source *s, uint32_t events)
{
	struct run_monitor *m = container_of (s, struct run_monitor, ended);

	(void) events;
	run_monitor_read (m);
	if (monitor_client_reap (&m->client) == LHK_OK)
		note_monitor_end (m);
}

int
run_monitor_watch (struct run_monitor *m)
{
	struct loop *l = m->core->loop;

	m->control.ready = on_control;
	m->ended.ready = on_monitor_end;
	if (loop_add (l, &m->control, m->client.control, EPOLLIN) < 0)
		return -1;
	if (m->client.pidfd < 0)
		return 0;
	return loop_add (l, &m->ended, m->client.pidfd, EPOLLIN);
}

void
run_monitor_unwatch (struct run_monitor *m)
{
	loop_remove (m->core->loop, &m->control);
	loop_remove (m->core->loop, &m->ended);
	loop_remove (m->core->loop, &m->agent_source);
}

/* ---- an end without events ---- */

/* Wait until FD is readable, or should be tried: 1; 0: UNTIL_MS is over. */
static int
await_readable (int fd, int64_t until_ms)
{
	int64_t left;
	int r;

	do {
		left = until_ms - clock_now_ms ();
		r = io_wait (fd, POLLIN, left < 0 ? 0 : (int) left);
	} while (r < 0);
	return r && left > 0;
}

void
run_monitor_kill_start (struct run_monitor *m)
{
	if (m->client.pid != 0 && !m->tree_gone_reported)
		monitor_client_send (&m->client, PROTO_KILL, 0);
}

/* Take the place and the number of the agent, and how it ended, from a report
 * that nobody else handles any more: a scan or a result needs them. */
static void
note_agent (struct run_monitor *m, const struct proto_report *r, int fd)
{
	if (r->type == PROTO_PLACED || r->type == PROTO_STARTED)
		copy_detail (m->cgroup, r);
	if (r->type == PROTO_STARTED) {
		fd_close (&m->agent_fd);
		m->agent_fd = fd;
		m->agent = agent_pid (r, fd);
	} else {
		fd_close (&fd);
	}
	note_totals (m, r);
	if (r->type == PROTO_EXITED)
		note_exit (m->core, r);
	m->tree_gone_reported =
		r->type == PROTO_EMPTY || r->type == PROTO_SURVIVORS_LEFT;
}

int
run_monitor_await_end (struct run_monitor *m, int64_t ms)
{
	int64_t until = clock_now_ms () + ms;
	struct proto_report report;
	int fd, r = LHK_AGAIN;

	while (!m->tree_gone_reported && r != LHK_END
	       && await_readable (m->client.control, until)) {
		r = monitor_client_recv (&m->client, &report, &fd);
		if (r == LHK_OK)
			note_agent (m, &report, fd);
		else
			fd_close (&fd);
	}
	return m->tree_gone_reported;
}

void
run_monitor_kill_finish (struct run_monitor *m)
{
	int64_t until;

	if (m->client.pid != 0 && !run_monitor_await_end (m, RUN_KILL_MS))
		monitor_client_kill (&m->client);
	fd_close (&m->client.control);
	until = clock_now_ms () + RUN_REAP_MS;
	while (monitor_client_reap (&m->client) == LHK_AGAIN
	       && clock_now_ms () < until)
		if (m->client.pidfd < 0
		    || !await_readable (m->client.pidfd, until))
			poll (NULL, 0, 1);
}

const char *
run_monitor_contain_name (const struct run_monitor *m)
{
	static const char *const names[][2] = {
		[CONTAIN_CGROUP] = { "cgroup", "cgroup+scope" },
		[CONTAIN_PIDNS] = { "pidns", "pidns+scope" },
		[CONTAIN_SUBREAPER] = { "subreaper", "subreaper+scope" },
	};

	if (m->contain < CONTAIN_CGROUP || m->contain > CONTAIN_SUBREAPER)
		return NULL;
	return names[m->contain][m->scoped != 0];
}

void
run_monitor_release (struct run_monitor *m)
{
	fd_close (&m->client.control);
	if (m->client.pid == 0)
		monitor_client_close (&m->client);
	fd_close (&m->agent_fd);
}
