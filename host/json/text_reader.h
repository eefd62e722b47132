/* SPDX-License-Identifier: MIT */
/*
 * text_reader.h - texts of any form, read in pieces of constant size.
 *
 * lhk_text_decode wants room for the whole; here a text of any length goes
 * through a buffer of any size.  Functions of bytes, but for text_copy_set.
 */
#ifndef JSON_TEXT_READER_H
#define JSON_TEXT_READER_H

#include <linehook/host.h>

/* The longest a single character gets: \u00xx, or four bytes of UTF-8. */
#define TEXT_CHAR_MAX 6

struct text_reader {
	const unsigned char *at;
	const unsigned char *end;
	uint32_t form;
};

/* TEXT must outlive the reader.  An unknown form is read as PLAIN. */
void text_reader_init (struct text_reader *r, const struct lhk_text *text);

/*
 * The next piece, at most CAP bytes, whole characters only; 0 at the end, or
 * when CAP cannot hold the next character (never if CAP >= TEXT_CHAR_MAX).
 * Lone surrogates and each bad sequence of a PLAIN text become U+FFFD.
 */
size_t text_reader_plain (struct text_reader *r, char *out, size_t cap);

/* The same as the body of a JSON string in the normal form of the JSON writer. */
size_t text_reader_body (struct text_reader *r, char *out, size_t cap);

/* The longest head of at most MAX bytes that splits no character, no escape
 * and no surrogate pair. */
size_t text_reader_prefix (const struct lhk_text *text, size_t max);

/* A copy of a short text in plain UTF-8. */
struct text_copy {
	char *ptr;
	size_t len;
	size_t cap;
	int given; /* 0: absent */
};

/* Keep the first MAX bytes.  LHK_OK, or LHK_ENOMEM with K absent. */
int text_copy_set (const struct lhk_alloc *alloc, struct text_copy *k,
		   const struct lhk_text *text, size_t max);
void text_copy_free (const struct lhk_alloc *alloc, struct text_copy *k);

/* What was kept, borrowed from K. */
struct lhk_text text_copy_get (const struct text_copy *k);

#endif /* JSON_TEXT_READER_H */
