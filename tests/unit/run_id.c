/* SPDX-License-Identifier: MIT */
/* run_id.c - what a run may be called, and where its record is by default. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <linehook/record.h>

#include "common/run_id.h"
#include "lib/tap.h"

static void
a_file_name_without_a_dot_in_front_is_an_id (void)
{
	char longest[RUN_ID_MAX + 1];

	memset (longest, 'x', RUN_ID_MAX);
	longest[RUN_ID_MAX] = '\0';
	CU_ASSERT (run_id_is_valid ("a"));
	CU_ASSERT (run_id_is_valid ("01J.A_b-9"));
	CU_ASSERT (run_id_is_valid (longest));
}

static void
what_would_leave_or_harm_the_store_is_no_id (void)
{
	static const char *const bad[] = { "",	    ".",      "..",  ".new-a",
					   "a/b",   "a b",    "a\n", "\xc3\xa9",
					   "index", "latest", "-x" };
	char too_long[RUN_ID_MAX + 2];
	size_t i;

	memset (too_long, 'x', RUN_ID_MAX + 1);
	too_long[RUN_ID_MAX + 1] = '\0';
	CU_ASSERT (!run_id_is_valid (too_long));
	CU_ASSERT (!run_id_is_valid (NULL));
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (run_id_is_valid (bad[i]))
			CU_FAIL ("a bad id was taken");
}

static void
the_sentence_names_the_id_and_the_rule (void)
{
	struct lhk_error err = { 0, 0, "" };

	TAP_EQ_INT (run_id_check ("ok", &err), LHK_OK);
	TAP_EQ_INT (run_id_check ("a/b", &err), LHK_EINVAL);
	TAP_EQ_STR (err.text, "'a/b' is not a run id; give " RUN_ID_WANT);
}

static void
the_default_store_is_in_the_state_directory (void)
{
	char path[64];

	setenv ("XDG_STATE_HOME", "/state", 1);
	setenv ("HOME", "/home/me", 1);
	TAP_EQ_INT (lhk_store_default_path (path, sizeof path, NULL), LHK_OK);
	TAP_EQ_STR (path, "/state/linehook/runs");
	setenv ("XDG_STATE_HOME", "relative", 1);
	TAP_EQ_INT (lhk_store_default_path (path, sizeof path, NULL), LHK_OK);
	TAP_EQ_STR (path, "/home/me/.local/state/linehook/runs");
}

static void
without_a_home_there_is_no_default_store (void)
{
	struct lhk_error err = { 0, 0, "" };
	char path[64];

	unsetenv ("XDG_STATE_HOME");
	setenv ("HOME", "", 1);
	TAP_EQ_INT (lhk_store_default_path (path, sizeof path, &err),
		    LHK_EINVAL);
	CU_ASSERT_PTR_NOT_NULL (strstr (err.text, "XDG_STATE_HOME"));
	setenv ("HOME", "/h", 1);
	TAP_EQ_INT (lhk_store_default_path (path, 8, &err), LHK_EINVAL);
	CU_ASSERT_PTR_NOT_NULL (strstr (err.text, "expected fewer than 8"));
}

static const struct tap_case cases[] = {
	{ "a_file_name_without_a_dot_in_front_is_an_id",
	  a_file_name_without_a_dot_in_front_is_an_id },
	{ "what_would_leave_or_harm_the_store_is_no_id",
	  what_would_leave_or_harm_the_store_is_no_id },
	{ "the_sentence_names_the_id_and_the_rule",
	  the_sentence_names_the_id_and_the_rule },
	{ "the_default_store_is_in_the_state_directory",
	  the_default_store_is_in_the_state_directory },
	{ "without_a_home_there_is_no_default_store",
	  without_a_home_there_is_no_default_store },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_id", cases);
}
