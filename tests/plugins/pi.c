/* SPDX-License-Identifier: MIT */
/* pi.c - what the pi plugin makes of lines, also older ones. */
#include "config.h"

#include "pi/pi.h"
#include "plugins/gives.h"

/* clang-format off: lines as they are printed */
#define SESSION_LINE                                                           \
	"{\"type\":\"session\",\"version\":3,\"id\":\"s1\","                   \
	"\"timestamp\":\"2026-11-29T22:59:02.315Z\",\"cwd\":\"/w\"}\n"
#define SESSION "session id=\"s1\" cwd=\"/w\"\n"
#define BEGIN(model)                                                           \
	"{\"type\":\"message_start\",\"message\":{\"role\":\"assistant\","     \
	"\"content\":[],\"model\":\"" model "\",\"stopReason\":\"pending\","   \
	"\"timestamp\":1}}\n"
#define PIECE(type, block, rest)                                               \
	"{\"type\":\"message_update\",\"usage\":{\"input\":0,\"output\":0},"   \
	"\"assistantMessageEvent\":{\"type\":\"" type "\","                    \
	"\"contentIndex\":" block rest "}}\n"
#define DELTA(block, text)                                                     \
	PIECE ("text_delta", block, ",\"delta\":\"" text "\"")
#define WHOLE(block, text)                                                     \
	PIECE ("text_end", block, ",\"content\":\"" text "\"")
#define END_OF(role, content, rest)                                            \
	"{\"type\":\"message_end\",\"message\":{\"role\":\"" role "\","        \
	"\"content\":" content rest ",\"timestamp\":1}}\n"
#define END(content, stop)                                                     \
	END_OF ("assistant", content, ",\"stopReason\":\"" stop "\"")
#define TEXT(text) "{\"type\":\"text\",\"text\":\"" text "\"}"
#define SETTLED "{\"type\":\"agent_settled\",\"aborted\":false}\n"
#define CALL(when, id, tool, rest)                                             \
	"{\"type\":\"tool_execution_" when "\",\"toolCallId\":\"" id "\","     \
	"\"toolName\":\"" tool "\"" rest "}\n"
#define OUTPUT(text) "{\"content\":[" TEXT (text) "]}"
#define FAILED(id, text, rest)                                                 \
	CALL ("end", id, "bash",                                               \
	      ",\"result\":" OUTPUT (text) ",\"isError\":true" rest)
#define RETRY(error)                                                           \
	"{\"type\":\"auto_retry_start\",\"attempt\":1,\"maxAttempts\":3,"      \
	"\"delayMs\":2000,\"errorMessage\":\"" error "\"}\n"
#define RETRY_NOTICE(error)                                                    \
	"notice level=4 code=\"retry\" text=\"a request to the model failed;"  \
	" attempt 1 of 3 follows in 2.0 s: " error "\"\n"
/* clang-format on */

/* ---- sessions ---- */

static void
sessions (void)
{
	gives (SESSION_LINE BEGIN ("a") BEGIN ("a") BEGIN ("b"),
	       SESSION "session id=\"s1\" model=\"a\"\n"
		       "session id=\"s1\" model=\"b\"\n");
	/* There is no session to tell. */
	gives (BEGIN ("a"), "");
}

static void
work_after_a_claim (void)
{
	gives (SESSION_LINE "{\"type\":\"agent_start\"}\n" BEGIN ("a")
		       END ("[]", "stop") SETTLED
	       "{\"type\":\"agent_start\"}\n"
	       "{\"type\":\"agent_start\"}\n",
	       SESSION "session id=\"s1\" model=\"a\"\n"
		       "result verdict=ok terminal stop_reason=\"stop\"\n"
		       "session id=\"s1\" model=\"a\"\n");
}

/* ---- texts ---- */

static void
texts (void)
{
	gives (BEGIN ("a") DELTA ("0", "Hel") DELTA ("0", "lo")
		       WHOLE ("0", "Hello")
			       END ("[" TEXT ("Hello") "]", "toolUse")
				       BEGIN ("a") DELTA ("0", "x"),
	       "text role=assistant delta id=\"m1.0\" text=\"Hel\"\n"
	       "text role=assistant delta id=\"m1.0\" text=\"lo\"\n"
	       "text role=assistant id=\"m1.0\" text=\"Hello\"\n"
	       "text role=assistant delta id=\"m2.0\" text=\"x\"\n");
}

