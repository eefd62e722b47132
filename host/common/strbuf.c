/* SPDX-License-Identifier: MIT */
/* strbuf.c - bytes that grow. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/mem.h"
#include "common/strbuf.h"

void
strbuf_init (struct strbuf *b, const struct lhk_alloc *alloc)
{
	memset (b, 0, sizeof *b);
	b->alloc = alloc;
}

void
strbuf_free (struct strbuf *b)
{
	mem_free (b->alloc, b->data, b->cap);
	b->data = NULL;
	b->len = b->cap = 0;
	b->failed = 0;
}

void
strbuf_clear (struct strbuf *b)
{
	b->len = 0;
	b->failed = 0;
	if (b->data != NULL)
		b->data[0] = '\0';
}

int
strbuf_reserve (struct strbuf *b, size_t len)
{
	void *data = b->data;

	if (len >= SIZE_MAX - b->len
	    || mem_grow (b->alloc, &data, &b->cap, b->len + len + 1, 1) < 0) {
		b->failed = 1;
		return LHK_ENOMEM;
	}
	b->data = data;
	b->data[b->len] = '\0';
	return LHK_OK;
}

void
strbuf_add (struct strbuf *b, const void *data, size_t len)
{
	if (b->failed || strbuf_reserve (b, len) < 0)
		return;
	if (len > 0)
		memcpy (b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void
strbuf_add_str (struct strbuf *b, const char *s)
{
	strbuf_add (b, s, strlen (s));
}

void
strbuf_addf (struct strbuf *b, const char *fmt, ...)
{
	va_list args, again;
	int len;

	va_start (args, fmt);
	va_copy (again, args);
	len = vsnprintf (NULL, 0, fmt, args);
	if (len < 0)
		b->failed = 1;
	else if (!b->failed && strbuf_reserve (b, (size_t) len) == LHK_OK)
		b->len += (size_t) vsnprintf (b->data + b->len,
					      (size_t) len + 1, fmt, again);
	va_end (again);
	va_end (args);
}

int
strbuf_failed (const struct strbuf *b)
{
	return b->failed ? LHK_ENOMEM : LHK_OK;
}

const char *
strbuf_str (const struct strbuf *b)
{
	return b->data == NULL ? "" : b->data;
}

void
strbuf_write (void *user, const char *data, size_t len)
{
	strbuf_add (user, data, len);
}
