/* SPDX-License-Identifier: MIT */
/* machine.h - what the machine that runs the tests permits. */
#ifndef TESTS_MACHINE_H
#define TESTS_MACHINE_H

/* 1: a cgroup can be made, or CONTAIN (LHK_CONTAIN_*) needs none.  Whether
 * namespaces are permitted is not asked. */
int machine_has_containment (int contain);

/* 1: we are root; else the case is skipped. */
int machine_has_root (void);

/* 1: the kernel can keep an agent from signaling its monitor. */
int machine_has_scope (void);

#endif /* TESTS_MACHINE_H */
