/* SPDX-License-Identifier: MIT */
/* qwen_rules.c - the qwen plugin against rules for all lines. */
#include "config.h"

#include "plugins/gives.h"
#include "plugins/steady.h"
#include "plugins/wrong.h"
#include "qwen/qwen.h"

#define LINE(type, rest)                                                       \
	"{\"type\":\"" type "\",\"uuid\":\"u\",\"session_id\":\"s\"" rest "}"
#define DELTA(text)                                                            \
	LINE ("stream_event",                                                  \
	      ",\"event\":{\"type\":\"content_block_delta\",\"index\":0,"      \
	      "\"delta\":{\"type\":\"text_delta\",\"text\":\"" text "\"}}")

static void
order_is_free (void)
{
	gives ("{\"result\":\"a\",\"result\":\"b\",\"x\":[{}],"
	       "\"session_id\":\"s\",\"session_id\":\"s2\",\"type\":\"user\","
	       "\"is_error\":false,\"typ\\u0065\":\"result\"}",
	       "session id=\"s2\"\nresult verdict=ok terminal text=\"b\"\n");
}

static void
resumed_by_the_words (void)
{
	static const char *const yes[] = {
		"qwen --resume s -p x",
		"qwen -r s -p x",
		"qwen -c -p x",
		"qwen -yc -p x",
		"qwen --continue -p x",
		"npx @qwen-code/qwen-code --resume=s",
		"node /x/qwen-code/cli-entry.js -r s",
		"bash|-c|qwen --resume s -p x",
		"./agent.sh --resume s",
		NULL,
	};
	static const char *const no[] = {
		"qwen -p x",
		"npx -c @qwen-code/qwen-code -p x",
		"qwen|-p|what does qwen --resume do?",
		"qwen -y -- --resume",
		NULL,
	};
	static const char *const unknown[] = {
		"bash|-c|qwen -p x",
		"./agent.sh -r",
		NULL,
	};

	resumed_rows (yes, LINE ("future", ""),
		      "session id=\"s\" resumed=1\nskip line=1\n");
	resumed_rows (no, LINE ("future", ""),
		      "session id=\"s\" resumed=-1\nskip line=1\n");
	resumed_rows (unknown, LINE ("future", ""),
		      "session id=\"s\"\nskip line=1\n");
}

static void
huge_counts (void)
{
	gives (LINE ("assistant",
		     ",\"message\":{\"id\":\"m\",\"content\":[],\"usage\":"
		     "{\"input_tokens\":9e99,\"output_tokens\":-5}}") "\n" LINE ("result",
										 ",\"is_error\":false,\"usage\":{"
										 "\"input_tokens\":9e99,\"output_tokens\":-5}"),
	       "session id=\"s\"\n"
	       "usage scope=call id=\"m\" input=9223372036854775807"
	       " output=-5\n"
	       "usage scope=call id=\"u\" input=9223372036854775807"
	       " output=-5\n"
	       "result verdict=ok terminal\n");
}

static void
long_ids (void)
{
	char in[1024], id[300];
	char *found;

	memset (id, 'i', sizeof (id) - 1);
	id[sizeof (id) - 1] = '\0';
	snprintf (in, sizeof (in),
		  "{\"type\":\"assistant\",\"message\":{\"id\":\"%s\","
		  "\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
		  "{\"type\":\"text\",\"text\":\"b\"}]}}",
		  id);
	found = collect_text (&linehook_plugin_1, in, strlen (in), NULL);
	CU_ASSERT (strstr (found, "text role=assistant text=\"b\"\n") != NULL);
	free (found);
}

static void
salvaged_lines (void)
{
	gives_salvaged (LINE ("assistant", "") "\n" LINE (
				"user", "") "\n" LINE ("stream_event", "") "\n",
			"session id=\"s\"\nskip line=1\nskip line=2\n"
			"skip line=3\n");
}

static void
bad_lines_change_nothing (void)
{
	gives (DELTA ("a") "\nx\n[1]\n{\"type\":\"stream_event\",\"uu\n" DELTA (
		       "b"),
	       "session id=\"s\"\n"
	       "text role=assistant delta id=\"u\" text=\"a\"\n"
	       "unparsed line=2\nunparsed line=3\nunparsed line=4\n"
	       "text role=assistant delta id=\"u\" text=\"b\"\n");
}

