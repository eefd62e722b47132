/* SPDX-License-Identifier: MIT */
/* droid_calls.c - which calls of Droid are at work, and until when. */
#include "config.h"

#include "plugins/calls.h"

#define LINE(type, rest)                                                       \
	"{\"type\":\"" type "\"," rest ",\"timestamp\":1,\"session_id\":"      \
	"\"s\"}\n"
#define CALL(id, message)                                                      \
	LINE ("tool_call", "\"id\":\"" id "\",\"messageId\":\"" message        \
			   "\",\"toolName\":\"Execute\",\"parameters\":{}")
#define TEXT(message)                                                          \
	LINE ("message",                                                       \
	      "\"role\":\"assistant\",\"id\":\"" message "\",\"text\":\"t\"")
#define COMPLETION LINE ("completion", "\"finalText\":\"\"")

static void
lost_lines (void)
{
	calls_begin ();
	calls_feed (CALL ("a", "m") CALL ("b", "m"));
	calls_feed ("{no json\n");
	calls_feed_long ("{\"type\":\"message\",\"role\":\"user\",\"text\":\"",
			 "\"}\n");
	AT_WORK (2);
	calls_feed_long ("{\"type\":\"tool_result\",\"id\":\"a\","
			 "\"toolId\":\"Execute\",\"isError\":false,"
			 "\"value\":\"",
			 "\"}\n");
	AT_WORK (1);
	calls_feed ("{\"type\":\"tool_result\",\"id\":\"b\",\"isE\n");
	AT_WORK (0);
	calls_end ();
}

/* A later message has seen the results of the calls before it. */
static void
later_messages (void)
{
	calls_begin ();
	calls_feed (CALL ("a", "m") CALL ("b", "m") TEXT ("m"));
	AT_WORK (2);
	calls_feed (CALL ("c", "n"));
	AT_WORK (1);
	calls_feed (TEXT ("o"));
	AT_WORK (0);
	calls_end ();
}

/* An error of the loop is not the end, nor is a claim behind which work goes
 * on. */
static void
claims (void)
{
	calls_begin ();
	calls_feed (
		LINE ("error", "\"source\":\"agent_loop\",\"message\":\"m\""));
	CLAIM (0);
	calls_feed (LINE ("error", "\"source\":\"cli\",\"message\":\"m\""));
	CLAIM (1);
	calls_feed (CALL ("a", "m"));
	CLAIM (0);
	calls_feed (COMPLETION);
	CLAIM (1);
	calls_end ();
}

static const struct tap_case cases[] = {
	{ "droid_a_lost_line_ends_a_call_if_it_can_have_been_its_end",
	  lost_lines },
	{ "droid_calls_end_with_the_next_message_of_the_model",
	  later_messages },
	{ "droid_the_last_error_and_the_completion_are_the_end", claims },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("droid_calls", cases);
}
