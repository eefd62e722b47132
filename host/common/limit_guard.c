/* SPDX-License-Identifier: MIT */
/*
 * limit_guard.c - what a process may not do to its supervisors.
 *
 * For a process of the same user the kernel permits prlimit(2), sched_*(2),
 * setpriority(2) and ioprio_set(2) without a signal or ptrace: a limit of CPU
 * time kills its victim, a limit of descriptors cripples it.  No security
 * module that a user can load for himself covers them, so a filter of system
 * calls does.  It compares with the ids of the supervisors alone: programs set
 * the limits and priorities of other processes for good reasons (a container
 * runtime those of its container, a thread library those of its threads), and
 * they go on doing so.
 *
 * The kernel knows the system calls that a filter lets pass whatever their
 * arguments are, and does not run it for them: only the seven calls below pay.
 */
#include "config.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/limit_guard.h"
#include "common/macros.h"

#ifndef SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW (1UL << 2)
#endif

/* "who" of ioprio_set that means a user. */
#define IOPRIO_USER 3u

/* The flag in the number of a system call of x32 programs. */
#define NR_MASK (~UINT32_C (0x40000000))

/* What the arguments mean; each kind has its rule at the end of the filter. */
enum kind {
	KIND_LIMIT,    /* the id is argument 0; NULL as argument 2 sets none */
	KIND_ID,       /* the id is argument 0 */
	KIND_PRIORITY, /* the id is argument 1; 0 may mean that it is a user's */
	KIND_IO_PRIORITY,
	N_KINDS
};

struct call {
	uint32_t nr;
	enum kind kind;
};

/* Arguments lie where this file looks on little-endian machines alone. */
#if defined __x86_64__
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined __i386__
#define NATIVE_ARCH AUDIT_ARCH_I386
#elif defined __aarch64__ && !defined __AARCH64EB__
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#elif defined __arm__ && !defined __ARMEB__
#define NATIVE_ARCH AUDIT_ARCH_ARM
#elif defined __riscv && __riscv_xlen == 64
#define NATIVE_ARCH AUDIT_ARCH_RISCV64
#endif

#ifdef NATIVE_ARCH
static const struct call native_calls[] = {
	{ SYS_prlimit64, KIND_LIMIT },
	{ SYS_sched_setaffinity, KIND_ID },
	{ SYS_sched_setattr, KIND_ID },
	{ SYS_sched_setparam, KIND_ID },
	{ SYS_sched_setscheduler, KIND_ID },
	{ SYS_setpriority, KIND_PRIORITY },
	{ SYS_ioprio_set, KIND_IO_PRIORITY },
};
#endif

#if defined __x86_64__ || defined __aarch64__
/* The same calls of 32-bit programs on a 64-bit kernel. */
static const struct call compat_calls[] = {
#ifdef __x86_64__
	{ 340, KIND_LIMIT },   { 351, KIND_ID }, { 289, KIND_IO_PRIORITY },
#else
	{ 369, KIND_LIMIT },   { 380, KIND_ID }, { 314, KIND_IO_PRIORITY },
#endif
	{ 241, KIND_ID },      { 154, KIND_ID }, { 156, KIND_ID },
	{ 97, KIND_PRIORITY },
};
#endif

static const struct arch {
	uint32_t arch;
	const struct call *calls;
	size_t n;
} arches[] = {
#ifdef NATIVE_ARCH
	{ NATIVE_ARCH, native_calls, ARRAY_SIZE (native_calls) },
#endif
#if defined __x86_64__
	{ AUDIT_ARCH_I386, compat_calls, ARRAY_SIZE (compat_calls) },
#elif defined __aarch64__
	{ AUDIT_ARCH_ARM, compat_calls, ARRAY_SIZE (compat_calls) },
#endif
	{ 0, NULL, 0 },
};

/* ---- the filter ---- */

/* Jumps in it, which reach 255 instructions, reach all of it. */
#define PROGRAM_MAX 128u

struct program {
	struct sock_filter code[PROGRAM_MAX];
	unsigned short n;
	const pid_t *ids;
	size_t n_ids;
};

static void
emit (struct program *p, int code, uint32_t k, int jt, int jf)
{
	struct sock_filter f = { (uint16_t) code, (uint8_t) jt, (uint8_t) jf,
				 k };

	p->code[p->n++] = f;
}

static void
emit_load (struct program *p, size_t offset)
{
	emit (p, BPF_LD | BPF_W | BPF_ABS, (uint32_t) offset, 0, 0);
}

/* Skip the next N instructions unless the loaded value is K. */
static void
emit_unless (struct program *p, uint32_t k, int n)
{
	emit (p, BPF_JMP | BPF_JEQ | BPF_K, k, 0, n);
}

static void
emit_return (struct program *p, uint32_t action)
{
	emit (p, BPF_RET | BPF_K, action, 0, 0);
}

