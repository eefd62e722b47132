/* SPDX-License-Identifier: MIT */
/* run_id.c - names of runs, and when they started. */
#include "config.h"

#include <stdio.h>
#include <sys/random.h>
#include <time.h>

#include "run/run.h"

#define TIME_CHARS 10		/* 48 bits of milliseconds */
#define RANDOM_CHARS 16		/* 80 bits */

void
run_make_id (char id[RUN_ID_SIZE])
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	unsigned char noise[RANDOM_CHARS] = { 0 };
	struct timespec ts;
	uint64_t ms;
	int i;

	clock_gettime (CLOCK_REALTIME, &ts);
	ms = (uint64_t) ts.tv_sec * 1000 + (uint64_t) ts.tv_nsec / 1000000;
	/* Too early in a boot for randomness: the clock has to do. */
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
run_time_text (char text[RUN_TIME_SIZE])
{
	struct timespec ts;
	struct tm tm;

	clock_gettime (CLOCK_REALTIME, &ts);
	gmtime_r (&ts.tv_sec, &tm);
	snprintf (text, RUN_TIME_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
		  (tm.tm_year + 1900) % 10000, tm.tm_mon % 12 + 1,
		  tm.tm_mday % 32, tm.tm_hour % 24, tm.tm_min % 60,
		  tm.tm_sec % 61, (int) (ts.tv_nsec / 1000000 % 1000));
}
