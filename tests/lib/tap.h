/* SPDX-License-Identifier: MIT */
/*
 * tap.h - CUnit inside, TAP outside.
 *
 * A test program is a table of named cases and one call:
 *
 *	static const struct tap_case cases[] = {
 *		{ "frame_split_at_every_byte_gives_the_same_lines", split_any },
 *		{ NULL, NULL },
 *	};
 *
 *	int
 *	main (void)
 *	{
 *		return tap_run ("frame", cases);
 *	}
 *
 * Each failed CU_ASSERT is printed as a comment with file and line, then the
 * case as `not ok N - name'.  TAP_EQ_* print found and wanted.  A case that
 * calls tap_skip is `ok N - name # SKIP reason'.
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stddef.h>

#include <CUnit/CUnit.h>

struct tap_case {
	const char *name;
	void (*fn) (void);
};

/* 0 when all passed, 1 otherwise, 99 when the harness itself failed. */
int tap_run (const char *suite, const struct tap_case *cases);

/* Inside a case: it cannot run here, and why; then return. */
void tap_skip (const char *reason);

/* The value of an environment variable that `make check' sets; without it the
 * program ends. */
const char *tap_need_env (const char *name);

/* 1: LINEHOOK_TORTURE asks for the long form, in which every call fails, every
 * file is cut at every byte. */
int tap_is_exhaustive (void);

/* A comment line of the case, printf-like. */
void tap_note (const char *fmt, ...)
	__attribute__ ((__format__ (__printf__, 1, 2)));

/* Compare and print both on failure; 1 when equal. */
int tap_eq_int (long long found, long long wanted, const char *what,
		const char *file, unsigned int line);
int tap_eq_mem (const void *found, size_t found_len, const void *wanted,
		size_t wanted_len, const char *what, const char *file,
		unsigned int line);
/* FOUND may be NULL: it differs then. */
int tap_eq_str (const char *found, const char *wanted, const char *what,
		const char *file, unsigned int line);

#define TAP_EQ_INT(found, wanted)                                              \
	tap_eq_int ((long long) (found), (long long) (wanted), #found,         \
		    __FILE__, __LINE__)
#define TAP_EQ_MEM(found, found_len, wanted, wanted_len)                       \
	tap_eq_mem ((found), (found_len), (wanted), (wanted_len), #found,      \
		    __FILE__, __LINE__)
#define TAP_EQ_STR(found, wanted)                                              \
	tap_eq_str ((found), (wanted), #found, __FILE__, __LINE__)

#endif /* TESTS_TAP_H */
