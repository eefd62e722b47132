/* SPDX-License-Identifier: MIT */
/* serial.c - entries that change the whole process, so that nothing else may
 * run beside them. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/trial.h"
#include "torture/torture.h"
#include "torture/expected.h"

/* ---- CLOCK_REALTIME ---- */

static int jump_s;

/* The torture program is linked with --wrap=clock_gettime. */
int __real_clock_gettime (clockid_t clock, struct timespec *ts);
int __wrap_clock_gettime (clockid_t clock, struct timespec *ts);

int
__wrap_clock_gettime (clockid_t clock, struct timespec *ts)
{
	int r = __real_clock_gettime (clock, ts);

	if (clock == CLOCK_REALTIME)
		ts->tv_sec += jump_s;
	return r;
}

/* Ten times as long as the agent needs for its three lines. */
#define JUMP_TOTAL_MS 1500

/* The clock jumps an hour ahead, then an hour back, with every turn. */
static void
turn_jump (struct job *j)
{
	const struct lhk_result *r = lhk_run_result (j->run);

	jump_s = jump_s > 0 ? -3600 : 3600;
	if (r != NULL
	    && (r->outcome.wall_ms < JUMP_TOTAL_MS
		|| r->outcome.wall_ms > 60000))
		j->expected.end_reason = 0;
}

int
serial_clock_jumps (struct sandbox *s, char *why)
{
	static const struct entry e = {
		.id = "F38",
		.words = { "out", "a", "sleep", "50", "out", "b", "sleep", "50",
			   "out", "c", "pause" },
		.total = JUMP_TOTAL_MS,
		.on_turn = turn_jump,
		.expected = { TIMED_OUT, .lines = 3 },
	};
	int right = runner_one (s, &e, LHK_CONTAIN_AUTO, why);

	jump_s = 0;
	return right;
}

/* ---- processes ---- */

/* How far a start comes: 0: no monitor; 1: a monitor, no agent; 2: it succeeds;
 * negative: something else happened. */
static int
try_start (struct sandbox *s, char *why)
{
	static const struct entry well = {
		.id = "F46",
		.words = { "exit", "3" },
		.expected = { EXITED (3) },
	};
	static const struct entry no_fork = {
		.id = "F46",
		.words = { "exit", "3" },
		.expected = { REFUSED ("fork", EAGAIN) },
	};

	if (runner_one (s, &well, LHK_CONTAIN_SUBREAPER, why))
		return 2;
	if (strstr (why, lhk_strerror (LHK_ESYS)) != NULL)
		return 0;
	return runner_one (s, &no_fork, LHK_CONTAIN_SUBREAPER, why) ? 1 : -1;
}

static int
with_few (struct sandbox *s, char *why)
{
	struct rlimit limit;
	int i, came, before = 0, seen = 0, fds = count_fds ();

	getrlimit (RLIMIT_NPROC, &limit);
	for (i = 1; i < 500 && before < 2; i++) {
		limit.rlim_cur = (rlim_t) i;
		if (setrlimit (RLIMIT_NPROC, &limit) < 0)
			return 0;
		came = try_start (s, why);
		if (came < before)
			return 0;
		before = came;
		seen |= 1 << came;
		if (count_fds () != fds || count_children () != 0
		    || s->memory.held != 0) {
			snprintf (why, WHY_MAX,
				  "%d processes allowed: %d"
				  " descriptors, %d children, %zu bytes",
				  i, count_fds () - fds, count_children (),
				  s->memory.held);
			return 0;
		}
	}
	snprintf (why, WHY_MAX, "came as far as 0x%x", seen);
	return seen == 7;
}

int
serial_few_processes (struct sandbox *s, char *why)
{
	/* Of the shared report only this text is used. */
	char *words = s->report->counts[ENTRIES_MAX - 1].why;
	int status = -1;
	pid_t pid = fork ();

	if (pid == 0)
		_exit (!with_few (s, words));
	while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
		;
	memcpy (why, words, WHY_MAX);
	return status == 0;
}

/* ---- a process that cannot be killed ---- */

static char freezer[CGROUP_PATH];

static void
turn_freeze (struct job *j)
{
	if (j->ups == 0 || j->acted++)
		return;
	cgroup_put (freezer, "freezer.state", "FROZEN");
	lhk_run_cancel (j->run, 0);
}

/* SIGKILL ends a frozen process only when it is thawed: the result must name it
 * and not wait for it. */
int
serial_frozen (struct sandbox *s, char *why)
{
	struct entry e = {
		.id = "F53",
		.words = { "enter", freezer, "out", "up", "pause" },
		.ups = 1,
		.grace = 50,
		.on_turn = turn_freeze,
		.expected = { ENDED (LHK_END_HOST_ERROR,
				     LHK_VERDICT_HOST_ERROR),
			      .survivors = 1, .notice = "could not be" },
	};
	int right;

	if (!cgroup_make ("freezer", 0, freezer)) {
		snprintf (why, WHY_MAX, "no freezer of version 1 here");
		return 1;
	}
	e.flags = OWN_STDIN;
	right = runner_one (s, &e, LHK_CONTAIN_SUBREAPER, why);
	cgroup_put (freezer, "freezer.state", "THAWED");
	cgroup_remove (freezer);
	return right;
}
