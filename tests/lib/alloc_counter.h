/* SPDX-License-Identifier: MIT */
/*
 * alloc_counter.h - counts allocations and formatted strings.
 *
 * A program linked with alloc_counter.c and $(wrap_allocations) can prove that
 * a piece of code allocates nothing, whoever would have asked for the memory.
 * A call of snprintf counts too: code in a steady state formats nothing.
 */
#ifndef TESTS_ALLOC_COUNTER_H
#define TESTS_ALLOC_COUNTER_H

#include <stdint.h>

/* Calls of malloc, calloc, realloc and snprintf so far. */
extern _Atomic uint64_t n_allocations;

#endif /* TESTS_ALLOC_COUNTER_H */
