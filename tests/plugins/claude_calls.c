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

static const struct tap_case cases[] = {
	{ "claude_lines_that_end_no_call_leave_calls_at_work", noise },
	{ "claude_a_lost_result_ends_one_call", lost_result },
	{ "claude_a_lost_result_of_a_subagent_ends_its_call",
	  lost_result_of_subagent },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("claude_calls", cases);
}
