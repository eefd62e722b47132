/* SPDX-License-Identifier: MIT */
/* codex.c - what the codex plugin makes of lines, current and older ones. */
#include "config.h"

#include "codex/codex.h"
#include "plugins/gives.h"

#define DONE(item) "{\"type\":\"item.completed\",\"item\":{" item "}}"
#define STARTED(item) "{\"type\":\"item.started\",\"item\":{" item "}}"

/* ---- what every plugin must do ---- */

static void
messages_are_texts (void)
{
	gives (DONE ("\"id\":\"i0\",\"item_type\":\"assistant_message\","
		     "\"text\":\"old\"") "\n" DONE ("\"id\":\"i1\",\"type\":\"agent_message\","
						    "\"text\":\"new\"") "\n" DONE ("\"id\":\"i2\",\"type\":\"agent_message\","
										   "\"text\":\"\"") "\n" DONE ("\"id\":\"i3\",\"type\":\"agent_message\"") "\n",
	       "text role=assistant id=\"i0\" text=\"old\"\n"
	       "text role=assistant id=\"i1\" text=\"new\"\n"
	       "text role=assistant id=\"i2\" text=\"\"\n"
	       "text role=assistant id=\"i3\" text=\"\"\n");
}

static void
begun_messages_are_none (void)
{
	gives (STARTED (
		       "\"id\":\"i0\",\"type\":\"agent_message\","
		       "\"text\":\"ha\"") "\n" STARTED ("\"id\":\"i1\",\"type\":\"reasoning\"") "\n" DONE ("\"id\":\"i0\",\"type\":\"agent_message\","
													   "\"text\":\"half\"") "\n",
	       "text role=assistant id=\"i0\" text=\"half\"\n");
}

static void
legacy_type_wins (void)
{
	gives (DONE ("\"id\":\"i0\",\"type\":\"reasoning\","
		     "\"item_type\":\"assistant_message\",\"text\":\"t\""),
	       "text role=assistant id=\"i0\" text=\"t\"\n");
}

static void
function_call_arguments (void)
{
	gives (DONE ("\"id\":\"i0\",\"type\":\"function_call\",\"name\":"
		     "\"shell\",\"arguments\":\"{\\\"cmd\\\":\\\"ls\\\"}\"") "\n" DONE ("\"id\":\"i1\",\"item_type\":\"function_call\","
											"\"name\":\"read_file\",\"arguments\":"
											"\"{\\\"file_path\\\":\\\"a.c\\\"}\"") "\n" DONE ("\"id\":\"i2\",\"type\":\"function_call\",\"name\":\"f\","
																	  "\"arguments\":\"{\\\"other\\\":1}\"") "\n" DONE ("\"id\":\"i3\",\"type\":\"function_call\",\"name\":\"f\","
																							    "\"arguments\":\"{nonsense\"") "\n" DONE ("\"id\":\"i4\",\"type\":\"function_call\",\"name\":\"f\","
																												      "\"arguments\":{\"cmd\":\"as object\"}") "\n",
	       "tool status=completed type=execute id=\"i0\" name=\"shell\""
	       " brief=\"ls\" input=\"{\\\"cmd\\\":\\\"ls\\\"}\"\n"
	       "tool status=completed type=read id=\"i1\" name=\"read_file\""
	       " brief=\"a.c\" input=\"{\\\"file_path\\\":\\\"a.c\\\"}\""
	       " paths=[ =\"a.c\" ]\n"
	       "tool status=completed type=other id=\"i2\" name=\"f\""
	       " input=\"{\\\"other\\\":1}\"\n"
	       "tool status=completed type=other id=\"i3\" name=\"f\"\n"
	       "tool status=completed type=other id=\"i4\" name=\"f\""
	       " brief=\"as object\""
	       " input=\"{\\\"cmd\\\":\\\"as object\\\"}\"\n");
}

