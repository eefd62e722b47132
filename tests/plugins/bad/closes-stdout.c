/* SPDX-License-Identifier: MIT */
/* closes-stdout.c - closes standard output. */
#define _GNU_SOURCE
#include <unistd.h>

#define BAD_NAME "closes-stdout"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	(void) close (1);
	return bad_say (handle, line->data, line->len, LHK_TEXT_PLAIN);
}
