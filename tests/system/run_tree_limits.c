/* SPDX-License-Identifier: MIT */
/* run_tree_limits.c - memory, processes and CPUs of a whole run are limited. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cgroup_control.h"
#include "common/cgroup_path.h"
#include "lib/cgroup.h"
#include "lib/child.h"
#include "lib/pidns.h"
#include "lib/trial.h"

static char ours[CGROUP_PATH];

static int
has_controllers (const char *path)
{
	static const char *const wanted[] = { "memory", "pids", "cpu" };
	int dir = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t i, n = 0;

	for (i = 0; i < 3; i++)
		n += cgroup_control_has (dir, "cgroup.controllers", wanted[i])
		     != 0;
	close (dir);
	return n == 3;
}

/* Make a cgroup below the one at TOP, if it has the controllers.  1 or 0. */
static int
make_below (const char *top)
{
	snprintf (ours, sizeof ours, "%.400s/lhk-test-XXXXXX", top);
	if (mkdtemp (ours) == NULL)
		return 0;
	if (has_controllers (ours))
		return 1;
	cgroup_remove (ours);
	return 0;
}

/* Make a cgroup below the nearest of ours that hands controllers down: for root
 * at least the top of the tree, for a user the one that was delegated.  1, or 0:
 * the case is skipped. */
static int
make_or_skip (void)
{
	char top[CGROUP_PATH], at[CGROUP_PATH];

	if (cgroup_path_own (NULL, at, sizeof at) < 0) {
		tap_skip ("no cgroup of version 2 is mounted here");
		return 0;
	}
	cgroup_mount (top);
	for (;;) {
		if (make_below (at))
			return 1;
		if (strlen (at) <= strlen (top))
			break;
		*strrchr (at, '/') = '\0';
	}
	tap_skip (
		"no cgroup of version 2 with memory, pids and cpu controllers "
		"can be made here");
	return 0;
}

static void
in_cgroup (void (*fn) (int arg))
{
	if (!make_or_skip ())
		return;
	child_run_as (fn, 0, 0, ours);
	cgroup_remove (ours);
}

static int
error_has (const struct trial *t, const char *text)
{
	const struct lhk_text *error = &t->result->error;
	char copy[512];

	snprintf (copy, sizeof copy, "%.*s", (int) error->len,
		  error->len == 0 ? "" : error->ptr);
	if (strstr (copy, text) != NULL)
		return 1;
	tap_note ("error: %s", copy);
	return 0;
}

static void
use_memory (int arg)
{
	struct trial t;

	(void) arg;
	trial_begin (&t, 0);
	t.opts.memory_max = 24 << 20;
	if (trial_run (&t, WORDS ("sh", "-c",
				  "head -c 400M /dev/zero | tail -c 300M"))) {
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OOM);
		CU_ASSERT (error_has (&t, "limit mem=24 MiB"));
	}
	TAP_EQ_INT (cgroup_count (ours), 1); /* that of the host */
	trial_end (&t);
}

static void
memory (void)
{
	in_cgroup (use_memory);
}

static void
fork_often (int arg)
{
	struct trial t;

	(void) arg;
	trial_begin (&t, 0);
	t.opts.pids_max = 4;
	if (trial_run (&t, WORDS ("sh", "-c",
				  "for i in 1 2 3 4 5 6; do sleep 5 & done;"
				  " exit 3"))) {
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_FAILED);
		CU_ASSERT (error_has (&t, "limit pids=4"));
	}
	trial_end (&t);
}

static void
processes (void)
{
	in_cgroup (fork_often);
}

static void
show_cpus (int arg)
{
	char at[CGROUP_PATH], script[1024];
	struct trial t;

	(void) arg;
	cgroup_mount (at);
	snprintf (script, sizeof script,
		  "cat %s$(sed -n s/^0:://p /proc/self/cgroup)/cpu.max", at);
	trial_begin (&t, 0);
	t.opts.cpus_milli = 250;
	if (trial_run (&t, WORDS ("sh", "-c", script)))
		TAP_EQ_STR (t.text, "25000 100000\n");
	trial_end (&t);
}

static void
cpus (void)
{
	in_cgroup (show_cpus);
}

static void
start_many (int arg)
{
	struct trial t[6];
	int i;

	(void) arg;
	for (i = 0; i < 6; i++) {
		trial_begin (&t[i], 0);
		t[i].opts.pids_max = 50;
		TAP_EQ_INT (trial_start (&t[i], AGENT ("out", "up")), LHK_OK);
	}
	for (i = 0; i < 6; i++) {
		if (trial_wait (&t[i]))
			TAP_EQ_INT (t[i].result->outcome.exit_code, 0);
		trial_end (&t[i]);
	}
	TAP_EQ_INT (cgroup_count (ours), 1);
}

static void
many (void)
{
	in_cgroup (start_many);
}

/* Others in the cgroup of the host are not moved. */
static void
beside_another (int arg)
{
	struct trial t;

	(void) arg;
	trial_begin (&t, 0);
	t.opts.pids_max = 50;
	if (trial_run (&t, AGENT ("out", "up"))) {
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_SPAWN_FAILED);
		CU_ASSERT (error_has (&t, "1 other process, too"));
	}
	TAP_EQ_INT (cgroup_count (ours), 0);
	trial_end (&t);
}

static void
another (void)
{
	pid_t pid;
	char text[16];

	if (!make_or_skip ())
		return;
	pid = fork ();
	if (pid == 0)
		for (;;)
			pause ();
	snprintf (text, sizeof text, "%d", (int) pid);
	TAP_EQ_INT (cgroup_put (ours, "cgroup.procs", text), 1);
	child_run_as (beside_another, 0, 0, ours);
	cgroup_remove (ours);
}

/* A containment without a cgroup is refused before anything is started. */
static void
needs_cgroup (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.contain = LHK_CONTAIN_SUBREAPER;
	t.opts.memory_max = 1 << 30;
	TAP_EQ_INT (trial_start (&t, AGENT ("out", "up")), LHK_EINVAL);
	t.opts.contain = LHK_CONTAIN_AUTO;
	t.opts.memory_max = 0;
	t.opts.cpus_milli = LHK_CPUS_MILLI_MIN - 1;
	TAP_EQ_INT (trial_start (&t, AGENT ("out", "up")), LHK_EINVAL);
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "limits_without_a_cgroup_are_refused", needs_cgroup },
	{ "a_run_beyond_its_memory_is_oom_and_names_the_limit", memory },
	{ "a_run_beyond_its_processes_names_the_limit", processes },
	{ "the_cpus_of_a_run_are_limited", cpus },
	{ "one_host_starts_many_limited_runs_at_once", many },
	{ "other_processes_in_the_cgroup_are_not_moved", another },
	{ NULL, NULL },
};

int
main (void)
{
	pidns_enter ();
	return tap_run ("run_tree_limits", cases);
}
