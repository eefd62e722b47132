/* SPDX-License-Identifier: MIT */
/*
 * fail_calls.c - every system call of the library fails, one after the other.
 *
 * For each scene, each call that it makes and each errno the kernel has for
 * it: the k-th one fails, once or from then on, until none is left to fail.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/faults.h"
#include "lib/scene.h"
#include "lib/tap.h"

/* Upper bound of k: a scene makes some hundred calls of a kind. */
#define K_MAX 3000u

/* Of 2 MiB in single bytes not every call is tried. */
#define SHORTS 200u

/* How many complaints are shown. */
#define SHOWN 60

struct play {
	const struct scene *scene;
	struct seen whole; /* of a play without a fault */
	struct fault fault;
	uint64_t struck;
	uint64_t counts[N_CALLS];
};

static uint64_t n_faults, n_bad;

static void
arm (struct stage_set *w, void *user)
{
	struct play *p = user;

	(void) w;
	p->struck = 0;
	faults_arm (p->fault.times == 0 ? NULL : &p->fault);
}

static void
disarm (struct stage_set *w, void *user)
{
	struct play *p = user;
	int i;

	(void) w;
	p->struck = faults_disarm ();
	for (i = 0; i < N_CALLS; i++)
		p->counts[i] = faults_seen (i);
}

static void
complain (const struct play *p, const char *what, const struct seen *seen)
{
	const struct fault *f = &p->fault;

	CU_FAIL ("see the comment");
	if (++n_bad > SHOWN)
		return;
	tap_note ("%s: %s call %llu: %s %s: %s", p->scene->name,
		  f->times == 0 ? "no" : fault_calls[f->call].name,
		  (unsigned long long) f->at,
		  f->times == 0		    ? ""
		  : f->error == FAULT_SHORT ? "one byte"
					    : strerrorname_np (f->error),
		  f->times == FAULT_ALWAYS ? "for ever"
		  : f->times == 3	   ? "three times"
					   : "once",
		  what);
	tap_note ("    %s", scene_text (seen));
}

/* A record refuses a file system that a run alone can do without. */
static int
is_harmless (const struct play *p, unsigned int flags)
{
	return (flags & FAULT_HARMLESS) != 0
	       && (!p->scene->told || (flags & FAULT_PASSING) != 0
		   || p->fault.error == FAULT_SHORT);
}

/* Play once.  0: there was no call left to fail. */
static int
one (struct play *p, unsigned int flags)
{
	struct scene_fault f = { arm, disarm, p, NULL };
	struct seen seen;
	const char *fault = scene_play (p->scene, &f, &seen);

	n_faults += p->struck;
	if (fault == NULL)
		fault = scene_judge (&seen, &p->whole, p->fault.error,
				     is_harmless (p, flags));
	if (fault != NULL)
		complain (p, fault, &seen);
	return p->struck != 0;
}

static void
each_k (struct play *p, const struct fault_error *e, uint64_t times)
{
	int far = e == fault_calls[p->fault.call].errors;
	uint64_t k;

	p->fault.error = e->error;
	p->fault.times = times;
	for (k = 1; k < K_MAX; k = scene_next (k, far)) {
		p->fault.at = k;
		if (!one (p, e->flags))
			return;
	}
	if (scene_whole ())
		CU_FAIL ("it never ends");
}

static void
each_call (const struct scene *scene)
{
	struct play p = { .scene = scene };
	struct scene_fault none = { arm, disarm, &p, NULL };
	const struct fault_error *e;
	const char *fault = scene_play (scene, &none, &p.whole);
	uint64_t counts[N_CALLS];
	int call;

	if (fault != NULL || p.whole.code < 0)
		complain (&p, fault, &p.whole);
	memcpy (counts, p.counts, sizeof counts);
	for (call = 0; call < N_CALLS; call++) {
		if (counts[call] == 0)
			continue;
		if (scene_whole ())
			tap_note ("%s: %s %llu", scene->name,
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
		each_call (&scenes[n]);                                        \
		tap_note ("%s: %llu calls failed", scenes[n].name,             \
			  (unsigned long long) n_faults);                      \
	}

CASE (0, in_pipe)
CASE (1, in_large)
CASE (2, in_file)
CASE (3, in_stdin)
CASE (4, in_cancel)
CASE (5, in_timeout)
CASE (6, in_no_program)
CASE (7, in_pull)
CASE (8, in_free)
CASE (9, in_spill)
CASE (10, in_plugins)
CASE (11, in_keep)
CASE (12, in_kept)
CASE (13, in_awaited)
CASE (14, in_tool)
CASE (15, in_tool_file)
CASE (16, in_tool_timeout)

static struct tap_case cases[] = {
	{ "any_call_may_fail_in_a_run", in_pipe },
	{ "any_call_may_fail_in_a_run_that_prints_much", in_large },
	{ "any_call_may_fail_in_a_run_that_prints_into_a_file", in_file },
	{ "any_call_may_fail_in_a_run_that_reads", in_stdin },
	{ "any_call_may_fail_in_a_run_that_is_canceled", in_cancel },
	{ "any_call_may_fail_in_a_run_that_takes_too_long", in_timeout },
	{ "any_call_may_fail_in_a_run_that_cannot_start", in_no_program },
	{ "any_call_may_fail_in_a_run_whose_events_are_pulled", in_pull },
	{ "any_call_may_fail_in_a_run_that_is_freed", in_free },
	{ "any_call_may_fail_when_output_waits", in_spill },
	{ "any_call_may_fail_when_plugins_are_searched", in_plugins },
	{ "any_call_may_fail_in_a_run_that_is_kept", in_keep },
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
	scene_init ();
	return tap_run ("fail_calls", cases);
}
