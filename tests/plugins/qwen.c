/* SPDX-License-Identifier: MIT */
/* qwen.c - what the qwen plugin makes of lines. */
#include "config.h"

#include "plugins/gives.h"
#include "qwen/qwen.h"

#define LINE(type, rest)                                                       \
	"{\"type\":\"" type "\",\"uuid\":\"u\",\"session_id\":\"s\","          \
	"\"parent_tool_use_id\":null" rest "}\n"
#define SESSION "session id=\"s\"\n"
#define NONE "\"input_tokens\":0,\"output_tokens\":0"
#define SOME                                                                   \
	"\"input_tokens\":1234,\"output_tokens\":78,"                          \
	"\"cache_read_input_tokens\":1000,\"total_tokens\":1312"
#define SAID_BY(parent, id, content, usage)                                    \
	"{\"type\":\"assistant\",\"uuid\":\"" id "\",\"session_id\":\"s\","    \
	"\"parent_tool_use_id\":" parent ",\"message\":{\"id\":\"" id          \
	"\",\"content\":[" content "],\"usage\":{" usage "}}}\n"
#define SAID(id, content, usage) SAID_BY ("null", id, content, usage)
#define TEXT(text) "{\"type\":\"text\",\"text\":\"" text "\"}"
#define THOUGHT(text) "{\"type\":\"thinking\",\"thinking\":\"" text "\"}"
#define CALL(id, name, input)                                                  \
	"{\"type\":\"tool_use\",\"id\":\"" id "\",\"name\":\"" name            \
	"\",\"input\":" input "}"
#define ANSWER(content)                                                        \
	LINE ("user",                                                          \
	      ",\"message\":{\"role\":\"user\",\"content\":[" content "]}")
#define OUTPUT(id, error, content)                                             \
	ANSWER ("{\"type\":\"tool_result\",\"tool_use_id\":\"" id              \
		"\",\"is_error\":" error ",\"content\":\"" content "\"}")
#define EVENT(uuid, event)                                                     \
	"{\"type\":\"stream_event\",\"uuid\":\"" uuid                          \
	"\",\"session_id\":\"s\",\"parent_tool_use_id\":null,\"event\":{"      \
	"\"type\":" event "}}\n"
#define START(uuid, type)                                                      \
	EVENT (uuid, "\"content_block_start\",\"index\":0,\"content_block\":"  \
		     "{\"type\":\"" type "\"}")
#define DELTA(uuid, type, text)                                                \
	EVENT (uuid, "\"content_block_delta\",\"index\":0,\"delta\":{"         \
		     "\"type\":\"" type "_delta\",\"" type "\":\"" text "\"}")
#define SYSTEM(subtype, data)                                                  \
	LINE ("system", ",\"subtype\":\"" subtype "\",\"data\":{" data "}")
#define RETRY(data) SYSTEM ("retry", "\"reason\":\"retry\"" data)
#define RESULT(id, rest)                                                       \
	"{\"type\":\"result\",\"subtype\":\"success\",\"uuid\":\"" id          \
	"\",\"session_id\":\"s\",\"is_error\":false" rest "}\n"
#define FAILED(rest)                                                           \
	LINE ("result", ",\"subtype\":\"error_during_execution\","             \
			"\"is_error\":true" rest)
#define TOTAL(input, output)                                                   \
	",\"usage\":{\"input_tokens\":" input ",\"output_tokens\":" output "}"

/* ---- texts ---- */

static void
texts_are_texts (void)
{
	gives (SAID ("m1", THOUGHT ("hm"), NONE)
		       SAID ("m2", TEXT ("one") "," TEXT ("two"), NONE)
			       SAID ("m3", TEXT (""), NONE)
				       SAID ("m4", "{\"type\":\"new\"}", NONE),
	       SESSION "text role=thought id=\"m1\" text=\"hm\"\n"
		       "text role=assistant id=\"m2\" text=\"one\"\n"
		       "text role=assistant id=\"m2:1\" text=\"two\"\n"
		       "skip line=4\n");
}