static void
other_lines_are_no_answer (void)
{
	gives (DONE ("\"id\":\"i0\",\"type\":\"reasoning\",\"text\":\"why\"") "\n" DONE ("\"id\":\"i1\",\"type\":\"tool_result\"") "\n" DONE (
		       "\"id\":\"i2\",\"type\":\"system_message\"") "\n"
								    "{\"type\":\"turn.started\"}\n"
								    "{\"type\":null}\n"
								    "{\"type\":\"item.completed\",\"item\":null}\n"
								    "{\"type\":\"item.completed\"}\n"
								    "{\"type\":\"item.comp",
	       "text role=thought id=\"i0\" text=\"why\"\n"
	       "skip line=2\n"
	       "skip line=3\n"
	       "skip line=5\n"
	       "skip line=6\n"
	       "skip line=7\n"
	       "unparsed line=8\n");
}

static void
commands_are_told (void)
{
	gives (STARTED (
		       "\"id\":\"i0\",\"type\":\"command_execution\","
		       "\"command\":\"sh -c 'a\\tb'\","
		       "\"aggregated_output\":\"\",\"exit_code\":null,"
		       "\"status\":\"in_progress\"") "\n" DONE ("\"id\":\"i0\",\"type\":\"command_execution\","
								"\"command\":\"sh -c 'a\\tb'\","
								"\"aggregated_output\":\"out\\n\",\"exit_code\":0,"
								"\"status\":\"completed\"") "\n",
	       "tool status=in_progress type=execute id=\"i0\""
	       " name=\"command_execution\" brief=\"sh -c 'a\\tb'\""
	       " input=\"{\\\"command\\\":\\\"sh -c 'a\\\\tb'\\\"}\"\n"
	       "tool status=completed type=execute exit_code=0 id=\"i0\""
	       " name=\"command_execution\" brief=\"sh -c 'a\\tb'\""
	       " input=\"{\\\"command\\\":\\\"sh -c 'a\\\\tb'\\\"}\""
	       " output=\"out\\n\"\n");
}

static void
mcp_calls_are_told (void)
{
	gives (DONE ("\"id\":\"i0\",\"type\":\"mcp_tool_call\",\"server\":"
		     "\"demo\",\"tool\":\"ping\",\"arguments\":"
		     "{\"query\":\"x\"},\"result\":{\"content\":[{\"type\":"
		     "\"text\",\"text\":\"one\"},{\"type\":\"text\",\"text\":"
		     "\"two\"}],\"structured_content\":null},\"error\":null,"
		     "\"status\":\"completed\"") "\n" DONE ("\"id\":\"i1\",\"type\":\"mcp_tool_call\",\"server\":"
							    "\"demo\",\"tool\":\"ping\",\"arguments\":null,"
							    "\"result\":null,\"error\":{\"message\":\"gone\"},"
							    "\"status\":\"failed\"") "\n" DONE ("\"id\":\"i2\",\"type\":\"mcp_tool_call\",\"server\":"
												"\"demo\",\"tool\":\"shot\",\"result\":{\"content\":"
												"[{\"type\":\"image\",\"data\":\"AA==\"}]},\"status\":"
												"\"completed\"") "\n",
	       "tool status=completed type=other id=\"i0\" name=\"ping\""
	       " server=\"demo\" brief=\"x\""
	       " input=\"{\\\"query\\\":\\\"x\\\"}\""
	       " output=\"one\\ntwo\"\n"
	       "tool status=failed type=other id=\"i1\" name=\"ping\""
	       " server=\"demo\" output=\"gone\"\n"
	       "tool status=completed type=other id=\"i2\" name=\"shot\""
	       " server=\"demo\" output_json=\"{\\\"content\\\":[{\\\"type\\\":"
	       "\\\"image\\\",\\\"data\\\":\\\"AA==\\\"}]}\"\n");
}

