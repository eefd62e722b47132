/* SPDX-License-Identifier: MIT */
/* fears-damage.c - fails on a line with an escape sequence of a terminal. */
#include <string.h>

#define BAD_NAME "fears-damage"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	if (line->len > 0 && memchr (line->data, 0x1b, line->len) != NULL)
		return LHK_EINVAL;
	return bad_line_hook (handle, line);
}