#define MESSAGE(id)                                                            \
	LINE ("assistant", ",\"message\":{\"id\":\"" id "\",\"content\":[]}")
#define RESULT(rest)                                                           \
	LINE ("result", ",\"duration_api_ms\":1,\"permission_denials\":[]" rest)
#define INIT LINE ("system", ",\"subtype\":\"init\",\"model\":\"m\"" VERSION)
#define VERSION ",\"qwen_code_version\":\"0.24.4\""

static void
probe_knows_its_own (void)
{
	TAP_EQ_INT (probe (INIT), 1);
	TAP_EQ_INT (probe ("[" INIT "]"), 1);
	TAP_EQ_INT (probe ("[1,{}]"), 0);
	TAP_EQ_INT (probe (LINE ("system", ",\"subtype\":\"init\"")), 0);
	TAP_EQ_INT (probe (LINE ("system", ",\"subtype\":\"retry\",\"data\":"
					   "{\"discardedToolCalls\":0}")),
		    1);
	TAP_EQ_INT (
		probe (LINE ("system", ",\"subtype\":\"retry\",\"data\":{}")),
		0);
	TAP_EQ_INT (probe (MESSAGE ("u")), 1);
	TAP_EQ_INT (probe (MESSAGE ("msg_1")), 0);
	TAP_EQ_INT (probe (MESSAGE ("")), 0);
	TAP_EQ_INT (probe (DELTA ("a")), 0);
	TAP_EQ_INT (probe (LINE ("stream_event",
				 ",\"event\":{\"type\":\"goal_state\","
				 "\"goal_state\":{\"v\":2}}")),
		    1);
	TAP_EQ_INT (probe (RESULT (",\"usage\":{\"total_tokens\":1}")), 1);
	TAP_EQ_INT (probe (RESULT (",\"error\":{\"message\":\"m\"}")), 1);
	TAP_EQ_INT (probe (RESULT ("")), 0);
	TAP_EQ_INT (probe (RESULT (",\"usage\":{\"total_tokens\":1},"
				   "\"total_cost_usd\":0")),
		    0);
	TAP_EQ_INT (probe (LINE ("user", ",\"message\":{\"content\":[]}")), 0);
	TAP_EQ_INT (probe ("{\"type\":\"turn.started\"}"), 0);
	TAP_EQ_INT (probe (""), 0);
}

#define COUNTS                                                                 \
	"\"usage\":{\"input_tokens\":1,\"output_tokens\":2,"                   \
	"\"cache_read_input_tokens\":3,\"cache_creation_input_tokens\":4,"     \
	"\"total_tokens\":5}"

