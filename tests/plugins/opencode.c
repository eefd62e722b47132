/* SPDX-License-Identifier: MIT */
/* opencode.c - what the opencode plugin makes of lines, also older ones. */
#include "config.h"

#include "opencode/opencode.h"
#include "plugins/gives.h"

#define LINE(type, rest)                                                       \
	"{\"type\":\"" type "\",\"timestamp\":1795213218303,"                  \
	"\"sessionID\":\"ses_1\"" rest "}\n"
#define PART(type, members) LINE (type, ",\"part\":{" members "}")
#define TOOL(id, name, state)                                                  \
	PART ("tool_use", "\"type\":\"tool\",\"tool\":\"" name "\","           \
			  "\"callID\":\"" id "\",\"state\":{" state "}")
#define ERROR(name, message)                                                   \
	LINE ("error", ",\"error\":{\"name\":\"" name "\",\"data\":"           \
		       "{\"message\":\"" message "\"}}")
#define SESSION "session id=\"ses_1\"\n"

/* ---- what every plugin must do ---- */

static void
texts_are_texts (void)
{
	gives (PART ("text", "\"id\":\"p1\",\"text\":\"hello\"")
		       LINE ("text", "") LINE ("text", ",\"part\":null"),
	       SESSION "text role=assistant id=\"p1\" text=\"hello\"\n"
		       "text role=assistant synthetic text=\"\"\n"
		       "text role=assistant synthetic text=\"\"\n");
}

static void
steps_are_no_text (void)
{
	gives (PART ("step_start", "\"id\":\"p\",\"type\":\"step-start\"")
		       PART ("step_finish",
			     "\"id\":\"p\",\"reason\":\"tool-calls\"")
			       LINE ("thinking", ""),
	       SESSION "skip line=3\n");
}

static void
usage_by_step (void)
{
	gives (PART ("step_finish",
		     "\"id\":\"p1\",\"reason\":\"tool-calls\","
		     "\"tokens\":{\"total\":1312,\"input\":234,\"output\":69,"
		     "\"reasoning\":9,\"cache\":{\"write\":5,\"read\":1000}},"
		     "\"cost\":0.002172")
		       PART ("step_finish",
			     "\"id\":\"p2\",\"reason\":\"stop\","
			     "\"tokens\":{\"input\":1,\"output\":2,"
			     "\"reasoning\":0,\"cache\":{\"read\":0,"
			     "\"write\":0}},\"cost\":0"),
	       SESSION
	       "usage scope=call id=\"p1\" input=1239 output=78"
	       " cache_read=1000 cache_write=5 reasoning=9"
	       " cost_nano_usd=2172000 cost_source=\"reported\"\n"
	       "usage scope=call id=\"p2\" input=1 output=2 cache_read=0"
	       " cache_write=0 reasoning=0 cost_nano_usd=0"
	       " cost_source=\"reported\"\n"
	       "result verdict=ok terminal stop_reason=\"stop\"\n");
}

static void
tools_are_told (void)
{
	gives (TOOL ("c1", "bash",
		     "\"status\":\"completed\",\"input\":"
		     "{\"command\":\"ls\"},\"output\":\"x\\n\",\"metadata\":"
		     "{\"exit\":0,\"truncated\":false},\"title\":\"T\""),
	       SESSION
	       "tool status=completed type=execute exit_code=0 id=\"c1\""
	       " name=\"bash\" brief=\"ls\""
	       " input=\"{\\\"command\\\":\\\"ls\\\"}\" output=\"x\\n\"\n");
}

/* ---- the rest ---- */

static void
legacy_tools (void)
{
	gives (PART ("tool_use", "\"id\":\"p\",\"name\":\"write\",\"input\":"
				 "{\"file_path\":\"a\"}") LINE ("tool_use", ""),
	       SESSION "tool status=completed type=edit id=\"p\" name=\"write\""
		       " brief=\"a\" input=\"{\\\"file_path\\\":\\\"a\\\"}\""
		       " paths=[ =\"a\" ]\nskip line=2\n");
}

/* Version 2 has the tool's own metadata within the metadata, and calls the name
 * of an error its type. */
