/* SPDX-License-Identifier: MIT */
/* sha256.c - the digest SHA-256 of FIPS 180-4, for files that are pinned. */
#include "config.h"

#include <string.h>

#include "common/macros.h"
#include "common/sha256.h"

#define ROUNDS 64

/* Where the length in bits stands in the last block. */
#define LENGTH_AT (SHA256_BLOCK - 8)

/* The first 32 bits of the fractions of the cube roots of the primes up to
 * 311. */
static const uint32_t constants[ROUNDS] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t
rotate (uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static uint32_t
get_word (const unsigned char *p)
{
	return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16
	       | (uint32_t) p[2] << 8 | p[3];
}

static void
put_word (unsigned char *p, uint32_t x)
{
	p[0] = (unsigned char) (x >> 24);
	p[1] = (unsigned char) (x >> 16);
	p[2] = (unsigned char) (x >> 8);
	p[3] = (unsigned char) x;
}

static void
expand (const unsigned char *block, uint32_t w[ROUNDS])
{
	uint32_t a, b;
	int i;

	for (i = 0; i < 16; i++)
		w[i] = get_word (block + 4 * i);
	for (; i < ROUNDS; i++) {
		a = w[i - 15];
		b = w[i - 2];
		a = rotate (a, 7) ^ rotate (a, 18) ^ a >> 3;
		b = rotate (b, 17) ^ rotate (b, 19) ^ b >> 10;
		w[i] = w[i - 16] + a + w[i - 7] + b;
	}
}

/* One round; the words of V move on by one place. */
static void
turn (uint32_t v[8], uint32_t k)
{
	uint32_t e = v[4], a = v[0], t, u;

	t = v[7] + k + (rotate (e, 6) ^ rotate (e, 11) ^ rotate (e, 25))
	    + ((e & v[5]) ^ (~e & v[6]));
	u = (rotate (a, 2) ^ rotate (a, 13) ^ rotate (a, 22))
	    + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
	memmove (v + 1, v, 7 * sizeof *v);
	v[4] += t;
	v[0] = t + u;
}

static void
add_block (struct sha256 *s, const unsigned char *block)
{
	uint32_t w[ROUNDS], v[8];
	size_t i;

	expand (block, w);
	memcpy (v, s->state, sizeof v);
	for (i = 0; i < ROUNDS; i++)
		turn (v, constants[i] + w[i]);
	for (i = 0; i < ARRAY_SIZE (v); i++)
		s->state[i] += v[i];
}

void
sha256_begin (struct sha256 *s)
{
	/* The same of the square roots of the first primes. */
	static const uint32_t first[] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	memcpy (s->state, first, sizeof first);
	s->len = 0;
}

void
sha256_add (struct sha256 *s, const void *data, size_t len)
{
	const unsigned char *p = data;
	size_t used, n;

	while (len > 0) {
		used = (size_t) (s->len % SHA256_BLOCK);
		n = SHA256_BLOCK - used < len ? SHA256_BLOCK - used : len;
		memcpy (s->block + used, p, n);
		if (used + n == SHA256_BLOCK)
			add_block (s, s->block);
		s->len += n;
		p += n;
		len -= n;
	}
}

void
sha256_end (struct sha256 *s, unsigned char digest[SHA256_SIZE])
{
	static const unsigned char end[SHA256_BLOCK] = { 0x80 };
	uint64_t bits = s->len * 8;
	unsigned char length[8];
	size_t i;

	put_word (length, (uint32_t) (bits >> 32));
	put_word (length + 4, (uint32_t) bits);
	sha256_add (s, end, 1);
	while (s->len % SHA256_BLOCK != LENGTH_AT)
		sha256_add (s, end + 1, 1);
	sha256_add (s, length, sizeof length);
	for (i = 0; i < ARRAY_SIZE (s->state); i++)
		put_word (digest + 4 * i, s->state[i]);
}
