/* SPDX-License-Identifier: MIT */
/* stream.c - lhk_stream_*: lines in pieces of any size, and the line limit. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/stream_fixture.h"
#include "lib/tap.h"

#define MIB ((size_t) 1 << 20)
#define CAP ((size_t) LHK_LINE_MAX_DEFAULT)

static void
one_line_is_one_call_without_its_newline (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	TAP_EQ_STR (r.events.text, "run mock\n");
	stream_fixture_write (&r, "thello\n");
	TAP_EQ_STR (r.events.text, "run mock\ntext hello\n");
	TAP_EQ_INT (stream_fixture_stats (&r).lines, 1);
	TAP_EQ_INT (stream_fixture_stats (&r).bytes, 7);
	TAP_EQ_INT (stream_fixture_stats (&r).events, 2);
	stream_fixture_done (&r);
}

static void
no_event_writes_nothing (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "n0\nk\n");
	TAP_EQ_STR (r.events.text, "run mock\n");
	TAP_EQ_INT (stream_fixture_stats (&r).skipped, 1);
	stream_fixture_done (&r);
}

static void
three_lines_in_one_write_come_in_order (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "ta\ntb\ntc\n");
	TAP_EQ_STR (r.events.text, "run mock\ntext a\ntext b\ntext c\n");
	stream_fixture_done (&r);
}

static void
a_line_in_two_writes_is_one_call (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "thel");
	TAP_EQ_STR (r.events.text, "run mock\n");
	stream_fixture_write (&r, "lo\n");
	TAP_EQ_STR (r.events.text, "run mock\ntext hello\n");
	stream_fixture_done (&r);
}

static void
a_partial_line_is_parsed_once_at_the_end (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "tpart");
	TAP_EQ_INT (lhk_stream_end (r.stream), LHK_OK);
	TAP_EQ_STR (r.events.text, "run mock\ntext part\n");
	TAP_EQ_INT (lhk_stream_end (r.stream), LHK_ESTATE);
	TAP_EQ_STR (r.events.text, "run mock\ntext part\n");
	stream_fixture_done (&r);
}

static void
an_empty_stream_ends_without_events (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	TAP_EQ_INT (lhk_stream_end (r.stream), LHK_OK);
	TAP_EQ_STR (r.events.text, "run mock\n");
	stream_fixture_done (&r);
}

static void
a_plain_plugin_gets_every_line (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "plain");
	stream_fixture_write (&r, "not json\n\n  \nlast");
	TAP_EQ_INT (lhk_stream_end (r.stream), LHK_OK);
	TAP_EQ_STR (r.events.text, "run plain\ntext not json\ntext \ntext   \n"
				   "text last\n");
	stream_fixture_done (&r);
}

/* A consumer cannot fail; a plugin can, and its line is not tried again. */
static void
a_failing_line_is_not_tried_again (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "f\n");
	TAP_EQ_INT (stream_fixture_stats (&r).plugin_errors, 1);
	stream_fixture_write (&r, "tnext\n");
	TAP_EQ_STR (r.events.text, "run mock\nnotice plugin line=1\n"
				   "text next\n");
	TAP_EQ_INT (stream_fixture_stats (&r).plugin_errors, 1);
	stream_fixture_done (&r);
}

static void
no_consumer_and_no_log_is_fine (void)
{
	struct lhk_host_opts quiet = LHK_HOST_OPTS_INIT;
	const struct lhk_plugin_ref *ref = NULL;
	const struct lhk_result *result = NULL;
	struct lhk_host *host = NULL;
	struct lhk_stream *s = NULL;
	struct lhk_stream_stats stats;

	TAP_EQ_INT (lhk_host_new (&quiet, &host, NULL), LHK_OK);
	TAP_EQ_INT (lhk_host_add_plugin (host, &mock_plugin, NULL), LHK_OK);
	TAP_EQ_INT (lhk_host_plugin (host, "mock", &ref, NULL), LHK_OK);
	TAP_EQ_INT (lhk_stream_new (host, ref, NULL, &s, NULL), LHK_OK);
	TAP_EQ_INT (lhk_stream_write (s, "ta\n?\nf\nl\nr\n", 11), LHK_OK);
	TAP_EQ_INT (lhk_stream_finish (s, NULL, &result), LHK_OK);
	TAP_EQ_INT (result->verdict, LHK_VERDICT_OK);
	lhk_stream_stats (s, &stats);
	TAP_EQ_INT (stats.events, 6);
	lhk_stream_free (s);
	lhk_host_free (host);
}

