/* SPDX-License-Identifier: MIT */
/* parameters.c - what the environment says of a torture program: its form, its
 * seed, its numbers. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "torture/torture.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif

int
torture_is_long (void)
{
	const char *value = getenv ("TORTURE");

	return value != NULL && strcmp (value, "long") == 0;
}

long
torture_number (const char *name, long less, long more)
{
	const char *value = getenv (name);

	if (value != NULL && *value != '\0')
		return strtol (value, NULL, 0);
	return torture_is_long () ? more : less;
}

uint64_t
torture_seed (void)
{
	static uint64_t seed;
	struct timespec ts;

	if (seed != 0)
		return seed;
	clock_gettime (CLOCK_REALTIME, &ts);
	seed = (uint64_t) torture_number ("SEED", 0, 0);
	if (seed == 0)
		seed = ((uint64_t) ts.tv_sec ^ (uint64_t) ts.tv_nsec
			^ (uint64_t) getpid () << 8)
			       % 1000000
		       + 1;
	return seed;
}

int
torture_slowness (void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)              \
	|| __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
	return 10;
#else
	return 1;
#endif
}