static void
searches_are_told (void)
{
	gives (DONE ("\"id\":\"i0\",\"type\":\"web_search\",\"id\":\"ws_1\","
		     "\"query\":\"q\",\"action\":{\"type\":\"search\","
		     "\"query\":\"q\"}") "\n" DONE ("\"id\":\"i1\",\"type\":\"web_search\",\"query\":\"\","
						    "\"action\":{\"type\":\"open_page\",\"url\":\"http://a\"}") "\n" DONE ("\"id\":\"i2\",\"type\":\"web_search\",\"query\":\"q\""),
	       "tool status=completed type=fetch id=\"i0\" name=\"web_search\""
	       " brief=\"q\" input=\"{\\\"type\\\":\\\"search\\\","
	       "\\\"query\\\":\\\"q\\\"}\"\n"
	       "tool status=completed type=fetch id=\"i1\" name=\"web_search\""
	       " brief=\"http://a\" input=\"{\\\"type\\\":\\\"open_page\\\","
	       "\\\"url\\\":\\\"http://a\\\"}\"\n"
	       "tool status=completed type=fetch id=\"i2\" name=\"web_search\""
	       " brief=\"q\" input=\"{\\\"query\\\":\\\"q\\\"}\"\n");
}

static void
failed_turns_are_claims (void)
{
	gives ("{\"type\":\"error\",\"message\":\"Reconnecting... 1/5\"}\n"
	       "{\"type\":\"error\",\"message\":\"no more\"}\n"
	       "{\"type\":\"turn.failed\",\"error\":"
	       "{\"message\":\"no more\"}}\n"
	       "{\"type\":\"turn.failed\",\"error\":\"as text\"}\n",
	       "notice level=4 code=\"retry\" text=\"Reconnecting... 1/5\"\n"
	       "notice level=3 code=\"provider_error\" text=\"no more\"\n"
	       "result verdict=failed terminal error=\"no more\"\n"
	       "result verdict=failed terminal error=\"as text\"\n");
}

static void
session_and_usage (void)
{
	gives ("{\"type\":\"thread.started\",\"thread_id\":\"t-1\"}\n"
	       "{\"type\":\"thread.started\",\"thread_id\":\"t-2\"}\n"
	       "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":10,"
	       "\"cached_input_tokens\":4,\"cache_write_input_tokens\":1,"
	       "\"output_tokens\":7,\"reasoning_output_tokens\":2}}\n"
	       "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":30,"
	       "\"cached_input_tokens\":4,\"output_tokens\":9}}\n",
	       "session id=\"t-1\"\n"
	       "session id=\"t-2\"\n"
	       "usage scope=session input=10 output=7 cache_read=4"
	       " cache_write=1 reasoning=2\n"
	       "result verdict=ok terminal\n"
	       "usage scope=session input=30 output=9 cache_read=4\n"
	       "result verdict=ok terminal\n");
}

#define TURN(input, output)                                                    \
	"{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":" input      \
	",\"output_tokens\":" output "}}\n"
#define TURN_EVENT(input, output)                                              \
	"usage scope=session input=" input " output=" output                   \
	"\nresult verdict=ok terminal\n"

#define CACHED(input, cached)                                                  \
	"{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":" input      \
	",\"cached_input_tokens\":" cached ",\"output_tokens\":3}}\n"
#define CACHED_EVENT(input, cached, output)                                    \
	"usage scope=session input=" input " output=" output                   \
	" cache_read=" cached "\nresult verdict=ok terminal\n"

/* Totals that fall are of a counter that began anew; those of another thread
 * are, too; zeros are of none. */
static void
falling_totals (void)
{
	gives (TURN ("100", "10") TURN ("150", "15") TURN ("30", "3")
		       TURN ("40", "4"),
	       TURN_EVENT ("100", "10") TURN_EVENT ("150", "15")
		       TURN_EVENT ("180", "18") TURN_EVENT ("190", "19"));
	gives (TURN ("100", "10") "{\"type\":\"thread.started\",\"thread_id\":\"t-2\"}\n" TURN (
		       "120", "12"),
	       TURN_EVENT ("100", "10") "session id=\"t-2\"\n" TURN_EVENT (
		       "220", "22"));
	gives (TURN ("100", "10") TURN ("0", "0") TURN ("120", "12"),
	       TURN_EVENT (
		       "100",
		       "10") "result verdict=ok terminal\n" TURN_EVENT ("120",
									"12"));
	/* Any of them may fall; what cannot be is no total. */
	gives (TURN ("100", "500") TURN ("150", "20"),
	       TURN_EVENT ("100", "500") TURN_EVENT ("250", "520"));
	gives (CACHED ("100", "90") CACHED ("110", "10") CACHED ("120", "null"),
	       CACHED_EVENT ("100", "90", "3") CACHED_EVENT ("210", "100", "6")
		       TURN_EVENT ("220", "6"));
	gives (TURN ("9223372036854775807", "1") TURN ("5", "-1"),
	       TURN_EVENT ("9223372036854775807", "1") TURN_EVENT ("5", "-1"));
}