/* The ids of the messages do not tie a whole text to its deltas. */
static void
deltas_by_order (void)
{
	gives (START ("e1", "thinking") DELTA ("e2", "thinking", "h") DELTA (
		       "e3", "thinking", "m") SAID ("m1", THOUGHT ("hm"), NONE)
		       START ("e4", "text") DELTA ("e5", "text", "o")
			       DELTA ("e6", "text", "k")
				       SAID ("m2", TEXT ("ok"), NONE),
	       SESSION "text role=thought delta id=\"e2\" text=\"h\"\n"
		       "text role=thought delta id=\"e2\" text=\"m\"\n"
		       "text role=thought id=\"e2\" text=\"hm\"\n"
		       "text role=assistant delta id=\"e5\" text=\"o\"\n"
		       "text role=assistant delta id=\"e5\" text=\"k\"\n"
		       "text role=assistant id=\"e5\" text=\"ok\"\n");
}

static void
deltas_of_other_threads (void)
{
	gives (DELTA ("e1", "text", "a") SAID_BY ("\"c1\"", "m1", TEXT ("sub"),
						  NONE)
		       DELTA ("e2", "text", "b") SAID ("m2", TEXT ("ab"), NONE),
	       SESSION
	       "text role=assistant delta id=\"e1\" text=\"a\"\n"
	       "text parent=\"c1\" role=assistant id=\"m1\" text=\"sub\"\n"
	       "text role=assistant delta id=\"e1\" text=\"b\"\n"
	       "text role=assistant id=\"e1\" text=\"ab\"\n");
}

/* A broken answer is gone on with, under its id; one that begins anew makes what
 * was said before void. */
static void
retries (void)
{
	gives (DELTA ("e1", "text", "a")
		       RETRY (",\"discardedToolCalls\":0,\"preserveText\":true")
			       DELTA ("e2", "text", "b")
				       SAID ("m1", TEXT ("ab"), NONE),
	       SESSION
	       "text role=assistant delta id=\"e1\" text=\"a\"\n"
	       "notice level=4 code=\"retry\" text=\"the answer of the model"
	       " was cut or could not be used; the request is made again\""
	       " data=\"{\\\"reason\\\":\\\"retry\\\",\\\"discardedToolCalls\\\""
	       ":0,\\\"preserveText\\\":true}\"\n"
	       "text role=assistant delta id=\"e1\" text=\"b\"\n"
	       "text role=assistant id=\"e1\" text=\"ab\"\n");
	gives (SAID ("m1", THOUGHT ("hm"), NONE) SAID ("m2", TEXT ("a"), NONE)
		       RETRY (",\"preserveText\":false")
			       SAID ("m3", TEXT ("b"), NONE),
	       SESSION
	       "text role=thought id=\"m1\" text=\"hm\"\n"
	       "text role=assistant id=\"m2\" text=\"a\"\n"
	       "notice level=4 code=\"retry\" text=\"the answer of the model"
	       " was cut or could not be used; the request is made again\""
	       " data=\"{\\\"reason\\\":\\\"retry\\\",\\\"preserveText\\\":"
	       "false}\"\n"
	       "text role=assistant id=\"m2\" text=\"\"\n"
	       "text role=thought id=\"m1\" text=\"\"\n"
	       "text role=assistant id=\"m3\" text=\"b\"\n");
}

#define AGAIN                                                                  \
	RETRY (",\"attempt\":1,\"maxRetries\":10,\"delayMs\":60000,"           \
	       "\"preserveText\":false")
#define AGAIN_NOTICE                                                           \
	"notice level=4 code=\"retry\" text=\"a request to the model failed;"  \
	" attempt 1 of 10 follows in 60.0 s\" data=\"{\\\"reason\\\":"         \
	"\\\"retry\\\",\\\"attempt\\\":1,\\\"maxRetries\\\":10,"               \
	"\\\"delayMs\\\":60000,\\\"preserveText\\\":false}\"\n"

