/* SPDX-License-Identifier: MIT */
/* stream_skip.c - tests of lhk_stream_*: lines that are too long. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/stream_fixture.h"
#include "lib/tap.h"

#define MIB ((size_t) 1 << 20)

static int
refuse_heads (void *handle, const struct lhk_line *line)
{
	return line->flags & LHK_LINE_HEAD_ONLY
		       ? LHK_EPARSE
		       : mock_plugin.line_hook (handle, line);
}

static void
oversize_head (void)
{
	struct stream_fixture r;

	stream_fixture_init (&r, 0);
	r.opts.line_max = 5000;
	r.opts.oversize = LHK_OVERSIZE_HEAD;
	TAP_EQ_INT (stream_fixture_start (&r, "plain"), LHK_OK);
	stream_fixture_long (&r, 9000, 700);
	stream_fixture_write (&r, "\r\nafter\n");
	TAP_EQ_STR (r.events.text, "run plain\nnotice oversize line=1\n"
				   "text head 5000\ntext after\n");
	TAP_EQ_INT (event_log_data_number (&r.events, "bytes"), 9000);
	stream_fixture_done (&r);
}

static void
oversize_raw (void)
{
	struct stream_fixture r;

	stream_fixture_init (&r, 0);
	r.opts.line_max = 5000;
	r.opts.oversize = LHK_OVERSIZE_RAW;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	stream_fixture_long (&r, 4000, 700);
	TAP_EQ_INT (r.raw_bytes, 0);
	stream_fixture_long (&r, 5000, 700);
	stream_fixture_write (&r, "\r\ntafter\n");
	TAP_EQ_INT (r.raw_bytes, 9002);
	TAP_EQ_STR (r.events.text, "run mock\nnotice oversize line=1\n"
				   "text after\n");
	stream_fixture_done (&r);
}

static void
oversize_cut (void)
{
	struct stream_fixture r;

	stream_fixture_init (&r, 0);
	r.opts.line_max = 5000;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	stream_fixture_long (&r, 9000, 0);
	TAP_EQ_INT (r.events.n, 1);
	stream_fixture_finish (&r);
	CU_ASSERT (strstr (r.events.data, "\"truncated\":true") != NULL);
	TAP_EQ_INT (event_log_data_number (&r.events, "bytes"), 9000);
	stream_fixture_done (&r);
}

/* A preview that is hostile: quotes, escapes, no UTF-8. */
static void
preview (void)
{
	char line[6000];
	const char *start;
	struct stream_fixture r;

	memset (line, 0x1b, sizeof line);
	memcpy (line, "\"\\\xff\x80\n", 4);
	stream_fixture_init (&r, 0);
	r.opts.line_max = 5000;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	stream_fixture_feed (&r, line, sizeof line, 3);
	stream_fixture_finish (&r);
	start = strstr (r.events.data, "\"preview\":\"");
	CU_ASSERT_PTR_NOT_NULL_FATAL (start);
	start += 11;
	CU_ASSERT (strncmp (start,
			    "\\\"\\\\\xef\xbf\xbd\xef\xbf\xbd"
			    "\\u001b\\u001b",
			    22)
		   == 0);
	CU_ASSERT (strlen (start) <= 256 + 2);
	TAP_EQ_STR (start + strlen (start) - 2, "\"}");
	stream_fixture_done (&r);
}

static void
reason_memory (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	r.memory.fail_at = r.memory.calls + 1;
	r.memory.fail_on = 1;
	stream_fixture_long (&r, MIB, 4096);
	stream_fixture_write (&r, "\ntafter\n");
	TAP_EQ_STR (r.events.text, "run mock\nnotice oversize line=1\n"
				   "text after\n");
	CU_ASSERT (strstr (r.events.data, "\"reason\":\"memory\"") != NULL);
	TAP_EQ_INT (event_log_data_number (&r.events, "bytes"), MIB);
	r.memory.fail_at = 0;
	stream_fixture_done (&r);
}

static void
reason_budget (void)
{
	struct stream_fixture r;

	stream_fixture_init (&r, MIB);
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	stream_fixture_long (&r, MIB, 4096);
	stream_fixture_write (&r, "\n");
	stream_fixture_long (&r, 2 * MIB, 4096);
	stream_fixture_write (&r, "\n");
	TAP_EQ_STR (r.events.text, "run mock\ntext 1048575 bytes\n"
				   "notice oversize line=2\n");
	CU_ASSERT (strstr (r.events.data, "\"reason\":\"budget\"") != NULL);
	stream_fixture_done (&r);
}

