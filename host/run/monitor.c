/* SPDX-License-Identifier: MIT */
/* monitor.c - what the helper says, or does not say; its end. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run/run.h"
#include "common/fd.h"
#include "common/pidfd.h"
#include "common/procfs.h"

/* Less than this to its limit counts as being there. */
#define CPU_SLACK_US 50000

#define OWNER(source, member)                                                  \
	((struct lhk_run *) (void *) ((char *) (source) -offsetof (            \
		struct lhk_run, member)))

static void
note_totals (struct lhk_run *run, const struct proto_report *r)
{
	struct lhk_outcome *o = &run->outcome;

	o->user_ms = r->user_us / 1000;
	o->sys_ms = r->sys_us / 1000;
	o->max_rss_kib = r->max_rss_kib;
}

/* CLOCK's milliseconds. */
static int64_t
clock_ms (clockid_t clock)
{
	struct timespec ts;

	clock_gettime (clock, &ts);
	return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* The helper may count in a pid namespace of its own. */
static pid_t
number_of (const struct proto_report *r, int fd)
{
	pid_t pid = pidfd_pid (fd);

	if (pid > 0)
		return pid;
	return r->contain == CONTAIN_PIDNS || r->pid <= 0 ? -1 : r->pid;
}

void
run_note_end (struct lhk_run *run)
{
	if (run->end_seen)
		return;
	run->end_seen = 1;
	loop_remove (run->loop, &run->agent_ended);
	/* Watched then, and nothing was to be seen: it lived. */
	if (run->watched_ms != 0 && run->loop->quiet_ms >= run->watched_ms)
		run->orphans.lived_ms = run->loop->quiet_ms + run->boot_ms;
}

/*
 * The agent has ended, and the helper, which reaps it, is about to say so.
 * One that is stopped never will; any other has its reason for a while: it is
 * on a busy machine, or a debugger holds the agent.
 */
static void
look_at_helper (struct timer *t)
{
	struct lhk_run *run = OWNER (t, deaf);
	char state;

	run_read_monitor (run);
	if (run->exited || run->tree_gone_reported
	    || run->state >= RUN_DRAINING)
		return;
	state = procfs_state (run->helper.pid);
	run->looks++;
	if (run->looks >= RUN_MONITOR_HUNG_LOOKS
	    || (run->looks >= RUN_MONITOR_HUNG_STOPPED
		&& (state == 'T' || state == 't')))
		run_advance (run, RUN_EV_MONITOR_HUNG);
	else
		loop_arm (run->loop, t, RUN_MONITOR_HUNG_MS);
}

static void
agent_ended (struct loop_source *s, uint32_t events)
{
	struct lhk_run *run = OWNER (s, agent_ended);

	(void) events;
	run_note_end (run);
	if (!run->exited)
		loop_arm (run->loop, &run->deaf, RUN_MONITOR_HUNG_MS);
}

/* No pidfd, or no room: then a silent helper is only noticed by a clock. */
static void
watch_agent (struct lhk_run *run)
{
	run->agent_ended.ready = agent_ended;
	run->deaf.fire = look_at_helper;
	run->boot_ms = clock_ms (CLOCK_BOOTTIME) - clock_ms (CLOCK_MONOTONIC);
	if (run->agent_fd >= 0
	    && loop_add (run->loop, &run->agent_ended, run->agent_fd, EPOLLIN)
		       == 0)
		run->watched_ms = clock_ms (CLOCK_MONOTONIC) + 1;
}

static void
hear_place (struct lhk_run *run, const struct proto_report *r)
{
	memcpy (run->cgroup, r->detail, sizeof run->cgroup);
	run->cgroup[sizeof run->cgroup - 1] = '\0';
}

static void
hear_started (struct lhk_run *run, const struct proto_report *r, int fd)
{
	run->agent = number_of (r, fd);
	run->agent_fd = fd;
	watch_agent (run);
	run->contain = r->contain;
	run->scoped = r->scoped;
	hear_place (run, r);
	run_advance (run, RUN_EV_STARTED);
}

static void
hear_failed (struct lhk_run *run, const struct proto_report *r)
{
	run->cause = LHK_END_SPAWN_FAILED;
	run->outcome.step = monitor_client_step_name (r->step);
	run->outcome.sys_errno = r->sys_errno;
	if (r->step == STEP_CONTAIN) {
		memcpy (run->detail, r->detail, sizeof run->detail);
		run->detail[sizeof run->detail - 1] = '\0';
		run->outcome.detail = run->detail;
	}
	run_advance (run, RUN_EV_FAILED);
}

/*
 * What a limit did is seen by the signal alone, and SIGKILL may come from
 * anywhere: the kernel sends it for CPU time that it measures by ticks, a few
 * of which may be missing from what was counted.
 */
static void
say_limit (struct lhk_run *run, const struct proto_report *r)
{
	int signo = WTERMSIG (r->status);
	uint64_t cpu = run->cpu_limit;

	if (signo == SIGXFSZ && run->file_limit != UINT64_MAX)
		run_notice (run, LHK_LOG_WARN, LHK_CODE_HOST,
			    "the agent was ended"
			    " by its limit fsize: a file was to grow over %llu"
			    " bytes",
			    (unsigned long long) run->file_limit);
	else if (cpu != UINT64_MAX
		 && (signo == SIGXCPU
		     || (signo == SIGKILL && cpu <= UINT64_MAX / 1000000
			 && r->agent_cpu_us + CPU_SLACK_US >= cpu * 1000000)))
		run_notice (run, LHK_LOG_WARN, LHK_CODE_HOST,
			    "the agent was ended"
			    " by its limit cpu: %llu ms of %llu s were used",
			    (unsigned long long) r->agent_cpu_us / 1000,
			    (unsigned long long) cpu);
}

static void
hear_exited (struct lhk_run *run, const struct proto_report *r)
{
	struct lhk_outcome *o = &run->outcome;

	run->exited = 1;
	run_note_end (run);
	loop_disarm (run->loop, &run->deaf);
	if (WIFEXITED (r->status)) {
		o->has_exit = 1;
		o->exit_code = WEXITSTATUS (r->status);
	} else if (WIFSIGNALED (r->status)) {
		o->signal = WTERMSIG (r->status);
		o->oom = r->oom != 0;
		say_limit (run, r);
	}
	run_advance (run, RUN_EV_EXITED);
}

static void
hear_last_word (struct lhk_run *run, const struct proto_report *r)
{
	size_t n = r->n_survivors < PROTO_SURVIVORS_MAX ? r->n_survivors
							: PROTO_SURVIVORS_MAX;

	run->tree_gone_reported = 1;
	if (run->state == RUN_SWEEPING && run->exited && r->n_killed != 0)
		run->outcome.flags |= LHK_FLAG_LEFTOVER_KILLED;
	if (r->n_oom != 0 && !run->outcome.oom)
		run_notice (run, LHK_LOG_WARN, LHK_CODE_HOST,
			    "%u processes of the"
			    " run were killed for want of memory",
			    r->n_oom);
	if (r->type == PROTO_SURVIVORS_LEFT) {
		memcpy (run->survivors, r->survivors, n * sizeof *r->survivors);
		run->outcome.n_survivors = (uint32_t) n;
		run->cause = LHK_END_HOST_ERROR;
		run_notice (run, LHK_LOG_ERROR, LHK_CODE_HOST,
			    "%u processes of"
			    " the run could not be killed",
			    r->n_survivors);
	}
	run_advance (run, RUN_EV_EMPTY);
}

static void
hear_record (struct lhk_run *run, const struct proto_report *r, int fd)
{
	note_totals (run, r);
	switch (r->type) {
	case PROTO_PLACED:
		hear_place (run, r);
		break;
	case PROTO_STARTED:
		hear_started (run, r, fd);
		return;
	case PROTO_FAILED:
		hear_failed (run, r);
		break;
	case PROTO_EXITED:
		hear_exited (run, r);
		break;
	case PROTO_EMPTY:
	case PROTO_SURVIVORS_LEFT:
		hear_last_word (run, r);
		break;
	default:
		break;
	}
	fd_close (&fd);
}

static void
note_gone (struct lhk_run *run)
{
	loop_remove (run->loop, &run->ended);
	run->monitor_gone = 1;
	/* A last word without those before it is no word. */
	if (!run->tree_gone_reported || run->state < RUN_DRAINING)
		run_advance (run, RUN_EV_LOST);
	else
		run_check_state (run);
}

static void
hang_up (struct lhk_run *run)
{
	int i;

	loop_remove (run->loop, &run->control);
	fd_close (&run->helper.control);
	/* One of ours that is still there ends the tree now, then itself; one
	 * of another version does not know what it is to do. */
	if (!run->tree_gone_reported && run->helper.protocol_error)
		monitor_client_kill (&run->helper);
	if (run->helper.pidfd >= 0)
		return;
	/* An old kernel: it has closed its socket, so it is all but gone. */
	for (i = 0; i < RUN_REAP_MS; i++) {
		if (monitor_client_reap (&run->helper) == LHK_OK)
			break;
		poll (NULL, 0, 1);
	}
	note_gone (run);
}

void
run_read_monitor (struct lhk_run *run)
{
	struct proto_report report;
	int fd, r;

	while (run->helper.control >= 0) {
		r = monitor_client_recv (&run->helper, &report, &fd);
		if (r == LHK_AGAIN)
			return;
		if (r == LHK_OK)
			hear_record (run, &report, fd);
		else
			hang_up (run);
	}
}

static void
control_ready (struct loop_source *s, uint32_t events)
{
	(void) events;
	run_read_monitor (OWNER (s, control));
}

static void
helper_ended (struct loop_source *s, uint32_t events)
{
	struct lhk_run *run = OWNER (s, ended);

	(void) events;
	run_read_monitor (run);
	if (monitor_client_reap (&run->helper) == LHK_OK)
		note_gone (run);
}

int
run_watch_monitor (struct lhk_run *run)
{
	run->control.ready = control_ready;
	run->ended.ready = helper_ended;
	if (loop_add (run->loop, &run->control, run->helper.control, EPOLLIN)
	    < 0)
		return -1;
	if (run->helper.pidfd < 0)
		return 0;
	return loop_add (run->loop, &run->ended, run->helper.pidfd, EPOLLIN);
}

/* Wait until FD is readable; 0: not before UNTIL_MS. */
static int
await (int fd, int64_t until_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t left;
	int r;

	do {
		left = until_ms - clock_ms (CLOCK_MONOTONIC);
		r = poll (&p, 1, left < 0 ? 0 : (int) left);
	} while (r < 0 && errno == EINTR);
	return r > 0;
}

void
run_kill_begin (struct lhk_run *run)
{
	if (run->helper.pid != 0 && !run->tree_gone_reported)
		monitor_client_send (&run->helper, PROTO_KILL, 0);
}

/* Its last words, for want of anybody else who hears them; 1: it said all. */
static int
hear_last_words (struct lhk_run *run)
{
	int64_t until = clock_ms (CLOCK_MONOTONIC) + RUN_KILL_MS;
	struct proto_report report;
	int fd, r = LHK_AGAIN;

	while (!run->tree_gone_reported && r != LHK_END
	       && await (run->helper.control, until)) {
		r = monitor_client_recv (&run->helper, &report, &fd);
		if (r == LHK_OK
		    && (report.type == PROTO_PLACED
			|| report.type == PROTO_STARTED))
			hear_place (run, &report);
		if (r == LHK_OK && report.type == PROTO_STARTED) {
			fd_close (&run->agent_fd);
			run->agent_fd = fd;
			run->agent = number_of (&report, fd);
		} else {
			fd_close (&fd);
		}
		run->tree_gone_reported =
			r == LHK_OK
			&& (report.type == PROTO_EMPTY
			    || report.type == PROTO_SURVIVORS_LEFT);
	}
	return run->tree_gone_reported;
}

void
run_kill_end (struct lhk_run *run)
{
	int64_t until;

	if (run->helper.pid != 0 && !hear_last_words (run))
		monitor_client_kill (&run->helper);
	fd_close (&run->helper.control);
	until = clock_ms (CLOCK_MONOTONIC) + RUN_REAP_MS;
	while (monitor_client_reap (&run->helper) == LHK_AGAIN
	       && clock_ms (CLOCK_MONOTONIC) < until)
		if (run->helper.pidfd < 0 || !await (run->helper.pidfd, until))
			poll (NULL, 0, 1);
	if (run->begun && !run->tree_gone_reported)
		orphan_scan_run_blocking (run);
}
