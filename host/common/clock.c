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
clock_now_us (void)
{
	struct timespec ts;

	clock_gettime (CLOCK_MONOTONIC, &ts);
	return (int64_t) ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
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

/* Two or four digits at *AT, then the character AFTER unless it is 0; *AT moves
 * behind them.  The number, or -1. */
static int
parse_field (const char **at, int digits, char after)
{
	const char *p = *at;
	int value = 0;

	for (; digits > 0; digits--, p++) {
		if (*p < '0' || *p > '9')
			return -1;
		value = value * 10 + (*p - '0');
	}
	if (after != '\0' && *p++ != after)
		return -1;
	*at = p;
	return value;
}

/* The days from 1970-01-01 to a date, or -1 if there is no such date. */
static int64_t
days_to (int year, int month, int date)
{
	/* Before March, the year that began in March is the last one. */
	int64_t y = month > 2 ? year : year - 1;
	int64_t year_day = (153 * ((month + 9) % 12) + 2) / 5 + date - 1;
	int64_t day = 365 * y + y / 4 - y / 100 + y / 400 + year_day - 719468;
	int found_year, found_month, found_date;

	if (year < 1970 || month < 1 || month > 12 || date < 1 || date > 31)
		return -1;
	/* A day that its month does not have is one of the next month. */
	civil_date (day, &found_year, &found_month, &found_date);
	return found_date == date ? day : -1;
}

/* "08:15:00.123" at *AT, which moves behind it: milliseconds, or -1. */
static int64_t
parse_time_of_day (const char **at)
{
	int hour = parse_field (at, 2, ':');
	int minute = hour < 0 ? -1 : parse_field (at, 2, ':');
	int second = minute < 0 ? -1 : parse_field (at, 2, '\0');
	int64_t ms;
	int64_t scale = 100;

	/* A leap second has the number 60. */
	if (second < 0 || hour > 23 || minute > 59 || second > 60)
		return -1;
	ms = ((hour * 60 + minute) * 60 + second) * INT64_C (1000);
	if (**at != '.')
		return ms;
	if ((*at)[1] < '0' || (*at)[1] > '9')
		return -1;
	for (++*at; **at >= '0' && **at <= '9'; ++*at, scale /= 10)
		ms += (**at - '0') * scale;
	return ms;
}

/* "Z", "+01:00" or "-01:00" and the end of the text: 1 and milliseconds; 0. */
static int
parse_offset (const char *at, int64_t *ret_ms)
{
	int sign = *at == '-' ? -1 : 1;
	int hour, minute;

	if ((*at == 'Z' || *at == 'z') && at[1] == '\0') {
		*ret_ms = 0;
		return 1;
	}
	if (*at != '+' && *at != '-')
		return 0;
	at++;
	hour = parse_field (&at, 2, ':');
	minute = hour < 0 ? -1 : parse_field (&at, 2, '\0');
	if (minute < 0 || hour > 23 || minute > 59 || *at != '\0')
		return 0;
	*ret_ms = sign * (hour * 60 + minute) * INT64_C (60000);
	return 1;
}

int
clock_parse_rfc3339 (const char *text, int64_t *ret_unix_ms)
{
	int year = parse_field (&text, 4, '-');
	int month = year < 0 ? -1 : parse_field (&text, 2, '-');
	int date = month < 0 ? -1 : parse_field (&text, 2, '\0');
	int64_t day = date < 0 ? -1 : days_to (year, month, date);
	int64_t ms = 0, offset = 0;

	if (day < 0)
		return 0;
	if (*text != '\0') {
		if (*text != 'T' && *text != 't' && *text != ' ')
			return 0;
		text++;
		ms = parse_time_of_day (&text);
		if (ms < 0 || !parse_offset (text, &offset))
			return 0;
	}
	ms += day * MS_PER_DAY - offset;
	if (ms < 0)
		return 0;
	*ret_unix_ms = ms;
	return 1;
}
