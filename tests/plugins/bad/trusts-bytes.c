/* SPDX-License-Identifier: MIT */
/* trusts-bytes.c - passes a NUL on as a part of a JSON string. */
#include <string.h>

#define BAD_NAME "trusts-bytes"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	if (line->len > 0 && memchr (line->data, 0, line->len) != NULL)
		return bad_say (handle, "a\0b", 3, LHK_TEXT_CLEAN);
	return bad_line_hook (handle, line);
}
