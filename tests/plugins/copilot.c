/* SPDX-License-Identifier: MIT */
/* copilot.c - what the copilot plugin makes of lines. */
#include "config.h"

#include "copilot/copilot.h"
#include "plugins/gives.h"

#define CHAIN                                                                  \
	"\"id\":\"e1\",\"timestamp\":\"2026-11-29T22:46:43.049Z\","            \
	"\"parentId\":\"e0\""
#define LINE(type, data)                                                       \
	"{\"type\":\"" type "\",\"data\":{" data "}," CHAIN "}\n"
/* The same of a subagent. */
#define SUB(agent, type, data)                                                 \
	"{\"type\":\"" type "\",\"data\":{" data "}," CHAIN                    \
	",\"agentId\":\"" agent "\"}\n"
#define DELTA(id, text)                                                        \
	LINE ("assistant.message_delta",                                       \
	      "\"messageId\":\"" id "\",\"deltaContent\":\"" text "\"")
#define THOUGHT(id, text)                                                      \
	LINE ("assistant.reasoning_delta",                                     \
	      "\"reasoningId\":\"" id "\",\"deltaContent\":\"" text "\"")
#define MESSAGE(id, text)                                                      \
	LINE ("assistant.message",                                             \
	      "\"messageId\":\"" id "\",\"content\":\"" text "\"")
#define REQUEST LINE ("model.call_start", "\"turnId\":\"0\"")
#define TURN LINE ("assistant.turn_start", "\"turnId\":\"0\"")
#define TURN_END LINE ("assistant.turn_end", "\"turnId\":\"0\"")
#define START(id, name, arguments)                                             \
	LINE ("tool.execution_start",                                          \
	      "\"toolCallId\":\"" id "\",\"toolName\":\"" name                 \
	      "\",\"arguments\":{" arguments "}")
#define COMPLETE(id, more)                                                     \
	LINE ("tool.execution_complete", "\"toolCallId\":\"" id "\"," more)
#define MODEL LINE ("session.tools_updated", "\"model\":\"m\"")
#define RESULT(session, code)                                                  \
	"{\"type\":\"result\",\"timestamp\":\"t\",\"sessionId\":\"" session    \
	"\",\"exitCode\":" code ",\"usage\":{\"premiumRequests\":0}}\n"

/* ---- what every plugin must do ---- */

static void
sessions (void)
{
	gives (MODEL MODEL RESULT ("s", "0"), "session model=\"m\"\n"
					      "session id=\"s\" model=\"m\"\n"
					      "result verdict=ok terminal\n");
	/* A model that only a message names, or a change. */
	gives (LINE ("assistant.message",
		     "\"messageId\":\"a\",\"model\":\"m\",\"content\":\"\"")
		       LINE ("session.model_change",
			     "\"previousModel\":\"m\",\"newModel\":\"n\""),
	       "session model=\"m\"\ntext role=thought delta text=\"\"\n"
	       "session model=\"n\"\n");
	/* In the program's own files. */
	gives (LINE ("session.start",
		     "\"sessionId\":\"s\",\"copilotVersion\":\"1.0\","
		     "\"selectedModel\":\"m\",\"context\":{\"cwd\":\"/d\"}")
		       RESULT ("s", "0"),
	       "session id=\"s\" model=\"m\" cwd=\"/d\" agent_version=\"1.0\"\n"
	       "result verdict=ok terminal\n");
}

/* A script runs the program again. */
static void
later_processes (void)
{
	gives (MODEL RESULT ("s", "0") MODEL RESULT ("s", "0"),
	       "session model=\"m\"\n"
	       "session id=\"s\" model=\"m\"\n"
	       "result verdict=ok terminal\n"
	       "session model=\"m\"\n"
	       "session id=\"s\" model=\"m\"\n"
	       "result verdict=ok terminal\n");
}

