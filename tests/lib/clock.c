/* SPDX-License-Identifier: MIT */
/* clock.c - the time, and waits between two looks at something. */
#include "config.h"

#include <time.h>

#include "lib/clock.h"

long long
now_ms (void)
{
	struct timespec ts;

	clock_gettime (CLOCK_MONOTONIC, &ts);
	return (long long) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
sleep_us (long us)
{
	struct timespec ts = { us / 1000000, us % 1000000 * 1000 };

	nanosleep (&ts, NULL);
}
