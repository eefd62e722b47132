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
markers_by_pattern (void)
{
	static const char *const gone[] = {
		"CLAUDE_CODE_SESSION=x",
		"CLAUDE_CODE_SESSION_ACCESS_TOKEN=x",
		"CLAUDE_CODE_SESSION_KIND=x",
		"CLAUDE_CODE_REMOTE_SESSION_ID=x",
		"CLAUDE_CODE_PARENT_SESSION_ID=x",
		"CLAUDE_CODE_CHILD_SESSION=1",
		"CLAUDE_CODE_BRIDGE_SESSION_ID=x",
		"CLAUDE_BRIDGE_OAUTH_TOKEN=x",
		"CLAUDE_CODE_MESSAGING_SOCKET=/s",
		"CLAUDE_CODE_MESSAGING_TOKEN=x",
		"CLAUDE_CODE_SSE_PORT=1",
		"CLAUDE_SESSION_INGRESS_TOKEN_FILE=/f",
		"CODEX_SESSION_ID=x",
		"CODEX_BRIDGE_TOKEN=x",
		"CODEX_MESSAGING_SOCKET=/s",
		"CODEX_SHELL=1",
		"CODEX_INTERNAL_ORIGINATOR_OVERRIDE=Codex Desktop",
		"CODEX_PERMISSION_PROFILE=x",
		"GEMINI_CLI_BRIDGE_PORT=1",
		"QWEN_MESSAGING_TOKEN=x",
		"OPENCODE_BRIDGE_URL=u",
		"KILO_BRIDGE_URL=u",
		"CODEX_THREAD_ID=x",
		"CODEX_SANDBOX=seatbelt",
		"CODEX_SANDBOX_NETWORK_DISABLED=1",
		"GEMINI_CLI=1",
		"GEMINI_CLI_IDE_SERVER_PORT=1",
		"QWEN_CODE=1",
		"OPENCODE_SESSION_ID=x",
		"OPENCODE_RUN_ID=x",
		"KILO=1",
		"AGENT=1",
		"AI_AGENT=pi",
		"CURSOR_AGENT=1",
		"COPILOT_AGENT_SESSION_ID=x",
		"PI_CODING_AGENT=true",
	};
	static const char *const kept[] = {
		"ANTHROPIC_API_KEY=k",
		"CLAUDE_CODE_OAUTH_TOKEN=k",
		"CLAUDE_CODE_USE_BEDROCK=1",
		"CLAUDE_CODE_MAX_OUTPUT_TOKENS=9",
		"CLAUDE_CODE_SESSIONEND_HOOKS_TIMEOUT_MS=9",
		"CLAUDE_CODE_EFFORT_LEVEL=high",
		"CLAUDE_CODE_SUBAGENT_MODEL=m",
		"CLAUDE_CONFIG_DIR=/c",
		"CODEX_API_KEY=k",
		"CODEX_HOME=/c",
		"OPENAI_API_KEY=k",
		"GEMINI_API_KEY=k",
		"GEMINI_SANDBOX=docker",
		"GEMINI_CLI_NO_RELAUNCH=1",
		"GEMINI_CLI_TRUST_WORKSPACE=true",
		"QWEN_CODE_MAX_OUTPUT_TOKENS=9",
		"OPENCODE_CONFIG=/c",
		"OPENCODE_SERVER_PASSWORD=k",
		"COPILOT_GITHUB_TOKEN=k",
		"PI_CODING_AGENT_DIR=/p",
		"CURSOR_API_KEY=k",
		"FIREBASE_MESSAGING_SENDER_ID=7",
		"SSH_AGENT_PID=7",
		"AGENT_NAME=x",
		"CLAUDE_CODE_SESSION",
	};
	size_t i;

	for (i = 0; i < sizeof gone / sizeof gone[0]; i++)
		if (!agent_env_is_marker (gone[i]))
			TAP_EQ_STR (gone[i], "a marker");
	for (i = 0; i < sizeof kept / sizeof kept[0]; i++)
		if (agent_env_is_marker (kept[i]))
			TAP_EQ_STR (kept[i], "no marker");
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
	{ "environment_has_no_markers_by_pattern_and_all_settings",
	  markers_by_pattern },
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
