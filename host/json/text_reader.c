/* SPDX-License-Identifier: MIT */
/*
 * text_reader.c - texts of any form, read in pieces of constant size.
 *
 * A text consists of spans, which are copied as they stand, and of single
 * characters between them, which are not: escapes in a JSON body, bad bytes
 * in a PLAIN text, and what needs an escape when a body is written.
 */
#include "config.h"

#include <string.h>

#include "json/ascii.h"
#include "json/separators.h"
#include "json/text_reader.h"
#include "json/utf8.h"
#include "common/mem.h"

#define REPLACEMENT 0xfffdu

void
text_reader_init (struct text_reader *r, const struct lhk_text *text)
{
	const char *p = text->ptr != NULL ? text->ptr : "";

	r->at = (const unsigned char *) p;
	r->end = r->at + (text->ptr != NULL ? text->len : 0);
	r->form = text->form <= LHK_TEXT_RAW ? text->form : LHK_TEXT_PLAIN;
}

/* Is byte AT from here the first of a line separator? */
static int
separator_at (const struct text_reader *r, size_t at)
{
	return lhk_json_separator ((const char *) r->at + at,
				   (size_t) (r->end - r->at) - at)
	       != 0;
}

/* The length of the next span of a PLAIN text, at most MAX bytes. */
static size_t
plain_span (const struct text_reader *r, size_t max, int body)
{
	size_t n = (size_t) (r->end - r->at), i = 0, k;

	if (max > n)
		max = n;
	for (;;) {
		i += ascii_span (r->at + i, max - i, body);
		if (i == max || r->at[i] < 0x80)
			return i;
		k = lhk_json_utf8_len ((const char *) r->at + i,
				       (const char *) r->end);
		if (k == 0 || k > max - i || (body && separator_at (r, i)))
			return i;
		i += k;
	}
}

/* The length of the next span of a JSON body, at most MAX bytes. */
static size_t
body_span (const struct text_reader *r, size_t max, int body)
{
	size_t n = (size_t) (r->end - r->at), k = n < max ? n : max, stop = k;
	const unsigned char *p;

	if (body) {
		stop = separators_find ((const char *) r->at, k, '\\', '\\');
	} else if (r->form != LHK_TEXT_CLEAN) {
		p = memchr (r->at, '\\', k);
		if (p != NULL)
			stop = (size_t) (p - r->at);
	}
	if (stop < k)
		return stop;
	if (k < n)
		while (k > 0 && (r->at[k] & 0xc0) == 0x80)
			k--;
	return k;
}

/* The value of \uXXXX at P, or -1 if there is no such escape. */
static int32_t
hex4 (const unsigned char *p, size_t n)
{
	int32_t value = 0;
	size_t i;

	if (n < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (i = 2; i < 6; i++) {
		unsigned char c = p[i] | 0x20;

		if (p[i] >= '0' && p[i] <= '9')
			value = value << 4 | (p[i] - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (c - 'a' + 10);
		else
			return -1;
	}
	return value;
}

/* The character that the escape at P stands for; *ret_used is its length. */
static uint32_t
read_escape (const unsigned char *p, size_t n, size_t *ret_used)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	int32_t first, second;
	const char *s;

	*ret_used = n < 2 ? n : 2;
	if (n < 2)
		return REPLACEMENT;
	s = memchr (from, p[1], sizeof from - 1);
	if (s != NULL)
		return (unsigned char) to[s - from];
	first = hex4 (p, n);
	if (first < 0)
		return REPLACEMENT;
	*ret_used = 6;
	if (first < 0xd800 || first > 0xdfff)
		return (uint32_t) first;
	second = first < 0xdc00 ? hex4 (p + 6, n - 6) : -1;
	if (second < 0xdc00 || second > 0xdfff)
		return REPLACEMENT;
	*ret_used = 12;
	return 0x10000u + ((uint32_t) (first - 0xd800) << 10)
	       + (uint32_t) (second - 0xdc00);
}

/* The code point of the separator at P, of N bytes. */
static uint32_t
separator_value (const unsigned char *p, size_t n)
{
	return n == 2 ? 0x85 : 0x2000u | (p[2] & 0x3fu);
}

/* The single character behind a span; *ret_used is its length, or 0 if it
 * belongs to a span that did not fit. */
static uint32_t
read_single (const struct text_reader *r, int body, size_t *ret_used)
{
	size_t n = (size_t) (r->end - r->at);

	*ret_used = 0;
	if (r->form != LHK_TEXT_PLAIN && *r->at == '\\')
		return read_escape (r->at, n, ret_used);
	if (body)
		*ret_used = lhk_json_separator ((const char *) r->at, n);
	if (*ret_used > 0)
		return separator_value (r->at, *ret_used);
	if (r->form != LHK_TEXT_PLAIN)
		return 0;
	if (body && ascii_needs_escape (*r->at)) {
		*ret_used = 1;
		return *r->at;
	}
	if (lhk_json_utf8_len ((const char *) r->at, (const char *) r->end) > 0)
		return 0;
	*ret_used =
		lhk_json_utf8_bad ((const char *) r->at, (const char *) r->end);
	return REPLACEMENT;
}

static size_t
put_escaped (char *out, uint32_t c)
{
	static const char digits[] = "0123456789abcdef";
	static const char short_form[0x20] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n',
		['\r'] = 'r', ['\t'] = 't',
	};
	int separator = c == 0x85 || (c | 1) == 0x2029;
	size_t i;

	if (c >= 0x20 && c != '"' && c != '\\' && !separator)
		return lhk_json_utf8_put (out, c);
	out[0] = '\\';
	if (!separator && (c >= 0x20 || short_form[c] != '\0')) {
		out[1] = c >= 0x20 ? (char) c : short_form[c];
		return 2;
	}
	out[1] = 'u';
	for (i = 5; i > 1; i--, c >>= 4)
		out[i] = digits[c & 15];
	return 6;
}

