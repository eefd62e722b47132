/* SPDX-License-Identifier: MIT */
/* mem.c - memory through the host's allocator. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

static void *
system_resize (void *ctx, void *ptr, size_t old_size, size_t new_size)
{
	(void) ctx;
	(void) old_size;
	if (new_size == 0) {
		free (ptr);
		return NULL;
	}
	return realloc (ptr, new_size);
}

const struct lhk_alloc mem_system = { NULL, system_resize };

void *
mem_new (const struct lhk_alloc *a, size_t size)
{
	return size == 0 ? NULL : a->resize (a->ctx, NULL, 0, size);
}

void *
mem_zero (const struct lhk_alloc *a, size_t size)
{
	void *p = mem_new (a, size);

	if (p != NULL)
		memset (p, 0, size);
	return p;
}

void *
mem_resize (const struct lhk_alloc *a, void *ptr, size_t old_size,
	    size_t new_size)
{
	return a->resize (a->ctx, ptr, old_size, new_size);
}

void
mem_free (const struct lhk_alloc *a, void *ptr, size_t size)
{
	if (ptr != NULL)
		a->resize (a->ctx, ptr, size, 0);
}

char *
mem_strndup (const struct lhk_alloc *a, const char *s, size_t len)
{
	char *p = mem_new (a, len + 1);

	if (p == NULL)
		return NULL;
	memcpy (p, s, len);
	p[len] = '\0';
	return p;
}

char *
mem_strdup (const struct lhk_alloc *a, const char *s)
{
	return mem_strndup (a, s, strlen (s));
}

void
mem_free_str (const struct lhk_alloc *a, char *s)
{
	if (s != NULL)
		mem_free (a, s, strlen (s) + 1);
}

int
mem_grow (const struct lhk_alloc *a, void **array, size_t *cap, size_t need,
	  size_t size)
{
	size_t n = *cap < 8 ? 8 : *cap;
	void *p;

	if (need <= *cap)
		return LHK_OK;
	while (n < need) {
		if (n > SIZE_MAX / 2)
			return LHK_ENOMEM;
		n *= 2;
	}
	if (n > SIZE_MAX / size)
		return LHK_ENOMEM;
	p = mem_resize (a, *array, *cap * size, n * size);
	if (p == NULL)
		return LHK_ENOMEM;
	*array = p;
	*cap = n;
	return LHK_OK;
}
