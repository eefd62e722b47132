/* SPDX-License-Identifier: MIT */
/* gemini.c - what the gemini plugin makes of lines, current and older ones. */
#include "config.h"

#include "gemini/gemini.h"
#include "plugins/gives.h"

#define LINE(type, rest)                                                       \
	"{\"type\":\"" type                                                    \
	"\",\"timestamp\":\"2026-01-02T03:04:05.678Z\"" rest "}\n"
#define SAID(text)                                                             \
	LINE ("message", ",\"role\":\"assistant\",\"content\":\"" text "\","   \
			 "\"delta\":true")
#define USED(id, name, input)                                                  \
	LINE ("tool_use", ",\"tool_name\":\"" name "\",\"tool_id\":\"" id "\"" \
			  ",\"parameters\":" input)
#define RESULT(id, rest) LINE ("tool_result", ",\"tool_id\":\"" id "\"" rest)

/* ---- what every plugin must do ---- */

static void
assistant_messages_are_texts (void)
{
	gives (LINE ("message", ",\"role\":\"assistant\",\"content\":\"hi\"") LINE (
		       "message", ",\"role\":\"user\",\"content\":\"do\"")
		       LINE ("message",
			     ",\"role\":\"assistant\",\"content\":null")
			       LINE ("message", ",\"role\":\"assistant\"") LINE (
				       "message",
				       ",\"role\":\"assistant\",\"content\":\"\"")
				       LINE ("message",
					     ",\"role\":\"tool\",\"content\":\"x\""),
	       "text role=assistant id=\"m1\" text=\"hi\"\n"
	       "text role=user text=\"do\"\n"
	       "skip line=3\nskip line=4\nskip line=6\n");
}

static void
legacy_calls (void)
{
	gives ("{\"type\":\"message\",\"role\":\"assistant\",\"content\":\"\","
	       "\"toolCalls\":[{\"name\":\"write_file\",\"arguments\":"
	       "{\"pattern\":\"p\",\"query\":\"q\",\"cmd\":\"c\",\"command\":"
	       "\"C\",\"file_path\":\"f\"}},{\"name\":\"grep\",\"arguments\":"
	       "{\"pattern\":\"p\",\"query\":\"q\"}},{\"name\":\"x\"},5]}",
	       "tool status=completed type=edit id=\"legacy-1\""
	       " name=\"write_file\" brief=\"f\" input=\"{\\\"pattern\\\":"
	       "\\\"p\\\",\\\"query\\\":\\\"q\\\",\\\"cmd\\\":\\\"c\\\","
	       "\\\"command\\\":\\\"C\\\",\\\"file_path\\\":\\\"f\\\"}\""
	       " paths=[ =\"f\" ]\n"
	       "tool status=completed type=search id=\"legacy-2\""
	       " name=\"grep\" brief=\"q\" input=\"{\\\"pattern\\\":\\\"p\\\","
	       "\\\"query\\\":\\\"q\\\"}\"\n"
	       "tool status=completed type=other id=\"legacy-3\" name=\"x\"\n");
}

static void
deltas_are_one_text (void)
{
	gives (SAID ("Hel") SAID ("lo") USED ("t", "glob", "{}") SAID (
		       "A") SAID ("") SAID ("B") RESULT ("t", "") SAID ("C")
		       LINE ("message", ",\"role\":\"user\",\"content\":\"u\"")
			       SAID ("D"),
	       "text role=assistant delta id=\"m1\" text=\"Hel\"\n"
	       "text role=assistant delta id=\"m1\" text=\"lo\"\n"
	       "tool status=in_progress type=search id=\"t\" name=\"glob\""
	       " input=\"{}\"\n"
	       "text role=assistant delta id=\"m2\" text=\"A\"\n"
	       "text role=assistant delta id=\"m2\" text=\"\"\n"
	       "text role=assistant delta id=\"m2\" text=\"B\"\n"
	       "tool status=completed type=search id=\"t\" name=\"glob\"\n"
	       "text role=assistant delta id=\"m3\" text=\"C\"\n"
	       "text role=user text=\"u\"\n"
	       "text role=assistant delta id=\"m4\" text=\"D\"\n");
}