/* What an earlier message said stays. */
static void
retries_of_the_next_call (void)
{
	gives (SAID ("m1", TEXT ("a"), NONE)
		       SAID ("m2", CALL ("c1", "edit", "{}"), NONE)
			       OUTPUT ("c1", "false", "ok") AGAIN,
	       SESSION "text role=assistant id=\"m1\" text=\"a\"\n"
		       "tool status=in_progress type=edit"
		       " id=\"c1\" name=\"edit\" input=\"{}\"\n"
		       "tool status=completed type=edit id=\"c1\""
		       " name=\"edit\" output=\"ok\"\n" AGAIN_NOTICE);
	gives (SAID ("m1", TEXT ("a"), NONE) RESULT ("r", "") AGAIN,
	       SESSION "text role=assistant id=\"m1\" text=\"a\"\n"
		       "result verdict=ok terminal\n" AGAIN_NOTICE);
	/* A call that did not run is of the message that is void. */
	gives (SAID ("m1", TEXT ("a"), NONE)
		       SAID ("m2", CALL ("c1", "edit", "{}"), SOME)
			       OUTPUT ("c1", "true",
				       "Skipped because the provider attempt "
				       "was retried before execution.") AGAIN,
	       SESSION
	       "text role=assistant id=\"m1\" text=\"a\"\n"
	       "tool status=in_progress type=edit"
	       " id=\"c1\" name=\"edit\" input=\"{}\"\n"
	       "usage scope=call id=\"m2\" input=1234 output=78"
	       " cache_read=1000\n"
	       "tool status=canceled type=edit id=\"c1\" name=\"edit\""
	       " output=\"Skipped because the provider attempt was retried"
	       " before execution.\"\n" AGAIN_NOTICE
	       "text role=assistant id=\"m1\" text=\"\"\n");
}

static void
words_of_the_program (void)
{
	gives (ANSWER (TEXT ("Background agent done")),
	       SESSION "text role=user synthetic id=\"u\""
		       " text=\"Background agent done\"\n");
	gives ("{\"type\":\"user\",\"uuid\":\"u\",\"session_id\":\"s\","
	       "\"parent_tool_use_id\":\"c1\",\"message\":{\"content\":"
	       "\"go\"}}",
	       SESSION "text parent=\"c1\" role=user id=\"u\" text=\"go\"\n");
	gives (SAID ("m1", TEXT ("[API Error: 400 no]"), NONE)
		       SAID ("m2", TEXT ("[API Error: is a word]"), SOME),
	       SESSION
	       "text role=assistant synthetic id=\"m1\""
	       " text=\"[API Error: 400 no]\"\n"
	       "notice level=3 code=\"provider_error\""
	       " text=\"[API Error: 400 no]\"\n"
	       "text role=assistant id=\"m2\" text=\"[API Error: is a word]\"\n"
	       "usage scope=call id=\"m2\" input=1234 output=78"
	       " cache_read=1000\n");
}

/* The line with tokens ends a message. */
static void
texts_behind_calls (void)
{
	gives (SAID ("m1", CALL ("c1", "edit", "{}"),
		     NONE) SAID ("m2", TEXT ("more"), SOME)
		       SAID ("m3", TEXT ("next"), NONE)
			       SAID ("m4", CALL ("c2", "edit", "{}"), NONE),
	       SESSION "tool status=in_progress type=edit id=\"c1\""
		       " name=\"edit\" input=\"{}\"\n"
		       "text role=assistant id=\"m2\" text=\"more\"\n"
		       "usage scope=call id=\"m2\" input=1234 output=78"
		       " cache_read=1000\n"
		       "text role=assistant id=\"m3\" text=\"next\"\n"
		       "tool status=in_progress type=edit id=\"c2\""
		       " name=\"edit\" input=\"{}\"\n");
}

