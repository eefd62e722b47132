/* SPDX-License-Identifier: MIT */
/* exits.c - ends the process, with an exit status of success. */
#define BAD_NAME "exits"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	if (line->number == 2)
		exit (0);
	return bad_say (handle, line->data, line->len, LHK_TEXT_PLAIN);
}
