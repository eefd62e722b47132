/* SPDX-License-Identifier: MIT */
/* opencode_rules.c - the opencode plugin against rules for all lines. */
#include "config.h"

#include "opencode/opencode.h"
#include "plugins/gives.h"
#include "plugins/steady.h"
#include "plugins/wrong.h"

#define LINE(type, rest)                                                       \
	"{\"type\":\"" type "\",\"timestamp\":1795213218303,"                  \
	"\"sessionID\":\"ses_1\"" rest "}"
#define PART(type, members) LINE (type, ",\"part\":{" members "}")

static void
order_is_free (void)
{
	gives ("{\"part\":{\"text\":\"1\"},\"part\":{\"id\":\"p\"},\"x\":[{}],"
	       "\"sessionID\":\"s\",\"sessionID\":\"s2\",\"type\":\"error\","
	       "\"typ\\u0065\":\"text\"}",
	       "session id=\"s2\"\n"
	       "text role=assistant synthetic id=\"p\" text=\"\"\n");
}

static void
sessions (void)
{
	gives ("{\"type\":\"text\",\"part\":{\"text\":\"a\"}}\n"
	       "{\"type\":\"step_start\",\"sessionID\":\"s1\"}\n"
	       "{\"type\":\"step_start\",\"sessionID\":\"s2\"}\n",
	       "text role=assistant text=\"a\"\n"
	       "session id=\"s1\"\n");
	gives ("{\"type\":\"future\",\"sessionID\":\"s\"}",
	       "session id=\"s\"\nskip line=1\n");
}

static void
resumed_by_the_words (void)
{
	static const char *const yes[] = {
		"opencode run -s ses_1 x",
		"opencode run --continue x",
		"opencode run --session=ses_1 x",
		"npx -c opencode-ai@1.2 -c",
		"kilo run --session ses_1 x",
		"bunx @kilocode/cli run -s ses_1",
		"bun x opencode-ai run -c",
		"sh|-c|opencode run -s ses_1 x",
		"./agent.sh --session ses_1",
		"podman|exec|opencode|bash|-c|opencode run -s ses_1 x",
		NULL,
	};
	static const char *const no[] = { "opencode run x", "kilo run x",
					  NULL };
	static const char *const unknown[] = {
		/* the -c of a shell is not the program's */
		"sh|-c|opencode run x",
		"./agent.sh -s",
		NULL,
	};

	resumed_rows (yes, LINE ("step_start", ""),
		      "session id=\"ses_1\" resumed=1\n");
	resumed_rows (no, LINE ("step_start", ""),
		      "session id=\"ses_1\" resumed=-1\n");
	resumed_rows (unknown, LINE ("step_start", ""),
		      "session id=\"ses_1\"\n");
}

static void
huge_counts (void)
{
	gives (PART ("step_finish", "\"tokens\":{\"input\":9e99,\"output\":-5,"
				    "\"reasoning\":3,\"cache\":{\"read\":7,"
				    "\"write\":0}},\"cost\":1e99"),
	       "session id=\"ses_1\"\n"
	       "usage scope=call input=9223372036854775807 output=-1"
	       " cache_read=7 cache_write=0 reasoning=3 cost_nano_usd=9223372036854775807"
	       " cost_source=\"reported\"\n");
}

static void
salvaged_lines (void)
{
	gives_salvaged (LINE ("text", "") "\n" LINE ("tool_use", "") "\n",
			"session id=\"ses_1\"\nskip line=2\n");
}

static void
bad_lines_change_nothing (void)
{
	gives (LINE ("step_start",
		     "") "x\n"
			 "[1]\n"
			 "{\"type\":\"step_start\",\"sessionID\":\"ses\n"
			 "{\"type\":\"step_start\",\"sessionID\":\"s3\"}\n",
	       "unparsed line=1\n"
	       "unparsed line=2\n"
	       "unparsed line=3\n"
	       "session id=\"s3\"\n");
}

