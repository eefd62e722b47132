/* SPDX-License-Identifier: MIT */
/*
 * suite.c - the cases of the suite in order, and what they report.
 *
 * A plugin that crashes or hangs must not end the suite without a sentence.
 * The signal is caught on a stack of its own and leads back to the case.  The
 * process is not trusted after that: the rest of the suite is not run.
 */
#include "config.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/check/suite.h"
#include "cli/output/stdout.h"
#include "common/macros.h"

enum {
	ONCE = 0,
	EACH = 1 /* for each transcript */
};

/* The names are the rules that the cases prove. */
static const struct check_case {
	const char *name;
	void (*fn) (struct check *c);
	int how_often;
} cases[] = {
	{ "exports only the descriptor", check_symbols, ONCE },
	{ "imports nothing from the host, and nothing that it must not call",
	  check_imports, ONCE },
	{ "descriptor is complete", check_descriptor, ONCE },
	{ "lines of the limit and one byte less and more", check_cap, ONCE },
	{ "return values and events are valid, and the same twice",
	  check_events, EACH },
	{ "unknown options are ignored", check_options, EACH },
	{ "probe returns 0 or 1, judging by the line alone", check_probe,
	  EACH },
	{ "open and close work without a line", check_empty, EACH },
	{ "nothing outside of the line and its padding is touched", check_page,
	  EACH },
	{ "a refused line leaves no trace", check_refused_lines, EACH },
	{ "two handles do not affect each other", check_two_handles, EACH },
	{ "no memory stays allocated after close", check_leaks, EACH },
	{ "every split point gives the same events", check_splits, EACH },
	{ "every size of reads gives the same events", check_chunks, EACH },
	{ "the end of the stream changes no event before it", check_truncated,
	  EACH },
	{ "damaged lines do no harm", check_damaged, EACH },
	{ "the longest line at the limit and one byte over it",
	  check_cap_longest, EACH },
};

#define N_CASES ARRAY_SIZE (cases)

static void format_text (char buf[CHECK_TEXT], const char *fmt, va_list args)
	LHK_PRINTF (2, 0);

static void
format_text (char buf[CHECK_TEXT], const char *fmt, va_list args)
{
	char *p;

	vsnprintf (buf, CHECK_TEXT, fmt, args);
	for (p = buf; *p != '\0'; p++)
		if ((unsigned char) *p < 0x20 || *p == 0x7f)
			*p = '?';
}

void
check_problem (struct check *c, const char *fmt, ...)
{
	va_list args;

	if (c->n_problems++ > 0)
		return;
	va_start (args, fmt);
	format_text (c->problem, fmt, args);
	va_end (args);
}

void
check_skip (struct check *c, const char *fmt, ...)
{
	va_list args;

	va_start (args, fmt);
	format_text (c->skipped, fmt, args);
	va_end (args);
}

static void
print_result (struct check *c, const char *name)
{
	const char *input = c->input == NULL ? NULL : c->input->name;
	const char *bad = c->n_problems > 0 ? "not " : "";

	stdout_printf ("%sok - %s%s%s%s", bad, name, input == NULL ? "" : " [",
		       input == NULL ? "" : input, input == NULL ? "" : "]");
	if (c->n_problems > 0)
		stdout_printf (": %s", c->problem);
	if (c->n_problems > 1)
		stdout_printf (" (and %u more)", c->n_problems - 1);
	if (c->n_problems == 0 && c->skipped[0] != '\0')
		stdout_printf (" # SKIP %s", c->skipped);
	stdout_put ("\n", 1);
	/* The next case may kill this process. */
	stdout_flush ();
	if (c->n_problems > 0)
		c->n_failed++;
	else
		c->n_passed++;
}

/* 1, or 0 when the rest of the suite cannot be run. */
static int
run_case (struct check *c, const struct check_case *k,
	  const struct transcript *input)
{
	int survived;

	c->input = input;
	c->n_problems = 0;
	c->skipped[0] = '\0';
	survived = check_guarded (c, k->fn);
	print_result (c, k->name);
	if (k->fn == check_events && c->n_problems > 0)
		c->events_reported = 1;
	if (!survived)
		stdout_printf (
			"# the plugin has damaged this process: the remaining "
			"cases are not run\n");
	return survived;
}

static int
run_cases (struct check *c, const struct transcript *inputs, size_t n_inputs)
{
	size_t i, k;

	for (i = 0; i < N_CASES; i++)
		if (cases[i].how_often == ONCE
		    && !run_case (c, &cases[i], NULL))
			return 0;
	for (k = 0; k < n_inputs; k++)
		for (i = 0; i < N_CASES; i++)
			if (cases[i].how_often == EACH
			    && !run_case (c, &cases[i], &inputs[k]))
				return 0;
	return 1;
}

int
check_all (struct check *c, const struct transcript *inputs, size_t n_inputs,
	   const char *refused)
{
	static const struct check_case loads = { "the host loads it", NULL,
						 ONCE };

	c->input = NULL;
	c->n_problems = 0;
	c->skipped[0] = '\0';
	if (c->ref == NULL)
		check_problem (c, "%s", refused);
	print_result (c, loads.name);
	if (c->ref != NULL)
		(void) run_cases (c, inputs, n_inputs);
	else if (c->path != NULL)
		(void) run_case (c, &cases[0], NULL);
	stdout_printf ("%u passed, %u failed\n", c->n_passed, c->n_failed);
	return c->n_failed == 0 ? 0 : 1;
}

#define HANG_S 60
#define STACK_SIZE 65536

struct check_call check_call;

static const int caught[] = { SIGSEGV, SIGBUS,	SIGFPE, SIGILL,
			      SIGABRT, SIGTRAP, SIGALRM };

#define N_CAUGHT ARRAY_SIZE (caught)

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

/* Report where AT lies in relation to the line. */
static void
explain (struct check *c, const char *where, const char *at)
{
	const struct check_call *p = &check_call;
	const char *data = p->line->data;
	size_t len = p->line->len;
	unsigned long long number = p->line->number;

	if (p->old_low != NULL && at >= p->old_low && at < p->old_high)
		check_problem (c,
			       "%s points into the line before line %llu: its "
			       "bytes are gone when line_hook has returned; "
			       "copy what you need",
			       where, number);
	else if (at >= data && at < data + len + LHK_LINE_PADDING)
		check_problem (c,
			       "%s writes to byte %lld of line %llu: "
			       "lines may only be read",
			       where, (long long) (at - data), number);
	else if (p->high != NULL && at >= p->high && at < p->high + 65536)
		check_problem (c,
			       "%s reads %lld bytes after the end of line %llu "
			       "(%zu bytes), expected at most %d: stop at "
			       "data[len]",
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
	const char *where = check_call.callback;
	int signo = caught_signo;

	if (where == NULL)
		where = "the host (please report this)";
	if (signo == SIGALRM)
		check_problem (c, "%s does not return within %d s", where,
			       HANG_S);
	else if (check_call.line != NULL && caught_access)
		explain (c, where, caught_at);
	else
		check_problem (
			c, "%s ends with signal %d (%s), line %llu", where,
			signo, strsignal (signo),
			check_call.line == NULL
				? 0ull
				: (unsigned long long) check_call.line->number);
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

	memset (&check_call, 0, sizeof check_call);
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
