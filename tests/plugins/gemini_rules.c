/* SPDX-License-Identifier: MIT */
/* gemini_rules.c - the gemini plugin against rules that hold for all lines. */
#include "config.h"

#include "gemini/gemini.h"
#include "plugins/gives.h"
#include "plugins/steady.h"
#include "plugins/wrong.h"

#define LINE(type, rest)                                                       \
	"{\"type\":\"" type                                                    \
	"\",\"timestamp\":\"2026-01-02T03:04:05.678Z\"" rest "}"

static void
order_is_free (void)
{
	gives ("{\"content\":\"a\",\"new\":[{}],\"delta\":true,\"role\":"
	       "\"assistant\",\"typ\\u0065\":\"message\"}\n"
	       "{\"type\":\"result\",\"type\":\"message\",\"role\":\"user\","
	       "\"role\":\"assistant\",\"content\":\"1\",\"content\":\"2\"}\n",
	       "text role=assistant delta id=\"m1\" text=\"a\"\n"
	       "text role=assistant id=\"m2\" text=\"2\"\n");
}

/* The cache must not take a line with another skeleton for a known one. */
static void
shapes (void)
{
	gives (
		LINE (
			"message",
			",\"role\":\"assistant\",\"content\":\"a\","
			"\"delta\":true") "\n" LINE ("message",
						     ",\"role\":\"assistant\",\"content\":\"b\","
						     "\"delta\":true") "\n" LINE ("message",
										  ",\"role\":\"assistant\",\"content\":\"c\","
										  "\"delta\":false") "\n" LINE ("message",
														",\"role\":\"assistant\",\"content\":\"\\ud83d"
														"\\\\\\\"\",\"delta\":true") "\n" LINE ("message",
																			",\"role\":\"assistant\",\"content\":\"d\\q\","
																			"\"delta\":true") "\n" LINE ("message",
																						     ",\"role\":\"assistant\",\"content\":\"e\","
																						     "\"delta\":true") "x\n" LINE ("message", ",\"role\":\"assistant\",\"content\":7,"
																											      "\"delta\":true") "\n" LINE ("message",
																															   ",\"role\":\"assistant\",\"content\":\"f\","
																															   "\"delta\":true") "\n",
		"text role=assistant delta id=\"m1\" text=\"a\"\n"
		"text role=assistant delta id=\"m1\" text=\"b\"\n"
		"text role=assistant id=\"m2\" text=\"c\"\n"
		"text role=assistant delta id=\"m3\""
		" text=\"\xef\xbf\xbd\\\\\\\"\"\n"
		"unparsed line=5\n"
		"unparsed line=6\n"
		"skip line=7\n"
		"text role=assistant delta id=\"m3\" text=\"f\"\n");
}

static void
claims_of_errors (void)
{
	gives (LINE ("result",
		     ",\"status\":\"error\",\"error\":{\"type\":"
		     "\"FatalTurnLimitedError\",\"message\":\"m\"}") "\n" LINE ("result",
										",\"status\":\"error\",\"error\":{\"type\":"
										"\"FatalCancellationError\",\"message\":\"m\"}"),
	       "result verdict=limit terminal"
	       " stop_reason=\"FatalTurnLimitedError\" error=\"m\"\n"
	       "result verdict=canceled terminal"
	       " stop_reason=\"FatalCancellationError\" error=\"m\"\n");
}

static void
exit_statuses (void)
{
	static const struct {
		int code;
		const char *want;
	} exits[] = {
		{ 0, "" },
		{ 1, "" },
		{ 144, "" },
		{ 41, "result verdict=failed terminal"
		      " stop_reason=\"FatalAuthenticationError\""
		      " error=\"not authenticated (exit status 41)\"\n" },
		{ 42, "result verdict=failed terminal"
		      " stop_reason=\"FatalInputError\" error=\"bad input or"
		      " unknown session (exit status 42)\"\n" },
		{ 52, "result verdict=failed terminal"
		      " stop_reason=\"FatalConfigError\" error=\"bad"
		      " configuration (exit status 52)\"\n" },
		{ 53, "result verdict=limit terminal"
		      " stop_reason=\"FatalTurnLimitedError\" error=\"limit of"
		      " turns reached (exit status 53)\"\n" },
		{ 55, "result verdict=failed terminal"
		      " stop_reason=\"FatalUntrustedWorkspaceError\""
		      " error=\"the folder is not trusted (exit status"
		      " 55)\"\n" },
	};
	size_t i;

	for (i = 0; i < sizeof (exits) / sizeof (exits[0]); i++)
		gives_at_exit (exits[i].code, "", exits[i].want);
}