static void
rest_of_a_message (void)
{
	/* The second block has not ended, of the third nothing was told. */
	gives (BEGIN ("a") DELTA ("1", "b") WHOLE ("0", "a") END (
		       "[" TEXT ("a") "," TEXT ("b") "," TEXT (
			       "c") ",7,"
				    "{\"type\":\"toolCall\",\"text\":\"d\"},"
				    "{\"type\":\"thinking\",\"thinking\":\"e\"}]",
		       "stop"),
	       "text role=assistant delta id=\"m1.1\" text=\"b\"\n"
	       "text role=assistant id=\"m1.0\" text=\"a\"\n"
	       "text role=assistant id=\"m1.1\" text=\"b\"\n"
	       "text role=assistant id=\"m1.2\" text=\"c\"\n"
	       "text role=thought id=\"m1.5\" text=\"e\"\n");
	/* Lines that begin in the midst of a message. */
	gives (DELTA ("0", "a") END ("[" TEXT ("ab") "]", "stop")
		       END ("[" TEXT ("c") "]", "stop"),
	       "text role=assistant delta id=\"m1.0\" text=\"a\"\n"
	       "text role=assistant id=\"m1.0\" text=\"ab\"\n"
	       "text role=assistant id=\"m2.0\" text=\"c\"\n");
}

static void
thoughts (void)
{
	gives (BEGIN ("a") PIECE ("thinking_start", "0", "")
		       PIECE ("thinking_delta", "0", ",\"delta\":\"h\"") PIECE (
			       "thinking_end", "0", ",\"content\":\"hm\"")
			       PIECE ("thinking_end", "1", ",\"content\":\"\""),
	       "text role=thought delta id=\"m1.0\" text=\"h\"\n"
	       "text role=thought id=\"m1.0\" text=\"hm\"\n");
}

static void
places (void)
{
	gives (BEGIN ("a") DELTA ("-1", "a") DELTA ("0.5", "a")
		       DELTA ("1e99", "a") DELTA ("\"0\"", "a")
			       WHOLE ("null", "a") DELTA ("0", "")
				       DELTA ("70", "a"),
	       "text role=assistant delta id=\"m1.70\" text=\"a\"\n");
}

static void
other_messages (void)
{
	gives (END_OF ("user",
		       "[" TEXT ("do") ",{\"type\":\"image\"}," TEXT ("it") "]",
		       "") END_OF ("user", "\"go\"",
				   "") END_OF ("system", "\"You are pi.\"", "")
		       END_OF ("custom", "\"note\"", ",\"display\":true")
			       END_OF ("custom", "\"hidden\"",
				       ",\"display\":false")
				       END_OF ("future", "\"x\"", ""),
	       "text role=user text=\"do\\nit\"\n"
	       "text role=user text=\"go\"\n"
	       "text role=system synthetic text=\"note\"\n");
}

/* ---- tools ---- */

static void
tools (void)
{
	gives (BEGIN ("a") CALL ("start", "a", "bash",
				 ",\"args\":{\"command\":\"ls\"}")
		       CALL ("start", "b", "edit", ",\"args\":{\"path\":\"p\"}")
			       CALL ("update", "a", "bash",
				     ",\"partialResult\":{\"content\":[]}")
				       CALL ("update", "a", "bash",
					     ",\"partialResult\":" OUTPUT (
						     "x")),
	       "tool status=in_progress type=execute id=\"a\""
	       " name=\"bash\" brief=\"ls\""
	       " input=\"{\\\"command\\\":\\\"ls\\\"}\"\n"
	       "tool status=in_progress type=edit id=\"b\" name=\"edit\""
	       " brief=\"p\" input=\"{\\\"path\\\":\\\"p\\\"}\""
	       " paths=[ =\"p\" ]\n"
	       "tool status=in_progress type=execute id=\"a\" name=\"bash\""
	       " output=\"x\"\n");
}

