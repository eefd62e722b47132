/* SPDX-License-Identifier: MIT */
/*
 * made.h - memory and strings that were made, by whatever means.
 *
 * For programs linked with made.c and $(wrap_made).
 */
#ifndef TESTS_MADE_H
#define TESTS_MADE_H

#include <stdint.h>

extern _Atomic uint64_t made;

#endif /* TESTS_MADE_H */
