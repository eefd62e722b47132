/* SPDX-License-Identifier: MIT */
/* frame.c - where lines begin and end. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/guarded_buffer.h"
#include "lib/frame_log.h"
#include "lib/tap.h"

#define CAP 4096u

struct sample {
	const char *in;
	size_t len;
	const char *lines;
};

/* clang-format off */
#define SAMPLE(in, lines) { (in), sizeof (in) - 1, (lines) }
/* clang-format on */

static const struct sample samples[] = {
	SAMPLE ("", ""),
	SAMPLE ("\n", "1@0 line 0 \"\"\n"),
	SAMPLE ("a", "1@0 line 1 \"a\" open\n"),
	SAMPLE ("hello\n", "1@0 line 5 \"hello\"\n"),
	SAMPLE ("a\nbc\n\nd", "1@0 line 1 \"a\"\n2@2 line 2 \"bc\"\n"
			      "3@5 line 0 \"\"\n4@6 line 1 \"d\" open\n"),
	SAMPLE ("a\r\nb\r\n", "1@0 line 1 \"a\" cr\n2@3 line 1 \"b\" cr\n"),
	SAMPLE ("\r\n", "1@0 line 0 \"\" cr\n"),
	SAMPLE ("a\r\r\n", "1@0 line 2 \"a\r\" cr\n"),
	SAMPLE ("a\rb\n", "1@0 line 3 \"a\rb\"\n"),
	SAMPLE ("a\r", "1@0 line 2 \"a\r\" open\n"),
	SAMPLE ("\xef\xbb\xbf"
		"a\n\xef\xbb\xbf\n",
		"1@3 line 1 \"a\"\n2@5 line 3 \"\xef\xbb\xbf\"\n"),
	SAMPLE ("\xef\xbb\xbf", ""),
	SAMPLE ("\xef\xbb\n", "1@0 line 2 \"\xef\xbb\"\n"),
	SAMPLE ("\xef\xbb", "1@0 line 2 \"\xef\xbb\" open\n"),
	SAMPLE ("\xef\xef\xbb\xbf\n", "1@0 line 4 \"\xef\xef\xbb\xbf\"\n"),
	SAMPLE ("\xef\n\xbb\xbf\n",
		"1@0 line 1 \"\xef\"\n2@2 line 2 \"\xbb\xbf\"\n"),
	SAMPLE ("a\xe2\x80\xa8"
		"b\xc2\x85"
		"c\x0b\x0c\x1e"
		"d\n",
		"1@0 line 12 \"a\xe2\x80\xa8"
		"b\xc2\x85"
		"c\x0b\x0c\x1e"
		"d\"\n"),
};

/* Feed each sample cut in two at every place, and byte by byte. */
static void
any_split (void)
{
	size_t i, cut;

	for (i = 0; i < sizeof samples / sizeof samples[0]; i++)
		for (cut = 0; cut <= samples[i].len; cut++) {
			struct frame_log r;

			frame_log_init (&r, CAP, 0);
			frame_log_feed (&r, samples[i].in, cut, 0);
			frame_log_feed (&r, samples[i].in + cut,
					samples[i].len - cut, cut == 0 ? 1 : 0);
			frame_log_end (&r);
			TAP_EQ_STR (r.text, samples[i].lines);
			CU_ASSERT (frame_log_done (&r));
		}
}

static void
nul_bytes (void)
{
	static const char in[] = "a\0b\n\0\n";
	struct frame_log r;

	frame_log_init (&r, CAP, 0);
	frame_log_feed (&r, in, sizeof in - 1, 0);
	frame_log_end (&r);
	CU_ASSERT (strstr (r.text, "1@0 line 3 ") != NULL);
	CU_ASSERT (strstr (r.text, "2@4 line 1 ") != NULL);
	TAP_EQ_INT (r.frame.lines, 2);
	CU_ASSERT (frame_log_done (&r));
}

/* Lines of 200 bytes, the last of which ends the buffer. */
static char *
many_lines (size_t n, size_t *ret_len)
{
	char *data = malloc (n * 201);
	size_t i;

	if (data == NULL)
		abort ();
	for (i = 0; i < n; i++) {
		memset (data + i * 201, 'a' + (int) (i % 26), 200);
		data[i * 201 + 200] = '\n';
	}
	*ret_len = n * 201;
	return data;
}

static void
no_copy (void)
{
	struct frame_log r;
	size_t len;
	char *data = many_lines (1000, &len);

	frame_log_init (&r, CAP, 0);
	frame_log_feed (&r, data, len, 0);
	TAP_EQ_INT (r.frame.lines, 1000);
	TAP_EQ_INT (r.copied, 1);
	TAP_EQ_INT (r.frame.peak, 200);
	CU_ASSERT (frame_log_done (&r));
	free (data);
}

static void
near_the_end (void)
{
	char data[300];
	size_t behind;

	for (behind = 0; behind < 2 * LHK_LINE_PADDING; behind++) {
		struct frame_log r;

		memset (data, 'x', sizeof data);
		data[100] = '\n';
		frame_log_init (&r, CAP, 0);
		frame_log_feed (&r, data, 101 + behind, 0);
		TAP_EQ_INT (r.copied, behind + 1 < LHK_LINE_PADDING);
		CU_ASSERT (frame_log_done (&r));
	}
}

