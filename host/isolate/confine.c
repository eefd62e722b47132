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

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "isolate/isolate.h"
#include "common/macros.h"

#if defined __x86_64__ && defined __ILP32__
#define ARCH 0 /* its numbers are not those of its kernel's architecture */
#elif defined __x86_64__
#define ARCH AUDIT_ARCH_X86_64
#elif defined __i386__
#define ARCH AUDIT_ARCH_I386
#elif defined __aarch64__ && defined __AARCH64EL__
#define ARCH AUDIT_ARCH_AARCH64
#elif defined __arm__ && defined __ARMEL__
#define ARCH AUDIT_ARCH_ARM
#elif defined __riscv && __riscv_xlen == 64
#define ARCH AUDIT_ARCH_RISCV64
#else
#define ARCH 0
#endif

#ifndef SECCOMP_RET_KILL_PROCESS
#define SECCOMP_RET_KILL_PROCESS 0x80000000u
#endif
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

/* ---- a filter, rule by rule ---- */

enum {
	ANY = 0,
	EQUAL = 1,  /* argument ARG is VALUE */
	ZERO_IN = 2 /* no bit of VALUE is in argument ARG */
};

/* A system call, and what must hold of one argument.  Only the low 32 bits of
 * arguments are compared: the kernel takes no more of these. */
struct rule {
	long number;
	int arg;
	int test;
	uint32_t value;
};

#define PROGRAM_MAX 256

struct program {
	struct sock_filter code[PROGRAM_MAX];
	unsigned short n;
};

static void
put (struct program *p, uint16_t code, uint32_t k, uint8_t jt, uint8_t jf)
{
	if (p->n < PROGRAM_MAX)
		p->code[p->n++] = (struct sock_filter){ code, jt, jf, k };
}

#define LOAD (BPF_LD | BPF_W | BPF_ABS)
#define RETURN (BPF_RET | BPF_K)
#define IF_EQUAL (BPF_JMP | BPF_JEQ | BPF_K)
#define IF_BITS (BPF_JMP | BPF_JSET | BPF_K)

/* Where the low half of argument N is. */
static uint32_t
argument (int n)
{
	uint32_t off = (uint32_t) offsetof (struct seccomp_data, args)
		       + (uint32_t) n * 8;

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	off += 4;
#endif
	return off;
}

/* Another architecture than ours has other numbers, and so has x32. */
static void
begin (struct program *p)
{
	p->n = 0;
	put (p, LOAD, offsetof (struct seccomp_data, arch), 0, 0);
	put (p, IF_EQUAL, ARCH, 1, 0);
	put (p, RETURN, SECCOMP_RET_KILL_PROCESS, 0, 0);
	put (p, LOAD, offsetof (struct seccomp_data, nr), 0, 0);
#ifdef __x86_64__
	put (p, BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1);
	put (p, RETURN, SECCOMP_RET_KILL_PROCESS, 0, 0);
#endif
}

/* A call of RULE ends with ACTION if the test holds; if not, the rules behind it
 * decide. */
static void
add (struct program *p, const struct rule *rule, uint32_t action)
{
	const uint32_t nr = (uint32_t) rule->number;

	if (rule->test == ANY) {
		put (p, IF_EQUAL, nr, 0, 1);
		put (p, RETURN, action, 0, 0);
		return;
	}
	put (p, IF_EQUAL, nr, 0, 4);
	put (p, LOAD, argument (rule->arg), 0, 0);
	if (rule->test == EQUAL)
		put (p, IF_EQUAL, rule->value, 0, 1);
	else
		put (p, IF_BITS, rule->value, 1, 0);
	put (p, RETURN, action, 0, 0);
	put (p, LOAD, offsetof (struct seccomp_data, nr), 0, 0);
}

static const char *
install (struct program *p, uint32_t otherwise)
{
	struct sock_fprog prog;

	put (p, RETURN, otherwise, 0, 0);
	if (p->n == PROGRAM_MAX)
		return "its list of system calls is too long";
	prog.len = p->n;
	prog.filter = p->code;
	if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0
	    || prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) < 0)
		return "this kernel has no filters of system calls (seccomp)";
	return NULL;
}

/* ---- while the plugin is loaded ---- */

#define WRITING (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)