static void
calls_are_told (void)
{
	gives (USED ("a", "run_shell_command", "{\"command\":\"ls -l\"}")
		       RESULT ("a", ",\"status\":\"success\",\"output\":\"x\""),
	       "tool status=in_progress type=execute id=\"a\""
	       " name=\"run_shell_command\" brief=\"ls -l\""
	       " input=\"{\\\"command\\\":\\\"ls -l\\\"}\"\n"
	       "tool status=completed type=execute id=\"a\""
	       " name=\"run_shell_command\" output=\"x\"\n");
}

static void
errors_are_told (void)
{
	gives (LINE ("error", ",\"severity\":\"warning\",\"message\":\"w\"")
		       LINE ("error",
			     ",\"severity\":\"error\",\"message\":\"why\"")
			       LINE ("result",
				     ",\"status\":\"error\",\"error\":{\"type\":"
				     "\"unknown\",\"message\":\"m\"}")
				       LINE ("result", ",\"status\":\"error\"")
					       LINE ("result",
						     ",\"status\":\"success\""),
	       "notice level=4 code=\"provider_error\" text=\"w\"\n"
	       "notice level=3 code=\"provider_error\" text=\"why\"\n"
	       "result verdict=failed terminal stop_reason=\"unknown\""
	       " error=\"m\"\n"
	       "result verdict=failed terminal error=\"why\"\n"
	       "result verdict=ok terminal\n");
}

/* ---- the rest ---- */

static void
tool_states (void)
{
	gives (RESULT ("a", ",\"status\":\"error\",\"output\":\"o\",\"error\":"
			    "{\"type\":\"file_not_found\",\"message\":\"m\"}")
		       RESULT ("b",
			       ",\"status\":\"error\",\"error\":{\"type\":"
			       "\"tool_not_registered\",\"message\":\"m\"}")
			       RESULT ("c",
				       ",\"status\":\"error\",\"error\":{\"type\":"
				       "\"policy_violation\",\"message\":\"not allowed\"}")
				       RESULT ("d",
					       ",\"status\":\"error\",\"error\":{\"type\":"
					       "\"stop_execution\",\"message\":\"m\"}")
					       RESULT ("e",
						       ",\"status\":\"error\"")
						       RESULT ("f",
							       ",\"status\":\"success\""),
	       "tool status=failed type=other id=\"a\" output=\"o\"\n"
	       "tool status=failed type=other id=\"b\" output=\"m\"\n"
	       "tool status=denied type=other id=\"c\""
	       " output=\"not allowed\"\n"
	       "ask id=\"c\" tool=\"c\" text=\"not allowed\""
	       " outcome=\"denied\"\n"
	       "tool status=canceled type=other id=\"d\" output=\"m\"\n"
	       "tool status=failed type=other id=\"e\"\n"
	       "tool status=completed type=other id=\"f\"\n");
}

#define SHELL(output)                                                          \
	USED ("a", "run_shell_command", "{}")                                  \
	RESULT ("a", ",\"status\":\"success\",\"output\":\"" output "\"")
#define SHELL_CALL                                                             \
	"tool status=in_progress type=execute id=\"a\""                        \
	" name=\"run_shell_command\" input=\"{}\"\n"
#define SHELL_NAME " id=\"a\" name=\"run_shell_command\" output="

