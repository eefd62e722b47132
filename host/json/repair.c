/* SPDX-License-Identifier: MIT */
/* repair.c - replace what strings must not hold. */
#include "config.h"

#include <string.h>

#include "json/ops.h"
#include "json/repair.h"

/* The next bytes of a line that are treated alike. */
struct piece {
	size_t len;
	int bad; /* replace them */
};

/* What the bytes before a place in the line say about it. */
struct place {
	int in_string;
	int escaped;
};

static struct piece
next_piece (struct place *at, const char *p, const char *end)
{
	const uint8_t c = (uint8_t) *p;
	struct piece piece = { 1, 0 };
	const int escaped = at->escaped;

	at->escaped = 0;
	if (!at->in_string) {
		at->in_string = c == '"';
	} else if (c < 0x20) {
		piece.bad = 1;
	} else if (c >= 0x80) {
		piece.len = lhk_json_utf8_len (p, end);
		if (piece.len == 0) {
			piece.len = lhk_json_utf8_bad (p, end);
			piece.bad = 1;
		}
	} else if (!escaped) {
		at->in_string = c != '"';
		at->escaped = c == '\\';
	}
	return piece;
}

size_t
repair_size (const char *data, size_t len)
{
	const char *end = data + len;
	struct place at = { 0, 0 };
	struct piece piece;
	size_t size = 0;
	int any = 0;

	while (data < end) {
		piece = next_piece (&at, data, end);
		size += piece.bad ? 3 : piece.len;
		any |= piece.bad;
		data += piece.len;
	}
	return any ? size : 0;
}

size_t
repair_line (const char *data, size_t len, char *out)
{
	const char *start = out;
	const char *end = data + len;
	struct place at = { 0, 0 };
	struct piece piece;

	while (data < end) {
		piece = next_piece (&at, data, end);
		if (piece.bad) {
			memcpy (out, "\xef\xbf\xbd", 3);
			out += 3;
		} else {
			memcpy (out, data, piece.len);
			out += piece.len;
		}
		data += piece.len;
	}
	return (size_t) (out - start);
}
