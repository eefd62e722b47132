/* SPDX-License-Identifier: MIT */
/*
 * syscall_trap.c - seccomp tells which system calls a plugin makes.
 *
 * The filter stays until the process ends, and takes the calls of the host as
 * well; while no callback runs the host makes none of these.
 */
#include "config.h"

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "cli/check/syscall_trap.h"
#include "cli/check/trial.h"
#include "common/macros.h"
#include "common/syscall_filter.h"

/* Of these it depends on their flags to which set they belong. */
#define TRAP_CLONES (TRAP_STARTS | TRAP_THREADS)

/* The set that a call belongs to, and the name that it is reported by. */
#define CALL(set, name)                                                        \
	{                                                                      \
		TRAP_##set, SYS_##name, #name                                  \
	}

static const struct trapped {
	unsigned int set;
	int number;
	const char *name;
} trapped[] = {
	CALL (WRITES, write),
	CALL (WRITES, writev),
	CALL (WRITES, pwrite64),
	CALL (WRITES, pwritev),
	CALL (WRITES, pwritev2),
	CALL (WRITES, splice),
	CALL (WRITES, tee),
	CALL (WRITES, vmsplice),
	CALL (WRITES, copy_file_range),
	CALL (WRITES, sendfile),
#ifdef SYS_sendfile64
	CALL (WRITES, sendfile64),
#endif
#ifdef SYS_sendto
	CALL (WRITES, sendto),
	CALL (WRITES, sendmsg),
	CALL (WRITES, sendmmsg),
	CALL (WRITES, connect),
	CALL (WRITES, bind),
	CALL (WRITES, listen),
#endif
#ifdef SYS_send
	CALL (WRITES, send),
#endif
#ifdef SYS_socketcall
	CALL (WRITES, socketcall),
#endif
#ifdef SYS_io_uring_setup
	CALL (WRITES, io_uring_setup),
#endif
	CALL (WRITES, io_setup),
	CALL (WRITES, ftruncate),
	CALL (WRITES, truncate),
	CALL (WRITES, fallocate),
#ifdef SYS_unlink
	CALL (WRITES, unlink),
	CALL (WRITES, rmdir),
	CALL (WRITES, mkdir),
	CALL (WRITES, rename),
	CALL (WRITES, link),
	CALL (WRITES, symlink),
	CALL (WRITES, chmod),
#endif
	CALL (WRITES, unlinkat),
	CALL (WRITES, mkdirat),
	CALL (WRITES, mknodat),
	CALL (WRITES, linkat),
	CALL (WRITES, symlinkat),
	CALL (WRITES, renameat2),
#ifdef SYS_renameat
	CALL (WRITES, renameat),
#endif
	CALL (WRITES, fchmod),
	CALL (WRITES, fchmodat),
	CALL (WRITES, fchownat),
	CALL (CLONES, clone),
#ifdef SYS_fork
	CALL (STARTS, fork),
#endif
#ifdef SYS_vfork
	CALL (STARTS, vfork),
#endif
	CALL (STARTS, execve),
	CALL (STARTS, execveat),
	CALL (STARTS, kill),
#ifdef SYS_pidfd_send_signal
	CALL (STARTS, pidfd_send_signal),
#endif
};

const char *
syscall_trap_name (int number)
{
	static char buf[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE (trapped); i++)
		if (trapped[i].number == number)
			return trapped[i].name;
	snprintf (buf, sizeof buf, "number %d", number);
	return buf;
}

static void
on_trap (int signo, siginfo_t *info, void *context)
{
	(void) signo;
	(void) context;
	check_call->syscall_no = info->si_syscall;
	/* The filter says in the data of its answer how this ends. */
	trial_end ((enum check_end) info->si_errno);
}

/* ---- the filter ---- */

/* How a call of SET ends the process, as on_trap reads it. */
static uint32_t
ends_as (enum syscall_set set)
{
	return SECCOMP_RET_TRAP
	       | (set == TRAP_THREADS  ? END_THREAD
		  : set == TRAP_STARTS ? END_FORK
				       : END_SYSCALL);
}

/* One call makes threads and processes.  The flags of clone3 are in memory, where
 * no filter looks: the C library takes clone where there is no clone3. */
static void
add_clone (struct syscall_filter *f, enum syscall_set set)
{
	const struct syscall_rule clones = {
		SYS_clone,
		0,
		set == TRAP_THREADS ? SYSCALL_HAS : SYSCALL_LACKS,
		CLONE_THREAD,
	};

	syscall_filter_add (f, &clones, ends_as (set));
#ifdef SYS_clone3
	syscall_filter_add (
		f,
		&(const struct syscall_rule){ SYS_clone3, 0, SYSCALL_ANY, 0 },
		SECCOMP_RET_ERRNO | ENOSYS);
#endif
}

int
syscall_trap_install (enum syscall_set set)
{
	struct sigaction action = { .sa_sigaction = on_trap };
	struct syscall_rule rule = { 0, 0, SYSCALL_ANY, 0 };
	struct syscall_filter f;
	size_t i;

	action.sa_flags = SA_SIGINFO;
	sigfillset (&action.sa_mask);
	if (sigaction (SIGSYS, &action, NULL) < 0)
		return -errno;
	syscall_filter_begin (&f);
	if (set == TRAP_STARTS || set == TRAP_THREADS)
		add_clone (&f, set);
	for (i = 0; i < ARRAY_SIZE (trapped); i++) {
		rule.number = trapped[i].number;
		if (trapped[i].set == set)
			syscall_filter_add (&f, &rule, ends_as (set));
	}
	return syscall_filter_install (&f, SECCOMP_RET_ALLOW);
}