static void
exit_codes (void)
{
	gives (SHELL ("Command exited with code: 3"), SHELL_CALL
	       "tool status=failed type=execute exit_code=3" SHELL_NAME
	       "\"Command exited with code: 3\"\n");
	gives (SHELL ("Command terminated by signal: 9"),
	       SHELL_CALL "tool status=failed type=execute" SHELL_NAME
			  "\"Command terminated by signal: 9\"\n");
	gives (SHELL ("Command cancelled by user."),
	       SHELL_CALL "tool status=canceled type=execute" SHELL_NAME
			  "\"Command cancelled by user.\"\n");
	gives (SHELL ("Output: x\\nExit Code: 7\\nProcess Group PGID: 5"),
	       SHELL_CALL
	       "tool status=failed type=execute exit_code=7" SHELL_NAME
	       "\"Output: x\\nExit Code: 7"
	       "\\nProcess Group PGID: 5\"\n");
	gives (SHELL ("Command: x\\nOutput: y\\nExit Code: 0"), SHELL_CALL
	       "tool status=completed type=execute exit_code=0" SHELL_NAME
	       "\"Command: x\\nOutput: y\\nExit Code: 0\"\n");
}

static void
no_exit_codes (void)
{
	gives (SHELL ("Command exited with code: 3."),
	       SHELL_CALL "tool status=completed type=execute" SHELL_NAME
			  "\"Command exited with code: 3.\"\n");
	gives (SHELL ("log\\nExit Code: 7"),
	       SHELL_CALL "tool status=completed type=execute" SHELL_NAME
			  "\"log\\nExit Code: 7\"\n");
	gives (USED ("a", "read_file", "{}")
		       RESULT ("a", ",\"status\":\"success\",\"output\":"
				    "\"Command exited with code: 3\""),
	       "tool status=in_progress type=read id=\"a\""
	       " name=\"read_file\" input=\"{}\"\n"
	       "tool status=completed type=read id=\"a\" name=\"read_file\""
	       " output=\"Command exited with code: 3\"\n");
}

/* More calls at once than there ever were: each result is read as that of a
 * command. */
static void
many_calls (void)
{
	static char in[1 << 19];
	const int n = 1000;
	const char *p;
	char *found;
	size_t len = 0;
	int i, failed = 0;

	for (i = 0; i < n; i++)
		len += (size_t) snprintf (
			in + len, sizeof (in) - len,
			USED ("c%d", "run_shell_command", "{}"), i);
	for (i = 0; i < n; i++)
		len += (size_t) snprintf (
			in + len, sizeof (in) - len,
			RESULT ("c%d", ",\"status\":\"success\",\"output\":"
				       "\"Command exited with code: 3\""),
			i);
	found = collect_text (&linehook_plugin_1, in, len, NULL);
	for (p = found; (p = strstr (p, "status=failed")) != NULL; p++)
		failed++;
	TAP_EQ_INT (failed, n);
	free (found);
}

static void
servers (void)
{
	gives (USED ("a", "mcp_demo_ping", "{}")
		       RESULT ("a", ",\"status\":\"success\"")
			       USED ("b", "mcp__demo__ping", "{}")
				       USED ("c", "mcp_", "{}"),
	       "tool status=in_progress type=other id=\"a\""
	       " name=\"mcp_demo_ping\" server=\"demo\" input=\"{}\"\n"
	       "tool status=completed type=other id=\"a\""
	       " name=\"mcp_demo_ping\" server=\"demo\"\n"
	       "tool status=in_progress type=other id=\"b\""
	       " name=\"mcp__demo__ping\" server=\"demo\" input=\"{}\"\n"
	       "tool status=in_progress type=other id=\"c\" name=\"mcp_\""
	       " input=\"{}\"\n");
}

static void
plans (void)
{
	gives (USED ("a", "write_todos",
		     "{\"todos\":[{\"description\":\"x\","
		     "\"status\":\"in_progress\"},{\"description\":\"y\","
		     "\"status\":\"cancelled\"}]}"),
	       "tool status=in_progress type=think id=\"a\""
	       " name=\"write_todos\" input=\"{\\\"todos\\\":["
	       "{\\\"description\\\":\\\"x\\\",\\\"status\\\":"
	       "\\\"in_progress\\\"},{\\\"description\\\":\\\"y\\\","
	       "\\\"status\\\":\\\"cancelled\\\"}]}\"\n"
	       "plan in_progress=\"x\" completed=\"y\"\n");
}

