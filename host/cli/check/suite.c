/* SPDX-License-Identifier: MIT */
/* suite.c - the cases of the suite in order, and what they say. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/check/suite.h"

enum {
	ONCE = 0,
	EACH = 1 /* for each transcript */
};

/* Names are the rules they prove. */
static const struct conform_case {
	const char *name;
	void (*fn) (struct conform *c);
	int how_often;
} cases[] = {
	{ "exports the descriptor alone", conform_symbols, ONCE },
	{ "imports nothing of the host, nothing it must not call",
	  conform_imports, ONCE },
	{ "descriptor is complete", conform_descriptor, ONCE },
	{ "lines of cap -1, 0, +1 with LF, CR LF, end of file", conform_cap,
	  ONCE },
	{ "answers and events are well made, twice the same", conform_events,
	  EACH },
	{ "options that are not known are ignored", conform_options, EACH },
	{ "probe answers 0 or 1, by the line alone", conform_probe, EACH },
	{ "open to close without a line", conform_empty, EACH },
	{ "nothing outside of the line and its padding is touched",
	  conform_page, EACH },
	{ "a refused line leaves no trace", conform_refused_lines, EACH },
	{ "two handles do not know of each other", conform_two_handles, EACH },
	{ "nothing is left allocated after close", conform_leaks, EACH },
	{ "every split point gives the same events", conform_splits, EACH },
	{ "every size of reads gives the same events", conform_chunks, EACH },
	{ "an end at any line or inside one changes nothing before it",
	  conform_truncated, EACH },
	{ "damaged lines are survived", conform_damaged, EACH },
	{ "the longest line at the cap and one over it", conform_cap_longest,
	  EACH },
};

#define N_CASES (sizeof cases / sizeof cases[0])

static void keep (char buf[CONFORM_TEXT], const char *fmt, va_list args)
	LHK_PRINTF (2, 0);

static void
keep (char buf[CONFORM_TEXT], const char *fmt, va_list args)
{
	char *p;

	vsnprintf (buf, CONFORM_TEXT, fmt, args);
	for (p = buf; *p != '\0'; p++)
		if ((unsigned char) *p < 0x20 || *p == 0x7f)
			*p = '?';
}

void
conform_problem (struct conform *c, const char *fmt, ...)
{
	va_list args;

	if (c->n_problems++ > 0)
		return;
	va_start (args, fmt);
	keep (c->problem, fmt, args);
	va_end (args);
}

void
conform_skip (struct conform *c, const char *fmt, ...)
{
	va_list args;

	va_start (args, fmt);
	keep (c->skipped, fmt, args);
	va_end (args);
}

static void
say (struct conform *c, const char *name)
{
	const char *input = c->input == NULL ? NULL : c->input->name;
	const char *bad = c->n_problems > 0 ? "not " : "";

	printf ("%sok - %s%s%s%s", bad, name, input == NULL ? "" : " [",
		input == NULL ? "" : input, input == NULL ? "" : "]");
	if (c->n_problems > 0)
		printf (": %s", c->problem);
	if (c->n_problems > 1)
		printf (" (and %u more)", c->n_problems - 1);
	if (c->n_problems == 0 && c->skipped[0] != '\0')
		printf (" # SKIP %s", c->skipped);
	putchar ('\n');
	fflush (stdout);
	if (c->n_problems > 0)
		c->n_failed++;
	else
		c->n_passed++;
}

/* 1, or 0 when nothing more can be run. */
static int
run_case (struct conform *c, const struct conform_case *k,
	  const struct transcript *input)
{
	int alive;

	c->input = input;
	c->n_problems = 0;
	c->skipped[0] = '\0';
	alive = conform_guarded (c, k->fn);
	say (c, k->name);
	if (k->fn == conform_events && c->n_problems > 0)
		c->told = 1;
	if (!alive)
		printf ("# the plugin has damaged this process: what is left "
			"of the suite is not run\n");
	return alive;
}

static int
run_cases (struct conform *c, const struct transcript *inputs, size_t n_inputs)
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
conform_all (struct conform *c, const struct transcript *inputs,
	     size_t n_inputs, const char *refused)
{
	static const struct conform_case loads = { "the host loads it", NULL,
						   ONCE };

	c->input = NULL;
	c->n_problems = 0;
	c->skipped[0] = '\0';
	if (c->ref == NULL)
		conform_problem (c, "%s", refused);
	say (c, loads.name);
	if (c->ref != NULL)
		(void) run_cases (c, inputs, n_inputs);
	else if (c->path != NULL)
		(void) run_case (c, &cases[0], NULL);
	printf ("%u passed, %u failed\n", c->n_passed, c->n_failed);
	return c->n_failed == 0 ? 0 : 1;
}
