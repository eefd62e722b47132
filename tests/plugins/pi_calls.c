/* SPDX-License-Identifier: MIT */
/* pi_calls.c - which calls of pi are at work, and until when. */
#include "config.h"

#include "plugins/calls.h"

#define BEGIN                                                                  \
	"{\"type\":\"message_start\",\"message\":{\"role\":\"assistant\"}}\n"
#define END                                                                    \
	"{\"type\":\"message_end\",\"message\":{\"role\":\"assistant\","       \
	"\"stopReason\":\"toolUse\"}}\n"
#define CALL(id)                                                               \
	"{\"type\":\"tool_execution_start\",\"toolCallId\":\"" id "\","        \
	"\"toolName\":\"bash\",\"args\":{}}\n"

/* The calls of one message run side by side; those of the next are begun when
 * they are over. */
static void
next_message (void)
{
	calls_begin ();
	calls_feed (BEGIN CALL ("a") CALL ("b"));
	AT_WORK (2);
	calls_feed (BEGIN CALL ("c"));
	AT_WORK (1);
	calls_feed (END "{\"type\":\"agent_settled\",\"aborted\":false}\n");
	AT_WORK (0);
	calls_end ();
}

static void
lost_lines (void)
{
	calls_begin ();
	calls_feed (BEGIN CALL ("a") CALL ("b"));
	calls_feed ("{no json\n");
	calls_feed_long ("{\"type\":\"turn_end\",\"message\":\"", "\"}\n");
	AT_WORK (2);
	calls_feed_long ("{\"type\":\"tool_execution_end\",\"toolCallId\":"
			 "\"a\",\"toolName\":\"bash\",\"result\":\"",
			 "\",\"isError\":false}\n");
	AT_WORK (1);
	calls_feed ("{\"type\":\"tool_execution_end\",\"toolCallId\":\"b\n");
	AT_WORK (0);
	calls_end ();
}

static const struct tap_case cases[] = {
	{ "pi_a_call_of_the_next_message_ends_those_before", next_message },
	{ "pi_a_lost_line_ends_a_call_if_it_can_have_been_its_end",
	  lost_lines },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("pi_calls", cases);
}
