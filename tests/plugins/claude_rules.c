/* SPDX-License-Identifier: MIT */
/* claude_rules.c - the claude plugin's rules: tools, tasks, usage, claims. */
#include "config.h"

#include "plugins/gives.h"
#include "plugins/steady.h"

#define CALL_HEAD(id, name)                                                    \
	"{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":"         \
	"\"tool_use\",\"id\":\"" id "\",\"name\":\"" name "\",\"input\":"
#define CALL_TAIL "}]}}\n"
#define CALL(id, name, input) CALL_HEAD (id, name) input CALL_TAIL
#define DONE_WITH(id, block, line)                                             \
	"{\"type\":\"user\",\"message\":{\"content\":[{\"type\":"              \
	"\"tool_result\",\"tool_use_id\":\"" id "\"," block "}]}" line "}\n"
#define DONE(id, block) DONE_WITH (id, block, "")
#define SYSTEM(subtype, members)                                               \
	"{\"type\":\"system\",\"subtype\":\"" subtype "\"," members "}\n"
#define RESULT(members) "{\"type\":\"result\",\"uuid\":\"r\"," members "}\n"
#define OK "result verdict=ok terminal"

/* How a call of Bash ends by this block and these members of the line. */
static void
ends (const char *block, const char *line, const char *want)
{
	char in[1024];
	char out[1024];

	snprintf (
		in, sizeof (in),
		CALL ("t", "Bash",
		      "{}") "{\"type\":\"user\",\"message\":{\"content\":[{\"type\":"
			    "\"tool_result\",\"tool_use_id\":\"t\"%s}]}%s}\n",
		block, line);
	snprintf (out, sizeof (out),
		  "tool status=in_progress type=execute"
		  " id=\"t\" name=\"Bash\" input=\"{}\"\n"
		  "tool status=%s\n",
		  want);
	gives (in, out);
}

#define BASH " id=\"t\" name=\"Bash\""
#define ERROR(text) ",\"is_error\":true,\"content\":\"" text "\""

static void
completed_call (void)
{
	ends (",\"content\":\"a\"", "",
	      "completed type=execute" BASH " output=\"a\"");
	ends ("", "", "completed type=execute" BASH);
}

static void
exit_code_of_text (void)
{
	ends (ERROR ("Exit code 3\\nout"), "",
	      "failed type=execute"
	      " exit_code=3" BASH " output=\"Exit code 3\\nout\"");
	ends (ERROR ("Exit code 3 is what"), "",
	      "failed type=execute" BASH " output=\"Exit code 3 is what\"");
	ends (",\"content\":\"Exit code 3\"", "",
	      "completed type=execute" BASH " output=\"Exit code 3\"");
}

static void
exit_code_of_result (void)
{
	ends (",\"content\":\"a\"", ",\"tool_use_result\":{\"exitCode\":2}",
	      "failed type=execute exit_code=2" BASH " output=\"a\"");
}

static void
interrupted_call (void)
{
	ends (",\"content\":\"a\"",
	      ",\"tool_use_result\":{\"interrupted\":"
	      "true}",
	      "canceled type=execute" BASH " output=\"a\"");
}

#define META(members) ",\"tool_result_meta\":[{\"id\":\"t\"," members "}]"

static void
refused_by_decision (void)
{
	ends (ERROR ("no"),
	      META ("\"permission_decision\":{\"decision\":"
		    "\"reject\"}"),
	      "denied type=execute" BASH " output=\"no\"");
	ends (ERROR ("no"), META ("\"non_execution_kind\":\"user-rejected\""),
	      "canceled type=execute" BASH " output=\"no\"");
}

static void
decision_of_another_call (void)
{
	ends (ERROR ("no"),
	      ",\"tool_result_meta\":[{\"id\":\"other\","
	      "\"permission_decision\":{\"decision\":\"reject\"}}]",
	      "failed type=execute" BASH " output=\"no\"");
}

/* Several results, and what is said of them in another order; of two entries
 * with an id the first counts, and ids may be escaped. */
static void
decisions_about_many_calls (void)
{
#define REFUSED(id, decision)                                                  \
	"{\"id\":\"" id "\",\"permission_decision\":{\"decision\":\"" decision \
	"\"}}"
#define FAILED(id)                                                             \
	"{\"type\":\"tool_result\",\"tool_use_id\":\"" id                      \
	"\",\"is_error\":true}"
	gives ("{\"type\":\"user\",\"message\":{\"content\":[" FAILED ("a") "," FAILED ("b\\u0062") "," FAILED ("c") "]},\"tool_result_meta\":[{},7," REFUSED (
		       "d",
		       "reject") "," REFUSED ("c",
					      "allow") "," REFUSED ("c",
								    "reject") "," REFUSED ("\\u0062b",
											   "reject") "," REFUSED ("a",
														  "reject") "]}\n",
	       "tool status=denied type=other id=\"a\"\n"
	       "tool status=denied type=other id=\"bb\"\n"
	       "tool status=failed type=other id=\"c\"\n");
}

