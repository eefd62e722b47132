/* SPDX-License-Identifier: MIT */
/* quadratic.c - measures the rest of the line again for each byte. */
#define BAD_NAME "quadratic"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	const volatile char *p = line->data;
	size_t i, k;

	for (i = 0; i < line->len; i++)
		for (k = i; k < line->len && p[k] != '\n'; k++)
			;
	return bad_say (handle, line->data, line->len, LHK_TEXT_PLAIN);
}