static void
ends_of_tools (void)
{
	gives (CALL ("end", "a", "bash",
		     ",\"result\":{\"content\":[" TEXT (
			     "o\\n\\nCommand exited with code 3") "],"
								  "\"structuredContent\":{\"output\":\"o\","
								  "\"truncated\":false,\"exit_code\":3}},\"isError\":true,"
								  "\"durationMs\":5")
		       CALL ("end", "b", "read",
			     ",\"result\":{\"content\":[" TEXT (
				     "o") "],"
					  "\"structuredContent\":\"o\",\"details\":"
					  "{\"truncation\":{\"truncated\":true}}},"
					  "\"isError\":false")
			       CALL ("end", "c", "mcp__demo__ping",
				     ",\"result\":" OUTPUT (
					     "not found") ",\"isError\":true")
				       CALL ("end", "d", "ls", ""),
	       "tool status=failed type=execute exit_code=3 id=\"a\""
	       " name=\"bash\" output=\"o\"\n"
	       "tool status=completed type=read truncated id=\"b\""
	       " name=\"read\" output=\"o\"\n"
	       "tool status=failed type=other id=\"c\" name=\"ping\""
	       " server=\"demo\" output=\"not found\"\n"
	       "tool status=completed type=search id=\"d\" name=\"ls\"\n");
}

static void
refusals (void)
{
	gives (FAILED ("a", "Blocked by user",
		       "") FAILED ("b", "Blocked by user", ",\"durationMs\":1")
		       FAILED ("c", "x\\n\\nCommand aborted", "")
			       FAILED ("d", "Operation aborted", "")
				       FAILED ("e", "no Operation aborted", ""),
	       "tool status=denied type=execute id=\"a\" name=\"bash\""
	       " output=\"Blocked by user\"\n"
	       "ask id=\"a\" tool=\"a\" text=\"Blocked by user\""
	       " outcome=\"denied\"\n"
	       "tool status=failed type=execute id=\"b\" name=\"bash\""
	       " output=\"Blocked by user\"\n"
	       "tool status=canceled type=execute id=\"c\" name=\"bash\""
	       " output=\"x\\n\\nCommand aborted\"\n"
	       "tool status=canceled type=execute id=\"d\" name=\"bash\""
	       " output=\"Operation aborted\"\n"
	       "tool status=failed type=execute id=\"e\" name=\"bash\""
	       " output=\"no Operation aborted\"\n");
}

/* ---- usage ---- */

/* clang-format off: lines as they are printed */
#define COUNTS                                                                 \
	",\"usage\":{\"input\":234,\"output\":78,\"cacheRead\":1000,"          \
	"\"cacheWrite\":10,\"reasoning\":9,\"totalTokens\":1312,\"cost\":"     \
	"{\"input\":0.1,\"total\":0.002172}}"
#define ZEROS                                                                  \
	",\"usage\":{\"input\":0,\"output\":0,\"cacheRead\":0,"                \
	"\"cacheWrite\":0,\"cost\":{\"total\":0}}"
#define USAGE(id, model)                                                       \
	"usage scope=call" id model " input=1244 output=78 cache_read=1000"    \
	" cache_write=10 reasoning=9 cost_nano_usd=2172000"                    \
	" cost_source=\"reported\"\n"
/* clang-format on */

static void
usage_once (void)
{
	gives (BEGIN ("a") "{\"type\":\"message_update\"" COUNTS
			   ",\"assistantMessageEvent\":{\"type\":\"text_start\","
			   "\"contentIndex\":0}}\n" END_OF (
				   "assistant", "[]",
				   ",\"model\":\"a\"" COUNTS
				   ",\"stopReason\":\"stop\"") "{\"type\":\"turn_end\",\"message\":{\"role\":"
							       "\"assistant\"" COUNTS
							       "}}\n"
							       "{\"type\":\"agent_end\",\"messages\":[{"
							       "\"role\":\"assistant\"" COUNTS
							       "}],\"willRetry\":false}\n",
	       USAGE (" id=\"m1\"", " model=\"a\""));
	gives (END_OF ("toolResult", "[]", COUNTS), USAGE ("", ""));
}