static void
refused_by_sentence (void)
{
	ends (ERROR ("Permission to use Bash has been denied"), "",
	      "denied type=execute" BASH
	      " output=\"Permission to use Bash has been denied\"");
	ends (ERROR ("Permission denied"), "",
	      "failed type=execute" BASH " output=\"Permission denied\"");
	ends (ERROR ("The user doesn't want to proceed with this tool use. S"),
	      "",
	      "canceled type=execute" BASH " output=\"The user doesn't"
	      " want to proceed with this tool use. S\"");
}

static void
refused_by_the_system (void)
{
	gives (CALL ("t", "Write", "{\"file_path\":\"f\"}") SYSTEM (
		       "permission_denied",
		       "\"tool_use_id\":\"t\","
		       "\"tool_name\":\"Write\",\"message\":\"no\"")
		       DONE ("t", "\"is_error\":true,\"content\":\"no\"") RESULT (
			       "\"permission_denials\":[{\"tool_use_id\":\"t\"},"
			       "{\"tool_use_id\":\"x\",\"tool_name\":\"mcp__a__b\","
			       "\"tool_input\":{}}]"),
	       "tool status=in_progress type=edit id=\"t\" name=\"Write\""
	       " brief=\"f\" input=\"{\\\"file_path\\\":\\\"f\\\"}\""
	       " paths=[ =\"f\" ]\n"
	       "ask id=\"t\" tool=\"t\" text=\"no\" outcome=\"denied\"\n"
	       "tool status=denied type=edit id=\"t\" name=\"Write\"\n"
	       "tool status=denied type=edit id=\"t\" name=\"Write\""
	       " output=\"no\"\n"
	       "tool status=denied type=other id=\"x\" name=\"b\""
	       " server=\"a\" input=\"{}\"\n" OK "\n");
}

static void
joined_output (void)
{
	ends (",\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
	      "{\"type\":\"text\",\"text\":\"\\u00e9\"}]",
	      "", "completed type=execute" BASH " output=\"a\\n\xc3\xa9\"");
}

static void
truncated_output (void)
{
	ends (",\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
	      "{\"type\":\"image\",\"source\":{}}]",
	      "", "completed type=execute truncated" BASH " output=\"a\"");
	ends (",\"content\":\"<persisted-output>\\nx\"", "",
	      "completed type=execute truncated" BASH
	      " output=\"<persisted-output>\\nx\"");
	ends (",\"content\":\"x\"",
	      ",\"tool_use_result\":"
	      "{\"persistedOutputPath\":\"/p\"}",
	      "completed type=execute truncated" BASH " output=\"x\"");
}

static void
tools_of_servers (void)
{
	gives (CALL ("t", "mcp__my_srv__do__it", "{}") DONE (
		       "t",
		       "\"x\":1") "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":"
				  "\"server_tool_use\",\"id\":\"w\",\"name\":\"web_search\","
				  "\"input\":{\"query\":\"q\"}},{\"type\":"
				  "\"web_search_tool_result\",\"tool_use_id\":\"w\",\"content\":"
				  "{\"error_code\":1}},{\"type\":\"mcp_tool_use\",\"id\":\"p\","
				  "\"name\":\"n\",\"server_name\":\"s\"},{\"type\":"
				  "\"redacted_thinking\",\"data\":\"x\"}]}}\n" DONE (
					  "unknown", "\"content\":\"x\""),
	       "tool status=in_progress type=other id=\"t\" name=\"do__it\""
	       " server=\"my_srv\" input=\"{}\"\n"
	       "tool status=completed type=other id=\"t\" name=\"do__it\""
	       " server=\"my_srv\"\n"
	       "tool status=in_progress type=fetch id=\"w\""
	       " name=\"web_search\" brief=\"q\""
	       " input=\"{\\\"query\\\":\\\"q\\\"}\"\n"
	       "tool status=completed type=fetch id=\"w\" name=\"web_search\""
	       " output_json=\"{\\\"error_code\\\":1}\"\n"
	       "tool status=in_progress type=other id=\"p\" name=\"n\""
	       " server=\"s\"\n"
	       "tool status=completed type=other id=\"unknown\""
	       " output=\"x\"\n");
}

