/* SPDX-License-Identifier: MIT */
/* copilot_rules.c - the copilot plugin against rules for all lines. */
#include "config.h"

#include "copilot/copilot.h"
#include "plugins/gives.h"
#include "plugins/steady.h"
#include "plugins/wrong.h"

#define CHAIN                                                                  \
	"\"id\":\"e1\",\"timestamp\":\"2026-11-29T22:46:43.049Z\","            \
	"\"parentId\":\"e0\""
#define LINE(type, data) "{\"type\":\"" type "\",\"data\":{" data "}," CHAIN "}"
#define MODEL LINE ("session.tools_updated", "\"model\":\"m\"")
#define RESULT                                                                 \
	"{\"type\":\"result\",\"timestamp\":\"t\",\"sessionId\":\"s\","        \
	"\"exitCode\":0,\"usage\":{\"premiumRequests\":0}}"

static void
order_is_free (void)
{
	gives ("{\"data\":{\"deltaContent\":\"x\"},\"data\":{\"messageId\":"
	       "\"m\",\"deltaContent\":\"y\"},\"x\":[{}],\"parentId\":null,"
	       "\"type\":\"abort\","
	       "\"typ\\u0065\":\"assistant.message_delta\"}",
	       "text role=assistant delta id=\"m\" text=\"y\"\n");
}

static void
resumed_by_the_words (void)
{
	static const char *const yes[] = {
		"copilot -p x --resume=s",
		"copilot -p x --resume s",
		"copilot -p x --continue",
		"copilot -sr s -p x",
		"npx @github/copilot -r s -p x",
		"sh|-c|copilot -p x --continue",
		"./agent.sh --resume s",
		NULL,
	};
	static const char *const no[] = { "copilot -p x",
					  "npx @github/copilot@1.0 -p x",
					  NULL };
	static const char *const unknown[] = {
		/* a new session may have an id that the user chose */
		"copilot --session-id=s -p x",
		"./agent.sh -r s",
		NULL,
	};

	resumed_rows (yes, MODEL, "session model=\"m\" resumed=1\n");
	resumed_rows (no, MODEL, "session model=\"m\" resumed=-1\n");
	resumed_rows (unknown, MODEL, "session model=\"m\"\n");
}

static void
salvaged_lines (void)
{
	gives_salvaged ("{\"type\":\"assistant.message\"," CHAIN "}\n"
			"{\"type\":\"assistant.message_delta\"," CHAIN "}\n"
			"{\"type\":\"tool.execution_start\"," CHAIN "}\n"
			"{\"type\":\"tool.execution_complete\"," CHAIN "}\n"
			"{\"type\":\"session.info\"," CHAIN "}\n",
			"skip line=3\nskip line=4\nskip line=5\n");
}

static void
bad_lines_change_nothing (void)
{
	gives (MODEL "\n"
		     "x\n"
		     "[1]\n"
		     "{\"type\":\"session.tools_updated\",\"data\":{\"mod\n"
		     "{\"type\":\"session.future\",\"data\":{}}\n" RESULT,
	       "session model=\"m\"\n"
	       "unparsed line=2\n"
	       "unparsed line=3\n"
	       "unparsed line=4\n"
	       "skip line=5\n"
	       "session id=\"s\" model=\"m\"\n"
	       "result verdict=ok terminal\n");
}

/* More texts are open than are remembered, and ids are too long for it. */
static void
many_open_texts (void)
{
	char line[512];
	char out[8192];
	char id[300];
	size_t n = 0;
	int i;

	memset (id, 'i', sizeof id - 1);
	id[sizeof id - 1] = '\0';
	for (i = 0; i < (int) COPILOT_OPEN + 2; i++)
		n += (size_t) snprintf (
			out + n, sizeof out - n,
			LINE ("assistant.message_delta",
			      "\"messageId\":\"m%d\",\"deltaContent\":\"x\"") "\n",
			i);
	snprintf (line, sizeof line,
		  LINE ("assistant.message_delta",
			"\"messageId\":\"%s\",\"deltaContent\":\"x\""),
		  id);
	for (i = 0; i < 2; i++) {
		struct collect_opts opts = { 0 };
		char *found;

		snprintf (out + n, sizeof out - n, "%s\n%s\n",
			  i ? LINE ("model.call_start", "") : line,
			  LINE ("assistant.message_delta",
				"\"messageId\":\"n\",\"deltaContent\":\"y\""));
		found = collect_text (&linehook_plugin_1, out, strlen (out),
				      &opts);
		/* The first two are forgotten, all others are taken back. */
		TAP_EQ_INT (strstr (found, "id=\"m1\" text=\"\"") != NULL, 0);
		TAP_EQ_INT (strstr (found, "id=\"m2\" text=\"\"") != NULL, i);
		TAP_EQ_INT (strstr (found, "id=\"m17\" text=\"\"") != NULL, i);
		free (found);
	}
}