static void
texts (void)
{
	gives (REQUEST DELTA ("a", "one ") DELTA ("a", "two")
		       MESSAGE ("a", "one two") TURN_END,
	       "text role=assistant delta id=\"a\" text=\"one \"\n"
	       "text role=assistant delta id=\"a\" text=\"two\"\n"
	       "text role=assistant id=\"a\" text=\"one two\"\n");
	gives (LINE ("user.message",
		     "\"content\":\"do it\",\"messageId\":\"u\"")
		       LINE ("user.message", "\"content\":\"a skill\","
					     "\"source\":\"skill-pdf\"")
			       LINE ("user.message",
				     "\"content\":\"go on\","
				     "\"isAutopilotContinuation\":true"),
	       "text role=user id=\"u\" text=\"do it\"\n"
	       "text role=user synthetic text=\"a skill\"\n"
	       "text role=user synthetic text=\"go on\"\n");
}

/* A thought is whole after its message; in its line only without deltas. */
static void
thoughts (void)
{
	gives (REQUEST THOUGHT ("r", "hm") DELTA ("a", "one") LINE (
		       "assistant.message", "\"messageId\":\"a\",\"content\":"
					    "\"one\",\"reasoningText\":\"hm\"")
		       LINE ("assistant.reasoning",
			     "\"reasoningId\":\"r\",\"content\":\"hm\""),
	       "text role=thought delta id=\"r\" text=\"hm\"\n"
	       "text role=assistant delta id=\"a\" text=\"one\"\n"
	       "text role=assistant id=\"a\" text=\"one\"\n"
	       "text role=thought id=\"r\" text=\"hm\"\n");
	gives (REQUEST LINE ("assistant.message",
			     "\"messageId\":\"a\",\"content\":\"one\","
			     "\"reasoningText\":\"hm\"")
		       LINE ("assistant.reasoning",
			     "\"reasoningId\":\"r\",\"content\":\"hm\""),
	       "text role=thought text=\"hm\"\n"
	       "text role=assistant id=\"a\" text=\"one\"\n");
	/* Without the text in the message, or behind a call of it. */
	gives (REQUEST MESSAGE ("a", "one") START ("c", "bash", "")
		       LINE ("assistant.reasoning",
			     "\"reasoningId\":\"r\",\"content\":\"hm\""),
	       "text role=assistant id=\"a\" text=\"one\"\n"
	       "tool status=in_progress type=execute id=\"c\" name=\"bash\""
	       " input=\"{}\"\n"
	       "text role=thought id=\"r\" text=\"hm\"\n");
}

static void
silent_messages (void)
{
	gives (REQUEST LINE ("assistant.message",
			     "\"messageId\":\"a\",\"content\":\"\","
			     "\"toolRequests\":[]"),
	       "text role=thought delta text=\"\"\n");
	gives (REQUEST LINE ("assistant.message",
			     "\"messageId\":\"a\",\"content\":\"\","
			     "\"toolRequests\":[{\"toolCallId\":\"c\"}]"),
	       "");
}

/* ---- requests that break ---- */

#define FAILURE(message)                                                       \
	LINE ("model.call_failure",                                            \
	      "\"statusCode\":500,\"errorMessage\":\"" message "\"")
#define RETRY LINE ("assistant.turn_retry", "\"reason\":\"api_error\"")
#define NOTICE(text)                                                           \
	"notice level=4 code=\"retry\" text=\"a request to the model failed"   \
	" and is repeated: " text "\" data=\"{\\\"error\\\":"                  \
	"\\\"api_error\\\""

static void
broken_texts (void)
{
	gives (REQUEST THOUGHT ("r1", "hm") DELTA ("a1", "on")
		       REQUEST THOUGHT ("r2", "hm") DELTA ("a2", "one")
			       MESSAGE ("a2", "one"),
	       "text role=thought delta id=\"r1\" text=\"hm\"\n"
	       "text role=assistant delta id=\"a1\" text=\"on\"\n"
	       "text role=thought id=\"r1\" text=\"\"\n"
	       "text role=assistant id=\"a1\" text=\"\"\n"
	       "text role=thought delta id=\"r2\" text=\"hm\"\n"
	       "text role=assistant delta id=\"a2\" text=\"one\"\n"
	       "text role=assistant id=\"a2\" text=\"one\"\n");
	/* The retry alone tells it, and the next message is whole at once. */
	gives (REQUEST DELTA ("a1", "on") RETRY MESSAGE ("a2", "one"),
	       "text role=assistant delta id=\"a1\" text=\"on\"\n"
	       "notice level=4 code=\"retry\" text=\"a request to the model"
	       " failed and is repeated: api_error\""
	       " data=\"{\\\"error\\\":\\\"api_error\\\"}\"\n"
	       "text role=assistant id=\"a1\" text=\"\"\n"
	       "text role=assistant id=\"a2\" text=\"one\"\n");
	/* Nothing follows: what was said is all that there is. */
	gives (REQUEST DELTA ("a1", "on")
		       REQUEST TURN_END TURN REQUEST DELTA ("a2", "two"),
	       "text role=assistant delta id=\"a1\" text=\"on\"\n"
	       "text role=assistant delta id=\"a2\" text=\"two\"\n");
}

