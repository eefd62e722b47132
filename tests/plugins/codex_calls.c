/* SPDX-License-Identifier: MIT */
/* codex_calls.c - which calls of Codex are at work, and until when. */
#include "config.h"

#include "plugins/calls.h"

#define ITEM(type, id, members)                                                \
	"{\"type\":\"item." type "\",\"item\":{\"id\":\"" id                   \
	"\",\"type\":\"command_execution\",\"command\":\"x\"," members "}}\n"
#define STARTED(id) ITEM ("started", id, "\"status\":\"in_progress\"")

static void
lost_lines (void)
{
	calls_begin ();
	calls_feed (STARTED ("a"));
	calls_feed ("{no json\n{\"type\":\"item.updated\",\"it\n");
	calls_feed_long ("{\"type\":\"item.updated\",\"item\":{\"text\":\"",
			 "\"}}\n");
	AT_WORK (1);
	calls_feed_long ("{\"type\":\"item.completed\",\"item\":{\"id\":\"a\","
			 "\"type\":\"command_execution\","
			 "\"aggregated_output\":\"",
			 "\"}}\n");
	AT_WORK (0);
	calls_end ();
}

static const struct tap_case cases[] = {
	{ "codex_a_lost_line_ends_a_call_if_it_can_have_been_its_end",
	  lost_lines },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("codex_calls", cases);
}
