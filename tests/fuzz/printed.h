/* SPDX-License-Identifier: MIT */
/* printed.h - is what was printed of a stream whole and harmless? */
#ifndef TESTS_PRINTED_H
#define TESTS_PRINTED_H

#include <stddef.h>
#include <stdint.h>

/* What is wrong with printed bytes, and where. */
struct printed_fault {
	const char *what; /* NULL: nothing */
	const char *at;
	size_t len;
};

/* LEN bytes at DATA are N events as JSON: objects that json-c reads, strictly, a
 * line each, numbered from 1, the last one a final result. */
struct printed_fault printed_json (const char *data, size_t len, uint64_t n);

/* LEN bytes at DATA are text for a terminal: valid, and without control bytes
 * but newlines and tabs. */
struct printed_fault printed_text (const char *data, size_t len);

#endif /* TESTS_PRINTED_H */
