/* SPDX-License-Identifier: MIT */
/* clip.c - as much of a text as goes into so many columns of one line. */
#include "config.h"

#include <string.h>

#include "cli/view/clip.h"
#include "common/termsafe.h"
#include "common/text.h"
#include "common/utf8.h"
#include "json/text_reader.h"

/* A clip that is being made. */
struct clipping {
	struct clip *clip;
	unsigned int max;
	struct mark cut;
	/* Where the mark goes if the text is cut. */
	size_t cut_len;
	unsigned int cut_columns;
	unsigned int blanks; /* before the next character */
	unsigned int marks;  /* on the last character */
	uint32_t last;	     /* character, 0 at first */
	int newline;	     /* a newline is among them */
};

/* Append LEN bytes of COLUMNS.  0: there is no room. */
static int
append (struct clipping *k, const char *p, size_t len, unsigned int columns)
{
	struct clip *c = k->clip;

	if (c->columns + columns > k->max
	    || c->len + len + strlen (k->cut.text) > sizeof c->data)
		return 0;
	memcpy (c->data + c->len, p, len);
	c->len += len;
	c->columns += columns;
	if (c->columns + k->cut.columns <= k->max) {
		k->cut_len = c->len;
		k->cut_columns = c->columns;
	}
	return 1;
}

static int
append_blanks (struct clipping *k)
{
	struct mark newline = mark_of (MARK_NEWLINE, k->clip->ascii);
	unsigned int n = k->clip->len == 0 ? 0 : k->blanks;
	int had_newline = n > 0 && k->newline;

	k->blanks = 0;
	k->newline = 0;
	if (had_newline)
		return append (k, newline.text, strlen (newline.text),
			       newline.columns);
	while (n-- > 0)
		if (!append (k, " ", 1, 1))
			return 0;
	return 1;
}

/* The next character, of LEN bytes.  0: there is no room. */
static int
append_char (struct clipping *k, uint32_t c, const char *p, size_t len)
{
	char visible[TERMSAFE_VISIBLE_MAX];
	uint32_t last = k->last;
	unsigned int columns;
	size_t n;

	k->last = c;
	if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
		k->blanks += k->blanks < SCREEN_COLUMNS_MAX;
		k->newline |= c == '\n';
		return 1;
	}
	if (!append_blanks (k))
		return 0;
	columns = screen_char_columns (c);
	k->marks = columns > 0 ? 0 : k->marks + 1;
	if (termsafe_is_safe_after (c, last) && k->marks <= SCREEN_MARKS_MAX)
		return append (k, p, len, columns);
	k->marks = 0;
	n = termsafe_visible (c, visible);
	return append (k, visible, n, (unsigned int) n);
}

/* All of TEXT, or what there is room for: then 0. */
static int
append_text (struct clipping *k, const struct lhk_text *text)
{
	struct text_reader r;
	char piece[512];
	size_t n, at, len;

	text_reader_init (&r, text);
	while ((n = text_reader_plain (&r, piece, sizeof piece)) > 0)
		for (at = 0; at < n; at += len) {
			uint32_t c = utf8_decode (piece + at, &len);

			if (!append_char (k, c, piece + at, len))
				return 0;
		}
	return 1;
}

static void
begin (struct clipping *k, struct clip *c, unsigned int max)
{
	memset (k, 0, sizeof *k);
	k->clip = c;
	k->max = max;
	k->cut = mark_of (MARK_CUT, c->ascii);
	c->len = 0;
	c->columns = 0;
}

void
clip_text (struct clip *c, const struct lhk_text *text, unsigned int max)
{
	struct clipping k;

	begin (&k, c, max);
	if (append_text (&k, text))
		return;
	c->len = k.cut_len;
	c->columns = k.cut_columns;
	while (c->len > 0 && c->data[c->len - 1] == ' ') {
		c->len--;
		c->columns--;
	}
	if (c->columns + k.cut.columns > max)
		return;
	memcpy (c->data + c->len, k.cut.text, strlen (k.cut.text));
	c->len += strlen (k.cut.text);
	c->columns += k.cut.columns;
}

/* Take the first LEN bytes away. */
static void
drop_head (struct clip *c, size_t len)
{
	size_t at = 0, n;

	for (; at < len; at += n)
		c->columns -=
			screen_char_columns (utf8_decode (c->data + at, &n));
	c->len -= len;
	memmove (c->data, c->data + len, c->len);
}

/* Where the longest end of the path begins that is of whole names and has at most
 * MAX columns; 0: there is none. */
static size_t
tail_from (const struct clip *c, unsigned int max)
{
	unsigned int left = c->columns;
	size_t at = 0, n;

	for (; at < c->len; at += n) {
		uint32_t ch = utf8_decode (c->data + at, &n);

		if (ch == '/' && left <= max && at + 1 < c->len)
			return at;
		left -= screen_char_columns (ch);
	}
	return 0;
}

void
clip_path (struct clip *c, const struct lhk_text *text, unsigned int max,
	   const char *base, size_t base_len)
{
	struct clipping k;
	struct mark cut;
	size_t from;

	begin (&k, c, SCREEN_COLUMNS_MAX);
	if (!append_text (&k, text)) {
		clip_text (c, text, max);
		return;
	}
	if (base_len > 1 && c->len > base_len + 1 && c->data[base_len] == '/'
	    && memcmp (c->data, base, base_len) == 0)
		drop_head (c, base_len + 1);
	if (c->columns <= max)
		return;
	cut = mark_of (MARK_CUT, c->ascii);
	from = max > cut.columns ? tail_from (c, max - cut.columns) : 0;
	if (from == 0) {
		clip_text (c, text, max);
		return;
	}
	drop_head (c, from);
	memmove (c->data + strlen (cut.text), c->data, c->len);
	memcpy (c->data, cut.text, strlen (cut.text));
	c->len += strlen (cut.text);
	c->columns += cut.columns;
}

void
clip_put (const struct clip *c, struct screen *s)
{
	screen_put (s, c->data, c->len, c->columns);
}
