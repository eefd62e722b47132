/* SPDX-License-Identifier: MIT */
/*
 * mem.h - memory through the host's allocator.
 *
 * Every room gets a const struct lhk_alloc *, never NULL, and allocates by
 * nothing else: tests count and fail allocations here.
 */
#ifndef COMMON_MEM_H
#define COMMON_MEM_H

#include <linehook/host.h>

/* The malloc family as a struct lhk_alloc. */
extern const struct lhk_alloc mem_system;

/* NULL for no memory (or for size 0).  Not zeroed. */
void *mem_new (const struct lhk_alloc *a, size_t size);

/* Zeroed. */
void *mem_zero (const struct lhk_alloc *a, size_t size);

/* NULL for no memory; PTR is then as it was. */
void *mem_resize (const struct lhk_alloc *a, void *ptr, size_t old_size,
		  size_t new_size);

/* PTR may be NULL. */
void mem_free (const struct lhk_alloc *a, void *ptr, size_t size);

/* A NUL-terminated copy of LEN bytes; free with mem_free_str. */
char *mem_strndup (const struct lhk_alloc *a, const char *s, size_t len);
char *mem_strdup (const struct lhk_alloc *a, const char *s);
void mem_free_str (const struct lhk_alloc *a, char *s);

/*
 * Grow an array of *CAP elements of SIZE bytes to at least NEED elements, by
 * doubling from 8.  0, or LHK_ENOMEM with the array as it was.
 */
int mem_grow (const struct lhk_alloc *a, void **array, size_t *cap, size_t need,
	      size_t size);

#endif /* COMMON_MEM_H */
