/* SPDX-License-Identifier: MIT */
/* dice.c - chance that can be repeated, and how much of it. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "torture/torture.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif

uint32_t
dice_throw (struct dice *d, uint32_t below)
{
	uint64_t x = d->state;

	/* xorshift64* */
	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	d->state = x;
	return (uint32_t) ((x * UINT64_C (0x2545f4914f6cdd1d)) >> 32) % below;
}

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

uint64_t
hash_more (uint64_t hash, const void *data, size_t len)
{
	const unsigned char *p = data;

	if (hash == 0)
		hash = UINT64_C (0xcbf29ce484222325);
	while (len-- > 0) {
		hash ^= *p++;
		hash *= UINT64_C (0x100000001b3);
	}
	return hash;
}