/* ---- tools ---- */

#define COMMAND "{\"command\":\"ls\"}"
#define SHELL SAID ("m", CALL ("c", "run_shell_command", COMMAND), NONE)
#define SHELL_CALL                                                             \
	SESSION "tool status=in_progress type=execute id=\"c\""                \
		" name=\"run_shell_command\" brief=\"ls\""                     \
		" input=\"{\\\"command\\\":\\\"ls\\\"}\"\n"
#define SHELL_NAME " id=\"c\" name=\"run_shell_command\" output="

static void
tools_are_told (void)
{
	gives (SHELL OUTPUT ("c", "false", "hello"), SHELL_CALL
	       "tool status=completed type=execute" SHELL_NAME "\"hello\"\n");
	gives (SAID ("m",
		     CALL ("a", "mcp__demo__ping", "{}") "," CALL (
			     "b", "write_file", "{\"file_path\":\"/f\"}"),
		     NONE),
	       SESSION
	       "tool status=in_progress type=other id=\"a\""
	       " name=\"ping\" server=\"demo\" input=\"{}\"\n"
	       "tool status=in_progress type=edit id=\"b\" name=\"write_file\""
	       " brief=\"/f\" input=\"{\\\"file_path\\\":\\\"/f\\\"}\""
	       " paths=[ =\"/f\" ]\n");
	gives (ANSWER ("{\"type\":\"tool_result\",\"tool_use_id\":\"x\","
		       "\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
		       "{\"type\":\"image\"},{\"type\":\"text\","
		       "\"text\":\"b\"}]}"),
	       SESSION "tool status=completed type=other truncated id=\"x\""
		       " output=\"a\\nb\"\n");
}

static void
tool_states (void)
{
	static const struct {
		const char *output;
		const char *status;
		const char *then;
	} rows[] = {
		{ "it broke", "failed", "" },
		{ "[Operation Cancelled] Reason: no", "canceled", "" },
		{ "Command was cancelled by user before it could complete.",
		  "canceled", "" },
		{ "Qwen Code requires permission to use \\\"edit\\\", but that "
		  "permission was declined.",
		  "denied", "ask" },
		{ "Tool blocked by plan mode: \\\"edit\\\" is not a read-only "
		  "tool.",
		  "denied", "ask" },
	};
	char in[512], want[1024];
	size_t i;

	for (i = 0; i < ARRAY_SIZE (rows); i++) {
		snprintf (in, sizeof (in), OUTPUT ("c", "true", "%s"),
			  rows[i].output);
		snprintf (want, sizeof (want),
			  SESSION "tool status=%s type=other id=\"c\""
				  " output=\"%s\"\n",
			  rows[i].status, rows[i].output);
		if (*rows[i].then)
			snprintf (want + strlen (want),
				  sizeof (want) - strlen (want),
				  "ask id=\"c\" tool=\"c\" text=\"%s\""
				  " outcome=\"denied\"\n",
				  rows[i].output);
		gives (in, want);
	}
}

static void
exit_codes (void)
{
	gives (SHELL OUTPUT ("c", "true",
			     "Command: ls\\nDirectory: (root)\\nOutput: no\\n"
			     "Error: (none)\\nExit Code: 3\\nSignal: (none)\\n"
			     "Process Group PGID: 5"),
	       SHELL_CALL
	       "tool status=failed type=execute exit_code=3" SHELL_NAME
	       "\"Command: ls\\nDirectory: (root)\\nOutput: no\\n"
	       "Error: (none)\\nExit Code: 3\\nSignal: (none)\\n"
	       "Process Group PGID: 5\"\n");
	gives (SHELL OUTPUT ("c", "false",
			     "Command: ls\\nOutput: (empty)\\nExit Code: 0"),
	       SHELL_CALL
	       "tool status=completed type=execute exit_code=0" SHELL_NAME
	       "\"Command: ls\\nOutput: (empty)\\nExit Code: 0\"\n");
	gives (SHELL OUTPUT (
		       "c", "false",
		       "a\\nOutput too long and was saved to: /home/u/.x"),
	       SHELL_CALL
	       "tool status=completed type=execute truncated" SHELL_NAME
	       "\"a\\nOutput too long and was saved to: "
	       "/home/u/.x\"\n");
}

