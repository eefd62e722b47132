/* SPDX-License-Identifier: MIT */
/*
 * separators.h - where some readers of JSON lines would cut one.
 *
 * U+0085, U+2028 and U+2029 may stand in a JSON string as they are; still, many
 * readers take them for the end of a line.  So what is written has them as
 * escapes.
 */
#ifndef JSON_SEPARATORS_H
#define JSON_SEPARATORS_H

#include <stddef.h>

/* The number of bytes of P in front of the first separator, or of the first
 * byte that is THIS or THAT, which are ASCII; N if there is none. */
size_t separators_find (const char *p, size_t n, char this, char that);

#endif /* JSON_SEPARATORS_H */