static void
todo_lists (void)
{
	char *found;
	static const char in[] = CALL (
		"a", "TodoWrite",
		"{\"todos\":[{\"content\":\"x\","
		"\"status\":\"completed\"},{\"content\":\"y\"},7]}")
		CALL ("b", "TaskCreate", "{}") DONE_WITH (
			"b", "\"content\":\"\"",
			",\"tool_use_result\":"
			"{\"task\":{\"id\":\"1\",\"subject\":\"one\"}}")
			CALL ("c", "TaskCreate", "{}") DONE_WITH (
				"c", "\"content\":\"\"",
				",\"tool_use_result\":"
				"{\"task\":{\"id\":\"2\",\"subject\":\"two\"}}")
				CALL ("d", "TaskUpdate", "{}") DONE_WITH (
					"d", "\"content\":\"\"",
					",\"tool_use_result\":"
					"{\"taskId\":\"1\",\"statusChange\":{\"to\":"
					"\"in_progress\"}}") CALL ("e",
								   "TaskUpdate",
								   "{}")
					DONE_WITH (
						"e", "\"content\":\"\"",
						",\"tool_use_result\":"
						"{\"taskId\":\"1\",\"statusChange\":{\"to\":"
						"\"deleted\"}}") CALL ("f",
								       "TaskList",
								       "{}")
						DONE_WITH (
							"f", "\"content\":\"\"",
							",\"tool_use_result\":"
							"{\"tasks\":[{\"id\":\"3\",\"subject\":\"three\","
							"\"status\":\"completed\"}]}");
	static const char *const plans[] = {
		"\nplan completed=\"x\" pending=\"y\"\n",
		"\nplan pending=\"one\"\n",
		"\nplan pending=\"one\" pending=\"two\"\n",
		"\nplan in_progress=\"one\" pending=\"two\"\n",
		"\nplan pending=\"two\"\n",
		"\nplan completed=\"three\"\n",
	};
	const char *at;
	size_t i;

	found = collect_text (&linehook_plugin_1, in, sizeof (in) - 1, NULL);
	at = found;
	for (i = 0; i < sizeof (plans) / sizeof (plans[0]); i++) {
		at = strstr (at, plans[i]);
		CU_ASSERT_PTR_NOT_NULL_FATAL (at);
		at++;
	}
	CU_ASSERT_PTR_NULL (strstr (at, "\nplan"));
	free (found);
}

/* A plan has as many entries as its line has, and long ones are cut. */
static void
large_todos (void)
{
	static char in[200000], word[3000];
	size_t i, len;
	char *found;

	len = (size_t) sprintf (in,
				CALL_HEAD ("a", "TodoWrite") "{\"todos\":[");
	for (i = 0; i < 3000; i++)
		len += (size_t) sprintf (in + len, "%s{\"content\":\"%zu\"}",
					 i > 0 ? "," : "", i);
	len += (size_t) sprintf (in + len, "]}" CALL_TAIL);
	memset (word, 'w', sizeof word - 1);
	len += (size_t) sprintf (
		in + len,
		CALL ("b", "TaskCreate", "{}")
			DONE_WITH ("b", "\"content\":\"\"",
				   ",\"tool_use_result\":{\"task\":{\"id\":"
				   "\"1\",\"subject\":\"%s\"}}"),
		word);
	found = collect_text (&linehook_plugin_1, in, len, NULL);
	CU_ASSERT_PTR_NOT_NULL (strstr (found, " pending=\"2999\"\n"));
	CU_ASSERT_PTR_NOT_NULL (strstr (found, "\nplan pending=\"www"));
	free (found);
}

/* ---- background work ---- */

#define STARTED(id, background)                                                \
	SYSTEM ("task_started",                                                \
		"\"task_id\":\"" id "\",\"tool_use_id\":"                      \
		"\"t\",\"description\":\"d\",\"is_backgrounded\":" background)
#define STARTED_EVENT(id)                                                      \
	"notice level=6 code=\"task_started\" text=\"d\" data=\"{\\\"id\\\":"  \
	"\\\"" id "\\\",\\\"tool\\\":\\\"t\\\"}\"\n"
#define ENDED(id, status)                                                      \
	SYSTEM ("task_notification",                                           \
		"\"task_id\":\"" id "\",\"status\":\"" status                  \
		"\",\"summary\":\"s\"")
#define ENDED_EVENT(level, id, status)                                         \
	"notice level=" level " code=\"task_ended\" text=\"s\" data=\"{"       \
	"\\\"id\\\":\\\"" id "\\\",\\\"status\\\":\\\"" status "\\\"}\"\n"