#define STATS(total, in, out, cached)                                          \
	"{\"total_tokens\":" total ",\"input_tokens\":" in                     \
	",\"output_tokens\":" out ",\"cached\":" cached "}"

static void
usage (void)
{
	gives (LINE ("result", ",\"status\":\"success\",\"stats\":" STATS (
				       "100", "60", "30", "20")),
	       "usage scope=run input=60 output=40 cache_read=20"
	       " reasoning=10\n"
	       "result verdict=ok terminal\n");
	gives (LINE ("result", ",\"status\":\"success\",\"stats\":"
			       "{\"input_tokens\":60,\"output_tokens\":30}"),
	       "usage scope=run input=60 output=30\n"
	       "result verdict=ok terminal\n");
}

/* Its difference to the input is no number of 64 bits. */
static void
impossible_total (void)
{
	gives (LINE ("result",
		     ",\"status\":\"success\",\"stats\":{\"total_tokens\":"
		     "-9223372036854775808,\"input_tokens\":60,"
		     "\"output_tokens\":30}"),
	       "usage scope=run input=60 output=30\n"
	       "result verdict=ok terminal\n");
}

static void
usage_by_model (void)
{
	gives (LINE ("result",
		     ",\"status\":\"success\",\"stats\":{"
		     "\"total_tokens\":110,\"input_tokens\":70,"
		     "\"output_tokens\":31,\"cached\":20,\"models\":{\"big\":" STATS (
			     "100", "60", "30",
			     "20") ",\"small\":" STATS ("11", "10", "1",
							"0") "}}"),
	       "usage scope=run model=\"big\" input=60 output=40"
	       " cache_read=20 reasoning=10\n"
	       "usage scope=run model=\"small\" input=10 output=1"
	       " cache_read=0\n"
	       "result verdict=ok terminal\n");
	/* Models that do not account for all are not told. */
	gives (LINE ("result",
		     ",\"status\":\"success\",\"stats\":{"
		     "\"total_tokens\":110,\"input_tokens\":70,"
		     "\"output_tokens\":40,\"models\":{\"big\":" STATS (
			     "100", "60", "30", "20") "}}"),
	       "usage scope=run input=70 output=40\n"
	       "result verdict=ok terminal\n");
	gives (LINE ("result",
		     ",\"status\":\"success\",\"stats\":{"
		     "\"total_tokens\":110,\"input_tokens\":60,"
		     "\"output_tokens\":50,\"models\":{\"big\":" STATS (
			     "100", "60", "30", "20") "}}"),
	       "usage scope=run input=60 output=50\n"
	       "result verdict=ok terminal\n");
}

static void
sessions (void)
{
	gives (LINE ("init", ",\"session_id\":\"s\",\"model\":\"m\"")
		       LINE ("init", ",\"session_id\":\"s2\",\"model\":\"m\""),
	       "session id=\"s\" model=\"m\"\n"
	       "session id=\"s2\" model=\"m\"\n");
	gives (LINE ("init", ",\"session_id\":\"s\"")
		       LINE ("init", ",\"session_id\":\"s\""),
	       "session id=\"s\"\n");
	gives (LINE ("from_the_future", ",\"session_id\":\"s\""),
	       "session id=\"s\"\nskip line=1\n");
}