/* A turn after a claim begins the session anew; the thread of a subagent does
 * not, and a line of a kind that is not known may tell the session. */
static void
later_sessions (void)
{
	gives ("{\"type\":\"turn.started\"}\n"
	       "{\"type\":\"thread.started\",\"thread_id\":\"t\"}\n"
	       "{\"type\":\"turn.started\"}\n"
	       "{\"type\":\"turn.completed\"}\n"
	       "{\"type\":\"turn.started\"}\n",
	       "session id=\"t\"\nresult verdict=ok terminal\n"
	       "session id=\"t\"\n");
	gives ("{\"type\":\"from_the_future\",\"thread_id\":\"t\"}\n",
	       "session id=\"t\"\nskip line=1\n");
	gives ("{\"type\":\"thread.started\",\"thread_id\":\"t\"}\n" DONE (
		       "\"id\":\"i\",\"type\":\"collab_tool_call\",\"tool\":"
		       "\"spawn_agent\",\"receiver_thread_ids\":[\"sub\"]") "\n{\"type\":\"thread.started\",\"thread_id\":\"sub\"}\n",
	       "session id=\"t\"\ntool status=completed type=think id=\"i\""
	       " name=\"spawn_agent\"\n");
}

static void
command_with_arguments (void)
{
	gives (DONE ("\"id\":\"i\",\"type\":\"command_execution\",\"name\":"
		     "\"shell\",\"arguments\":\"{\\\"command\\\":\\\"ls\\\"}\""),
	       "tool status=completed type=execute id=\"i\" name=\"shell\""
	       " brief=\"ls\" input=\"{\\\"command\\\":\\\"ls\\\"}\"\n");
}

/* The answer was cut, whatever the program calls it. */
static void
cut_answer (void)
{
	gives ("{\"type\":\"turn.failed\",\"error\":{\"message\":"
	       "\"Incomplete response returned, reason: max_output_tokens\"}}\n",
	       "result verdict=limit terminal error=\"Incomplete response"
	       " returned, reason: max_output_tokens\"\n");
	gives ("{\"type\":\"turn.failed\",\"error\":{\"message\":"
	       "\"Incomplete response returned, reason: content_filter\"}}\n",
	       "result verdict=refused terminal error=\"Incomplete response"
	       " returned, reason: content_filter\"\n");
}

/* A script runs the program several times; its items have the same numbers. */
static void
several_processes (void)
{
	gives (DONE ("\"id\":\"i0\",\"type\":\"agent_message\",\"text\":\"a\"") "\n{\"type\":\"thread.started\",\"thread_id\":\"t\"}\n" DONE (
		       "\"id\":\"i0\",\"type\":\"agent_message\",\"text\":\"b\"") "\n{\"type\":\"turn.completed\"}\n"
										  "{\"type\":\"thread.started\",\"thread_id\":\"t\"}\n" DONE (
											  "\"id\":\"i0\",\"type\":\"agent_message\",\"text\":\"c\"") "\n{\"type\":\"item.plan.delta\",\"item_id\":\"i1\","
																		     "\"delta\":\"d\"}\n",
	       "text role=assistant id=\"i0\" text=\"a\"\n"
	       "session id=\"t\"\n"
	       "text role=assistant id=\"2.i0\" text=\"b\"\n"
	       "result verdict=ok terminal\n"
	       "text role=assistant id=\"3.i0\" text=\"c\"\n"
	       "text role=thought delta id=\"3.i1\" text=\"d\"\n");
}

