/* SPDX-License-Identifier: MIT */
/*
 * cgroup_control.h - which controllers the cgroups below one can have.
 *
 * Version 2 gives a controller to the cgroups below a directory if
 * cgroup.subtree_control names it.  No process may then be in the directory itself
 * (the root of the tree excepted).  A host that is alone in its cgroup is therefore
 * moved to CGROUP_HOST below it.
 */
#ifndef COMMON_CGROUP_CONTROL_H
#define COMMON_CGROUP_CONTROL_H

#include <stddef.h>
#include <sys/types.h>

/* Name of the cgroup of a host that made room for those of its runs. */
#define CGROUP_HOST "linehook-host"

/* Room for the names of all controllers that are asked for. */
#define CGROUP_CONTROLLERS_SIZE 64

/* Does FILE in the directory DIR (cgroup.controllers, cgroup.subtree_control)
 * name this controller?  1 or 0. */
int cgroup_control_has (int dir, const char *file, const char *controller);

/* Call FN for each process in the cgroup DIR, up to the first one for which it
 * returns less than 0.  The sum of what it returned; -1 with errno for that, or
 * if the processes cannot be read. */
int cgroup_control_processes (int dir, int (*fn) (void *user, pid_t pid),
			      void *user);

/* Is DIR the root of the whole tree, where processes are in nobody's way?  1 or
 * 0. */
int cgroup_control_is_root (int dir);

/* What starts a command in a cgroup of its own on a machine with systemd; root
 * may have no session, and needs none. */
const char *cgroup_control_launcher (void);

/* Is PATH the cgroup of a host that made room?  1 or 0. */
int cgroup_control_is_host (const char *path);

#endif /* COMMON_CGROUP_CONTROL_H */