static void
guard_page (void)
{
	size_t len, i;
	char *data = many_lines (4, &len);

	for (i = 1; i <= len; i++) {
		struct frame_log r;
		struct guarded_buffer g;

		guarded_buffer_init (&g, data, i);
		guarded_buffer_lock (&g);
		frame_log_init (&r, CAP, 0);
		frame_log_feed (&r, g.data, g.len, 0);
		frame_log_end (&r);
		TAP_EQ_INT (r.frame.lines, (i + 200) / 201);
		CU_ASSERT (frame_log_done (&r));
		guarded_buffer_done (&g);
	}
	free (data);
}

static void
cr_is_copied (void)
{
	char data[400];
	struct frame_log r;
	size_t i;

	for (i = 0; i < sizeof data; i += 4)
		memcpy (data + i, "ab\r\n", 4);
	frame_log_init (&r, CAP, 0);
	frame_log_feed (&r, data, sizeof data, 0);
	TAP_EQ_INT (r.frame.lines, 100);
	TAP_EQ_INT (r.copied, 100);
	TAP_EQ_INT (sizeof data, r.frame.scanned);
	CU_ASSERT (frame_log_done (&r));
}

static void
steady_state (void)
{
	struct frame_log r;
	size_t len;
	char *data = many_lines (5000, &len);
	uint64_t calls;

	frame_log_init (&r, CAP, 0);
	calls = r.memory.calls;
	r.quiet = 1;
	frame_log_feed (&r, data, len, 77);
	TAP_EQ_INT (r.frame.lines, 5000);
	TAP_EQ_INT (r.memory.calls, calls);
	CU_ASSERT (frame_log_done (&r));
	free (data);
}

/* A slow and simple splitter, as the reference. */
static void
reference (struct frame_log *r, const char *data, size_t len, size_t cap)
{
	const char *at = data;
	const char *end = data + len;
	unsigned long long number = 0;

	while (at < end) {
		const char *nl = memchr (at, '\n', (size_t) (end - at));
		size_t n = (size_t) ((nl != NULL ? nl : end) - at);
		int cr = nl != NULL && n > 0 && nl[-1] == '\r';
		struct frame_line line = {
			.data = at,
			.len = n - (size_t) cr,
			.full_len = n - (size_t) cr,
			.off = (uint64_t) (at - data),
			.number = ++number,
			.flags = (cr ? LHK_LINE_HAD_CR : 0u)
				 | (nl == NULL ? LHK_LINE_UNTERMINATED : 0u),
		};

		if (line.len > cap) {
			r->frame.calls->skip_begin (r);
			r->frame.calls->skip_data (r, at, n + (nl != NULL));
			line.data = NULL;
			r->frame.calls->skip_end (r, &line);
		} else {
			char *copy = malloc (line.len + LHK_LINE_PADDING);

			if (copy == NULL)
				abort ();
			memset (copy + line.len, '\n', LHK_LINE_PADDING);
			memcpy (copy, at, line.len);
			line.data = copy;
			r->frame.calls->line (r, &line);
			free (copy);
		}
		at += n + (nl != NULL);
	}
}

/* A fixed sequence: a failure can be had again. */
static unsigned int
next_random (unsigned int *state)
{
	*state = *state * 1103515245u + 12345u;
	return *state >> 8;
}

static void
random_pieces (void)
{
	static const char alphabet[] = "ab\r\n\xef\xbb\xbf";
	unsigned int seed = 1;
	unsigned int round;

	for (round = 0; round < 300; round++) {
		size_t len = next_random (&seed) % 60000;
		char *data = malloc (len + 1);
		unsigned int odds = 2 + next_random (&seed) % 6000;
		struct frame_log r, wanted;
		size_t at, n;

		CU_ASSERT_PTR_NOT_NULL_FATAL (data);
		for (at = 0; at < len; at++)
			data[at] = next_random (&seed) % odds == 0
					   ? alphabet[next_random (&seed) % 7]
					   : 'x';
		frame_log_init (&r, CAP, 0);
		frame_log_init (&wanted, CAP, 0);
		for (at = 0; at < len; at += n) {
			n = 1 + next_random (&seed) % 9000;
			n = n < len - at ? n : len - at;
			frame_log_feed (&r, data + at, n, 0);
		}
		frame_log_end (&r);
		n = len >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
		if (n == 0) {
			reference (&wanted, data, len, CAP);
			TAP_EQ_STR (r.text, wanted.text);
		}
		TAP_EQ_INT (r.frame.scanned + n, len);
		CU_ASSERT (frame_log_done (&r));
		CU_ASSERT (frame_log_done (&wanted));
		free (data);
	}
}

static const struct tap_case cases[] = {
	{ "frame_gives_the_same_lines_at_every_split", any_split },
	{ "frame_takes_nul_bytes_as_content", nul_bytes },
	{ "frame_does_not_copy_lines_inside_one_piece", no_copy },
	{ "frame_copies_a_line_too_near_the_end", near_the_end },
	{ "frame_never_reads_behind_the_callers_bytes", guard_page },
	{ "frame_copies_lines_with_crlf_in_linear_time", cr_is_copied },
	{ "frame_allocates_nothing_per_line", steady_state },
	{ "frame_agrees_with_a_simple_splitter_on_random_input",
	  random_pieces },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("frame", cases);
}
