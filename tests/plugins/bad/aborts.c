/* SPDX-License-Identifier: MIT */
/* aborts.c - aborts on the third line. */
#define BAD_NAME "aborts"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	if (line->number == 3)
		abort ();
	return bad_say (handle, line->data, line->len, LHK_TEXT_PLAIN);
}
