/* SPDX-License-Identifier: MIT */
/* run_id.c - names of runs, and when they started. */
#include "config.h"

#include <stdio.h>
#include <sys/random.h>
#include <time.h>

#include "run/run.h"

#define TIME_CHARS 10	/* 48 bits of milliseconds */
#define RANDOM_CHARS 16 /* 80 bits */
#define MS_PER_DAY 86400000

int64_t
time_unix_ms (void)
{
	struct timespec ts;

	clock_gettime (CLOCK_REALTIME, &ts);
	return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
ulid_make (int64_t unix_ms, char id[RUN_ID_SIZE])
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
ulid_make_now (char id[HOST_ID_SIZE])
{
	ulid_make (time_unix_ms (), id);
}

/* Year, month and day of a day since 1970-01-01.  gmtime_r would look at TZ
 * and at the time zone files: an embedder's business.  Years begin in March
 * here, so that the leap day is the last one. */
static void
civil_date (int64_t day, int *ret_year, int *ret_month, int *ret_day)
{
	int64_t era_day, year, year_day, month;

	day += 719468;
	era_day = day % 146097;
	year = (era_day - era_day / 1460 + era_day / 36524 - era_day / 146096)
	       / 365;
	year_day = era_day - (365 * year + year / 4 - year / 100);
	month = (5 * year_day + 2) / 153;
	*ret_day = (int) (year_day - (153 * month + 2) / 5 + 1);
	*ret_month = (int) (month < 10 ? month + 3 : month - 9);
	*ret_year = (int) (year + day / 146097 * 400 + (*ret_month <= 2));
}

void
time_rfc3339 (int64_t unix_ms, char text[RUN_TIME_SIZE])
{
	int64_t day = unix_ms / MS_PER_DAY;
	int ms = (int) (unix_ms % MS_PER_DAY);
	int year, month, date;

	civil_date (day, &year, &month, &date);
	snprintf (text, RUN_TIME_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
		  year % 10000, month % 100, date % 100, ms / 3600000,
		  ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}
