/* SPDX-License-Identifier: MIT */
/* cgroup.h - cgroups that a test makes, fills and removes. */
#ifndef TESTS_CGROUP_H
#define TESTS_CGROUP_H

#include <sys/types.h>

#define CGROUP_PATH 512

/* Make a cgroup below our own, of the version 1 CONTROLLER or, if that is NULL,
 * of version 2, and give it to user UID.  1, or 0: this machine does not permit
 * it. */
int cgroup_make (const char *controller, uid_t uid, char dir[CGROUP_PATH]);

/* Make a cgroup of version 2, and give it to user UID; where that is not
 * permitted, the case is skipped.  1: it was made. */
int cgroup_make_or_skip (uid_t uid, char dir[CGROUP_PATH]);

/* Find the mount of version 2 that shows our own cgroup. */
void cgroup_mount (char path[CGROUP_PATH]);

/* Write TEXT to FILE of cgroup DIR.  1: it was written. */
int cgroup_put (const char *dir, const char *file, const char *text);

/* How many cgroups are directly below DIR. */
int cgroup_count (const char *dir);

/* Assert that nothing is below DIR, and remove it. */
void cgroup_remove_empty (const char *dir);

/* Kill all processes of DIR and of what is below it, then remove it. */
void cgroup_remove (const char *dir);

#endif /* TESTS_CGROUP_H */