/* An answer that was cut at its limit has no whole text, and is not repeated. */
static void
cut_texts (void)
{
	gives (REQUEST DELTA ("a1", "on")
		       TURN_END TURN REQUEST DELTA ("a2", "two")
			       MESSAGE ("a2", "two"),
	       "text role=assistant delta id=\"a1\" text=\"on\"\n"
	       "text role=assistant delta id=\"a2\" text=\"two\"\n"
	       "text role=assistant id=\"a2\" text=\"two\"\n");
}

/* The texts of other threads go on. */
static void
broken_threads (void)
{
	gives (DELTA ("a", "one") SUB ("x", "assistant.message_delta",
				       "\"messageId\":\"b\",\"deltaContent\":"
				       "\"sub\"")
		       SUB ("x", "model.call_start", "") DELTA ("a", " two")
			       SUB ("x", "assistant.message_delta",
				    "\"messageId\":\"c\",\"deltaContent\":"
				    "\"sub\""),
	       "text role=assistant delta id=\"a\" text=\"one\"\n"
	       "text parent=\"x\" role=assistant delta id=\"b\" text=\"sub\"\n"
	       "text role=assistant delta id=\"a\" text=\" two\"\n"
	       "text parent=\"x\" role=assistant id=\"b\" text=\"\"\n"
	       "text parent=\"x\" role=assistant delta id=\"c\""
	       " text=\"sub\"\n");
}

static void
retries (void)
{
	gives (FAILURE ("{\\\"message\\\":\\\"too much\\\"}") RETRY,
	       NOTICE ("too much") ",\\\"status\\\":500}\"\n");
	gives (FAILURE ("\\\"as text\\\"") RETRY,
	       NOTICE ("as text") ",\\\"status\\\":500}\"\n");
	gives (FAILURE ("no json") RETRY RETRY,
	       NOTICE ("no json") ",\\\"status\\\":500}\"\n" NOTICE (
		       "api_error") "}\"\n");
	gives (LINE ("assistant.turn_retry", ""),
	       "notice level=4 code=\"retry\" text=\"a request to the model"
	       " failed and is repeated\" data=\"{}\"\n");
}

/* ---- tools ---- */

static void
tools (void)
{
	gives (START ("c", "bash", "\"command\":\"ls\"") LINE (
		       "tool.shell_output",
		       "\"toolCallId\":\"c\",\"text\":\"x\\n\"")
		       LINE ("tool.execution_partial_result",
			     "\"toolCallId\":\"c\","
			     "\"partialOutput\":\"x\\n\"")
			       COMPLETE ("c", "\"success\":true,"
					      "\"shellExecution\":"
					      "{\"exitCode\":0},\"result\":"
					      "{\"content\":\"x\\ny\"}"),
	       "tool status=in_progress type=execute id=\"c\" name=\"bash\""
	       " brief=\"ls\" input=\"{\\\"command\\\":\\\"ls\\\"}\"\n"
	       "tool status=in_progress type=execute id=\"c\" name=\"bash\""
	       " output=\"x\\n\"\n"
	       "tool status=completed type=execute exit_code=0 id=\"c\""
	       " name=\"bash\" output=\"x\\ny\"\n");
	gives (START ("c", "create", "\"path\":\"/f\"")
		       COMPLETE ("c", "\"success\":true,\"fileEdits\":[{"
				      "\"path\":\"/f\",\"kind\":\"create\"},1,"
				      "{\"kind\":\"edit\"}]"),
	       "tool status=in_progress type=edit id=\"c\" name=\"create\""
	       " brief=\"/f\" input=\"{\\\"path\\\":\\\"/f\\\"}\""
	       " paths=[ =\"/f\" ]\n"
	       "tool status=completed type=edit id=\"c\" name=\"create\""
	       " paths=[ =\"/f\" ]\n");
}