static void
denials (void)
{
	gives (SHELL RESULT ("r", ",\"permission_denials\":[{\"tool_name\":"
				  "\"run_shell_command\",\"tool_use_id\":\"c\","
				  "\"tool_input\":{}},{\"tool_name\":"
				  "\"mcp__demo__ping\",\"tool_use_id\":\"d\","
				  "\"tool_input\":{\"a\":1}},{}]")
		       RESULT ("r2", ",\"permission_denials\":[{\"tool_name\":"
				     "\"ping\",\"tool_use_id\":\"d\"}]"),
	       SHELL_CALL "tool status=denied type=execute id=\"c\""
			  " name=\"run_shell_command\"\n"
			  "tool status=denied type=other id=\"d\" name=\"ping\""
			  " server=\"demo\" input=\"{\\\"a\\\":1}\"\n"
			  "result verdict=ok terminal\n"
			  "result verdict=ok terminal\n");
}

static void
progress (void)
{
	gives (SHELL EVENT ("e", "\"tool_progress\",\"tool_use_id\":\"c\","
				 "\"content\":{\"type\":\"shell_progress\","
				 "\"elapsedMs\":1}"),
	       SHELL_CALL "heartbeat line=2\n");
	gives (SHELL EVENT ("e", "\"tool_progress\",\"tool_use_id\":\"c\","
				 "\"content\":{\"type\":\"mcp_tool_progress\","
				 "\"progress\":1}")
		       EVENT ("e", "\"tool_progress\",\"tool_use_id\":\"x\","
				   "\"content\":{\"type\":"
				   "\"mcp_tool_progress\"}"),
	       SHELL_CALL "tool status=in_progress type=execute id=\"c\""
			  " name=\"run_shell_command\"\n");
}

static void
plans (void)
{
	gives (SAID ("m",
		     CALL ("c", "todo_write",
			   "{\"todos\":[{\"content\":\"x\",\"status\":"
			   "\"in_progress\"},{\"content\":\"y\",\"status\":"
			   "\"completed\"}]}"),
		     NONE),
	       SESSION
	       "tool status=in_progress type=think id=\"c\""
	       " name=\"todo_write\" input=\"{\\\"todos\\\":[{\\\"content\\\":"
	       "\\\"x\\\",\\\"status\\\":\\\"in_progress\\\"},{\\\"content\\\":"
	       "\\\"y\\\",\\\"status\\\":\\\"completed\\\"}]}\"\n"
	       "plan in_progress=\"x\" completed=\"y\"\n");
}

static void
questions (void)
{
	gives (SAID ("m", CALL ("c", "exit_plan_mode", "{\"plan\":\"do\"}"),
		     NONE),
	       SESSION "tool status=in_progress type=think id=\"c\""
		       " name=\"exit_plan_mode\" brief=\"do\""
		       " input=\"{\\\"plan\\\":\\\"do\\\"}\"\n"
		       "ask id=\"c\" tool=\"c\" text=\"do\"\n");
	gives (SHELL "{\"type\":\"control_request\",\"request_id\":\"q\","
		     "\"request\":{\"subtype\":\"can_use_tool\",\"tool_name\":"
		     "\"run_shell_command\",\"tool_use_id\":\"c\",\"input\":"
		     "{\"command\":\"ls\"}}}\n"
		     "{\"type\":\"control_request\",\"request_id\":\"i\","
		     "\"request\":{\"subtype\":\"hook_callback\"}}\n"
		     "{\"type\":\"control_response\"}\n"
		     "{\"type\":\"control_cancel_request\"}\n"
		     "{\"type\":\"keep_alive\"}\n",
	       SHELL_CALL
	       "tool status=pending type=execute id=\"c\""
	       " name=\"run_shell_command\"\n"
	       "ask id=\"q\" tool=\"c\" text=\"ls\" options=[ =\"allow\""
	       " =\"deny\" ]\n"
	       "heartbeat line=6\n");
}

