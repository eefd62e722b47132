/* SPDX-License-Identifier: MIT */
/* prng.h - pseudo-random numbers that can be repeated, and a hash. */
#ifndef TESTS_PRNG_H
#define TESTS_PRNG_H

#include <stddef.h>
#include <stdint.h>

/* A pseudo-random sequence.  Its state must not be 0. */
struct prng {
	uint64_t state;
};

/* The next number, from 0 to BELOW - 1. */
uint32_t prng_below (struct prng *p, uint32_t below);

/* Add DATA to an FNV-1a hash, which begins as 0. */
uint64_t hash_more (uint64_t hash, const void *data, size_t len);

#endif /* TESTS_PRNG_H */
