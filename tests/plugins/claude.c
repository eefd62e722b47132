/* SPDX-License-Identifier: MIT */
/* claude.c - what the claude plugin makes of lines, current and older ones. */
#include "config.h"

#include "plugins/gives.h"

/* Lines of session "s"; the first of a stream gives its session event. */
#define S "session id=\"s\"\n"
#define END "\"session_id\":\"s\"}\n"
#define ASSISTANT(content)                                                       \
	"{\"type\":\"assistant\",\"message\":{\"id\":\"m\",\"content\":" content \
	"}," END
#define USER(content)                                                          \
	"{\"type\":\"user\",\"uuid\":\"u\",\"message\":{\"content\":" content  \
	"}," END
#define EVENT(event) "{\"type\":\"stream_event\",\"event\":{" event "}," END
#define SYSTEM(subtype, members)                                               \
	"{\"type\":\"system\",\"subtype\":\"" subtype "\"," members END
#define RESULT(members) "{\"type\":\"result\"," members "," END
#define TEXT(text) "{\"type\":\"text\",\"text\":\"" text "\"}"
#define OK "result verdict=ok terminal"

/* ---- what every plugin must do ---- */

static void
blocks_of_one_line_become_events_in_order (void)
{
	gives (ASSISTANT ("[{\"type\":\"thinking\",\"thinking\":\"hm\"}," TEXT (
		       "hello") ",{\"type\":\"tool_use\",\"id\":"
				"\"t1\",\"name\":\"bash\",\"input\":{\"command\":"
				"\"ls\"}}]"),
	       S "text role=thought id=\"m:0\" text=\"hm\"\n"
		 "text role=assistant id=\"m:1\" text=\"hello\"\n"
		 "tool status=in_progress type=execute id=\"t1\" name=\"bash\""
		 " brief=\"ls\" input=\"{\\\"command\\\":\\\"ls\\\"}\"\n");
}

static void
other_lines_give_no_assistant_text (void)
{
	gives (USER ("\"prompt\"") SYSTEM ("init", "")
		       RESULT ("\"subtype\":\"success\",\"result\":\"r\""),
	       S "text role=user id=\"u:0\" text=\"prompt\"\n" S OK
		 " text=\"r\"\n");
}

static void
empty_texts_are_skipped (void)
{
	gives (ASSISTANT ("[" TEXT ("one") "," TEXT ("") "," TEXT ("two") "]"),
	       S "text role=assistant id=\"m:0\" text=\"one\"\n"
		 "text role=assistant id=\"m:2\" text=\"two\"\n");
}

static void
sessions_of_results (void)
{
#define DONE "{\"type\":\"result\",\"subtype\":\"success\""
	gives (DONE ",\"session_id\":\"a\"}\n" DONE ",\"session_id\":\"b\"}\n",
	       "session id=\"a\"\n" OK "\nsession id=\"b\"\n" OK "\n");
	gives (DONE "}\n" DONE ",\"session_id\":null}\n" DONE
		    ",\"session_id\":7}\n" DONE ",\"session_id\":\"\"}\n",
	       OK "\n" OK "\n" OK "\n" OK "\n");
#undef DONE
}

/* A result that says nothing of the turn is no claim. */
static void
torn_results (void)
{
	gives ("{\"type\":\"result\"}\n"
	       "{\"type\":\"result\",\"session_id\":\"a\",\"uuid\":\"u\"}\n"
	       "{\"type\":\"result\",\"is_error\":true}\n",
	       "skip line=1\nsession id=\"a\"\nskip line=2\n"
	       "result verdict=failed terminal\n");
}

static void
other_results_are_texts_as_written (void)
{
	gives (RESULT ("\"result\":42") RESULT ("\"result\":1.5") RESULT (
		       "\"result\":{\"a\":1}") RESULT ("\"result\":[\"a\"]")
		       RESULT ("\"result\":null") RESULT ("\"result\":true")
			       RESULT ("\"result\":\"\""),
	       S OK " text=\"42\"\n" OK " text=\"1.5\"\n" OK
		    " text=\"{\\\"a\\\":1}\"\n" OK " text=\"[\\\"a\\\"]\"\n" OK
		    "\n" OK " text=\"true\"\n" OK " text=\"\"\n");
}

