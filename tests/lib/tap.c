/* SPDX-License-Identifier: MIT */
/* tap.c - run the cases by CUnit, print TAP. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/tap.h"

#define SHOWN 160

static const char *skip_reason;
static unsigned int n_done;
static int n_failed;

void
tap_skip (const char *reason)
{
	skip_reason = reason;
}

void
tap_note (const char *fmt, ...)
{
	va_list args;

	fputs ("# ", stdout);
	va_start (args, fmt);
	vprintf (fmt, args);
	va_end (args);
	putchar ('\n');
}

static void
show (const char *label, const unsigned char *p, size_t len)
{
	size_t i;

	printf ("#   %s (%zu bytes): ", label, len);
	for (i = 0; i < len && i < SHOWN; i++) {
		if (p[i] >= 0x20 && p[i] < 0x7f)
			putchar (p[i]);
		else
			printf ("\\x%02x", p[i]);
	}
	puts (i < len ? ".." : "");
}

int
tap_eq_int (long long found, long long wanted, const char *what,
	    const char *file, unsigned int line)
{
	int same = found == wanted;

	if (!same)
		printf ("# %s:%u: %s: found %lld, expected %lld\n", file, line,
			what, found, wanted);
	CU_assertImplementation (same, line, what, file, "", CU_FALSE);
	return same;
}

int
tap_eq_mem (const void *found, size_t found_len, const void *wanted,
	    size_t wanted_len, const char *what, const char *file,
	    unsigned int line)
{
	int same =
		found_len == wanted_len
		&& (found_len == 0 || memcmp (found, wanted, found_len) == 0);

	if (!same) {
		printf ("# %s:%u: %s differs\n", file, line, what);
		show ("found", found, found_len);
		show ("wanted", wanted, wanted_len);
	}
	CU_assertImplementation (same, line, what, file, "", CU_FALSE);
	return same;
}

int
tap_eq_str (const char *found, const char *wanted, const char *what,
	    const char *file, unsigned int line)
{
	static const char nothing[] = "(no text at all)";

	return tap_eq_mem (found != NULL ? found : nothing,
			   found != NULL ? strlen (found) : sizeof nothing - 1,
			   wanted, strlen (wanted), what, file, line);
}

static void
test_done (const CU_pTest test, const CU_pSuite suite,
	   const CU_pFailureRecord failures)
{
	const struct CU_FailureRecord *f;

	(void) suite;
	n_done++;
	for (f = failures; f != NULL; f = f->pNext)
		printf ("# %s:%u: %s\n", f->strFileName, f->uiLineNumber,
			f->strCondition);
	if (failures != NULL) {
		n_failed++;
		printf ("not ok %u - %s\n", n_done, test->pName);
	} else if (skip_reason != NULL) {
		printf ("ok %u - %s # SKIP %s\n", n_done, test->pName,
			skip_reason);
	} else {
		printf ("ok %u - %s\n", n_done, test->pName);
	}
	skip_reason = NULL;
	fflush (stdout);
}

int
tap_run (const char *suite_name, const struct tap_case *cases)
{
	CU_pSuite suite;
	unsigned int n = 0;

	if (CU_initialize_registry () != CUE_SUCCESS)
		return 99;
	suite = CU_add_suite (suite_name, NULL, NULL);
	if (suite == NULL)
		return 99;
	for (; cases[n].name != NULL; n++)
		if (CU_add_test (suite, cases[n].name, cases[n].fn) == NULL)
			return 99;
	printf ("1..%u\n", n);
	/* A case may fork: its child must not write this line again. */
	fflush (stdout);
	CU_set_test_complete_handler (test_done);
	if (CU_run_all_tests () != CUE_SUCCESS)
		return 99;
	CU_cleanup_registry ();
	return n_done == n && n_failed == 0 ? 0 : 1;
}

int
tap_is_exhaustive (void)
{
	const char *value = getenv ("LINEHOOK_TORTURE");

	return value != NULL && value[0] == '1';
}

const char *
tap_need_env (const char *name)
{
	const char *value = getenv (name);

	if (value == NULL) {
		printf ("Bail out! %s is not set: run by make check\n", name);
		exit (99);
	}
	return value;
}
