/* SPDX-License-Identifier: MIT */
/*
 * fuzz.h - what the fuzz targets share.
 *
 * A target is a file that defines LLVMFuzzerTestOneInput.  Linked with
 * libFuzzer (compile it with -fsanitize=fuzzer) it is a fuzzer; linked with
 * replay.c, by any compiler, it runs the files of a corpus and, if told so,
 * mutants of them.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* One input.  A wrong result ends the program. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Print the text of the input, if it is short, and what is wrong. */
void fuzz_fail (const char *what, const char *data, size_t len)
	__attribute__ ((__noreturn__));

/* WHAT must hold of the input DATA. */
#define FUZZ_CHECK(holds, data, len)                                           \
	((holds) ? (void) 0 : fuzz_fail (#holds, (data), (len)))

/* Look at a byte, so that a sanitizer says whether it may be read. */
void fuzz_read (char byte);

/*
 * An input may be given to several parts of a target, of which libFuzzer makes only
 * one for the sake of speed: is it part I of N for this input?  A replay makes all
 * of them.
 */
int fuzz_turn (unsigned int i, unsigned int n, const void *data, size_t size);

/* What costs much and is done for one input in FUZZ_SELDOM. */
#define FUZZ_SELDOM 8

/* 1: there is no fuzzer, each input gets all parts. */
extern int fuzz_is_replay;

/* One more of the things called NAME, a literal; printed at the end if the
 * environment has FUZZ_COUNTS. */
void fuzz_count (const char *name);

/* A copy as line_hook gets it: '\n' and padding behind, not a byte more. */
char *fuzz_line (const char *data, size_t len);

#endif /* TESTS_FUZZ_H */
