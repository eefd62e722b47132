/* SPDX-License-Identifier: MIT */
/* stream_bad.c - tests of lhk_stream_*: lines and plugins gone wrong. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/stream_fixture.h"
#include "lib/tap.h"

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
	stream_fixture_write (&r, "b\nn65538\nr\n");
	TAP_EQ_MEM (r.events.text, 41, "run mock\ntext lost\n"
		    "notice plugin line=1\nt", 41);
	TAP_EQ_INT (event_log_count (&r.events, "text many"), 65536);
	TAP_EQ_INT (event_log_count (&r.events, "notice plugin line=2"), 1);
	TAP_EQ_STR (r.events.notice,
		    "bad event of the plugin: one of kind 'text' is one too "
		    "many of one line and is left out");
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
	TAP_EQ_STR (r.events.notice, "line is not of the format");
	TAP_EQ_STR (r.events.data,
		    "{\"provider\":\"tests\",\"line\":2,"
		    "\"off\":3,\"bytes\":7,\"preview\":\"?\\\"what\\\\\"}");
	CU_ASSERT (strncmp (r.logs[0],
			    "unparsed line is not of the format "
			    "plugin=mock line=2 off=3 preview=",
			    64)
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

static void
repaired (void)
{
	static const struct {
		const char *line;
		const char *text;
		int repaired;
	} rows[] = {
		{ "{\"a\":\"\x01\"}\n",
		  "text repaired {\"a\":\"\xef\xbf\xbd\"}\n", 1 },
		{ "{\"a\":\"\xff\"}\r\n",
		  "text repaired {\"a\":\"\xef\xbf\xbd\"}\n", 1 },
		{ "{\"a\":1}\x01\n", "notice unparsed line=1\n", 0 },
		{ "p\n", "notice unparsed line=1\n", 0 },
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct stream_fixture r;
		size_t blocks;

		stream_fixture_open (&r, "mock");
		blocks = r.memory.blocks;
		stream_fixture_write (&r, rows[i].line);
		TAP_EQ_STR (r.events.text + 9, rows[i].text);
		TAP_EQ_INT (stream_fixture_stats (&r).repaired,
			    rows[i].repaired);
		TAP_EQ_INT (stream_fixture_stats (&r).unparsed,
			    !rows[i].repaired);
		/* The answer is kept, the repaired line is not. */
		TAP_EQ_INT (r.memory.blocks - blocks, rows[i].repaired);
		stream_fixture_done (&r);
	}
}

/* Repaired bytes are three for one: what would pass the cap is not held. */
static void
repair_too_long (void)
{
	char line[4002];
	struct stream_fixture r;

	memset (line, 0x01, sizeof line);
	memcpy (line, "{\"a\":\"", 6);
	memcpy (line + sizeof line - 3, "\"}\n", 3);
	stream_fixture_init (&r, 0);
	r.opts.line_max = 5000;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	stream_fixture_feed (&r, line, sizeof line, 0);
	stream_fixture_feed (&r, line + sizeof line - 1500, 1500, 0);
	TAP_EQ_STR (r.events.text, "run mock\nnotice unparsed line=1\n"
				   "notice unparsed line=2\n");
	stream_fixture_done (&r);
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
	{ "stream_repairs_bad_bytes_in_strings_and_nothing_else", repaired },
	{ "stream_repairs_nothing_beyond_the_cap", repair_too_long },
	{ "stream_without_memory_for_a_repair_has_an_unparsed_line",
	  repair_no_memory },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("stream_bad", cases);
}