static void
usage_counts_both_caches_and_the_cost (void)
{
	gives (RESULT ("\"uuid\":\"r\",\"total_cost_usd\":0.0107,\"usage\":"
		       "{\"input_tokens\":10,\"cache_creation_input_tokens\""
		       ":5,\"cache_read_input_tokens\":100,\"output_tokens\":"
		       "7}"),
	       S "usage scope=turn id=\"r:1\" input=115 output=7"
		 " cache_read=100 cache_write=5 cost_nano_usd=10700000"
		 " cost_source=\"reported\"\n" OK "\n");
	gives (RESULT ("\"result\":\"r\""), S OK " text=\"r\"\n");
}

static void
deltas_and_their_whole_have_one_id (void)
{
	gives (EVENT ("\"type\":\"message_start\",\"message\":{\"id\":\"m\"}") EVENT (
		       "\"type\":\"content_block_start\",\"index\":0,"
		       "\"content_block\":{\"type\":\"text\",\"text\":\"\"}")
		       EVENT ("\"type\":\"content_block_delta\",\"index\":0,"
			      "\"delta\":{\"type\":\"text_delta\",\"text\":\"Hel\"}")
			       EVENT ("\"type\":\"content_block_delta\",\"index\":0,"
				      "\"delta\":{\"type\":\"text_delta\",\"text\":\"lo\"}")
				       ASSISTANT ("[" TEXT ("Hello") "]"),
	       S "text role=assistant delta id=\"m:0\" text=\"Hel\"\n"
		 "text role=assistant delta id=\"m:0\" text=\"lo\"\n"
		 "text role=assistant id=\"m:0\" text=\"Hello\"\n");
}

static void
odd_blocks_cost_themselves_alone (void)
{
	gives (ASSISTANT ("[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":"
			  "\"X\",\"input\":[\"a\"]},7,null," TEXT ("after") "]")
		       ASSISTANT ("\"as a string\""),
	       S "tool status=in_progress type=other id=\"t\" name=\"X\""
		 " input=\"[\\\"a\\\"]\"\n"
		 "text role=assistant id=\"m:3\" text=\"after\"\n"
		 "text role=assistant id=\"m:4\" text=\"as a string\"\n");
}

/* The host repairs such a line and offers it once more. */
static void
a_nul_byte_is_repaired_by_the_host (void)
{
	static const char line[] = ASSISTANT ("[" TEXT ("a\0b") "]");
	char *found;

	found = collect_text (&linehook_plugin_1, line, sizeof (line) - 1,
			      NULL);
	TAP_EQ_STR (found, "unparsed line=1\n");
	free (found);
	gives (ASSISTANT ("[" TEXT ("a\xef\xbf\xbd"
				    "b") "]"),
	       S "text role=assistant id=\"m:0\" text=\"a\xef\xbf\xbd"
		 "b\"\n");
}

/* ---- sessions and texts ---- */

static void
init_in_full (void)
{
	gives (SYSTEM ("init",
		       "\"tools\":[\"Bash\",7,\"Read\"],\"model\":"
		       "\"opus\",\"cwd\":\"/w\",\"claude_code_version\":"
		       "\"2.1\","),
	       "session id=\"s\" model=\"opus\" cwd=\"/w\""
	       " agent_version=\"2.1\" tools=[ =\"Bash\" =\"Read\" ]\n");
}