#define GONE_EVENT(id)                                                         \
	"notice level=6 code=\"task_ended\" text=\"the task is no longer"      \
	" running\" data=\"{\\\"id\\\":\\\"" id "\\\"}\"\n"
#define LIST(ids) SYSTEM ("background_tasks_changed", "\"tasks\":[" ids "]")

static void
pending_task (void)
{
	gives (LIST ("{\"task_id\":\"k\"}") STARTED ("k", "true")
		       STARTED ("k", "true") RESULT ("\"result\":\"a\"")
			       ENDED ("k", "completed") ENDED ("k", "completed")
				       RESULT ("\"result\":\"b\""),
	       STARTED_EVENT ("k") OK
	       " text=\"a\"\n" ENDED_EVENT ("6", "k", "completed") OK
	       " text=\"b\"\n");
}

/* The host knows of the task; a claim is a claim. */
static void
failure_with_pending_task (void)
{
	gives (STARTED ("k", "true") RESULT ("\"is_error\":true,"
					     "\"result\":\"no\""),
	       STARTED_EVENT ("k") "result verdict=failed terminal text=\"no\""
				   " error=\"no\"\n");
}

#define UPDATED(id, patch)                                                     \
	SYSTEM ("task_updated", "\"task_id\":\"" id "\",\"patch\":{" patch "}")

/* An update tells the end of a task; its report follows, or it does not. */
static void
updated_task (void)
{
	gives (STARTED ("k", "true") UPDATED ("k", "\"status\":\"running\"")
		       UPDATED ("k", "\"status\":\"completed\"")
			       UPDATED ("k", "\"status\":\"completed\"")
				       ENDED ("k", "completed")
					       ENDED ("k", "completed"),
	       STARTED_EVENT ("k") GONE_EVENT ("k")
		       ENDED_EVENT ("6", "k", "completed"));
	gives (STARTED ("k", "true") UPDATED ("k", "\"end_time\":17"),
	       STARTED_EVENT ("k") GONE_EVENT ("k"));
	gives (UPDATED ("other", "\"status\":\"killed\"")
		       SYSTEM ("task_updated", "\"task_id\":\"k\""),
	       "");
}

static void
queued_turn (void)
{
	gives (RESULT ("\"queued_turn_count\":1"), "result verdict=ok\n");
}

static void
lost_notifications (void)
{
	gives (LIST ("{\"task_id\":\"k\"}") STARTED ("k", "true") LIST ("")
		       RESULT ("\"result\":\"\""),
	       STARTED_EVENT ("k") GONE_EVENT ("k") OK " text=\"\"\n");
	gives (LIST ("{\"task_id\":\"k\"}") LIST ("")
		       RESULT ("\"subtype\":\"success\""),
	       OK "\n");
	gives (ENDED ("k", "killed"), ENDED_EVENT ("4", "k", "killed"));
}

static void
foreground_tasks (void)
{
	gives (STARTED ("k", "false") DONE ("t", "\"content\":\"\""),
	       STARTED_EVENT ("k") "tool status=completed type=other id=\"t\" output=\"\"\n" GONE_EVENT (
		       "k"));
	gives (STARTED ("k", "false")
		       DONE_WITH ("t", "\"content\":\"\"",
				  ",\"tool_use_result\":{\"isAsync\":true}"),
	       STARTED_EVENT (
		       "k") "tool status=completed type=other id=\"t\" output=\"\"\n");
}

/* Control bytes, quotes and backslashes of an id stay escaped. */
static void
odd_task_ids (void)
{
	gives (STARTED ("a\\u001b[m\\u0000\\\"\\\\b\\tc", "false")
		       DONE ("t", "\"content\":\"\""),
	       STARTED_EVENT ("a\\\\u001b[m\\\\u0000\\\\\\\"\\\\\\\\b\\\\tc") "tool status=completed type=other id=\"t\" output=\"\"\n" GONE_EVENT (
		       "a\\\\u001b[m\\\\u0000\\\\\\\"\\\\\\\\b"
		       "\\\\tc"));
}

#define SINCE(models) "\"model_usage_since_last_result\":{" models "}"
#define MODEL(name, in, out, cost)                                             \
	"\"" name "\":{\"inputTokens\":" in ",\"outputTokens\":" out           \
	",\"cacheReadInputTokens\":100,\"costUSD\":" cost "}"
#define TURN(n) "usage scope=turn id=\"r:" n "\""