static void
claims_name_a_session (void)
{
	gives ("{\"type\":\"turn.completed\",\"thread_id\":\"t\"}\n"
	       "{\"type\":\"turn.failed\",\"thread_id\":\"t\"}\n"
	       "{\"type\":\"turn.failed\",\"thread_id\":\"t2\"}\n",
	       "session id=\"t\"\nresult verdict=ok terminal\n"
	       "result verdict=failed terminal\n"
	       "session id=\"t2\"\nresult verdict=failed terminal\n");
}

/* ---- the rest ---- */

static void
first_id_counts (void)
{
	gives (DONE ("\"id\":\"i0\",\"type\":\"web_search\",\"id\":\"ws_1\","
		     "\"query\":\"a\",\"query\":\"b\""),
	       "tool status=completed type=fetch id=\"i0\" name=\"web_search\""
	       " brief=\"b\" input=\"{\\\"query\\\":\\\"b\\\"}\"\n");
}

static void
last_of_other_keys_counts (void)
{
	gives ("{\"type\":\"turn.failed\",\"type\":\"item.completed\","
	       "\"item\":{\"id\":\"x\",\"type\":\"reasoning\",\"text\":\"1\"},"
	       "\"item\":{\"type\":\"agent_message\",\"text\":\"2\"}}",
	       "text role=assistant text=\"2\"\n");
}

static void
order_is_free (void)
{
	gives ("{\"item\":{\"text\":\"t\",\"id\":\"i0\",\"type\":"
	       "\"agent_message\"},\"new\":{\"a\":[1,2]},\"ty\\u0070e\":"
	       "\"item.completed\"}",
	       "text role=assistant id=\"i0\" text=\"t\"\n");
}

static void
statuses (void)
{
	gives (DONE ("\"id\":\"a\",\"type\":\"command_execution\","
		     "\"command\":\"c\",\"exit_code\":3,\"status\":"
		     "\"completed\",\"aggregated_output\":\"\"") "\n" DONE ("\"id\":\"b\",\"type\":\"command_execution\","
									    "\"command\":\"c\",\"status\":\"failed\"") "\n" DONE ("\"id\":\"c\",\"type\":\"command_execution\","
																  "\"command\":\"rm\",\"status\":\"declined\"") "\n" DONE ("\"id\":\"d\",\"type\":\"file_change\",\"status\":"
																							   "\"in_progress\"") "\n" STARTED ("\"id\":\"e\",\"type\":\"file_change\"") "\n"
																																     "{\"type\":\"item.updated\",\"item\":{\"id\":\"f\",\"type\":"
																																     "\"command_execution\",\"aggregated_output\":\"so far\"}}\n",
	       "tool status=failed type=execute exit_code=3 id=\"a\""
	       " name=\"command_execution\" brief=\"c\""
	       " input=\"{\\\"command\\\":\\\"c\\\"}\" output=\"\"\n"
	       "tool status=failed type=execute id=\"b\""
	       " name=\"command_execution\" brief=\"c\""
	       " input=\"{\\\"command\\\":\\\"c\\\"}\"\n"
	       "tool status=denied type=execute id=\"c\""
	       " name=\"command_execution\" brief=\"rm\""
	       " input=\"{\\\"command\\\":\\\"rm\\\"}\"\n"
	       "ask id=\"c\" tool=\"c\" text=\"rm\" outcome=\"declined\"\n"
	       "tool status=in_progress type=edit id=\"d\""
	       " name=\"file_change\"\n"
	       "tool status=in_progress type=edit id=\"e\""
	       " name=\"file_change\"\n"
	       "tool status=in_progress type=execute id=\"f\""
	       " name=\"command_execution\" output=\"so far\"\n");
}

