/* SPDX-License-Identifier: MIT */
/* ulid.c - ids that sort by time, then at random. */
#include "config.h"

#include <sys/random.h>
#include <time.h>

#include "common/clock.h"
#include "common/ulid.h"

#define TIME_CHARS 10	/* 48 bits of milliseconds */
#define RANDOM_CHARS 16 /* 80 bits */

void
ulid_make (int64_t unix_ms, char id[ULID_SIZE])
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	unsigned char noise[RANDOM_CHARS] = { 0 };
	uint64_t ms = (uint64_t) unix_ms;
	struct timespec ts;
	int i;

	/* Too early in a boot for randomness: the clock has to do. */
	clock_gettime (CLOCK_MONOTONIC, &ts);
	if (getrandom (noise, sizeof noise, GRND_NONBLOCK) < 0)
		for (i = 0; i < 8; i++)
			noise[i] = (unsigned char) (ts.tv_nsec >> i * 4);
	for (i = TIME_CHARS - 1; i >= 0; i--, ms /= 32)
		id[i] = digits[ms % 32];
	for (i = 0; i < RANDOM_CHARS; i++)
		id[TIME_CHARS + i] = digits[noise[i] % 32];
	id[TIME_CHARS + RANDOM_CHARS] = '\0';
}

void
ulid_make_now (char id[ULID_SIZE])
{
	ulid_make (clock_unix_ms (), id);
}
