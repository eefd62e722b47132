/* SPDX-License-Identifier: MIT */
/* termsafe.c - text that can do nothing to a terminal or to a reader's eye. */
#include "config.h"

#include "common/macros.h"
#include "common/termsafe.h"
#include "common/utf8.h"

/* Characters that move, hide, turn round or forge text.  The first block of
 * variation selectors is not among them: many emoji have one. */
static const struct {
	uint32_t first, last;
	/* clang-format off: a table */
} unsafe[] = {
	{ 0x0, 0x1f },	      /* C0 controls */
	{ 0x7f, 0x9f },	      /* DEL, C1 controls */
	{ 0x34f, 0x34f },     /* joiner without width */
	{ 0x61c, 0x61c },     /* bidirectional mark */
	{ 0x180e, 0x180e },   /* separator without width */
	{ 0x200b, 0x200f },   /* zero width, bidirectional marks */
	{ 0x2028, 0x202e },   /* line ends, bidirectional controls */
	{ 0x2060, 0x206f },   /* zero width, isolates, deprecated formats */
	{ 0xfeff, 0xfeff },   /* zero width */
	{ 0xfff9, 0xfffb },   /* annotations */
	{ 0xe0000, 0xe0fff }, /* tags, more variation selectors */
};
/* clang-format on */

int
termsafe_is_safe (uint32_t c)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (unsafe); i++)
		if (c <= unsafe[i].last)
			return c < unsafe[i].first;
	return 1;
}

static void
put_hex (struct outbuf *o, uint32_t c)
{
	static const char digits[] = "0123456789abcdef";
	char buf[8];
	size_t i = sizeof buf;

	do
		buf[--i] = digits[c & 15];
	while ((c >>= 4) > 0);
	outbuf_put (o, buf + i, sizeof buf - i);
}

static void
put_visible (struct outbuf *o, uint32_t c)
{
	static const char digits[] = "0123456789abcdef";
	const char control[4] = { '\\', 'x', digits[c >> 4 & 7],
				  digits[c & 15] };

	if (c == '\n') {
		OUTBUF_LIT (o, "\\n");
	} else if (c == '\r') {
		OUTBUF_LIT (o, "\\r");
	} else if (c == '\t') {
		OUTBUF_LIT (o, "\\t");
	} else if (c < 0x80) {
		outbuf_put (o, control, sizeof control);
	} else {
		OUTBUF_LIT (o, "\\u{");
		put_hex (o, c);
		OUTBUF_LIT (o, "}");
	}
}

void
termsafe_write (struct outbuf *o, const char *p, size_t n, int one_line)
{
	size_t from = 0, at = 0, len;

	while (at < n) {
		unsigned char b = (unsigned char) p[at];
		uint32_t c;

		if ((b >= 0x20 && b < 0x7f)
		    || (!one_line && (b == '\n' || b == '\t'))) {
			at++;
			continue;
		}
		c = utf8_decode (p + at, &len);
		if (termsafe_is_safe (c)) {
			at += len;
			continue;
		}
		outbuf_put (o, p + from, at - from);
		put_visible (o, c);
		at += len;
		from = at;
	}
	outbuf_put (o, p + from, at - from);
}