static void
claims_before_exit (void)
{
	gives_at_exit (42, LINE ("result", ",\"status\":\"success\""),
		       "result verdict=ok terminal\n");
	gives_at_exit (53, LINE ("result", ",\"status\":\"error\""),
		       "result verdict=failed terminal\n"
		       "result verdict=limit terminal"
		       " stop_reason=\"FatalTurnLimitedError\" error=\"limit of"
		       " turns reached (exit status 53)\"\n");
	gives_at_exit (53,
		       LINE ("result", ",\"status\":\"error\",\"error\":"
				       "{\"type\":\"FatalTurnLimitedError\"}"),
		       "result verdict=limit terminal"
		       " stop_reason=\"FatalTurnLimitedError\"\n");
}

static void
salvaged_lines (void)
{
	gives_salvaged (
		LINE ("tool_result",
		      ",\"tool_id\":\"a\",\"status\":"
		      "\"success\"") "\n" LINE ("message",
						",\"role\":\"assistant\",\"delta\":"
						"true") "\n" LINE ("result",
								   ",\"status\":\"success\"") "\n",
		"tool status=completed type=other truncated id=\"a\"\n"
		"skip line=2\n"
		"result verdict=ok terminal\n");
}

static void
bad_lines_change_nothing (void)
{
	gives (LINE ("init",
		     ",\"session_id\":\"a\"") "}\n"
					      "{\n"
					      "  \"session_id\": \"f0f3\",\n"
					      "null\n"
					      "{\"type\":\"future\"}\n"
					      "{\"type\":7}\n"
					      "{}\n" LINE (
						      "init",
						      ",\"session_id\":\"b\"") "\n",
	       "unparsed line=1\n"
	       "unparsed line=2\n"
	       "unparsed line=3\n"
	       "unparsed line=4\n"
	       "skip line=5\n"
	       "skip line=6\n"
	       "skip line=7\n"
	       "session id=\"b\"\n");
}

static void
probe_knows_its_own (void)
{
	TAP_EQ_INT (probe (LINE ("init", ",\"session_id\":\"s\","
					 "\"model\":\"m\"")),
		    1);
	TAP_EQ_INT (probe (LINE ("message", ",\"role\":\"user\","
					    "\"content\":\"x\"")),
		    1);
	TAP_EQ_INT (probe (LINE ("tool_use", ",\"tool_id\":\"t\","
					     "\"tool_name\":\"n\"")),
		    1);
	TAP_EQ_INT (probe (LINE ("tool_result", ",\"tool_id\":\"t\","
						"\"status\":\"success\"")),
		    1);
	TAP_EQ_INT (probe (LINE ("result", ",\"status\":\"success\","
					   "\"stats\":{\"total_tokens\":1}")),
		    1);
	TAP_EQ_INT (probe (LINE ("result", ",\"status\":\"error\","
					   "\"error\":{\"type\":\"E\"}")),
		    1);
	/* other programs log like that */
	TAP_EQ_INT (probe (LINE ("error", ",\"severity\":\"error\","
					  "\"message\":\"m\"")),
		    0);
	TAP_EQ_INT (probe (LINE ("init", ",\"session_id\":\"s\"")), 0);
	TAP_EQ_INT (probe (LINE ("message", ",\"role\":\"user\"")), 0);
	TAP_EQ_INT (probe (LINE ("result", ",\"exitCode\":0")), 0);
	TAP_EQ_INT (probe ("{\"type\":\"tool_result\",\"timestamp\":1,"
			   "\"id\":\"i\",\"toolId\":\"t\"}"),
		    0);
	TAP_EQ_INT (probe ("{\"type\":\"init\",\"session_id\":\"s\"}"), 0);
	TAP_EQ_INT (probe (LINE ("result", ",\"subtype\":\"success\"")), 0);
	TAP_EQ_INT (probe (LINE ("user", ",\"role\":\"user\"")), 0);
	TAP_EQ_INT (probe ("{\"type\":\"tool_use\",\"timestamp\":1,"
			   "\"sessionID\":\"s\",\"part\":{}}"),
		    0);
	TAP_EQ_INT (probe ("{\"type\":\"turn.started\"}"), 0);
	TAP_EQ_INT (probe ("{"), 0);
}

