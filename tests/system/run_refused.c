/* SPDX-License-Identifier: MIT */
/*
 * run_refused.c - a cgroup that cannot be had: asked for by name it is a failed
 * start that says why, else it is passed over in silence.
 */
#include "config.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "lib/cgroup.h"
#include "lib/machine.h"
#include "lib/pidns.h"
#include "lib/trial.h"
#include "lib/child.h"
#include "common/cgroup_path.h"

static char ours[CGROUP_PATH];

/* What the next check is to find. */
static int want_errno;
static const char *want_words[3];

/* By name it is a failed start with a reason, by AUTO a run without. */
static void
check_refused (int arg)
{
	struct trial t;
	int i;

	(void) arg;
	trial_begin (&t, 0);
	t.opts.contain = LHK_CONTAIN_CGROUP;
	if (trial_run (&t, AGENT ("out", "x"))) {
		const struct lhk_outcome *o = &t.result->outcome;
		const char *detail = o->detail == NULL ? "" : o->detail;

		TAP_EQ_INT (o->end_reason, LHK_END_SPAWN_FAILED);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_SPAWN_FAILED);
		TAP_EQ_STR (o->step == NULL ? "" : o->step, "contain");
		TAP_EQ_INT (o->sys_errno, want_errno);
		tap_note ("%s", detail);
		for (i = 0; i < 3 && want_words[i] != NULL; i++)
			TAP_EQ_INT (strstr (detail, want_words[i]) != NULL, 1);
		TAP_EQ_INT (t.text_len, 0);
	}
	if (trial_run (&t, AGENT ("out", "x", "exit", "3"))) {
		TAP_EQ_INT (t.result->outcome.exit_code, 3);
		TAP_EQ_STR (t.result->outcome.contain,
			    machine_has_scope () ? "subreaper+scope"
						 : "subreaper");
		TAP_EQ_INT (t.result->outcome.detail == NULL, 1);
	}
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

static void
want (int error, const char *a, const char *b)
{
	want_errno = error;
	want_words[0] = a;
	want_words[1] = b;
	want_words[2] = NULL;
}

static void
not_writable (void)
{
	if (!cgroup_make_or_skip (0, ours))
		return;
	want (EACCES, "mkdir", "Delegate=yes");
	want_words[2] = strrchr (ours, '/') + 1;
	child_run_as (check_refused, 0, NOBODY, ours);
	cgroup_remove_empty (ours);
}

/* The directory is theirs, the way into it is not. */
static void
not_to_be_entered (void)
{
	if (!cgroup_make_or_skip (0, ours))
		return;
	CU_ASSERT_EQUAL (chown (ours, NOBODY, NOBODY), 0);
	want (EACCES, "cannot be entered", "cgroup.procs");
	child_run_as (check_refused, 0, NOBODY, ours);
	cgroup_remove_empty (ours);
}

static void
threaded (void)
{
	if (!cgroup_make_or_skip (0, ours))
		return;
	CU_ASSERT_EQUAL (cgroup_put (ours, "cgroup.type", "threaded"), 1);
	want (EOPNOTSUPP, "threaded", strrchr (ours, '/') + 1);
	child_run_as (check_refused, 0, 0, ours);
	cgroup_remove_empty (ours);
}

static void
check_unmounted (int arg)
{
	char at[CGROUP_PATH], own[CGROUP_PATH];

	cgroup_mount (at);
	CU_ASSERT_EQUAL (unshare (CLONE_NEWNS), 0);
	while (cgroup_path_own (NULL, own, sizeof own) == 0
	       && umount2 (at, MNT_DETACH) == 0)
		;
	check_refused (arg);
}

static void
check_read_only (int arg)
{
	char at[CGROUP_PATH];

	cgroup_mount (at);
	CU_ASSERT_EQUAL (unshare (CLONE_NEWNS), 0);
	CU_ASSERT_EQUAL (
		mount (NULL, at, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL),
		0);
	check_refused (arg);
}

static void
not_mounted (void)
{
	if (!cgroup_make_or_skip (0, ours))
		return;
	want (ENOENT, "mounted nowhere", "/sys/fs/cgroup");
	child_run_as (check_unmounted, 0, 0, ours);
	want (EROFS, "mkdir", "Read-only");
	child_run_as (check_read_only, 0, 0, ours);
	cgroup_remove_empty (ours);
}

static const struct tap_case cases[] = {
	{ "a_cgroup_that_cannot_be_made_is_refused_and_auto_does_without",
	  not_writable },
	{ "a_cgroup_that_cannot_be_entered_is_refused_and_auto_does_without",
	  not_to_be_entered },
	{ "a_threaded_cgroup_is_refused_and_auto_does_without", threaded },
	{ "a_missing_or_read_only_mount_is_refused_and_auto_does_without",
	  not_mounted },
	{ NULL, NULL },
};

int
main (void)
{
	pidns_enter ();
	return tap_run ("run_refused", cases);
}
