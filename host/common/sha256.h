/* SPDX-License-Identifier: MIT */
/* sha256.h - the digest SHA-256 of FIPS 180-4, for files that are pinned. */
#ifndef COMMON_SHA256_H
#define COMMON_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32
#define SHA256_BLOCK 64

struct sha256 {
	uint32_t state[SHA256_SIZE / 4];
	uint64_t len; /* bytes that were added */
	unsigned char block[SHA256_BLOCK];
};

void sha256_begin (struct sha256 *s);
void sha256_add (struct sha256 *s, const void *data, size_t len);
void sha256_end (struct sha256 *s, unsigned char digest[SHA256_SIZE]);

#endif /* COMMON_SHA256_H */
