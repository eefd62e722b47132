/* SPDX-License-Identifier: MIT */
/* claude_usage.c - whose tokens and money a result tells, and how much. */
#include "config.h"

#include "plugins/gives.h"

#define RESULT(uuid, members)                                                  \
	"{\"type\":\"result\",\"uuid\":\"" uuid "\"," members "}\n"
#define INIT(session, model)                                                   \
	"{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"" session  \
	"\",\"model\":" model "}\n"
#define SPOKE(id, parent, model)                                               \
	"{\"type\":\"assistant\",\"parent_tool_use_id\":" parent               \
	",\"message\":{\"id\":\"" id "\",\"model\":" model                     \
	",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n"
#define USED(in, out)                                                          \
	"\"usage\":{\"input_tokens\":" in ",\"output_tokens\":" out "}"
#define TOTALS(models) ",\"modelUsage\":{" models "}"
#define SINCE(models) ",\"model_usage_since_last_result\":{" models "}"
#define TOKENS(name, in, out)                                                  \
	"\"" name "\":{\"inputTokens\":" in ",\"outputTokens\":" out "}"
#define PRICED(name, in, out, cost)                                            \
	"\"" name "\":{\"inputTokens\":" in ",\"outputTokens\":" out           \
	",\"costUSD\":" cost "}"
#define OK "result verdict=ok terminal\n"
#define TURN(id) "usage scope=turn id=\"" id "\""
#define NUMBERS(in, out) " input=" in " output=" out
#define COST(nano) " cost_nano_usd=" nano " cost_source=\"reported\""
#define FRESH WORDS ("claude", "-p", "x")
#define RESUMED WORDS ("claude", "-p", "-c", "x")

/* ---- what is printed once more ---- */

static void
same_uuid_other_words (void)
{
	gives (RESULT ("r", "\"result\":\"fine\"")
		       RESULT ("r", "\"is_error\":true,\"result\":\"boom\"")
			       RESULT ("r", "\"result\":\"fine\""),
	       "result verdict=ok terminal text=\"fine\"\n"
	       "result verdict=failed terminal text=\"boom\" error=\"boom\"\n"
	       "skip line=3\n");
}

static void
one_uuid_for_all_lines (void)
{
#define SAID(id, uuid, session, text)                                          \
	"{\"type\":\"assistant\",\"uuid\":\"" uuid                             \
	"\",\"session_id\":\"" session "\",\"message\":{\"id\":\"" id          \
	"\",\"content\":[{\"type\":\"text\",\"text\":\"" text "\"}]}}\n"
	gives (SAID ("m", "0", "s", "one") SAID ("n", "0", "s", "two")
		       SAID ("n", "0", "t", "two") SAID ("o", "0", "s", "two"),
	       "session id=\"s\"\ntext role=assistant id=\"m:0\" text=\"one\"\n"
	       "text role=assistant id=\"n:0\" text=\"two\"\nskip line=3\n"
	       "text role=assistant id=\"o:0\" text=\"two\"\n");
#undef SAID
}

static void
turns_of_one_uuid (void)
{
	gives (RESULT ("r", "\"total_cost_usd\":1," USED ("10", "5"))
		       RESULT ("r", "\"total_cost_usd\":2," USED ("10", "5")),
	       TURN ("r:1") NUMBERS ("10", "5")
		       COST ("1000000000") "\n" OK TURN ("r:2")
			       NUMBERS ("10", "5") COST ("1000000000") "\n" OK);
}

/* ---- running totals by model ---- */

#define SUBAGENT_TOTALS                                                        \
	TOTALS (PRICED ("a", "100", "50", "0.7") "," PRICED ("b", "30", "20",  \
							     "0.3"))

/* `usage' knows the main thread alone. */
static void
tokens_of_subagents (void)
{
	gives_of_command (
		FRESH,
		RESULT ("r", "\"total_cost_usd\":1," USED ("10", "5")
				     SUBAGENT_TOTALS),
		TURN ("r:1") " model=\"a\"" NUMBERS ("100", "50")
			COST ("700000000") "\n" TURN (
				"r:1") " model=\"b\"" NUMBERS ("30", "20")
				COST ("300000000") "\n" OK);
	gives_of_command (
		FRESH,
		RESULT ("r", USED ("10", "5") TOTALS (TOKENS ("a", "20", "5")))
			RESULT ("q", USED ("3", "3")
					     TOTALS (TOKENS ("a", "50", "25")))
				RESULT ("p", USED ("9", "9") TOTALS (
						     TOKENS ("a", "9", "9"))),
		TURN ("r:1") " model=\"a\"" NUMBERS ("20", "5") "\n" OK TURN (
			"q:2") " model=\"a\"" NUMBERS ("30", "20") "\n" OK
			TURN ("p:3") " model=\"a\"" NUMBERS ("9", "9") "\n" OK);
}

