/* SPDX-License-Identifier: MIT */
/* capture.c - output that is kept in memory, and texts to make it of. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/capture.h"
#include "lib/tap.h"

void
capture_write (void *user, const char *data, size_t len)
{
	struct capture *c = user;

	CU_ASSERT_FATAL (c->len + len <= sizeof c->data);
	memcpy (c->data + c->len, data, len);
	c->len += len;
}

/* No test appends more at once. */
#define APPEND_MAX 1024

void
text_vappend (char **text, size_t *len, size_t *cap, const char *fmt,
	      va_list args)
{
	int n;

	if (*cap - *len < APPEND_MAX) {
		*cap = 2 * *cap + APPEND_MAX;
		*text = realloc (*text, *cap);
		if (*text == NULL)
			abort ();
	}
	n = vsnprintf (*text + *len, *cap - *len, fmt, args);
	if (n > 0)
		*len += (size_t) n;
}

struct lhk_text
clean_text (const char *s)
{
	struct lhk_text text = { s, s == NULL ? 0 : strlen (s), LHK_TEXT_CLEAN,
				 0 };

	return text;
}
