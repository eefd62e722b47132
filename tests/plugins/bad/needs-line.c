/* SPDX-License-Identifier: MIT */
/* needs-line.c - its flush fails without a line. */
#define BAD_NAME "needs-line"
#define BAD_OWN_LINE_HOOK
#define BAD_STATE
#define BAD_OWN_FLUSH
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	struct bad *b = handle;

	b->n++;
	return bad_line_hook (handle, line);
}

static int
own_flush (void *handle)
{
	struct bad *b = handle;

	return b->n == 0 ? LHK_EINVAL : LHK_OK;
}
