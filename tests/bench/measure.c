/* SPDX-License-Identifier: MIT */
/*
 * measure.c - run a program and report its time and memory.
 *
 *	measure FILE PROGRAM [ARG...]
 *
 * It writes one line to FILE: wall, user and system time in microseconds, peak
 * resident memory in KiB, exit status.  It is a small program of its own
 * because the peak memory of a child includes the memory of the process that forked it.
 */
#include "config.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long long
us_of (const struct timeval *t)
{
	return t->tv_sec * 1000000LL + t->tv_usec;
}

static long long
now_us (void)
{
	struct timespec t;

	clock_gettime (CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

int
main (int argc, char **argv)
{
	long long start, wall;
	struct rusage used;
	int status, r;
	pid_t pid;
	FILE *f;

	if (argc < 3) {
		fputs ("usage: measure FILE PROGRAM [ARG...]\n", stderr);
		return 2;
	}
	start = now_us ();
	r = posix_spawnp (&pid, argv[2], NULL, NULL, argv + 2, environ);
	if (r != 0) {
		fprintf (stderr, "measure: cannot start '%s': %s\n", argv[2],
			 strerror (r));
		return 2;
	}
	while (wait4 (pid, &status, 0, &used) < 0) {
		if (errno != EINTR)
			return 2;
	}
	wall = now_us () - start;

	f = fopen (argv[1], "w");
	if (f == NULL) {
		fprintf (stderr, "measure: cannot write '%s': %s\n", argv[1],
			 strerror (errno));
		return 2;
	}
	fprintf (f, "%lld %lld %lld %ld %d\n", wall, us_of (&used.ru_utime),
		 us_of (&used.ru_stime), used.ru_maxrss,
		 WIFEXITED (status) ? WEXITSTATUS (status) : 255);
	return fclose (f) == 0 ? 0 : 2;
}
