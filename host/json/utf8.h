/* SPDX-License-Identifier: MIT */
/* utf8.h - strict UTF-8: no overlong forms, no surrogates. */
#ifndef JSON_UTF8_H
#define JSON_UTF8_H

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* Is P..END valid UTF-8? */
int lhk_json_utf8 (const char *p, const char *end);

/* The length of the valid character at P < END; 0 if there is none. */
size_t lhk_json_utf8_len (const char *p, const char *end);

/* How many bytes at P < END, where no valid character is, one U+FFFD stands
 * for (the maximal subpart of Unicode, as in web browsers); at least 1. */
size_t lhk_json_utf8_bad (const char *p, const char *end);

/* Write C, which is no surrogate.  Returns its length, 1 to 4 bytes. */
size_t lhk_json_utf8_put (char *out, uint32_t c);

#pragma GCC visibility pop

#endif /* JSON_UTF8_H */
