/* SPDX-License-Identifier: MIT */
/* utf8.c - characters of text that is known to be valid UTF-8. */
#include "config.h"

#include "common/utf8.h"

uint32_t
utf8_decode (const char *p, size_t *ret_len)
{
	const unsigned char *s = (const unsigned char *) p;

	if (s[0] < 0x80) {
		*ret_len = 1;
		return s[0];
	}
	if (s[0] < 0xe0) {
		*ret_len = 2;
		return (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
	}
	if (s[0] < 0xf0) {
		*ret_len = 3;
		return (s[0] & 0x0fu) << 12 | (s[1] & 0x3fu) << 6
		       | (s[2] & 0x3fu);
	}
	*ret_len = 4;
	return (s[0] & 0x07u) << 18 | (s[1] & 0x3fu) << 12 | (s[2] & 0x3fu) << 6
	       | (s[3] & 0x3fu);
}
