/* SPDX-License-Identifier: MIT */
/* droid.c - what the droid plugin makes of lines. */
#include "config.h"

#include "droid/droid.h"
#include "plugins/gives.h"

#define LINE(type, rest)                                                       \
	"{\"type\":\"" type "\"," rest ",\"timestamp\":1795993629330,"         \
	"\"session_id\":\"s1\"}\n"
#define INIT                                                                   \
	"{\"type\":\"system\",\"subtype\":\"init\",\"cwd\":\"/w\","            \
	"\"session_id\":\"s1\",\"tools\":[\"Read\",7,\"Execute\"],"            \
	"\"model\":\"m\",\"reasoning_effort\":\"none\"}\n"
#define TEXT(role, id, text)                                                   \
	LINE ("message",                                                       \
	      "\"role\":\"" role "\",\"id\":\"" id "\",\"text\":\"" text "\"")
#define THOUGHT(id, text)                                                      \
	LINE ("reasoning", "\"id\":\"" id "\",\"text\":\"" text "\"")
#define CALL(id, message, name, parameters)                                    \
	LINE ("tool_call", "\"id\":\"" id "\",\"messageId\":\"" message        \
			   "\",\"toolId\":\"" name "\",\"toolName\":\"" name   \
			   "\",\"parameters\":" parameters)
#define RESULT(id, name, rest)                                                 \
	LINE ("tool_result", "\"id\":\"" id "\",\"messageId\":\"r\","          \
			     "\"toolId\":\"" name "\"," rest)
#define FAILED(message)                                                        \
	"\"isError\":true,\"error\":{\"type\":\"tool_error\",\"message\":"     \
	"\"" message "\"}"
#define ERROR(source, message)                                                 \
	LINE ("error", "\"source\":\"" source "\",\"message\":\"" message "\"")
#define COMPLETION(text, usage)                                                \
	LINE ("completion", "\"finalText\":\"" text                            \
			    "\",\"numTurns\":1,\"usage\":{" usage "}")
#define USAGE                                                                  \
	"\"input_tokens\":234,\"output_tokens\":78,"                           \
	"\"cache_read_input_tokens\":1000,\"cache_creation_input_tokens\":5"
#define SESSION "session id=\"s1\"\n"

static void
first_line (void)
{
	gives (INIT TEXT ("user", "u", "hi") TEXT ("assistant", "a", "hello"),
	       "session id=\"s1\" model=\"m\" cwd=\"/w\" tools=[ =\"Read\""
	       " =\"Execute\" ]\n"
	       "text role=user id=\"u:0\" text=\"hi\"\n"
	       "text role=assistant id=\"a:0\" text=\"hello\"\n");
}

/* All texts of a message have its id. */
static void
texts_of_a_message (void)
{
	gives (TEXT ("assistant", "a", "1") TEXT ("assistant", "a", "2")
		       TEXT ("assistant", "b", "3") TEXT ("other", "b", "4"),
	       SESSION "text role=assistant id=\"a:0\" text=\"1\"\n"
		       "text role=assistant id=\"a:1\" text=\"2\"\n"
		       "text role=assistant id=\"b:0\" text=\"3\"\n"
		       "skip line=4\n");
}

static void
reasoning_once (void)
{
	gives (THOUGHT ("a", "hm") THOUGHT ("a", "hm")
		       TEXT ("assistant", "a", "x"),
	       SESSION "text role=thought id=\"a:0\" text=\"hm\"\n"
		       "text role=assistant id=\"a:1\" text=\"x\"\n");
	/* Other words, or of another message. */
	gives (THOUGHT ("a", "hm") THOUGHT ("a", "ah") THOUGHT ("b", "ah"),
	       SESSION "text role=thought id=\"a:0\" text=\"hm\"\n"
		       "text role=thought id=\"a:1\" text=\"ah\"\n"
		       "text role=thought id=\"b:0\" text=\"ah\"\n");
	/* It stands behind the words. */
	gives (THOUGHT ("a", "hm") TEXT ("assistant", "a", "x")
		       THOUGHT ("a", "hm"),
	       SESSION "text role=thought id=\"a:0\" text=\"hm\"\n"
		       "text role=assistant id=\"a:1\" text=\"x\"\n");
	/* A third time is new. */
	gives (THOUGHT ("a", "hm") THOUGHT ("a", "hm") THOUGHT ("a", "hm"),
	       SESSION "text role=thought id=\"a:0\" text=\"hm\"\n"
		       "text role=thought id=\"a:1\" text=\"hm\"\n");
}

