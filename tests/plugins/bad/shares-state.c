/* SPDX-License-Identifier: MIT */
/* shares-state.c - counts the lines of all handles. */
#define BAD_NAME "shares-state"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static unsigned long lines;

static int
say_number (const struct lhk_api *api, unsigned long n)
{
	char letter = (char) ('a' + n % 26);

	return bad_say (api, &letter, 1, LHK_TEXT_PLAIN);
}

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	(void) line;
	return say_number (handle, lines++);
}
