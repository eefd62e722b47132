/* SPDX-License-Identifier: MIT */
/*
 * text_reader.h - texts of any form, read in pieces of constant size.
 *
 * lhk_text_decode wants room for the whole text; here a text of any length
 * goes through a buffer of any size.
 */
#ifndef JSON_TEXT_READER_H
#define JSON_TEXT_READER_H

#include <linehook/host.h>

/* Bytes of the longest single character: \u00xx, or four bytes of UTF-8. */
#define TEXT_CHAR_MAX 6

struct text_reader {
	const unsigned char *at; /* the next byte */
	const unsigned char *end;
	uint32_t form; /* LHK_TEXT_* */
};

/* TEXT is borrowed as long as the reader is used.  An unknown form is read as
 * PLAIN. */
void text_reader_init (struct text_reader *r, const struct lhk_text *text);

/*
 * Write the next piece in plain UTF-8 to OUT: at most CAP bytes, and whole
 * characters only.  Returns its length; 0 at the end, or if CAP cannot hold
 * the next character (never so if CAP >= TEXT_CHAR_MAX).  Lone surrogates and
 * each bad sequence of a PLAIN text become U+FFFD.
 */
size_t text_reader_plain (struct text_reader *r, char *out, size_t cap);

/* The same, but as the body of a JSON string, with the escapes that the JSON
 * writer uses. */
size_t text_reader_body (struct text_reader *r, char *out, size_t cap);

/* Is TEXT absent, empty or white space alone?  1 or 0. */
int text_reader_is_blank (const struct lhk_text *text);

/* The length of the longest head of TEXT, at most MAX bytes, that splits no
 * character, no escape and no surrogate pair. */
size_t text_reader_prefix (const struct lhk_text *text, size_t max);

/* A copy of a short text in plain UTF-8.  It starts zeroed. */
struct text_copy {
	char *ptr;
	size_t len;
	size_t cap;
	int given; /* 0: the text is absent */
};

/* Copy the first MAX bytes of TEXT, in place of what is there.  LHK_OK, or
 * LHK_ENOMEM with K absent.  ALLOC must be the same in each call on K. */
int text_copy_set (const struct lhk_alloc *alloc, struct text_copy *copy,
		   const struct lhk_text *text, size_t max);
void text_copy_free (const struct lhk_alloc *alloc, struct text_copy *copy);

/* The text of the copy, borrowed from K until it is set or freed. */
struct lhk_text text_copy_get (const struct text_copy *copy);

#endif /* JSON_TEXT_READER_H */