static void
usage_by_model (void)
{
	gives (RESULT ("\"total_cost_usd\":9,\"usage\":{\"input_tokens\":1}," SINCE (
		       MODEL ("a", "1", "2", "0.5") "," MODEL (
			       "b", "3", "-4", "1e-3") ",\"c\":7")),
	       TURN ("1") " model=\"a\" input=101 output=2 cache_read=100"
			  " cost_nano_usd=500000000 cost_source=\"reported\"\n" TURN (
				  "1") " model=\"b\" input=103 output=-4 cache_read=100"
				       " cost_nano_usd=1000000 cost_source=\"reported\"\n" TURN (
					       "1") " model=\"c\"\n" OK "\n");
}

#define SPOKE(id, tokens)                                                      \
	"{\"type\":\"assistant\",\"message\":{\"id\":\"" id "\",\"usage\":{"   \
	"\"input_tokens\":5,\"output_tokens\":" tokens "}}}\n"
#define CALLED(id, tokens)                                                     \
	"usage scope=call id=\"" id "\" input=5 output=" tokens "\n"

static void
usage_of_calls (void)
{
	gives (SPOKE ("m", "1") SPOKE ("m", "1") SPOKE ("m", "9")
		       SPOKE ("m", "1") SPOKE ("n", "2") RESULT (SINCE ("")),
	       CALLED ("m", "1") CALLED ("m", "9") CALLED ("n", "2")
		       TURN ("1") " input=0 output=0\n" OK "\n");
	gives (RESULT (SINCE ("")), OK "\n");
	gives (SPOKE ("m", "1") RESULT ("\"total_cost_usd\":1"),
	       CALLED ("m",
		       "1") "usage scope=call id=\"r:1\""
			    " cost_nano_usd=1000000000 cost_source=\"reported\"\n" OK
			    "\n");
}

#define COST(usd)                                                              \
	RESULT ("\"total_cost_usd\":" usd ",\"usage\":{"                       \
		"\"input_tokens\":1,\"output_tokens\":1}")
#define PAID(n)                                                                \
	TURN (n)                                                               \
	" input=1 output=1 cost_nano_usd=1000000000"                           \
	" cost_source=\"reported\"\n" OK "\n"

static void
cost_is_a_running_total (void)
{
	gives (COST ("1") COST ("2"), PAID ("1") PAID ("2"));
	gives_of_command (WORDS ("claude", "-r", "x"), COST ("4") COST ("5"),
			  TURN ("1") " input=1 output=1\n" OK "\n" PAID ("2"));
}

#define SPENT(usd)                                                             \
	"{\"type\":\"result\",\"uuid\":\"" usd "\",\"total_cost_usd\":" usd    \
	"}\n"
#define SPENT_EVENT(id, nano)                                                  \
	"usage scope=call id=\"" id "\" cost_nano_usd=" nano                   \
	" cost_source=\"reported\"\n" OK "\n"

/* A total that falls began anew, but for a 0 that says nothing; one that cannot
 * be is the host's to report; huge ones stay at the largest number. */
static void
falling_costs (void)
{
	gives (COST ("1") RESULT ("\"total_cost_usd\":0") COST ("2"),
	       PAID ("1") OK "\n" PAID ("3"));
	gives (COST ("2") COST ("1"),
	       TURN ("1") " input=1 output=1 cost_nano_usd=2000000000"
			  " cost_source=\"reported\"\n" OK "\n" PAID ("2"));
	gives (SPENT ("-1e30") SPENT ("1e30"),
	       SPENT_EVENT ("-1e30:1", "-9223372036854775808")
		       SPENT_EVENT ("1e30:2", "9223372036854775807"));
}

/* The same result once more is none. */
static void
repeated_result (void)
{
	gives (COST ("1") COST ("1"), PAID ("1") "skip line=2\n");
}

/* A repeated line is none, a line without an id of its own is. */
static void
repeated_lines (void)
{
#define SAID(uuid)                                                             \
	"{\"type\":\"assistant\",\"uuid\":" uuid ",\"message\":{\"id\":\"m\"," \
	"\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}}\n"
	gives (SAID ("\"a\"") SAID ("\"a\"") SAID ("null") SAID ("null"),
	       "text role=assistant id=\"m:0\" text=\"x\"\nskip line=2\n"
	       "text role=assistant id=\"m:1\" text=\"x\"\n"
	       "text role=assistant id=\"m:2\" text=\"x\"\n");
#undef SAID
}

