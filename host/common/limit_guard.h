/* SPDX-License-Identifier: MIT */
/* limit_guard.h - what a process may not do to its supervisors. */
#ifndef COMMON_LIMIT_GUARD_H
#define COMMON_LIMIT_GUARD_H

#include <stddef.h>
#include <sys/types.h>

/* How many ids one guard takes. */
#define LIMIT_GUARD_MAX 4u

/*
 * Refuse from now on, for this process and its descendants, with EPERM: to set
 * a resource limit, the scheduling or the priority of the processes and
 * process groups IDS, N of them; and the priority of all processes of a user.
 *
 * 0; -EACCES: the kernel wants no_new_privs or CAP_SYS_ADMIN for it, and this
 * function sets neither; another -errno: the kernel has no such filter.
 */
int limit_guard_install (const pid_t *ids, size_t n);

#endif /* COMMON_LIMIT_GUARD_H */
