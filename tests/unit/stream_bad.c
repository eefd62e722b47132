/* SPDX-License-Identifier: MIT */
/* stream_bad.c - tests of lhk_stream_*: lines and plugins gone wrong. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/stream_fixture.h"
#include "lib/tap.h"
#include "run/stream.h"

static void
staged (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "p\ntgood\n");
	TAP_EQ_STR (r.events.text, "run mock\nnotice unparsed line=1\n"
				   "text good\n");
	TAP_EQ_INT (stream_fixture_stats (&r).unparsed, 1);
	TAP_EQ_INT (stream_fixture_stats (&r).plugin_errors, 0);
	stream_fixture_done (&r);
}

/* The event before a bad one is delivered, and the notice says what was bad. */
static void
bad_events (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	/* So many events take a sanitizer longer than a callback may take. */
	r.stream->instance.timer.off = 1;
	stream_fixture_write (&r, "b\nn65538\nr\n");
	TAP_EQ_MEM (r.events.text, 41,
		    "run mock\ntext lost\n"
		    "notice plugin line=1\nt",
		    41);
	TAP_EQ_INT (event_log_count (&r.events, "text many"), 65536);
	TAP_EQ_INT (event_log_count (&r.events, "notice plugin line=2"), 1);
	TAP_EQ_STR (r.events.notice,
		    "the plugin emitted a bad event: a 'text' event is one too "
		    "many for its line and is left out");
	stream_fixture_finish (&r);
	TAP_EQ_INT (stream_fixture_stats (&r).plugin_errors, 2);
	TAP_EQ_INT (event_log_count (&r.events, "final ok"), 1);
	stream_fixture_done (&r);
}

static void
unparsed_facts (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "ta\n?\"what\\\n");
	TAP_EQ_STR (r.events.notice, "line 2 is not in the format of mock");
	TAP_EQ_STR (r.events.data,
		    "{\"provider\":\"tests\",\"line\":2,"
		    "\"off\":3,\"bytes\":7,\"preview\":\"?\\\"what\\\\\"}");
	CU_ASSERT (
		strncmp (r.logs[0],
			 "unparsed line 2 is not in the format of mock "
			 "plugin=mock line=2 off=3 preview=?\"what\\",
			 strlen ("unparsed line 2 is not in the format of mock "
				 "plugin=mock line=2 off=3 preview=?\"what\\"))
		== 0);
	stream_fixture_done (&r);
}

/* Seven of each: five notices, then one with the total. */
static void
limited (void)
{
	static const struct {
		const char *line;
		const char *code;
	} rows[] = {
		{ "?\n", "unparsed" },
		{ "f\n", "plugin" },
		{ "w\n", "plugin" },
	};
	char wanted[64];
	size_t i;
	int k;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct stream_fixture r;

		stream_fixture_open (&r, "mock");
		for (k = 0; k < 7; k++)
			stream_fixture_write (&r, rows[i].line);
		snprintf (wanted, sizeof wanted,
			  "notice %s line=", rows[i].code);
		TAP_EQ_INT (event_log_count (&r.events, wanted), 5);
		stream_fixture_write (&r, "r\n");
		stream_fixture_finish (&r);
		TAP_EQ_INT (event_log_count (&r.events, wanted), 5);
		snprintf (wanted, sizeof wanted, "notice %s\n", rows[i].code);
		TAP_EQ_INT (event_log_count (&r.events, wanted), 1);
		TAP_EQ_STR (r.events.data, "{\"total\":7}");
		TAP_EQ_INT (stream_fixture_logs (&r, rows[i].code), 6);
		stream_fixture_done (&r);
	}
}

static void
no_summary_for_few (void)
{
	struct stream_fixture r;
	int k;

	stream_fixture_open (&r, "mock");
	for (k = 0; k < 5; k++)
		stream_fixture_write (&r, "?\n");
	stream_fixture_finish (&r);
	TAP_EQ_INT (r.events.kinds[LHK_EV_NOTICE], 5);
	TAP_EQ_INT (stream_fixture_logs (&r, "unparsed"), 5);
	stream_fixture_done (&r);
}

/* With a clock the log has a summary each ten seconds. */
static void
log_interval (void)
{
	struct stream_fixture r;
	int k;

	stream_fixture_init (&r, 0);
	r.opts.clock_ms = stream_fixture_clock;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	for (k = 0; k < 20; k++) {
		r.now_ms += 1000;
		stream_fixture_write (&r, "?\n");
	}
	TAP_EQ_INT (stream_fixture_logs (&r, "unparsed"), 6);
	CU_ASSERT (strstr (r.logs[5], "(and 9 more since the last record)")
		   != NULL);
	stream_fixture_finish (&r);
	CU_ASSERT (strstr (r.logs[6], "total=20") != NULL);
	stream_fixture_done (&r);
}

