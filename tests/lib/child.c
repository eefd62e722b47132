/* SPDX-License-Identifier: MIT */
/* child.c - parts of a test that need a process of their own. */
#include "config.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cgroup.h"
#include "lib/tempdir.h"
#include "lib/trial.h"
#include "lib/child.h"

void
child_run (int (*fn) (int arg), int arg)
{
	int status = -1;
	pid_t pid;

	fflush (stdout);
	pid = fork ();
	if (pid == 0)
		_exit (fn (arg));
	CU_ASSERT_EQUAL (waitpid (pid, &status, 0), pid);
	if (status != 0)
		tap_note ("argument %d: wait status 0x%x", arg, status);
	CU_ASSERT_EQUAL (status, 0);
}

static struct tempdir copies;

static void
remove_copies (void)
{
	tempdir_done (&copies);
}

void
child_copy_programs (void)
{
	static pid_t owner;

	if (owner != 0)
		return;
	owner = getpid ();
	tempdir_init (&copies);
	chmod (copies.dir, 0755);
	setenv ("LINEHOOK_EXEC",
		tempdir_put (&copies, "exec", trial_monitor (), NULL, 0755), 1);
	setenv ("AGENT",
		tempdir_put (&copies, "agent", trial_agent (), NULL, 0755), 1);
	atexit (remove_copies);
}

int
child_become_user (uid_t uid)
{
	if (uid != geteuid ()
	    && (setgroups (0, NULL) < 0 || setgid (uid) < 0
		|| setuid (uid) < 0))
		return -1;
	/* After setuid the process is not dumpable, so that its /proc files
	 * belong to root. */
	prctl (PR_SET_DUMPABLE, 1);
	return chdir ("/");
}

static void
become (uid_t uid, const char *dir)
{
	if (dir != NULL && !cgroup_put (dir, "cgroup.procs", "0"))
		_exit (98);
	/* Without root there is no other user to become. */
	if (uid != 0 && geteuid () == 0 && child_become_user (uid) < 0)
		_exit (97);
}

void
child_run_as (void (*fn) (int arg), int arg, uid_t uid, const char *dir)
{
	unsigned int before = CU_get_number_of_failures ();
	int status = -1;
	pid_t pid;

	child_copy_programs ();
	fflush (stdout);
	pid = fork ();
	if (pid == 0) {
		prctl (PR_SET_PDEATHSIG, SIGKILL);
		become (uid, dir);
		fn (arg);
		fflush (stdout);
		_exit (CU_get_number_of_failures () != before);
	}
	CU_ASSERT_EQUAL (waitpid (pid, &status, 0), pid);
	if (status != 0)
		tap_note ("argument %d as user %d: wait status 0x%x", arg,
			  (int) uid, status);
	CU_ASSERT_EQUAL (status, 0);
}
