/* SPDX-License-Identifier: MIT */
/* trial_end.c - does a call of the plugin hang; what ended its process, and
 * where. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <linehook/plugin.h>

#include "cli/check/syscall_trap.h"
#include "cli/check/trial.h"
#include "common/procfs.h"

/* Bytes around the room of a line that nothing else is in. */
#define NEAR 65536

/* ---- hangs ---- */

static int64_t
cpu_ms (pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid (pid, &clock) != 0
	    || clock_gettime (clock, &t) < 0)
		return 0;
	return (int64_t) t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int
trial_watch_hangs (struct trial_watch *w, pid_t pid)
{
	int64_t cpu = cpu_ms (pid);

	if (check_call->n_calls != w->n_calls) {
		w->n_calls = check_call->n_calls;
		w->cpu_ms = cpu;
		w->sleeps = 0;
		return 0;
	}
	if (check_call->callback == NULL)
		return 0;
	if (cpu - w->cpu_ms >= TRIAL_BUSY_MS)
		return 1;
	w->sleeps = procfs_state (pid) == 'S' ? w->sleeps + 1 : 0;
	return w->sleeps >= TRIAL_ASLEEP_MS / TRIAL_SAMPLE_MS;
}

/* ---- crashes ---- */

/* In which way does the address lie near the line? */
static enum check_end
end_of_access (const struct check_call *p)
{
	const char *at = p->address;

	if (p->data == NULL || !p->is_access)
		return END_CRASH;
	if (p->old_low != NULL && at >= p->old_low && at < p->old_high)
		return END_OLD_LINE;
	if (at >= p->data && at < p->data + p->len + LHK_LINE_PADDING)
		return END_WRITE;
	if (p->low == NULL)
		return END_CRASH;
	if (at >= p->high && at < p->high + NEAR)
		return END_OUTSIDE;
	return at < p->low && at + NEAR >= p->low ? END_OUTSIDE : END_CRASH;
}

static void
explain_outside (struct check *c, const struct check_call *p,
		 unsigned long long number)
{
	const char *end = p->data + p->len;

	if (p->address < p->data)
		check_problem (c, "%s reads %lld bytes before line %llu",
			       p->callback, (long long) (p->data - p->address),
			       number);
	else
		check_problem (c,
			       "%s reads %lld bytes after the end of line %llu "
			       "(%zu bytes), expected at most %d",
			       p->callback, (long long) (p->address - end),
			       number, p->len, LHK_LINE_PADDING);
}

static void
explain_crash (struct check *c, const struct check_call *p,
	       unsigned long long number)
{
	if (p->is_access)
		check_problem (c,
			       "%s crashes on line %llu (%zu bytes): it "
			       "touches address %p",
			       p->callback, number, p->len,
			       (const void *) p->address);
	else
		check_problem (c, "%s ends with signal %d (%s), line %llu",
			       p->callback, p->signo, strsignal (p->signo),
			       number);
}

/* The end is not one of a memory access. */
static void
explain_other (struct check *c, const struct check_call *p,
	       unsigned long long number, int status)
{
	char trap[48] = "";

	if (p->syscall_no != 0)
		snprintf (trap, sizeof trap, " (%s)",
			  syscall_trap_name (p->syscall_no));
	if (c->end == END_EXIT)
		check_problem (c,
			       "%s ends the process with exit status %d, line "
			       "%llu, expected that it returns",
			       p->callback, status, number);
	else if (c->end == END_HANG)
		check_problem (c,
			       "%s does not return for line %llu (%zu bytes): "
			       "it took %d ms of CPU time, or slept as long",
			       p->callback, number, p->len, TRIAL_BUSY_MS);
	else
		check_problem (c, "%s %s%s, line %llu", p->callback,
			       c->end == END_THREAD ? "starts a thread"
			       : c->end == END_FORK
				       ? "starts or signals a process"
				       : "makes a system call",
			       trap, number);
}

void
trial_explain (struct check *c, int status)
{
	struct check_call call = *check_call;
	unsigned long long number = call.line_no;

	if (call.callback == NULL)
		call.callback = "the host (please report this)";
	if (c->end == END_CRASH)
		c->end = end_of_access (&call);
	if (c->end == END_CRASH)
		explain_crash (c, &call, number);
	else if (c->end == END_OLD_LINE)
		check_problem (c,
			       "%s reads the line before line %llu, whose "
			       "bytes are gone",
			       call.callback, number);
	else if (c->end == END_WRITE)
		check_problem (c, "%s writes to byte %lld of line %llu",
			       call.callback,
			       (long long) (call.address - call.data), number);
	else if (c->end == END_OUTSIDE)
		explain_outside (c, &call, number);
	else
		explain_other (c, &call, number, status);
}
