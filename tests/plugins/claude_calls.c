/* SPDX-License-Identifier: MIT */
/* claude_calls.c - which calls of Claude Code are at work, and until when. */
#include "config.h"

#include "plugins/calls.h"

#define OF(parent) ",\"parent_tool_use_id\":" parent "}\n"
#define MAIN OF ("null")
#define USE(id, name)                                                          \
	"{\"type\":\"tool_use\",\"id\":\"" id "\",\"name\":\"" name            \
	"\",\"input\":{}}"
#define MESSAGE(mid, blocks)                                                   \
	"{\"type\":\"assistant\",\"message\":{\"id\":\"" mid                   \
	"\",\"content\":[" blocks "]}"
#define CALL(mid, id) MESSAGE (mid, USE (id, "Bash")) MAIN
#define RESULT_HEAD(id)                                                        \
	"{\"type\":\"user\",\"message\":{\"content\":[{\"type\":"              \
	"\"tool_result\",\"tool_use_id\":\"" id "\",\"content\":\""
#define RESULT_TAIL "\"}]}"
#define RESULT(id) RESULT_HEAD (id) "x" RESULT_TAIL MAIN

static void
noise (void)
{
	calls_begin ();
	calls_feed (CALL ("m", "a"));
	calls_feed ("{not json from a hook}\n");
	calls_feed ("{\"type\":\"system\",\"subtype\":\"task_prog\n");
	calls_feed_long ("{\"type\":\"system\",\"subtype\":\"x\",\"y\":\"",
			 "\"}\n");
	calls_feed_long ("{\"type\":\"stream_event\",\"event\":{\"x\":\"",
			 "\"}}\n");
	AT_WORK (1);
	calls_end ();
}

static void
lost_result (void)
{
	calls_begin ();
	calls_feed (MESSAGE ("m", USE ("a", "Bash") "," USE ("b", "Bash"))
			    MAIN);
	calls_feed_long (RESULT_HEAD ("a"), RESULT_TAIL MAIN);
	AT_WORK (1);
	calls_feed (RESULT ("b"));
	AT_WORK (0);
	calls_feed (CALL ("n", "c"));
	calls_feed ("{\"type\":\"user\",\"message\":{\"content\":[{\"ty\n");
	AT_WORK (0);
	calls_end ();
}

/* The result of a subagent's call is lost, not that of the subagent. */
static void
lost_result_of_subagent (void)
{
	calls_begin ();
	calls_feed (CALL ("m", "a"));
	calls_feed (MESSAGE ("s", USE ("b", "Bash")) OF ("\"a\""));
	AT_WORK (2);
	calls_feed_long (RESULT_HEAD ("b"), RESULT_TAIL OF ("\"a\""));
	AT_WORK (1);
	calls_feed (RESULT ("a"));
	AT_WORK (0);
	calls_end ();
}

#define START(mid)                                                             \
	"{\"type\":\"stream_event\",\"event\":{\"type\":\"message_start\","    \
	"\"message\":{\"id\":\"" mid "\"}}"
#define SYSTEM(subtype, members)                                               \
	"{\"type\":\"system\",\"subtype\":\"" subtype "\"" members "}\n"
#define INIT SYSTEM ("init", ",\"session_id\":\"s\"")
#define OVER                                                                   \
	"{\"type\":\"result\",\"subtype\":\"success\",\"session_id\":\"s\","   \
	"\"result\":\"x\"}\n"

/* Its result is lost in silence: what comes next tells that. */
static void
ends_call (const char *line)
{
	calls_begin ();
	calls_feed (CALL ("m", "a"));
	AT_WORK (1);
	calls_feed (line);
	AT_WORK (0);
	calls_end ();
}

static void
next_message (void)
{
	ends_call (START ("n") MAIN);
	ends_call (MESSAGE ("n", "{\"type\":\"redacted_thinking\"}") MAIN);
	ends_call (INIT);
	ends_call (
		"{\"type\":\"user\",\"message\":{\"content\":[{\"type\":"
		"\"text\",\"text\":\"[Request interrupted by user]\"}]}" MAIN);
	/* The same message, and that of another thread. */
	calls_begin ();
	calls_feed (CALL ("m", "a"));
	calls_feed (MESSAGE ("m", "{\"type\":\"redacted_thinking\"}") MAIN);
	calls_feed (START ("s") OF ("\"a\""));
	AT_WORK (1);
	calls_feed (MESSAGE ("s", USE ("b", "Bash")) OF ("\"a\""));
	calls_feed (START ("s2") OF ("\"a\""));
	AT_WORK (1);
	calls_end ();
}

