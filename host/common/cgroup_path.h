/* SPDX-License-Identifier: MIT */
/*
 * cgroup_path.h - the directory of our own cgroup, whatever the layout.
 *
 * /proc/self/cgroup names the cgroup, and /proc/self/mountinfo where its file
 * system is mounted: one unified tree, v1 controllers beside it, a cgroup
 * namespace, or a part of the tree in a container.  CONTROLLER is one of version
 * 1, e.g. "memory"; NULL is the unified tree of version 2.
 */
#ifndef COMMON_CGROUP_PATH_H
#define COMMON_CGROUP_PATH_H

#include <stddef.h>

/* The cgroup that LINE of /proc/self/cgroup names, if it is of CONTROLLER's
 * tree; else NULL.  Points into LINE. */
const char *cgroup_path_cgroup (const char *line, const char *controller);

/* If LINE of mountinfo is a mount of CONTROLLER's tree and shows CGROUP: 1,
 * and its directory in RET.  Else 0. */
int cgroup_path_mount (const char *line, const char *controller,
		       const char *cgroup, char *ret, size_t size);

/* The directory of our own cgroup.  0, or -1 with errno; ENOENT: it is mounted
 * nowhere. */
int cgroup_path_own (const char *controller, char *ret, size_t size);

/* The end of PATH, at most MAX bytes: for a sentence, as it says more than the
 * beginning. */
const char *cgroup_path_tail (const char *path, size_t max);

#endif /* COMMON_CGROUP_PATH_H */
