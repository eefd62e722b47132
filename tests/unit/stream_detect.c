/* SPDX-License-Identifier: MIT */
/* stream_detect.c - a stream whose plugin the lines tell, and one whose lines
 * are not of its plugin's format. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/stream_fixture.h"
#include "lib/tap.h"

#define MINE "{\"mine\":1}"

static int
probe_mine (const char *data, size_t len)
{
	return len >= sizeof MINE - 1
	       && memcmp (data, MINE, sizeof MINE - 1) == 0;
}

/* The fixture, and a plugin "mine" whose probe accepts MINE. */
struct detect_fixture {
	struct stream_fixture r;
	struct lhk_plugin mine;
	const struct lhk_plugin_ref *chosen;
	size_t line_max; /* that on_plugin returns */
};

/* The stream's user is the fixture, which is the first member. */
static size_t
on_plugin (void *user, const struct lhk_plugin_ref *ref)
{
	struct detect_fixture *f = user;

	f->chosen = ref;
	return f->line_max;
}

static void
init (struct detect_fixture *f)
{
	memset (f, 0, sizeof *f);
	stream_fixture_init (&f->r, 0);
	f->mine = mock_plugin;
	f->mine.name = "mine";
	f->mine.provider = "my";
	f->mine.probe = probe_mine;
	TAP_EQ_INT (lhk_host_add_plugin (f->r.host, &f->mine, &f->r.err),
		    LHK_OK);
	f->r.opts.on_plugin = on_plugin;
	f->r.opts.flags = LHK_STREAM_DETECT;
}

static void
start (struct detect_fixture *f)
{
	init (f);
	TAP_EQ_INT (stream_fixture_start (&f->r, "plain"), LHK_OK);
}

static void
first_line (void)
{
	struct detect_fixture f;
	const struct lhk_result *result;

	start (&f);
	TAP_EQ_STR (f.r.events.text, "");
	stream_fixture_write (&f.r, MINE "\nr\n");
	TAP_EQ_STR (f.r.events.text, "run mine\ntext " MINE "\nresult ok\n");
	TAP_EQ_STR (lhk_plugin_ref_name (f.chosen), "mine");
	result = stream_fixture_finish (&f.r);
	TAP_EQ_INT (result->verdict, LHK_VERDICT_OK);
	stream_fixture_done (&f.r);
}

static void
noise_before (void)
{
	struct detect_fixture f;
	const struct lhk_result *result;

	start (&f);
	stream_fixture_write (&f.r, "a banner\n\n\x1b[1mbold\n" MINE "\nr\n");
	TAP_EQ_STR (f.r.events.text,
		    "run mine\nnotice plugin line=4\ntext " MINE
		    "\nresult ok\n");
	TAP_EQ_INT (event_log_data_number (&f.r.events, "first_line"), 4);
	result = stream_fixture_finish (&f.r);
	TAP_EQ_INT (result->stats.unparsed, 3);
	TAP_EQ_INT (result->outcome.flags, 0);
	TAP_EQ_INT (stream_fixture_logs (&f.r, "unparsed"), 0);
	stream_fixture_done (&f.r);
}

/* An object that no probe accepts may be one of the plugin's all the same. */
static void
objects_before (void)
{
	struct detect_fixture f;

	start (&f);
	stream_fixture_write (&f.r, "{\"a\":1}\n" MINE "\n");
	TAP_EQ_STR (f.r.events.text,
		    "run mine\nnotice plugin line=2\ntext {\"a\":1}\ntext " MINE
		    "\n");
	TAP_EQ_STR (
		f.r.events.notice,
		"the output is from my, so plugin 'mine' reads it from line 1 on");
	TAP_EQ_INT (event_log_data_number (&f.r.events, "first_line"), 1);
	stream_fixture_done (&f.r);
	start (&f);
	stream_fixture_write (&f.r, "a {\"b\"} c\n?b {\"a\":1}\nc\n" MINE "\n");
	TAP_EQ_STR (
		f.r.events.notice,
		"the output is from my, so plugin 'mine' reads it from line 2 "
		"on; the lines before it are not in that format");
	TAP_EQ_INT (event_log_count (&f.r.events, "text repaired {\"a\":1}"),
		    1);
	TAP_EQ_INT (stream_fixture_stats (&f.r).unparsed, 2);
	stream_fixture_done (&f.r);
}

