/* SPDX-License-Identifier: MIT */
/* codex_rules.c - the codex plugin against rules that hold for all lines. */
#include "config.h"

#include "codex/codex.h"
#include "plugins/gives.h"
#include "plugins/steady.h"
#include "plugins/wrong.h"

#define DONE(item) "{\"type\":\"item.completed\",\"item\":{" item "}}"
#define SPAWN "\"type\":\"collab_tool_call\",\"tool\":\"spawn_agent\","

static void
usage_of (const char *const *words, const char *want)
{
	gives_of_command (words,
			  "{\"type\":\"thread.started\",\"thread_id\":\"t\"}\n"
			  "{\"type\":\"turn.completed\",\"usage\":"
			  "{\"input_tokens\":1}}\n",
			  want);
}

#define RUN_SCOPE                                                              \
	"session id=\"t\" resumed=-1\nusage scope=run input=1\n"               \
	"result verdict=ok terminal\n"
#define SESSION_SCOPE                                                          \
	"session id=\"t\" resumed=1\nusage scope=session"                      \
	" input=1\nresult verdict=ok terminal\n"
#define UNKNOWN_SCOPE                                                          \
	"session id=\"t\"\nusage scope=session input=1\n"                      \
	"result verdict=ok terminal\n"

static void
scope_of_a_new_thread (void)
{
	usage_of (WORDS ("codex", "exec", "--json", "do it"), RUN_SCOPE);
	usage_of (WORDS ("codex", "exec", "-m", "resume", "go"), RUN_SCOPE);
	usage_of (WORDS ("codex", "exec", "explain", "resume"), RUN_SCOPE);
	usage_of (WORDS ("codex", "exec", "explain codex exec resume"),
		  RUN_SCOPE);
	usage_of (WORDS ("docker", "exec", "codex", "sh", "-c",
			 "codex exec --json hi"),
		  RUN_SCOPE);
	usage_of (WORDS ("codex", "exec", "--", "resume"), RUN_SCOPE);
	usage_of (WORDS ("npx", "@openai/codex", "e", "--json", "go"),
		  RUN_SCOPE);
	usage_of (WORDS ("npm", "exec", "--yes", "@openai/codex", "--", "exec",
			 "--json", "go"),
		  RUN_SCOPE);
	usage_of (WORDS ("pnpm", "exec", "codex", "exec", "--json", "go"),
		  RUN_SCOPE);
}

static void
scope_of_a_resumed_thread (void)
{
	usage_of (WORDS ("codex", "exec", "resume", "--json", "id", "go"),
		  SESSION_SCOPE);
	usage_of (WORDS ("codex", "-m", "gpt", "exec", "--json", "-C", "/tmp",
			 "resume", "--last", "go"),
		  SESSION_SCOPE);
	usage_of (WORDS ("codex", "-p", "exec", "e", "resume", "id"),
		  SESSION_SCOPE);
	usage_of (WORDS ("npm", "exec", "--yes", "@openai/codex", "--", "exec",
			 "--json", "resume", "id", "hi"),
		  SESSION_SCOPE);
	usage_of (WORDS ("pnpm", "exec", "codex", "exec", "resume", "id"),
		  SESSION_SCOPE);
	usage_of (WORDS ("yarn", "dlx", "@openai/codex@1.2", "exec", "resume"),
		  SESSION_SCOPE);
	usage_of (WORDS ("npx", "-p", "@openai/codex", "codex", "exec",
			 "resume", "id"),
		  SESSION_SCOPE);
	usage_of (WORDS ("node", "/x/codex/bin/codex.js", "exec", "resume"),
		  SESSION_SCOPE);
	usage_of (WORDS ("docker", "run", "--name", "codex", "img", "codex",
			 "exec", "resume", "id"),
		  SESSION_SCOPE);
	usage_of (WORDS ("ssh", "host", "codex", "exec", "resume", "id"),
		  SESSION_SCOPE);
	usage_of (WORDS ("sh", "-c", "cd /w && codex exec --json resume id"),
		  SESSION_SCOPE);
	usage_of (WORDS ("npx", "-c", "codex exec resume id"), SESSION_SCOPE);
	usage_of (WORDS ("./agent.sh", "resume", "id"), SESSION_SCOPE);
	/* The first codex is a container, a machine. */
	usage_of (WORDS ("docker", "exec", "codex", "sh", "-c",
			 "cd /w && codex exec resume id"),
		  SESSION_SCOPE);
	usage_of (WORDS ("ssh", "codex", "codex exec --json resume id"),
		  SESSION_SCOPE);
}