static void
probe_knows_its_own (void)
{
	TAP_EQ_INT (probe (LINE ("step_start", ",\"part\":{\"id\":\"p\"}")), 1);
	TAP_EQ_INT (probe (LINE ("step_start", ",\"part\":{}")), 0);
	TAP_EQ_INT (probe (LINE ("error", ",\"error\":{}")), 1);
	TAP_EQ_INT (probe (LINE ("error", "")), 0);
	TAP_EQ_INT (probe (LINE ("done", ",\"reason\":\"idle\"")), 0);
	TAP_EQ_INT (probe (LINE ("future", "")), 0);
	TAP_EQ_INT (probe ("{\"type\":\"text\",\"sessionID\":\"s\"}"), 0);
	TAP_EQ_INT (probe ("{\"type\":\"text\",\"sessionID\":\"s\","
			   "\"timestamp\":\"2026\"}"),
		    0);
	TAP_EQ_INT (probe ("{\"type\":\"error\",\"timestamp\":\"x\","
			   "\"severity\":\"error\"}"),
		    0);
	TAP_EQ_INT (probe ("{\"type\":\"turn.started\"}"), 0);
	TAP_EQ_INT (probe ("{\"type\":\"system\",\"session_id\":\"s\"}"), 0);
	TAP_EQ_INT (probe (""), 0);
}

static void
wrong_types_are_absent (void)
{
	static const char *const samples[] = {
		PART ("step_start", "\"id\":\"p\""),
		PART ("text", "\"id\":\"p\",\"text\":\"t\",\"synthetic\":true,"
			      "\"metadata\":{\"compaction_continue\":true}"),
		PART ("reasoning", "\"id\":\"p\",\"text\":\"t\""),
		PART ("tool_use",
		      "\"tool\":\"todowrite\",\"callID\":\"c\","
		      "\"state\":{\"status\":\"completed\",\"input\":{"
		      "\"todos\":[{\"content\":\"t\",\"status\":\"pending\"}]},"
		      "\"output\":\"o\",\"title\":\"T\",\"metadata\":{\"exit\":"
		      "1,\"truncated\":true}}"),
		PART ("tool_use",
		      "\"tool\":\"invalid\",\"callID\":\"c\","
		      "\"state\":{\"status\":\"error\",\"input\":{\"tool\":"
		      "\"x\"},\"error\":{\"name\":\"n\",\"data\":{\"message\":"
		      "\"The user rejected permission\"}},\"metadata\":"
		      "{\"interrupted\":true}}"),
		PART ("tool_use", "\"name\":\"write\",\"input\":{\"path\":"
				  "\"p\"},\"id\":\"i\""),
		PART ("step_finish",
		      "\"id\":\"p\",\"reason\":\"stop\","
		      "\"tokens\":{\"input\":1,\"output\":2,\"reasoning\":3,"
		      "\"cache\":{\"read\":4,\"write\":5}},\"cost\":0.1"),
		LINE ("error", ",\"error\":{\"name\":\"n\",\"data\":"
			       "{\"message\":\"m\"},\"message\":\"n\"}"),
		LINE ("done", ",\"reason\":\"idle\",\"rejected\":[\"bash\"]"),
		NULL,
	};
	static const struct wrong_place places[] = {
		{ "/part/state/input/todos", LHK_FIELD_RAW },
		{ "/part/state/input/todos/0/content", LHK_FIELD_RAW },
		{ "/part/state/input/tool", LHK_FIELD_RAW },
		{ "/part/state/error/data/message", LHK_FIELD_TEXT },
		{ "/error/name", LHK_FIELD_RAW },
		{ "/error/data/message", LHK_FIELD_RAW },
		{ "/error/message", LHK_FIELD_RAW },
		{ "/rejected/0", LHK_FIELD_RAW },
		{ NULL, 0 },
	};
	int n;

	n = wrong_types (&linehook_plugin_1, opencode_fields (), places,
			 samples);
	tap_note ("%d lines tried", n);
	CU_ASSERT (n > 1000);
}

static void
transcripts (void)
{
	goldens ("opencode", 12);
}

static void
steady_state (void)
{
	steady_is_free (&linehook_plugin_1, transcripts_of ("opencode"));
}

static const struct tap_case cases[] = {
	{ "a_resume_is_seen_wherever_its_words_stand", resumed_by_the_words },
	{ "key_order_is_free_and_the_last_duplicate_counts", order_is_free },
	{ "the_session_is_told_by_the_first_line_that_names_it", sessions },
	{ "huge_counts_saturate_and_negative_ones_are_told", huge_counts },
	{ "a_salvaged_text_or_call_makes_nothing_up", salvaged_lines },
	{ "lines_that_are_no_object_change_nothing", bad_lines_change_nothing },
	{ "probe_accepts_only_opencode_lines", probe_knows_its_own },
	{ "a_wrong_type_in_any_field_is_as_good_as_absent",
	  wrong_types_are_absent },
	{ "transcripts_give_the_events_on_file", transcripts },
	{ "lines_like_those_before_allocate_nothing", steady_state },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("opencode_rules", cases);
}
