/* SPDX-License-Identifier: MIT */
/*
 * units.h - durations, sizes, counts and money, as people write and read them.
 *
 * Parsers take the whole of TEXT, digits first, without blanks or signs: 1 and
 * the value in *RET, or 0, and *RET is as it was.  A value that does not fit
 * is refused.
 */
#ifndef COMMON_UNITS_H
#define COMMON_UNITS_H

#include <stdint.h>

/* Milliseconds: ms, s, m, h; a bare number is seconds. */
int units_parse_duration (const char *text, uint64_t *ret_ms);

/* Bytes: k (or K), M, G are powers of 1024. */
int units_parse_size (const char *text, uint64_t *ret);

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
