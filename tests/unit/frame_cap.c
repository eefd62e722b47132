/* SPDX-License-Identifier: MIT */
/* frame_cap.c - lines beyond the cap are skipped, in bounded memory. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linehook/stream.h>

#include "lib/frame_log.h"
#include "lib/tap.h"

#define MIB ((size_t) 1 << 20)

static const size_t chunks[] = { 1, 7, 4096, 32768, MIB };

#define N_CHUNKS (sizeof chunks / sizeof chunks[0])

static const struct {
	const char *name;
	const char *bytes;
	size_t len;
} ends[] = {
	{ "LF", "\n", 1 },
	{ "CR LF", "\r\n", 2 },
	{ "end of file", "", 0 },
};

/* LEN bytes of content, then TAIL. */
static char *
line_of (size_t len, const char *tail, size_t tail_len)
{
	char *data = malloc (len + tail_len + 1);

	if (data == NULL)
		abort ();
	memset (data, 'x', len);
	memcpy (data + len, tail, tail_len);
	return data;
}

/* One line of CAP + OVER bytes, and a small one if it has an end. */
static void
try_cap (size_t cap, int over, size_t end, size_t chunk)
{
	size_t len = cap + (size_t) over;
	size_t tail = ends[end].len;
	char *data = line_of (len, ends[end].bytes, tail);
	char wanted[64];
	struct frame_log r;

	frame_log_init (&r, cap, 0);
	frame_log_feed (&r, data, len + tail, chunk);
	if (tail > 0)
		frame_log_feed (&r, "small\n", 6, chunk);
	frame_log_end (&r);
	snprintf (wanted, sizeof wanted, "1@0 %s %zu ",
		  over > 0 ? "skip" : "line", len);
	if (strncmp (r.text, wanted, strlen (wanted)) != 0
	    || (tail > 0) != (strstr (r.text, "\"small\"") != NULL))
		tap_note ("cap %zu%+d, %s, chunks of %zu: %.100s", cap, over,
			  ends[end].name, chunk, r.text);
	CU_ASSERT (strncmp (r.text, wanted, strlen (wanted)) == 0);
	TAP_EQ_INT (tail > 0, strstr (r.text, "\"small\"") != NULL);
	TAP_EQ_INT (r.frame.scanned, r.frame.off);
	CU_ASSERT (r.memory.peak <= cap + LHK_STREAM_SLACK);
	CU_ASSERT (frame_log_done (&r));
	free (data);
}

static void
try_all (int over)
{
	size_t end, i;

	for (end = 0; end < 3; end++)
		for (i = 0; i < N_CHUNKS; i++) {
			try_cap (4096, over, end, chunks[i]);
			try_cap (65536, over, end, chunks[i]);
			if (chunks[i] >= 4096)
				try_cap (LHK_LINE_MAX_DEFAULT, over, end,
					 chunks[i]);
		}
}

static void
cap_minus_one (void)
{
	try_all (-1);
}

static void
cap_exactly (void)
{
	try_all (0);
}

static void
cap_plus_one (void)
{
	try_all (1);
}

/* A CR that fills the buffer to cap + 1 may be half of a CR LF, or not. */
static void
undecided_cr (void)
{
	static const struct {
		const char *tail;
		const char *wanted;
	} rows[] = {
		{ "\r\n", "1@0 line 4096 " },
		{ "\rx\n", "1@0 skip 4098 " },
		{ "\r\r\n", "1@0 skip 4097 " },
		{ "\r", "1@0 skip 4097 " },
	};
	size_t i, chunk;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (chunk = 0; chunk < 3; chunk++) {
			size_t tail = strlen (rows[i].tail);
			char *data = line_of (4096, rows[i].tail, tail);
			struct frame_log r;

			frame_log_init (&r, 4096, 0);
			frame_log_feed (&r, data, 4096 + tail, chunk);
			frame_log_end (&r);
			if (strncmp (r.text, rows[i].wanted,
				     strlen (rows[i].wanted))
			    != 0)
				tap_note ("%s", r.text);
			CU_ASSERT (strncmp (r.text, rows[i].wanted,
					    strlen (rows[i].wanted))
				   == 0);
			CU_ASSERT (frame_log_done (&r));
			free (data);
		}
}

static void
true_size (void)
{
	size_t len = 35 * MIB;
	char *data = line_of (len, "\n", 1);
	struct frame_log r;

	frame_log_init (&r, LHK_LINE_MAX_DEFAULT, 0);
	frame_log_feed (&r, "a\n", 2, 0);
	frame_log_feed (&r, data, len + 1, 32768);
	frame_log_feed (&r, "b\n", 2, 0);
	frame_log_end (&r);
	TAP_EQ_STR (r.text, "1@0 line 1 \"a\"\n"
			    "2@2 skip 36700160 size raw=36700161\n"
			    "3@36700163 line 1 \"b\"\n");
	CU_ASSERT (frame_log_done (&r));
	free (data);
}

static void
end_inside (void)
{
	char *data = line_of (9000, "", 0);
	struct frame_log r;

	frame_log_init (&r, 4096, 0);
	frame_log_feed (&r, data, 9000, 1000);
	frame_log_end (&r);
	TAP_EQ_STR (r.text, "1@0 skip 9000 size raw=9000 open\n");
	CU_ASSERT (frame_log_done (&r));
	free (data);
}

