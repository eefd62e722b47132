/* SPDX-License-Identifier: MIT */
/* clock.h - what time it is, in milliseconds, and how it is written. */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdint.h>

/* CLOCK_MONOTONIC: for timers and durations; never goes back. */
int64_t clock_now_ms (void);

/* The same in microseconds: for durations that are shown. */
int64_t clock_now_us (void);

/* Since 1970-01-01 UTC: for what people read; may jump. */
int64_t clock_unix_ms (void);

/* "2026-11-29T08:15:00.123Z" and NUL; a time before 1970 or after 9999 is the
 * first or last one of those years.  Neither the time zone files nor TZ are
 * read. */
#define CLOCK_UNIX_MS_MAX 253402300799999
#define CLOCK_RFC3339_SIZE 32
void clock_rfc3339 (int64_t unix_ms, char text[CLOCK_RFC3339_SIZE]);

/*
 * The whole of TEXT as a time of RFC 3339, from 1970 to 9999:
 * "2026-11-29T08:15:00Z", with decimals of the second and with an offset
 * (+01:00); a blank may stand for the T, and a date alone is its first moment
 * in UTC.  1 and milliseconds since 1970, or 0 and *RET_UNIX_MS is as it was.
 */
int clock_parse_rfc3339 (const char *text, int64_t *ret_unix_ms);

#endif /* COMMON_CLOCK_H */
