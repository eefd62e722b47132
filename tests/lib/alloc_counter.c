/* SPDX-License-Identifier: MIT */
/* alloc_counter.c - counts allocations and formatted strings. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <linehook/base.h>

#include "lib/alloc_counter.h"

void *__real_malloc (size_t n);
void *__wrap_malloc (size_t n);
void *__real_calloc (size_t n, size_t size);
void *__wrap_calloc (size_t n, size_t size);
void *__real_realloc (void *p, size_t n);
void *__wrap_realloc (void *p, size_t n);
int __wrap_snprintf (char *s, size_t n, const char *fmt, ...) LHK_PRINTF (3, 4);
int __wrap___snprintf_chk (char *s, size_t n, int flag, size_t room,
			   const char *fmt, ...) LHK_PRINTF (5, 6);

_Atomic uint64_t n_allocations;

void *
__wrap_malloc (size_t n)
{
	n_allocations++;
	return __real_malloc (n);
}

void *
__wrap_calloc (size_t n, size_t size)
{
	n_allocations++;
	return __real_calloc (n, size);
}

void *
__wrap_realloc (void *p, size_t n)
{
	n_allocations++;
	return __real_realloc (p, n);
}

int
__wrap_snprintf (char *s, size_t n, const char *fmt, ...)
{
	va_list args;
	int r;

	n_allocations++;
	va_start (args, fmt);
	r = vsnprintf (s, n, fmt, args);
	va_end (args);
	return r;
}

int
__wrap___snprintf_chk (char *s, size_t n, int flag, size_t room,
		       const char *fmt, ...)
{
	va_list args;
	int r;

	(void) flag;
	(void) room;
	n_allocations++;
	va_start (args, fmt);
	r = vsnprintf (s, n, fmt, args);
	va_end (args);
	return r;
}
