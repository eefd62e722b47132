/* SPDX-License-Identifier: MIT */
/* pi_rules.c - the pi plugin against rules that hold for all lines. */
#include "config.h"

#include "pi/pi.h"
#include "plugins/gives.h"
#include "plugins/steady.h"
#include "plugins/wrong.h"

/* clang-format off: lines as they are printed */
#define SESSION                                                                \
	"{\"type\":\"session\",\"version\":3,\"id\":\"s1\","                   \
	"\"timestamp\":\"2026-11-29T22:59:02.315Z\",\"cwd\":\"/w\"}"
#define DELTA(rest)                                                            \
	"{\"type\":\"message_update\",\"usage\":{\"input\":0},"                \
	"\"assistantMessageEvent\":{\"type\":\"text_delta\","                  \
	"\"contentIndex\":0" rest "}}"
#define END(members)                                                           \
	"{\"type\":\"message_end\",\"message\":{" members ",\"timestamp\":1}}"
#define RESULT                                                                 \
	"{\"content\":[{\"type\":\"text\",\"text\":\"o\"}],"                   \
	"\"structuredContent\":{\"output\":\"o\",\"truncated\":true,"          \
	"\"exit_code\":3},\"details\":{\"truncation\":{\"truncated\":true}},"  \
	"\"usage\":{\"input\":1}}"
#define CALL(when, rest)                                                       \
	"{\"type\":\"tool_execution_" when "\",\"toolCallId\":\"c\","          \
	"\"toolName\":\"bash\"" rest "}"
/* clang-format on */

static void
order_is_free (void)
{
	gives ("{\"x\":[{}],\"assistantMessageEvent\":{\"delta\":\"1\"},"
	       "\"assistantMessageEvent\":{\"delta\":\"2\",\"contentIndex\":3,"
	       "\"type\":\"text_delta\"},\"typ\\u0065\":\"message_update\"}",
	       "text role=assistant delta id=\"m1.3\" text=\"2\"\n");
}

/* The cache must not take a line with another skeleton for a known one. */
static void
shapes (void)
{
	gives (DELTA (",\"delta\":\"a\"") "\n" DELTA (",\"delta\":\"b\"") "\n" DELTA (
		       ",\"delta\":\"c\","
		       "\"x\":1") "\n" DELTA (",\"delta\":\"\\ud83d\\\\\\\"\"") "\n" DELTA (",\"delta\":\"d\\q\"") "\n" DELTA (",\"delta\":7") "\n" DELTA (",\"delta\":\"e\"") "\n",
	       "text role=assistant delta id=\"m1.0\" text=\"a\"\n"
	       "text role=assistant delta id=\"m1.0\" text=\"b\"\n"
	       "text role=assistant delta id=\"m1.0\" text=\"c\"\n"
	       "text role=assistant delta id=\"m1.0\""
	       " text=\"\xef\xbf\xbd\\\\\\\"\"\n"
	       "unparsed line=5\n"
	       "text role=assistant delta id=\"m1.0\" text=\"e\"\n");
}

static void
resumed_by_the_words (void)
{
	static const char *const yes[] = {
		"pi --mode json -c x",
		"pi --mode json --continue x",
		"pi --session s1 --mode json x",
		"pi --fork s1 --mode json x",
		"npx -c @earendil-works/pi-coding-agent -c",
		"node /x/pi-coding-agent/dist/cli.js --resume",
		"sh|-c|pi --mode json --session s1 x",
		NULL,
	};
	static const char *const no[] = { "pi --mode json x",
					  "pi --mode json -- -c", NULL };
	static const char *const unknown[] = {
		/* the -c of a shell is not the program's */
		"sh|-c|pi --mode json x",
		NULL,
	};

	resumed_rows (yes, SESSION, "session id=\"s1\" cwd=\"/w\" resumed=1\n");
	resumed_rows (no, SESSION, "session id=\"s1\" cwd=\"/w\" resumed=-1\n");
	resumed_rows (unknown, SESSION, "session id=\"s1\" cwd=\"/w\"\n");
}

