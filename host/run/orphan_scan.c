/* SPDX-License-Identifier: MIT */
/*
 * orphan_scan.c - the monitor is lost: what it left is found and killed.
 *
 * Pass after pass is made over /proc, a step each turn of the loop, until two
 * passes in a row find nobody: a process that was being born in the first is
 * there in the second.  What is found is killed; what is still there when the
 * time is over is named.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "common/procfs.h"
#include "run/orphan_scan.h"

/* A scan finds by evidence, not by parentage: the notice says what it misses.
 */
#define UNSEEN                                                                 \
	"; processes that left the agent's session and changed their "         \
	"environment cannot be found"

void
orphan_scan_init (struct orphan_scan *s, struct run_core *core,
		  struct run_monitor *monitor, struct run_timers *timers)
{
	s->core = core;
	s->monitor = monitor;
	s->timers = timers;
	s->orphans = (struct orphans) ORPHANS_INIT;
}

static void
prepare (struct orphan_scan *s)
{
	struct orphans *o = &s->orphans;
	struct run_monitor *m = s->monitor;

	run_monitor_note_agent_end (m);
	o->agent = m->agent > 0 ? m->agent : 0;
	o->agent_fd = m->agent_fd;
	o->lived_ms = m->agent_lived_ms;
	o->mark = s->mark;
	s->until_ms = loop_now (s->core->loop) + RUN_SCAN_MS;
	s->quiet_passes = 0;
	s->sys_errno = 0;
	orphans_kill_group (o->agent, o->agent_fd);
}

/* A pass is over: was it the last one? */
static int
was_last_pass (struct orphan_scan *s)
{
	const char *cgroup = s->monitor->cgroup;
	int cgroup_gone =
		cgroup[0] == '\0' || orphans_kill_cgroup (cgroup) == 0;

	if (s->orphans.n_found != 0 || !cgroup_gone)
		s->quiet_passes = 0;
	else
		s->quiet_passes++;
	return s->quiet_passes == 2;
}

/* Milliseconds until the next step; -1: the scan is done. */
static int
step (struct orphan_scan *s)
{
	int over = loop_now (s->core->loop) >= s->until_ms;
	int r = orphans_step (&s->orphans);

	if (r > 0 && !over)
		return 0;
	if (r != 0)
		s->sys_errno = r < 0 ? errno : ETIME;
	else if (!was_last_pass (s) && !over)
		return RUN_SCAN_PAUSE_MS;
	orphans_stop (&s->orphans);
	s->monitor->tree_gone_reported = 1;
	return -1;
}

static void
report (struct orphan_scan *s)
{
	struct run_events *events = s->monitor->events;
	unsigned long long n = s->orphans.n_all;
	uint32_t left = s->core->outcome.n_survivors;

	if (s->sys_errno != 0)
		run_notice (events, LHK_LOG_ERROR, LHK_CODE_HOST,
			    "the monitor of the run %s, and /proc cannot be "
			    "searched (%s); processes of the agent may still "
			    "run",
			    s->fault, strerror (s->sys_errno));
	else if (left != 0)
		run_notice (
			events, LHK_LOG_ERROR, LHK_CODE_HOST,
			"the monitor of the run %s: a scan found %llu "
			"processes, and %u of them could not be ended" UNSEEN,
			s->fault, n, left);
	else
		run_notice (events, LHK_LOG_ERROR, LHK_CODE_HOST,
			    "the monitor of the run %s: a scan found %llu "
			    "processes and ended them" UNSEEN,
			    s->fault, n);
}

/* Name those that were found last and are still there. */
static void
name_survivors (struct orphan_scan *s)
{
	const struct orphans *o = &s->orphans;
	uint32_t i, n = 0;
	char state;

	for (i = 0; i < o->n_found && i < PROTO_SURVIVORS_MAX; i++) {
		state = procfs_state (o->found[i]);
		if (state != '\0' && state != 'Z' && state != 'X')
			s->core->survivors[n++] = o->found[i];
	}
	s->core->outcome.n_survivors = n;
}

void
orphan_scan_step (struct orphan_scan *s)
{
	int wait_ms = step (s);

	if (wait_ms >= 0) {
		loop_arm (s->core->loop, &s->timers->phase, wait_ms);
		return;
	}
	name_survivors (s);
	report (s);
	s->core->owner->event (s->core, RUN_EV_EMPTY);
}

void
orphan_scan_start (struct orphan_scan *s, const char *fault)
{
	s->fault = fault;
	prepare (s);
	if (s->monitor->cgroup[0] != '\0')
		orphans_kill_cgroup (s->monitor->cgroup);
	loop_arm (s->core->loop, &s->timers->phase, 0);
}

void
orphan_scan_run_blocking (struct orphan_scan *s)
{
	int wait_ms;

	prepare (s);
	while ((wait_ms = step (s)) >= 0)
		poll (NULL, 0, wait_ms);
}
