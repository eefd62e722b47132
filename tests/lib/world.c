/* SPDX-License-Identifier: MIT */
/* world.c - another user, a world that goes under. */
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
#include "lib/runs.h"
#include "lib/world.h"

static struct tempdir copies;

static void
remove_copies (void)
{
	tempdir_done (&copies);
}

void
world_for_all (void)
{
	static pid_t owner;

	if (owner != 0)
		return;
	owner = getpid ();
	tempdir_init (&copies);
	chmod (copies.dir, 0755);
	setenv ("LINEHOOK_EXEC",
		tempdir_put (&copies, "exec", runs_monitor (), NULL, 0755), 1);
	setenv ("AGENT",
		tempdir_put (&copies, "agent", runs_agent (), NULL, 0755), 1);
	atexit (remove_copies);
}

static void
become (uid_t uid, const char *dir)
{
	if (dir != NULL && !cgroup_put (dir, "cgroup.procs", "0"))
		_exit (98);
	/* Who is an ordinary user is another one than root already. */
	if (uid != 0 && geteuid () == 0
	    && (setgroups (0, NULL) < 0 || setgid (uid) < 0 || setuid (uid) < 0
		|| chdir ("/") < 0))
		_exit (97);
	/* A change of ids makes a process that nobody may look into. */
	prctl (PR_SET_DUMPABLE, 1);
}

void
world_apart (void (*fn) (int arg), int arg, uid_t uid, const char *dir)
{
	unsigned int before = CU_get_number_of_failures ();
	int status = -1;
	pid_t pid;

	world_for_all ();
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
