/* SPDX-License-Identifier: MIT */
/* overflows.c - uses up the stack. */
#define BAD_NAME "overflows"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static size_t
descend (const struct lhk_line *line, size_t depth)
{
	volatile char room[4096];

	if (depth > line->full_len + ((size_t) 1 << 30))
		return depth;
	room[0] = (char) depth;
	room[4095] = room[0];
	return (size_t) room[0] + descend (line, depth + 1)
	       + (size_t) room[4095];
}

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	return descend (line, 0) == 1
		       ? LHK_SKIP
		       : bad_say (handle, line->data, 0, LHK_TEXT_PLAIN);
}
