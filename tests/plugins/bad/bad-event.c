/* SPDX-License-Identifier: MIT */
/* bad-event.c - says that a quote is the body of a JSON string. */
#define BAD_NAME "bad-event"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	(void) line;
	return bad_say (handle, "\"", 1, LHK_TEXT_CLEAN);
}