static void
version_2 (void)
{
	gives (TOOL ("a", "bash",
		     "\"status\":\"completed\",\"output\":\"o\",\"metadata\":"
		     "{\"metadata\":{\"exit\":2,\"truncated\":true}}")
		       LINE ("error",
			     ",\"error\":{\"type\":\"provider.transport\","
			     "\"message\":\"closed\"}"),
	       SESSION
	       "tool status=failed type=execute exit_code=2 truncated"
	       " id=\"a\" name=\"bash\" output=\"o\"\n"
	       "notice level=3 code=\"provider_error\" text=\"closed\""
	       " data=\"{\\\"type\\\":\\\"provider.transport\\\",\\\"message\\\":"
	       "\\\"closed\\\"}\"\n"
	       "result verdict=failed stop_reason="
	       "\"provider.transport\" error=\"closed\"\n");
}

/* A claim names the session; a step after it begins it anew. */
static void
later_sessions (void)
{
	gives ("{\"type\":\"step_start\",\"sessionID\":\"a\"}\n"
	       "{\"type\":\"step_finish\",\"sessionID\":\"b\",\"part\":"
	       "{\"reason\":\"stop\"}}\n"
	       "{\"type\":\"step_start\",\"sessionID\":\"b\"}\n",
	       "session id=\"a\"\nsession id=\"b\"\n"
	       "result verdict=ok terminal stop_reason=\"stop\"\n"
	       "session id=\"b\"\n");
}

static void
tool_states (void)
{
	gives (TOOL ("a", "bash",
		     "\"status\":\"completed\",\"metadata\":"
		     "{\"exit\":3,\"truncated\":true},\"output\":\"o\"")
		       TOOL ("b", "edit",
			     "\"status\":\"error\",\"error\":"
			     "\"not found\"") TOOL ("c", "bash",
						    "\"status\":\"error\",\"input\":{\"command\":"
						    "\"rm\"},\"error\":\"The user rejected permission to use"
						    " this specific tool call.\"")
			       TOOL ("d", "bash",
				     "\"status\":\"error\",\"error\":\"The user"
				     " has specified a rule which prevents you from it\"")
				       TOOL ("e", "bash",
					     "\"status\":\"error\",\"error\":"
					     "\"Tool execution aborted\"")
					       TOOL ("f", "bash",
						     "\"status\":\"error\",\"error\":\"x\","
						     "\"metadata\":{\"interrupted\":true}")
						       TOOL ("g", "bash",
							     "\"status\":\"running\""),
	       SESSION
	       "tool status=failed type=execute exit_code=3 truncated id=\"a\""
	       " name=\"bash\" output=\"o\"\n"
	       "tool status=failed type=edit id=\"b\" name=\"edit\""
	       " output=\"not found\"\n"
	       "tool status=denied type=execute id=\"c\" name=\"bash\""
	       " brief=\"rm\" input=\"{\\\"command\\\":\\\"rm\\\"}\""
	       " output=\"The user rejected permission to use this specific"
	       " tool call.\"\n"
	       "ask id=\"c\" tool=\"c\" text=\"rm\" outcome=\"rejected\"\n"
	       "tool status=denied type=execute id=\"d\" name=\"bash\""
	       " output=\"The user has specified a rule which prevents you"
	       " from it\"\n"
	       "ask id=\"d\" tool=\"d\" outcome=\"denied\"\n"
	       "tool status=canceled type=execute id=\"e\" name=\"bash\""
	       " output=\"Tool execution aborted\"\n"
	       "tool status=canceled type=execute id=\"f\" name=\"bash\""
	       " output=\"x\"\n"
	       "tool status=in_progress type=execute id=\"g\""
	       " name=\"bash\"\n");
}

