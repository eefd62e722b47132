/* SPDX-License-Identifier: MIT */
/*
 * heap.h - counts the memory that a program holds, whoever asked for it.
 *
 * For a program that is linked with heap.c and $(wrap_heap).
 */
#ifndef TESTS_HEAP_H
#define TESTS_HEAP_H

#include <stddef.h>

struct heap {
	size_t held;	     /* bytes */
	size_t peak;	     /* since it was set to held */
	unsigned long calls; /* that asked for memory */
};

extern struct heap heap;

#endif /* TESTS_HEAP_H */
