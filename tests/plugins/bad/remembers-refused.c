/* SPDX-License-Identifier: MIT */
/* remembers-refused.c - counts the lines that it refuses. */
#define BAD_NAME "remembers-refused"
#define BAD_OWN_LINE_HOOK
#define BAD_STATE
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
	struct bad *b = handle;

	b->n++;
	if (line->len == 0 || line->data[line->len - 1] != '}')
		return LHK_EPARSE;
	return say_number (b->api, b->n);
}
