/* SPDX-License-Identifier: MIT */
/* text.h - a struct lhk_text of bytes that are UTF-8 as they stand. */
#ifndef COMMON_TEXT_H
#define COMMON_TEXT_H

#include <string.h>

#include <linehook/base.h>

/* LEN bytes at PTR, which are borrowed; NULL: an absent text. */
static inline struct lhk_text
text_from_bytes (const char *ptr, size_t len)
{
	const struct lhk_text text = { ptr, len, LHK_TEXT_PLAIN, 0 };

	return text;
}

/* The string S, which is borrowed; NULL: an absent text. */
static inline struct lhk_text
text_from_cstr (const char *s)
{
	return text_from_bytes (s, s == NULL ? 0 : strlen (s));
}

#endif /* COMMON_TEXT_H */
