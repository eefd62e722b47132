/* SPDX-License-Identifier: MIT */
/*
 * syscall_trap.c - seccomp tells which system calls a plugin makes.
 *
 * The filter stays until the process ends, and takes the calls of the host as
 * well; while no callback runs the host makes none of these.
 */
#include "config.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "cli/check/syscall_trap.h"
#include "cli/check/trial.h"
#include "common/macros.h"

/* clang-format off: a table */
#define TRAP_BOTH (TRAP_STARTS | TRAP_THREADS)
#define CALL(sets, name) { TRAP_##sets, SYS_##name, #name },
static const struct trapped {
	unsigned int sets;
	int number;
	const char *name;
} trapped
	[] = { CALL (WRITES, write) CALL (WRITES, writev) CALL (
		WRITES, pwrite64) CALL (WRITES, pwritev) CALL (WRITES, pwritev2)
		       CALL (WRITES, splice) CALL (WRITES, tee) CALL (
			       WRITES,
			       vmsplice) CALL (WRITES,
					       copy_file_range) CALL (WRITES,
								      sendfile)
#ifdef SYS_sendfile64
			       CALL (WRITES, sendfile64)
#endif
#ifdef SYS_sendto
				       CALL (WRITES, sendto) CALL (WRITES, sendmsg) CALL (
					       WRITES,
					       sendmmsg) CALL (WRITES,
							       connect) CALL (WRITES,
									      bind) CALL (WRITES,
											  listen)
#endif
#ifdef SYS_send
					       CALL (WRITES, send)
#endif
#ifdef SYS_socketcall
						       CALL (WRITES, socketcall)
#endif
#ifdef SYS_io_uring_setup
							       CALL (WRITES,
								     io_uring_setup)
#endif
								       CALL (WRITES,
									     io_setup)
									       CALL (WRITES,
										     ftruncate)
										       CALL (WRITES,
											     truncate)
											       CALL (WRITES, fallocate)
#ifdef SYS_unlink
												       CALL (WRITES,
													     unlink)
													       CALL (WRITES, rmdir)
														       CALL (WRITES, mkdir)
															       CALL (WRITES, rename)
																       CALL (WRITES, link) CALL (WRITES, symlink) CALL (WRITES, chmod)
#endif
																	       CALL (WRITES,
																		     unlinkat) CALL (WRITES, mkdirat) CALL (WRITES, mknodat) CALL (WRITES,
																										   linkat)
																		       CALL (
																			       WRITES,
																			       symlinkat) CALL (WRITES, renameat2)
#ifdef SYS_renameat
																			       CALL (WRITES,
																				     renameat)
#endif
																				       CALL (WRITES,
																					     fchmod)
																					       CALL (
																						       WRITES, fchmodat)
																						       CALL (WRITES,
																							     fchownat)

																							       CALL (STARTS,
																								     clone)
#ifdef SYS_clone3
																								       CALL (STARTS,
																									     clone3)
#endif
#ifdef SYS_fork
																									       CALL (STARTS,
																										     fork)
#endif
#ifdef SYS_vfork
																										       CALL (STARTS,
																											     vfork)
#endif
																											       CALL (STARTS, execve) CALL (
																												       STARTS,
																												       execveat)
																												       CALL (STARTS,
																													     kill)
#ifdef SYS_pidfd_send_signal
																													       CALL (STARTS,
																														     pidfd_send_signal)
#endif
	};
/* clang-format on */

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

#define FILTER_MAX (2 * ARRAY_SIZE (trapped) + 8)

struct filter {
	struct sock_filter code[FILTER_MAX];
	unsigned short n;
};

static void
add (struct filter *f, unsigned int code, uint32_t value, unsigned char yes,
     unsigned char no)
{
	const struct sock_filter one = { (unsigned short) code, yes, no,
					 value };

	f->code[f->n++] = one;
}

static void
answer (struct filter *f, uint32_t what, uint32_t data)
{
	add (f, BPF_RET | BPF_K, what | data, 0, 0);
}

/* The flags of clone3 are in memory, where no filter looks.  The C library
 * takes clone where there is no clone3. */
static void
add_call (struct filter *f, const struct trapped *t, enum syscall_set set)
{
	const int is_big = *(const unsigned char *) &(const uint32_t){ 1 } == 0;
	const uint32_t flags = offsetof (struct seccomp_data, args);

	if (t->number == SYS_clone) {
		const int threads = set == TRAP_THREADS;

		add (f, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
		add (f, BPF_LD | BPF_W | BPF_ABS, flags + (is_big ? 4 : 0), 0,
		     0);
		add (f, BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, !threads,
		     threads);
		answer (f, SECCOMP_RET_TRAP, threads ? END_THREAD : END_FORK);
		answer (f, SECCOMP_RET_ALLOW, 0);
		return;
	}
	add (f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t) t->number, 0, 1);
#ifdef SYS_clone3
	if (t->number == SYS_clone3) {
		answer (f, SECCOMP_RET_ERRNO, ENOSYS);
		return;
	}
#endif
	answer (f, SECCOMP_RET_TRAP,
		set == TRAP_STARTS ? END_FORK : END_SYSCALL);
}

int
syscall_trap_install (enum syscall_set set)
{
	struct sigaction action = { .sa_sigaction = on_trap };
	struct filter f = { .n = 0 };
	struct sock_fprog program = { 0, f.code };
	size_t i;

	action.sa_flags = SA_SIGINFO;
	sigfillset (&action.sa_mask);
	if (sigaction (SIGSYS, &action, NULL) < 0)
		return -errno;
	add (&f, BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr),
	     0, 0);
	for (i = 0; i < ARRAY_SIZE (trapped); i++)
		if (trapped[i].sets & set)
			add_call (&f, &trapped[i], set);
	answer (&f, SECCOMP_RET_ALLOW, 0);
	program.len = f.n;
	if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0
	    || prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return -errno;
	return 0;
}