/* Totals reach the log even when nobody finishes the stream. */
static void
totals_at_free (void)
{
	struct stream_fixture r;
	int k;

	stream_fixture_open (&r, "mock");
	for (k = 0; k < 9; k++)
		stream_fixture_write (&r, "l\n");
	TAP_EQ_INT (stream_fixture_logs (&r, "plugin hello 5 plugin=mock"), 5);
	lhk_stream_free (r.stream);
	r.stream = NULL;
	TAP_EQ_INT (r.n_logs, 6);
	CU_ASSERT (strstr (r.logs[5], "total=9") != NULL);
	stream_fixture_done (&r);
}

static void
blank_lines (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "\n \t\n\r\n   \r\nta\n\n");
	stream_fixture_finish (&r);
	TAP_EQ_STR (r.events.text, "run mock\ntext a\nfinal truncated\n");
	TAP_EQ_INT (stream_fixture_stats (&r).lines, 6);
	TAP_EQ_INT (stream_fixture_stats (&r).unparsed, 0);
	stream_fixture_done (&r);
}

#define FFFD "\xef\xbf\xbd"

/* What comes of a line: its events, and how it counts. */
static const struct {
	const char *line;
	const char *text;
	unsigned int repaired, unparsed;
} bad_lines[] = {
	{ "{\"a\":\"\x01\"}\n", "text repaired {\"a\":\"" FFFD "\"}\n", 1, 0 },
	{ "{\"a\":\"\xff\"}\r\n", "text repaired {\"a\":\"" FFFD "\"}\n", 1,
	  0 },
	{ "{\"a\":1}\x01\n", "text repaired {\"a\":1}\n", 1, 0 },
	{ "\x1b[?25h\x1b]0;t\a{\"a\":1}\x1b[0m\n", "text repaired {\"a\":1}\n",
	  1, 0 },
	{ "Log: {\"a\":1}\n", "text repaired {\"a\":1}\n", 1, 0 },
	{ "{\"a\":1}{\"b\":2}\n",
	  "text repaired {\"a\":1}\ntext repaired {\"b\":2}\n", 1, 0 },
	{ "[{\"a\":1},{\"b\":2}]\n",
	  "text repaired {\"a\":1}\ntext repaired {\"b\":2}\n", 1, 0 },
	{ "{\"a\":1}{\"b\n",
	  "text repaired {\"a\":1}\nnotice unparsed line=1\n", 1, 1 },
	{ "{\"a\":1} words\n",
	  "text repaired {\"a\":1}\nnotice unparsed line=1\n", 1, 1 },
	{ "The line {\"a\":1} is a text\n", "notice unparsed line=1\n", 0, 1 },
	{ "[SandboxDebug] on\n", "notice unparsed line=1\n", 0, 1 },
	{ "[1,2]\n", "notice unparsed line=1\n", 0, 1 },
	{ "[]\n", "notice unparsed line=1\n", 0, 1 },
	{ "123\n", "notice unparsed line=1\n", 0, 1 },
	{ "\x1b[m\n", "notice unparsed line=1\n", 0, 1 },
	{ "p\n", "notice unparsed line=1\n", 0, 1 },
};

static void
recovered (void)
{
	size_t i;

	for (i = 0; i < sizeof bad_lines / sizeof bad_lines[0]; i++) {
		struct stream_fixture r;
		size_t blocks;

		stream_fixture_open (&r, "mock");
		blocks = r.memory.blocks;
		stream_fixture_write (&r, bad_lines[i].line);
		TAP_EQ_STR (r.events.text + 9, bad_lines[i].text);
		TAP_EQ_INT (stream_fixture_stats (&r).lines, 1);
		TAP_EQ_INT (stream_fixture_stats (&r).repaired,
			    bad_lines[i].repaired);
		TAP_EQ_INT (stream_fixture_stats (&r).unparsed,
			    bad_lines[i].unparsed);
		/* The answer is kept, the copy of the line is not; a line that
		 * is not of the format is kept until one is.  The mock's words
		 * lie outside of its line: memory for copies is kept. */
		TAP_EQ_INT (r.memory.blocks - blocks,
			    1
				    + (bad_lines[i].repaired > 0
				       || bad_lines[i].line[0] == 'p'));
		TAP_EQ_INT (r.events.meta.line_off, 0);
		TAP_EQ_INT (r.events.meta.line_len,
			    strcspn (bad_lines[i].line, "\r\n"));
		stream_fixture_done (&r);
	}
}

