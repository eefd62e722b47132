/* SPDX-License-Identifier: MIT */
/*
 * units.h - times, ages, sizes, counts and money, as people write them.
 *
 * Parsers take the whole of TEXT, without blanks or signs: 1 and the value in
 * *RET, or 0, and *RET is as it was.  Decimals are taken (1.5h), but not of the
 * smallest unit; what is left over is rounded up.  A value that does not fit is
 * refused.
 */
#ifndef COMMON_UNITS_H
#define COMMON_UNITS_H

#include <stdint.h>

/* Milliseconds: d, h, m, s, ms, and sums from the largest unit to the smallest
 * (1h30m); a bare number is seconds. */
int units_parse_duration (const char *text, uint64_t *ret_ms);

/*
 * A point in time before NOW_MS, in milliseconds since 1970, at least 1: how
 * long ago it was, as above, but a bare number is refused; or a date or time of
 * RFC 3339 as clock_parse_rfc3339 takes it.  What is after NOW_MS is refused.
 */
int units_parse_age (const char *text, int64_t now_ms, int64_t *ret_unix_ms);

/* Bytes: k (or K), M, G and KiB, MiB, GiB are powers of 1024; kB, MB, GB are
 * powers of 1000; B is 1. */
int units_parse_size (const char *text, uint64_t *ret);

/* Things that are counted: k is 1000, M is 1000000. */
int units_parse_count (const char *text, uint64_t *ret);

/* 10^-9 of the unit: digits, and at most nine decimals. */
int units_parse_money (const char *text, uint64_t *ret_nano);

/* Room for what any of these prints, with its NUL. */
#define UNITS_SIZE 40

/* How long it took: "4.2 s", "1 min 05 s", "2 h 03 min 05 s"; less than 0 is
 * 0.  Parts of the last digit are cut, not rounded. */
void units_print_duration (int64_t ms, char text[UNITS_SIZE]);

/* The same in whole seconds, for a clock that goes on: "4 s". */
void units_print_seconds (int64_t s, char text[UNITS_SIZE]);

/* "512 KiB", "1.5 GiB". */
void units_print_size (uint64_t bytes, char text[UNITS_SIZE]);

/* "12,345". */
void units_print_count (uint64_t n, char text[UNITS_SIZE]);

/* All digits there are, at least two behind the point: "0.50". */
void units_print_money (int64_t nano, char text[UNITS_SIZE]);

#endif /* COMMON_UNITS_H */
