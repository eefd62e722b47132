/* SPDX-License-Identifier: MIT */
/* writes-line.c - ends the line with a NUL. */
#define BAD_NAME "writes-line"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	((char *) (uintptr_t) line->data)[line->len] = '\0';
	return bad_say (handle, line->data, line->len, LHK_TEXT_PLAIN);
}