static void
probe_knows_its_own (void)
{
	TAP_EQ_INT (probe (MODEL), 1);
	TAP_EQ_INT (probe (LINE ("session.future", "")), 1);
	TAP_EQ_INT (probe (LINE ("abort", "")), 1);
	TAP_EQ_INT (probe ("{\"type\":\"session.start\",\"data\":{},\"id\":"
			   "\"e\",\"timestamp\":\"t\",\"parentId\":null}"),
		    1);
	TAP_EQ_INT (probe (RESULT), 1);
	/* Other programs print results, and lines in a chain. */
	TAP_EQ_INT (probe ("{\"type\":\"result\",\"sessionId\":\"s\","
			   "\"exitCode\":0}"),
		    0);
	TAP_EQ_INT (probe ("{\"type\":\"result\",\"session_id\":\"s\"}"), 0);
	TAP_EQ_INT (probe (LINE ("custom", "")), 0);
	TAP_EQ_INT (probe ("{\"type\":\"session.start\",\"id\":\"e\","
			   "\"timestamp\":\"t\",\"parentId\":null}"),
		    0);
	TAP_EQ_INT (probe ("{\"type\":\"session.start\",\"data\":{},\"id\":"
			   "\"e\",\"timestamp\":\"t\"}"),
		    0);
	TAP_EQ_INT (probe ("{\"type\":\"session.start\",\"data\":{},\"id\":1,"
			   "\"timestamp\":\"t\",\"parentId\":null}"),
		    0);
	TAP_EQ_INT (probe ("{\"type\":\"session.error\",\"data\":{},"
			   "\"timestamp\":1,\"sessionID\":\"s\"}"),
		    0);
	TAP_EQ_INT (probe ("{\"type\":\"thread.started\"}"), 0);
	TAP_EQ_INT (probe (""), 0);
}

static void
wrong_types_are_absent (void)
{
	static const char *const samples[] = {
		LINE ("session.start",
		      "\"sessionId\":\"s\",\"copilotVersion\":\"1\","
		      "\"selectedModel\":\"m\",\"context\":{\"cwd\":\"/\"}"),
		LINE ("session.model_change", "\"newModel\":\"m\""),
		LINE ("user.message", "\"content\":\"c\",\"source\":\"s\","
				      "\"messageId\":\"m\","
				      "\"isAutopilotContinuation\":true"),
		LINE ("assistant.message_delta",
		      "\"messageId\":\"m\",\"deltaContent\":\"c\","
		      "\"parentToolCallId\":\"p\""),
		LINE ("assistant.reasoning_delta",
		      "\"reasoningId\":\"r\",\"deltaContent\":\"c\""),
		LINE ("assistant.message",
		      "\"messageId\":\"m\",\"content\":\"c\",\"model\":\"m\","
		      "\"reasoningText\":\"t\",\"toolRequests\":[]"),
		LINE ("tool.execution_start",
		      "\"toolCallId\":\"c\",\"toolName\":\"n\",\"arguments\":"
		      "{\"path\":\"p\"},"
		      "\"mcpServerName\":\"s\""),
		LINE ("tool.execution_complete",
		      "\"toolCallId\":\"c\",\"success\":true,\"result\":"
		      "{\"content\":\"c\"},\"shellExecution\":{\"exitCode\":1},"
		      "\"fileEdits\":[{\"path\":\"p\"}]"),
		LINE ("tool.execution_complete",
		      "\"toolCallId\":\"c\",\"success\":false,\"error\":"
		      "{\"message\":\"m\",\"code\":\"denied\"}"),
		LINE ("session.info", "\"infoType\":\"t\",\"message\":\"m\""),
		LINE ("agent.interrupted", "\"toolCallIds\":[\"c\"]"),
		LINE ("assistant.idle", "\"aborted\":true"),
		LINE ("abort", "\"reason\":\"r\""),
		LINE ("assistant.turn_retry", "\"reason\":\"r\""),
		"{\"type\":\"subagent.started\",\"data\":{\"toolCallId\":\"c\","
		"\"agentName\":\"n\",\"agentDescription\":\"d\","
		"\"executionMode\":\"background\"},\"agentId\":\"a\"," CHAIN
		"}",
		RESULT,
		NULL,
	};
	static const struct wrong_place places[] = {
		{ "/data/arguments/path", LHK_FIELD_RAW },
		{ "/data/fileEdits/0/path", LHK_FIELD_RAW },
		{ "/data/toolCallIds/0", LHK_FIELD_RAW },
		{ "/data/error/message", LHK_FIELD_RAW },
		{ "/data/error/code", LHK_FIELD_RAW },
		{ NULL, 0 },
	};
	int n;

	n = wrong_types (&linehook_plugin_1, copilot_fields (), places,
			 samples);
	tap_note ("%d lines tried", n);
	CU_ASSERT (n > 1000);
}

static void
transcripts (void)
{
	goldens ("copilot", 12);
}

static void
steady_state (void)
{
	steady_is_free (&linehook_plugin_1, transcripts_of ("copilot"));
}

static const struct tap_case cases[] = {
	{ "a_resume_is_seen_wherever_its_words_stand", resumed_by_the_words },
	{ "key_order_is_free_and_the_last_duplicate_counts", order_is_free },
	{ "a_salvaged_text_or_call_makes_nothing_up", salvaged_lines },
	{ "lines_that_are_no_object_change_nothing", bad_lines_change_nothing },
	{ "open_texts_beyond_those_remembered_are_left_alone",
	  many_open_texts },
	{ "probe_accepts_only_copilot_lines", probe_knows_its_own },
	{ "a_wrong_type_in_any_field_is_as_good_as_absent",
	  wrong_types_are_absent },
	{ "transcripts_give_the_events_on_file", transcripts },
	{ "lines_like_those_before_allocate_nothing", steady_state },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("copilot_rules", cases);
}