static void
briefs (void)
{
	gives (TOOL ("a", "invalid",
		     "\"status\":\"completed\",\"input\":"
		     "{\"tool\":\"nope\",\"error\":\"e\"},\"output\":\"o\","
		     "\"title\":\"Invalid Tool\"")
		       TOOL ("b", "other",
			     "\"status\":\"completed\",\"input\":{},"
			     "\"title\":\"from the title\""),
	       SESSION
	       "tool status=completed type=other id=\"a\" name=\"invalid\""
	       " brief=\"nope\" input=\"{\\\"tool\\\":\\\"nope\\\","
	       "\\\"error\\\":\\\"e\\\"}\" output=\"o\"\n"
	       "tool status=completed type=other id=\"b\" name=\"other\""
	       " brief=\"from the title\" input=\"{}\"\n");
}

static void
plans (void)
{
	gives (TOOL ("a", "todowrite",
		     "\"status\":\"completed\",\"input\":"
		     "{\"todos\":[{\"content\":\"x\",\"status\":"
		     "\"in_progress\"}]}"),
	       SESSION
	       "tool status=completed type=think id=\"a\" name=\"todowrite\""
	       " input=\"{\\\"todos\\\":[{\\\"content\\\":\\\"x\\\","
	       "\\\"status\\\":\\\"in_progress\\\"}]}\"\n"
	       "plan in_progress=\"x\"\n");
}

static void
reasoning (void)
{
	gives (PART ("reasoning", "\"id\":\"p\",\"text\":\"hm\"")
		       PART ("reasoning", "\"id\":\"p\""),
	       SESSION "text role=thought id=\"p\" text=\"hm\"\n");
}

static void
reasons (void)
{
	gives (PART ("step_finish", "\"reason\":\"stop\"")
		       PART ("step_finish", "\"reason\":\"length\"") PART (
			       "step_finish", "\"reason\":\"content-filter\"")
			       PART ("step_finish", "\"reason\":\"tool-calls\"")
				       PART ("step_finish",
					     "\"reason\":\"unknown\"")
					       PART ("step_finish", ""),
	       SESSION "result verdict=ok terminal stop_reason=\"stop\"\n"
		       "result verdict=limit terminal stop_reason=\"length\"\n"
		       "result verdict=refused terminal"
		       " stop_reason=\"content-filter\"\n");
}

static void
errors (void)
{
	gives (ERROR ("APIError", "m") ERROR ("ContentFilterError", "c")
		       ERROR ("MessageAbortedError", "a") LINE (
			       "error", ",\"error\":{\"name\":\"OnlyName\"}")
			       LINE ("error", ",\"error\":\"as text\"")
				       LINE ("error", ""),
	       SESSION
	       "notice level=3 code=\"provider_error\" text=\"m\""
	       " data=\"{\\\"name\\\":\\\"APIError\\\",\\\"data\\\":"
	       "{\\\"message\\\":\\\"m\\\"}}\"\n"
	       "result verdict=failed stop_reason=\"APIError\""
	       " error=\"m\"\n"
	       "notice level=3 code=\"provider_error\" text=\"c\""
	       " data=\"{\\\"name\\\":\\\"ContentFilterError\\\",\\\"data\\\":"
	       "{\\\"message\\\":\\\"c\\\"}}\"\n"
	       "result verdict=refused"
	       " stop_reason=\"ContentFilterError\" error=\"c\"\n"
	       "notice level=3 code=\"provider_error\" text=\"a\""
	       " data=\"{\\\"name\\\":\\\"MessageAbortedError\\\",\\\"data\\\":"
	       "{\\\"message\\\":\\\"a\\\"}}\"\n"
	       "result verdict=canceled"
	       " stop_reason=\"MessageAbortedError\" error=\"a\"\n"
	       "notice level=3 code=\"provider_error\" text=\"OnlyName\""
	       " data=\"{\\\"name\\\":\\\"OnlyName\\\"}\"\n"
	       "result verdict=failed stop_reason=\"OnlyName\""
	       " error=\"OnlyName\"\n"
	       "notice level=3 code=\"provider_error\" text=\"as text\"\n"
	       "result verdict=failed error=\"as text\"\n"
	       "notice level=3 code=\"provider_error\"\n"
	       "result verdict=failed\n");
}