static void
huge_counts (void)
{
	gives (END ("\"role\":\"assistant\",\"usage\":{\"input\":9e99,"
		    "\"output\":-5,\"cacheRead\":7,\"cacheWrite\":0,"
		    "\"reasoning\":3,\"cost\":{\"total\":1e99}}"),
	       "usage scope=call id=\"m1\" input=9223372036854775807 output=-5"
	       " cache_read=7 cache_write=0 reasoning=3"
	       " cost_nano_usd=9223372036854775807"
	       " cost_source=\"reported\"\n");
}

/* Of a message that was too long four times only the deltas and the numbers are
 * left, and what comes after it. */
static void
salvaged_lines (void)
{
	gives_salvaged (
		"{\"type\":\"message_update\",\"usage\":{\"input\":1,"
		"\"output\":2,\"cacheRead\":3,\"cacheWrite\":0}}\n"
		"{\"type\":\"message_end\"}\n{\"type\":\"message_end\"}\n"
		"{\"type\":\"turn_end\"}\n{\"type\":\"agent_end\"}\n"
		"{\"type\":\"agent_settled\",\"aborted\":false}\n" CALL (
			"start", "") "\n" CALL ("end",
						",\"isError\":true") "\n",
		"usage scope=call id=\"m1\" input=4 output=2 cache_read=3"
		" cache_write=0\n"
		"result verdict=ok terminal\n"
		"tool status=in_progress type=execute id=\"c\""
		" name=\"bash\"\n"
		"tool status=failed type=execute truncated id=\"c\""
		" name=\"bash\"\n");
}

static void
bad_lines_change_nothing (void)
{
	gives (SESSION "x\n[1]\n{\"type\":\"session\",\"id\":\"ses\n" DELTA (
		       ",\"delta\":\"a\""),
	       "unparsed line=1\nunparsed line=2\nunparsed line=3\n"
	       "text role=assistant delta id=\"m1.0\" text=\"a\"\n");
}

/* The events of a message that failed for LEN times the letter e. */
static char *
events_of_error (size_t len)
{
	char line[4096], error[2048];

	memset (error, 'e', len);
	error[len] = '\0';
	snprintf (line, sizeof line,
		  END ("\"role\":\"assistant\",\"stopReason\":\"error\","
		       "\"errorMessage\":\"%s\"") "\n%s",
		  error, "{\"type\":\"agent_settled\"}\n");
	return collect_text (&linehook_plugin_1, line, strlen (line), NULL);
}

static void
long_errors_are_cut (void)
{
	char *whole = events_of_error (PI_ERROR_MAX);
	char *cut = events_of_error (PI_ERROR_MAX + 1);
	char *shorter = events_of_error (PI_ERROR_MAX - 1);

	TAP_EQ_STR (cut, whole);
	CU_ASSERT_STRING_NOT_EQUAL (shorter, whole);
	free (whole);
	free (cut);
	free (shorter);
}

static void
probe_knows_its_own (void)
{
	static const char *const own[] = {
		SESSION,
		DELTA (""),
		"{\"type\":\"message_start\",\"message\":{\"role\":\"user\","
		"\"timestamp\":1}}",
		CALL ("start", ""),
		"{\"type\":\"agent_end\",\"messages\":[],\"willRetry\":false}",
		"{\"type\":\"agent_settled\",\"aborted\":false}",
		"{\"type\":\"auto_retry_start\",\"attempt\":1,"
		"\"maxAttempts\":3,\"delayMs\":2000}",
	};
	static const char *const others[] = {
		"",
		"{\"type\":\"session\",\"id\":\"s\"}",
		"{\"type\":\"session\",\"id\":\"s\",\"cwd\":\"/\","
		"\"timestamp\":\"t\",\"version\":\"1.0\"}",
		"{\"type\":\"agent_start\"}",
		"{\"type\":\"turn_start\"}",
		"{\"type\":\"turn_end\",\"message\":{\"role\":\"assistant\"}}",
		"{\"type\":\"agent_end\"}",
		"{\"type\":\"agent_settled\"}",
		"{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\","
		"\"type\":\"message\",\"role\":\"assistant\",\"content\":[],"
		"\"stop_reason\":null,\"usage\":{\"input_tokens\":1}}}",
		"{\"type\":\"message_delta\",\"usage\":{\"output_tokens\":1}}",
		"{\"type\":\"message_update\"}",
		"{\"type\":\"tool_execution_start\",\"toolName\":\"bash\"}",
		"{\"type\":\"tool_use\",\"toolCallId\":\"c\","
		"\"toolName\":\"bash\"}",
		"{\"type\":\"system\",\"session_id\":\"s\"}",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (own); i++)
		TAP_EQ_INT (probe (own[i]), 1);
	for (i = 0; i < ARRAY_SIZE (others); i++)
		TAP_EQ_INT (probe (others[i]), 0);
}