static void
dressed_line (void)
{
	static const char *const lines[] = {
		"  \t" MINE "\n",
		"\x1b[0m" MINE "\n",
		"\x1b]0;title\a" MINE "\n",
		"\x1b[32m" MINE "\x1b[0m\r\n",
		MINE " done\n",
		"x\n\xef\xbb\xbf" MINE "\n",
		"agent-1  | " MINE "\n",
		"data: " MINE "\r\n",
		"- working\r\x1b[K" MINE "\n",
		"\x1b]0;title " MINE "\n",
		"{\"a\":1}" MINE "\n",
		"{\"a\":1}\r" MINE "\r",
		"{\"a\":\"torn" MINE "\n",
		"[" MINE "]\n",
		"[ {\"a\":1}, " MINE " ]\n",
		"[\n" MINE ",\n",
		"[{\"a\":1}\n," MINE "\n]\n",
		"x: [" MINE "]\n",
		"\x1b[1m{"
		"\x1b[0m\"mine\""
		"\x1b[1m:\x1b[0m1}\n",
		MINE, /* unterminated */
	};
	size_t i;

	for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct detect_fixture f;

		start (&f);
		stream_fixture_write (&f.r, lines[i]);
		stream_fixture_finish (&f.r);
		CU_ASSERT_PTR_NOT_NULL (f.chosen);
		stream_fixture_done (&f.r);
	}
}

static void
never (void)
{
	struct detect_fixture f;
	const struct lhk_result *result;

	start (&f);
	stream_fixture_write (&f.r, "one\n{\"a\":1}\nsay " MINE " now\n"
				    "{\"a\":" MINE "}\n\"" MINE "\"\n");
	TAP_EQ_STR (f.r.events.text, "");
	result = stream_fixture_finish (&f.r);
	TAP_EQ_STR (f.r.events.text,
		    "run plain\ntext one\ntext {\"a\":1}\n"
		    "text say " MINE " now\ntext {\"a\":" MINE "}\n"
		    "text \"" MINE "\"\nfinal ok\n");
	TAP_EQ_INT (result->stats.unparsed, 0);
	CU_ASSERT_PTR_NULL (f.chosen);
	stream_fixture_done (&f.r);
}

/* Released, lines go out as they come; what they said is not the answer. */
static void
released (void)
{
	struct detect_fixture f;
	const struct lhk_result *result;

	start (&f);
	stream_fixture_write (&f.r, "one\n");
	TAP_EQ_INT (lhk_stream_release (f.r.stream), LHK_OK);
	TAP_EQ_STR (f.r.events.text, "run plain\ntext one\n");
	stream_fixture_write (&f.r, "two\n");
	TAP_EQ_STR (f.r.events.text, "run plain\ntext one\ntext two\n");
	stream_fixture_write (&f.r, MINE "\nx\n");
	TAP_EQ_STR (
		f.r.events.text,
		"run plain\ntext one\ntext two\nnotice plugin line=3\ntext " MINE
		"\nresult failed\n");
	TAP_EQ_INT (lhk_stream_release (f.r.stream), LHK_OK);
	result = stream_fixture_finish (&f.r);
	TAP_EQ_INT (result->verdict, LHK_VERDICT_FAILED);
	CU_ASSERT (result->text.len == sizeof MINE - 1);
	stream_fixture_done (&f.r);
}

/* Without an answer of its own it has none of another plugin's either. */
static void
no_answer_of_another (void)
{
	struct detect_fixture f;
	const struct lhk_result *result;

	start (&f);
	f.mine.probe = NULL;
	stream_fixture_write (&f.r, "one\n");
	TAP_EQ_INT (lhk_stream_release (f.r.stream), LHK_OK);
	stream_fixture_write (&f.r, "two\n" MINE "\n");
	event_log_clear (&f.r.events);
	stream_fixture_write (&f.r, "oTool\nx\n");
	result = stream_fixture_finish (&f.r);
	TAP_EQ_INT (result->verdict, LHK_VERDICT_FAILED);
	TAP_EQ_INT (result->tools_started, 1);
	stream_fixture_done (&f.r);
}

static void
held_bytes (void)
{
	struct detect_fixture f;
	int i;

	start (&f);
	for (i = 0; i < 7000; i++)
		stream_fixture_write (&f.r, "eight..\n");
	TAP_EQ_STR (f.r.events.text, "");
	for (i = 0; i < 2000; i++)
		stream_fixture_write (&f.r, "eight..\n");
	TAP_EQ_INT (f.r.events.n, 9001);
	CU_ASSERT (f.r.memory.held < 4 * 65536);
	stream_fixture_done (&f.r);
}