/* These are forbidden. */
static const struct rule leaving[] = {
#ifdef __NR_fork
	{ __NR_fork, 0, ANY, 0 },
#endif
#ifdef __NR_vfork
	{ __NR_vfork, 0, ANY, 0 },
#endif
#ifdef __NR_clone3
	{ __NR_clone3, 0, ANY, 0 },
#endif
#ifdef __NR_socketcall
	{ __NR_socketcall, 0, ANY, 0 },
#endif
#ifdef __NR_socket
	{ __NR_socket, 0, ANY, 0 },
	{ __NR_socketpair, 0, ANY, 0 },
	{ __NR_connect, 0, ANY, 0 },
	{ __NR_bind, 0, ANY, 0 },
#endif
#ifdef __NR_open
	{ __NR_creat, 0, ANY, 0 },
	{ __NR_unlink, 0, ANY, 0 },
	{ __NR_rename, 0, ANY, 0 },
	{ __NR_mkdir, 0, ANY, 0 },
	{ __NR_rmdir, 0, ANY, 0 },
	{ __NR_link, 0, ANY, 0 },
	{ __NR_symlink, 0, ANY, 0 },
	{ __NR_chmod, 0, ANY, 0 },
	{ __NR_chown, 0, ANY, 0 },
#endif
#ifdef __NR_openat2
	{ __NR_openat2, 0, ANY, 0 },
#endif
	{ __NR_clone, 0, ANY, 0 },
	{ __NR_execve, 0, ANY, 0 },
	{ __NR_execveat, 0, ANY, 0 },
	{ __NR_kill, 0, ANY, 0 },
	{ __NR_tkill, 0, ANY, 0 },
	{ __NR_ptrace, 0, ANY, 0 },
	{ __NR_process_vm_readv, 0, ANY, 0 },
	{ __NR_process_vm_writev, 0, ANY, 0 },
	{ __NR_unlinkat, 0, ANY, 0 },
	{ __NR_renameat2, 0, ANY, 0 },
	{ __NR_mkdirat, 0, ANY, 0 },
	{ __NR_linkat, 0, ANY, 0 },
	{ __NR_symlinkat, 0, ANY, 0 },
	{ __NR_fchmod, 0, ANY, 0 },
	{ __NR_fchmodat, 0, ANY, 0 },
	{ __NR_fchownat, 0, ANY, 0 },
	{ __NR_mount, 0, ANY, 0 },
	{ __NR_umount2, 0, ANY, 0 },
	{ __NR_setns, 0, ANY, 0 },
	{ __NR_unshare, 0, ANY, 0 },
	{ __NR_bpf, 0, ANY, 0 },
	{ __NR_perf_event_open, 0, ANY, 0 },
	{ __NR_keyctl, 0, ANY, 0 },
	{ __NR_add_key, 0, ANY, 0 },
	{ __NR_request_key, 0, ANY, 0 },
	{ __NR_memfd_create, 0, ANY, 0 },
#ifdef __NR_userfaultfd
	{ __NR_userfaultfd, 0, ANY, 0 },
#endif
#ifdef __NR_io_uring_setup
	{ __NR_io_uring_setup, 0, ANY, 0 },
#endif
#ifdef __NR_pidfd_open
	{ __NR_pidfd_open, 0, ANY, 0 },
#endif
#ifdef __NR_pidfd_send_signal
	{ __NR_pidfd_send_signal, 0, ANY, 0 },
#endif
};

/* A file is opened for reading alone. */
static const struct rule opening[] = {
#ifdef __NR_open
	{ __NR_open, 1, ZERO_IN, WRITING },
#endif
	{ __NR_openat, 2, ZERO_IN, WRITING },
};

const char *
confine_loading (void)
{
	struct program p;
	size_t i;

	if (ARCH == 0)
		return "linehook has no list of system calls for this "
		       "architecture";
	if (ISOLATE_SANITIZED)
		return NULL;
	begin (&p);
	for (i = 0; i < ARRAY_SIZE (leaving); i++)
		add (&p, &leaving[i], SECCOMP_RET_KILL_PROCESS);
	for (i = 0; i < ARRAY_SIZE (opening); i++)
		add (&p, &opening[i], SECCOMP_RET_ALLOW);
#ifdef __NR_open
	put (&p, IF_EQUAL, __NR_open, 0, 1);
	put (&p, RETURN, SECCOMP_RET_KILL_PROCESS, 0, 0);
#endif
	put (&p, IF_EQUAL, __NR_openat, 0, 1);
	put (&p, RETURN, SECCOMP_RET_KILL_PROCESS, 0, 0);
	return install (&p, SECCOMP_RET_ALLOW);
}

/* ---- while it runs ---- */

/* These are allowed. */
static const struct rule running[] = {
	{ __NR_read, 0, EQUAL, STDIN_FILENO },
	{ __NR_write, 0, EQUAL, STDOUT_FILENO },
	{ __NR_brk, 0, ANY, 0 },
	{ __NR_munmap, 0, ANY, 0 },
	{ __NR_mremap, 0, ANY, 0 },
	{ __NR_mprotect, 2, ZERO_IN, PROT_EXEC },
	{ __NR_madvise, 2, EQUAL, MADV_DONTNEED },
	{ __NR_madvise, 2, EQUAL, MADV_FREE },
	{ __NR_exit, 0, ANY, 0 },
	{ __NR_exit_group, 0, ANY, 0 },
	{ __NR_rt_sigreturn, 0, ANY, 0 },
	{ __NR_restart_syscall, 0, ANY, 0 },
	{ __NR_clock_gettime, 0, ANY, 0 },
#ifdef __NR_clock_gettime64
	{ __NR_clock_gettime64, 0, ANY, 0 },
#endif
	{ __NR_gettimeofday, 0, ANY, 0 },
	{ __NR_getrandom, 0, ANY, 0 },
};

#ifdef __NR_mmap2
#define MMAP __NR_mmap2
#else
#define MMAP __NR_mmap
#endif

/* Memory of no file, which is not to be executed: two arguments. */
static void
add_mmap (struct program *p)
{
	put (p, IF_EQUAL, MMAP, 0, 6);
	put (p, LOAD, argument (2), 0, 0);
	put (p, IF_BITS, PROT_EXEC, 3, 0);
	put (p, LOAD, argument (3), 0, 0);
	put (p, IF_BITS, MAP_ANONYMOUS, 0, 1);
	put (p, RETURN, SECCOMP_RET_ALLOW, 0, 0);
	put (p, LOAD, offsetof (struct seccomp_data, nr), 0, 0);
}

const char *
confine_running (void)
{
	static const struct rlimit none = { 0, 0 };
	struct program p;
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
	begin (&p);
	for (i = 0; i < ARRAY_SIZE (running); i++)
		add (&p, &running[i], SECCOMP_RET_ALLOW);
	add_mmap (&p);
	return install (&p, SECCOMP_RET_KILL_PROCESS);
}
