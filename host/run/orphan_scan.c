/* SPDX-License-Identifier: MIT */
/*
 * orphan_scan.c - the helper is lost: what it left is looked for and killed.
 *
 * Pass after pass over /proc (spawn/orphans.h), a step each turn of the loop,
 * until two in a row find nobody: what was being born in the first is there in
 * the second.  What is found is killed; it is named if it is there when the
 * time is over.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "run/run.h"
#include "common/procfs.h"

/* What can only be found by chance is not to be left unsaid. */
#define UNSEEN                                                                 \
	"; what left the agent's session and changed its environment"          \
	" cannot be found"

static void
prepare (struct lhk_run *run)
{
	struct orphans *o = &run->orphans;

	run_note_end (run);
	o->agent = run->agent > 0 ? run->agent : 0;
	o->agent_fd = run->agent_fd;
	o->mark = run->mark;
	run->scan_until_ms = loop_now (run->loop) + RUN_SCAN_MS;
	run->scan_quiet = 0;
	run->scan_errno = 0;
	orphans_kill_group (o->agent, o->agent_fd);
}

/* Pass over: is it the last one? */
static int
was_last (struct lhk_run *run)
{
	int cgroup_gone = run->cgroup[0] == '\0'
			  || orphans_kill_cgroup (run->cgroup) == 0;

	if (run->orphans.n_found != 0 || !cgroup_gone)
		run->scan_quiet = 0;
	else
		run->scan_quiet++;
	return run->scan_quiet == 2;
}

/* Milliseconds until there is more to do; -1: it is done. */
static int
step (struct lhk_run *run)
{
	int over = loop_now (run->loop) >= run->scan_until_ms;
	int r = orphans_step (&run->orphans);

	if (r > 0 && !over)
		return 0;
	if (r != 0)
		run->scan_errno = r < 0 ? errno : ETIME;
	else if (r == 0 && !was_last (run) && !over)
		return RUN_SCAN_PAUSE_MS;
	orphans_stop (&run->orphans);
	run->tree_gone_reported = 1;
	return -1;
}

static void
tell (struct lhk_run *run)
{
	const struct orphans *o = &run->orphans;
	unsigned long long n = o->n_all;

	if (run->scan_errno != 0)
		run_notice (run, LHK_LOG_ERROR, LHK_CODE_HOST,
			    "the monitor of"
			    " the run %s, and /proc cannot be searched: %s:"
			    " processes of the agent may be left",
			    run->fault, strerror (run->scan_errno));
	else if (run->outcome.n_survivors != 0)
		run_notice (run, LHK_LOG_ERROR, LHK_CODE_HOST,
			    "the monitor of"
			    " the run %s: of %llu processes found by a scan %u"
			    " could not be ended" UNSEEN,
			    run->fault, n, run->outcome.n_survivors);
	else
		run_notice (
			run, LHK_LOG_ERROR, LHK_CODE_HOST,
			"the monitor of"
			" the run %s: %llu processes were found by a scan and"
			" ended" UNSEEN,
			run->fault, n);
}

/* Who was found last, and is still there. */
static void
name_survivors (struct lhk_run *run)
{
	const struct orphans *o = &run->orphans;
	uint32_t i, n = 0;
	char state;

	for (i = 0; i < o->n_found && i < PROTO_SURVIVORS_MAX; i++) {
		state = procfs_state (o->found[i]);
		if (state != '\0' && state != 'Z' && state != 'X')
			run->survivors[n++] = o->found[i];
	}
	run->outcome.n_survivors = n;
}

void
orphan_scan_step (struct lhk_run *run)
{
	int wait_ms = step (run);

	if (wait_ms >= 0) {
		loop_arm (run->loop, &run->phase, wait_ms);
		return;
	}
	name_survivors (run);
	tell (run);
	run_advance (run, RUN_EV_EMPTY);
}

void
orphan_scan_start (struct lhk_run *run)
{
	prepare (run);
	if (run->cgroup[0] != '\0')
		orphans_kill_cgroup (run->cgroup);
	loop_arm (run->loop, &run->phase, 0);
}

void
orphan_scan_run_blocking (struct lhk_run *run)
{
	int wait_ms;

	prepare (run);
	while ((wait_ms = step (run)) >= 0)
		poll (NULL, 0, wait_ms);
}
