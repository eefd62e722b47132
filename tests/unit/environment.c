/* SPDX-License-Identifier: MIT */
/* environment.c - the environment of a run. */
#include "config.h"

#include <string.h>

#include "lib/tap.h"
#include "common/agent_env.h"
#include "common/environ.h"
#include "common/mem.h"

static const char *const base[] = { "A=1",	     "CLAUDECODE=1",
				    "B=2",	     "GEMINI_CLI=",
				    "CLAUDECODEX=1", "CODEX_HOME=/c",
				    "C=3",	     NULL };

static void
check (const struct environ_list *e, const char *wanted)
{
	const char *const *p = environ_strings (e);
	char found[512] = "";

	for (; *p != NULL; p++) {
		strcat (found, *p);
		strcat (found, " ");
	}
	TAP_EQ_STR (found, wanted);
}

static void
markers_go (void)
{
	struct environ_list e;

	CU_ASSERT_EQUAL_FATAL (environ_init (&e, &mem_system, base), LHK_OK);
	check (&e, "A=1 B=2 CLAUDECODEX=1 CODEX_HOME=/c C=3 ");
	environ_free (&e);
	CU_ASSERT (agent_env_is_marker ("CLAUDE_CODE_ENTRYPOINT=cli"));
	CU_ASSERT (agent_env_is_marker ("OPENCODE=1"));
	CU_ASSERT (!agent_env_is_marker ("CLAUDECODE"));
	CU_ASSERT (!agent_env_is_marker ("PATH=/bin"));
}

static void
put_and_unset (void)
{
	struct environ_list e;

	CU_ASSERT_EQUAL_FATAL (environ_init (&e, &mem_system, base), LHK_OK);
	TAP_EQ_INT (environ_put (&e, "B=two"), LHK_OK);
	TAP_EQ_INT (environ_put (&e, "CLAUDECODE=yes"), LHK_OK);
	environ_unset (&e, "A");
	environ_unset (&e, "CODEX");
	check (&e, "B=two CLAUDECODEX=1 CODEX_HOME=/c C=3 CLAUDECODE=yes ");
	environ_free (&e);
}

static void
put_after_clear (void)
{
	struct environ_list e;

	CU_ASSERT_EQUAL_FATAL (environ_init (&e, &mem_system, base), LHK_OK);
	environ_clear (&e);
	check (&e, "");
	TAP_EQ_INT (environ_put (&e, "X="), LHK_OK);
	check (&e, "X= ");
	environ_free (&e);
}

static void
put_no_variable (void)
{
	struct environ_list e;

	CU_ASSERT_EQUAL_FATAL (environ_init (&e, &mem_system, base), LHK_OK);
	environ_clear (&e);
	TAP_EQ_INT (environ_put (&e, "X="), LHK_OK);
	TAP_EQ_INT (environ_put (&e, "X"), LHK_EINVAL);
	TAP_EQ_INT (environ_put (&e, "=x"), LHK_EINVAL);
	check (&e, "X= ");
	environ_free (&e);
}

/* A marker that the caller names stays. */
static void
copied (void)
{
	static const char *const given[] = { "A=1", "CLAUDECODE=1", "odd",
					     NULL };
	struct environ_list e;

	CU_ASSERT_EQUAL_FATAL (environ_copy (&e, &mem_system, given), LHK_OK);
	check (&e, "A=1 CLAUDECODE=1 odd ");
	environ_free (&e);
}

static void
twice_named (void)
{
	static const char *const odd[] = { "A=1", "A=2", "B=1", NULL };
	struct environ_list e;

	CU_ASSERT_EQUAL_FATAL (environ_init (&e, &mem_system, odd), LHK_OK);
	environ_unset (&e, "A");
	check (&e, "B=1 ");
	environ_free (&e);
	CU_ASSERT_EQUAL_FATAL (environ_init (&e, &mem_system, NULL), LHK_OK);
	check (&e, "");
	environ_free (&e);
}

static const struct tap_case cases[] = {
	{ "environment_has_no_markers_of_an_outer_agent", markers_go },
	{ "environment_put_replaces_and_unset_removes_whole_names",
	  put_and_unset },
	{ "environment_clear_removes_all_and_put_adds_again", put_after_clear },
	{ "environment_refuses_what_is_no_variable", put_no_variable },
	{ "environment_that_is_copied_keeps_its_markers", copied },
	{ "environment_unsets_every_string_of_a_name", twice_named },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("environment", cases);
}
