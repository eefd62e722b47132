/* SPDX-License-Identifier: MIT */
/* slow-asked.c - takes more time for a callback than it may. */
#include <string.h>
#include <time.h>

#include <linehook/plugin.h>

#define SLOW_NS 150000000L

static void
spin (void)
{
	struct timespec now, until;

	clock_gettime (CLOCK_THREAD_CPUTIME_ID, &until);
	until.tv_nsec += SLOW_NS;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	do
		clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
	while (now.tv_sec < until.tv_sec
	       || (now.tv_sec == until.tv_sec && now.tv_nsec < until.tv_nsec));
}

static void
obey (const struct lhk_api *api, const char *word)
{
	struct timespec left = { 0, SLOW_NS };

	(void) api;
	if (strcmp (word, "spin") == 0)
		spin ();
	if (strcmp (word, "sleep") == 0)
		while (nanosleep (&left, &left) < 0)
			;
}

#define ASKED_NAME "slow-asked"
#include "asked.h"
