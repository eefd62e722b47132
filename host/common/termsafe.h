/* SPDX-License-Identifier: MIT */
/*
 * termsafe.h - text that can do nothing to a terminal or to a reader's eye.
 *
 * Characters that are not harmless are written as \x1b, \r, \u{202e}.
 */
#ifndef COMMON_TERMSAFE_H
#define COMMON_TERMSAFE_H

#include "common/outbuf.h"

/* 1: the character C does nothing to a terminal and hides nothing from a
 * reader.  A newline and a tab are not safe. */
int termsafe_is_safe (uint32_t c);

/* The same behind the character LAST, 0 at the beginning of a text: a joiner is
 * safe behind an emoji, of which it is a part. */
int termsafe_is_safe_after (uint32_t c, uint32_t last);

/* Bytes of the longest form in which a character is made visible. */
#define TERMSAFE_VISIBLE_MAX 12

/* The form in which the unsafe character C is shown, in ASCII and without a
 * NUL; its length. */
size_t termsafe_visible (uint32_t c, char out[TERMSAFE_VISIBLE_MAX]);

/* Write N bytes of valid UTF-8, whole characters.  If ONE_LINE is not 0,
 * newlines and tabs are made visible too. */
void termsafe_write (struct outbuf *o, const char *p, size_t n, int one_line);

/* The same for the next piece of a text of many lines.  *LAST is the last
 * character of the piece before it, 0 at first. */
void termsafe_write_piece (struct outbuf *o, const char *p, size_t n,
			   uint32_t *last);

#endif /* COMMON_TERMSAFE_H */
