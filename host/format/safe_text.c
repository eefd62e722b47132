/* SPDX-License-Identifier: MIT */
/* safe_text.c - a text of an event, harmless to a terminal and not too long. */
#include "config.h"

#include "common/termsafe.h"
#include "common/utf8.h"
#include "format/safe_text.h"
#include "json/text_reader.h"

/* The number of bytes of the first MAX characters at P. */
static size_t
head_len (const char *p, size_t n, size_t max)
{
	size_t at = 0, len;

	for (; at < n && max > 0; at += len, max--)
		utf8_decode (p + at, &len);
	return at;
}

/* Does the text have more than MAX characters? */
static int
is_longer (const struct lhk_text *text, size_t max)
{
	struct text_reader r;
	char piece[512];
	size_t n, i;

	text_reader_init (&r, text);
	while ((n = text_reader_plain (&r, piece, sizeof piece)) > 0)
		for (i = 0; i < n; i++)
			if ((piece[i] & 0xc0) != 0x80 && max-- == 0)
				return 1;
	return 0;
}

static size_t
count_chars (const char *p, size_t n)
{
	size_t i, chars = 0;

	for (i = 0; i < n; i++)
		chars += (p[i] & 0xc0) != 0x80;
	return chars;
}

void
format_safe_text (struct outbuf *o, const struct lhk_text *text, int one_line,
		  size_t max)
{
	int cut = max > 0 && is_longer (text, max);
	size_t n, left = cut ? (max > 3 ? max - 3 : 0) : SIZE_MAX;
	struct text_reader r;
	char piece[4096];

	text_reader_init (&r, text);
	while (left > 0
	       && (n = text_reader_plain (&r, piece, sizeof piece)) > 0) {
		n = head_len (piece, n, left);
		left -= count_chars (piece, n);
		termsafe_write (o, piece, n, one_line);
	}
	if (cut)
		OUTBUF_LIT (o, "\xe2\x80\xa6");
}
