/* SPDX-License-Identifier: MIT */
/* loops.c - its line_hook does not return. */
#define BAD_NAME "loops"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	const volatile char *p = line->data;

	for (;;)
		if (p[line->len] != '\n')
			return bad_say (handle, line->data, 0, LHK_TEXT_PLAIN);
}
