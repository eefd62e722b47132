/* SPDX-License-Identifier: MIT */
/* format_text.c - texts as a person reads them: once, and on whose line. */
#include "config.h"

#include <stdlib.h>

#include "format/repeat.h"
#include "unit/format_text_fixture.h"

static void
a_delta_has_no_newline_a_whole_text_has_one (void)
{
	begin ();
	delta (NULL, "delta");
	shows ("delta");
	finish ();
	begin ();
	whole ("a", "whole");
	shows ("whole\n");
	whole ("b", "with its own\n");
	shows ("with its own\n");
	whole ("c", "");
	shows ("");
	finish ();
}

static void
a_tool_is_not_in_the_text (void)
{
	begin ();
	tool ("t1", "Write", "output.txt", LHK_TOOL_RUNNING, NULL);
	shows ("");
	finish ();
}

static void
default_mode_is_text_alone (void)
{
	begin ();
	delta (NULL, "before");
	tool ("t1", "Write", "output.txt", LHK_TOOL_RUNNING, NULL);
	say (LHK_ROLE_THOUGHT, 1, NULL, "thought", NULL);
	delta (NULL, "after");
	shows ("before\nafter");
	claim ("after");
	delta (NULL, "the next turn");
	shows ("\nthe next turn");
	end ();
	shows ("\n");
	finish ();
	/* A text with an id goes on while a call of an earlier one ends. */
	begin ();
	delta ("a", "be");
	tool ("t1", "Write", "output.txt", LHK_TOOL_DONE, NULL);
	delta ("a", "fore");
	shows ("before");
	finish ();
}

static void
reasoning_is_hidden_and_no_ansi_bytes (void)
{
	begin ();
	say (LHK_ROLE_THOUGHT, 0, NULL, "hm\x1b[2m", NULL);
	shows ("");
	delta (NULL, "\x1b[31mred\x9b");
	shows ("\\x1b[31mred\xef\xbf\xbd");
	finish ();
}

/* The raw format has no text sink at all; a claim and a session are no text
 * either. */
static void
events_without_text_show_nothing (void)
{
	struct lhk_ev_session session = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = clean_text ("s"),
	};
	struct lhk_ev_run run = {
		.ev = LHK_EV (struct lhk_ev_run, LHK_EV_RUN),
		.v = 1,
	};
	struct lhk_ev_usage usage = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
	};

	begin ();
	format_text_event (sink, &o, &run.ev);
	format_text_event (sink, &o, &session.ev);
	format_text_event (sink, &o, &usage.ev);
	say (LHK_ROLE_USER, 0, NULL, "user", NULL);
	say (LHK_ROLE_SYSTEM, 0, NULL, "system", NULL);
	shows ("");
	finish ();
}

static void
shown_once (void)
{
	begin ();
	delta ("a", "Hel");
	delta ("a", "lo");
	whole ("a", "Hello");
	shows ("Hello\n");
	/* goes on from what was shown */
	delta ("b", "one t");
	whole ("b", "one two\nthree");
	shows ("one two\nthree\n");
	/* the deltas were something else */
	delta ("c", "one half");
	whole ("c", "other");
	shows ("one half\nother\n");
	/* shorter than its deltas */
	delta ("d", "too long");
	whole ("d", "too");
	shows ("too long\ntoo\n");
	/* twice the same whole */
	whole ("e", "same");
	whole ("e", "same");
	whole ("f", "same");
	shows ("same\nsame\n");
	/* the deltas ended their line themselves */
	delta ("g", "line\n");
	whole ("g", "line\n");
	shows ("line\n");
	/* cut in a character's middle by its bytes: not what was shown */
	delta ("h", "\xc3\xa9");
	whole ("h", "\xc3\xaa");
	shows ("\xc3\xa9\n\xc3\xaa\n");
	finish ();
}

static void
without_ids (void)
{
	begin ();
	delta (NULL, "Hel");
	delta (NULL, "lo");
	whole (NULL, "Hello");
	shows ("Hello\n");
	whole (NULL, "line");
	whole (NULL, "line");
	shows ("line\nline\n");
	delta (NULL, "A");
	tool ("t", "T", NULL, LHK_TOOL_DONE, NULL);
	delta (NULL, "B");
	whole (NULL, "B");
	shows ("A\nB\n");
	finish ();
}

/* A broken stream sends the text again, under another id. */
static void
retried_deltas (void)
{
	begin ();
	delta ("m1", "I will no");
	delta ("m2", "I will no");
	delta ("m3", "I will now ");
	whole ("m3", "I will now be");
	shows ("I will no\nI will no\nI will now be\n");
	finish ();
}