static void
wrong_types_are_absent (void)
{
	static const char *const samples[] = {
		LINE ("system", ",\"subtype\":\"init\",\"cwd\":\"/w\","
				"\"tools\":[\"a\"],\"model\":\"m\"" VERSION),
		LINE ("system",
		      ",\"subtype\":\"retry\",\"data\":{\"attempt\":1,"
		      "\"maxRetries\":2,\"delayMs\":3,\"preserveText\":true}"),
		LINE ("system",
		      ",\"subtype\":\"task_started\",\"data\":{\"task_id\":"
		      "\"t\",\"tool_use_id\":\"c\",\"description\":\"d\","
		      "\"subagent_type\":\"a\"}"),
		LINE ("system",
		      ",\"subtype\":\"task_notification\",\"data\":{"
		      "\"task_id\":\"t\",\"status\":\"failed\",\"usage\":{}}"),
		LINE ("system", ",\"subtype\":\"continue_turn_failed\","
				"\"data\":{\"error\":\"e\"}"),
		DELTA ("a"),
		LINE ("stream_event",
		      ",\"event\":{\"type\":\"content_block_delta\",\"delta\":"
		      "{\"type\":\"thinking_delta\",\"thinking\":\"t\"}}"),
		LINE ("stream_event",
		      ",\"event\":{\"type\":\"tool_progress\",\"tool_use_id\":"
		      "\"c\",\"content\":{\"type\":\"mcp_tool_progress\"}}"),
		LINE ("assistant",
		      ",\"parent_tool_use_id\":\"p\",\"message\":{\"id\":\"m\","
		      "\"model\":\"o\",\"content\":[{\"type\":\"text\","
		      "\"text\":\"t\"}]," COUNTS "}"),
		LINE ("assistant",
		      ",\"message\":{\"id\":\"m\",\"content\":[{\"type\":"
		      "\"tool_use\",\"id\":\"c\",\"name\":\"todo_write\","
		      "\"input\":{\"todos\":[{\"content\":\"t\"}]}}]}"),
		LINE ("user",
		      ",\"message\":{\"content\":[{\"type\":\"tool_result\","
		      "\"tool_use_id\":\"c\",\"is_error\":true,\"content\":"
		      "\"o\"}]}"),
		LINE ("result", ",\"subtype\":\"success\",\"is_error\":false,"
				"\"duration_ms\":1,\"result\":\"r\"," COUNTS
				",\"permission_denials\":[{\"tool_name\":\"n\","
				"\"tool_use_id\":\"c\",\"tool_input\":{}}],"
				"\"structured_result\":{}"),
		LINE ("result", ",\"subtype\":\"error_during_execution\","
				"\"is_error\":true,\"error\":{\"type\":\"t\","
				"\"message\":\"m\"}"),
		LINE ("control_request",
		      ",\"request_id\":\"q\",\"request\":{\"subtype\":"
		      "\"can_use_tool\",\"tool_name\":\"n\",\"tool_use_id\":"
		      "\"c\",\"input\":{\"command\":\"x\"}}"),
		NULL,
	};
	/* A notice has all of the data of a retry. */
	static const struct wrong_place places[] = {
		{ "/data/attempt", LHK_FIELD_RAW },
		{ "/data/maxRetries", LHK_FIELD_RAW },
		{ "/data/delayMs", LHK_FIELD_RAW },
		{ "/data/preserveText", LHK_FIELD_RAW },
		{ "/data/task_id", LHK_FIELD_RAW },
		{ "/data/tool_use_id", LHK_FIELD_RAW },
		{ "/data/description", LHK_FIELD_RAW },
		{ "/data/subagent_type", LHK_FIELD_RAW },
		{ "/data/status", LHK_FIELD_RAW },
		{ "/data/usage", LHK_FIELD_RAW },
		{ "/data/error", LHK_FIELD_RAW },
		{ "/event/content/type", LHK_FIELD_TEXT },
		{ "/message/content/0/text", LHK_FIELD_TEXT },
		{ "/message/content/0/id", LHK_FIELD_TEXT },
		{ "/message/content/0/name", LHK_FIELD_TEXT },
		{ "/message/content/0/input", LHK_FIELD_RAW },
		{ "/message/content/0/tool_use_id", LHK_FIELD_TEXT },
		{ "/message/content/0/is_error", LHK_FIELD_BOOL },
		{ "/message/content/0/content", LHK_FIELD_RAW },
		{ "/permission_denials/0/tool_name", LHK_FIELD_TEXT },
		{ "/permission_denials/0/tool_use_id", LHK_FIELD_TEXT },
		{ "/error/message", LHK_FIELD_TEXT },
		{ "/error/type", LHK_FIELD_TEXT },
		{ NULL, 0 },
	};
	int n;

	n = wrong_types (&linehook_plugin_1, qwen_table (QWEN_LINE), places,
			 samples);
	tap_note ("%d lines tried", n);
	CU_ASSERT (n > 1000);
}

static void
transcripts (void)
{
	goldens ("qwen", 20);
}

static void
steady_state (void)
{
	steady_is_free (&linehook_plugin_1, transcripts_of ("qwen"));
}

static const struct tap_case cases[] = {
	{ "a_resume_is_seen_wherever_its_words_stand", resumed_by_the_words },
	{ "key_order_is_free_and_the_last_duplicate_counts", order_is_free },
	{ "huge_counts_saturate_and_negative_ones_are_told", huge_counts },
	{ "an_id_that_is_too_long_names_no_other_text", long_ids },
	{ "a_salvaged_text_or_call_makes_nothing_up", salvaged_lines },
	{ "lines_that_are_no_object_change_nothing", bad_lines_change_nothing },
	{ "probe_accepts_only_qwen_lines", probe_knows_its_own },
	{ "a_wrong_type_in_any_field_is_as_good_as_absent",
	  wrong_types_are_absent },
	{ "transcripts_give_the_events_on_file", transcripts },
	{ "lines_like_those_before_allocate_nothing", steady_state },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("qwen_rules", cases);
}
