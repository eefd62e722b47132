/* SPDX-License-Identifier: MIT */
/* event_words.c - the words that stand for numbers in the JSON of events. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>
#include <linehook/run.h>

#include "common/macros.h"
#include "format/event_words.h"

static const char *const kinds[] = {
	[LHK_EV_SESSION] = "session", [LHK_EV_TEXT] = "text",
	[LHK_EV_TOOL] = "tool",	      [LHK_EV_PLAN] = "plan",
	[LHK_EV_ASK] = "ask",	      [LHK_EV_USAGE] = "usage",
	[LHK_EV_NOTICE] = "notice",   [LHK_EV_RESULT] = "result",
	[LHK_EV_RUN] = "run",
};

static const char *const roles[] = {
	[LHK_ROLE_ASSISTANT] = "assistant",
	[LHK_ROLE_USER] = "user",
	[LHK_ROLE_THOUGHT] = "thought",
	[LHK_ROLE_SYSTEM] = "system",
};

static const char *const tool_types[] = {
	[LHK_TYPE_OTHER] = "other",	[LHK_TYPE_READ] = "read",
	[LHK_TYPE_EDIT] = "edit",	[LHK_TYPE_DELETE] = "delete",
	[LHK_TYPE_MOVE] = "move",	[LHK_TYPE_SEARCH] = "search",
	[LHK_TYPE_EXECUTE] = "execute", [LHK_TYPE_THINK] = "think",
	[LHK_TYPE_FETCH] = "fetch",
};

static const char *const tool_states[] = {
	[LHK_TOOL_PENDING] = "pending",	  [LHK_TOOL_RUNNING] = "in_progress",
	[LHK_TOOL_DONE] = "completed",	  [LHK_TOOL_FAILED] = "failed",
	[LHK_TOOL_CANCELED] = "canceled", [LHK_TOOL_DENIED] = "denied",
};

static const char *const plan_states[] = {
	[LHK_PLAN_PENDING] = "pending",
	[LHK_PLAN_RUNNING] = "in_progress",
	[LHK_PLAN_DONE] = "completed",
};

static const char *const scopes[] = {
	[LHK_SCOPE_CALL] = "call",
	[LHK_SCOPE_TURN] = "turn",
	[LHK_SCOPE_RUN] = "run",
	[LHK_SCOPE_SESSION] = "session",
};

static const char *const levels[] = {
	[LHK_LOG_ERROR] = "error",
	[LHK_LOG_WARN] = "warn",
	[LHK_LOG_INFO] = "info",
	[LHK_LOG_DEBUG] = "debug",
};

static const char *const end_reasons[] = {
	[LHK_END_EXITED] = "exited",
	[LHK_END_SIGNALED] = "signaled",
	[LHK_END_TIMEOUT] = "timeout",
	[LHK_END_IDLE] = "idle",
	[LHK_END_CANCELED] = "canceled",
	[LHK_END_LINGER] = "linger",
	[LHK_END_OUTPUT_LIMIT] = "output_limit",
	[LHK_END_BUDGET] = "budget",
	[LHK_END_SPAWN_FAILED] = "spawn_failed",
	[LHK_END_HOST_ERROR] = "host_error",
};

static const char *const flags[] = {
	NULL,
	"stdin_failed",	     /* LHK_FLAG_STDIN_FAILED */
	"drain_cut",	     /* LHK_FLAG_DRAIN_CUT */
	"leftover_killed",   /* LHK_FLAG_LEFTOVER_KILLED */
	"hung_after_result", /* LHK_FLAG_HUNG_AFTER_RESULT */
	"monitor_lost",	     /* LHK_FLAG_MONITOR_LOST */
	"degraded",	     /* LHK_FLAG_DEGRADED */
};

/* clang-format off */
#define WORDS(array) { (array), ARRAY_SIZE (array) }
/* clang-format on */

const struct event_words event_words_kinds = WORDS (kinds);
const struct event_words event_words_roles = WORDS (roles);
const struct event_words event_words_tool_types = WORDS (tool_types);
const struct event_words event_words_tool_states = WORDS (tool_states);
const struct event_words event_words_plan_states = WORDS (plan_states);
const struct event_words event_words_scopes = WORDS (scopes);
const struct event_words event_words_levels = WORDS (levels);
const struct event_words event_words_end_reasons = WORDS (end_reasons);
const struct event_words event_words_flags = WORDS (flags);

const char *
event_words_get (const struct event_words *w, int32_t value)
{
	return value >= 0 && (size_t) value < w->n ? w->words[value] : NULL;
}

int32_t
event_words_find (const struct event_words *w, const struct lhk_text *text)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->words[i] != NULL
		    && lhk_text_is (text, w->words[i], strlen (w->words[i])))
			return (int32_t) i;
	return 0;
}