static void
resumed_by_the_words (void)
{
	static const char *const yes[] = {
		"claude -p --resume s",
		"claude --resume=s",
		"claude -p -r s",
		"claude -cp hi",
		"claude -pc hi",
		"npx -y @anthropic-ai/claude-code@2 --continue",
		"npm exec --yes @anthropic-ai/claude-code -- -p --resume s",
		"pnpm dlx @anthropic-ai/claude-code -c",
		"env -u X nice -n 5 claude --continue",
		"docker run -i img claude -p --resume s",
		"node /x/node_modules/@anthropic-ai/claude-code/cli.js -r s",
		"sh|-c|cd /w && exec claude -p --resume s 'hi'",
		"bash|-lc|X=1 claude -pc hi",
		"./agent.sh --resume=s",
		NULL,
	};
	static const char *const no[] = {
		"claude -p hi",
		"claude -p --model c",
		"npx -c @anthropic-ai/claude-code -p hi",
		"claude -p -- -c",
		"claude -- --resume",
		"env A=1 claude -p -- --continue",
		NULL,
	};
	static const char *const unknown[] = {
		/* the -c of a shell is not the program's */
		"sh|-c|claude -p x",
		"bash -c ./agent.sh",
		"make agent",
		NULL,
	};

	resumed_rows (yes, SYSTEM ("init", ""), "session id=\"s\" resumed=1\n");
	resumed_rows (no, SYSTEM ("init", ""), "session id=\"s\" resumed=-1\n");
	resumed_rows (unknown, SYSTEM ("init", ""), "session id=\"s\"\n");
}

static void
line_before_init (void)
{
	gives (SYSTEM ("hook_started", "") SYSTEM ("init", "\"model\":\"x\","),
	       "session id=\"s\" model=\"x\"\n");
}

/* The new session begins with its first line. */
static void
reset (void)
{
#define RESET                                                                  \
	SYSTEM ("init", "")                                                    \
	"{\"type\":\"conversation_reset\",\"new_conversation_id\":"            \
	"\"n\",\"session_id\":\"s\"}\n"
	gives (RESET "{\"type\":\"control_response\",\"session_id\":\"s\"}\n",
	       "session id=\"s\"\n");
	gives (RESET "{\"type\":\"control_response\",\"session_id\":\"n\"}\n",
	       "session id=\"s\"\nsession id=\"n\"\n");
#undef RESET
}

static void
type_comes_last (void)
{
	gives ("{\"session_id\":\"s\",\"message\":{\"content\":[{\"text\":"
	       "\"x\",\"type\":\"text\"}],\"id\":\"m\"},\"type\":"
	       "\"assistant\"}\n"
	       "{\"event\":{\"delta\":{\"text\":\"d\",\"type\":\"text_delta\"}"
	       ",\"index\":1,\"type\":\"content_block_delta\"},"
	       "\"api_message_id\":\"m\",\"type\":\"stream_event\"}\n"
	       "{\"type\":\"stream_event\",\"result\":\"x\",\"type\":"
	       "\"result\"}\n",
	       S "text role=assistant id=\"m:0\" text=\"x\"\n"
		 "text role=assistant delta id=\"m:1\" text=\"d\"\n" OK
		 " text=\"x\"\n");
}

/* The index of the stream counts, also where a block was never told whole. */
static void
whole_has_the_id_of_its_deltas (void)
{
	gives (EVENT ("\"type\":\"message_start\",\"message\":{\"id\":\"m\"}") EVENT (
		       "\"type\":\"content_block_start\",\"index\":2")
		       EVENT ("\"type\":\"content_block_delta\",\"index\":2,\"delta\":"
			      "{\"type\":\"thinking_delta\",\"thinking\":\"h\"}")
			       ASSISTANT ("[{\"type\":\"thinking\",\"thinking\":\"h\"}]") EVENT (
				       "\"type\":\"content_block_stop\",\"index\":2")
				       ASSISTANT ("[" TEXT ("x") "]") EVENT (
					       "\"type\":\"message_start\",\"message\":{\"id\":\"m\"}")
					       ASSISTANT (
						       "[" TEXT ("again") "]"),
	       S "text role=thought delta id=\"m:2\" text=\"h\"\n"
		 "text role=thought id=\"m:2\" text=\"h\"\n"
		 "text role=assistant id=\"m:3\" text=\"x\"\n"
		 "text role=assistant id=\"m:0\" text=\"again\"\n");
}