/* ---- what the program says about itself ---- */

static void
sessions (void)
{
	gives (LINE ("system",
		     ",\"subtype\":\"init\",\"cwd\":\"/w\",\"tools\":"
		     "[\"edit\"],\"model\":\"m\",\"qwen_code_version\":"
		     "\"0.24.4\"") SYSTEM ("future", "")
		       LINE ("future",
			     "") "{\"type\":\"assistant\",\"session_id\":\"s\","
				 "\"message\":{\"model\":\"n\",\"content\":[]}}",
	       "session id=\"s\" model=\"m\" cwd=\"/w\""
	       " agent_version=\"0.24.4\" tools=[ =\"edit\" ]\n"
	       "skip line=2\nskip line=3\n"
	       "session id=\"s\" model=\"n\"\nskip line=4\n");
	gives (SYSTEM ("session_start", "") LINE ("future", ""),
	       SESSION "skip line=2\n");
}

static void
tasks (void)
{
	gives (SYSTEM ("task_started",
		       "\"task_id\":\"t\",\"tool_use_id\":\"c\","
		       "\"description\":\"look\",\"subagent_type\":\"Explore\"")
		       SYSTEM ("task_notification",
			       "\"task_id\":\"t\",\"status\":\"running\"")
			       SYSTEM ("task_notification",
				       "\"task_id\":\"t\",\"tool_use_id\":"
				       "\"c\",\"status\":\"completed\","
				       "\"usage\":{\"total_tokens\":5}")
				       SYSTEM ("task_notification",
					       "\"task_id\":\"u\",\"status\":"
					       "\"failed\"")
					       SYSTEM ("task_started", ""),
	       "notice level=6 code=\"task_started\" text=\"look\""
	       " data=\"{\\\"id\\\":\\\"t\\\",\\\"tool\\\":\\\"c\\\","
	       "\\\"type\\\":\\\"Explore\\\"}\"\n"
	       "notice level=6 code=\"task_ended\""
	       " text=\"a task in the background has ended\""
	       " data=\"{\\\"id\\\":\\\"t\\\",\\\"tool\\\":\\\"c\\\","
	       "\\\"status\\\":\\\"completed\\\",\\\"usage\\\":"
	       "{\\\"total_tokens\\\":5}}\"\n"
	       "notice level=4 code=\"task_ended\""
	       " text=\"a task in the background has ended\""
	       " data=\"{\\\"id\\\":\\\"u\\\",\\\"status\\\":"
	       "\\\"failed\\\"}\"\n"
	       "skip line=5\n");
}

static void
other_models (void)
{
	gives (SYSTEM ("model_fallback",
		       "\"fromModel\":\"a\",\"toModel\":\"b\"")
		       SYSTEM ("continue_turn_failed", "\"error\":\"no\""),
	       "notice level=4 code=\"retry\""
	       " text=\"the program went on with another model\""
	       " data=\"{\\\"fromModel\\\":\\\"a\\\",\\\"toModel\\\":"
	       "\\\"b\\\"}\"\n"
	       "notice level=4 code=\"provider_error\" text=\"no\"\n");
}

/* ---- usage ---- */

#define FRESH WORDS ("qwen", "-p", "x")
#define RESUMED WORDS ("qwen", "--resume", "s", "-p", "x")
#define NEW "session id=\"s\" resumed=-1\n"
#define OLD "session id=\"s\" resumed=1\n"
#define CALLED(id)                                                             \
	"usage scope=call id=\"" id "\" input=1234 output=78"                  \
	" cache_read=1000\n"
