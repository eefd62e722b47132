/* SPDX-License-Identifier: MIT */
/* checksum.h - a checksum that stands for a text too long to be printed. */
#ifndef TESTS_CHECKSUM_H
#define TESTS_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a of all LEN bytes. */
static inline uint32_t
checksum (const char *data, size_t len)
{
	uint32_t sum = 2166136261u;
	size_t i;

	for (i = 0; i < len; i++)
		sum = (sum ^ (unsigned char) data[i]) * 16777619u;
	return sum;
}

#endif /* TESTS_CHECKSUM_H */
