/* SPDX-License-Identifier: MIT */
/*
 * landlock.h - confine the signals of a process.
 *
 * Landlock (ABI 6, Linux 6.12) confines a process and what it starts to
 * signalling each other: an agent cannot kill or stop its monitor, and so not
 * leave its tree.  Nothing else is restricted, and a scope within a scope
 * works.
 */
#ifndef COMMON_LANDLOCK_H
#define COMMON_LANDLOCK_H

/* The first ABI that has scopes. */
#define LANDLOCK_ABI_SCOPES 6

/* The ABI of this kernel, from 1; or -errno: ENOSYS without Landlock,
 * EOPNOTSUPP when it is switched off at boot, EPERM when a filter forbids
 * it. */
int landlock_abi (void);

/*
 * Confine the calling process, for good.  Without CAP_SYS_ADMIN it also loses
 * setuid programs (no_new_privs).  0, or -errno: EOPNOTSUPP when the ABI has
 * no scopes.
 */
int landlock_scope_signals (void);

#endif /* COMMON_LANDLOCK_H */
