/* SPDX-License-Identifier: MIT */
/* good.c - nothing is wrong with it: the others are measured by it. */
#include <string.h>

static const char *const good_programs[] = { "good", NULL };

#define BAD_NAME "good"
#define BAD_PROGRAMS good_programs
#define BAD_STATE
#define BAD_OWN_LINE_HOOK
#define BAD_OWN_PROBE
#include "bad.h"

/* Its texts are in memory that is gone when emit has returned. */
static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	struct bad *b = handle;
	char *copy;
	int r;

	if (line->len == 0)
		return LHK_SKIP;
	copy = malloc (line->len);
	if (copy == NULL)
		return LHK_ENOMEM;
	memcpy (copy, line->data, line->len);
	r = bad_say (b->api, copy, line->len, LHK_TEXT_PLAIN);
	memset (copy, 0xa5, line->len);
	free (copy);
	return r;
}

static int
own_probe (const char *data, size_t len)
{
	static const char mark[] = "{\"good\":";

	return len >= sizeof mark - 1
	       && memcmp (data, mark, sizeof mark - 1) == 0;
}
