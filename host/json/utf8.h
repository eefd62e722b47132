/* SPDX-License-Identifier: MIT */
/* utf8.h - strict UTF-8: no overlong forms, no surrogates. */
#ifndef JSON_UTF8_H
#define JSON_UTF8_H

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* What lhk_json_utf8 found. */
enum {
	UTF8_BAD = 0,
	UTF8_OK = 1,
	UTF8_SEPARATORS = 2 /* valid, and it has a separator */
};

/* Is P..END valid UTF-8, and has it a separator?  UTF8_*. */
int lhk_json_utf8 (const char *p, const char *end);

/*
 * U+0085, U+2028 and U+2029 end a line for some readers, though not for JSON.
 * The bytes of the one at P, of which N may be read: 2 or 3; 0 if there is
 * none.
 */
static inline size_t
lhk_json_separator (const char *p, size_t n)
{
	const unsigned char *s = (const unsigned char *) p;

	if (n >= 2 && s[0] == 0xc2 && s[1] == 0x85)
		return 2;
	return n >= 3 && s[0] == 0xe2 && s[1] == 0x80 && (s[2] | 1) == 0xa9 ? 3
									    : 0;
}

/* The length of the valid character at P < END, which is not ASCII; 0 if there
 * is none. */
size_t lhk_json_utf8_long (const char *p, const char *end);

/* The same of any character. */
static inline size_t
lhk_json_utf8_len (const char *p, const char *end)
{
	return (unsigned char) *p < 0x80 ? 1 : lhk_json_utf8_long (p, end);
}

/* How many bytes at P < END, where no valid character is, one U+FFFD stands
 * for (the maximal subpart of Unicode, as in web browsers); at least 1. */
size_t lhk_json_utf8_bad (const char *p, const char *end);

/* Write C, which is no surrogate.  Returns its length, 1 to 4 bytes. */
size_t lhk_json_utf8_put (char *out, uint32_t c);

#pragma GCC visibility pop

#endif /* JSON_UTF8_H */
