/* SPDX-License-Identifier: MIT */
/* qwen_calls.c - when a call counts as at work, by the host's reckoning. */
#include "config.h"

#include "plugins/calls.h"

#define SAID(id, content, tokens)                                              \
	"{\"type\":\"assistant\",\"uuid\":\"" id                               \
	"\",\"session_id\":\"s\",\"message\":{\"id\":\"" id                    \
	"\",\"content\":[" content "],\"usage\":{\"input_tokens\":" tokens     \
	",\"output_tokens\":" tokens "}}}\n"
#define CALL(id)                                                               \
	"{\"type\":\"tool_use\",\"id\":\"" id                                  \
	"\",\"name\":\"edit\",\"input\":{}}"
#define TEXT "{\"type\":\"text\",\"text\":\"a\"}"
#define OUTPUT(id)                                                             \
	"{\"type\":\"user\",\"session_id\":\"s\",\"message\":{\"content\":["   \
	"{\"type\":\"tool_result\",\"tool_use_id\":\"" id "\"}]}}\n"
#define TASK(subtype, rest)                                                    \
	"{\"type\":\"system\",\"subtype\":\"task_" subtype                     \
	"\",\"session_id\":\"s\",\"data\":{\"task_id\":\"t\"" rest "}}\n"
#define RESULT                                                                 \
	"{\"type\":\"result\",\"subtype\":\"success\",\"session_id\":\"s\","   \
	"\"is_error\":false,\"result\":\"a\"}\n"

/* No id ties the lines of a message together; the line with tokens ends it. */
static void
lines_of_a_message (void)
{
	calls_begin ();
	calls_feed (SAID ("m1", CALL ("a"), "0"));
	AT_WORK (1);
	calls_feed (SAID ("m2", TEXT, "0"));
	AT_WORK (1);
	calls_feed (SAID ("m3", CALL ("b"), "5"));
	AT_WORK (2);
	calls_feed (OUTPUT ("b"));
	AT_WORK (1);
	calls_feed (SAID ("m4", TEXT, "0"));
	AT_WORK (0);
	calls_end ();
}

static void
next_message (void)
{
	calls_begin ();
	calls_feed (SAID ("m1", CALL ("a"), "5") SAID ("m2", CALL ("b"), "5"));
	AT_WORK (1);
	calls_end ();
}

static void
lost_results (void)
{
	calls_begin ();
	calls_feed (SAID ("m1", CALL ("a"), "5"));
	calls_feed_long ("{\"type\":\"assistant\",\"x\":\"", "\"}\n");
	AT_WORK (1);
	calls_feed_long ("{\"type\":\"user\",\"x\":\"", "\"}\n");
	AT_WORK (0);
	calls_end ();
}

static void
tasks (void)
{
	calls_begin ();
	calls_feed (TASK ("started", ""));
	TASKS (1);
	calls_feed (TASK ("notification", ",\"status\":\"running\""));
	TASKS (1);
	calls_feed (TASK ("notification", ",\"status\":\"completed\""));
	TASKS (0);
	calls_end ();
}

static void
claims (void)
{
	calls_begin ();
	CLAIM (0);
	calls_feed (RESULT);
	CLAIM (1);
	calls_feed (SAID ("m1", TEXT, "0"));
	CLAIM (0);
	calls_end ();
}

static const struct tap_case cases[] = {
	{ "the_lines_of_a_message_are_told_by_their_tokens",
	  lines_of_a_message },
	{ "a_call_of_the_next_message_ends_those_before", next_message },
	{ "only_a_lost_line_of_the_user_may_have_ended_a_call", lost_results },
	{ "a_task_that_reports_while_it_runs_is_not_over", tasks },
	{ "new_words_take_a_claim_back", claims },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("qwen_calls", cases);
}
