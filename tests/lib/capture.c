/* SPDX-License-Identifier: MIT */
/* capture.c - output that is kept in memory, and texts to make it of. */
#include "config.h"

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

struct lhk_text
clean_text (const char *s)
{
	struct lhk_text text = { s, s == NULL ? 0 : strlen (s), LHK_TEXT_CLEAN,
				 0 };

	return text;
}