/* A line with 200 levels in a member. */
static void
deep_line (const char *front, const char *back, const char *text)
{
	char line[1024];
	size_t n = strlen (front);
	struct stream_fixture r;

	memcpy (line, front, n);
	memset (line + n, '[', 200);
	memset (line + n + 200, ']', 200);
	memcpy (line + n + 400, back, strlen (back) + 1);
	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, line);
	stream_fixture_write (&r, "r\n");
	TAP_EQ_STR (r.events.text + 9, text);
	TAP_EQ_INT (stream_fixture_stats (&r).unparsed, 1);
	TAP_EQ_INT (stream_fixture_stats (&r).repaired, 0);
	TAP_EQ_INT (stream_fixture_finish (&r)->complete_usage, 0);
	stream_fixture_done (&r);
}

/* Only its depth costs such a line: what is torn or no JSON gives nothing. */
static void
too_deep (void)
{
	deep_line ("{\"a\":1,\"b\":", ",\"c\":2}\n",
		   "notice unparsed line=1\n"
		   "text salvaged {\"a\":1,\"c\":2}\nresult ok\n");
	deep_line ("agent-1 | {\"b\":{\"x\":", "},\"c\":\"\x01\"}\n",
		   "notice unparsed line=1\n"
		   "text salvaged {\"c\":\"" FFFD "\"}\nresult ok\n");
	deep_line ("{\"a\":1,\"b\":", ",\"c\":2\n",
		   "notice unparsed line=1\nresult ok\n");
	deep_line ("{\"a\":1,\"b\":", ",\"c\":NaN}\n",
		   "notice unparsed line=1\nresult ok\n");
	deep_line ("Say {\"a\":1,\"b\":", "} and more\n",
		   "notice unparsed line=1\nresult ok\n");
}

/* Each event has the object that it is of as its raw line, and what is left
 * over has itself. */
static void
recovered_raw (void)
{
	struct stream_fixture r;

	stream_fixture_init (&r, 0);
	r.opts.flags = LHK_STREAM_RAW_LINES;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	stream_fixture_write (&r, "{\"a\":1}{\"b\":2}\n");
	TAP_EQ_STR (r.events.raw, "{\"b\":2}");
	stream_fixture_write (&r, "{\"a\":1} words\n");
	TAP_EQ_STR (r.events.raw, "words");
	CU_ASSERT (strstr (r.events.data, "\"preview\":\"words\"") != NULL);
	stream_fixture_write (&r, "Only words\n");
	TAP_EQ_STR (r.events.raw, "Only words");
	stream_fixture_done (&r);
}

/* "n3" and blanks: three events; the raw line comes with all of them, or with
 * the first. */
static void
raw_of_long_lines (void)
{
	const size_t lens[] = { 65536, 65537 };
	struct stream_fixture r;
	char *line = malloc (65538);
	size_t i;

	if (line == NULL)
		abort ();
	for (i = 0; i < 2; i++) {
		stream_fixture_init (&r, 0);
		r.opts.flags = LHK_STREAM_RAW_LINES;
		TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
		memset (line, ' ', lens[i]);
		memcpy (line, "n3", 2);
		line[lens[i]] = '\n';
		stream_fixture_feed (&r, line, lens[i] + 1, 0);
		TAP_EQ_INT (r.events.kinds[LHK_EV_TEXT], 3);
		TAP_EQ_INT (r.events.raw[0], i == 0 ? 'n' : 0);
		stream_fixture_done (&r);
	}
	free (line);
}