#define STOP PART ("step_finish", "\"reason\":\"stop\"")
#define OVERFLOW_NOTICE                                                        \
	"notice level=3 code=\"provider_error\" text=\"long\""                 \
	" data=\"{\\\"name\\\":\\\"ContextOverflowError\\\",\\\"data\\\":"     \
	"{\\\"message\\\":\\\"long\\\"}}\"\n"                                  \
	"result verdict=failed"                                                \
	" stop_reason=\"ContextOverflowError\" error=\"long\"\n"

static void
compaction (void)
{
	gives (ERROR ("ContextOverflowError", "long") PART (
		       "text", "\"id\":\"s\",\"text\":\"summary\"") STOP
		       PART ("text",
			     "\"id\":\"c\",\"synthetic\":true,\"text\":\"go\","
			     "\"metadata\":{\"compaction_continue\":true}")
			       PART ("text", "\"id\":\"a\",\"text\":\"answer\"")
				       STOP,
	       SESSION OVERFLOW_NOTICE
	       "text role=assistant synthetic id=\"s\" text=\"summary\"\n"
	       "notice level=6 code=\"compaction\""
	       " text=\"the conversation was compacted\"\n"
	       "text role=assistant synthetic id=\"c\" text=\"go\"\n"
	       "text role=assistant id=\"a\" text=\"answer\"\n"
	       "result verdict=ok terminal stop_reason=\"stop\"\n");
}

/* The end of a step with these numbers, and its usage. */
#define TOKENS(numbers)                                                        \
	PART ("step_finish", "\"id\":\"p\",\"reason\":\"tool-calls\","         \
			     "\"tokens\":{" numbers "}")
#define USAGE(numbers) SESSION "usage scope=call id=\"p\"" numbers "\n"

/* A sum that lacks a part is no sum. */
static void
missing_parts (void)
{
	gives (TOKENS ("\"input\":90,\"output\":15,\"reasoning\":5,"
		       "\"cache\":{\"read\":null,\"write\":0}"),
	       USAGE (" output=20 cache_write=0 reasoning=5"));
	gives (TOKENS ("\"input\":90,\"output\":15,\"reasoning\":5"),
	       USAGE (" output=20 reasoning=5"));
	gives (TOKENS ("\"input\":90,\"output\":15,\"reasoning\":\"5\","
		       "\"cache\":{\"read\":1,\"write\":2}"),
	       USAGE (" input=93 cache_read=1 cache_write=2"));
}

#define REJECTED_TOOL                                                          \
	TOOL ("t", "bash",                                                     \
	      "\"status\":\"error\",\"error\":"                                \
	      "\"The user rejected permission to use it\"")

static void
done (void)
{
	/* The steps have said it. */
	gives (STOP LINE ("done", ",\"reason\":\"idle\",\"rejected\":[]"),
	       SESSION "result verdict=ok terminal stop_reason=\"stop\"\n");
	/* The calls have said what was refused, but not that all ended. */
	gives (REJECTED_TOOL LINE (
		       "done", ",\"reason\":\"idle\",\"rejected\":[\"bash\"]"),
	       SESSION
	       "tool status=denied type=execute id=\"t\" name=\"bash\""
	       " output=\"The user rejected permission to use it\"\n"
	       "ask id=\"t\" tool=\"t\" outcome=\"rejected\"\n"
	       "result verdict=refused terminal stop_reason=\"idle\""
	       " error=\"a permission was refused, which ends the run\"\n");
	/* A subagent asked: its calls are not shown. */
	gives (STOP LINE ("done", ",\"reason\":\"idle\",\"rejected\":"
				  "[\"edit\",7]"),
	       SESSION "result verdict=ok terminal stop_reason=\"stop\"\n"
		       "ask id=\"edit\" text=\"edit\" outcome=\"rejected\"\n");
}

/* An error is no end: the run may go on.  A line that says that it is over makes
 * it one. */
static void
ends_of_errors (void)
{
	gives (ERROR ("ContextOverflowError", "long")
		       LINE ("done", ",\"reason\":\"idle\",\"rejected\":[]"),
	       SESSION OVERFLOW_NOTICE
	       "result verdict=failed terminal"
	       " stop_reason=\"ContextOverflowError\"\n");
	/* What has ended is the answer behind it. */
	gives (ERROR ("ContextOverflowError", "long") STOP PART ("step_start",
								 "")
		       STOP LINE ("done", ",\"reason\":\"idle\"")
			       PART ("step_start", "")
				       LINE ("done", ",\"reason\":\"idle\""),
	       SESSION OVERFLOW_NOTICE SESSION
	       "result verdict=ok terminal stop_reason=\"stop\"\n" SESSION
	       "result verdict=ok terminal stop_reason=\"idle\"\n");
}

