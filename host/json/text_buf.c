/* SPDX-License-Identifier: MIT */
/* text_buf.c - a text, or the text of a JSON value, put together from pieces. */
#include "config.h"

#include <string.h>

#include "json/ops.h"

/* A 64-bit division would call a library on 32-bit machines. */
/* clang-format off: a table */
static const uint64_t powers[] = {
	UINT64_C (1000000000000000000),
	UINT64_C (100000000000000000),
	UINT64_C (10000000000000000),
	UINT64_C (1000000000000000),
	UINT64_C (100000000000000),
	UINT64_C (10000000000000),
	UINT64_C (1000000000000),
	UINT64_C (100000000000),
	UINT64_C (10000000000),
	UINT64_C (1000000000),
	UINT64_C (100000000),
	UINT64_C (10000000),
	UINT64_C (1000000),
	UINT64_C (100000),
	UINT64_C (10000),
	UINT64_C (1000),
	UINT64_C (100),
	UINT64_C (10),
	UINT64_C (1),
};
/* clang-format on */
#define N_POWERS (sizeof (powers) / sizeof (powers[0]))

void
lhk_text_begin (struct lhk_text_buf *b, char *memory, size_t cap)
{
	b->ptr = memory;
	b->cap = memory == NULL ? 0 : cap;
	b->len = 0;
	b->need = 0;
}

/* Append N bytes, all or none of them. */
static void
put_whole (struct lhk_text_buf *b, const char *p, size_t n)
{
	if (n > 0 && b->need == b->len && n <= b->cap - b->len) {
		memcpy (b->ptr + b->len, p, n);
		b->len += n;
	}
	b->need += n;
}

void
lhk_text_put_text (struct lhk_text_buf *b, const struct lhk_text *text)
{
	size_t need, cap = b->need == b->len ? b->cap - b->len : 0;

	b->len += lhk_text_decode (text, cap > 0 ? b->ptr + b->len : NULL, cap,
				   &need);
	b->need += need;
}

void
lhk_text_put (struct lhk_text_buf *b, const char *plain, size_t len)
{
	struct lhk_text text = { plain, len, LHK_TEXT_PLAIN, 0 };

	lhk_text_put_text (b, &text);
}

void
lhk_text_put_int (struct lhk_text_buf *b, int64_t value)
{
	uint64_t rest = value < 0 ? 0 - (uint64_t) value : (uint64_t) value;
	char out[N_POWERS + 1];
	size_t n = 0, i;
	char digit;

	if (value < 0)
		out[n++] = '-';
	for (i = 0; i < N_POWERS - 1 && powers[i] > rest;)
		i++;
	for (; i < N_POWERS; i++) {
		for (digit = '0'; rest >= powers[i]; digit++)
			rest -= powers[i];
		out[n++] = digit;
	}
	put_whole (b, out, n);
}

/* The escape of the ASCII character C, at OUT; its length, 0: it needs none. */
static size_t
escape (unsigned char c, char out[6])
{
	static const char names[] = "bfnrt", bytes[] = "\b\f\n\r\t";
	static const char digits[] = "0123456789abcdef";
	const char *name;

	out[0] = '\\';
	out[1] = (char) c;
	if (c == '"' || c == '\\')
		return 2;
	if (c >= 0x20)
		return 0;
	name = c == 0 ? NULL : strchr (bytes, c);
	if (name != NULL) {
		out[1] = names[name - bytes];
		return 2;
	}
	memcpy (out + 1, "u00", 3);
	out[4] = digits[c >> 4];
	out[5] = digits[c & 15];
	return 6;
}

/* Append plain bytes as they stand between the quotes of a string. */
static void
put_escaped (struct lhk_text_buf *b, const char *p, const char *end)
{
	char escaped[6];
	size_t n, n_escaped;

	for (; p < end; p += n) {
		n = lhk_json_utf8_len (p, end);
		n_escaped = n == 1 ? escape ((unsigned char) *p, escaped) : 0;
		if (n_escaped > 0) {
			put_whole (b, escaped, n_escaped);
		} else if (n > 0) {
			put_whole (b, p, n);
		} else {
			n = lhk_json_utf8_bad (p, end);
			put_whole (b, "\xef\xbf\xbd", 3);
		}
	}
}

void
lhk_text_put_json (struct lhk_text_buf *b, const struct lhk_text *text)
{
	if (text == NULL || text->ptr == NULL) {
		put_whole (b, "null", 4);
		return;
	}
	put_whole (b, "\"", 1);
	if (text->form == LHK_TEXT_PLAIN)
		put_escaped (b, text->ptr, text->ptr + text->len);
	else
		put_whole (b, text->ptr, text->len);
	put_whole (b, "\"", 1);
}

struct lhk_text
lhk_text_end (const struct lhk_text_buf *b)
{
	struct lhk_text text = { b->len > 0 ? b->ptr : "", b->len,
				 LHK_TEXT_PLAIN, 0 };

	return text;
}

struct lhk_str
lhk_text_end_json (const struct lhk_text_buf *b)
{
	struct lhk_str absent = { NULL, 0 };
	struct lhk_str json = { b->ptr, b->len };

	return b->len > 0 && b->len == b->need ? json : absent;
}
