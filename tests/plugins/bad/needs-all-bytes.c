/* SPDX-License-Identifier: MIT */
/* needs-all-bytes.c - fails on a line that was too long. */
#define BAD_NAME "needs-all-bytes"
#define BAD_FLAGS LHK_PLUGIN_JSON
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	return line->full_len != line->len ? LHK_EINVAL
					   : bad_line_hook (handle, line);
}