static void
model_of_old_results (void)
{
	gives (RESULT ("\"usage\":{\"input_tokens\":1},\"modelUsage\":{"
		       "\"a\":{}}") SYSTEM ("init", "\"model\":\"i\"")
		       RESULT ("\"usage\":{\"input_tokens\":1},\"modelUsage\":{"
			       "\"a\":{},\"b\":{}}"),
	       TURN ("1") " model=\"a\" input=1\n" OK "\n"
			  "session model=\"i\"\n" TURN (
				  "2") " model=\"i\" input=1\n" OK "\n");
}

static void
claims (void)
{
	static const struct {
		const char *members;
		const char *claim;
	} rules[] = {
		{ "\"subtype\":\"success\"", "ok terminal" },
		{ "\"subtype\":\"success\",\"is_error\":true,\"result\":\"e\"",
		  "failed terminal text=\"e\" error=\"e\"" },
		{ "\"subtype\":\"error_max_turns\",\"stop_reason\":\"tool_use\""
		  ",\"terminal_reason\":\"max_turns\",\"errors\":[\"a\",7,"
		  "\"b\"]",
		  "limit terminal stop_reason=\"max_turns\""
		  " error=\"a\\nb\"" },
		{ "\"subtype\":\"error_max_budget_usd\"",
		  "limit terminal error=\"the budget was used up\"" },
		{ "\"subtype\":\"success\",\"stop_reason\":\"max_tokens\","
		  "\"result\":\"half\"",
		  "limit terminal stop_reason=\"max_tokens\" text=\"half\""
		  " error=\"the answer was cut at the limit of output tokens\"" },
		{ "\"subtype\":\"success\",\"is_error\":true,"
		  "\"stop_reason\":\"max_tokens\",\"result\":\"e\"",
		  "failed terminal stop_reason=\"max_tokens\" text=\"e\""
		  " error=\"e\"" },
		{ "\"subtype\":\"success\",\"is_error\":true,"
		  "\"api_error_status\":529,\"api_error_type\":\"overloaded\"",
		  "failed terminal error=\"API error 529 overloaded\"" },
		{ "\"subtype\":\"success\",\"result\":\"\","
		  "\"structured_output\":{\"n\":12345678901234567890}",
		  "ok terminal text=\"{\\\"n\\\":12345678901234567890}\"" },
		{ "\"result\":\" \\n\\t\\u0020\",\"structured_output\":{\"n\":1}",
		  "ok terminal text=\"{\\\"n\\\":1}\"" },
		{ "\"result\":\" \",\"origin\":{}", "ok terminal" },
		{ "\"result\":\" \"", "ok terminal text=\" \"" },
		{ "\"subtype\":\"success\",\"result\":\"words\","
		  "\"structured_output\":[1]",
		  "ok terminal text=\"words\"" },
		{ "\"subtype\":\"error_during_execution\",\"errors\":[]",
		  "failed terminal error=\"an error broke off the turn\"" },
		{ "\"subtype\":\"error_max_structured_output_retries\"",
		  "failed terminal error=\"no structured output matched the "
		  "schema, and no attempt was left\"" },
		{ "\"subtype\":\"error_new\",\"is_error\":true",
		  "failed terminal error=\"error_new\"" },
		{ "\"subtype\":\"error_new\",\"errors\":\"boom\"",
		  "failed terminal error=\"boom\"" },
		{ "\"subtype\":\"error_new\",\"errors\":[{\"message\":\"a\"},"
		  "{\"error\":{\"type\":\"b\"}},{\"error\":\"c\"},[],{}]",
		  "failed terminal error=\"a\\nb\\nc\"" },
		{ "\"is_error\":true,\"error\":\"boom\"",
		  "failed terminal error=\"boom\"" },
		{ "\"is_error\":false,\"terminal_reason\":\"api_error\","
		  "\"result\":\"e\"",
		  "failed terminal stop_reason=\"api_error\" text=\"e\""
		  " error=\"e\"" },
		{ "\"is_error\":false,\"terminal_reason\":\"model_error\"",
		  "failed terminal stop_reason=\"model_error\""
		  " error=\"the model failed\"" },
		{ "\"is_error\":false,\"api_error_status\":529",
		  "failed terminal error=\"API error 529\"" },
		{ "\"api_error_status\":200,\"result\":\"a\"",
		  "ok terminal text=\"a\"" },
		{ "\"subtype\":\"error_during_execution\",\"terminal_reason\":"
		  "\"aborted_tools\"",
		  "canceled terminal stop_reason=\"aborted_tools\"" },
		{ "\"is_error\":true,\"terminal_reason\":\"prompt_too_long\"",
		  "failed terminal stop_reason=\"prompt_too_long\""
		  " error=\"the conversation is too long for the model\"" },
		{ "\"stop_reason\":\"max_tokens\",\"terminal_reason\":"
		  "\"completed\",\"result\":\"a\"",
		  "limit terminal stop_reason=\"max_tokens\" text=\"a\""
		  " error=\"the answer was cut at the limit of output tokens\"" },
		{ "\"stop_reason\":\"refusal\",\"terminal_reason\":"
		  "\"completed\"",
		  "refused terminal stop_reason=\"refusal\"" },
		{ "\"result\":\"\",\"origin\":{\"kind\":\"x\"}",
		  "ok terminal" },
	};
	char in[512];
	char out[512];
	size_t i;

	for (i = 0; i < sizeof (rules) / sizeof (rules[0]); i++) {
		snprintf (in, sizeof (in), "{\"type\":\"result\",%s}\n",
			  rules[i].members);
		snprintf (out, sizeof (out), "result verdict=%s\n",
			  rules[i].claim);
		gives (in, out);
	}
	gives_salvaged ("{\"type\":\"result\",\"subtype\":\"success\","
			"\"usage\":{\"input_tokens\":3}}\n",
			"usage scope=turn input=3\n" OK "\n");
}

