/* SPDX-License-Identifier: MIT */
/* prng.c - pseudo-random numbers that can be repeated, and a hash. */
#include "config.h"

#include "lib/prng.h"

uint32_t
prng_below (struct prng *p, uint32_t below)
{
	uint64_t x = p->state;

	/* xorshift64* */
	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	p->state = x;
	return (uint32_t) ((x * UINT64_C (0x2545f4914f6cdd1d)) >> 32) % below;
}

uint64_t
hash_more (uint64_t hash, const void *data, size_t len)
{
	const unsigned char *p = data;

	if (hash == 0)
		hash = UINT64_C (0xcbf29ce484222325);
	while (len-- > 0) {
		hash ^= *p++;
		hash *= UINT64_C (0x100000001b3);
	}
	return hash;
}
