/* SPDX-License-Identifier: MIT */
/* prints.c - writes to standard output. */
#define _GNU_SOURCE
#include <unistd.h>

#define BAD_NAME "prints"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	if (write (1, "x", 1) < 0)
		return LHK_SKIP;
	return bad_say (handle, line->data, line->len, LHK_TEXT_PLAIN);
}