/* One text line whose content has CAP + OVER bytes, and a small one. */
static void
cap_row (int over, const char *end, size_t chunk)
{
	size_t len = CAP - 1 + (size_t) (over + 1);
	struct stream_fixture r;
	char wanted[128];

	stream_fixture_open (&r, "mock");
	stream_fixture_long (&r, len, chunk);
	stream_fixture_write (&r, end);
	stream_fixture_write (&r, end[0] != '\0' ? "tsmall\n" : "");
	TAP_EQ_INT (lhk_stream_end (r.stream), LHK_OK);
	if (over > 0)
		snprintf (wanted, sizeof wanted,
			  "run mock\nnotice oversize line=1\n%s",
			  end[0] != '\0' ? "text small\n" : "");
	else
		snprintf (wanted, sizeof wanted, "run mock\ntext %zu bytes\n%s",
			  len - 1, end[0] != '\0' ? "text small\n" : "");
	TAP_EQ_STR (r.events.text, wanted);
	TAP_EQ_INT (stream_fixture_stats (&r).oversize, over > 0);
	CU_ASSERT (stream_fixture_stats (&r).buffer_peak
		   <= CAP + LHK_STREAM_SLACK);
	stream_fixture_done (&r);
}

static void
one_byte_below_the_cap (void)
{
	cap_row (-1, "\n", 32768);
}

static void
at_the_cap (void)
{
	cap_row (0, "\n", 32768);
}

static void
one_byte_above_the_cap (void)
{
	cap_row (1, "\n", 32768);
}

static void
cap_with_crlf (void)
{
	int over;

	for (over = -1; over <= 1; over++) {
		cap_row (over, "\r\n", 32768);
		cap_row (over, "\r\n", 0);
	}
}

static void
cap_at_end_of_file (void)
{
	int over;

	for (over = -1; over <= 1; over++) {
		cap_row (over, "", 32768);
		cap_row (over, "", 0);
	}
}

static void
ten_writes_of_1_mib_are_one_line (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_long (&r, 10 * MIB, MIB);
	stream_fixture_write (&r, "\n");
	TAP_EQ_STR (r.events.text, "run mock\ntext 10485759 bytes\n");
	stream_fixture_done (&r);
}

static void
the_tail_of_an_oversize_line_goes_with_it (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_long (&r, CAP + 1, 32768);
	stream_fixture_write (&r, "tsmall\n");
	stream_fixture_write (&r, "tnext\n");
	TAP_EQ_STR (r.events.text,
		    "run mock\nnotice oversize line=1\ntext next\n");
	TAP_EQ_INT (event_log_data_number (&r.events, "bytes"), CAP + 1 + 6);
	stream_fixture_done (&r);
}

static void
the_cap_is_per_line (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_long (&r, 5 * MIB, 32768);
	stream_fixture_write (&r, "\n");
	stream_fixture_long (&r, 4 * MIB, 32768);
	stream_fixture_write (&r, "\n");
	stream_fixture_long (&r, 2 * MIB, 32768);
	stream_fixture_write (&r, "\n");
	TAP_EQ_STR (r.events.text, "run mock\ntext 5242879 bytes\n"
				   "text 4194303 bytes\ntext 2097151 bytes\n");
	stream_fixture_done (&r);
}