/* Without a command nobody knows whether a session was resumed. */
static void
totals_without_a_command (void)
{
	gives (RESULT ("r", USED ("1", "2") TOTALS (TOKENS ("a", "9", "9")))
		       RESULT ("q", USED ("1", "2")
					    TOTALS (TOKENS ("a", "10", "11"))),
	       "usage scope=session id=\"r:1\" model=\"a\"" NUMBERS (
		       "9", "9") "\n" OK
		       TURN ("q:2") " model=\"a\"" NUMBERS ("1", "2") "\n" OK);
	gives (RESULT ("r", USED ("1", "2") TOTALS (TOKENS ("a", "1", "2"))),
	       TURN ("r:1") " model=\"a\"" NUMBERS ("1", "2") "\n" OK);
}

/* The totals of a resumed session have an unknown start the first time; what
 * subagents used then is not known. */
static void
totals_of_a_resumed_session (void)
{
	gives_of_command (
		RESUMED,
		RESULT ("r", USED ("1", "2") TOTALS (TOKENS ("a", "900", "90")))
			RESULT ("q", USED ("1", "2") TOTALS (
					     TOKENS ("a", "905", "97"))),
		TURN ("r:1") " model=\"a\"" NUMBERS ("1", "2") "\n" OK TURN (
			"q:2") " model=\"a\"" NUMBERS ("5", "7") "\n" OK);
	gives_of_command (
		RESUMED,
		SPOKE ("m", "\"t\"", "null") RESULT ("r", USED ("1", "2")),
		"usage parent=\"t\" scope=call id=\"m\" input=1 output=1\n" TURN (
			"r:1") NUMBERS ("1", "2") "\n" TURN ("r:1") "\n" OK);
}

static void
zero_before_an_unknown_total (void)
{
	gives_of_command (
		RESUMED,
		RESULT ("r", "\"total_cost_usd\":0," USED ("0", "0"))
			RESULT ("q", "\"total_cost_usd\":5.5," USED ("1", "1")),
		OK TURN ("q:2") NUMBERS ("1", "1") "\n" OK);
}

#define SPENT(uuid, session, usd)                                              \
	RESULT (uuid, "\"session_id\":\"" session "\",\"total_cost_usd\":" usd \
		      "," USED ("1", "1"))
#define SPENT_EVENT(id, nano) TURN (id) NUMBERS ("1", "1") COST (nano) "\n" OK

/* Another session is another process, unless the program says that it began a
 * new one. */
static void
totals_of_two_processes (void)
{
	gives (SPENT ("r", "s", "1") SPENT ("q", "t", "1.5"),
	       "session id=\"s\"\n" SPENT_EVENT (
		       "r:1",
		       "1000000000") "session id=\"t\"\n" SPENT_EVENT ("q:2",
								       "1500000000"));
	gives (INIT ("s", "null") SPENT ("r", "s", "1") INIT ("t", "null")
		       SPENT ("q", "t", "1"),
	       "session id=\"s\"\n" SPENT_EVENT (
		       "r:1",
		       "1000000000") "session id=\"t\"\n" SPENT_EVENT ("q:2",
								       "1000000000"));
	gives (SPENT ("r", "s",
		      "1") "{\"type\":\"conversation_reset\","
			   "\"new_conversation_id\":\"t\"}\n" INIT ("t", "null")
				   SPENT ("q", "t", "1.5"),
	       "session id=\"s\"\n" SPENT_EVENT (
		       "r:1",
		       "1000000000") "session id=\"t\"\n" SPENT_EVENT ("q:2",
								       "500000000"));
}

/* ---- numbers that are missing ---- */

static void
malformed_models (void)
{
	gives (RESULT ("r", USED ("1", "1") SINCE (
				    TOKENS ("a", "3", "4") ",\"h\":null")),
	       TURN ("r:1") " model=\"a\"" NUMBERS ("3", "4") "\n" TURN (
		       "r:1") " model=\"h\"\n" OK);
	gives (RESULT ("r", USED ("1", "1") SINCE (
				    "\"a\":{\"inputTokens\":3,\"outputTokens\":"
				    "4,\"cacheReadInputTokens\":\"1000\"}")),
	       TURN ("r:1") " model=\"a\"\n" TURN (
		       "r:1") " model=\"a\"" NUMBERS ("3", "4") "\n" OK);
	gives (RESULT ("r", "\"usage\":{\"input_tokens\":1,\"output_tokens\":2,"
			    "\"cache_read_input_tokens\":\"9\"}"),
	       TURN ("r:1") NUMBERS ("1", "2") "\n" TURN ("r:1") "\n" OK);
}

