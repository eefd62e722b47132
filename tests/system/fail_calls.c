/* SPDX-License-Identifier: MIT */
/*
 * fail_calls.c - every system call of the library fails, one after the other.
 *
 * For each scenario, each call that it makes and each errno that the kernel has
 * for it, the k-th call fails, once or from then on, for every k.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/faults.h"
#include "lib/scenario.h"
#include "lib/tap.h"

/* Upper bound of k: a scenario makes some hundred calls of a kind. */
#define K_MAX 3000u

/* Two MiB in single bytes are too many calls: after these, they are whole. */
#define SHORTS 200u

/* How many complaints are printed. */
#define SHOWN 60

struct attempt {
	const struct scenario *scenario;
	struct observed baseline; /* without a fault */
	struct fault fault;
	uint64_t failed;
	uint64_t counts[N_CALLS];
};

static uint64_t n_faults, n_bad;

static void
arm (struct scenario_env *env, void *user)
{
	struct attempt *p = user;

	(void) env;
	p->failed = 0;
	faults_arm (p->fault.times == 0 ? NULL : &p->fault);
}

static void
disarm (struct scenario_env *env, void *user)
{
	struct attempt *p = user;
	int i;

	(void) env;
	p->failed = faults_disarm ();
	for (i = 0; i < N_CALLS; i++)
		p->counts[i] = faults_seen (i);
}

static void
complain (const struct attempt *p, const char *what,
	  const struct observed *observed)
{
	const struct fault *f = &p->fault;

	CU_FAIL ("see the comment");
	if (++n_bad > SHOWN)
		return;
	tap_note ("%s: %s call %llu: %s %s: %s", p->scenario->name,
		  f->times == 0 ? "no" : fault_calls[f->call].name,
		  (unsigned long long) f->at,
		  f->times == 0		    ? ""
		  : f->error == FAULT_SHORT ? "one byte"
					    : strerrorname_np (f->error),
		  f->times == FAULT_ALWAYS ? "for ever"
		  : f->times == 3	   ? "three times"
					   : "once",
		  what);
	tap_note ("    %s", scenario_describe (observed));
}

/* A run can do without a file system, a record cannot. */
static int
is_harmless (const struct attempt *p, unsigned int flags)
{
	return (flags & FAULT_HARMLESS) != 0
	       && (!p->scenario->may_refuse || (flags & FAULT_PASSING) != 0
		   || p->fault.error == FAULT_SHORT);
}

/* Run the scenario with one fault.  0: there was no call left to fail. */
static int
run_once (struct attempt *p, unsigned int flags)
{
	struct scenario_fault f = { arm, disarm, p, NULL };
	struct observed observed;
	const char *complaint = scenario_run (p->scenario, &f, &observed);

	n_faults += p->failed;
	if (complaint == NULL)
		complaint =
			scenario_check (&observed, &p->baseline, p->fault.error,
					is_harmless (p, flags));
	if (complaint != NULL)
		complain (p, complaint, &observed);
	return p->failed != 0;
}

static void
each_k (struct attempt *p, const struct fault_error *e, uint64_t times)
{
	int far = e == fault_calls[p->fault.call].errors;
	uint64_t k;

	p->fault.error = e->error;
	p->fault.times = times;
	for (k = 1; k < K_MAX; k = scenario_next_call (k, far)) {
		p->fault.at = k;
		if (!run_once (p, e->flags))
			return;
	}
	if (tap_is_exhaustive ())
		CU_FAIL ("more calls than K_MAX");
}

static void
each_call (const struct scenario *scenario)
{
	struct attempt p = { .scenario = scenario };
	struct scenario_fault none = { arm, disarm, &p, NULL };
	const struct fault_error *e;
	const char *complaint = scenario_run (scenario, &none, &p.baseline);
	uint64_t counts[N_CALLS];
	int call;

	if (complaint != NULL || p.baseline.code < 0)
		complain (&p, complaint, &p.baseline);
	memcpy (counts, p.counts, sizeof counts);
	for (call = 0; call < N_CALLS; call++) {
		if (counts[call] == 0)
			continue;
		if (tap_is_exhaustive ())
			tap_note ("%s: %s %llu", scenario->name,
				  fault_calls[call].name,
				  (unsigned long long) counts[call]);
		p.fault.call = call;
		for (e = fault_calls[call].errors; e->error != 0; e++) {
			each_k (&p, e, 1);
			each_k (&p, e,
				e->flags & FAULT_PASSING  ? 3
				: e->error == FAULT_SHORT ? SHORTS
							  : FAULT_ALWAYS);
		}
	}
}

#define CASE(n, fn)                                                            \
	static void fn (void)                                                  \
	{                                                                      \
		n_faults = 0;                                                  \
		each_call (&scenarios[n]);                                     \
		tap_note ("%s: %llu calls failed", scenarios[n].name,          \
			  (unsigned long long) n_faults);                      \
	}

CASE (0, in_pipe)
CASE (1, in_large)
CASE (2, in_file)
CASE (3, in_stdin)
CASE (4, in_copy)
CASE (5, in_cancel)
CASE (6, in_timeout)
CASE (7, in_no_program)
CASE (8, in_pull)
CASE (9, in_free)
CASE (10, in_spill)
CASE (11, in_plugins)
CASE (12, in_keep)
CASE (13, in_kept)
CASE (14, in_awaited)
CASE (15, in_tool)
CASE (16, in_tool_file)
CASE (17, in_tool_timeout)

static struct tap_case cases[] = {
	{ "any_call_may_fail_in_a_run", in_pipe },
	{ "any_call_may_fail_in_a_run_that_prints_much", in_large },
	{ "any_call_may_fail_in_a_run_that_prints_into_a_file", in_file },
	{ "any_call_may_fail_in_a_run_that_reads", in_stdin },
	{ "any_call_may_fail_in_a_run_whose_input_is_copied", in_copy },
	{ "any_call_may_fail_in_a_run_that_is_canceled", in_cancel },
	{ "any_call_may_fail_in_a_run_that_takes_too_long", in_timeout },
	{ "any_call_may_fail_in_a_run_that_cannot_start", in_no_program },
	{ "any_call_may_fail_in_a_run_whose_events_are_pulled", in_pull },
	{ "any_call_may_fail_in_a_run_that_is_freed", in_free },
	{ "any_call_may_fail_when_output_waits", in_spill },
	{ "any_call_may_fail_when_plugins_are_searched", in_plugins },
	{ "any_call_may_fail_in_a_run_with_a_record", in_keep },
	{ "any_call_may_fail_when_records_are_read", in_kept },
	{ "any_call_may_fail_when_a_record_is_waited_for", in_awaited },
	{ "any_call_may_fail_in_a_call_of_a_tool", in_tool },
	{ "any_call_may_fail_in_a_call_that_answers_into_a_file",
	  in_tool_file },
	{ "any_call_may_fail_in_a_call_that_takes_too_long", in_tool_timeout },
	{ NULL, NULL },
};

#define N_CASES (sizeof cases / sizeof cases[0] - 1)

int
main (int argc, char **argv)
{
	/* An argument is the number of one case. */
	if (argc > 1) {
		cases[0] = cases[atoi (argv[1]) % (int) N_CASES];
		cases[1].name = NULL;
	}
	scenario_init ();
	return tap_run ("fail_calls", cases);
}