#define DELTA(parent, text)                                                    \
	"{\"type\":\"stream_event\",\"event\":{\"type\":"                      \
	"\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"             \
	"\"text_delta\",\"text\":\"" text                                      \
	"\"}},\"parent_tool_use_id\":" parent "}\n"
#define START(parent, id)                                                      \
	"{\"type\":\"stream_event\",\"event\":{\"type\":\"message_start\","    \
	"\"message\":{\"id\":\"" id "\"}},\"parent_tool_use_id\":" parent      \
	"}\n"

#define STREAMED(index, kind, text)                                            \
	"{\"type\":\"stream_event\",\"event\":{\"type\":"                      \
	"\"content_block_delta\",\"index\":" index ",\"delta\":{\"type\":"     \
	"\"" kind "_delta\",\"" kind "\":\"" text "\"}}}\n"
#define WHOLE(id, kind, text)                                                  \
	"{\"type\":\"assistant\",\"message\":{\"id\":\"" id                    \
	"\",\"content\":[{\"type\":\"" kind "\",\"" kind "\":\"" text          \
	"\"}]}}\n"

/* Some blocks have no whole line, or a late one: a text is under the id of its
 * deltas nevertheless. */
static void
whole_lines_missing (void)
{
#define HEARD                                                                  \
	"text role=thought delta id=\"m:0\" text=\"h\"\n"                      \
	"text role=assistant delta id=\"m:1\" text=\"a\"\n"                    \
	"text role=assistant id=\"m:1\" text=\"a\"\n"
	gives (START ("null", "m") STREAMED ("0", "thinking", "h")
		       STREAMED ("1", "text", "a") WHOLE ("m", "text", "a")
			       WHOLE ("m", "text", "b"),
	       HEARD "text role=assistant id=\"m:2\" text=\"b\"\n");
	gives (START ("null", "m") STREAMED ("0", "thinking", "h")
		       STREAMED ("1", "text", "a") WHOLE ("other", "text", "a")
			       WHOLE ("m", "thinking", "h"),
	       HEARD "text role=thought id=\"m:0\" text=\"h\"\n");
	gives (START ("null", "m") STREAMED ("1", "text", "a")
		       WHOLE ("m", "text", "a"),
	       "text role=assistant delta id=\"m:1\" text=\"a\"\n"
	       "text role=assistant id=\"m:1\" text=\"a\"\n");
#undef HEARD
}

static void
subagents_interleave (void)
{
	gives (START ("null", "m1") START ("\"t\"", "m2") DELTA ("null", "a")
		       DELTA ("\"t\"", "b") DELTA ("null", "c")
			       DELTA ("\"other\"", "d"),
	       "text role=assistant delta id=\"m1:0\" text=\"a\"\n"
	       "text parent=\"t\" role=assistant delta id=\"m2:0\" text=\"b\"\n"
	       "text role=assistant delta id=\"m1:0\" text=\"c\"\n"
	       "text parent=\"other\" role=assistant delta text=\"d\"\n");
}

static void
other_deltas_are_silent (void)
{
	gives (EVENT ("\"type\":\"content_block_delta\",\"delta\":{\"type\":"
		      "\"input_json_delta\",\"partial_json\":\"{\"}")
		       EVENT ("\"type\":\"content_block_delta\",\"delta\":{\"type\":"
			      "\"signature_delta\",\"signature\":\"x\"}")
			       EVENT ("\"type\":\"message_stop\"")
				       EVENT ("\"type\":\"ping\"") EVENT (
					       "\"type\":\"from_the_future\""),
	       S "heartbeat line=4\nskip line=5\n");
}

