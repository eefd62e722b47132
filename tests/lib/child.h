/* SPDX-License-Identifier: MIT */
/* child.h - parts of a test that need a process of their own. */
#ifndef TESTS_CHILD_H
#define TESTS_CHILD_H

#include <sys/types.h>

#define NOBODY 65534

/* Call FN in a child process, and assert that it returns 0. */
void child_run (int (*fn) (int arg), int arg);

/* Call FN in a child process, as user UID (unless that is 0, or we are not
 * root) and in cgroup DIR (unless that is NULL).  An assertion that fails there
 * is a failed assertion here. */
void child_run_as (void (*fn) (int arg), int arg, uid_t uid, const char *dir);

/* Become user UID, if we are another one, with the group of the same number and
 * no other; go to the root directory.  -1: errno says why. */
int child_become_user (uid_t uid);

/* Copy monitor and agent to where every user may execute them, and use the
 * copies from now on. */
void child_copy_programs (void);

#endif /* TESTS_CHILD_H */