static void
tools_of_servers (void)
{
	gives (LINE ("tool.execution_start",
		     "\"toolCallId\":\"c\",\"toolName\":\"edit\","
		     "\"mcpServerName\":\"demo\",\"arguments\":null")
		       COMPLETE ("c", "\"success\":false,\"error\":{"
				      "\"message\":\"no\",\"code\":"
				      "\"failure\"},\"result\":{\"content\":"
				      "\"it broke\"}"),
	       "tool status=in_progress type=other id=\"c\" name=\"edit\""
	       " server=\"demo\"\n"
	       "tool status=failed type=other id=\"c\" name=\"edit\""
	       " server=\"demo\" output=\"it broke\"\n");
}

#define ENDED(status, rest)                                                    \
	"tool status=" status " type=other" rest " id=\"c\"\n"

static void
tool_states (void)
{
	gives (COMPLETE ("c", "\"success\":true,\"shellExecution\":"
			      "{\"exitCode\":3}"),
	       "tool status=failed type=other exit_code=3 id=\"c\"\n");
	gives (COMPLETE ("c", "\"success\":false"), ENDED ("failed", ""));
	gives (COMPLETE ("c", "\"success\":false,\"error\":{\"code\":"
			      "\"cancelled\"}"),
	       ENDED ("canceled", ""));
	gives (COMPLETE ("c", "\"success\":false,\"error\":{\"message\":"
			      "\"no\",\"code\":\"denied\"}"),
	       "tool status=denied type=other id=\"c\" output=\"no\"\n"
	       "ask id=\"c\" tool=\"c\" text=\"no\" outcome=\"denied\"\n");
	gives (COMPLETE ("c", "\"success\":false,\"error\":{\"code\":"
			      "\"rejected\"}"),
	       ENDED ("denied",
		      "") "ask id=\"c\" tool=\"c\" outcome=\"rejected\"\n");
	gives (COMPLETE ("c", "\"error\":\"as text\""),
	       "tool status=failed type=other id=\"c\" output=\"as text\"\n");
	gives (COMPLETE ("c", "\"shellExecution\":{\"exitCode\":1e99}"),
	       "tool status=completed type=other exit_code=2147483647"
	       " id=\"c\"\n");
}

/* Output of a call that is over, or that nobody began, begins none. */
static void
late_output (void)
{
	gives (START ("c", "bash", "") COMPLETE ("c", "\"success\":true") LINE (
		       "tool.execution_partial_result",
		       "\"toolCallId\":\"c\",\"partialOutput\":\"x\"")
		       LINE ("tool.execution_partial_result",
			     "\"toolCallId\":\"d\",\"partialOutput\":\"x\""),
	       "tool status=in_progress type=execute id=\"c\" name=\"bash\""
	       " input=\"{}\"\n"
	       "tool status=completed type=execute id=\"c\" name=\"bash\"\n"
	       "skip line=3\nskip line=4\n");
}

/* ---- subagents ---- */

#define STARTED(mode)                                                          \
	SUB ("x", "subagent.started",                                          \
	     "\"toolCallId\":\"c\",\"agentName\":\"explore\","                 \
	     "\"agentDescription\":\"look\",\"executionMode\":\"" mode "\"")

static void
subagents (void)
{
	gives (STARTED ("sync") SUB ("x", "assistant.reasoning_delta",
				     "\"reasoningId\":\"r\","
				     "\"deltaContent\":\"hm\"")
		       SUB ("x", "session.error", "\"message\":\"m\"")
			       SUB ("x", "subagent.completed",
				    "\"toolCallId\":\"c\"") RESULT ("s", "0"),
	       "text parent=\"c\" role=thought delta id=\"r\" text=\"hm\"\n"
	       "notice level=3 code=\"provider_error\" text=\"m\""
	       " data=\"{\\\"message\\\":\\\"m\\\"}\"\n"
	       "session id=\"s\"\n"
	       "result verdict=ok terminal\n");
	/* Its start was lost: the call is named by other lines, or by none. */
	gives (SUB ("x", "user.message",
		    "\"content\":\"u\",\"parentToolCallId\":\"c\"")
		       SUB ("x", "user.message", "\"content\":\"v\"")
			       SUB ("y", "user.message", "\"content\":\"w\"")
				       LINE ("user.message",
					     "\"content\":\"z\","
					     "\"parentToolCallId\":\"d\""),
	       "text parent=\"c\" role=user text=\"u\"\n"
	       "text parent=\"c\" role=user text=\"v\"\n"
	       "text parent=\"y\" role=user text=\"w\"\n"
	       "text parent=\"d\" role=user text=\"z\"\n");
}

