/* SPDX-License-Identifier: MIT */
/* slow.c - takes 150 ms for the first line. */
#define _GNU_SOURCE
#include <time.h>

#define BAD_NAME "slow"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static double
cpu_seconds (void)
{
	struct timespec t;

	clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	double start = cpu_seconds ();

	while (line->number == 1 && cpu_seconds () < start + 0.15)
		;
	return bad_say (handle, line->data, line->len, LHK_TEXT_PLAIN);
}
