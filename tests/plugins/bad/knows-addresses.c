/* SPDX-License-Identifier: MIT */
/* knows-addresses.c - expects each line behind the one before it. */
#define BAD_NAME "knows-addresses"
#define BAD_OWN_LINE_HOOK
#define BAD_STATE
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	struct bad *b = handle;
	int is_before = b->kept != NULL && line->data < b->kept;

	if (line->len > 0 && line->data[line->len - 1] != '}')
		return LHK_EPARSE;
	b->kept = line->data;
	return bad_say (b->api, is_before ? "back" : "on", 2, LHK_TEXT_PLAIN);
}
