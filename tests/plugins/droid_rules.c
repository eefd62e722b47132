/* SPDX-License-Identifier: MIT */
/* droid_rules.c - the droid plugin against rules for all lines. */
#include "config.h"

#include "droid/droid.h"
#include "plugins/gives.h"
#include "plugins/steady.h"
#include "plugins/wrong.h"

#define LINE(type, rest)                                                       \
	"{\"type\":\"" type "\"," rest ",\"timestamp\":1795993629330,"         \
	"\"session_id\":\"s1\"}"
#define MESSAGE                                                                \
	LINE ("message", "\"role\":\"user\",\"id\":\"u\",\"text\":\"hi\"")
#define INIT(rest)                                                             \
	"{\"type\":\"system\",\"subtype\":\"init\",\"cwd\":\"/w\","            \
	"\"session_id\":\"s1\",\"tools\":[\"Read\"],\"model\":\"m\"" rest "}"

static void
order_is_free (void)
{
	gives ("{\"text\":\"1\",\"x\":[{}],\"session_id\":\"s\",\"role\":"
	       "\"user\",\"session_id\":\"s2\",\"type\":\"error\",\"id\":"
	       "\"a\",\"typ\\u0065\":\"message\",\"text\":\"2\"}",
	       "session id=\"s2\"\ntext role=user id=\"a:0\" text=\"2\"\n");
}

/* A line of another session is none of the run's, but for its end. */
static void
sessions (void)
{
	gives ("{\"type\":\"hook\",\"session_id\":\"h\"}\n"
	       "{\"type\":\"hook\",\"session_id\":\"h2\"}\n" MESSAGE "\n"
	       "{\"type\":\"message\",\"role\":\"assistant\",\"text\":\"x\","
	       "\"session_id\":\"sub\"}\n"
	       "{\"type\":\"completion\",\"finalText\":\"\",\"session_id\":"
	       "\"s3\"}\n"
	       "{\"type\":\"system\",\"subtype\":\"other\",\"session_id\":"
	       "\"s4\"}\n"
	       "{\"type\":\"system\",\"subtype\":\"init\"}\n",
	       "session id=\"h\"\nskip line=1\nskip line=2\n"
	       "session id=\"s1\"\n"
	       "text role=user id=\"u:0\" text=\"hi\"\n"
	       "text role=assistant text=\"x\"\n"
	       "session id=\"s3\"\nresult verdict=ok terminal\n"
	       "skip line=6\nskip line=7\n");
}

static void
resumed_by_the_words (void)
{
	static const char *const yes[] = {
		"droid exec -s s1 x",
		"droid exec --session-id=s1 x",
		"droid exec --fork s1 x",
		"npx @factory/cli exec --session-id s1 x",
		"sh|-c|droid exec -s s1 x",
		"./agent.sh --fork s1",
		NULL,
	};
	static const char *const no[] = { "droid exec x",
					  "droid exec -o stream-json x", NULL };
	static const char *const unknown[] = { "sh|-c|exec \"$@\"",
					       "./agent.sh -s", NULL };

	resumed_rows (yes, MESSAGE,
		      "session id=\"s1\" resumed=1\n"
		      "text role=user id=\"u:0\" text=\"hi\"\n");
	resumed_rows (no, MESSAGE,
		      "session id=\"s1\" resumed=-1\n"
		      "text role=user id=\"u:0\" text=\"hi\"\n");
	resumed_rows (unknown, MESSAGE,
		      "session id=\"s1\"\n"
		      "text role=user id=\"u:0\" text=\"hi\"\n");
}

static void
huge_counts (void)
{
	gives (LINE ("completion",
		     "\"finalText\":\"\",\"usage\":{\"input_tokens\":9e99,"
		     "\"output_tokens\":-5,\"cache_read_input_tokens\":7,"
		     "\"cache_creation_input_tokens\":0}"),
	       "session id=\"s1\"\n"
	       "usage scope=turn input=9223372036854775807 output=-5"
	       " cache_read=7 cache_write=0\n"
	       "result verdict=ok terminal\n");
}

