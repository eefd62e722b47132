/* SPDX-License-Identifier: MIT */
/* utf8.c - where valid UTF-8 ends (RFC 3629, table 3-7 of Unicode). */
#include "config.h"

#include "event/utf8.h"

/* What may follow a lead byte: the second byte's range is the only part
 * that depends on it. */
static const struct {
	unsigned char first, last;	/* lead bytes */
	unsigned char low, high;	/* second byte */
	unsigned char len;
} leads[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

/* Bytes at P that fit the beginning of a character; *ret_len is how many the
 * whole one has, 0 for no lead byte. */
static size_t
match (const unsigned char *p, size_t n, size_t *ret_len)
{
	size_t i, k;

	*ret_len = 0;
	if (p[0] < 0x80) {
		*ret_len = 1;
		return 1;
	}
	for (i = 0; i < sizeof leads / sizeof leads[0]; i++)
		if (p[0] >= leads[i].first && p[0] <= leads[i].last)
			break;
	if (i == sizeof leads / sizeof leads[0])
		return 1;
	*ret_len = leads[i].len;
	if (n < 2 || p[1] < leads[i].low || p[1] > leads[i].high)
		return 1;
	for (k = 2; k < leads[i].len && k < n; k++)
		if ((p[k] & 0xc0) != 0x80)
			break;
	return k;
}

size_t
utf8_len (const unsigned char *p, size_t n)
{
	size_t len;

	return match (p, n, &len) == len ? len : 0;
}

size_t
utf8_bad (const unsigned char *p, size_t n)
{
	size_t len;

	return match (p, n, &len);
}

size_t
utf8_put (char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char) c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char) (0xc0 | c >> 6);
		out[1] = (char) (0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char) (0xe0 | c >> 12);
		out[1] = (char) (0x80 | (c >> 6 & 0x3f));
		out[2] = (char) (0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char) (0xf0 | c >> 18);
	out[1] = (char) (0x80 | (c >> 12 & 0x3f));
	out[2] = (char) (0x80 | (c >> 6 & 0x3f));
	out[3] = (char) (0x80 | (c & 0x3f));
	return 4;
}
