/* SPDX-License-Identifier: MIT */
/* syscall_trap.h - system calls that end the process of a rule. */
#ifndef CLI_CHECK_SYSCALL_TRAP_H
#define CLI_CHECK_SYSCALL_TRAP_H

enum syscall_set {
	TRAP_WRITES = 1 << 0, /* what others see: writes, messages, changes of
				 files */
	TRAP_STARTS = 1 << 1, /* processes, signals to others */
	TRAP_THREADS = 1 << 2
};

/* From now on, a call of SET on this thread that is made in a callback of the
 * plugin ends the process, by a signal handler, or by SIGSYS if the plugin blocks
 * signals.  It needs no privileges.  0, or -errno: this machine cannot. */
int syscall_trap_install (enum syscall_set set);

/* "write", or "number 1". */
const char *syscall_trap_name (int number);

#endif /* CLI_CHECK_SYSCALL_TRAP_H */