/* What was lost is not made up, and the end is known all the same. */
static void
salvaged_lines (void)
{
	gives_salvaged (
		LINE ("message", "\"role\":\"assistant\",\"id\":\"a\"") "\n" LINE (
			"reasoning",
			"\"id\":\"a\"") "\n" LINE ("tool_result",
						   "\"id\":\"c\","
						   "\"toolId\":"
						   "\"Read\","
						   "\"isError\":"
						   "false") "\n" LINE ("completion",
								       "\"numTurns\":1,\"usage\":{\"input_tokens\":1,"
								       "\"output_tokens\":2,\"cache_read_input_tokens\":0,"
								       "\"cache_creation_input_tokens\":0}") "\n",
		"session id=\"s1\"\n"
		"tool status=completed type=read truncated id=\"c\""
		" name=\"Read\"\n"
		"usage scope=turn input=1 output=2 cache_read=0"
		" cache_write=0\n"
		"result verdict=ok terminal\n");
	gives (LINE ("message", "\"role\":\"assistant\"") "\n" LINE (
		       "reasoning",
		       "\"id\":\"a\"") "\n" LINE ("tool_call",
						  "\"x\":1") "\n" LINE ("tool_result",
									"\"x\":1"),
	       "session id=\"s1\"\nskip line=1\nskip line=2\nskip line=3\n"
	       "skip line=4\n");
}

static void
bad_lines_change_nothing (void)
{
	gives (MESSAGE "x\n[1]\n"
		       "{\"type\":\"message\",\"session_id\":\"ses\n"
		       "{\"type\":\"future\",\"session_id\":\"s3\"}\n",
	       "unparsed line=1\nunparsed line=2\nunparsed line=3\n"
	       "session id=\"s3\"\nskip line=4\n");
}

static const char *const own[] = {
	INIT (",\"reasoning_effort\":\"none\""),
	MESSAGE,
	LINE ("reasoning", "\"id\":\"a\",\"text\":\"t\""),
	LINE ("tool_call",
	      "\"id\":\"c\",\"messageId\":\"a\",\"toolName\":\"R\""),
	LINE ("tool_result",
	      "\"id\":\"c\",\"messageId\":\"a\",\"toolId\":\"\""),
	LINE ("error", "\"source\":\"cli\",\"message\":\"m\""),
	LINE ("completion", "\"finalText\":\"\""),
	LINE ("result", "\"is_error\":false,\"usage\":{\"factory_credits\":0}"),
};

static const char *const others[] = {
	/* Claude Code, Qwen Code, Gemini CLI, OpenCode, Codex .. */
	INIT (",\"claude_code_version\":\"2.1.329\""),
	INIT (",\"qwen_code_version\":\"0.24.4\""),
	INIT (""),
	"{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":"
	"false,\"session_id\":\"s\",\"usage\":{\"input_tokens\":1}}",
	"{\"type\":\"message\",\"timestamp\":\"2026\",\"role\":"
	"\"user\",\"content\":\"c\"}",
	"{\"type\":\"message\",\"role\":\"user\",\"id\":\"a\","
	"\"text\":\"t\",\"timestamp\":1}",
	"{\"type\":\"message\",\"role\":\"user\",\"id\":\"a\","
	"\"text\":\"t\",\"timestamp\":\"1\",\"session_id\":\"s\"}",
	"{\"type\":\"tool_result\",\"timestamp\":\"2026\","
	"\"tool_id\":\"t\",\"status\":\"success\"}",
	"{\"type\":\"reasoning\",\"timestamp\":1,\"sessionID\":\"s\","
	"\"part\":{\"id\":\"p\",\"text\":\"t\"}}",
	"{\"type\":\"error\",\"message\":\"m\"}",
	"{\"type\":\"error\",\"timestamp\":1,\"sessionID\":\"s\","
	"\"error\":{}}",
	LINE ("error", "\"message\":\"m\""),
	LINE ("completion", "\"numTurns\":1"),
	LINE ("future", "\"id\":\"a\""),
	"{\"type\":\"session\",\"id\":\"s\",\"cwd\":\"/w\"}",
	"{\"type\":\"result\",\"sessionId\":\"s\",\"exitCode\":0}",
	"",
	"[]",
};

