/* SPDX-License-Identifier: MIT */
/*
 * utf8.c - strict UTF-8, a character at a time.
 *
 * No overlong forms, no surrogates, nothing above U+10FFFF (Unicode, table of
 * well-formed byte sequences).
 */
#include "config.h"

#include <string.h>

#include "common/macros.h"
#include "json/utf8.h"

/* The length of a character by its first byte, and the range of its second. */
struct lead {
	uint8_t from, to;
	uint8_t len;
	uint8_t second_min, second_max;
};

static const struct lead leads[] = {
	{ 0xc2, 0xdf, 2, 0x80, 0xbf }, { 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf }, { 0xed, 0xed, 3, 0x80, 0x9f },
	{ 0xee, 0xef, 3, 0x80, 0xbf }, { 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf }, { 0xf4, 0xf4, 4, 0x80, 0x8f },
};

static const struct lead *
find_lead (uint8_t c)
{
	size_t i;

	if (c < 0xc2 || c > 0xf4)
		return NULL;
	for (i = 0; i < ARRAY_SIZE (leads); i++) {
		if (c >= leads[i].from && c <= leads[i].to)
			return &leads[i];
	}
	return NULL;
}

/* The number of bytes at P that are a character or the beginning of one;
 * *ret_want is the length of the whole character. */
static size_t
good_part (const uint8_t *p, const uint8_t *end, size_t *ret_want)
{
	const struct lead *lead;
	size_t n;

	*ret_want = 1;
	if (*p < 0x80)
		return 1;
	lead = find_lead (*p);
	if (lead == NULL)
		return 0;
	*ret_want = lead->len;
	if (end - p < 2 || p[1] < lead->second_min || p[1] > lead->second_max)
		return 1;
	for (n = 2; n < lead->len && (size_t) (end - p) > n; n++) {
		if ((p[n] & 0xc0) != 0x80)
			break;
	}
	return n;
}

size_t
lhk_json_utf8_long (const char *p, const char *end)
{
	size_t want;
	size_t n =
		good_part ((const uint8_t *) p, (const uint8_t *) end, &want);

	return n == want ? n : 0;
}

size_t
lhk_json_utf8_bad (const char *p, const char *end)
{
	size_t want;
	size_t n =
		good_part ((const uint8_t *) p, (const uint8_t *) end, &want);

	return n ? n : 1;
}

int
lhk_json_utf8 (const char *start, const char *stop)
{
	const uint8_t *p = (const uint8_t *) start;
	const uint8_t *end = (const uint8_t *) stop;
	int found = UTF8_OK;
	uint64_t word;

	while (p < end) {
		if (end - p >= 8) {
			memcpy (&word, p, 8);
			if ((word & 0x8080808080808080) == 0) {
				p += 8;
				continue;
			}
		}
		if (*p < 0x80) {
			p++;
		} else if (*p < 0xe0) {
			if (*p < 0xc2 || end - p < 2 || (p[1] & 0xc0) != 0x80)
				return UTF8_BAD;
			if (*p == 0xc2 && p[1] == 0x85)
				found = UTF8_SEPARATORS;
			p += 2;
		} else if (*p < 0xf0) {
			if (end - p < 3 || (p[1] & 0xc0) != 0x80
			    || (p[2] & 0xc0) != 0x80
			    || (*p == 0xe0 && p[1] < 0xa0)
			    || (*p == 0xed && p[1] > 0x9f))
				return UTF8_BAD;
			if (lhk_json_separator ((const char *) p, 3) != 0)
				found = UTF8_SEPARATORS;
			p += 3;
		} else {
			if (*p > 0xf4 || end - p < 4 || (p[1] & 0xc0) != 0x80
			    || (p[2] & 0xc0) != 0x80 || (p[3] & 0xc0) != 0x80
			    || (*p == 0xf0 && p[1] < 0x90)
			    || (*p == 0xf4 && p[1] > 0x8f))
				return UTF8_BAD;
			p += 4;
		}
	}
	return found;
}

size_t
lhk_json_utf8_put (char *out, uint32_t c)
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
