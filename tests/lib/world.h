/* SPDX-License-Identifier: MIT */
/* world.h - for tests that need another user. */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include <sys/types.h>

#define NOBODY 65534

/* Monitor and agent as copies that every user may execute. */
void world_for_all (void);

/* FN in a child, as user UID unless that is 0 or we are not root, in cgroup DIR
 * unless that is NULL; a check that fails there fails here. */
void world_apart (void (*fn) (int arg), int arg, uid_t uid, const char *dir);

#endif /* TESTS_WORLD_H */
