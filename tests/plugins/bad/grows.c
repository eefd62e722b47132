/* SPDX-License-Identifier: MIT */
/* grows.c - keeps a copy of each line, until close. */
#define BAD_NAME "grows"
#define BAD_OWN_LINE_HOOK
#define BAD_STATE
#define BAD_OWN_CLOSE
#include "bad.h"

struct copy {
	struct copy *next;
	char bytes[100];
};

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	struct bad *b = handle;
	struct copy *copy = malloc (sizeof *copy);

	if (copy == NULL)
		return LHK_ENOMEM;
	copy->next = b->memory;
	b->memory = copy;
	return bad_line_hook (handle, line);
}

static void
own_close (void *handle)
{
	struct bad *b = handle;
	struct copy *copy = b->memory;

	while (copy != NULL) {
		struct copy *next = copy->next;

		free (copy);
		copy = next;
	}
	free (b);
}