static void
scope_that_is_not_known (void)
{
	usage_of (WORDS ("sh", "-c", "codex exec --json go"), UNKNOWN_SCOPE);
	usage_of (WORDS ("./agent.sh"), UNKNOWN_SCOPE);
	usage_of (WORDS ("make", "agent"), UNKNOWN_SCOPE);
}

static void
salvaged_lines (void)
{
	gives_salvaged ("{\"type\":\"item.completed\"}\n"
			"{\"type\":\"turn.completed\"}\n",
			"skip line=1\n"
			"result verdict=ok terminal\n");
}

static void
bad_lines_change_nothing (void)
{
	gives ("{\"type\":\"thread.started\",\"thread_id\":\"t\"} x\n"
	       "[]\n"
	       "7\n"
	       "\n"
	       "{\"type\":\"thread.started\",\"thread_id\":\"t2\"}\n",
	       "unparsed line=1\n"
	       "unparsed line=2\n"
	       "unparsed line=3\n"
	       "unparsed line=4\n"
	       "session id=\"t2\"\n");
}

static void
probe_knows_its_own (void)
{
	TAP_EQ_INT (probe ("{\"type\":\"thread.started\",\"thread_id\":\"t\"}"),
		    1);
	TAP_EQ_INT (probe ("{\"type\":\"thread.started\",\"thread_id\":\"\"}"),
		    0);
	TAP_EQ_INT (probe ("{\"type\":\"turn.started\"}"), 0);
	TAP_EQ_INT (probe ("{\"type\":\"turn.completed\"}"), 0);
	TAP_EQ_INT (probe ("{\"type\":\"turn.completed\",\"usage\":"
			   "{\"input_tokens\":1,\"output_tokens\":0}}"),
		    1);
	TAP_EQ_INT (probe ("{\"type\":\"turn.failed\"}"), 0);
	TAP_EQ_INT (probe ("{\"type\":\"turn.failed\",\"error\":{}}"), 1);
	TAP_EQ_INT (probe (DONE ("\"id\":\"a\",\"type\":\"x\"")), 1);
	TAP_EQ_INT (probe ("{\"type\":\"error\",\"message\":\"m\"}"), 0);
	TAP_EQ_INT (probe ("{\"type\":\"item.completed\"}"), 0);
	/* a schema of others, with the same names */
	TAP_EQ_INT (probe ("{\"type\":\"item.started\",\"event_id\":\"e\","
			   "\"data\":{\"item\":{\"item_id\":\"i\"}}}"),
		    0);
	TAP_EQ_INT (probe ("{\"type\":\"init\",\"timestamp\":\"x\","
			   "\"session_id\":\"s\"}"),
		    0);
	TAP_EQ_INT (probe ("{\"type\":\"text\",\"timestamp\":1,\"sessionID\":"
			   "\"s\",\"part\":{}}"),
		    0);
	TAP_EQ_INT (probe ("{\"type\":\"system\",\"subtype\":\"init\","
			   "\"session_id\":\"s\"}"),
		    0);
	TAP_EQ_INT (probe ("thread.started"), 0);
}

