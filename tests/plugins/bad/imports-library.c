/* SPDX-License-Identifier: MIT */
/* imports-library.c - imports a function of the library. */
#define BAD_NAME "imports-library"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

extern const char *lhk_version (void) __attribute__ ((__weak__));

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	if (lhk_version != NULL)
		(void) lhk_version ();
	return bad_say (handle, line->data, line->len, LHK_TEXT_PLAIN);
}