#define USAGE                                                                  \
	"\"usage\":{\"input\":1,\"output\":2,\"cacheRead\":3,"                 \
	"\"cacheWrite\":4,\"reasoning\":5,\"cost\":{\"total\":0.1}}"

static void
wrong_types_are_absent (void)
{
	static const char *const samples[] = {
		SESSION,
		DELTA (",\"delta\":\"t\",\"content\":\"t\""),
		"{\"type\":\"message_update\"," USAGE "}",
		END ("\"role\":\"assistant\",\"content\":[{\"type\":\"text\","
		     "\"text\":\"t\"},{\"type\":\"thinking\",\"thinking\":"
		     "\"h\"}],\"model\":\"m\"," USAGE ",\"stopReason\":"
		     "\"error\",\"errorMessage\":\"e\",\"rawStopReason\":"
		     "\"content_filter\""),
		END ("\"role\":\"custom\",\"content\":\"t\",\"display\":true"),
		"{\"type\":\"message_start\",\"message\":{\"role\":"
		"\"assistant\",\"model\":\"m\"}}",
		CALL ("start", ",\"args\":{\"command\":\"ls\"}"),
		CALL ("update", ",\"partialResult\":" RESULT),
		CALL ("end", ",\"result\":" RESULT ",\"isError\":true,"
			     "\"durationMs\":1"),
		"{\"type\":\"agent_end\",\"messages\":[],\"willRetry\":true}",
		"{\"type\":\"agent_settled\",\"aborted\":true}",
		"{\"type\":\"auto_retry_start\",\"attempt\":1,"
		"\"maxAttempts\":3,\"delayMs\":2000,\"errorMessage\":\"e\"}",
		"{\"type\":\"compaction_end\",\"result\":{" USAGE "},"
		"\"aborted\":false}",
		NULL,
	};
	static const struct wrong_place places[] = {
		{ "/message/content/0/type", LHK_FIELD_TEXT },
		{ "/message/content/0/text", LHK_FIELD_TEXT },
		{ "/message/content/1/thinking", LHK_FIELD_TEXT },
		{ "/result/content/0/text", LHK_FIELD_TEXT },
		{ "/partialResult/content/0/text", LHK_FIELD_TEXT },
		{ "/args/command", LHK_FIELD_RAW },
		{ NULL, 0 },
	};
	int n;

	n = wrong_types (&linehook_plugin_1, pi_fields (), places, samples);
	tap_note ("%d lines tried", n);
	CU_ASSERT (n > 1000);
}

static void
transcripts (void)
{
	goldens ("pi", 20);
}

static void
steady_state (void)
{
	steady_is_free (&linehook_plugin_1, transcripts_of ("pi"));
}

static const struct tap_case cases[] = {
	{ "key_order_is_free_and_the_last_duplicate_counts", order_is_free },
	{ "the_shape_cache_never_changes_a_result", shapes },
	{ "a_resume_is_seen_wherever_its_words_stand", resumed_by_the_words },
	{ "huge_counts_saturate_and_negative_ones_are_told", huge_counts },
	{ "a_message_that_is_too_long_ends_and_its_usage_counts",
	  salvaged_lines },
	{ "lines_that_are_no_object_change_nothing", bad_lines_change_nothing },
	{ "a_long_error_is_cut", long_errors_are_cut },
	{ "probe_accepts_only_lines_of_pi", probe_knows_its_own },
	{ "a_wrong_type_in_any_field_is_as_good_as_absent",
	  wrong_types_are_absent },
	{ "transcripts_give_the_events_on_file", transcripts },
	{ "lines_like_those_before_allocate_nothing", steady_state },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("pi_rules", cases);
}