static void
wrong_types_are_absent (void)
{
	static const char *const samples[] = {
		"{\"type\":\"thread.started\",\"thread_id\":\"t\"}",
		"{\"type\":\"session.created\",\"session_id\":\"t\"}",
		"{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":3}}",
		"{\"type\":\"turn.failed\",\"error\":{\"message\":\"m\"}}",
		"{\"type\":\"error\",\"message\":\"m\"}",
		"{\"type\":\"item.plan.delta\",\"item_id\":\"p\","
		"\"delta\":\"d\"}",
		"{\"type\":\"request_user_input\",\"call_id\":\"c\","
		"\"questions\":[{\"id\":\"q\",\"options\":[{\"label\":\"l\"}]}]"
		"}",
		DONE ("\"id\":\"a\",\"type\":\"agent_message\",\"text\":\"t\""),
		DONE ("\"id\":\"a\",\"type\":\"reasoning\",\"text\":\"t\""),
		DONE ("\"id\":\"a\",\"type\":\"plan\",\"text\":\"t\""),
		DONE ("\"id\":\"a\",\"type\":\"error\",\"message\":\"t\""),
		DONE ("\"id\":\"a\",\"type\":\"todo_list\",\"items\":"
		      "[{\"text\":\"t\",\"completed\":true}]"),
		DONE ("\"id\":\"a\",\"type\":\"command_execution\","
		      "\"command\":\"c\",\"exit_code\":1,\"status\":"
		      "\"failed\",\"aggregated_output\":\"o\""),
		DONE ("\"id\":\"a\",\"type\":\"file_change\",\"changes\":"
		      "[{\"path\":\"p\",\"kind\":\"delete\"}]"),
		DONE ("\"id\":\"a\",\"type\":\"mcp_tool_call\",\"arguments\":"
		      "{\"path\":\"p\"},\"result\":{\"content\":[{\"text\":"
		      "\"t\"}]}"),
		DONE ("\"id\":\"a\",\"type\":\"web_search\",\"query\":\"\","
		      "\"action\":{\"url\":\"u\",\"query\":\"q\"}"),
		DONE ("\"id\":\"a\"," SPAWN "\"receiver_thread_ids\":[\"k\"],"
		      "\"agents_states\":{\"k\":{\"message\":\"m\"}}"),
		DONE ("\"id\":\"a\",\"item_type\":\"function_call\",\"name\":"
		      "\"f\",\"arguments\":\"{}\""),
		NULL,
	};
	static const struct wrong_place places[] = {
		{ "/questions/0/id", LHK_FIELD_TEXT },
		{ "/questions/0/header", LHK_FIELD_TEXT },
		{ "/questions/0/question", LHK_FIELD_TEXT },
		{ "/questions/0/options", LHK_FIELD_RAW },
		{ "/questions/0/options/0/label", LHK_FIELD_TEXT },
		{ "/item/items/0/text", LHK_FIELD_TEXT },
		{ "/item/items/0/completed", LHK_FIELD_BOOL },
		{ "/item/changes/0/path", LHK_FIELD_RAW },
		{ "/item/changes/0/kind", LHK_FIELD_RAW },
		{ "/item/arguments/path", LHK_FIELD_RAW },
		{ "/item/result/content", LHK_FIELD_RAW },
		{ "/item/result/content/0/text", LHK_FIELD_RAW },
		{ "/item/action/url", LHK_FIELD_RAW },
		{ "/item/action/query", LHK_FIELD_RAW },
		{ "/item/agents_states/k", LHK_FIELD_RAW },
		{ "/item/agents_states/k/message", LHK_FIELD_RAW },
		{ "/error/message", LHK_FIELD_TEXT },
		{ NULL, 0 },
	};
	int n;

	n = wrong_types (&linehook_plugin_1, codex_fields (), places, samples);
	tap_note ("%d lines tried", n);
	CU_ASSERT (n > 1000);
}

static void
transcripts (void)
{
	goldens ("codex", 12);
}

static void
steady_state (void)
{
	steady_is_free (&linehook_plugin_1, transcripts_of ("codex"));
}

static const struct tap_case cases[] = {
	{ "usage_of_a_new_thread_is_that_of_the_run", scope_of_a_new_thread },
	{ "usage_of_a_resumed_thread_is_that_of_the_session",
	  scope_of_a_resumed_thread },
	{ "usage_is_that_of_the_session_if_the_command_does_not_say",
	  scope_that_is_not_known },
	{ "a_salvaged_turn_completed_still_ends_the_run", salvaged_lines },
	{ "lines_that_are_no_object_change_nothing", bad_lines_change_nothing },
	{ "probe_accepts_only_codex_lines", probe_knows_its_own },
	{ "a_wrong_type_in_any_field_is_as_good_as_absent",
	  wrong_types_are_absent },
	{ "transcripts_give_the_events_on_file", transcripts },
	{ "lines_like_those_before_allocate_nothing", steady_state },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("codex_rules", cases);
}