#define TASK_BEGUN                                                             \
	"notice level=6 code=\"task_started\" text=\"look\""                   \
	" data=\"{\\\"id\\\":\\\"x\\\",\\\"tool\\\":\\\"c\\\","                \
	"\\\"type\\\":\\\"explore\\\"}\"\n"

static void
tasks (void)
{
	gives (STARTED ("background") SUB ("x", "subagent.completed",
					   "\"toolCallId\":\"c\"")
		       SUB ("x", "subagent.completed", "\"toolCallId\":\"c\""),
	       TASK_BEGUN
	       "notice level=6 code=\"task_ended\""
	       " text=\"the subagent has finished\""
	       " data=\"{\\\"id\\\":\\\"x\\\",\\\"tool\\\":\\\"c\\\","
	       "\\\"status\\\":\\\"completed\\\"}\"\n");
	gives (STARTED ("background")
		       SUB ("x", "subagent.failed",
			    "\"toolCallId\":\"c\",\"error\":\"it broke\""),
	       TASK_BEGUN "notice level=6 code=\"task_ended\" text=\"it broke\""
			  " data=\"{\\\"id\\\":\\\"x\\\",\\\"tool\\\":"
			  "\\\"c\\\",\\\"status\\\":\\\"failed\\\"}\"\n");
}

/* ---- claims ---- */

#define ERROR(type, message)                                                   \
	LINE ("session.error",                                                 \
	      "\"errorType\":\"" type "\",\"message\":\"" message "\"")
#define ERROR_NOTICE                                                           \
	"notice level=3 code=\"provider_error\" text=\"no\""                   \
	" data=\"{\\\"errorType\\\":\\\"query\\\",\\\"message\\\":"            \
	"\\\"no\\\"}\"\n"
#define ENDS "session id=\"s\"\n"

static void
claims (void)
{
	gives (ERROR ("query", "no") RESULT ("s", "1"), ERROR_NOTICE ENDS
	       "result verdict=failed terminal stop_reason=\"query\""
	       " error=\"no\"\n");
	gives (RESULT ("s", "1"), ENDS "result verdict=failed terminal\n");
	/* The session went on, and well. */
	gives (ERROR ("query", "no") TURN RESULT ("s", "0"),
	       ERROR_NOTICE ENDS "result verdict=ok terminal\n");
	/* An exit code that is not there says nothing. */
	gives (ERROR ("query", "no") "{\"type\":\"result\",\"sessionId\":"
				     "\"s\",\"exitCode\":null}\n",
	       ERROR_NOTICE ENDS
	       "result verdict=failed terminal stop_reason=\"query\""
	       " error=\"no\"\n");
	gives ("{\"type\":\"result\"}\n", "skip line=1\n");
}

static void
cancels (void)
{
	gives (LINE ("abort", "\"reason\":\"user_initiated\"")
		       LINE ("agent.interrupted", "\"activity\":\"tool_call\"")
			       LINE ("assistant.idle", "\"aborted\":true"),
	       "result verdict=canceled terminal"
	       " stop_reason=\"user_initiated\"\n");
	gives (LINE ("agent.interrupted", "") RESULT ("s", "0"),
	       ENDS "result verdict=canceled terminal\n");
	gives (LINE ("assistant.idle", "\"aborted\":true"),
	       "result verdict=canceled terminal\n");
	gives (LINE ("assistant.idle", "\"aborted\":false"), "");
	gives (LINE ("abort", "\"reason\":\"autopilot_credit_limit\"")
		       RESULT ("s", "0"),
	       ENDS "result verdict=limit terminal"
		    " stop_reason=\"autopilot_credit_limit\"\n");
	/* A subagent was aborted, and the run goes on. */
	gives (SUB ("x", "abort", "\"reason\":\"user_initiated\"")
		       RESULT ("s", "0"),
	       ENDS "result verdict=ok terminal\n");
}

