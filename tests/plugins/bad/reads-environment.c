/* SPDX-License-Identifier: MIT */
/* reads-environment.c - what it says depends on the environment. */
#define BAD_NAME "reads-environment"
#define BAD_OWN_LINE_HOOK
#define BAD_STATE
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	struct bad *b = handle;

	if (line->len > 0 && line->data[line->len - 1] != '}')
		return LHK_EPARSE;
	return bad_say (b->api, getenv ("PATH") == NULL ? "no" : "as", 2,
			LHK_TEXT_PLAIN);
}
