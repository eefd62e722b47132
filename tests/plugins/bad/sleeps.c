/* SPDX-License-Identifier: MIT */
/* sleeps.c - its line_hook waits for nothing. */
#define _GNU_SOURCE
#include <unistd.h>

#define BAD_NAME "sleeps"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	for (;;)
		pause ();
	return bad_line_hook (handle, line);
}
