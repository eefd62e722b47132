/* SPDX-License-Identifier: MIT */
/*
 * guard.c - a plugin that crashes or hangs must not end the suite
 * without a word.
 *
 * The signal is caught on a stack of its own and leads back to the case.  The
 * process is not trusted after that: what is left of the suite is not run.
 */
#include "config.h"

#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/check/suite.h"

#define HANG_S 60
#define STACK_SIZE 65536

struct check_place check_place;

static const int caught[] = { SIGSEGV, SIGBUS,	SIGFPE, SIGILL,
			      SIGABRT, SIGTRAP, SIGALRM };

#define N_CAUGHT (sizeof caught / sizeof caught[0])

static sigjmp_buf back;
static volatile sig_atomic_t caught_signo;
static volatile sig_atomic_t caught_access;
static const char *volatile caught_at;

static void
on_signal (int signo, siginfo_t *info, void *context)
{
	(void) context;
	caught_signo = signo;
	caught_access = signo == SIGSEGV || signo == SIGBUS;
	caught_at = info->si_addr;
	siglongjmp (back, 1);
}

/* Where the address lies, seen from the line. */
static void
explain (struct check *c, const char *where, const char *at)
{
	const struct check_place *p = &check_place;
	const char *data = p->line->data;
	size_t len = p->line->len;
	unsigned long long number = p->line->number;

	if (p->old_low != NULL && at >= p->old_low && at < p->old_high)
		check_problem (c,
			       "%s leads to the line before line %llu: "
			       "its bytes are gone when line_hook has "
			       "returned, copy what you need",
			       where, number);
	else if (at >= data && at < data + len + LHK_LINE_PADDING)
		check_problem (c,
			       "%s writes to byte %lld of line %llu: "
			       "lines may only be read",
			       where, (long long) (at - data), number);
	else if (p->high != NULL && at >= p->high && at < p->high + 65536)
		check_problem (c,
			       "%s reads %lld bytes behind the end of "
			       "line %llu (%zu bytes), wanted at most %d: "
			       "stop at data[len]",
			       where, (long long) (at - data - (ptrdiff_t) len),
			       number, len, LHK_LINE_PADDING);
	else if (p->low != NULL && at < p->low && at + 65536 >= p->low)
		check_problem (c, "%s reads %lld bytes before line %llu", where,
			       (long long) (data - at), number);
	else
		check_problem (c,
			       "%s crashes on line %llu (%zu bytes): it "
			       "touches address %p",
			       where, number, len, (const void *) at);
}

static void
report (struct check *c)
{
	const char *where = check_place.callback;
	int signo = caught_signo;

	if (where == NULL)
		where = "the host (please report this)";
	if (signo == SIGALRM)
		check_problem (c, "%s does not return within %d s", where,
			       HANG_S);
	else if (check_place.line != NULL && caught_access)
		explain (c, where, caught_at);
	else
		check_problem (c, "%s ends with signal %d (%s), line %llu",
			       where, signo, strsignal (signo),
			       check_place.line == NULL
				       ? 0ull
				       : (unsigned long long)
						 check_place.line->number);
}

static void
set_handlers (struct sigaction old[N_CAUGHT], int on)
{
	struct sigaction action = { .sa_sigaction = on_signal };
	size_t i;

	sigfillset (&action.sa_mask);
	action.sa_flags = SA_SIGINFO | SA_ONSTACK;
	for (i = 0; i < N_CAUGHT; i++)
		sigaction (caught[i], on ? &action : &old[i],
			   on ? &old[i] : NULL);
	alarm (on ? HANG_S : 0);
}

int
check_guarded (struct check *c, void (*fn) (struct check *c))
{
	static char stack[STACK_SIZE];
	static struct sigaction old[N_CAUGHT];
	stack_t own = { .ss_sp = stack, .ss_size = sizeof stack };
	stack_t before;
	volatile int ok = 0;

	memset (&check_place, 0, sizeof check_place);
	sigaltstack (&own, &before);
	set_handlers (old, 1);
	if (sigsetjmp (back, 1) == 0) {
		fn (c);
		ok = 1;
	}
	set_handlers (old, 0);
	sigaltstack (&before, NULL);
	if (!ok)
		report (c);
	return ok;
}