/* A line that cannot have had usage leaves that of the run complete. */
static void
lost_usage (void)
{
	static const struct {
		const char *line;
		int complete;
	} rows[] = {
		{ "[SandboxDebug] on\n", 1 },
		{ "Words {x} and {} words\n", 1 },
		{ "\x1b[0mLoaded cached credentials.\n", 1 },
		{ "\"text\"\n", 1 },
		{ "{\"a\":1} words\n", 1 },
		{ "Words {\"a\":1}\n", 1 },
		{ "[hook] {\n", 1 },
		{ "if (x) {\x1b[0m \n", 1 },
		{ "{\"a\":\n", 0 },
		{ "\x1b[0m {\"a\":\n", 0 },
		{ "Words {\"usage\":\n", 0 },
		{ "Words {\"usage\n", 0 },
		{ "{\n", 0 },
		{ "Words {\"a\":1} words\n", 0 },
		{ "{\"a\":1}{\"b\n", 0 },
		{ "{x\n", 0 },
	};
	const struct lhk_result *result;
	struct stream_fixture r;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		stream_fixture_open (&r, "mock");
		stream_fixture_write (&r, rows[i].line);
		stream_fixture_write (&r, "u5\nr\n");
		result = stream_fixture_finish (&r);
		if (!TAP_EQ_INT (result->complete_usage, rows[i].complete))
			tap_note ("line %s", rows[i].line);
		TAP_EQ_INT (result->verdict, LHK_VERDICT_OK);
		stream_fixture_done (&r);
	}
}

/* A line of exactly the cap, all bad bytes: U+FFFD would be three for one. */
static void
repair_at_the_cap (void)
{
	char line[5001];
	struct stream_fixture r;
	size_t held;

	memset (line, 0x01, sizeof line);
	memcpy (line, "{\"a\":\"", 6);
	memcpy (line + sizeof line - 3, "\"}\n", 3);
	stream_fixture_init (&r, 0);
	r.opts.line_max = sizeof line - 1;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	stream_fixture_feed (&r, line, sizeof line, 0);
	held = r.memory.held;
	r.memory.peak = 0;
	stream_fixture_feed (&r, line, sizeof line, 7);
	CU_ASSERT (r.memory.peak <= held + sizeof line + 128);
	TAP_EQ_INT (event_log_count (&r.events, "text 95 bytes\n"), 2);
	TAP_EQ_INT (stream_fixture_stats (&r).repaired, 2);
	TAP_EQ_INT (stream_fixture_stats (&r).unparsed, 0);
	stream_fixture_done (&r);
}

/* The copy is on the budget: without room the line is unparsed. */
static void
recover_over_budget (void)
{
	const size_t len = 100 << 10;
	struct stream_fixture r;
	char *line = malloc (len + 1);
	size_t room;

	if (line == NULL)
		abort ();
	memset (line, ' ', len);
	memcpy (line, "{\"a\":1}{\"b\":2}", 14);
	line[len] = '\n';
	for (room = 1; room <= 2; room++) {
		stream_fixture_init (&r, room * len);
		r.opts.line_max = 2 * len;
		TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
		stream_fixture_feed (&r, line, len + 1, 4096);
		TAP_EQ_INT (stream_fixture_stats (&r).repaired, room - 1);
		TAP_EQ_INT (stream_fixture_stats (&r).unparsed, 2 - room);
		stream_fixture_done (&r);
	}
	free (line);
}

static void
repair_no_memory (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	r.memory.fail_at = r.memory.calls + 1;
	r.memory.fail_on = 1;
	stream_fixture_write (&r, "{\"a\":\"\x01\"}\n{}\n");
	TAP_EQ_STR (r.events.text,
		    "run mock\nnotice unparsed line=1\ntext {}\n");
	r.memory.fail_at = 0;
	stream_fixture_done (&r);
}

static const struct tap_case cases[] = {
	{ "stream_drops_all_events_of_a_line_that_fails", staged },
	{ "stream_bad_event_costs_itself_alone", bad_events },
	{ "stream_unparsed_notice_has_the_facts_of_its_line", unparsed_facts },
	{ "stream_notices_of_bad_lines_are_five_and_a_total", limited },
	{ "stream_five_bad_lines_need_no_total", no_summary_for_few },
	{ "stream_log_has_one_summary_each_ten_seconds", log_interval },
	{ "stream_logs_totals_when_it_is_freed_unfinished", totals_at_free },
	{ "stream_counts_blank_lines_and_passes_none", blank_lines },
	{ "stream_recovers_the_objects_of_a_line_and_counts_the_rest",
	  recovered },
	{ "stream_salvages_a_line_that_is_only_too_deep", too_deep },
	{ "stream_raw_line_of_a_recovered_object_is_the_object",
	  recovered_raw },
	{ "stream_raw_line_that_is_long_comes_once", raw_of_long_lines },
	{ "stream_usage_is_complete_if_a_lost_line_had_no_object", lost_usage },
	{ "stream_repairs_a_line_of_exactly_the_cap", repair_at_the_cap },
	{ "stream_recovers_within_the_budget", recover_over_budget },
	{ "stream_without_memory_for_a_repair_has_an_unparsed_line",
	  repair_no_memory },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("stream_bad", cases);
}