static void
parts_of_reasoning (void)
{
	gives (THOUGHT ("a", "one two") THOUGHT ("a", "one ")
		       TEXT ("assistant", "a", "x") THOUGHT ("a", "two")
			       THOUGHT ("a", "two"),
	       SESSION "text role=thought id=\"a:0\" text=\"one two\"\n"
		       "text role=assistant id=\"a:1\" text=\"x\"\n"
		       "text role=thought id=\"a:2\" text=\"two\"\n");
	/* What begins alike is no part if it does not come right behind. */
	gives (THOUGHT ("a", "one two") TEXT ("assistant", "a", "x")
		       THOUGHT ("a", "one "),
	       SESSION "text role=thought id=\"a:0\" text=\"one two\"\n"
		       "text role=assistant id=\"a:1\" text=\"x\"\n"
		       "text role=thought id=\"a:2\" text=\"one \"\n");
	gives (THOUGHT ("a", "one two") THOUGHT ("a", "one ")
		       THOUGHT ("a", "six"),
	       SESSION "text role=thought id=\"a:0\" text=\"one two\"\n"
		       "text role=thought id=\"a:1\" text=\"six\"\n");
}

/* Of a reasoning its first 4096 bytes are remembered: a part that ends behind
 * them is told again, all of it never is. */
static void
long_reasoning (void)
{
	static const struct {
		size_t len, part;
		int is_told;
	} rows[] = {
		{ 9000, 9000, 0 }, { 9000, 4096, 0 }, { 9000, 4097, 1 },
		{ 4096, 4096, 0 }, { 4096, 4095, 0 }, { 9000, 9001, 1 },
	};
	static const char head[] = "{\"type\":\"reasoning\",\"id\":\"a\","
				   "\"session_id\":\"s1\",\"text\":\"";
	char in[20000], *found;
	size_t i, n;

	for (i = 0; i < sizeof (rows) / sizeof (rows[0]); i++) {
		n = (size_t) sprintf (in, "%s", head);
		memset (in + n, 'x', rows[i].len);
		n += rows[i].len;
		n += (size_t) sprintf (in + n, "\"}\n%s", head);
		memset (in + n, 'x', rows[i].part);
		n += rows[i].part;
		n += (size_t) sprintf (in + n, "\"}\n");
		found = collect_text (&linehook_plugin_1, in, n, NULL);
		tap_note ("%zu bytes, then %zu", rows[i].len, rows[i].part);
		TAP_EQ_INT (strstr (found, "a:1") != NULL, rows[i].is_told);
		free (found);
	}
}

static void
calls (void)
{
	gives (CALL ("c1", "a", "Execute", "{\"command\":\"ls\"}") CALL (
		       "c2", "a", "Create", "{\"file_path\":\"f\"}")
		       RESULT ("c1", "Execute",
			       "\"isError\":false,\"value\":\"x\\n\\n\\n"
			       "[Process exited with code 0]\"")
			       RESULT ("c2", "Create", FAILED ("no")),
	       SESSION
	       "tool status=in_progress type=execute id=\"c1\""
	       " name=\"Execute\" brief=\"ls\""
	       " input=\"{\\\"command\\\":\\\"ls\\\"}\"\n"
	       "tool status=in_progress type=edit id=\"c2\""
	       " name=\"Create\" brief=\"f\""
	       " input=\"{\\\"file_path\\\":\\\"f\\\"}\" paths=[ =\"f\" ]\n"
	       "tool status=completed type=execute exit_code=0 id=\"c1\""
	       " name=\"Execute\""
	       " output=\"x\\n\\n\\n[Process exited with code 0]\"\n"
	       "tool status=failed type=edit id=\"c2\" name=\"Create\""
	       " output=\"no\"\n");
}

