/* SPDX-License-Identifier: MIT */
/* number.h - numbers of JSON as json-c objects, exact. */
#ifndef TOOL_NUMBER_H
#define TOOL_NUMBER_H

#include <stddef.h>

struct json_object;

/* The grammar of RFC 8259. */
int number_is_valid (const char *p, size_t len);

/* Does json-c keep it?  It keeps integers of 64 bits, signed or unsigned, and
 * the text of those with a point or an exponent; -0 and larger ones it bends. */
int number_fit (const char *p, size_t len);

/* An integer, with a NUL behind, as a number that keeps its text beside the
 * nearest double; NULL: no memory. */
struct json_object *number_make (const char *text);

/* What the number was written as, or NULL if it says what it is. */
const char *number_text (struct json_object *number);

#endif /* TOOL_NUMBER_H */