static void
behind_result (void)
{
	calls_begin ();
	calls_feed (INIT OVER);
	calls_feed ("{\"type\":\"conversation_reset\","
		    "\"new_conversation_id\":\"n\",\"session_id\":\"s\"}\n");
	calls_feed (RESULT ("late"));
	calls_feed (SYSTEM ("permission_denied", ",\"tool_name\":\"Bash\","
						 "\"tool_use_id\":\"l\""));
	CLAIM (1);
	calls_feed (START ("n") MAIN);
	CLAIM (0);
	calls_feed (OVER);
	CLAIM (1);
	calls_feed (MESSAGE ("o", "{\"type\":\"redacted_thinking\"}") MAIN);
	CLAIM (0);
	calls_end ();
}

#define ASK(subtype, members)                                                  \
	"{\"type\":\"control_request\",\"request_id\":\"q\",\"request\":{"     \
	"\"subtype\":\"" subtype "\"" members "}}\n"
#define WITHDRAWN "{\"type\":\"control_cancel_request\",\"request_id\":\"q\"}\n"

/* A question about the call B: it waits, and a withdrawn one does not count. */
static void
asks (const char *question)
{
	calls_begin ();
	calls_feed (MESSAGE (
		"m", USE ("a", "Task") "," USE ("b", "mcp__srv__x") "," USE (
			     "c", "mcp__other__x")) MAIN);
	AT_WORK (3);
	calls_feed (question);
	AT_WORK (2);
	calls_feed (WITHDRAWN WITHDRAWN);
	AT_WORK (3);
	calls_feed (question);
	calls_feed (RESULT ("b"));
	AT_WORK (2);
	calls_end ();
}

static void
questions (void)
{
	asks (ASK ("can_use_tool", ",\"tool_use_id\":\"b\""));
	asks (ASK ("can_use_tool", ",\"tool_name\":\"mcp__srv__x\""));
	asks (ASK ("elicitation",
		   ",\"mcp_server_name\":\"srv\",\"message\":\"key?\""));
}

/* What the answer is for is not known: nothing waits. */
static void
question_of_nothing (void)
{
	calls_begin ();
	calls_feed (CALL ("m", "a"));
	calls_feed (ASK ("can_use_tool", ",\"tool_name\":\"Read\""));
	calls_feed (ASK ("elicitation", ",\"message\":\"key?\""));
	AT_WORK (1);
	calls_end ();
}

static void
question_of_subagent (void)
{
	calls_begin ();
	calls_feed (CALL ("m", "a"));
	calls_feed (MESSAGE ("s", USE ("b", "Bash")) OF ("\"a\""));
	calls_feed (ASK ("can_use_tool", ",\"tool_use_id\":\"b\""));
	AT_WORK (0);
	calls_feed (WITHDRAWN);
	AT_WORK (2);
	calls_end ();
}

static void
words_for_the_end_of_a_task (void)
{
	calls_begin ();
#define TASK(id, status)                                                       \
	SYSTEM ("task_started",                                                \
		",\"task_id\":\"" id "\",\"is_backgrounded\":true")            \
	SYSTEM ("task_updated", ",\"task_id\":\"" id                           \
				"\",\"patch\":{\"status\":\"" status "\"}")
	calls_feed (TASK ("a", "error") TASK ("b", "timed_out")
			    TASK ("c", "killed"));
	TASKS (0);
	calls_feed (TASK ("d", "running"));
	TASKS (1);
	/* A notification may name the call alone. */
	calls_feed (SYSTEM ("task_started",
			    ",\"task_id\":\"e\",\"tool_use_id\":\"t\","
			    "\"is_backgrounded\":true"));
	TASKS (2);
	calls_feed (SYSTEM ("task_notification",
			    ",\"tool_use_id\":\"t\",\"status\":\"failed\""));
	TASKS (1);
	calls_end ();
}

static const struct tap_case cases[] = {
	{ "claude_lines_that_end_no_call_leave_calls_at_work", noise },
	{ "claude_a_lost_result_ends_one_call", lost_result },
	{ "claude_a_lost_result_of_a_subagent_ends_its_call",
	  lost_result_of_subagent },
	{ "claude_the_next_message_or_turn_ends_calls", next_message },
	{ "claude_behind_a_result_a_message_alone_is_new_work", behind_result },
	{ "claude_a_call_waits_until_its_question_is_withdrawn", questions },
	{ "claude_a_question_about_no_known_call_holds_nothing_back",
	  question_of_nothing },
	{ "claude_a_call_waits_for_its_subagents_question",
	  question_of_subagent },
	{ "claude_an_update_ends_a_task_by_each_word_for_it",
	  words_for_the_end_of_a_task },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("claude_calls", cases);
}
