/* SPDX-License-Identifier: MIT */
/* utf8.h - characters of text that is known to be valid UTF-8. */
#ifndef COMMON_UTF8_H
#define COMMON_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The code point at P, which is valid UTF-8, and its length in bytes. */
uint32_t utf8_decode (const char *p, size_t *ret_len);

#endif /* COMMON_UTF8_H */
