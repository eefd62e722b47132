/* SPDX-License-Identifier: MIT */
/* needs-whole-line.c - fails when the stream ends inside of a line. */
#define BAD_NAME "needs-whole-line"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	if ((line->flags & LHK_LINE_UNTERMINATED) != 0 && line->len > 20
	    && line->data[2] == 't' && line->data[3] == 'y'
	    && line->data[line->len - 1] != '}'
	    && line->data[line->len - 1] != ' ')
		return LHK_EINVAL;
	return bad_line_hook (handle, line);
}