static void
files_are_paths (void)
{
	gives (DONE ("\"id\":\"a\",\"type\":\"file_change\",\"changes\":["
		     "{\"path\":\"x\",\"kind\":\"add\"},{\"path\":\"y\","
		     "\"kind\":\"delete\"}],\"status\":\"completed\"") "\n" DONE ("\"id\":\"b\",\"type\":\"file_change\",\"changes\":["
										  "{\"path\":\"z\",\"kind\":\"delete\"}],"
										  "\"status\":\"completed\"") "\n",
	       "tool status=completed type=edit id=\"a\" name=\"file_change\""
	       " brief=\"x\" input=\"{\\\"changes\\\":[{\\\"path\\\":\\\"x\\\","
	       "\\\"kind\\\":\\\"add\\\"},{\\\"path\\\":\\\"y\\\",\\\"kind\\\":"
	       "\\\"delete\\\"}]}\" paths=[ =\"x\" =\"y\" ]\n"
	       "tool status=completed type=delete id=\"b\""
	       " name=\"file_change\" brief=\"z\" input=\"{\\\"changes\\\":"
	       "[{\\\"path\\\":\\\"z\\\",\\\"kind\\\":\\\"delete\\\"}]}\""
	       " paths=[ =\"z\" ]\n");
}

static void
plans (void)
{
	gives ("{\"type\":\"item.updated\",\"item\":{\"id\":\"a\",\"type\":"
	       "\"todo_list\",\"items\":[{\"text\":\"one\",\"completed\":true}"
	       ",{\"text\":\"two\",\"completed\":false},7,{}]}}\n"
	       "{\"type\":\"item.plan.delta\",\"item_id\":\"p\",\"delta\":"
	       "\"Fir\"}\n" DONE (
		       "\"id\":\"p\",\"type\":\"plan\",\"text\":\"First\""),
	       "plan completed=\"one\" pending=\"two\"\n"
	       "text role=thought delta id=\"p\" text=\"Fir\"\n"
	       "plan pending=\"First\"\n");
}

static void
item_errors_are_warnings (void)
{
	gives (DONE ("\"id\":\"a\",\"type\":\"error\",\"message\":\"hm\""),
	       "notice level=4 code=\"provider_error\" text=\"hm\"\n");
}

#define SPAWN "\"type\":\"collab_tool_call\",\"tool\":\"spawn_agent\","

static void
subagents (void)
{
	gives (DONE ("\"id\":\"a\"," SPAWN "\"sender_thread_id\":\"main\","
		     "\"receiver_thread_ids\":[\"kid\"],\"prompt\":\"do\","
		     "\"agents_states\":{\"kid\":{\"status\":\"pending_init\","
		     "\"message\":null}},\"status\":\"completed\"") "\n" DONE ("\"id\":\"b\"," SPAWN
									       "\"sender_thread_id\":\"kid\","
									       "\"receiver_thread_ids\":[\"kid2\"],\"prompt\":\"sub\","
									       "\"agents_states\":{},\"status\":\"completed\"") "\n" DONE ("\"id\":\"c\",\"type\":\"collab_tool_call\",\"tool\":"
																	   "\"wait\",\"sender_thread_id\":\"main\",\"prompt\":null,"
																	   "\"agents_states\":{\"kid\":{\"status\":\"completed\","
																	   "\"message\":\"said\"}},\"status\":\"completed\"") "\n",
	       "tool status=completed type=think id=\"a\" name=\"spawn_agent\""
	       " brief=\"do\" input=\"{\\\"prompt\\\":\\\"do\\\"}\""
	       " output_json=\"{\\\"kid\\\":{\\\"status\\\":"
	       "\\\"pending_init\\\",\\\"message\\\":null}}\"\n"
	       "tool parent=\"a\" status=completed type=think id=\"b\""
	       " name=\"spawn_agent\" brief=\"sub\""
	       " input=\"{\\\"prompt\\\":\\\"sub\\\"}\"\n"
	       "tool status=completed type=think id=\"c\" name=\"wait\""
	       " output=\"said\"\n");
}

