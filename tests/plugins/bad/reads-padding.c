/* SPDX-License-Identifier: MIT */
/* reads-padding.c - gives a meaning to the second byte after the line. */
#define BAD_NAME "reads-padding"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
say_number (const struct lhk_api *api, unsigned long n)
{
	char letter = (char) ('a' + n % 26);

	return bad_say (api, &letter, 1, LHK_TEXT_PLAIN);
}

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	return say_number (handle, (unsigned char) line->data[line->len + 1]);
}