static size_t
convert (struct text_reader *r, char *out, size_t cap, int body)
{
	size_t n = 0, k, used;
	char single[TEXT_CHAR_MAX];
	uint32_t c;

	while (r->at < r->end) {
		k = r->form == LHK_TEXT_PLAIN ? plain_span (r, cap - n, body)
					      : body_span (r, cap - n, body);
		memcpy (out + n, r->at, k);
		n += k;
		r->at += k;
		if (r->at == r->end)
			break;
		c = read_single (r, body, &used);
		if (used == 0)
			break;
		k = body ? put_escaped (single, c)
			 : lhk_json_utf8_put (single, c);
		if (k > cap - n)
			break;
		memcpy (out + n, single, k);
		n += k;
		r->at += used;
	}
	return n;
}

size_t
text_reader_plain (struct text_reader *r, char *out, size_t cap)
{
	return convert (r, out, cap, 0);
}

size_t
text_reader_body (struct text_reader *r, char *out, size_t cap)
{
	return convert (r, out, cap, 1);
}

int
text_reader_is_blank (const struct lhk_text *text)
{
	static const char space[] = { ' ', '\t', '\n', '\r', '\f', '\v' };
	struct text_reader r;
	char piece[64];
	size_t n;

	text_reader_init (&r, text);
	while ((n = text_reader_plain (&r, piece, sizeof piece)) > 0)
		while (n > 0)
			if (memchr (space, piece[--n], sizeof space) == NULL)
				return 0;
	return 1;
}

/* Where the escape begins inside of which byte AT of a body lies; AT itself
 * if it lies in none. */
static size_t
escape_begin (const unsigned char *p, size_t n, size_t at)
{
	size_t i = at, k;

	while (i > 0 && at - i < TEXT_CHAR_MAX - 1 && p[i - 1] != '\\')
		i--;
	if (i == 0 || p[i - 1] != '\\')
		return at;
	for (k = 0; k < i && p[i - 1 - k] == '\\'; k++)
		;
	if (k % 2 == 0)
		return at;
	i--;
	k = i + 1 < n && p[i + 1] == 'u' ? 6 : 2;
	return i + k > at ? i : at;
}

size_t
text_reader_prefix (const struct lhk_text *text, size_t max)
{
	const unsigned char *p = (const unsigned char *) text->ptr;
	size_t at = max;
	int32_t c;

	if (text->len <= max)
		return text->len;
	if (text->form == LHK_TEXT_CANONICAL || text->form == LHK_TEXT_RAW)
		at = escape_begin (p, text->len, at);
	while (at > 0 && (p[at] & 0xc0) == 0x80)
		at--;
	if (text->form != LHK_TEXT_RAW || at < 6
	    || escape_begin (p, text->len, at - 1) != at - 6)
		return at;
	c = hex4 (p + at - 6, 6);
	return c >= 0xd800 && c < 0xdc00 ? at - 6 : at;
}

int
text_copy_set (const struct lhk_alloc *alloc, struct text_copy *copy,
	       const struct lhk_text *text, size_t max)
{
	/* A bad byte becomes three bytes; escapes only shrink. */
	size_t need = text->form == LHK_TEXT_PLAIN && text->len < max
			      ? 3 * text->len
			      : text->len;
	struct text_reader r;

	copy->given = 0;
	copy->len = 0;
	if (text->ptr == NULL)
		return LHK_OK;
	if (need > max)
		need = max;
	if (need > copy->cap) {
		mem_free (alloc, copy->ptr, copy->cap);
		copy->cap = 0;
		copy->ptr = mem_new (alloc, need);
		if (copy->ptr == NULL)
			return LHK_ENOMEM;
		copy->cap = need;
	}
	text_reader_init (&r, text);
	if (copy->cap > 0)
		copy->len = text_reader_plain (
			&r, copy->ptr, copy->cap < max ? copy->cap : max);
	copy->given = 1;
	return LHK_OK;
}

void
text_copy_free (const struct lhk_alloc *alloc, struct text_copy *copy)
{
	mem_free (alloc, copy->ptr, copy->cap);
	memset (copy, 0, sizeof *copy);
}

struct lhk_text
text_copy_get (const struct text_copy *copy)
{
	struct lhk_text t = { NULL, 0, LHK_TEXT_PLAIN, 0 };

	if (copy->given) {
		t.ptr = copy->len > 0 ? copy->ptr : "";
		t.len = copy->len;
	}
	return t;
}