static void
keeps_head (void)
{
	size_t i;

	for (i = 0; i < N_CHUNKS; i++) {
		char *data = line_of (9000, "\r\n", 2);
		struct frame_log r;

		frame_log_init (&r, 4096, 1);
		frame_log_feed (&r, data, 9002, chunks[i]);
		frame_log_feed (&r, "b\n", 2, 0);
		TAP_EQ_STR (r.text, "1@0 skip 9000 size head=4096 raw=9002 cr\n"
				    "2@9002 line 1 \"b\"\n");
		CU_ASSERT (frame_log_done (&r));
		free (data);
	}
}

static void
all_oversize (void)
{
	char *data = line_of (10000, "\n", 1);
	struct frame_log r;
	size_t before;
	int i;

	frame_log_init (&r, 4096, 0);
	before = r.memory.peak;
	r.quiet = 1;
	for (i = 0; i < 3000; i++)
		frame_log_feed (&r, data, 10001, 4096);
	TAP_EQ_INT (r.frame.lines, 3000);
	TAP_EQ_INT (r.memory.peak, before);
	TAP_EQ_INT (r.memory.calls, 1);
	CU_ASSERT (frame_log_done (&r));
	free (data);
}

/* The bound, and the way back to the small buffer. */
static void
gives_back (void)
{
	char *data = line_of (9 * MIB, "\n", 1);
	struct frame_log r;

	frame_log_init (&r, LHK_LINE_MAX_DEFAULT, 0);
	TAP_EQ_INT (r.memory.held, LINEBUF_BASE);
	frame_log_feed (&r, data, 9 * MIB, 32768);
	CU_ASSERT (r.memory.held > 9 * MIB);
	CU_ASSERT (r.memory.held <= LHK_LINE_MAX_DEFAULT + LHK_STREAM_SLACK);
	frame_log_feed (&r, "\n", 1, 0);
	TAP_EQ_INT (r.memory.held, LINEBUF_BASE);
	TAP_EQ_INT (r.frame.peak, 9 * MIB);
	CU_ASSERT (r.memory.peak <= LHK_LINE_MAX_DEFAULT + LHK_STREAM_SLACK);
	CU_ASSERT (frame_log_done (&r));
	free (data);
}

/* Two steps, whatever the size: no copy of a large line on the way. */
static void
few_steps (void)
{
	char *data = line_of (9 * MIB, "\n", 1);
	struct frame_log r;

	frame_log_init (&r, LHK_LINE_MAX_DEFAULT, 0);
	frame_log_feed (&r, data, 9 * MIB + 1, 4096);
	CU_ASSERT (strncmp (r.text, "1@0 line 9437184 ", 17) == 0);
	TAP_EQ_INT (r.memory.calls, 4);
	CU_ASSERT (frame_log_done (&r));
	free (data);
}

/* Without memory the line is oversize, with its reason, and the next line is
 * as if nothing had been. */
static void
no_memory (void)
{
	char *data = line_of (400000, "\n", 1);
	struct frame_log r;

	frame_log_init (&r, LHK_LINE_MAX_DEFAULT, 0);
	r.memory.fail_at = r.memory.calls + 1;
	r.memory.fail_on = 1;
	frame_log_feed (&r, data, 400001, 32768);
	frame_log_feed (&r, data + 399990, 11, 4);
	r.memory.fail_at = 0;
	frame_log_feed (&r, data, 400001, 32768);
	TAP_EQ_INT (r.frame.lines, 3);
	CU_ASSERT (strstr (r.text, "1@0 skip 400000 memory raw=400001\n")
		   != NULL);
	CU_ASSERT (strstr (r.text, "2@400001 line 10 ") != NULL);
	CU_ASSERT (strstr (r.text, "3@400012 line 400000 ") != NULL);
	CU_ASSERT (frame_log_done (&r));
	free (data);
}

/* Where there is no room for all of line_max, a part of it will do. */
static void
part_of_memory (void)
{
	char *data = line_of (400000, "\n", 1);
	struct frame_log r;

	frame_log_init (&r, LHK_LINE_MAX_DEFAULT, 0);
	r.memory.fail_above = 3 * MIB;
	frame_log_feed (&r, data, 400001, 32768);
	CU_ASSERT (strncmp (r.text, "1@0 line 400000 ", 16) == 0);
	CU_ASSERT (frame_log_done (&r));
	free (data);
}

static const struct tap_case cases[] = {
	{ "frame_cap_minus_one_is_accepted_by_lf_crlf_and_eof", cap_minus_one },
	{ "frame_exact_cap_is_accepted_by_lf_crlf_and_eof", cap_exactly },
	{ "frame_cap_plus_one_is_oversize_by_lf_crlf_and_eof", cap_plus_one },
	{ "frame_cr_behind_a_full_line_is_content_unless_lf_follows",
	  undecided_cr },
	{ "frame_counts_an_oversize_line_to_its_end", true_size },
	{ "frame_end_of_file_inside_an_oversize_line_ends_it", end_inside },
	{ "frame_keeps_the_head_of_an_oversize_line_on_request", keeps_head },
	{ "frame_skips_with_constant_memory", all_oversize },
	{ "frame_gives_the_buffer_back_after_a_large_line", gives_back },
	{ "frame_grows_in_two_steps_whatever_the_size", few_steps },
	{ "frame_no_memory_makes_the_line_oversize_and_no_more", no_memory },
	{ "frame_takes_less_than_the_cap_where_memory_is_short",
	  part_of_memory },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("frame_cap", cases);
}