/* A host that has something to say does not wait. */
static void
own_notice (void)
{
	struct detect_fixture f;

	start (&f);
	stream_fixture_write (&f.r, "one\n");
	TAP_EQ_INT (lhk_stream_notice (f.r.stream, LHK_LOG_WARN, "stall", "x"),
		    LHK_OK);
	TAP_EQ_STR (f.r.events.text, "run plain\ntext one\nnotice stall\n");
	stream_fixture_done (&f.r);
}

static void
write_pad (struct detect_fixture *f)
{
	char pad[9000];

	memset (pad, 'x', sizeof pad - 1);
	pad[sizeof pad - 1] = '\0';
	stream_fixture_write (&f->r, pad);
}

static void
write_oversize (struct detect_fixture *f)
{
	stream_fixture_write (&f->r, "{\"mine\":1,\"b\":\"");
	write_pad (f);
	stream_fixture_write (&f->r, "\"}\n");
}

static void
oversize_line (void)
{
	struct detect_fixture f;

	init (&f);
	f.r.opts.line_max = 4096;
	f.line_max = 16384;
	TAP_EQ_INT (stream_fixture_start (&f.r, "plain"), LHK_OK);
	write_oversize (&f);
	TAP_EQ_STR (f.r.events.text, "run mine\nnotice oversize line=1\n"
				     "text salvaged " MINE "\n");
	/* a plugin of its own cap */
	stream_fixture_write (&f.r, "t");
	write_pad (&f);
	stream_fixture_write (&f.r, "\n");
	TAP_EQ_INT (event_log_count (&f.r.events, "text 8999 bytes"), 1);
	stream_fixture_done (&f.r);
}

/* A long line of text, and only then a line that tells. */
static void
oversize_before (void)
{
	const struct lhk_result *result;
	struct detect_fixture f;

	init (&f);
	f.r.opts.line_max = 4096;
	TAP_EQ_INT (stream_fixture_start (&f.r, "plain"), LHK_OK);
	write_pad (&f);
	stream_fixture_write (&f.r, "\n" MINE "\nr\n");
	TAP_EQ_STR (lhk_plugin_ref_name (f.chosen), "mine");
	result = stream_fixture_finish (&f.r);
	TAP_EQ_INT (result->verdict, LHK_VERDICT_OK);
	TAP_EQ_INT (result->complete_usage, 0);
	CU_ASSERT (result->outcome.flags & LHK_FLAG_DEGRADED);
	stream_fixture_done (&f.r);
}

/* What is saved of a line that was held back is not what was saved of the long
 * one. */
static void
deep_before_oversize (void)
{
	struct detect_fixture f;
	char line[600];

	snprintf (line, sizeof line, "{\"a\":1,\"b\":[%400s]}\n", "");
	memset (strchr (line, ' '), '[', 200);
	memset (strchr (line, ' '), ']', 200);
	init (&f);
	f.r.opts.line_max = 4096;
	TAP_EQ_INT (stream_fixture_start (&f.r, "plain"), LHK_OK);
	stream_fixture_write (&f.r, line);
	write_oversize (&f);
	TAP_EQ_STR (f.r.events.text,
		    "run mine\nnotice plugin line=2\n"
		    "notice unparsed line=1\ntext salvaged {\"a\":1}\n"
		    "notice oversize line=2\ntext salvaged " MINE "\n");
	stream_fixture_done (&f.r);
}

/* What the host says of an output, or "". */
static const char *
unknown_lines (struct detect_fixture *f, const char *output)
{
	start (f);
	stream_fixture_write (&f->r, output);
	stream_fixture_finish (&f->r);
	CU_ASSERT_PTR_NULL (f->chosen);
	return f->r.events.notice;
}

static void
agent_of_no_plugin (void)
{
	static const char said[] =
		"no plugin recognises the JSON lines in the output, so they "
		"are read as text; see linehook plugins";
	static const struct {
		const char *output;
		const char *notice;
	} cases[] = {
		{ "{\"type\":\"init\"}\n", said },
		{ "agent | {\"id\":[1],\"type\":\"x\"}\n", said },
		{ "{\"a\":1}\n{\"a\":1}{\"type\":\"x\"}\n", said },
		{ "{\"a\":1}\n{\"level\":\"info\"}\n", "" },
		{ "{\"type\":1}\n{\"a\":{\"type\":\"x\"}}\n", "" },
		{ "type\n", "" },
	};
	struct detect_fixture f;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		TAP_EQ_STR (unknown_lines (&f, cases[i].output),
			    cases[i].notice);
		stream_fixture_done (&f.r);
	}
}

