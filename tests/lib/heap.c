/* SPDX-License-Identifier: MIT */
/* heap.c - counts the memory that a program holds, whoever asked for it. */
#include "config.h"

#include <malloc.h>

#include "lib/heap.h"

void *__real_malloc (size_t size);
void *__wrap_malloc (size_t size);
void *__real_calloc (size_t n, size_t size);
void *__wrap_calloc (size_t n, size_t size);
void *__real_realloc (void *ptr, size_t size);
void *__wrap_realloc (void *ptr, size_t size);
void __real_free (void *ptr);
void __wrap_free (void *ptr);

struct heap heap;

static void *
count (void *ptr)
{
	heap.calls++;
	heap.held += malloc_usable_size (ptr);
	if (heap.held > heap.peak)
		heap.peak = heap.held;
	return ptr;
}

void *
__wrap_malloc (size_t size)
{
	return count (__real_malloc (size));
}

void *
__wrap_calloc (size_t n, size_t size)
{
	return count (__real_calloc (n, size));
}

void *
__wrap_realloc (void *ptr, size_t size)
{
	heap.held -= malloc_usable_size (ptr);
	return count (__real_realloc (ptr, size));
}

void
__wrap_free (void *ptr)
{
	heap.held -= malloc_usable_size (ptr);
	__real_free (ptr);
}
