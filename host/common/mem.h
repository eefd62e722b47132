/* SPDX-License-Identifier: MIT */
/*
 * mem.h - memory through the host's allocator.
 *
 * Every room is given a struct lhk_alloc, never NULL, and allocates with it
 * alone, so that tests can count allocations and make them fail.
 */
#ifndef COMMON_MEM_H
#define COMMON_MEM_H

#include <linehook/host.h>

/* The allocator that uses realloc and free. */
extern const struct lhk_alloc mem_system;

/* Memory of SIZE bytes, not zeroed.  NULL if there is none, or if SIZE is 0. */
void *mem_new (const struct lhk_alloc *a, size_t size);

/* The same, zeroed. */
void *mem_zero (const struct lhk_alloc *a, size_t size);

/* PTR, of OLD_SIZE bytes, with NEW_SIZE bytes, which must not be 0.  NULL if
 * there is no memory; PTR is then as it was. */
void *mem_resize (const struct lhk_alloc *a, void *ptr, size_t old_size,
		  size_t new_size);

/* Free PTR, which has SIZE bytes or is NULL. */
void mem_free (const struct lhk_alloc *a, void *ptr, size_t size);

/* A copy of LEN bytes, or of a string, with a NUL; NULL if there is no memory.
 * Free it with mem_free_str. */
char *mem_strndup (const struct lhk_alloc *a, const char *s, size_t len);
char *mem_strdup (const struct lhk_alloc *a, const char *s);

/* S may be NULL.  It must contain no NUL but the last one. */
void mem_free_str (const struct lhk_alloc *a, char *s);

/*
 * Grow an array of *CAP elements of SIZE bytes to at least NEED elements, by
 * doubling from 8.  LHK_OK, or LHK_ENOMEM with the array as it was.
 */
int mem_grow (const struct lhk_alloc *a, void **array, size_t *cap, size_t need,
	      size_t size);

#endif /* COMMON_MEM_H */
