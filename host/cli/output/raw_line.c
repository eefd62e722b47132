/* SPDX-License-Identifier: MIT */
/* raw_line.c - a line of the agent among our own lines. */
#include "config.h"

#include <string.h>

#include "cli/output/raw_line.h"
#include "common/text.h"
#include "json/text_reader.h"

/* Bytes that are written at once. */
#define PIECE 4096

/* How many of the last bytes are the begin of a character of UTF-8. */
static size_t
incomplete (const char *p, size_t n)
{
	unsigned char c;
	size_t k, need;

	for (k = 1; k <= 3 && k <= n; k++) {
		c = (unsigned char) p[n - k];
		if (c < 0x80)
			return 0;
		need = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
		if (c >= 0xc0)
			return need > k ? k : 0;
	}
	return 0;
}

static void
put_body (struct outbuf *o, const char *p, size_t n)
{
	const struct lhk_text text = text_from_bytes (p, n);
	struct text_reader r;
	char body[PIECE];
	size_t len;

	if (n == 0)
		return;
	text_reader_init (&r, &text);
	while ((len = text_reader_body (&r, body, sizeof body)) > 0)
		outbuf_put (o, body, len);
}

/* At most PIECE bytes less than there is room for; LAST: nothing follows. */
static void
put_piece (struct raw_line *l, struct outbuf *o, const char *data, size_t len,
	   int last)
{
	char piece[PIECE + sizeof l->tail];
	size_t n = l->n_tail, hold;

	memcpy (piece, l->tail, n);
	if (len > 0)
		memcpy (piece + n, data, len);
	n += len;
	hold = last ? 0 : incomplete (piece, n);
	put_body (o, piece, n - hold);
	memcpy (l->tail, piece + n - hold, hold);
	l->n_tail = hold;
}

void
raw_line_put (struct raw_line *l, struct outbuf *o, const char *data,
	      size_t len)
{
	int ended = len > 0 && data[len - 1] == '\n';
	size_t n;

	if (!l->open)
		OUTBUF_LIT (o, "{\"raw\":\"");
	l->open = 1;
	len -= ended ? 1 : 0;
	for (; len > 0; data += n, len -= n) {
		n = len < PIECE ? len : PIECE;
		put_piece (l, o, data, n, 0);
	}
	if (ended)
		raw_line_end (l, o);
}

void
raw_line_end (struct raw_line *l, struct outbuf *o)
{
	if (!l->open)
		return;
	put_piece (l, o, NULL, 0, 1);
	OUTBUF_LIT (o, "\"}\n");
	l->open = 0;
}
