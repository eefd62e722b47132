/* SPDX-License-Identifier: MIT */
/* number.c - numbers of JSON as json-c objects, exact. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "tool/number.h"

static const char *
some_digits (const char *p, const char *end)
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
	else if ((p = some_digits (p, end)) == NULL)
		return 0;
	if (p < end && *p == '.' && (p = some_digits (p + 1, end)) == NULL)
		return 0;
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		p = some_digits (p, end);
	}
	return p == end;
}

/* Is it at most MOST, as digits? */
static int
at_most (const char *p, const char *end, const char *most)
{
	size_t len = (size_t) (end - p);

	return len < strlen (most)
	       || (len == strlen (most) && memcmp (p, most, len) <= 0);
}

int
number_fit (const char *p, size_t len)
{
	const char *end = p + len;
	const char *q;

	for (q = p; q < end; q++)
		if (*q == '.' || *q == 'e' || *q == 'E')
			return 1;
	if (*p != '-')
		return at_most (p, end, "18446744073709551615");
	return p[1] != '0' && at_most (p + 1, end, "9223372036854775808");
}

struct json_object *
number_make (const char *text)
{
	return json_object_new_double_s (strtod (text, NULL), text);
}

const char *
number_text (struct json_object *number)
{
	return json_object_get_type (number) == json_type_double
		       ? json_object_get_userdata (number)
		       : NULL;
}
