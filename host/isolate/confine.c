/* SPDX-License-Identifier: MIT */
/*
 * confine.c - what the process of a plugin may ask of the kernel.
 *
 * Two filters of system calls.  The first, for the loader and the constructors
 * of the plugin, forbids what leaves the process; the second allows what an
 * endless loop of reading and writing needs, and nothing else.  What is
 * forbidden ends the process with SIGSYS.
 */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "isolate/isolate.h"
#include "common/macros.h"
#include "common/syscall_filter.h"

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

#define NO_FILTERS "this kernel has no filters of system calls (seccomp)"

/* Every call of that name. */
#define ALL(name)                                                              \
	{                                                                      \
		SYS_##name, 0, SYSCALL_ANY, 0                                  \
	}

/* ---- while the plugin is loaded ---- */

#define WRITING (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)

/* These are forbidden: a file is opened for reading alone. */
static const struct syscall_rule leaving[] = {
	{ SYS_openat, 2, SYSCALL_HAS, WRITING },
#ifdef SYS_fork
	ALL (fork),
#endif
#ifdef SYS_vfork
	ALL (vfork),
#endif
#ifdef SYS_clone3
	ALL (clone3),
#endif
#ifdef SYS_socketcall
	ALL (socketcall),
#endif
#ifdef SYS_socket
	ALL (socket),
	ALL (socketpair),
	ALL (connect),
	ALL (bind),
#endif
#ifdef SYS_open
	{ SYS_open, 1, SYSCALL_HAS, WRITING },
	ALL (creat),
	ALL (unlink),
	ALL (rename),
	ALL (mkdir),
	ALL (rmdir),
	ALL (link),
	ALL (symlink),
	ALL (chmod),
	ALL (chown),
#endif
#ifdef SYS_openat2
	ALL (openat2),
#endif
	ALL (clone),
	ALL (execve),
	ALL (execveat),
	ALL (kill),
	ALL (tkill),
	ALL (ptrace),
	ALL (process_vm_readv),
	ALL (process_vm_writev),
	ALL (unlinkat),
	ALL (renameat2),
	ALL (mkdirat),
	ALL (linkat),
	ALL (symlinkat),
	ALL (fchmod),
	ALL (fchmodat),
	ALL (fchownat),
	ALL (mount),
	ALL (umount2),
	ALL (setns),
	ALL (unshare),
	ALL (bpf),
	ALL (perf_event_open),
	ALL (keyctl),
	ALL (add_key),
	ALL (request_key),
	ALL (memfd_create),
#ifdef SYS_userfaultfd
	ALL (userfaultfd),
#endif
#ifdef SYS_io_uring_setup
	ALL (io_uring_setup),
#endif
#ifdef SYS_pidfd_open
	ALL (pidfd_open),
#endif
#ifdef SYS_pidfd_send_signal
	ALL (pidfd_send_signal),
#endif
};

const char *
confine_loading (void)
{
	struct syscall_filter f;
	size_t i;

	if (!syscall_filter_knows_architecture ())
		return "linehook has no list of system calls for this "
		       "architecture";
	if (ISOLATE_SANITIZED)
		return NULL;
	syscall_filter_begin (&f);
	for (i = 0; i < ARRAY_SIZE (leaving); i++)
		syscall_filter_add (&f, &leaving[i], SECCOMP_RET_KILL_PROCESS);
	return syscall_filter_install (&f, SECCOMP_RET_ALLOW) < 0 ? NO_FILTERS
								  : NULL;
}

/* ---- while it runs ---- */

#ifdef SYS_mmap2
#define MMAP SYS_mmap2
#else
#define MMAP SYS_mmap
#endif

/* Memory that is executed comes from files that were loaded. */
static const struct syscall_rule executable = { MMAP, 2, SYSCALL_HAS,
						PROT_EXEC };

/* These are allowed. */
static const struct syscall_rule running[] = {
	{ SYS_read, 0, SYSCALL_EQUAL, STDIN_FILENO },
	{ SYS_write, 0, SYSCALL_EQUAL, STDOUT_FILENO },
	ALL (brk),
	{ MMAP, 3, SYSCALL_HAS, MAP_ANONYMOUS },
	ALL (munmap),
	ALL (mremap),
	{ SYS_mprotect, 2, SYSCALL_LACKS, PROT_EXEC },
	{ SYS_madvise, 2, SYSCALL_EQUAL, MADV_DONTNEED },
	{ SYS_madvise, 2, SYSCALL_EQUAL, MADV_FREE },
	ALL (exit),
	ALL (exit_group),
	ALL (rt_sigreturn),
	ALL (restart_syscall),
	ALL (clock_gettime),
#ifdef SYS_clock_gettime64
	ALL (clock_gettime64),
#endif
	ALL (gettimeofday),
	ALL (getrandom),
};

const char *
confine_running (void)
{
	static const struct rlimit none = { 0, 0 };
	struct syscall_filter f;
	void *warm;
	size_t i;

	if (ISOLATE_SANITIZED)
		return NULL;
	/* What the C library does at the first use is done now. */
	warm = malloc (1 << 20);
	free (warm);
	setrlimit (RLIMIT_NOFILE, &none);
	setrlimit (RLIMIT_NPROC, &none);
	/* Linux 6.3 and later. */
	prctl (PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0);
	syscall_filter_begin (&f);
	syscall_filter_add (&f, &executable, SECCOMP_RET_KILL_PROCESS);
	for (i = 0; i < ARRAY_SIZE (running); i++)
		syscall_filter_add (&f, &running[i], SECCOMP_RET_ALLOW);
	return syscall_filter_install (&f, SECCOMP_RET_KILL_PROCESS) < 0
		       ? NO_FILTERS
		       : NULL;
}
