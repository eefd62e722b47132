/* SPDX-License-Identifier: MIT */
/*
 * guarded_buffer.h - a buffer that ends at an unreadable page.
 *
 * A parser that reads one byte too many is killed by SIGSEGV, with or without
 * a sanitizer.
 */
#ifndef TESTS_GUARDED_BUFFER_H
#define TESTS_GUARDED_BUFFER_H

#include <stddef.h>

struct guarded_buffer {
	char *map;
	size_t map_len;
	char *data; /* LEN bytes, then an unreadable page */
	size_t len;
};

/* Copy LEN bytes of DATA to the end of the buffer.  Aborts without memory. */
void guarded_buffer_init (struct guarded_buffer *g, const void *data,
			  size_t len);

/* Make the copy read-only: a write is a crash, too. */
void guarded_buffer_lock (struct guarded_buffer *g);

void guarded_buffer_done (struct guarded_buffer *g);

#endif /* TESTS_GUARDED_BUFFER_H */
