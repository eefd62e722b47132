/* SPDX-License-Identifier: MIT */
/* decoded.h - a document, decoded in pieces, each in memory of its own. */
#ifndef TESTS_DECODED_H
#define TESTS_DECODED_H

#include "tool/decode.h"

#define DECODED_PLENTY (1u << 30)

struct decoded {
	int error; /* enum decode_error */
	uint64_t off;
	char *text; /* of the tree, to be freed; or NULL */
};

/* 1 inside of what is tested. */
extern volatile int decoded_inside;

/* In pieces of CHUNK bytes; MOST as in decode_init. */
struct decoded decoded_with (const char *p, size_t len, size_t chunk,
			     uint64_t most);
struct decoded decoded (const char *p, size_t len, size_t chunk);

/* TEXT gives WANTED, as json-c writes it, however it is cut. */
void decoded_gives (const char *text, const char *wanted);

/* ERROR at OFF (-1: anywhere), however it is cut, with a tree and without. */
void decoded_fails_len (const char *text, size_t len, int error, int off);
void decoded_fails (const char *text, int error, int off);

#endif /* TESTS_DECODED_H */
