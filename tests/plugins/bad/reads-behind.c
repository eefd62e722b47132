/* SPDX-License-Identifier: MIT */
/* reads-behind.c - reads a byte behind the padding. */
#define BAD_NAME "reads-behind"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	const volatile char *p = line->data + line->len;

	if (p[LHK_LINE_PADDING] == '\0' && p[0] == '\0')
		return LHK_SKIP;
	return bad_say (handle, line->data, line->len, LHK_TEXT_PLAIN);
}