static void
no_usage (void)
{
	/* What the model said has cost something. */
	gives (END_OF ("assistant", "[" TEXT ("x") "]", ZEROS),
	       "text role=assistant id=\"m1.0\" text=\"x\"\n");
	/* A call that failed before that is free. */
	gives (END_OF ("assistant", "[]", ZEROS)
		       END_OF ("assistant", "[]", COUNTS)
			       END_OF ("assistant", "[]", ZEROS),
	       USAGE (" id=\"m2\"", "") "usage scope=call id=\"m3\" input=0"
					" output=0 cache_read=0 cache_write=0"
					" cost_nano_usd=0"
					" cost_source=\"reported\"\n");
	/* A sum that lacks a part is no sum. */
	gives (END_OF ("assistant", "[]",
		       ",\"usage\":{\"input\":9,\"output\":2,\"cacheRead\":"
		       "null,\"cacheWrite\":0}"),
	       "usage scope=call id=\"m1\" output=2 cache_write=0\n");
}

/* ---- claims ---- */

#define STOPPED(rest) END_OF ("assistant", "[]", rest) SETTLED

static void
claims (void)
{
	gives (STOPPED (",\"stopReason\":\"stop\"")
		       STOPPED (",\"stopReason\":\"toolUse\"")
			       STOPPED (",\"stopReason\":\"length\"")
				       STOPPED (",\"stopReason\":\"new\"")
					       STOPPED (""),
	       "result verdict=ok terminal stop_reason=\"stop\"\n"
	       "result verdict=ok terminal stop_reason=\"toolUse\"\n"
	       "result verdict=limit terminal stop_reason=\"length\"\n"
	       "result verdict=ok terminal stop_reason=\"new\"\n"
	       "result verdict=ok terminal\n");
	gives (STOPPED (",\"stopReason\":\"error\",\"errorMessage\":\"e\"")
		       STOPPED (",\"stopReason\":\"aborted\","
				"\"errorMessage\":\"a\"")
			       STOPPED (",\"stopReason\":\"deferred\""),
	       "result verdict=failed terminal stop_reason=\"error\""
	       " error=\"e\"\n"
	       "result verdict=canceled terminal stop_reason=\"aborted\""
	       " error=\"a\"\n"
	       "result verdict=failed terminal stop_reason=\"deferred\"\n");
	/* The messages were lost. */
	gives (SETTLED, "");
	gives (END ("[]", "stop") "{\"type\":\"agent_settled\","
				  "\"aborted\":true}\n",
	       "result verdict=canceled terminal stop_reason=\"stop\"\n");
}

static void
claims_of_refusals (void)
{
	gives (STOPPED (",\"stopReason\":\"error\",\"errorMessage\":\"e\","
			"\"rawStopReason\":\"content_filter\"")
		       STOPPED (",\"stopReason\":\"refusal\"")
			       STOPPED (",\"stopReason\":\"stop\","
					"\"rawStopReason\":\"SAFETY\""),
	       "result verdict=refused terminal"
	       " stop_reason=\"content_filter\" error=\"e\"\n"
	       "result verdict=refused terminal stop_reason=\"refusal\"\n"
	       "result verdict=ok terminal stop_reason=\"stop\"\n");
}

/* The last message before the end counts, and no line before the end. */
static void
last_message (void)
{
	gives (END ("[]",
		    "error") "{\"type\":\"agent_end\",\"messages\":[],"
			     "\"willRetry\":true}\n" END (
				     "[]",
				     "stop") "{\"type\":\"agent_end\","
					     "\"messages\":[],\"willRetry\":"
					     "false}\n" SETTLED,
	       "result verdict=ok terminal stop_reason=\"stop\"\n");
}

static void
older_versions (void)
{
	gives (END ("[]", "stop") "{\"type\":\"agent_end\",\"messages\":[]}\n"
				  "{\"type\":\"auto_compaction_start\"}\n"
				  "{\"type\":\"auto_compaction_end\","
				  "\"result\":{}}\n",
	       "result verdict=ok terminal stop_reason=\"stop\"\n"
	       "notice level=6 code=\"compaction\" text=\"the conversation is"
	       " being compacted\"\n"
	       "notice level=6 code=\"compaction\" text=\"the conversation was"
	       " compacted\"\n");
}

/* ---- retries and compactions ---- */