#define OF_COMMAND(rest) RESULT ("c", "Execute", rest)
#define EXITED(n) "[Process exited with code " n "]"
#define COMMAND(status, output)                                                \
	"tool status=" status " id=\"c\" name=\"Execute\" output=\"" output    \
	"\"\n"

static void
exit_statuses (void)
{
	gives (OF_COMMAND (FAILED ("Error: Command failed\\n" EXITED ("3")))
		       OF_COMMAND ("\"isError\":false,\"value\":\"" EXITED (
			       "141") "\"")
			       OF_COMMAND (FAILED (
				       "Error: Command terminated by signal"))
				       RESULT ("c", "Read",
					       "\"isError\":false,\"value\":\"" EXITED (
						       "3") "\""),
	       SESSION COMMAND (
		       "failed type=execute exit_code=3",
		       "Error: Command failed\\n" EXITED (
			       "3")) COMMAND ("failed type=execute exit_code=141",
					      EXITED ("141"))
		       COMMAND (
			       "failed type=execute",
			       "Error: Command terminated by signal") "tool status=completed type=read id=\"c\" name=\"Read\""
								      " output=\"" EXITED (
									      "3") "\"\n");
	/* These are no numbers. */
	gives (OF_COMMAND ("\"value\":\"" EXITED ("") "\"") OF_COMMAND (
		       "\"value\":\"" EXITED ("1x") "\"")
		       OF_COMMAND ("\"value\":\"" EXITED ("1234567890") "\"")
			       OF_COMMAND ("\"value\":\"code 1]\""),
	       SESSION COMMAND ("completed type=execute", EXITED ("")) COMMAND (
		       "completed type=execute", EXITED ("1x"))
		       COMMAND ("completed type=execute", EXITED ("1234567890"))
			       COMMAND ("completed type=execute", "code 1]"));
}

#define NOT_PERMITTED                                                          \
	"Tool Create is not permitted in this exec session. Available tools:"  \
	" Read."
#define ENDED_EARLY "Exec ended early: insufficient permission to proceed."
#define DENIED(output)                                                           \
	"tool status=denied type=edit id=\"c\" name=\"Create\" output=\"" output \
	"\"\n"                                                                   \
	"ask id=\"c\" tool=\"c\" text=\"" output "\" outcome=\"denied\"\n"

static void
refusals (void)
{
	gives (RESULT ("c", "Create", FAILED ("Error: " NOT_PERMITTED))
		       RESULT ("c", "Create", FAILED (NOT_PERMITTED)) RESULT (
			       "c", "Create", FAILED ("Error: " ENDED_EARLY)),
	       SESSION DENIED ("Error: " NOT_PERMITTED) DENIED (NOT_PERMITTED)
		       DENIED ("Error: " ENDED_EARLY));
	/* What a command printed, and what is no error. */
	gives (RESULT ("c", "Create",
		       FAILED ("Error: Command failed\\n" NOT_PERMITTED))
		       RESULT ("c", "Create",
			       "\"isError\":false,\"value\":\"" NOT_PERMITTED
			       "\""),
	       SESSION
	       "tool status=failed type=edit id=\"c\" name=\"Create\""
	       " output=\"Error: Command failed\\n" NOT_PERMITTED "\"\n"
	       "tool status=completed type=edit id=\"c\" name=\"Create\""
	       " output=\"" NOT_PERMITTED "\"\n");
}

