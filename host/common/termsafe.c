/* SPDX-License-Identifier: MIT */
/* termsafe.c - text that can do nothing to a terminal or to a reader's eye. */
#include "config.h"

#include "common/macros.h"
#include "common/termsafe.h"
#include "common/utf8.h"

#define JOINER 0x200d /* without width */

/* Characters that move, hide, turn round or forge text.  The first block of
 * variation selectors is not among them: many emoji have one. */
static const struct {
	uint32_t first, last;
	/* clang-format off: a table */
} unsafe[] = {
	{ 0x0, 0x1f },	      /* C0 controls */
	{ 0x7f, 0x9f },	      /* DEL, C1 controls */
	{ 0xad, 0xad },	      /* soft hyphen: shown or not */
	{ 0x34f, 0x34f },     /* joiner without width */
	{ 0x61c, 0x61c },     /* bidirectional mark */
	{ 0x115f, 0x1160 },   /* fillers: letters without a shape */
	{ 0x17b4, 0x17b5 },   /* vowels without a shape */
	{ 0x180e, 0x180e },   /* separator without width */
	{ 0x200b, 0x200f },   /* zero width, bidirectional marks */
	{ 0x2028, 0x202e },   /* line ends, bidirectional controls */
	{ 0x2060, 0x206f },   /* zero width, isolates, deprecated formats */
	{ 0x3164, 0x3164 },   /* filler */
	{ 0xfeff, 0xfeff },   /* zero width */
	{ 0xffa0, 0xffa0 },   /* filler */
	{ 0xfff0, 0xfffb },   /* without a shape, annotations */
	{ 0x1bca0, 0x1bca3 }, /* shorthand controls */
	{ 0x1d173, 0x1d17a }, /* beams and slurs without a shape */
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

static const char digits[] = "0123456789abcdef";

static size_t
braced_hex (uint32_t c, char *out)
{
	size_t n = 0;
	unsigned int shift = 20;

	out[n++] = '\\';
	out[n++] = 'u';
	out[n++] = '{';
	while (shift > 0 && c >> shift == 0)
		shift -= 4;
	out[n++] = digits[c >> shift & 15];
	while (shift > 0) {
		shift -= 4;
		out[n++] = digits[c >> shift & 15];
	}
	out[n++] = '}';
	return n;
}

size_t
termsafe_visible (uint32_t c, char out[TERMSAFE_VISIBLE_MAX])
{
	if (c >= 0x80)
		return braced_hex (c, out);
	out[0] = '\\';
	out[1] = c == '\n' ? 'n' : c == '\r' ? 'r' : 't';
	if (c == '\n' || c == '\r' || c == '\t')
		return 2;
	out[1] = 'x';
	out[2] = digits[c >> 4 & 7];
	out[3] = digits[c & 15];
	return 4;
}

/* The character that ends with the N bytes at P, which are valid UTF-8. */
static uint32_t
last_char (const char *p, size_t n)
{
	size_t at = n - 1, len;

	while (at > 0 && ((unsigned char) p[at] & 0xc0) == 0x80)
		at--;
	return utf8_decode (p + at, &len);
}

/* Emoji, and the selector that makes one of another sign. */
static int
may_be_joined (uint32_t c)
{
	return c == 0xfe0f || (c >= 0x1f000 && c < 0x1fb00)
	       || (c >= 0x2600 && c < 0x27c0);
}

int
termsafe_is_safe_after (uint32_t c, uint32_t last)
{
	return termsafe_is_safe (c) || (c == JOINER && may_be_joined (last));
}

/* Is the character C at P + AT one to be left as it is? */
static int
is_kept (uint32_t c, const char *p, size_t at, uint32_t last)
{
	return termsafe_is_safe (c)
	       || (c == JOINER
		   && termsafe_is_safe_after (c, at > 0 ? last_char (p, at)
							: last));
}

static void
write_safely (struct outbuf *o, const char *p, size_t n, int one_line,
	      uint32_t last)
{
	size_t from = 0, at = 0, len;
	char visible[TERMSAFE_VISIBLE_MAX];

	while (at < n) {
		unsigned char b = (unsigned char) p[at];
		uint32_t c;

		if ((b >= 0x20 && b < 0x7f)
		    || (!one_line && (b == '\n' || b == '\t'))) {
			at++;
			continue;
		}
		c = utf8_decode (p + at, &len);
		if (is_kept (c, p, at, last)) {
			at += len;
			continue;
		}
		outbuf_put (o, p + from, at - from);
		outbuf_put (o, visible, termsafe_visible (c, visible));
		at += len;
		from = at;
	}
	outbuf_put (o, p + from, at - from);
}

void
termsafe_write (struct outbuf *o, const char *p, size_t n, int one_line)
{
	write_safely (o, p, n, one_line, 0);
}

void
termsafe_write_piece (struct outbuf *o, const char *p, size_t n, uint32_t *last)
{
	if (n == 0)
		return;
	write_safely (o, p, n, 0, *last);
	*last = last_char (p, n);
}
