/* SPDX-License-Identifier: MIT */
/* shares-buffer.c - has one buffer for the texts of all handles. */
#define BAD_NAME "shares-buffer"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static char buffer[256];

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	size_t i, len = line->len < sizeof buffer ? line->len : sizeof buffer;

	for (i = 0; i < len; i++)
		buffer[i] = line->data[i];
	(void) bad_say (handle, line->data, len, LHK_TEXT_PLAIN);
	return bad_say (handle, buffer, len, LHK_TEXT_PLAIN);
}