static void
resumed_by_the_words (void)
{
	static const char *const yes[] = {
		"gemini --resume latest -p x",
		"gemini -r 5 -p x",
		"gemini -yr latest",
		"npx @google/gemini-cli --resume=latest",
		"npm exec @google/gemini-cli -- -r latest",
		"node /x/gemini-cli/bundle.js -r",
		"sudo -u agent gemini --resume",
		"bash|-c|gemini --resume latest -p x",
		"./agent.sh --resume latest",
		"docker|exec|gemini|sh|-lc|cd /w; gemini -r latest -p x",
		"ssh|gemini|gemini --resume latest",
		NULL,
	};
	static const char *const no[] = {
		"gemini -p x",
		"npx -r @google/gemini-cli -p x",
		"gemini|-p|what does gemini --resume do?",
		"docker|exec|gemini|sh|-c|gemini -p x",
		"gemini -y -- --resume",
		NULL,
	};
	static const char *const unknown[] = {
		"bash|-r|gemini -p x",
		"./agent.sh -r",
		NULL,
	};

	resumed_rows (yes, LINE ("init", ",\"session_id\":\"s\""),
		      "session id=\"s\" resumed=1\n");
	resumed_rows (no, LINE ("init", ",\"session_id\":\"s\""),
		      "session id=\"s\" resumed=-1\n");
	resumed_rows (unknown, LINE ("init", ",\"session_id\":\"s\""),
		      "session id=\"s\"\n");
}

#define COUNTS(input, output)                                                  \
	",\"stats\":{\"input_tokens\":" input ",\"output_tokens\":" output "}"

/* The program tells in an error line that it stops, then claims success. */
static void
stopped_early (void)
{
	gives (LINE ("error", ",\"severity\":\"error\",\"message\":\"Maximum"
			      " session turns exceeded\"")
		       LINE ("result", ",\"status\":\"success\""),
	       "notice level=3 code=\"provider_error\" text=\"Maximum session"
	       " turns exceeded\"\nresult verdict=limit terminal"
	       " error=\"Maximum session turns exceeded\"\n");
	gives (LINE ("error", ",\"severity\":\"warning\",\"message\":\"slow\"")
		       LINE ("result", ",\"status\":\"success\""),
	       "notice level=4 code=\"provider_error\" text=\"slow\"\n"
	       "result verdict=ok terminal\n");
	gives (LINE ("error", ",\"severity\":\"error\",\"message\":\"Loop"
			      " detected\"")
		       LINE ("result", ",\"status\":\"error\""),
	       "notice level=3 code=\"provider_error\" text=\"Loop detected\"\n"
	       "result verdict=limit terminal error=\"Loop detected\"\n");
	gives (LINE ("result",
		     ",\"status\":\"error\",\"error\":{\"type\":\"x\","
		     "\"message\":\"finish reason MAX_TOKENS\"}"),
	       "result verdict=limit terminal stop_reason=\"x\""
	       " error=\"finish reason MAX_TOKENS\"\n");
	/* Nothing follows; another session is another matter. */
	gives (LINE ("error", ",\"message\":\"Loop detected\""),
	       "notice level=3 code=\"provider_error\" text=\"Loop detected\"\n"
	       "result verdict=limit terminal error=\"Loop detected\"\n");
	gives (LINE ("error", ",\"message\":\"Loop detected\"")
		       LINE ("init", ",\"session_id\":\"s\""),
	       "notice level=3 code=\"provider_error\" text=\"Loop detected\"\n"
	       "session id=\"s\"\n");
}

static void
the_error_that_counts (void)
{
	gives (LINE ("error", ",\"severity\":\"error\",\"message\":\"why\"")
		       LINE ("error",
			     ",\"severity\":\"warning\",\"message\":\"w\"")
			       LINE ("result", ",\"status\":\"error\"") LINE (
				       "result", ",\"status\":\"success\"")
				       LINE ("result", ",\"status\":\"error\""),
	       "notice level=3 code=\"provider_error\" text=\"why\"\n"
	       "notice level=4 code=\"provider_error\" text=\"w\"\n"
	       "result verdict=failed terminal error=\"why\"\n"
	       "result verdict=ok terminal\n"
	       "result verdict=failed terminal\n");
}

static void
results_of_others (void)
{
	gives (LINE ("result", ",\"subtype\":\"success\",\"stats\":"
			       "{\"input_tokens\":60,\"output_tokens\":30}"),
	       "skip line=1\n");
	gives (LINE ("init", ",\"session_id\":\"s\"")
		       LINE ("result", ",\"status\":\"success\","
				       "\"session_id\":\"s2\""),
	       "session id=\"s\"\nsession id=\"s2\"\n"
	       "result verdict=ok terminal\n");
}