static void
nine_mib_and_ten_small_lines (void)
{
	static const size_t chunks[] = { 4096, 32768, MIB, 0 };
	struct stream_fixture r;
	size_t i;
	int k;

	for (i = 0; i < 4; i++) {
		stream_fixture_open (&r, "mock");
		stream_fixture_long (&r, 9 * MIB, chunks[i]);
		stream_fixture_write (&r, "\n");
		for (k = 0; k < 10; k++)
			stream_fixture_write (&r, "tsmall\n");
		TAP_EQ_INT (r.events.kinds[LHK_EV_TEXT], 11);
		TAP_EQ_INT (r.events.n, 12);
		stream_fixture_done (&r);
	}
}

/* Write a line, one of 11 MiB, and another line. */
static void
write_11_mib (struct stream_fixture *r)
{
	stream_fixture_open (r, "mock");
	stream_fixture_write (r, "tbefore\n");
	stream_fixture_long (r, 11 * MIB, 32768);
	stream_fixture_write (r, "\ntafter\n");
}

static void
oversize_between_lines (void)
{
	struct stream_fixture r;

	write_11_mib (&r);
	TAP_EQ_STR (r.events.text, "run mock\ntext before\n"
				   "notice oversize line=2\ntext after\n");
	stream_fixture_done (&r);
}

static void
oversize_facts (void)
{
	struct stream_fixture r;

	write_11_mib (&r);
	TAP_EQ_INT (event_log_data_number (&r.events, "bytes"), 11 * MIB);
	TAP_EQ_INT (event_log_data_number (&r.events, "limit"), CAP);
	TAP_EQ_INT (event_log_data_number (&r.events, "line"), 2);
	TAP_EQ_INT (event_log_data_number (&r.events, "off"), 8);
	TAP_EQ_INT (event_log_data_number (&r.events, "total"), 1);
	CU_ASSERT (strstr (r.events.data, "\"provider\":\"tests\"") != NULL);
	CU_ASSERT (strstr (r.events.data, "\"truncated\":false") != NULL);
	CU_ASSERT (strstr (r.events.data, "\"reason\":\"size\"") != NULL);
	CU_ASSERT (strstr (r.events.data, "\"preview\":\"txxxxx") != NULL);
	stream_fixture_done (&r);
}

static void
oversize_is_logged (void)
{
	struct stream_fixture r;

	write_11_mib (&r);
	TAP_EQ_INT (stream_fixture_logs (&r, "oversize "), 1);
	stream_fixture_done (&r);
}

static void
a_35_mib_line (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_long (&r, 35 * MIB, 32768);
	stream_fixture_write (&r, "\n");
	TAP_EQ_STR (r.events.text, "run mock\nnotice oversize line=1\n");
	TAP_EQ_INT (event_log_data_number (&r.events, "bytes"), 36700160);
	TAP_EQ_INT (r.raw_bytes, 0);
	stream_fixture_done (&r);
}

static void
many_oversize_lines (void)
{
	struct stream_fixture r;
	char *line = malloc (5000);
	int i;

	CU_ASSERT_PTR_NOT_NULL_FATAL (line);
	memset (line, 'x', 5000);
	line[4999] = '\n';
	stream_fixture_init (&r, 0);
	r.opts.line_max = LHK_LINE_MAX_MIN;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	for (i = 0; i < 1000; i++)
		stream_fixture_feed (&r, line, 5000, 4096);
	TAP_EQ_INT (stream_fixture_logs (&r, "oversize "), 5);
	stream_fixture_finish (&r);
	TAP_EQ_INT (r.events.kinds[LHK_EV_NOTICE], 1000);
	TAP_EQ_INT (stream_fixture_logs (&r, "oversize "), 6);
	CU_ASSERT (strstr (r.logs[5], "total=1000") != NULL);
	free (line);
	stream_fixture_done (&r);
}

static void
deltas_are_told_from_whole_texts (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "done\nttwo\n");
	TAP_EQ_STR (r.events.text, "run mock\ntext+ one\ntext two\n");
	stream_fixture_done (&r);
}

