/* SPDX-License-Identifier: MIT */
/* agent_env.c - the variables by which an agent knows that it runs inside
 * another one. */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "common/agent_env.h"
#include "common/macros.h"

/*
 * Variables that agents set for the programs that they start: those that say
 * "you run inside me", name the outer session, or lead to it (its token, its
 * socket, its editor).  A '*' stands for any characters.
 *
 * Variables with which a user configures an agent or gives it his credentials
 * are not in the list (CLAUDE_CONFIG_DIR, CLAUDE_CODE_OAUTH_TOKEN, CODEX_HOME,
 * GEMINI_CLI_NO_RELAUNCH, OPENCODE_SERVER_PASSWORD), so a pattern covers no
 * more than one purpose.  That is why there is no "*_MESSAGING_*" for all:
 * FIREBASE_MESSAGING_SENDER_ID is a matter of the user's own program.
 */
static const char *const markers[] = {
	/* any agent */
	"AGENT",
	"AGENT_CLI",
	"AI_AGENT",

	"CLAUDECODE",
	"CLAUDE_*BRIDGE_*",
	"CLAUDE_*MESSAGING_*",
	"CLAUDE_AGENT_SDK_VERSION",
	"CLAUDE_BG_*",
	"CLAUDE_CODE_AGENT",
	"CLAUDE_CODE_AGENT_ID",
	"CLAUDE_CODE_AGENT_NAME",
	"CLAUDE_CODE_CHILD_*",
	"CLAUDE_CODE_CONTAINER_ID",
	"CLAUDE_CODE_ENTRYPOINT",
	"CLAUDE_CODE_ENVIRONMENT_*",
	"CLAUDE_CODE_EXECPATH",
	"CLAUDE_CODE_IS_COWORK",
	"CLAUDE_CODE_PARENT_*",
	"CLAUDE_CODE_POLL_EVENTS",
	"CLAUDE_CODE_POST_FOR_SESSION_INGRESS*",
	"CLAUDE_CODE_REMOTE",
	"CLAUDE_CODE_REMOTE_*",
	"CLAUDE_CODE_SESSION",
	"CLAUDE_CODE_SESSION_*",
	"CLAUDE_CODE_SSE_PORT",
	"CLAUDE_CODE_TEAM_NAME",
	"CLAUDE_CODE_WEBSOCKET_*",
	"CLAUDE_CODE_WORKER_EPOCH",
	"CLAUDE_EFFORT",
	"CLAUDE_HOST_PID",
	"CLAUDE_JOB_DIR",
	"CLAUDE_PID",
	"CLAUDE_REMOTE_*",
	"CLAUDE_SESSION_*",
	"SESSION_INGRESS_URL",

	"CODEX_*BRIDGE_*",
	"CODEX_*MESSAGING_*",
	"CODEX_CI",
	"CODEX_CONVERSATION_*",
	"CODEX_INTERNAL_ORIGINATOR_OVERRIDE",
	"CODEX_MANAGED_BY_*",
	"CODEX_PARENT_*",
	"CODEX_PERMISSION_PROFILE",
	"CODEX_SANDBOX",
	"CODEX_SANDBOX_*",
	"CODEX_SESSION_*",
	"CODEX_SHELL",
	"CODEX_THREAD_*",

	"GEMINI_*BRIDGE_*",
	"GEMINI_*MESSAGING_*",
	"GEMINI_CLI",
	"GEMINI_CLI_IDE_*",
	"GEMINI_CLI_SESSION_*",
	"GEMINI_SESSION_*",
	"QWEN_*BRIDGE_*",
	"QWEN_*MESSAGING_*",
	"QWEN_CODE",
	"QWEN_CODE_IDE_*",
	"QWEN_CODE_SESSION_*",
	"QWEN_SESSION_*",

	"KILO",
	"KILO_*BRIDGE_*",
	"KILO_*MESSAGING_*",
	"KILO_PID",
	"KILO_PROCESS_ROLE",
	"KILO_RUN_ID",
	"KILO_SESSION_*",
	"OPENCODE",
	"OPENCODE_*BRIDGE_*",
	"OPENCODE_*MESSAGING_*",
	"OPENCODE_CALLER",
	"OPENCODE_PID",
	"OPENCODE_PROCESS_ROLE",
	"OPENCODE_RUN_ID",
	"OPENCODE_SESSION_*",

	/* others */
	"AMP_CURRENT_THREAD_ID",
	"AMP_THREAD_*",
	"ANTIGRAVITY_AGENT",
	"AUGMENT_AGENT",
	"CLINE_ACTIVE",
	"CLINE_TASK_ID",
	"COPILOT_AGENT_SESSION_*",
	"COPILOT_CLI",
	"COPILOT_SESSION_*",
	"CRUSH",
	"CURSOR_AGENT",
	"CURSOR_SESSION_*",
	"CURSOR_TRACE_ID",
	"DROID_CLI",
	"DROID_SESSION_*",
	"GH_COPILOT_WORKING_DIRECTORY",
	"GITHUB_COPILOT_CLI_MODE",
	"GOOSE_TERMINAL",
	"KIMI_CLI",
	"PI_CODING_AGENT",
	"PI_SESSION_*",
	"ROO_ACTIVE",
	"ROO_CODE_TASK_ID",
	"TRAE_AI_SHELL_ID",
	"WINDSURF_SESSION",
};

/* Does NAME, LEN bytes, match PATTERN?  What a '*' took is lengthened as long as
 * the rest does not match. */
static int
matches (const char *pattern, const char *name, size_t len)
{
	const char *star = NULL;
	size_t i = 0, from = 0;

	while (i < len) {
		if (*pattern == '*') {
			star = ++pattern;
			from = i;
		} else if (*pattern == name[i]) {
			pattern++;
			i++;
		} else if (star != NULL) {
			pattern = star;
			i = ++from;
		} else {
			return 0;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

int
agent_env_is_marker (const char *string)
{
	size_t len = strcspn (string, "=");
	size_t i;

	if (string[len] == '\0')
		return 0;
	for (i = 0; i < ARRAY_SIZE (markers); i++)
		if (matches (markers[i], string, len))
			return 1;
	return 0;
}
