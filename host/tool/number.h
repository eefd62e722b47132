/* SPDX-License-Identifier: MIT */
/* number.h - numbers of JSON as json-c objects, exact. */
#ifndef TOOL_NUMBER_H
#define TOOL_NUMBER_H

#include <stddef.h>

struct json_object;

/* 1: the LEN bytes at P are a number by RFC 8259. */
int number_is_valid (const char *p, size_t len);

/* 1: json-c represents the valid number exactly.  It keeps integers of 64 bits,
 * signed or unsigned, and the text of numbers with a point or an exponent; it
 * changes -0 and clamps larger integers. */
int number_is_exact (const char *p, size_t len);

/* A new number that keeps its TEXT beside the nearest double; the caller owns
 * it.  NULL: no memory. */
struct json_object *number_new (const char *text);

#endif /* TOOL_NUMBER_H */
