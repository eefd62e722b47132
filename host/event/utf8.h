/* SPDX-License-Identifier: MIT */
/* utf8.h - where valid UTF-8 ends, character by character. */
#ifndef EVENT_UTF8_H
#define EVENT_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the valid character at P, of which N >= 1 may be read; 0: none. */
size_t utf8_len (const unsigned char *p, size_t n);

/* Bytes of the bad sequence at P that one U+FFFD stands for: the longest
 * that could have begun a character, at least 1. */
size_t utf8_bad (const unsigned char *p, size_t n);

/* Write a code point that is no surrogate; 1 to 4 bytes. */
size_t utf8_put (char *out, uint32_t c);

#endif /* EVENT_UTF8_H */
