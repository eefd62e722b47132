/* SPDX-License-Identifier: MIT */
/*
 * syscall_filter.h - which system calls a process may make (seccomp).
 *
 * A filter is a list of rules; the first whose call and test match says what
 * happens.  It stays until the process ends, and holds for all that it starts.
 */
#ifndef COMMON_SYSCALL_FILTER_H
#define COMMON_SYSCALL_FILTER_H

#include <stdint.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#ifndef SECCOMP_RET_KILL_PROCESS
#define SECCOMP_RET_KILL_PROCESS 0x80000000u
#endif

enum {
	SYSCALL_ANY = 0,   /* every call */
	SYSCALL_EQUAL = 1, /* argument ARG is VALUE */
	SYSCALL_HAS = 2,   /* argument ARG has a bit of VALUE */
	SYSCALL_LACKS = 3  /* it has none of them */
};

/* A system call, and what is asked of one argument.  The low 32 bits of the
 * argument are compared: the kernel takes no more of those that rules are about. */
struct syscall_rule {
	long number; /* SYS_* */
	int arg;     /* from 0 */
	int test;    /* SYSCALL_* */
	uint32_t value;
};

#define SYSCALL_FILTER_MAX 256

struct syscall_filter {
	struct sock_filter code[SYSCALL_FILTER_MAX];
	unsigned short n;
};

/* Does the filter tell the calls of other architectures, which have other
 * numbers, from ours?  1 or 0. */
int syscall_filter_knows_architecture (void);

/* Begin an empty filter, which kills at a call of another architecture. */
void syscall_filter_begin (struct syscall_filter *f);

/* Add a rule: the calls that match it end with ACTION (SECCOMP_RET_*). */
void syscall_filter_add (struct syscall_filter *f,
			 const struct syscall_rule *rule, uint32_t action);

/* Filter the calling thread; what no rule matches ends with OTHERWISE.  0; or
 * -errno: E2BIG after too many rules, EINVAL if the kernel has no filters. */
int syscall_filter_install (struct syscall_filter *f, uint32_t otherwise);

#endif /* COMMON_SYSCALL_FILTER_H */