/* The total has what its models do not tell; nothing is free. */
static void
costs_without_a_model (void)
{
	gives (RESULT ("r",
		       "\"total_cost_usd\":0.7" SINCE (TOKENS ("a", "3", "4"))),
	       TURN ("r:1") " model=\"a\"" NUMBERS ("3", "4")
		       COST ("700000000") "\n" OK);
	gives (RESULT ("r", "\"total_cost_usd\":0.7" SINCE (
				    TOKENS ("a", "3", "4") "," PRICED (
					    "b", "1", "1", "0.2"))),
	       TURN ("r:1") " model=\"a\"" NUMBERS ("3", "4") "\n" TURN (
		       "r:1") " model=\"b\"" NUMBERS ("1", "1")
		       COST ("200000000") "\n" TURN ("r:1") NUMBERS ("0", "0")
			       COST ("500000000") "\n" OK);
	gives (RESULT ("r", "\"total_cost_usd\":0" SINCE (
				    PRICED ("a", "3", "4", "0"))),
	       TURN ("r:1") " model=\"a\"" NUMBERS ("3", "4")
		       COST ("0") "\n" OK);
	gives (RESULT ("r",
		       "\"total_cost_usd\":0.7," USED ("1", "2") SINCE ("")),
	       TURN ("r:1") NUMBERS ("1", "2") COST ("700000000") "\n" OK);
}

/* A 0 is a cost where the model worked: without it the cost of the other turns
 * would seem to lack a part. */
static void
turns_free_of_charge (void)
{
	gives (RESULT ("r", "\"total_cost_usd\":1," USED ("1", "2")) RESULT (
		       "q", "\"total_cost_usd\":1," USED ("3", "4"))
		       RESULT ("p", "\"total_cost_usd\":1," USED ("0", "0")),
	       TURN ("r:1") NUMBERS ("1", "2")
		       COST ("1000000000") "\n" OK TURN ("q:2")
			       NUMBERS ("3", "4") COST ("0") "\n" OK OK);
	gives (RESULT ("r", "\"total_cost_usd\":0," USED ("0", "0"))
		       RESULT ("q", "\"total_cost_usd\":0," USED ("1", "2")),
	       OK TURN ("q:2") NUMBERS ("1", "2") COST ("0") "\n" OK);
}

/* ---- the session and its model ---- */

#define CALLED(id, model)                                                      \
	"usage scope=call id=\"" id "\"" model " input=1 output=1\n"

static void
model_of_messages (void)
{
	gives (INIT ("s", "null") SPOKE ("m", "null", "\"b\"")
		       SPOKE ("n", "null", "\"b\"")
			       RESULT ("r", USED ("1", "1")),
	       "session id=\"s\"\nsession id=\"s\" model=\"b\"\n" CALLED (
		       "m", " model=\"b\"") CALLED ("n", " model=\"b\"")
		       TURN ("r:1") " model=\"b\"" NUMBERS ("1", "1") "\n" OK);
	gives (INIT ("s", "\"plan\"") SPOKE ("m", "null", "\"b\"")
		       SPOKE ("n", "\"t\"", "\"sub\"")
			       SPOKE ("o", "null", "\"<synthetic>\""),
	       "session id=\"s\" model=\"plan\"\nsession id=\"s\" model=\"b\"\n" CALLED (
		       "m",
		       " model=\"b\"") "usage parent=\"t\" scope=call id=\"n\" model=\"sub\" input=1 output=1\n"
				       "skip line=4\n");
}

static void
sessions_of_subagents (void)
{
	gives (INIT ("s",
		     "null") "{\"type\":\"system\",\"subtype\":\"init\","
			     "\"session_id\":\"sub\",\"model\":\"x\","
			     "\"parent_tool_use_id\":\"t\"}\n" RESULT (
				     "r",
				     "\"session_id\":\"sub\",\"result\":\"x\","
				     "\"parent_tool_use_id\":\"t\"")
				     RESULT ("q", "\"session_id\":\"torn\""),
	       "session id=\"s\"\n"
	       "session parent=\"t\" id=\"sub\" model=\"x\"\n"
	       "skip line=3\nskip line=4\n");
}

static const struct tap_case cases[] = {
	{ "a_result_of_a_known_uuid_and_other_words_counts",
	  same_uuid_other_words },
	{ "lines_that_all_have_one_uuid_are_told", one_uuid_for_all_lines },
	{ "turns_of_one_uuid_have_usage_of_their_own", turns_of_one_uuid },
	{ "tokens_of_subagents_are_in_the_totals_of_models",
	  tokens_of_subagents },
	{ "totals_without_a_command_are_those_of_the_session",
	  totals_without_a_command },
	{ "totals_of_a_resumed_session_count_from_the_second",
	  totals_of_a_resumed_session },
	{ "a_zero_does_not_make_a_total_known", zero_before_an_unknown_total },
	{ "totals_of_another_process_begin_anew", totals_of_two_processes },
	{ "usage_that_is_malformed_is_told_as_unknown", malformed_models },
	{ "a_cost_that_no_model_has_is_not_lost", costs_without_a_model },
	{ "a_turn_free_of_charge_has_a_cost", turns_free_of_charge },
	{ "the_model_is_that_which_speaks", model_of_messages },
	{ "subagents_and_torn_results_begin_no_session",
	  sessions_of_subagents },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("claude_usage", cases);
}
