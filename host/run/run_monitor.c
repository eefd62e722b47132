/* SPDX-License-Identifier: MIT */
/* run_monitor.c - what the helper says; what if it is lost; its end. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run/run.h"
#include "util/fd.h"

#ifndef SYS_pidfd_send_signal
# define SYS_pidfd_send_signal 424
#endif
#ifndef PIDFD_SIGNAL_PROCESS_GROUP
# define PIDFD_SIGNAL_PROCESS_GROUP (1u << 2)
#endif

#define OWNER(source, member)						\
	((struct lhk_run *) (void *) ((char *) (source)			\
				      - offsetof (struct lhk_run, member)))

static void
note_totals (struct lhk_run *run, const struct proto_report *r)
{
	struct lhk_outcome *o = &run->outcome;

	o->user_ms = r->user_us / 1000;
	o->sys_ms = r->sys_us / 1000;
	o->max_rss_kib = r->max_rss_kib;
}

static void
hear_started (struct lhk_run *run, const struct proto_report *r, int fd)
{
	run->agent = r->pid;
	run->agent_fd = fd;
	run->contain = r->contain;
	run->scoped = r->scoped;
	memcpy (run->cgroup, r->detail, sizeof run->cgroup);
	run->cgroup[sizeof run->cgroup - 1] = '\0';
	run_advance (run, RUN_EV_STARTED);
}

static void
hear_failed (struct lhk_run *run, const struct proto_report *r)
{
	run->cause = LHK_HOW_SPAWN_FAILED;
	run->outcome.step = helper_step (r->step);
	run->outcome.sys_errno = r->sys_errno;
	if (r->step == STEP_CONTAIN) {
		memcpy (run->detail, r->detail, sizeof run->detail);
		run->detail[sizeof run->detail - 1] = '\0';
		run->outcome.detail = run->detail;
	}
	run_advance (run, RUN_EV_FAILED);
}

static void
hear_exited (struct lhk_run *run, const struct proto_report *r)
{
	struct lhk_outcome *o = &run->outcome;

	run->exited = 1;
	if (WIFEXITED (r->status)) {
		o->has_exit = 1;
		o->exit_code = WEXITSTATUS (r->status);
	} else if (WIFSIGNALED (r->status)) {
		o->signal = WTERMSIG (r->status);
		o->oom = r->oom != 0;
	}
	run_advance (run, RUN_EV_EXITED);
}

static void
hear_last_word (struct lhk_run *run, const struct proto_report *r)
{
	size_t n = r->n_survivors < PROTO_SURVIVORS ? r->n_survivors
						    : PROTO_SURVIVORS;

	run->last_word = 1;
	if (run->state == RUN_SWEEPING && run->exited && r->n_killed != 0)
		run->outcome.flags |= LHK_FLAG_LEFTOVER_KILLED;
	if (r->type == PROTO_SURVIVORS_LEFT) {
		memcpy (run->survivors, r->survivors, n * sizeof *r->survivors);
		run->outcome.n_survivors = (uint32_t) n;
		run->cause = LHK_HOW_HOST_ERROR;
		run_say (run, LHK_LOG_ERROR, LHK_CODE_HOST, "%u processes of"
			 " the run could not be killed", r->n_survivors);
	}
	run_advance (run, RUN_EV_EMPTY);
}

static void
hear_record (struct lhk_run *run, const struct proto_report *r, int fd)
{
	note_totals (run, r);
	switch (r->type) {
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
	run->helper_gone = 1;
	if (!run->last_word)
		run_advance (run, RUN_EV_LOST);
	else
		run_look (run);
}

static void
hang_up (struct lhk_run *run)
{
	int i;

	loop_remove (run->loop, &run->control);
	fd_close (&run->helper.control);
	/* Also one of another version, which does not know that it is gone. */
	if (!run->last_word)
		helper_kill (&run->helper);
	if (run->helper.pidfd >= 0)
		return;
	/* An old kernel: it has closed its socket, so it is all but gone. */
	for (i = 0; i < RUN_REAP_MS; i++) {
		if (helper_reap (&run->helper) == LHK_OK)
			break;
		poll (NULL, 0, 1);
	}
	note_gone (run);
}

void
run_hear_monitor (struct lhk_run *run)
{
	struct proto_report report;
	int fd, r;

	while (run->helper.control >= 0) {
		r = helper_hear (&run->helper, &report, &fd);
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
	run_hear_monitor (OWNER (s, control));
}

static void
helper_ended (struct loop_source *s, uint32_t events)
{
	struct lhk_run *run = OWNER (s, ended);

	(void) events;
	run_hear_monitor (run);
	if (helper_reap (&run->helper) == LHK_OK)
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

static int
signal_group (int pidfd, int signo, unsigned int flags)
{
	return (int) syscall (SYS_pidfd_send_signal, pidfd, signo, NULL, flags);
}

void
run_kill_group (struct lhk_run *run)
{
	if (run->agent_fd < 0)
		return;
	if (signal_group (run->agent_fd, SIGKILL, PIDFD_SIGNAL_PROCESS_GROUP)
	    == 0 || errno != EINVAL)
		return;
	/* An old kernel; while the agent is there its number is its own. */
	if (signal_group (run->agent_fd, 0, 0) == 0)
		kill (-run->agent, SIGKILL);
}

static int64_t
now_ms (void)
{
	struct timespec ts;

	clock_gettime (CLOCK_MONOTONIC, &ts);
	return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Wait until FD is readable; 0: not before UNTIL_MS. */
static int
await (int fd, int64_t until_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t left;
	int r;

	do {
		left = until_ms - now_ms ();
		r = poll (&p, 1, left < 0 ? 0 : (int) left);
	} while (r < 0 && errno == EINTR);
	return r > 0;
}

void
run_kill_begin (struct lhk_run *run)
{
	if (run->helper.pid != 0 && !run->last_word)
		helper_tell (&run->helper, PROTO_KILL, 0);
}

void
run_kill_end (struct lhk_run *run)
{
	int64_t until = now_ms () + RUN_KILL_MS;
	struct proto_report report;
	int fd, r = LHK_AGAIN;

	if (run->helper.pid == 0)
		return;
	while (!run->last_word && r != LHK_END
	       && await (run->helper.control, until)) {
		r = helper_hear (&run->helper, &report, &fd);
		if (r == LHK_OK && report.type == PROTO_STARTED) {
			fd_close (&run->agent_fd);
			run->agent_fd = fd;
			run->agent = report.pid;
		} else {
			fd_close (&fd);
		}
		run->last_word = r == LHK_OK
			&& (report.type == PROTO_EMPTY
			    || report.type == PROTO_SURVIVORS_LEFT);
	}
	if (!run->last_word) {
		helper_kill (&run->helper);
		run_kill_group (run);
	}
	fd_close (&run->helper.control);
	until = now_ms () + RUN_REAP_MS;
	while (helper_reap (&run->helper) == LHK_AGAIN && now_ms () < until)
		if (run->helper.pidfd < 0 || !await (run->helper.pidfd, until))
			poll (NULL, 0, 1);
}
