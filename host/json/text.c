/* SPDX-License-Identifier: MIT */
/*
 * text.c - texts in any form as plain UTF-8.
 *
 * Runs of bytes that need no change are copied whole, the rest character by
 * character.  Whoever set the form of a text vouches for it; still, a body
 * that is cut within an escape is read to its end only.
 */
#include "config.h"

#include <string.h>

#include "json/ops.h"

static const char bad_char[3] = { '\xef', '\xbf', '\xbd' };

/* Where decoded bytes go: all are counted, and written while they fit. */
struct target {
	char *out;
	size_t cap;
	size_t len; /* written */
	size_t need;
	int full;
};

/* Write one character, whole or not at all. */
static void
put_char (struct target *t, const char *p, size_t n)
{
	t->need += n;
	if (t->full || t->cap - t->len < n) {
		t->full = 1;
		return;
	}
	memcpy (t->out + t->len, p, n);
	t->len += n;
}

/* Write valid UTF-8 of any length. */
static void
put_run (struct target *t, const char *p, size_t n)
{
	size_t fits = t->cap - t->len;

	t->need += n;
	if (t->full || n == 0)
		return;
	if (fits >= n) {
		fits = n;
	} else {
		t->full = 1;
		while (fits > 0 && ((uint8_t) p[fits] & 0xc0) == 0x80)
			fits--;
	}
	if (fits > 0)
		memcpy (t->out + t->len, p, fits);
	t->len += fits;
}

/* P is behind `\u'.  *RET is the code point, U+FFFD for half a pair; returns
 * the byte behind the escape. */
static const char *
read_u (const char *p, const char *end, uint32_t *ret)
{
	uint32_t c, low;

	*ret = 0xfffd;
	if (end - p < 4)
		return end;
	c = lhk_json_hex4_value (p);
	p += 4;
	if (c < 0xd800 || c > 0xdfff) {
		*ret = c;
	} else if (c < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
		low = lhk_json_hex4_value (p + 2);
		if (low >= 0xdc00 && low <= 0xdfff) {
			*ret = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			p += 6;
		}
	}
	return p;
}

/* P is at a backslash.  OUT gets the 1 to 4 bytes that the escape stands for;
 * returns the byte behind it. */
static const char *
read_escape (const char *p, const char *end, char *out, size_t *ret_n)
{
	static const char names[] = "bfnrt", bytes[] = "\b\f\n\r\t";
	const char *name;
	uint32_t c;

	*ret_n = 1;
	if (end - p < 2) {
		memcpy (out, bad_char, 3);
		*ret_n = 3;
		return end;
	}
	if (p[1] == 'u') {
		p = read_u (p + 2, end, &c);
		*ret_n = lhk_json_utf8_put (out, c);
		return p;
	}
	name = memchr (names, p[1], sizeof (names) - 1);
	out[0] = name ? bytes[name - names] : p[1];
	return p + 2;
}

static void
decode_body (const char *p, const char *end, struct target *t)
{
	const char *slash;
	char c[4];
	size_t n;

	while (p < end) {
		slash = memchr (p, '\\', (size_t) (end - p));
		if (slash == NULL)
			slash = end;
		put_run (t, p, (size_t) (slash - p));
		p = slash;
		while (p < end && *p == '\\') {
			p = read_escape (p, end, c, &n);
			put_char (t, c, n);
		}
	}
}

static void
decode_plain (const char *p, const char *end, struct target *t)
{
	size_t n;

	if (lhk_json_utf8 (p, end)) {
		put_run (t, p, (size_t) (end - p));
		return;
	}
	while (p < end) {
		n = lhk_json_utf8_len (p, end);
		if (n != 0) {
			put_char (t, p, n);
		} else {
			n = lhk_json_utf8_bad (p, end);
			put_char (t, bad_char, sizeof (bad_char));
		}
		p += n;
	}
}

size_t
lhk_text_decode (const struct lhk_text *text, char *out, size_t cap,
		 size_t *ret_need)
{
	struct target t = { out, out == NULL ? 0 : cap, 0, 0, 0 };
	const char *end;

	if (text != NULL && text->ptr != NULL) {
		end = text->ptr + text->len;
		if (text->form == LHK_TEXT_PLAIN)
			decode_plain (text->ptr, end, &t);
		else if (text->form == LHK_TEXT_CLEAN)
			put_run (&t, text->ptr, text->len);
		else
			decode_body (text->ptr, end, &t);
	}
	if (ret_need != NULL)
		*ret_need = t.need;
	return t.len;
}

int
lhk_text_is (const struct lhk_text *text, const char *plain, size_t len)
{
	const char *p = text == NULL ? NULL : text->ptr;
	const char *end, *wanted_end;
	char c[4];
	size_t n;

	if (p == NULL || plain == NULL)
		return 0;
	wanted_end = plain + len;
	if (text->form <= LHK_TEXT_CLEAN)
		return text->len == len && memcmp (p, plain, len) == 0;
	for (end = p + text->len; p < end; plain += n) {
		if (*p == '\\') {
			p = read_escape (p, end, c, &n);
		} else {
			c[0] = *p++;
			n = 1;
		}
		if ((size_t) (wanted_end - plain) < n
		    || memcmp (c, plain, n) != 0)
			return 0;
	}
	return plain == wanted_end;
}

int
lhk_raw_text (const struct lhk_raw *raw, struct lhk_text *ret)
{
	uint32_t form;

	if (raw == NULL || ret == NULL || raw->ptr == NULL
	    || raw->type != LHK_JSON_STRING || raw->len < 2)
		return 0;
	form = (uint32_t) raw->form;
	if (form == 0 && !lhk_json_ops_here ()->string (raw->ptr + 1, &form))
		return 0;
	ret->ptr = raw->ptr + 1;
	ret->len = raw->len - 2;
	ret->form = form;
	ret->reserved = 0;
	return 1;
}
