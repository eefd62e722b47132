/* SPDX-License-Identifier: MIT */
/* frees-twice.c - frees its memory after an error, and in close. */
#define BAD_NAME "frees-twice"
#define BAD_OWN_LINE_HOOK
#define BAD_STATE
#define BAD_OWN_CLOSE
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	struct bad *b = handle;
	int r;

	if (b->memory == NULL)
		b->memory = malloc (64);
	r = bad_line_hook (handle, line);
	if (r < 0)
		free (b->memory);
	return r;
}

static void
own_close (void *handle)
{
	struct bad *b = handle;

	free (b->memory);
	free (b);
}