static void
a_tool_is_an_event_of_its_own (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "oBash\n");
	TAP_EQ_STR (r.events.text, "run mock\ntool Bash 2\n");
	TAP_EQ_INT (lhk_stream_tools_open (r.stream), 1);
	stream_fixture_write (&r, "cBash\n");
	TAP_EQ_INT (lhk_stream_tools_open (r.stream), 0);
	stream_fixture_done (&r);
}

/* Linear: the buffer grows twice, whatever the pieces are; that each byte is
 * looked at once is proved in frame.c.  The clock is not asked. */
static void
small_pieces_cost_no_more_work (void)
{
	static const size_t chunks[] = { 512, 4096, MIB };
	uint64_t calls[3];
	struct stream_fixture r;
	size_t i;

	for (i = 0; i < 3; i++) {
		stream_fixture_open (&r, "mock");
		calls[i] = r.memory.calls;
		stream_fixture_long (&r, 9 * MIB, chunks[i]);
		stream_fixture_write (&r, "\n");
		calls[i] = r.memory.calls - calls[i];
		TAP_EQ_INT (r.events.kinds[LHK_EV_TEXT], 1);
		stream_fixture_done (&r);
	}
	TAP_EQ_INT (calls[0], calls[1]);
	CU_ASSERT (calls[2] <= calls[0]);
	CU_ASSERT (calls[0] <= 4);
}

static const struct tap_case cases[] = {
	{ "stream_one_line_is_one_call_without_its_newline",
	  one_line_is_one_call_without_its_newline },
	{ "stream_a_line_without_events_emits_nothing",
	  no_event_writes_nothing },
	{ "stream_three_lines_in_one_write_come_in_order",
	  three_lines_in_one_write_come_in_order },
	{ "stream_a_line_in_two_writes_is_one_call",
	  a_line_in_two_writes_is_one_call },
	{ "stream_a_partial_line_is_parsed_once_at_the_end",
	  a_partial_line_is_parsed_once_at_the_end },
	{ "stream_an_empty_stream_ends_without_events",
	  an_empty_stream_ends_without_events },
	{ "stream_a_plain_plugin_gets_every_line",
	  a_plain_plugin_gets_every_line },
	{ "stream_a_failing_line_is_not_tried_again",
	  a_failing_line_is_not_tried_again },
	{ "stream_no_consumer_and_no_log_is_fine",
	  no_consumer_and_no_log_is_fine },
	{ "stream_a_line_one_byte_below_the_cap_is_read",
	  one_byte_below_the_cap },
	{ "stream_a_line_of_the_cap_is_read", at_the_cap },
	{ "stream_a_line_one_byte_above_the_cap_is_skipped",
	  one_byte_above_the_cap },
	{ "stream_the_cap_does_not_count_crlf", cap_with_crlf },
	{ "stream_the_cap_is_the_same_at_end_of_file", cap_at_end_of_file },
	{ "stream_ten_writes_of_1_mib_are_one_line",
	  ten_writes_of_1_mib_are_one_line },
	{ "stream_the_tail_of_an_oversize_line_goes_with_it",
	  the_tail_of_an_oversize_line_goes_with_it },
	{ "stream_the_cap_is_per_line", the_cap_is_per_line },
	{ "stream_a_long_line_and_ten_short_ones_are_eleven_texts",
	  nine_mib_and_ten_small_lines },
	{ "stream_an_oversize_line_is_one_notice_between_its_neighbours",
	  oversize_between_lines },
	{ "stream_the_notice_of_an_oversize_line_has_its_facts",
	  oversize_facts },
	{ "stream_an_oversize_line_is_logged_once", oversize_is_logged },
	{ "stream_35_mib_is_one_notice_with_its_true_size", a_35_mib_line },
	{ "stream_1000_oversize_lines_log_six_records", many_oversize_lines },
	{ "stream_deltas_are_told_from_whole_texts",
	  deltas_are_told_from_whole_texts },
	{ "stream_a_tool_is_an_event_of_its_own",
	  a_tool_is_an_event_of_its_own },
	{ "stream_small_pieces_cost_no_more_work",
	  small_pieces_cost_no_more_work },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("stream", cases);
}