static void
servers_and_values (void)
{
	gives (CALL ("c", "a", "demo___ping", "{}")
		       RESULT ("c", "demo___ping",
			       "\"isError\":false,\"value\":{\"a\":1}")
			       RESULT ("d", "", "\"value\":\"x\"")
				       RESULT ("e", "___x", "\"value\":null"),
	       SESSION "tool status=in_progress type=other id=\"c\""
		       " name=\"demo___ping\" server=\"demo\" input=\"{}\"\n"
		       "tool status=completed type=other id=\"c\""
		       " name=\"demo___ping\" server=\"demo\""
		       " output_json=\"{\\\"a\\\":1}\"\n"
		       "tool status=completed type=other id=\"d\""
		       " output=\"x\"\n"
		       "tool status=completed type=other id=\"e\""
		       " name=\"___x\"\n");
}

#define TODO(todos)                                                            \
	LINE ("tool_call",                                                     \
	      "\"id\":\"c\",\"messageId\":\"a\",\"toolName\":"                 \
	      "\"TodoWrite\",\"parameters\":{\"todos\":" todos "}")

static void
plans (void)
{
	char *found;
	static const char in[] = TODO (
		"\"To do:\\n1. [completed] Look\\n\\n"
		"2. [in_progress] Change \\ud83d\\ude00\\n- [pending]Test\"")
		TODO ("[{\"content\":\"x\",\"status\":\"pending\"}]")
			TODO ("\"nothing\"") TODO ("\"\"") TODO ("7");

	found = collect_text (&linehook_plugin_1, in, strlen (in), NULL);
	CU_ASSERT (strstr (found, "plan completed=\"Look\""
				  " in_progress=\"Change \xf0\x9f\x98\x80\""
				  " pending=\"Test\"\n")
		   != NULL);
	CU_ASSERT (strstr (found, "plan pending=\"x\"\n") != NULL);
	TAP_EQ_INT (strstr (strstr (found, "plan pending=\"x\"") + 1, "plan ")
			    != NULL,
		    0);
	free (found);
}

static void
ends (void)
{
	gives (COMPLETION ("answer", USAGE ",\"factory_credits\":0"),
	       SESSION "usage scope=turn input=1239 output=78 cache_read=1000"
		       " cache_write=5\n"
		       "result verdict=ok terminal text=\"answer\"\n");
	gives (COMPLETION ("", "\"input_tokens\":0"),
	       SESSION "result verdict=ok terminal\n");
	/* A sum that lacks a part is no sum. */
	gives (COMPLETION ("", "\"input_tokens\":9,\"output_tokens\":8,"
			       "\"cache_read_input_tokens\":7,"
			       "\"thinking_tokens\":6"),
	       SESSION "usage scope=turn output=8 cache_read=7 reasoning=6\n"
		       "result verdict=ok terminal\n");
}

#define NOTICE(text)                                                           \
	"notice level=3 code=\"provider_error\" text=\"" text "\"\n"

static void
errors (void)
{
	gives (ERROR ("agent_loop", "401 bad key") ERROR ("cli", "Exec failed"),
	       SESSION NOTICE (
		       "401 bad key") "result verdict=failed error=\"401 bad key\"\n"
				      "result verdict=failed terminal error=\"401 bad key\"\n");
	/* Without a cause the second says all there is. */
	gives (ERROR ("cli", "no model"),
	       SESSION NOTICE ("no model") "result verdict=failed terminal"
					   " error=\"no model\"\n");
	/* The cause of an earlier turn is not that of this one. */
	gives (ERROR ("agent_loop", "a") TEXT ("user", "u", "again")
		       ERROR ("cli", "b"),
	       SESSION NOTICE (
		       "a") "result verdict=failed error=\"a\"\n"
			    "text role=user id=\"u:0\" text=\"again\"\n" NOTICE (
				    "b") "result verdict=failed terminal error=\"b\"\n");
}

#define MODERATION                                                             \
	"Request failed due to triggering the model provider's content"        \
	" moderation policy."