#define DONE "result verdict=ok terminal\n"

static void
totals (void)
{
	/* The calls account for all of it. */
	gives_of_command (
		FRESH, SAID ("a", "", SOME) RESULT ("r", TOTAL ("1234", "78")),
		NEW CALLED ("a") DONE);
	/* Subagents, and calls that were made again, are in the total alone. */
	gives_of_command (
		FRESH,
		SAID ("a", "", SOME) RESULT ("r", TOTAL ("1300", "80"))
			SAID ("b", "", SOME)
				RESULT ("r2", TOTAL ("2535", "158")),
		NEW CALLED (
			"a") "usage scope=call id=\"r\" input=66 output=2\n" DONE
			CALLED ("b") "usage scope=call id=\"r2\" input=1"
				     " output=0\n" DONE);
	/* A total of 0 says nothing, a smaller one began anew. */
	gives_of_command (
		FRESH,
		RESULT ("r", TOTAL ("9", "2")) RESULT ("r2", TOTAL ("0", "0"))
			RESULT ("r3", TOTAL ("4", "1")),
		NEW "usage scope=call id=\"r\" input=9 output=2\n" DONE DONE
		    "usage scope=call id=\"r3\" input=4"
		    " output=1\n" DONE);
}

static void
totals_of_a_resumed_session (void)
{
	gives_of_command (
		RESUMED,
		SAID ("a", "", SOME) RESULT ("r", TOTAL ("9000", "200"))
			SAID ("b", "", SOME)
				RESULT ("r2", TOTAL ("10235", "278")),
		OLD CALLED ("a") "usage scope=turn id=\"r\"\n" DONE CALLED (
			"b") "usage scope=call id=\"r2\""
			     " input=1 output=0\n" DONE);
	/* The command is not known, and the calls are all there is. */
	gives (SAID ("a", "", SOME) RESULT ("r", TOTAL ("1234", "78")),
	       SESSION CALLED ("a") DONE);
	gives (SAID ("a", "", SOME) RESULT ("r", TOTAL ("9000", "200")),
	       SESSION CALLED ("a") "usage scope=turn id=\"r\"\n" DONE);
}

static void
totals_of_another_session (void)
{
	gives_of_command (
		FRESH,
		SAID ("a", "", SOME) RESULT (
			"r", TOTAL ("1234",
				    "78")) "{\"type\":\"result\",\"subtype\":"
					   "\"success\",\"is_error\":false,"
					   "\"session_id\":\"t\","
					   "\"uuid\":\"q\"" TOTAL ("2000",
								   "90") "}",
		NEW CALLED ("a") DONE "session id=\"t\" resumed=-1\n"
				      "usage scope=call id=\"q\" input=2000"
				      " output=90\n" DONE);
}

/* ---- claims ---- */

static void
claims (void)
{
	gives (RESULT ("r", ",\"result\":\"hi\""),
	       SESSION "result verdict=ok terminal text=\"hi\"\n");
	gives (RESULT ("r", ",\"result\":\"\",\"structured_result\":{\"a\":1}"),
	       SESSION "result verdict=ok terminal text=\"{\\\"a\\\":1}\"\n");
	gives (FAILED (",\"error\":{\"message\":\"no\"}")
		       FAILED (",\"error\":\"why\"")
			       FAILED (",\"error\":{\"message\":\"Reached max "
				       "session turns for this session.\"}")
				       LINE ("result",
					     ",\"subtype\":\"error_max_turns\","
					     "\"is_error\":true"),
	       SESSION
	       "result verdict=failed terminal stop_reason="
	       "\"error_during_execution\" error=\"no\"\n"
	       "result verdict=failed terminal stop_reason="
	       "\"error_during_execution\" error=\"why\"\n"
	       "result verdict=limit terminal stop_reason="
	       "\"error_during_execution\""
	       " error=\"Reached max session turns for this session.\"\n"
	       "result verdict=limit terminal stop_reason="
	       "\"error_max_turns\"\n");
	gives ("{\"type\":\"result\",\"session_id\":\"s\"}\n"
	       "{\"type\":\"result\",\"session_id\":\"s\",\"is_error\":true,"
	       "\"parent_tool_use_id\":\"c\"}\n",
	       SESSION "skip line=1\nskip line=2\n");
}

