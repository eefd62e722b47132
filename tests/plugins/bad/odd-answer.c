/* SPDX-License-Identifier: MIT */
/* odd-answer.c - returns a value that no host knows. */
#define BAD_NAME "odd-answer"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	if (line->number == 2)
		return -77;
	return bad_say (handle, line->data, line->len, LHK_TEXT_PLAIN);
}
