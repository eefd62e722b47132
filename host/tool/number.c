/* SPDX-License-Identifier: MIT */
/* number.c - numbers of JSON as json-c objects, exact. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "tool/number.h"

/* The first byte after the digits at P, or NULL: there are none. */
static const char *
skip_digits (const char *p, const char *end)
{
	const char *from = p;

	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p == from ? NULL : p;
}

int
number_is_valid (const char *p, size_t len)
{
	const char *end = p + len;

	if (p < end && *p == '-')
		p++;
	if (p < end && *p == '0')
		p++;
	else if ((p = skip_digits (p, end)) == NULL)
		return 0;
	if (p < end && *p == '.' && (p = skip_digits (p + 1, end)) == NULL)
		return 0;
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		p = skip_digits (p, end);
	}
	return p == end;
}

/* 1: the digits P..END are a number of at most MAX; no leading zeros. */
static int
is_at_most (const char *p, const char *end, const char *max)
{
	size_t len = (size_t) (end - p);

	return len < strlen (max)
	       || (len == strlen (max) && memcmp (p, max, len) <= 0);
}

int
number_is_exact (const char *p, size_t len)
{
	const char *end = p + len;
	const char *q;

	for (q = p; q < end; q++)
		if (*q == '.' || *q == 'e' || *q == 'E')
			return 1;
	if (*p != '-')
		return is_at_most (p, end, "18446744073709551615");
	return p[1] != '0' && is_at_most (p + 1, end, "9223372036854775808");
}

struct json_object *
number_new (const char *text)
{
	return json_object_new_double_s (strtod (text, NULL), text);
}