static void
interleaved_subagents (void)
{
	begin ();
	delta ("a", "main ");
	say (LHK_ROLE_ASSISTANT, 1, "a", "sub", "t1");
	say (LHK_ROLE_ASSISTANT, 0, "a", "sub", "t1");
	delta ("a", "goes on");
	shows ("main goes on");
	finish ();
}

/* Something else was written: the text goes on in the next line. */
static void
ended_lines (void)
{
	begin ();
	format_text_end_line (sink, &o);
	shows ("");
	delta ("a", "half a ");
	format_text_end_line (sink, &o);
	format_text_end_line (sink, &o);
	delta ("a", "sentence");
	whole ("a", "half a sentence");
	shows ("half a \nsentence\n");
	finish ();
}

static void
claims (void)
{
	begin ();
	claim ("only here");
	shows ("only here\n");
	claim ("second");
	end ();
	shows ("second\n");
	finish ();
	/* Each text stands for one claim, however late that comes. */
	begin ();
	whole ("a", "one");
	whole ("b", "two");
	shows ("one\ntwo\n");
	claim ("one");
	claim ("two");
	shows ("");
	claim ("two");
	shows ("two\n");
	finish ();
	begin ();
	delta ("a", "shown");
	claim ("shown");
	whole ("b", "more");
	claim (NULL);
	shows ("shown\nmore\n");
	finish ();
}

/* The white space around the words makes no other text. */
static void
trimmed_claims (void)
{
	begin ();
	delta ("a", "\n");
	delta ("a", " one");
	delta ("a", " word\n");
	whole ("a", "\n one word\n \n");
	shows ("\n one word\n \n");
	claim ("one word");
	whole ("b", "two");
	claim ("\ttwo ");
	shows ("two\n");
	claim (" \n");
	shows ("");
	claim ("one  word");
	shows ("one  word\n");
	finish ();
}

/* Blank lines of a program that nobody knows are kept. */
static void
lines_of_an_unknown_program_come_as_they_are (void)
{
	struct lhk_ev_run e = {
		.ev = LHK_EV (struct lhk_ev_run, LHK_EV_RUN),
		.provider = clean_text ("raw"),
	};

	begin ();
	format_text_event (sink, &o, &e.ev);
	whole (NULL, "one");
	whole (NULL, "");
	whole (NULL, "");
	whole (NULL, "one");
	shows ("one\n\n\none\n");
	finish ();
}

/* Deltas without an id, and a whole text that has one. */
static void
whole_of_nameless_deltas (void)
{
	begin ();
	delta (NULL, "Hel");
	delta (NULL, "lo");
	whole ("a", "Hello!");
	whole ("b", "Hello");
	shows ("Hello!\nHello\n");
	delta (NULL, "Hello");
	whole ("c", "No");
	whole ("d", "Hello");
	shows ("Hello\nNo\n");
	finish ();
}

static void
retry (void)
{
	struct lhk_ev_notice e = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = LHK_LOG_WARN,
		.code = clean_text (LHK_CODE_RETRY),
		.text = clean_text ("again"),
	};

	format_text_event (sink, &o, &e.ev);
}

/* A text that is sent again after a broken stream is shown once: it was
 * withdrawn, under its own id or another, or a retry was told. */
static void
sent_again (void)
{
	begin ();
	delta ("a", "This answer is ");
	whole ("a", "");
	delta ("a", "This");
	delta ("a", " answer is who");
	whole ("a", "This answer is whole.");
	shows ("This answer is whole.\n");
	finish ();
	begin ();
	delta ("a", "This answer is ");
	whole ("a", "");
	whole ("b", "This answer is whole.");
	shows ("This answer is whole.\n");
	finish ();
	begin ();
	delta ("a", "This answer is ");
	retry ();
	delta ("b", "This answer is whole.");
	end ();
	shows ("This answer is whole.\n");
	finish ();
	begin ();
	whole ("a", "This answer is ");
	retry ();
	whole ("b", "This answer is whole.");
	shows ("This answer is \nwhole.\n");
	finish ();
}

/* What begins like the withdrawn text and goes on otherwise is shown whole. */
static void
said_otherwise (void)
{
	begin ();
	delta ("a", "This answer is ");
	whole ("a", "");
	delta ("b", "This ");
	shows ("This answer is ");
	delta ("b", "other one");
	whole ("b", "This other one.");
	shows ("\nThis other one.\n");
	finish ();
	begin ();
	delta ("a", "This answer");
	whole ("a", "");
	delta ("b", "No.");
	whole ("b", "No.");
	shows ("This answer\nNo.\n");
	finish ();
	begin ();
	delta ("a", "This answer");
	whole ("a", "");
	whole ("b", "This");
	shows ("This answer\n");
	finish ();
	/* A retry that was none: the text goes on. */
	begin ();
	delta ("a", "This ");
	retry ();
	delta ("a", "goes on");
	shows ("This goes on");
	finish ();
	/* After a call it is said again in earnest. */
	begin ();
	whole ("a", "Done.");
	tool ("t1", "Write", "x", LHK_TOOL_RUNNING, NULL);
	retry ();
	whole ("b", "Done.");
	shows ("Done.\nDone.\n");
	finish ();
}

