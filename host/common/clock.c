/* SPDX-License-Identifier: MIT */
/* clock.c - what time it is, in milliseconds, and how it is written. */
#include "config.h"

#include <stdio.h>
#include <time.h>

#include "common/clock.h"

#define MS_PER_DAY 86400000

static int64_t
read_clock (clockid_t id)
{
	struct timespec ts;

	clock_gettime (id, &ts);
	return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_now_ms (void)
{
	return read_clock (CLOCK_MONOTONIC);
}

int64_t
clock_unix_ms (void)
{
	return read_clock (CLOCK_REALTIME);
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
clock_rfc3339 (int64_t unix_ms, char text[CLOCK_RFC3339_SIZE])
{
	int64_t day;
	int ms, year, month, date;

	unix_ms = unix_ms < 0			? 0
		  : unix_ms > CLOCK_UNIX_MS_MAX ? CLOCK_UNIX_MS_MAX
						: unix_ms;
	day = unix_ms / MS_PER_DAY;
	ms = (int) (unix_ms % MS_PER_DAY);
	civil_date (day, &year, &month, &date);
	snprintf (text, CLOCK_RFC3339_SIZE,
		  "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year % 10000,
		  month % 100, date % 100, ms / 3600000, ms / 60000 % 60,
		  ms / 1000 % 60, ms % 1000);
}