/* ---- a plugin that was named ---- */

static int
text_is (const struct lhk_text *text, const char *want)
{
	if (text->len == strlen (want)
	    && memcmp (text->ptr, want, text->len) == 0)
		return 1;
	tap_note ("found: %.*s", (int) text->len, text->ptr);
	return 0;
}

static int
skip_line (void *handle, const struct lhk_line *line)
{
	(void) handle;
	(void) line;
	return LHK_SKIP;
}

/* HINT NULL: a plugin that knows no line at all. */
static void
open_hinted (struct detect_fixture *f, const char *hint)
{
	init (f);
	f->r.opts.flags = 0;
	f->mine.name = "hinted";
	f->mine.provider = "hints";
	f->mine.probe = NULL;
	f->mine.hint = hint;
	if (hint == NULL)
		f->mine.line_hook = skip_line;
	TAP_EQ_INT (lhk_host_add_plugin (f->r.host, &f->mine, &f->r.err),
		    LHK_OK);
	TAP_EQ_INT (stream_fixture_start (&f->r, "hinted"), LHK_OK);
}

static void
plain_text (void)
{
	struct detect_fixture f;
	const struct lhk_result *result;

	open_hinted (&f, "add --json");
	stream_fixture_write (&f.r, "?The answer\n\n?is 42.\n");
	result = stream_fixture_finish (&f.r);
	CU_ASSERT (text_is (&result->error,
			    "no line of the output is in the format of hints: "
			    "add --json"));
	CU_ASSERT (text_is (&result->text, "?The answer\n?is 42."));
	TAP_EQ_INT (result->verdict, LHK_VERDICT_TRUNCATED);
	stream_fixture_done (&f.r);
}

static void
lines_of_another (void)
{
	struct detect_fixture f;
	const struct lhk_result *result;

	open_hinted (&f, NULL);
	stream_fixture_write (&f.r, "noise\n " MINE "\n");
	result = stream_fixture_finish (&f.r);
	CU_ASSERT (text_is (&result->error,
			    "no line of the output is in the format of hints; "
			    "the lines look like those of my; use -p mine"));
	stream_fixture_done (&f.r);
}

static int
probe_none (const char *data, size_t len)
{
	(void) data;
	(void) len;
	return 0;
}

static int
refuse_text (void *handle, const struct lhk_line *line)
{
	(void) handle;
	return *line->data == '{' ? LHK_SKIP : LHK_EPARSE;
}

static void
lines_of_another_behind_text (void)
{
	struct detect_fixture f;
	const struct lhk_result *result;

	init (&f);
	f.r.opts.flags = 0;
	f.mine.name = "hinted";
	f.mine.provider = "hints";
	f.mine.probe = probe_none;
	f.mine.line_hook = refuse_text;
	TAP_EQ_INT (lhk_host_add_plugin (f.r.host, &f.mine, &f.r.err), LHK_OK);
	TAP_EQ_INT (stream_fixture_start (&f.r, "hinted"), LHK_OK);
	stream_fixture_write (&f.r, "agent-1  | " MINE "\n");
	result = stream_fixture_finish (&f.r);
	CU_ASSERT (text_is (&result->error,
			    "the output looks like that of my and not that "
			    "of hints; use -p mine"));
	stream_fixture_done (&f.r);
}

static void
one_line_is_enough (void)
{
	struct detect_fixture f;
	const struct lhk_result *result;

	open_hinted (&f, "add --json");
	stream_fixture_write (&f.r, "?noise\ntanswer\n");
	result = stream_fixture_finish (&f.r);
	CU_ASSERT_PTR_NULL (result->error.ptr);
	CU_ASSERT (text_is (&result->text, "answer"));
	stream_fixture_done (&f.r);
}

static void
nothing_at_all (void)
{
	struct detect_fixture f;
	const struct lhk_result *result;

	open_hinted (&f, "add --json");
	stream_fixture_write (&f.r, "\n  \n");
	result = stream_fixture_finish (&f.r);
	CU_ASSERT_PTR_NULL (result->error.ptr);
	stream_fixture_done (&f.r);
}

