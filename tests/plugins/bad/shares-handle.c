/* SPDX-License-Identifier: MIT */
/* shares-handle.c - counts the lines since the last open. */
#define BAD_NAME "shares-handle"
#define BAD_OWN_LINE_HOOK
#define BAD_OWN_OPEN
#include "bad.h"

static unsigned long lines;

static int
say_number (const struct lhk_api *api, unsigned long n)
{
	char letter = (char) ('a' + n % 26);

	return bad_say (api, &letter, 1, LHK_TEXT_PLAIN);
}

static int
own_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	lines = 0;
	return bad_open (api, options, n_options, ret);
}

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	(void) line;
	return say_number (handle, lines++);
}
