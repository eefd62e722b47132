/* SPDX-License-Identifier: MIT */
/* decoded.h - decode a document in pieces and check the result.  Each piece has
 * memory of its own, so that a sanitizer sees reads beyond it. */
#ifndef TESTS_DECODED_H
#define TESTS_DECODED_H

#include "tool/decode.h"

#define DECODED_PLENTY (1u << 30)

struct decoded {
	int error; /* enum decode_error */
	uint64_t off;
	char *text; /* the tree as JSON, to be freed; NULL: an error */
};

/* 1 while the code under test runs. */
extern volatile int decoded_inside;

/* Decode LEN bytes in pieces of CHUNK bytes; COST_MAX as in decode_init. */
struct decoded decoded_with (const char *p, size_t len, size_t chunk,
			     uint64_t cost_max);
struct decoded decoded (const char *p, size_t len, size_t chunk);

/* Assert that TEXT decodes to WANTED, as json-c writes it, in pieces of any
 * size. */
void decoded_gives (const char *text, const char *wanted);

/* Assert that TEXT has ERROR at OFF (-1: at any offset), in pieces of any size,
 * with a tree and without. */
void decoded_fails_len (const char *text, size_t len, int error, int off);
void decoded_fails (const char *text, int error, int off);

#endif /* TESTS_DECODED_H */