/* That of a subagent takes no time, and the run goes on. */
static void
failed_subagents (void)
{
	gives (SAID ("m", TEXT ("a"), NONE) FAILED (
		       ",\"duration_ms\":0,\"error\":{\"message\":\"sub\"}")
		       RESULT ("r", ",\"duration_ms\":5,\"result\":\"hi\""),
	       SESSION "text role=assistant id=\"m\" text=\"a\"\n"
		       "result verdict=failed stop_reason="
		       "\"error_during_execution\" error=\"sub\"\n"
		       "result verdict=ok terminal text=\"hi\"\n");
	gives (FAILED (",\"duration_ms\":0,\"error\":{\"message\":\"key\"}"),
	       SESSION "result verdict=failed terminal stop_reason="
		       "\"error_during_execution\" error=\"key\"\n");
}

#define LIMIT                                                                  \
	"result verdict=limit terminal error=\"the limit of turns was reached" \
	" (exit status 53)\"\n"

static void
exit_statuses (void)
{
	gives_at_exit (53, "", LIMIT);
	gives_at_exit (55, "",
		       "result verdict=limit terminal error=\"the limit of tool"
		       " calls or of time was reached (exit status 55)\"\n");
	gives_at_exit (130, "",
		       "result verdict=canceled terminal"
		       " error=\"canceled (exit status 130)\"\n");
	gives_at_exit (1, "", "");
	gives_at_exit (0, "", "");
	/* A result stands, unless there was work after it. */
	gives_at_exit (53, RESULT ("r", ""), SESSION DONE);
	gives_at_exit (53, RESULT ("r", "") SAID ("m", TEXT ("a"), NONE),
		       SESSION DONE
		       "text role=assistant id=\"m\" text=\"a\"\n" LIMIT);
}

static const struct tap_case cases[] = {
	{ "assistant_blocks_are_texts_with_an_id_each", texts_are_texts },
	{ "a_whole_text_has_the_id_of_the_deltas_before_it", deltas_by_order },
	{ "threads_are_told_apart", deltas_of_other_threads },
	{ "a_retry_continues_a_text_or_makes_it_void", retries },
	{ "a_retry_leaves_earlier_messages_alone", retries_of_the_next_call },
	{ "what_the_program_wrote_is_synthetic", words_of_the_program },
	{ "a_text_behind_a_call_is_of_its_message", texts_behind_calls },
	{ "tools_have_name_brief_paths_and_output", tools_are_told },
	{ "an_error_tells_whether_the_call_ran", tool_states },
	{ "the_exit_code_and_a_cut_are_read_from_the_output", exit_codes },
	{ "a_denial_that_only_the_result_tells_is_told_once", denials },
	{ "progress_of_a_command_is_a_heartbeat", progress },
	{ "todo_write_is_a_plan", plans },
	{ "questions_are_asked", questions },
	{ "a_session_has_model_version_and_tools", sessions },
	{ "background_tasks_are_notices", tasks },
	{ "other_models_and_trouble_are_notices", other_models },
	{ "a_total_adds_what_the_calls_do_not_tell", totals },
	{ "a_total_with_an_unknown_start_adds_nothing",
	  totals_of_a_resumed_session },
	{ "another_session_has_another_total", totals_of_another_session },
	{ "results_are_claims", claims },
	{ "a_failed_subagent_does_not_end_the_run", failed_subagents },
	{ "exit_statuses_without_a_result_are_claims", exit_statuses },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("qwen", cases);
}
