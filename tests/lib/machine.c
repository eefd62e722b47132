/* SPDX-License-Identifier: MIT */
/* machine.c - what the machine that runs the tests permits. */
#include "config.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linehook/run.h>

#include "lib/cgroup.h"
#include "lib/child.h"
#include "lib/machine.h"
#include "lib/tap.h"

int
machine_has_containment (int contain, uid_t uid)
{
	char dir[CGROUP_PATH];

	if (contain == LHK_CONTAIN_PIDNS)
		return machine_has_own_mounts ()
		       && (uid == 0 || machine_has_user_namespaces (uid));
	if (contain != LHK_CONTAIN_CGROUP)
		return 1;
	if (!cgroup_make (NULL, 0, dir))
		return 0;
	cgroup_remove (dir);
	return 1;
}

const char *
machine_lacks_containment (int contain)
{
	return contain == LHK_CONTAIN_PIDNS
		       ? "pidns is left out: a user namespace is not permitted, "
			 "or " MACHINE_OWN_MOUNTS
		       : "cgroup is left out: no cgroup of version 2 can be "
			 "made here";
}

static int
make_own_mounts (void)
{
	return (unshare (CLONE_NEWNS) == 0
		|| unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0)
	       && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

int
machine_has_own_mounts (void)
{
	int status = 1;
	pid_t pid;

	fflush (stdout);
	pid = fork ();
	if (pid == 0)
		_exit (!make_own_mounts ());
	return pid > 0 && waitpid (pid, &status, 0) == pid && status == 0;
}

int
machine_has_user_namespaces (uid_t uid)
{
	int status = 1;
	pid_t pid;

	fflush (stdout);
	pid = fork ();
	if (pid == 0)
		_exit (child_become_user (uid) < 0
		       || unshare (CLONE_NEWUSER) < 0);
	return pid > 0 && waitpid (pid, &status, 0) == pid && status == 0;
}

void
machine_need_own_mounts (void)
{
	if (machine_has_own_mounts ())
		return;
	printf ("1..0 # SKIP %s\n", MACHINE_OWN_MOUNTS);
	exit (0);
}

int
machine_has_root (void)
{
	if (geteuid () == 0)
		return 1;
	tap_skip ("needs root, for namespaces and mounts");
	return 0;
}

int
machine_has_scope (void)
{
	/* The version of Landlock: landlock_create_ruleset with
	 * LANDLOCK_CREATE_RULESET_VERSION. */
	return syscall (444, NULL, 0, 1) >= 6;
}

int
machine_is_valgrind (void)
{
	const char *loaded = getenv ("LD_PRELOAD");

	return loaded != NULL && strstr (loaded, "vgpreload") != NULL;
}