/* Its thread may begin before the call has told it. */
static void
early_subagents (void)
{
	gives ("{\"type\":\"thread.started\",\"thread_id\":\"t\"}\n" STARTED ("\"id\":\"a\"," SPAWN "\"receiver_thread_ids\":[]") "\n{\"type\":\"thread.started\",\"thread_id\":\"kid\"}\n" DONE (
		       "\"id\":\"b\",\"type\":\"collab_tool_call\",\"tool\":"
		       "\"wait\",\"sender_thread_id\":\"kid\"") "\n" DONE ("\"id\":\"a\"," SPAWN
									   "\"receiver_thread_ids\":[\"kid\"]") "\n{\"type\":\"thread.started\",\"thread_id\":\"t2\"}\n",
	       "session id=\"t\"\n"
	       "tool status=in_progress type=think id=\"a\""
	       " name=\"spawn_agent\"\n"
	       "tool parent=\"a\" status=completed type=think id=\"b\""
	       " name=\"wait\"\n"
	       "tool status=completed type=think id=\"a\""
	       " name=\"spawn_agent\"\n"
	       "session id=\"t2\"\n");
}

static void
questions (void)
{
	gives ("{\"type\":\"request_user_input\",\"id\":\"t\",\"call_id\":"
	       "\"call\",\"questions\":[{\"id\":\"q1\",\"header\":\"H\","
	       "\"question\":\"Which?\",\"options\":[{\"label\":\"A\"},"
	       "{\"label\":\"B\"}]},{\"header\":\"H2\"}]}",
	       "ask id=\"q1\" tool=\"call\" text=\"Which?\""
	       " options=[ =\"A\" =\"B\" ]\n"
	       "ask id=\"call\" tool=\"call\" text=\"H2\"\n");
}

static void
legacy_session (void)
{
	gives ("{\"type\":\"session.created\",\"session_id\":\"s\"}",
	       "session id=\"s\"\n");
}

static const struct tap_case cases[] = {
	{ "agent_and_assistant_messages_are_texts_even_if_empty",
	  messages_are_texts },
	{ "a_message_is_told_when_it_is_complete", begun_messages_are_none },
	{ "the_legacy_key_item_type_wins", legacy_type_wins },
	{ "function_call_arguments_give_the_brief", function_call_arguments },
	{ "other_items_and_events_are_no_answer", other_lines_are_no_answer },
	{ "command_execution_has_name_command_output_and_exit_code",
	  commands_are_told },
	{ "mcp_tool_call_has_server_tool_and_output", mcp_calls_are_told },
	{ "web_search_has_its_query", searches_are_told },
	{ "turn_failed_is_a_claim_and_error_is_none", failed_turns_are_claims },
	{ "usage_is_the_last_one_with_cached_tokens", session_and_usage },
	{ "usage_of_totals_that_fall_goes_on", falling_totals },
	{ "the_session_is_that_of_the_last_thread", later_sessions },
	{ "a_command_may_be_in_its_arguments", command_with_arguments },
	{ "an_answer_that_was_cut_is_a_limit_or_refused", cut_answer },
	{ "of_two_item_ids_the_first_counts", first_id_counts },
	{ "of_other_duplicate_keys_the_last_counts",
	  last_of_other_keys_counts },
	{ "key_order_is_free_and_keys_may_be_escaped", order_is_free },
	{ "a_non_zero_exit_is_failed_and_declined_is_denied", statuses },
	{ "file_changes_have_paths_and_a_type", files_are_paths },
	{ "todo_lists_and_plans_are_plans", plans },
	{ "error_items_are_warnings", item_errors_are_warnings },
	{ "a_subagent_belongs_to_the_call_that_spawned_it", subagents },
	{ "a_thread_that_begins_while_one_is_spawned_is_its", early_subagents },
	{ "items_of_another_process_have_ids_of_their_own", several_processes },
	{ "a_claim_may_name_the_session", claims_name_a_session },
	{ "questions_to_people_are_asks", questions },
	{ "legacy_session_created_names_the_session", legacy_session },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("codex", cases);
}
