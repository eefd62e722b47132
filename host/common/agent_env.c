/* SPDX-License-Identifier: MIT */
/* agent_env.c - the variables by which an agent knows that it runs inside
 * another one. */
#include "config.h"

#include <string.h>

#include "common/agent_env.h"
#include "common/macros.h"

/*
 * Variables that agents set for the programs that they start: those that say
 * "you run inside me" or name the outer session.  Variables with which a user
 * configures an agent are not in the list.
 */
static const char *const markers[] = {
	"CLAUDECODE",
	"CLAUDE_CODE_CHILD_SESSION",
	"CLAUDE_CODE_ENTRYPOINT",
	"CLAUDE_CODE_EXECPATH",
	"CLAUDE_CODE_SESSION_ID",
	"CLAUDE_CODE_SSE_PORT",
	"CLAUDE_PID",
	"CODEX_CI",
	"CODEX_SANDBOX",
	"CODEX_SANDBOX_NETWORK_DISABLED",
	"CODEX_THREAD_ID",
	"GEMINI_CLI",
	"OPENCODE",
	"OPENCODE_PID",
	"OPENCODE_SESSION_ID",
};

int
agent_env_is_marker (const char *string)
{
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE (markers); i++) {
		len = strlen (markers[i]);
		if (strncmp (string, markers[i], len) == 0
		    && string[len] == '=')
			return 1;
	}
	return 0;
}
