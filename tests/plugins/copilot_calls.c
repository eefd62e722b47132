/* SPDX-License-Identifier: MIT */
/* copilot_calls.c - which calls of Copilot are at work, and until when. */
#include "config.h"

#include "plugins/calls.h"

#define LINE(type, data)                                                       \
	"{\"type\":\"" type "\",\"data\":{" data "},\"id\":\"e\","             \
	"\"timestamp\":\"t\",\"parentId\":null}\n"
#define START(id)                                                              \
	LINE ("tool.execution_start",                                          \
	      "\"toolCallId\":\"" id "\",\"toolName\":\"bash\"")

static void
lost_lines (void)
{
	calls_begin ();
	calls_feed (START ("a") START ("b"));
	calls_feed_long ("{\"type\":\"tool.shell_output\",\"data\":{\"text\":"
			 "\"",
			 "\"}}\n");
	AT_WORK (2);
	calls_feed_long ("{\"type\":\"tool.execution_complete\",\"data\":{"
			 "\"toolCallId\":\"a\",\"result\":{\"content\":\"",
			 "\"}}}\n");
	AT_WORK (1);
	calls_end ();
}

/* Calls run side by side until the next message of the model. */
static void
next_messages (void)
{
	calls_begin ();
	calls_feed (LINE ("assistant.message",
			  "\"messageId\":\"m\",\"content\":\"a\"") START ("a")
			    START ("b"));
	AT_WORK (2);
	calls_feed (LINE ("assistant.reasoning",
			  "\"reasoningId\":\"r\",\"content\":\"late\""));
	AT_WORK (2);
	calls_feed (LINE ("assistant.message", "\"messageId\":\"n\","
					       "\"content\":\"\","
					       "\"toolRequests\":[{}]")
			    START ("c"));
	AT_WORK (1);
	calls_end ();
}

static const struct tap_case cases[] = {
	{ "copilot_a_lost_line_ends_a_call_if_it_can_have_been_its_end",
	  lost_lines },
	{ "copilot_calls_end_with_the_next_message", next_messages },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("copilot_calls", cases);
}
