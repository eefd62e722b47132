/* SPDX-License-Identifier: MIT */
/*
 * fail_limits.c - a start without enough descriptors or processes, refused by
 * the kernel itself at each place.
 */
#include "config.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/faults.h"
#include "lib/leaks.h"
#include "lib/scene.h"
#include "lib/tap.h"

#define NOBODY 65534
#define MOST 40

static struct seen whole, seen;
static int resource;
static rlim_t limit;

static void
arm (struct stage_set *w, void *user)
{
	struct rlimit rl;

	(void) w;
	(void) user;
	if (resource < 0)
		return;
	getrlimit (resource, &rl);
	rl.rlim_cur = limit;
	setrlimit (resource, &rl);
}

static void
disarm (struct stage_set *w, void *user)
{
	struct rlimit rl;

	(void) w;
	(void) user;
	if (resource < 0)
		return;
	getrlimit (resource, &rl);
	rl.rlim_cur = rl.rlim_max;
	setrlimit (resource, &rl);
}

/* 0: the run is as without a limit; 1: it is refused with a sentence; 2:
 * neither. */
static int
play (const struct scene *scene, int which, rlim_t value)
{
	struct scene_fault f = { arm, disarm, NULL, NULL };
	const char *fault;

	resource = which;
	limit = value;
	fault = scene_play (scene, &f, &seen);
	if (fault == NULL)
		fault = scene_judge (&seen, &whole,
				     seen.code == LHK_ENOMEM ? 0
				     : which == RLIMIT_NPROC ? EAGAIN
							     : EMFILE,
				     0);
	if (fault != NULL) {
		tap_note ("limit %llu: %s", (unsigned long long) value, fault);
		tap_note ("    %s", scene_text (&seen));
		return 2;
	}
	return seen.code != LHK_OK || seen.verdict != whole.verdict;
}

static int
play_whole (const struct scene *scene)
{
	struct scene_fault f = { arm, disarm, NULL, NULL };

	resource = -1;
	return scene_play (scene, &f, &whole) == NULL ? 0 : 2;
}

/* Allow K descriptors more than are open, until that is enough. */
static void
few_descriptors (void)
{
	const struct scene *scene;
	int k, r, refused;
	int base = count_fds ();

	for (scene = scenes; strcmp (scene->name, "cancel") != 0; scene++) {
		CU_ASSERT_EQUAL (play_whole (scene), 0);
		refused = 0;
		/* The monitor raises its own limit. */
		for (k = 1, r = 1; k < MOST && r != 0; k++) {
			r = play (scene, RLIMIT_NOFILE, (rlim_t) (base + k));
			CU_ASSERT_NOT_EQUAL (r, 2);
			refused += r == 1;
		}
		CU_ASSERT (refused > 5);
		CU_ASSERT (k < MOST);
		tap_note ("%s: refused with %d limits", scene->name, refused);
	}
}

/* The limit counts all processes of this user, so the first K that is enough is
 * searched. */
static int
as_nobody (void)
{
	const struct scene *scene = scenes;
	int k, r = 1, refused = 0;

	if (setgroups (0, NULL) < 0 || setgid (NOBODY) < 0
	    || setuid (NOBODY) < 0)
		return 3;
	if (play_whole (scene) != 0)
		return 4;
	for (k = 0; k < MOST && r != 0; k++) {
		r = play (scene, RLIMIT_NPROC, (rlim_t) k);
		if (r == 2)
			return 5;
		refused += r;
	}
	return refused >= 2 && r == 0 ? 0 : 6;
}

static void
few_processes (void)
{
	int status = -1;
	pid_t pid;

	if (geteuid () != 0) {
		tap_skip ("needs root, to become a user without processes");
		return;
	}
	pid = fork ();
	if (pid == 0)
		_exit (as_nobody ());
	CU_ASSERT_EQUAL (waitpid (pid, &status, 0), pid);
	TAP_EQ_INT (status, 0);
}

static const struct tap_case cases[] = {
	{ "a_run_needs_descriptors_and_says_so", few_descriptors },
	{ "a_run_needs_processes_and_says_so", few_processes },
	{ NULL, NULL },
};

int
main (void)
{
	scene_init ();
	return tap_run ("fail_limits", cases);
}
