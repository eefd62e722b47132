/* SPDX-License-Identifier: MIT */
/* syscall_filter.c - which system calls a process may make (seccomp). */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <sys/prctl.h>

#include <linux/audit.h>

#include "common/syscall_filter.h"

#if defined __x86_64__ && defined __ILP32__
#define ARCHITECTURE                                                           \
	0 /* x32 has the architecture of x86-64, whose numbers differ */
#elif defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined __i386__
#define ARCHITECTURE AUDIT_ARCH_I386
#elif defined __aarch64__ && defined __AARCH64EL__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined __arm__ && defined __ARMEL__
#define ARCHITECTURE AUDIT_ARCH_ARM
#elif defined __riscv && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#else
#define ARCHITECTURE 0
#endif

/* The numbers of x32 begin here. */
#define X32 0x40000000u

#define LOAD (BPF_LD | BPF_W | BPF_ABS)
#define RETURN (BPF_RET | BPF_K)
#define IF_EQUAL (BPF_JMP | BPF_JEQ | BPF_K)
#define IF_LEAST (BPF_JMP | BPF_JGE | BPF_K)
#define IF_BITS (BPF_JMP | BPF_JSET | BPF_K)

static void
put (struct syscall_filter *f, uint16_t code, uint32_t k, uint8_t yes,
     uint8_t no)
{
	if (f->n < SYSCALL_FILTER_MAX)
		f->code[f->n++] = (struct sock_filter){ code, yes, no, k };
}

static void
load_number (struct syscall_filter *f)
{
	put (f, LOAD, offsetof (struct seccomp_data, nr), 0, 0);
}

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

int
syscall_filter_knows_architecture (void)
{
	return ARCHITECTURE != 0;
}

void
syscall_filter_begin (struct syscall_filter *f)
{
	f->n = 0;
	if (syscall_filter_knows_architecture ()) {
		put (f, LOAD, offsetof (struct seccomp_data, arch), 0, 0);
		put (f, IF_EQUAL, ARCHITECTURE, 1, 0);
		put (f, RETURN, SECCOMP_RET_KILL_PROCESS, 0, 0);
	}
	load_number (f);
#if defined __x86_64__ && !defined __ILP32__
	put (f, IF_LEAST, X32, 0, 1);
	put (f, RETURN, SECCOMP_RET_KILL_PROCESS, 0, 0);
#endif
}

/* If the test of RULE does not hold, the rules behind it decide. */
void
syscall_filter_add (struct syscall_filter *f, const struct syscall_rule *rule,
		    uint32_t action)
{
	const uint32_t number = (uint32_t) rule->number;
	const int lacks = rule->test == SYSCALL_LACKS;

	if (rule->test == SYSCALL_ANY) {
		put (f, IF_EQUAL, number, 0, 1);
		put (f, RETURN, action, 0, 0);
		return;
	}
	put (f, IF_EQUAL, number, 0, 4);
	put (f, LOAD, argument (rule->arg), 0, 0);
	if (rule->test == SYSCALL_EQUAL)
		put (f, IF_EQUAL, rule->value, 0, 1);
	else
		put (f, IF_BITS, rule->value, (uint8_t) lacks,
		     (uint8_t) !lacks);
	put (f, RETURN, action, 0, 0);
	load_number (f);
}

int
syscall_filter_install (struct syscall_filter *f, uint32_t otherwise)
{
	struct sock_fprog program;

	put (f, RETURN, otherwise, 0, 0);
	if (f->n == SYSCALL_FILTER_MAX)
		return -E2BIG;
	program.len = f->n;
	program.filter = f->code;
	if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0
	    || prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return -errno;
	return 0;
}