#define STOPPED(parent, reason)                                                \
	"{\"type\":\"stream_event\",\"parent_tool_use_id\":" parent            \
	",\"event\":{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"   \
	"\"" reason "\"}}}\n"
#define CUT                                                                    \
	"result verdict=limit terminal stop_reason=\"max_tokens\""             \
	" error=\"the answer was cut at the limit of output tokens\"\n"

/* A result without a stop reason has that of the last message, of the main
 * thread and of its turn. */
static void
stop_reason_of_messages (void)
{
	gives (STOPPED ("null", "max_tokens") RESULT ("\"is_error\":false")
		       RESULT ("\"subtype\":\"success\""),
	       CUT OK "\n");
	gives ("{\"type\":\"assistant\",\"message\":{\"content\":[],"
	       "\"stop_reason\":\"refusal\"}}\n" RESULT ("\"is_error\":false"),
	       "skip line=1\nresult verdict=refused terminal"
	       " stop_reason=\"refusal\"\n");
	gives (STOPPED ("null", "max_tokens") STOPPED ("null", "end_turn")
		       STOPPED ("\"t\"", "max_tokens")
			       RESULT ("\"is_error\":false"),
	       OK " stop_reason=\"end_turn\"\n");
	gives (STOPPED ("null", "max_tokens")
		       RESULT ("\"stop_reason\":\"end_turn\""),
	       OK " stop_reason=\"end_turn\"\n");
}

/* The tools of the API itself have no is_error. */
static void
errors_of_api_tools (void)
{
#define API_RESULT(id, kind, content)                                          \
	"{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"" kind  \
	"_tool_result\",\"tool_use_id\":\"" id "\",\"content\":" content       \
	"}]}}\n"
	gives (API_RESULT ("w", "web_search",
			   "{\"type\":\"web_search_tool_result_error\"}")
		       API_RESULT ("f", "web_fetch",
				   "{\"type\":\"web_fetch_tool_result_error\"}")
			       API_RESULT ("d", "web_fetch",
					   "{\"type\":\"web_fetch_result\"}"),
	       "tool status=failed type=other id=\"w\" output_json="
	       "\"{\\\"type\\\":\\\"web_search_tool_result_error\\\"}\"\n"
	       "tool status=failed type=other id=\"f\" output_json="
	       "\"{\\\"type\\\":\\\"web_fetch_tool_result_error\\\"}\"\n"
	       "tool status=completed type=other id=\"d\" output_json="
	       "\"{\\\"type\\\":\\\"web_fetch_result\\\"}\"\n");
#undef API_RESULT
}

/* The report of a task does not undo the limit that ended the turn before it;
 * the next prompt does. */
static void
reports_behind_a_limit (void)
{
#define MAX_TURNS "result verdict=limit terminal error=\"max 3\"\n"
	gives (RESULT ("\"subtype\":\"error_max_turns\",\"is_error\":true,"
		       "\"errors\":[\"max 3\"]")
		       RESULT ("\"result\":\"a\",\"origin\":{}") RESULT (
			       "\"is_error\":true,\"result\":\"e\","
			       "\"origin\":{}") RESULT ("\"result\":\"b\"")
			       RESULT ("\"result\":\"c\","
				       "\"origin\":{}"),
	       MAX_TURNS "result verdict=limit terminal text=\"a\"\n"
			 "result verdict=failed terminal text=\"e\""
			 " error=\"e\"\n" OK " text=\"b\"\n" OK
			 " text=\"c\"\n");
#undef MAX_TURNS
	gives (RESULT ("\"stop_reason\":\"max_tokens\",\"result\":\"half\"")
		       RESULT ("\"result\":\"a\",\"origin\":{}"),
	       "result verdict=limit terminal stop_reason=\"max_tokens\""
	       " text=\"half\" error=\"the answer was cut at the limit of"
	       " output tokens\"\n" OK " text=\"a\"\n");
}

