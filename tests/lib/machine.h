/* SPDX-License-Identifier: MIT */
/* machine.h - what the machine that runs the tests permits. */
#ifndef TESTS_MACHINE_H
#define TESTS_MACHINE_H

#include <sys/types.h>

/* What a mount namespace needs, for the reason of a skip. */
#define MACHINE_OWN_MOUNTS                                                     \
	"mounts of its own need a root directory that is a mount point"

/* 1: CONTAIN (LHK_CONTAIN_*) is possible here for this user, as far as root can
 * tell; 0: the other function says what is missing. */
int machine_has_containment (int contain, uid_t uid);
const char *machine_lacks_containment (int contain);

/* 1: a process can have mounts that nobody else sees. */
int machine_has_own_mounts (void);

/* 1: this user can make a user namespace. */
int machine_has_user_namespaces (uid_t uid);

/* At the start of a program: if it cannot, skip all of it, and exit. */
void machine_need_own_mounts (void);

/* 1: we are root; else the case is skipped. */
int machine_has_root (void);

/* 1: the kernel can keep an agent from signaling its monitor. */
int machine_has_scope (void);

/* Does the program run under valgrind, which has an allocator of its own? */
int machine_is_valgrind (void);

#endif /* TESTS_MACHINE_H */