static void
synthetic (void)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.flags = LHK_TEXT_SYNTHETIC,
		.text = clean_text ("summary"),
	};

	begin ();
	format_text_event (sink, &o, &e.ev);
	shows ("");
	finish ();
}

static size_t total, largest;

static void
count (void *user, const char *data, size_t len)
{
	(void) user;
	(void) data;
	total += len;
	largest = len > largest ? len : largest;
}

/* Nine megabytes by deltas, then whole: constant memory, shown once. */
static void
long_text (void)
{
	static char big[(9 << 20) + 1];
	char piece[1001];
	size_t i;

	memset (big, 'x', sizeof big - 1);
	memset (piece, 'x', sizeof piece - 1);
	piece[sizeof piece - 1] = '\0';
	begin ();
	outbuf_init (&o, count, NULL);
	total = largest = 0;
	for (i = 0; i < 5000; i++)
		delta ("a", piece);
	whole ("a", big);
	outbuf_flush (&o);
	TAP_EQ_INT (total, sizeof big - 1 + 1);
	CU_ASSERT (largest <= OUTBUF_SIZE);
	CU_ASSERT (f.peak < 3 * REPEAT_MAX);
	finish ();
}

/* However a text is cut into deltas, it is the same text, shown once. */
static void
any_cut (void)
{
	static const char text[] = "a\xc3\xa9\n\xe2\x82\xac\xf0\x9f\x98\x80"
				   " and so on, and so on\n\nend";
	char part[sizeof text];
	size_t at, n, i;

	srand (5);
	for (i = 0; i < 500; i++) {
		begin ();
		for (at = 0; at < sizeof text - 1; at += n) {
			n = 1 + (size_t) rand () % 9;
			if (n > sizeof text - 1 - at)
				n = sizeof text - 1 - at;
			while ((text[at + n] & 0xc0) == 0x80)
				n++;
			memcpy (part, text + at, n);
			part[n] = '\0';
			delta ("a", part);
			if (rand () % 8 == 0)
				break;
		}
		whole ("a", text);
		outbuf_flush (&o);
		TAP_EQ_MEM (got.data, got.len - 1, text, sizeof text - 1);
		finish ();
	}
}

/* Without memory what is sent again may come twice, and nothing else changes. */
static void
memory_fails (void)
{
	failing_init (&f);
	f.fail_at = 1;
	CU_ASSERT_PTR_NULL (format_text_new (&f.alloc));
	begin ();
	f.fail_at = 2;
	delta ("a", "x");
	whole ("a", "xy");
	shows ("xy\n");
	finish ();
}

static const struct tap_case cases[] = {
	{ "a_delta_has_no_newline_a_whole_text_has_one",
	  a_delta_has_no_newline_a_whole_text_has_one },
	{ "a_tool_is_not_in_the_text", a_tool_is_not_in_the_text },
	{ "default_mode_is_text_alone", default_mode_is_text_alone },
	{ "reasoning_is_hidden_and_no_ansi_bytes",
	  reasoning_is_hidden_and_no_ansi_bytes },
	{ "events_without_text_show_nothing",
	  events_without_text_show_nothing },
	{ "format_text_shows_deltas_or_the_whole_never_both", shown_once },
	{ "format_text_shows_texts_without_ids_once", without_ids },
	{ "format_text_of_another_id_begins_a_line", retried_deltas },
	{ "format_text_of_subagents_is_hidden", interleaved_subagents },
	{ "format_text_goes_on_behind_a_line_that_was_ended", ended_lines },
	{ "format_text_of_a_claim_is_shown_unless_it_was_said", claims },
	{ "format_text_of_a_claim_may_lack_white_space", trimmed_claims },
	{ "format_text_of_deltas_may_get_its_id_late",
	  whole_of_nameless_deltas },
	{ "lines_of_an_unknown_program_come_as_they_are",
	  lines_of_an_unknown_program_come_as_they_are },
	{ "format_text_that_is_sent_again_is_shown_once", sent_again },
	{ "format_text_that_begins_like_a_withdrawn_one_is_shown",
	  said_otherwise },
	{ "format_text_that_is_synthetic_is_hidden", synthetic },
	{ "format_text_of_9_megabytes_needs_constant_memory", long_text },
	{ "format_text_is_the_same_however_it_was_cut", any_cut },
	{ "format_text_goes_on_when_memory_fails", memory_fails },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("format_text", cases);
}