static void
probe_knows_its_own (void)
{
	size_t i;

	for (i = 0; i < sizeof (own) / sizeof (own[0]); i++) {
		tap_note ("%s", own[i]);
		TAP_EQ_INT (probe (own[i]), 1);
	}
	for (i = 0; i < sizeof (others) / sizeof (others[0]); i++) {
		tap_note ("%s", others[i]);
		TAP_EQ_INT (probe (others[i]), 0);
	}
}

static void
wrong_types_are_absent (void)
{
	static const char *const samples[] = {
		INIT (",\"reasoning_effort\":\"none\""),
		LINE ("message",
		      "\"role\":\"assistant\",\"id\":\"a\",\"text\":\"t\""),
		LINE ("reasoning", "\"id\":\"a\",\"text\":\"t\""),
		LINE ("tool_call",
		      "\"id\":\"c\",\"messageId\":\"a\",\"toolId\":\"T\","
		      "\"toolName\":\"TodoWrite\",\"parameters\":{\"todos\":"
		      "[{\"content\":\"t\",\"status\":\"pending\"}]}"),
		LINE ("tool_result",
		      "\"id\":\"c\",\"messageId\":\"a\",\"toolId\":\"Execute\","
		      "\"toolName\":\"T\",\"isError\":false,\"value\":"
		      "\"[Process exited with code 1]\""),
		LINE ("tool_result",
		      "\"id\":\"c\",\"messageId\":\"a\",\"toolId\":\"Create\","
		      "\"isError\":true,\"error\":{\"type\":\"e\",\"message\":"
		      "\"Tool Create is not permitted in this exec session\"}"),
		LINE ("error", "\"source\":\"cli\",\"message\":\"m\""),
		LINE ("completion",
		      "\"finalText\":\"f\",\"numTurns\":1,\"usage\":"
		      "{\"input_tokens\":1,\"output_tokens\":2,"
		      "\"cache_read_input_tokens\":3,"
		      "\"cache_creation_input_tokens\":4,"
		      "\"factory_credits\":0,\"thinking_tokens\":1}"),
		"{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":"
		"true,\"result\":\"r\",\"session_id\":\"s\",\"usage\":"
		"{\"factory_credits\":0}}",
		NULL,
	};
	static const struct wrong_place places[] = {
		{ "/tools/0", LHK_FIELD_RAW },
		{ "/parameters/todos", LHK_FIELD_RAW },
		{ "/parameters/todos/0/content", LHK_FIELD_RAW },
		{ NULL, 0 },
	};
	int n;

	n = wrong_types (&linehook_plugin_1, droid_fields (), places, samples);
	tap_note ("%d lines tried", n);
	CU_ASSERT (n > 1000);
}

static void
transcripts (void)
{
	goldens ("droid", 20);
}

static void
steady_state (void)
{
	steady_is_free (&linehook_plugin_1, transcripts_of ("droid"));
}

static const struct tap_case cases[] = {
	{ "a_resume_is_seen_wherever_its_words_stand", resumed_by_the_words },
	{ "key_order_is_free_and_the_last_duplicate_counts", order_is_free },
	{ "the_session_is_that_of_the_run", sessions },
	{ "huge_counts_saturate_and_negative_ones_are_told", huge_counts },
	{ "a_salvaged_text_or_call_makes_nothing_up", salvaged_lines },
	{ "lines_that_are_no_object_change_nothing", bad_lines_change_nothing },
	{ "probe_accepts_only_droid_lines", probe_knows_its_own },
	{ "a_wrong_type_in_any_field_is_as_good_as_absent",
	  wrong_types_are_absent },
	{ "transcripts_give_the_events_on_file", transcripts },
	{ "lines_like_those_before_allocate_nothing", steady_state },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("droid_rules", cases);
}
