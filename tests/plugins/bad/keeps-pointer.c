/* SPDX-License-Identifier: MIT */
/* keeps-pointer.c - emits the line before. */
#define BAD_NAME "keeps-pointer"
#define BAD_OWN_LINE_HOOK
#define BAD_STATE
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	struct bad *b = handle;
	const char *kept = b->kept;
	size_t len = b->kept_len;

	b->kept = line->data;
	b->kept_len = line->len;
	return kept == NULL ? LHK_OK
			    : bad_say (b->api, kept, len, LHK_TEXT_PLAIN);
}