#define CALLS PART ("step_finish", "\"reason\":\"tool-calls\"")

/* Why a stream ends without a claim. */
static void
stopped_without_a_claim (void)
{
	gives (REJECTED_TOOL CALLS, SESSION
	       "tool status=denied type=execute id=\"t\" name=\"bash\""
	       " output=\"The user rejected permission to use it\"\n"
	       "ask id=\"t\" tool=\"t\" outcome=\"rejected\"\n"
	       "notice level=4 code=\"provider_error\" text=\"a permission was"
	       " refused, which ends the run\"\n");
	gives (PART ("step_finish", "\"reason\":\"other\""),
	       SESSION "notice level=4 code=\"provider_error\" text=\"the last "
		       "step ended with the reason other\"\n");
	/* The run went on, or nothing is wrong with the step. */
	gives (REJECTED_TOOL CALLS PART ("step_start", "") CALLS,
	       SESSION "tool status=denied type=execute id=\"t\" name=\"bash\""
		       " output=\"The user rejected permission to use it\"\n"
		       "ask id=\"t\" tool=\"t\" outcome=\"rejected\"\n");
	gives (PART ("step_finish", "\"reason\":\"other\"") STOP,
	       SESSION "result verdict=ok terminal stop_reason=\"stop\"\n");
}

/* A line of a type that is not known tells a session for want of a better. */
static void
sessions_of_hooks (void)
{
	gives ("{\"type\":\"plugin.hook\",\"sessionID\":\"ses_hook\"}\n"
	       "{\"type\":\"plugin.hook\",\"sessionID\":\"ses_2\"}\n" PART (
		       "step_start",
		       "") "{\"type\":\"plugin.hook\",\"sessionID\":\"ses_hook\"}\n"
			   "{\"type\":\"text\",\"sessionID\":\"ses_sub\",\"part\":"
			   "{\"id\":\"p\",\"text\":\"x\"}}\n",
	       "session id=\"ses_hook\"\nskip line=1\nskip line=2\n" SESSION
	       "skip line=4\ntext role=assistant id=\"p\" text=\"x\"\n");
}

static const struct tap_case cases[] = {
	{ "text_is_a_text_and_a_missing_part_an_empty_one", texts_are_texts },
	{ "steps_give_no_text_and_thinking_is_not_known", steps_are_no_text },
	{ "tokens_and_cost_are_told_for_each_step", usage_by_step },
	{ "tool_use_has_id_name_and_brief", tools_are_told },
	{ "a_legacy_tool_use_has_name_and_input_in_its_part", legacy_tools },
	{ "metadata_and_errors_of_version_2_are_read", version_2 },
	{ "the_session_is_that_of_the_last_claim", later_sessions },
	{ "a_non_zero_exit_is_failed_and_a_refusal_is_denied", tool_states },
	{ "the_brief_of_an_invalid_call_is_the_tool_it_meant", briefs },
	{ "todowrite_is_a_plan", plans },
	{ "reasoning_is_a_thought", reasoning },
	{ "reasons_of_a_last_step_are_claims", reasons },
	{ "errors_are_notices_and_claims", errors },
	{ "the_summary_of_a_compaction_is_no_answer_and_no_claim", compaction },
	{ "done_is_a_claim_only_where_no_step_made_one", done },
	{ "a_sum_of_tokens_that_lacks_a_part_is_absent", missing_parts },
	{ "an_error_is_no_end_unless_done_says_so", ends_of_errors },
	{ "why_a_stream_ends_without_a_claim_is_a_notice",
	  stopped_without_a_claim },
	{ "a_session_of_a_known_line_replaces_that_of_a_hook",
	  sessions_of_hooks },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("opencode", cases);
}