static void
wrong_types_are_absent (void)
{
	static const char *const samples[] = {
		LINE ("init", ",\"session_id\":\"s\",\"model\":\"m\""),
		LINE ("message", ",\"role\":\"user\",\"content\":\"c\""),
		LINE ("message", ",\"role\":\"assistant\",\"content\":\"c\","
				 "\"delta\":true"),
		LINE ("message",
		      ",\"role\":\"assistant\",\"toolCalls\":"
		      "[{\"name\":\"n\",\"arguments\":{\"path\":\"p\"}}]"),
		LINE ("tool_use",
		      ",\"tool_name\":\"write_todos\",\"tool_id\":"
		      "\"t\",\"parameters\":{\"path\":\"p\",\"todos\":"
		      "[{\"description\":\"d\",\"status\":\"pending\"}]}"),
		LINE ("tool_result", ",\"tool_id\":\"t\",\"status\":\"error\","
				     "\"output\":\"o\",\"error\":{\"type\":"
				     "\"policy_violation\",\"message\":\"m\"}"),
		LINE ("error", ",\"severity\":\"warning\",\"message\":\"m\""),
		LINE ("result",
		      ",\"status\":\"error\",\"error\":{\"type\":"
		      "\"t\",\"message\":\"m\"},\"stats\":{\"total_tokens\":9,"
		      "\"input_tokens\":4,\"output_tokens\":3,\"cached\":2,"
		      "\"models\":{\"m\":{\"total_tokens\":9,\"input_tokens\":"
		      "4,\"output_tokens\":3,\"cached\":2}}}"),
		NULL,
	};
	static const struct wrong_place places[] = {
		{ "/toolCalls/0/name", LHK_FIELD_TEXT },
		{ "/toolCalls/0/arguments", LHK_FIELD_RAW },
		{ "/toolCalls/0/arguments/path", LHK_FIELD_RAW },
		{ "/parameters/todos", LHK_FIELD_RAW },
		{ "/parameters/todos/0/description", LHK_FIELD_RAW },
		{ "/parameters/todos/0/status", LHK_FIELD_RAW },
		{ "/stats/models/m", LHK_FIELD_RAW },
		{ "/stats/models/m/total_tokens", LHK_FIELD_INT },
		{ "/stats/models/m/input_tokens", LHK_FIELD_INT },
		{ "/stats/models/m/output_tokens", LHK_FIELD_INT },
		{ "/stats/models/m/cached", LHK_FIELD_INT },
		{ NULL, 0 },
	};
	int n;

	n = wrong_types (&linehook_plugin_1, gemini_fields (), places, samples);
	tap_note ("%d lines tried", n);
	CU_ASSERT (n > 1000);
}

static void
transcripts (void)
{
	goldens ("gemini", 12);
}

static void
steady_state (void)
{
	steady_is_free (&linehook_plugin_1, transcripts_of ("gemini"));
}

static const struct tap_case cases[] = {
	{ "key_order_is_free_and_the_last_duplicate_counts", order_is_free },
	{ "a_cached_line_shape_changes_no_result", shapes },
	{ "a_turn_limit_is_a_limit_and_a_cancel_is_canceled",
	  claims_of_errors },
	{ "exit_statuses_with_a_meaning_are_claims", exit_statuses },
	{ "a_claim_of_the_stream_stands_but_for_the_turn_limit",
	  claims_before_exit },
	{ "a_salvaged_result_still_ends_its_call_or_the_run", salvaged_lines },
	{ "lines_that_are_no_object_change_nothing", bad_lines_change_nothing },
	{ "probe_accepts_only_gemini_lines", probe_knows_its_own },
	{ "a_wrong_type_in_any_field_is_as_good_as_absent",
	  wrong_types_are_absent },
	{ "transcripts_give_the_events_on_file", transcripts },
	{ "lines_like_those_before_allocate_nothing", steady_state },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("gemini_rules", cases);
}