static void
errors_that_are_no_failures (void)
{
	gives (ERROR ("agent_loop", MODERATION) ERROR ("cli", "some text"),
	       SESSION NOTICE (
		       MODERATION) "result verdict=refused error=\"" MODERATION
				   "\"\n"
				   "result verdict=refused terminal error=\"" MODERATION
				   "\"\n");
	gives (TEXT ("assistant", "a", ENDED_EARLY) ERROR ("cli", ENDED_EARLY),
	       SESSION
	       "text role=assistant synthetic id=\"a:0\""
	       " text=\"" ENDED_EARLY "\"\n" NOTICE (
		       ENDED_EARLY) "result verdict=refused terminal error=\"" ENDED_EARLY
				    "\"\n");
	gives (ERROR ("cli", "Streaming session interrupted by user"),
	       SESSION NOTICE (
		       "Streaming session interrupted by user") "result verdict=canceled terminal"
								" error=\"Streaming session interrupted by user\"\n");
}

#define JSON(is_error, result, usage)                                          \
	"{\"type\":\"result\",\"subtype\":\"s\",\"is_error\":" is_error        \
	",\"result\":\"" result "\",\"session_id\":\"s1\",\"usage\":{" usage   \
	"}}\n"

static void
whole_results (void)
{
	gives (JSON ("false", "answer", USAGE ",\"factory_credits\":0"),
	       SESSION "usage scope=turn input=1239 output=78 cache_read=1000"
		       " cache_write=5\n"
		       "result verdict=ok terminal text=\"answer\"\n");
	gives (JSON ("true", "Exec failed", "\"factory_credits\":0"),
	       SESSION "result verdict=failed terminal"
		       " error=\"Exec failed\"\n");
	gives (JSON ("false", "of another program", USAGE),
	       SESSION "skip line=1\n");
}

/* A script runs the program twice: what both took counts. */
static void
two_runs (void)
{
	gives (INIT COMPLETION (
		       "a",
		       USAGE) "{\"type\":\"system\",\"subtype\":\"init\",\"cwd\":\"/w\","
			      "\"session_id\":\"s2\",\"model\":\"n\"}\n"
			      "{\"type\":\"completion\",\"finalText\":\"b\",\"session_id\":"
			      "\"s2\",\"usage\":{" USAGE "}}\n",
	       "session id=\"s1\" model=\"m\" cwd=\"/w\" tools=[ =\"Read\""
	       " =\"Execute\" ]\n"
	       "usage scope=turn input=1239 output=78 cache_read=1000"
	       " cache_write=5\n"
	       "result verdict=ok terminal text=\"a\"\n"
	       "session id=\"s2\" model=\"n\" cwd=\"/w\"\n"
	       "usage scope=turn input=1239 output=78 cache_read=1000"
	       " cache_write=5\n"
	       "result verdict=ok terminal text=\"b\"\n");
}

static const struct tap_case cases[] = {
	{ "the_first_line_is_the_session", first_line },
	{ "texts_of_a_message_have_ids_of_their_own", texts_of_a_message },
	{ "reasoning_that_is_printed_twice_is_told_once", reasoning_once },
	{ "parts_of_a_reasoning_repeat_it", parts_of_reasoning },
	{ "a_long_reasoning_is_known_by_its_sum", long_reasoning },
	{ "a_call_is_in_progress_until_its_result", calls },
	{ "the_last_words_of_a_command_are_its_exit_status", exit_statuses },
	{ "a_call_that_was_not_permitted_is_denied", refusals },
	{ "a_tool_of_a_server_names_it", servers_and_values },
	{ "todowrite_is_a_plan", plans },
	{ "a_completion_is_usage_and_a_claim", ends },
	{ "the_first_error_says_why_and_the_second_ends_the_run", errors },
	{ "refusals_and_interruptions_are_no_failures",
	  errors_that_are_no_failures },
	{ "the_line_of_the_json_format_is_a_claim", whole_results },
	{ "the_usage_of_two_runs_adds_up", two_runs },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("droid", cases);
}