/* An 11 MiB result between two small lines: what ends the run is found. */
static void
salvaged (void)
{
	static const char head[] = "{\"type\":\"result\",\"result\":\"";
	static const char tail[] = "\",\"is_error\":false}";
	static const size_t chunks[] = { 7, 4096, MIB, 0 };
	size_t len = 11 * MIB;
	char *line = malloc (len + sizeof tail);
	size_t i;

	CU_ASSERT_PTR_NOT_NULL_FATAL (line);
	memset (line, 'x', len);
	memcpy (line, head, sizeof head - 1);
	memcpy (line + len - sizeof tail + 1, tail, sizeof tail - 1);
	line[len] = '\n';
	for (i = 0; i < sizeof chunks / sizeof chunks[0]; i++) {
		struct stream_fixture r;

		stream_fixture_open (&r, "mock");
		stream_fixture_write (&r, "ta\n");
		stream_fixture_feed (&r, line, len + 1, chunks[i]);
		stream_fixture_write (&r, "tb\n");
		TAP_EQ_STR (r.events.text, "run mock\ntext a\n"
					   "notice oversize line=2\n"
					   "text salvaged {\"type\":\"result\","
					   "\"is_error\":false}\ntext b\n");
		TAP_EQ_INT (r.events.meta.line_no, 3);
		stream_fixture_done (&r);
	}
	free (line);
}

/* A line of 9000 x's for each %, and what is saved of it. */
static const struct {
	const char *line;
	const char *text;
} dressed[] = {
	{ "x | {\"a\":1,\"b\":\"%\"}\n", "text salvaged {\"a\":1}\n" },
	{ "\x1b[0m{\"a\":1,\"b\":\"\t%\"}\x1b[0m\r\n",
	  "text salvaged {\"a\":1}\n" },
	{ "{\"a\":1,\"b\":\"%\"}{\"c\":2}\n",
	  "text salvaged {\"a\":1}\ntext salvaged {\"c\":2}\n" },
	{ "[{\"a\":1}, {\"b\":\"%\"}, {\"c\":2,\"d\":\"%\"}]\n",
	  "text salvaged {\"a\":1}\ntext salvaged {\"c\":2}\n" },
	{ "the line {\"a\":1} is a text %\n", "" },
};

static void
salvaged_like_recovered (void)
{
	char pad[9000], line[20000];
	struct stream_fixture r;
	const char *p;
	size_t i, n;

	memset (pad, 'x', sizeof pad);
	for (i = 0; i < sizeof dressed / sizeof dressed[0]; i++) {
		for (n = 0, p = dressed[i].line; *p != '\0'; p++) {
			const size_t len = *p == '%' ? sizeof pad : 1;

			memcpy (line + n, *p == '%' ? pad : p, len);
			n += len;
		}
		stream_fixture_init (&r, 0);
		r.opts.line_max = 5000;
		TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
		stream_fixture_feed (&r, line, n, 100);
		TAP_EQ_INT (event_log_count (&r.events, "notice oversize"), 1);
		TAP_EQ_STR (strstr (r.events.text, "line=1\n") + 7,
			    dressed[i].text);
		stream_fixture_done (&r);
	}
}

static void
nothing_to_salvage (void)
{
	struct stream_fixture r;

	stream_fixture_init (&r, 0);
	r.opts.line_max = 5000;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	stream_fixture_long (&r, 9000, 0);
	stream_fixture_write (&r, "\n");
	TAP_EQ_STR (r.events.text, "run mock\nnotice oversize line=1\n");
	TAP_EQ_INT (stream_fixture_stats (&r).unparsed, 0);
	TAP_EQ_INT (stream_fixture_stats (&r).lines, 1);
	stream_fixture_done (&r);
}

/* A plugin that makes nothing of the head still gets what was saved. */
static void
head_then_salvage (void)
{
	char line[9000];
	struct lhk_plugin headless = mock_plugin;
	struct stream_fixture r;

	memset (line, 'x', sizeof line);
	memcpy (line, "{\"a\":1,\"b\":\"", 13);
	memcpy (line + sizeof line - 3, "\"}\n", 3);
	headless.name = "headless";
	headless.line_hook = refuse_heads;
	stream_fixture_init (&r, 0);
	r.opts.line_max = 5000;
	r.opts.oversize = LHK_OVERSIZE_HEAD;
	TAP_EQ_INT (lhk_host_add_plugin (r.host, &headless, &r.err), LHK_OK);
	TAP_EQ_INT (stream_fixture_start (&r, "headless"), LHK_OK);
	stream_fixture_feed (&r, line, sizeof line, 100);
	TAP_EQ_STR (r.events.text, "run headless\nnotice oversize line=1\n"
				   "text salvaged {\"a\":1}\n");
	TAP_EQ_INT (stream_fixture_stats (&r).unparsed, 0);
	stream_fixture_done (&r);
}

static const struct tap_case cases[] = {
	{ "stream_oversize_head_goes_to_the_plugin", oversize_head },
	{ "stream_oversize_raw_goes_to_on_raw_with_its_newline", oversize_raw },
	{ "stream_oversize_line_cut_by_the_end_says_so", oversize_cut },
	{ "stream_oversize_preview_is_safe_json_of_256_bytes", preview },
	{ "stream_without_memory_skips_the_line_and_goes_on", reason_memory },
	{ "stream_without_budget_skips_the_line_and_goes_on", reason_budget },
	{ "stream_salvages_the_scalars_of_an_oversize_line", salvaged },
	{ "stream_salvages_what_it_would_recover", salvaged_like_recovered },
	{ "stream_oversize_line_without_members_is_a_notice_alone",
	  nothing_to_salvage },
	{ "stream_salvages_when_the_plugin_refuses_the_head",
	  head_then_salvage },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("stream_skip", cases);
}
