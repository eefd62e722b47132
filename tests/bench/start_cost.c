/* SPDX-License-Identifier: MIT */
/*
 * start_cost.c - does starting a run cost more in a large process?
 *
 *	start_cost MONITOR PLUGIN-DIRECTORY [MIB]
 *
 * It measures the time of lhk_run_start alone, as a median of many.  Then it
 * touches MIB (1024) of memory and measures again.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include <linehook/run.h>

#define N_STARTS 101

static long long
now_ns (void)
{
	struct timespec t;

	clock_gettime (CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int
compare (const void *a, const void *b)
{
	const long long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Events are only counted; no JSON is written. */
static void
no_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	(void) user;
	(void) meta;
	(void) event;
}

static double
median_us (struct lhk_host *host)
{
	static const char *const argv[] = { "/bin/true", NULL };
	struct lhk_stream_opts stream = LHK_STREAM_OPTS_INIT;
	struct lhk_run_opts opts = LHK_RUN_OPTS_INIT;
	long long took[N_STARTS], from;
	struct lhk_run *run;
	int i;

	stream.on_event = no_event;
	opts.stream = &stream;
	opts.argv = argv;
	for (i = 0; i < N_STARTS; i++) {
		from = now_ns ();
		if (lhk_run_start (host, &opts, &run, NULL) != LHK_OK)
			exit (1);
		took[i] = now_ns () - from;
		if (lhk_run_wait (run, 60000) != LHK_OK)
			exit (1);
		lhk_run_free (run);
	}
	qsort (took, N_STARTS, sizeof *took, compare);
	return (double) took[N_STARTS / 2] / 1000;
}

int
main (int argc, char **argv)
{
	size_t mib = argc > 3 ? strtoul (argv[3], NULL, 10) : 1024;
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;
	struct lhk_host *host;
	double small, large;
	char *p;

	if (argc < 3)
		return 2;
	opts.monitor = argv[1];
	if (lhk_host_new (&opts, &host, NULL) < 0
	    || lhk_host_add_plugin_dir (host, argv[2]) < 0)
		return 1;
	median_us (
		host); /* warm up: plugins and files are read for the first time */
	small = median_us (host);
	p = mmap (NULL, mib << 20, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED) {
		printf ("start: no %zu MiB to be had\n", mib);
		return 0;
	}
	madvise (p, mib << 20, MADV_NOHUGEPAGE);
	memset (p, 1, mib << 20);
	large = median_us (host);
	printf ("start: lhk_run_start %.0f us, in a process of %zu MiB %.0f us:"
		" %.2f\n",
		small, mib, large, large / small);
	lhk_host_free (host);
	return 0;
}