/* The lower half of argument I of a little-endian machine, or the upper. */
static size_t
argument (int i, int upper)
{
	return offsetof (struct seccomp_data, args) + (size_t) i * 8
	       + (upper ? 4 : 0);
}

static void
emit_refuse_ids (struct program *p, int arg)
{
	size_t i;

	emit_load (p, argument (arg, 0));
	for (i = 0; i < p->n_ids; i++) {
		/* 0 means the caller. */
		if (p->ids[i] <= 0)
			continue;
		emit_unless (p, (uint32_t) p->ids[i], 1);
		emit_return (p, SECCOMP_RET_ERRNO | EPERM);
	}
	emit_return (p, SECCOMP_RET_ALLOW);
}

static void
emit_limit (struct program *p)
{
	emit_load (p, argument (2, 0));
	emit_unless (p, 0, 3);
	emit_load (p, argument (2, 1));
	emit_unless (p, 0, 1);
	emit_return (p, SECCOMP_RET_ALLOW);
	emit_refuse_ids (p, 0);
}

static void
emit_id (struct program *p)
{
	emit_refuse_ids (p, 0);
}

static void
emit_priority (struct program *p)
{
	emit_load (p, argument (0, 0));
	emit_unless (p, PRIO_USER, 1);
	emit_return (p, SECCOMP_RET_ERRNO | EPERM);
	emit_refuse_ids (p, 1);
}

static void
emit_io_priority (struct program *p)
{
	emit_load (p, argument (0, 0));
	emit_unless (p, IOPRIO_USER, 1);
	emit_return (p, SECCOMP_RET_ERRNO | EPERM);
	emit_refuse_ids (p, 1);
}

static void (*const rules[N_KINDS]) (struct program *p) = {
	[KIND_LIMIT] = emit_limit,
	[KIND_ID] = emit_id,
	[KIND_PRIORITY] = emit_priority,
	[KIND_IO_PRIORITY] = emit_io_priority,
};

/* The kernel runs the filter once for each number there is when it is
 * installed: so most numbers leave here. */
static void
emit_allow_others (struct program *p, const struct arch *a)
{
	uint32_t min = UINT32_MAX, max = 0;
	size_t i;

	for (i = 0; i < a->n; i++) {
		min = a->calls[i].nr < min ? a->calls[i].nr : min;
		max = a->calls[i].nr > max ? a->calls[i].nr : max;
	}
	emit (p, BPF_JMP | BPF_JGE | BPF_K, min, 1, 0);
	emit_return (p, SECCOMP_RET_ALLOW);
	emit (p, BPF_JMP | BPF_JGT | BPF_K, max, 0, 1);
	emit_return (p, SECCOMP_RET_ALLOW);
}

/* The jumps to the rules are those with this as the place to jump to. */
#define TO_RULE(kind) (255 - (int) (kind))

static void
emit_arch (struct program *p, const struct arch *a)
{
	unsigned short skip;
	size_t i;

	emit_load (p, offsetof (struct seccomp_data, arch));
	skip = p->n;
	emit_unless (p, a->arch, 0);
	emit_load (p, offsetof (struct seccomp_data, nr));
	emit (p, BPF_ALU | BPF_AND | BPF_K, NR_MASK, 0, 0);
	emit_allow_others (p, a);
	for (i = 0; i < a->n; i++)
		emit (p, BPF_JMP | BPF_JEQ | BPF_K, a->calls[i].nr,
		      TO_RULE (a->calls[i].kind), 0);
	emit_return (p, SECCOMP_RET_ALLOW);
	p->code[skip].jf = (uint8_t) (p->n - skip - 1);
}

static void
emit_rule (struct program *p, enum kind kind)
{
	unsigned short i, to = p->n;

	for (i = 0; i < to; i++)
		if (p->code[i].jt == TO_RULE (kind))
			p->code[i].jt = (uint8_t) (to - i - 1);
	rules[kind](p);
}

int
limit_guard_install (const pid_t *ids, size_t n)
{
	struct program p = { .ids = ids, .n_ids = n };
	struct sock_fprog f = { .filter = p.code };
	const struct arch *a;
	int kind;

	if (arches[0].calls == NULL || n > LIMIT_GUARD_MAX)
		return -ENOSYS;
	for (a = arches; a->calls != NULL; a++)
		emit_arch (&p, a);
	emit_return (&p, SECCOMP_RET_ALLOW);
	for (kind = 0; kind < N_KINDS; kind++)
		emit_rule (&p, (enum kind) kind);
	f.len = p.n;
	/* Without this flag old kernels switch speculation off, which costs
	 * programs up to a third of their speed. */
	if (syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		     SECCOMP_FILTER_FLAG_SPEC_ALLOW, &f)
	    < 0)
		return -errno;
	return 0;
}
