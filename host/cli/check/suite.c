/* SPDX-License-Identifier: MIT */
/* suite.c - the cases of the suite in order, and what they say. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/check/suite.h"
#include "cli/output/stdout.h"

enum {
	ONCE = 0,
	EACH = 1 /* for each transcript */
};

/* Names are the rules they prove. */
static const struct check_case {
	const char *name;
	void (*fn) (struct check *c);
	int how_often;
} cases[] = {
	{ "exports the descriptor alone", check_symbols, ONCE },
	{ "imports nothing of the host, nothing it must not call",
	  check_imports, ONCE },
	{ "descriptor is complete", check_descriptor, ONCE },
	{ "lines of cap -1, 0, +1 with LF, CR LF, end of file", check_cap,
	  ONCE },
	{ "answers and events are well made, twice the same", check_events,
	  EACH },
	{ "options that are not known are ignored", check_options, EACH },
	{ "probe answers 0 or 1, by the line alone", check_probe, EACH },
	{ "open to close without a line", check_empty, EACH },
	{ "nothing outside of the line and its padding is touched", check_page,
	  EACH },
	{ "a refused line leaves no trace", check_refused_lines, EACH },
	{ "two handles do not know of each other", check_two_handles, EACH },
	{ "nothing is left allocated after close", check_leaks, EACH },
	{ "every split point gives the same events", check_splits, EACH },
	{ "every size of reads gives the same events", check_chunks, EACH },
	{ "an end at any line or inside one changes nothing before it",
	  check_truncated, EACH },
	{ "damaged lines are survived", check_damaged, EACH },
	{ "the longest line at the cap and one over it", check_cap_longest,
	  EACH },
};

#define N_CASES (sizeof cases / sizeof cases[0])

static void keep (char buf[CHECK_TEXT], const char *fmt, va_list args)
	LHK_PRINTF (2, 0);

static void
keep (char buf[CHECK_TEXT], const char *fmt, va_list args)
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
	keep (c->problem, fmt, args);
	va_end (args);
}

void
check_skip (struct check *c, const char *fmt, ...)
{
	va_list args;

	va_start (args, fmt);
	keep (c->skipped, fmt, args);
	va_end (args);
}

static void
say (struct check *c, const char *name)
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

/* 1, or 0 when nothing more can be run. */
static int
run_case (struct check *c, const struct check_case *k,
	  const struct transcript *input)
{
	int alive;

	c->input = input;
	c->n_problems = 0;
	c->skipped[0] = '\0';
	alive = check_guarded (c, k->fn);
	say (c, k->name);
	if (k->fn == check_events && c->n_problems > 0)
		c->told = 1;
	if (!alive)
		stdout_printf (
			"# the plugin has damaged this process: what is left "
			"of the suite is not run\n");
	return alive;
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
	say (c, loads.name);
	if (c->ref != NULL)
		(void) run_cases (c, inputs, n_inputs);
	else if (c->path != NULL)
		(void) run_case (c, &cases[0], NULL);
	stdout_printf ("%u passed, %u failed\n", c->n_passed, c->n_failed);
	return c->n_failed == 0 ? 0 : 1;
}