/* Errors that are no result. */
static void
error_lines (void)
{
	gives ("{\"type\":\"error\",\"error\":{\"message\":\"boom\"}}\n"
	       "{\"type\":\"error\",\"message\":\"bang\"}\n"
	       "{\"type\":\"stream_event\",\"event\":{\"type\":\"error\","
	       "\"error\":{\"type\":\"overloaded_error\",\"message\":"
	       "\"Overloaded\"}}}\n"
	       "{\"type\":\"rate_limit_event\",\"rate_limit_info\":{"
	       "\"status\":\"rejected\"}}\n",
	       "notice level=3 code=\"provider_error\" text=\"boom\"\n"
	       "notice level=3 code=\"provider_error\" text=\"bang\"\n"
	       "notice level=4 code=\"retry\" text=\"Overloaded\"\n"
	       "notice level=3 code=\"rate_limit\" text=\"rate limit: rejected\""
	       " data=\"{\\\"status\\\":\\\"rejected\\\"}\"\n");
}

static void
steady_state (void)
{
	steady_is_free (&linehook_plugin_1, transcripts_of ("claude"));
}

static const struct tap_case cases[] = {
	{ "a_call_is_completed_by_its_result", completed_call },
	{ "an_error_that_begins_with_an_exit_code_has_it", exit_code_of_text },
	{ "the_exit_code_of_a_result_makes_a_call_failed",
	  exit_code_of_result },
	{ "an_interrupted_call_is_canceled", interrupted_call },
	{ "a_call_is_denied_or_canceled_by_a_decision", refused_by_decision },
	{ "a_decision_about_another_call_refuses_nothing",
	  decision_of_another_call },
	{ "decisions_about_many_calls_find_their_calls",
	  decisions_about_many_calls },
	{ "a_call_is_denied_or_canceled_by_a_known_sentence",
	  refused_by_sentence },
	{ "a_refusal_is_told_once_and_found_in_the_result_too",
	  refused_by_the_system },
	{ "the_texts_of_an_output_are_joined", joined_output },
	{ "an_output_that_lacks_a_part_is_truncated", truncated_output },
	{ "tools_of_servers_have_name_and_server", tools_of_servers },
	{ "todo_lists_are_plans_each_time_whole", todo_lists },
	{ "a_plan_has_all_its_entries_and_long_ones_are_cut", large_todos },
	{ "a_result_with_a_task_pending_is_a_claim", pending_task },
	{ "a_failure_with_a_task_pending_keeps_its_error",
	  failure_with_pending_task },
	{ "a_result_with_a_turn_queued_is_not_terminal", queued_turn },
	{ "a_task_ends_also_when_its_notification_is_lost",
	  lost_notifications },
	{ "a_task_in_the_foreground_ends_with_its_call", foreground_tasks },
	{ "a_task_id_of_any_bytes_makes_no_bad_json", odd_task_ids },
	{ "usage_of_a_turn_is_told_by_model", usage_by_model },
	{ "usage_of_a_call_is_told_when_it_changes", usage_of_calls },
	{ "cost_is_the_difference_of_running_totals", cost_is_a_running_total },
	{ "cost_of_a_total_that_falls_is_told", falling_costs },
	{ "a_result_that_is_repeated_is_none", repeated_result },
	{ "a_line_that_is_repeated_is_none", repeated_lines },
	{ "an_update_tells_the_end_of_a_task", updated_task },
	{ "old_results_name_the_only_model", model_of_old_results },
	{ "each_kind_of_result_is_its_verdict", claims },
	{ "a_result_without_a_stop_reason_has_that_of_its_message",
	  stop_reason_of_messages },
	{ "a_tool_of_the_api_fails_by_the_type_of_its_content",
	  errors_of_api_tools },
	{ "a_report_behind_a_limit_does_not_undo_it", reports_behind_a_limit },
	{ "errors_that_are_no_result_are_told", error_lines },
	{ "lines_like_those_before_allocate_nothing", steady_state },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("claude_rules", cases);
}