/* Calls that were interrupted have no line of their own. */
static void
interrupted_calls (void)
{
	gives (START ("c", "bash", "") START ("d", "bash", "")
		       COMPLETE ("d", "\"success\":true")
			       LINE ("agent.interrupted",
				     "\"toolCallIds\":[\"c\",7,\"d\",\"e\"]")
				       RESULT ("s", "0"),
	       "tool status=in_progress type=execute id=\"c\" name=\"bash\""
	       " input=\"{}\"\n"
	       "tool status=in_progress type=execute id=\"d\" name=\"bash\""
	       " input=\"{}\"\n"
	       "tool status=completed type=execute id=\"d\" name=\"bash\"\n"
	       "tool status=canceled type=execute id=\"c\" name=\"bash\"\n" ENDS
	       "result verdict=canceled terminal\n");
}

/* The last line is missing. */
static void
ends_without_a_result (void)
{
	gives (ERROR ("query", "no"),
	       ERROR_NOTICE "result verdict=failed terminal"
			    " stop_reason=\"query\" error=\"no\"\n");
	gives (ERROR ("query", "no") TURN, ERROR_NOTICE);
}

static void
notices (void)
{
	gives (LINE ("session.compaction_start", "")
		       LINE ("session.compaction_complete", "\"success\":true")
			       LINE ("session.compaction_complete",
				     "\"success\":false"),
	       "notice level=6 code=\"compaction\" text=\"the conversation is"
	       " being compacted\" data=\"{}\"\n"
	       "notice level=6 code=\"compaction\" text=\"the conversation was"
	       " compacted\" data=\"{\\\"success\\\":true}\"\n"
	       "notice level=4 code=\"compaction\" text=\"the conversation"
	       " could not be compacted\" data=\"{\\\"success\\\":false}\"\n");
	gives (LINE ("session.info", "\"infoType\":\"file_created\","
				     "\"message\":\"/f\"")
		       LINE ("session.info",
			     "\"infoType\":\"mcp\",\"message\":\"hello\"")
			       LINE ("session.warning",
				     "\"warningType\":\"policy\","
				     "\"message\":\"mind\""),
	       "text role=system text=\"hello\"\n"
	       "notice level=4 code=\"provider_error\" text=\"mind\""
	       " data=\"{\\\"warningType\\\":\\\"policy\\\",\\\"message\\\":"
	       "\\\"mind\\\"}\"\n");
}

static const struct tap_case cases[] = {
	{ "the_model_is_told_first_and_the_session_at_the_end", sessions },
	{ "the_next_process_has_a_session_of_its_own", later_processes },
	{ "texts_come_in_deltas_and_whole", texts },
	{ "a_thought_is_told_once_with_its_deltas_or_its_message", thoughts },
	{ "a_message_without_words_and_calls_is_work_all_the_same",
	  silent_messages },
	{ "a_text_that_is_sent_again_is_withdrawn_first", broken_texts },
	{ "a_text_that_was_cut_and_not_sent_again_stays", cut_texts },
	{ "a_thread_withdraws_its_own_texts_alone", broken_threads },
	{ "a_retry_says_why_the_request_failed", retries },
	{ "calls_begin_show_their_output_and_end", tools },
	{ "the_tool_of_a_server_has_no_type", tools_of_servers },
	{ "exit_codes_and_error_codes_decide_how_a_call_ended", tool_states },
	{ "late_output_begins_no_call", late_output },
	{ "lines_of_a_subagent_name_the_call_that_started_it", subagents },
	{ "a_subagent_in_the_background_is_a_task", tasks },
	{ "the_exit_code_is_the_claim_and_an_error_the_reason", claims },
	{ "an_abort_is_a_cancel_whatever_the_exit_code", cancels },
	{ "calls_that_were_interrupted_are_canceled", interrupted_calls },
	{ "an_error_is_the_claim_of_a_stream_without_a_result",
	  ends_without_a_result },
	{ "compaction_and_words_of_the_program_are_told", notices },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("copilot", cases);
}
