/* SPDX-License-Identifier: MIT */
/* machine.c - what the machine that runs the tests permits. */
#include "config.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <linehook/run.h>

#include "lib/cgroup.h"
#include "lib/machine.h"
#include "lib/tap.h"

int
machine_has_containment (int contain)
{
	char dir[CGROUP_PATH];

	if (contain != LHK_CONTAIN_CGROUP)
		return 1;
	if (!cgroup_make (NULL, 0, dir))
		return 0;
	cgroup_remove (dir);
	return 1;
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