static void
retries (void)
{
	/* What was streamed is said again; a part of it was whole. */
	gives (BEGIN ("a") PIECE ("thinking_delta", "0", ",\"delta\":\"h\"")
		       DELTA ("1", "x") WHOLE ("2", "y")
			       END ("[" TEXT ("") "," TEXT ("x") "]", "error")
				       RETRY ("503"),
	       "text role=thought delta id=\"m1.0\" text=\"h\"\n"
	       "text role=assistant delta id=\"m1.1\" text=\"x\"\n"
	       "text role=assistant id=\"m1.2\" text=\"y\"\n"
	       "text role=thought id=\"m1.0\" text=\"\"\n"
	       "text role=assistant id=\"m1.1\" text=\"\"\n"
	       "text role=assistant id=\"m1.2\" text=\"\"\n" RETRY_NOTICE (
		       "503"));
	gives (RETRY ("503") "{\"type\":\"auto_retry_end\",\"success\":true}\n"
			     "{\"type\":\"summarization_retry_scheduled\","
			     "\"attempt\":1,\"maxAttempts\":3,\"delayMs\":"
			     "2000,\"errorMessage\":\"cut\"}\n",
	       RETRY_NOTICE ("503") RETRY_NOTICE ("cut"));
}

static void
compactions (void)
{
	gives (BEGIN ("a") "{\"type\":\"compaction_start\","
			   "\"reason\":\"threshold\"}\n"
			   "{\"type\":\"compaction_end\",\"result\":{"
			   "\"summary\":\"s\"" COUNTS "},\"aborted\":false}\n"
			   "{\"type\":\"compaction_end\",\"aborted\":true}\n"
			   "{\"type\":\"compaction_end\",\"aborted\":false,"
			   "\"errorMessage\":\"e\"}\n",
	       "notice level=6 code=\"compaction\" text=\"the conversation is"
	       " being compacted\"\n" USAGE (
		       "",
		       " model=\"a\"") "notice level=6 code=\"compaction\" text=\"the conversation was"
				       " compacted\"\n"
				       "notice level=3 code=\"provider_error\" text=\"e\"\n");
}

/* A stream that ends behind an error. */
static void
unclaimed_errors (void)
{
	gives (END_OF ("assistant", "[]",
		       ",\"stopReason\":\"error\",\"errorMessage\":\"503\""),
	       "notice level=3 code=\"provider_error\" text=\"503\"\n");
	gives (END ("[]", "stop"), "");
}

static void
silent_lines (void)
{
	gives ("{\"type\":\"turn_start\"}\n{\"type\":\"agent_start\"}\n"
	       "{\"type\":\"entry_appended\",\"entry\":{}}\n"
	       "{\"type\":\"queue_update\"}\n"
	       "{\"type\":\"session\"}\n{\"type\":\"future\"}\n{}\n",
	       "skip line=5\nskip line=6\nskip line=7\n");
}

static const struct tap_case cases[] = {
	{ "the_session_is_told_again_with_another_model", sessions },
	{ "the_session_is_told_again_when_work_follows_a_claim",
	  work_after_a_claim },
	{ "a_block_comes_in_deltas_and_once_as_a_whole", texts },
	{ "the_end_of_a_message_tells_what_was_not_told", rest_of_a_message },
	{ "thinking_is_a_thought", thoughts },
	{ "a_block_without_a_place_is_no_text", places },
	{ "users_and_extensions_have_texts_and_the_system_has_none",
	  other_messages },
	{ "calls_start_and_tell_what_was_printed_so_far", tools },
	{ "calls_end_with_status_exit_code_and_output", ends_of_tools },
	{ "blocked_is_denied_and_aborted_is_canceled", refusals },
	{ "usage_is_told_once_for_each_call_with_cached_input", usage_once },
	{ "counts_of_0_are_told_of_a_silent_call_after_others", no_usage },
	{ "the_stop_reason_is_the_claim", claims },
	{ "a_refusal_is_known_by_the_word_of_the_api", claims_of_refusals },
	{ "the_last_message_before_the_end_counts", last_message },
	{ "the_end_of_a_run_is_the_claim_of_older_versions", older_versions },
	{ "a_retry_withdraws_what_was_said", retries },
	{ "compactions_are_notices_with_usage", compactions },
	{ "an_error_without_a_claim_is_a_notice", unclaimed_errors },
	{ "lines_that_say_nothing_new_give_nothing", silent_lines },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("pi", cases);
}
