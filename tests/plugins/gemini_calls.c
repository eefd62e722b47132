/* SPDX-License-Identifier: MIT */
/* gemini_calls.c - which calls of Gemini are at work, and until when. */
#include "config.h"

#include "plugins/calls.h"

#define USE(id)                                                                \
	"{\"type\":\"tool_use\",\"tool_name\":\"run_shell_command\","          \
	"\"tool_id\":\"" id "\",\"parameters\":{}}\n"

static void
lost_lines (void)
{
	calls_begin ();
	calls_feed (USE ("a") USE ("b"));
	calls_feed ("{no json\n");
	calls_feed_long ("{\"type\":\"message\",\"role\":\"user\","
			 "\"content\":\"",
			 "\"}\n");
	AT_WORK (2);
	calls_feed_long ("{\"type\":\"tool_result\",\"tool_id\":\"a\","
			 "\"status\":\"success\",\"output\":\"",
			 "\"}\n");
	AT_WORK (1);
	calls_feed ("{\"type\":\"tool_result\",\"tool_id\":\"b\",\"sta\n");
	AT_WORK (0);
	calls_end ();
}

static const struct tap_case cases[] = {
	{ "gemini_a_lost_line_ends_a_call_if_it_can_have_been_its_end",
	  lost_lines },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("gemini_calls", cases);
}