static void
synthetic_texts (void)
{
	gives ("{\"type\":\"assistant\",\"message\":{\"id\":\"m\",\"model\":"
	       "\"<synthetic>\",\"content\":[" TEXT (
		       "API Error") "],"
				    "\"usage\":{\"input_tokens\":0,\"output_tokens\":0}},"
				    "\"error\":\"rate_limit\",\"api_error_status\":429}\n"
				    "{\"type\":\"user\",\"uuid\":\"u\",\"isSynthetic\":true,"
				    "\"message\":{\"content\":[" TEXT (
					    "go on") "]}}\n"
						     "{\"type\":\"user\",\"uuid\":\"v\",\"isReplay\":true,"
						     "\"message\":{\"content\":[" TEXT (
							     "hi") "]}}\n"
								   "{\"type\":\"user\",\"message\":{\"content\":[" TEXT (
									   "[Request interrupted by user]") "]}}\n",
	       "text role=assistant synthetic id=\"m:0\" text=\"API Error\"\n"
	       "notice level=3 code=\"provider_error\" text=\"API Error\""
	       " data=\"{\\\"error\\\":\\\"rate_limit\\\",\\\"status\\\":429}"
	       "\"\n"
	       "text role=user synthetic id=\"u:0\" text=\"go on\"\n"
	       "text role=user id=\"v:0\" text=\"hi\"\n"
	       "text role=user synthetic"
	       " text=\"[Request interrupted by user]\"\n");
}

/* ---- other lines ---- */

static void
unknown_lines_are_counted (void)
{
	gives ("{\"type\":\"from_the_future\",\"session_id\":\"s\"}\n"
	       "{\"type\":7}\n{}\n" SYSTEM (
		       "from_the_future",
		       "") "{\"type\":\"keep_alive\"}\n{\"type\":\"control_response\"}\n"
			   "{\"type\":\"tool_progress\"}\n",
	       S "skip line=1\nskip line=2\nskip line=3\nskip line=4\n"
		 "heartbeat line=5\nheartbeat line=7\n");
}

static void
bad_lines_change_nothing (void)
{
	gives (START ("null",
		      "m") "[1,2]\n\"x\"\n\n{\"type\":\"system\"\n"
			   "[]\n[{\"type\":\"other\"}]\n[{\"type\":\"system\"},\n"
			   "{\"type\":\"stream_event\",\"event\":{\"type\":"
			   "\"message_start\",\"message\":{\"id\":\"bad\"}}\n" DELTA (
				   "null", "x"),
	       "unparsed line=2\nunparsed line=3\nunparsed line=4\n"
	       "unparsed line=5\nunparsed line=6\nunparsed line=7\n"
	       "unparsed line=8\nunparsed line=9\n"
	       "text role=assistant delta id=\"m:0\" text=\"x\"\n");
}

static void
head_of_a_long_line (void)
{
	const struct collect_opts opts = {
		.line_flags = LHK_LINE_HEAD_ONLY,
	};

	gives_with ("{\"type\":\"assistant\",\"mess\n", &opts, "skip line=1\n");
}

static void
notices (void)
{
	gives (SYSTEM ("api_retry",
		       "\"attempt\":1,\"max_retries\":2,"
		       "\"retry_delay_ms\":900,\"error_status\":null,"
		       "\"error\":\"unknown\",") SYSTEM ("status",
							 "\"status\":\"requesting\",")
		       SYSTEM ("status", "\"status\":\"compacting\",") SYSTEM (
			       "compact_boundary",
			       "\"compact_metadata\":{\"x\":1},")
			       SYSTEM ("hook_response", "\"outcome\":\"success\",") SYSTEM (
				       "hook_response",
				       "\"outcome\":\"error\",\"stderr\":\"e\""
				       ",") SYSTEM ("informational",
						    "\"uuid\":\"u\",\"content\":\"note\",")
				       SYSTEM ("model_fallback", "") SYSTEM (
					       "mirror_error",
					       "\"error\":\"lost\",") "{\"type\":\"rate_limit_event\",\"rate_limit_info\":{\"status\":"
								      "\"allowed_warning\",\"rateLimitType\":\"five_hour\"}}\n"
								      "{\"type\":\"auth_status\",\"error\":\"expired\"}\n",
	       "notice level=4 code=\"retry\" text=\"a request to the model"
	       " failed; attempt 1 of 2 follows in 0.9 s\""
	       " data=\"{\\\"error\\\":\\\"unknown\\\"}\"\n"
	       "notice level=6 code=\"compaction\" text=\"the conversation is"
	       " being compacted\"\n"
	       "notice level=6 code=\"compaction\" text=\"the conversation was"
	       " compacted\" data=\"{\\\"x\\\":1}\"\n"
	       "notice level=4 code=\"provider_error\" text=\"e\"\n"
	       "text role=system synthetic id=\"u\" text=\"note\"\n"
	       "notice level=4 code=\"retry\" text=\"the program went on with"
	       " another model\"\n"
	       "notice level=4 code=\"provider_error\" text=\"lost\"\n"
	       "notice level=4 code=\"rate_limit\""
	       " text=\"five_hour: allowed_warning\" data=\"{\\\"status\\\":"
	       "\\\"allowed_warning\\\",\\\"rateLimitType\\\":"
	       "\\\"five_hour\\\"}\"\n"
	       "notice level=4 code=\"provider_error\" text=\"expired\"\n");
}