#define PROCESS(id, text, input)                                               \
	LINE ("init", ",\"session_id\":\"" id "\"")                            \
	SAID (text)                                                            \
	LINE ("result",                                                        \
	      ",\"status\":\"success\",\"stats\":{\"input_tokens\":" input     \
	      ",\"output_tokens\":2}")

/* A script runs the program several times. */
static void
several_processes (void)
{
	gives (PROCESS ("s", "a", "5") PROCESS ("s", "b", "6")
		       LINE ("init", ",\"session_id\":\"t\"") SAID ("c")
			       PROCESS ("u", "d", "7"),
	       "session id=\"s\"\n"
	       "text role=assistant delta id=\"m1\" text=\"a\"\n"
	       "usage scope=run input=5 output=2\n"
	       "result verdict=ok terminal\n"
	       "text role=assistant delta id=\"m2\" text=\"b\"\n"
	       "usage scope=turn id=\"process 2\" input=6 output=2\n"
	       "result verdict=ok terminal\n"
	       "session id=\"t\"\n"
	       "text role=assistant delta id=\"m3\" text=\"c\"\n"
	       "session id=\"u\"\n"
	       "text role=assistant delta id=\"m4\" text=\"d\"\n"
	       "usage scope=turn id=\"process 3\" input=7 output=2\n"
	       "result verdict=ok terminal\n");
}

static void
unknown_usage (void)
{
	gives (LINE ("result", ",\"status\":\"success\"" COUNTS ("0", "0")),
	       "result verdict=ok terminal\n");
	gives (LINE ("result", ",\"status\":\"success\"" COUNTS ("null", "1")),
	       "usage scope=run output=1\nresult verdict=ok terminal\n");
}

static void
question (void)
{
	gives (USED ("q", "ask_user", "{\"message\":\"which?\"}"),
	       "tool status=in_progress type=other id=\"q\" name=\"ask_user\""
	       " brief=\"which?\" input=\"{\\\"message\\\":\\\"which?\\\"}\"\n"
	       "ask id=\"q\" tool=\"q\" text=\"which?\"\n");
}

static const struct tap_case cases[] = {
	{ "assistant_messages_are_texts_without_content_none",
	  assistant_messages_are_texts },
	{ "a_stop_told_in_an_error_line_is_a_limit", stopped_early },
	{ "a_warning_takes_no_error_s_place_a_success_does",
	  the_error_that_counts },
	{ "a_result_without_status_is_skipped_one_may_name_a_session",
	  results_of_others },
	{ "usage_of_another_process_is_added_and_its_text_is_another",
	  several_processes },
	{ "usage_of_zeros_or_nulls_is_not_known", unknown_usage },
	{ "a_tool_that_asks_is_a_question", question },
	{ "legacy_tool_calls_with_the_precedence_of_keys", legacy_calls },
	{ "deltas_between_two_tool_events_are_one_text", deltas_are_one_text },
	{ "tool_use_has_id_name_and_brief", calls_are_told },
	{ "errors_are_notices_and_a_failed_result_a_claim", errors_are_told },
	{ "a_refused_tool_is_denied_an_unknown_one_failed", tool_states },
	{ "a_shown_exit_code_makes_a_command_failed", exit_codes },
	{ "what_only_looks_like_an_exit_code_is_none", no_exit_codes },
	{ "a_thousand_open_calls_are_remembered", many_calls },
	{ "tools_of_mcp_servers_name_their_server", servers },
	{ "write_todos_is_a_plan", plans },
	{ "output_with_reasoning_is_total_minus_input", usage },
	{ "a_total_that_is_impossible_adds_nothing", impossible_total },
	{ "usage_is_told_by_model_when_the_models_tell_all", usage_by_model },
	{ "each_session_is_told_once", sessions },
	{ "a_resume_is_seen_wherever_its_words_stand", resumed_by_the_words },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("gemini", cases);
}
