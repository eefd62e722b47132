/* SPDX-License-Identifier: MIT */
/* crashes.c - crashes on the second line. */
#define BAD_NAME "crashes"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	/* No NULL: a sanitizer ends the process before that crashes. */
	volatile int *volatile nowhere = (volatile int *) (uintptr_t) 64;

	if (line->number == 2)
		*nowhere = 1;
	return bad_say (handle, line->data, line->len, LHK_TEXT_PLAIN);
}
