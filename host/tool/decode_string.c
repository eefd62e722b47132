/* SPDX-License-Identifier: MIT */
/* decode_string.c - strings of a document: their rules, in pieces. */
#include "config.h"

#include <string.h>

#include "json/utf8.h"
#include "tool/decode.h"

/* As n_hex: the digits have not begun. */
#define BEHIND_SLASH 5

/* The most that \uXXXX comes to, in UTF-8. */
#define UNIT_MAX 3

/* The byte behind a backslash. */
static int
escape (struct decode *d, char c)
{
	d->n_hex = 0;
	if (c == 'u') {
		d->n_hex = 4;
		d->hex = 0;
		return 0;
	}
	if (c == '\0' || strchr ("\"\\/bfnrt", c) == NULL)
		return decode_fail (d, DECODE_ESCAPE);
	d->text_len++;
	return 0;
}

static int
hex_digit (struct decode *d, char c)
{
	uint32_t value;

	if (c >= '0' && c <= '9')
		value = (uint32_t) (c - '0');
	else if (c >= 'a' && c <= 'f')
		value = (uint32_t) (c - 'a' + 10);
	else if (c >= 'A' && c <= 'F')
		value = (uint32_t) (c - 'A' + 10);
	else
		return decode_fail (d, DECODE_ESCAPE);
	d->hex = d->hex << 4 | value;
	if (--d->n_hex > 0)
		return 0;
	d->text_len += UNIT_MAX;
	return d->hex == 0 && d->in_name ? decode_fail (d, DECODE_NAME) : 0;
}

/* One more byte of a character that the last piece ended in. */
static int
part_byte (struct decode *d, char c)
{
	size_t n = ++d->n_part;
	const char *end = d->part + n;

	d->part[n - 1] = c;
	if (lhk_json_utf8_len (d->part, end) == n) {
		d->n_part = 0;
		d->text_len += n;
		return 0;
	}
	if (n < sizeof d->part && lhk_json_utf8_bad (d->part, end) == n)
		return 0;
	return decode_fail (d, DECODE_UTF8);
}

/* As far as characters stand for themselves and are whole; to the one that is
 * no UTF-8 after an error. */
static const char *
plain (struct decode *d, const char *p, const char *end)
{
	size_t n;

	while (p < end) {
		if ((unsigned char) *p < 0x20 || *p == '"' || *p == '\\')
			break;
		if ((unsigned char) *p < 0x80) {
			p++;
			continue;
		}
		n = lhk_json_utf8_len (p, end);
		if (n == 0 && lhk_json_utf8_bad (p, end) < (size_t) (end - p)) {
			decode_fail (d, DECODE_UTF8);
			break;
		}
		if (n == 0)
			break;
		p += n;
	}
	return p;
}

/* A byte that does not stand for itself, or begins a character that the piece
 * does not hold. */
static int
special (struct decode *d, char c)
{
	if (c == '"')
		return decode_string_over (d);
	if (c == '\\') {
		d->n_hex = BEHIND_SLASH;
		return 0;
	}
	if ((unsigned char) c < 0x20)
		return decode_fail (d, DECODE_CONTROL);
	return part_byte (d, c);
}

static int
odd_byte (struct decode *d, char c)
{
	if (d->n_hex == BEHIND_SLASH)
		return escape (d, c);
	if (d->n_hex != 0)
		return hex_digit (d, c);
	if (d->n_part != 0)
		return part_byte (d, c);
	return special (d, c);
}

const char *
decode_string (struct decode *d, const char *p, const char *end)
{
	const char *from = p, *to;

	while (p < end && d->state == IN_STRING) {
		if (d->n_hex == 0 && d->n_part == 0) {
			to = plain (d, p, end);
			d->text_len += (uint64_t) (to - p);
			p = to;
		}
		if (d->error != DECODE_FINE
		    || (p < end && odd_byte (d, *p) < 0)) {
			d->off += (uint64_t) (p - from);
			return NULL;
		}
		p += p < end;
	}
	return p;
}