static void
questions (void)
{
	gives ("{\"type\":\"control_request\",\"request_id\":\"q\",\"request\":"
	       "{\"subtype\":\"can_use_tool\",\"tool_name\":\"Bash\","
	       "\"tool_use_id\":\"t\",\"input\":{\"command\":\"ls\"}}}\n"
	       "{\"type\":\"control_cancel_request\",\"request_id\":\"q\"}\n"
	       "{\"type\":\"control_request\",\"request_id\":\"h\",\"request\":"
	       "{\"subtype\":\"hook_callback\"}}\n",
	       "ask id=\"q\" tool=\"t\" text=\"Bash: ls\""
	       " options=[ =\"allow\" =\"deny\" ]\n"
	       "ask id=\"q\" tool=\"t\" outcome=\"canceled\"\n");
}

static const struct tap_case cases[] = {
	{ "blocks_of_one_line_become_events_in_order",
	  blocks_of_one_line_become_events_in_order },
	{ "other_lines_give_no_assistant_text",
	  other_lines_give_no_assistant_text },
	{ "empty_texts_are_skipped", empty_texts_are_skipped },
	{ "a_result_with_a_session_id_gives_a_session", sessions_of_results },
	{ "a_result_without_any_word_of_the_turn_is_no_claim", torn_results },
	{ "results_that_are_no_texts_are_texts_as_written",
	  other_results_are_texts_as_written },
	{ "usage_counts_both_caches_and_the_cost",
	  usage_counts_both_caches_and_the_cost },
	{ "deltas_and_their_whole_have_one_id",
	  deltas_and_their_whole_have_one_id },
	{ "a_malformed_block_loses_only_itself",
	  odd_blocks_cost_themselves_alone },
	{ "a_nul_byte_is_repaired_by_the_host",
	  a_nul_byte_is_repaired_by_the_host },
	{ "init_gives_the_session_in_full", init_in_full },
	{ "the_id_of_a_hook_before_init_is_not_told", line_before_init },
	{ "a_reset_tells_no_session_before_its_first_line", reset },
	{ "a_resume_is_seen_wherever_its_words_stand", resumed_by_the_words },
	{ "type_may_come_last_or_twice", type_comes_last },
	{ "a_whole_has_the_id_of_its_deltas", whole_has_the_id_of_its_deltas },
	{ "a_text_without_the_blocks_before_it_has_its_own_id",
	  whole_lines_missing },
	{ "subagents_that_stream_at_once_are_told_apart",
	  subagents_interleave },
	{ "deltas_that_are_no_text_are_silent", other_deltas_are_silent },
	{ "texts_the_program_made_up_are_synthetic", synthetic_texts },
	{ "unknown_types_and_subtypes_are_counted", unknown_lines_are_counted },
	{ "lines_that_are_no_object_change_nothing", bad_lines_change_nothing },
	{ "the_head_of_a_long_line_says_nothing", head_of_a_long_line },
	{ "messages_of_the_program_are_notices", notices },
	{ "a_request_for_permission_is_an_open_question", questions },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("claude", cases);
}