/* ---- UTF-16 ---- */

static void
wide (const char *bytes, size_t len, size_t chunk)
{
	struct stream_fixture r;
	const struct lhk_result *result;

	stream_fixture_open (&r, "mock");
	stream_fixture_feed (&r, bytes, len, chunk);
	TAP_EQ_STR (r.events.text, "run mock\nnotice unparsed\n");
	result = stream_fixture_finish (&r);
	CU_ASSERT (result->error.len > 0
		   && strstr (result->error.ptr, "UTF-16") != NULL);
	TAP_EQ_INT (result->verdict, LHK_VERDICT_TRUNCATED);
	TAP_EQ_INT (result->stats.unparsed, 0);
	stream_fixture_done (&r);
}

static void
wide_bytes (void)
{
	static const char little[] = "\xff\xfe{\0a\0\n\0";
	static const char big[] = "\xfe\xff\0{\0a\0\n";
	size_t chunk;

	for (chunk = 0; chunk < 4; chunk++) {
		wide (little, sizeof little - 1, chunk);
		wide (big, sizeof big - 1, chunk);
	}
}

/* Half a mark is none, and a plugin that takes any text gets it. */
static void
not_wide (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_feed (&r, "{\"a\":1}\n", 8, 1);
	TAP_EQ_STR (r.events.text, "run mock\ntext {\"a\":1}\n");
	stream_fixture_done (&r);
	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "\xff");
	stream_fixture_finish (&r);
	TAP_EQ_INT (stream_fixture_stats (&r).unparsed, 1);
	stream_fixture_done (&r);
	stream_fixture_open (&r, "plain");
	stream_fixture_feed (&r, "\xff\xfe\n", 3, 0);
	TAP_EQ_INT (r.events.kinds[LHK_EV_TEXT], 1);
	stream_fixture_done (&r);
}

/* ---- without memory ---- */

static int
scenario (uint64_t fail_at)
{
	struct detect_fixture f;
	int r;

	init (&f);
	f.r.memory.fail_at = f.r.memory.calls + fail_at;
	r = stream_fixture_start (&f.r, "plain");
	if (r == LHK_OK) {
		stream_fixture_write (&f.r, "one\n{\"a\":1}\n" MINE "\nr\n");
		stream_fixture_finish (&f.r);
		TAP_EQ_INT (f.r.events.final, 1);
	} else {
		TAP_EQ_INT (r, LHK_ENOMEM);
	}
	r = f.r.memory.failed == 0;
	stream_fixture_done (&f.r);
	return r;
}

static void
no_memory (void)
{
	uint64_t n;

	for (n = 1; n < 200 && !scenario (n); n++)
		;
	CU_ASSERT (n > 10 && n < 200);
}

static const struct tap_case cases[] = {
	{ "a_first_line_that_is_accepted_gives_the_header", first_line },
	{ "lines_before_it_are_noise", noise_before },
	{ "objects_before_it_are_read_too", objects_before },
	{ "what_recovery_sees_through_is_seen_through", dressed_line },
	{ "what_no_probe_accepts_is_read_by_the_plugin_of_the_stream", never },
	{ "released_lines_are_delivered_and_still_offered", released },
	{ "the_answer_of_another_plugin_is_forgotten", no_answer_of_another },
	{ "what_is_held_back_is_bounded", held_bytes },
	{ "a_notice_of_the_host_does_not_wait", own_notice },
	{ "an_oversize_line_is_offered_by_what_was_saved_and_caps_may_change",
	  oversize_line },
	{ "an_oversize_line_before_it_is_not_forgotten", oversize_before },
	{ "lines_like_those_of_an_agent_that_no_plugin_knows_are_told",
	  agent_of_no_plugin },
	{ "a_deep_line_that_was_held_does_not_cost_what_was_saved",
	  deep_before_oversize },
	{ "text_where_lines_were_due_is_the_text_and_the_hint_is_told",
	  plain_text },
	{ "lines_of_another_plugin_are_told", lines_of_another },
	{ "also_behind_text", lines_of_another_behind_text },
	{ "one_line_of_the_format_is_enough", one_line_is_enough },
	{ "an_empty_output_is_of_no_other_format", nothing_at_all },
	{ "utf16_is_refused_by_name", wide_bytes },
	{ "half_a_mark_of_utf16_is_none", not_wide },
	{ "detection_survives_the_failure_of_every_allocation", no_memory },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("stream_detect", cases);
}
