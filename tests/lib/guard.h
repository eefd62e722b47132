/* SPDX-License-Identifier: MIT */
/* guard.h - bytes that end where memory ends: reading on is a crash. */
#ifndef TESTS_GUARD_H
#define TESTS_GUARD_H

#include <stddef.h>

struct guard {
	char *map;
	size_t map_len;
	char *data; /* LEN bytes, then an unreadable page */
	size_t len;
};

/* A copy of LEN bytes.  Aborts without memory. */
void guard_init (struct guard *g, const void *data, size_t len);

/* No writing to it from now on. */
void guard_lock (struct guard *g);

void guard_done (struct guard *g);

#endif /* TESTS_GUARD_H */
