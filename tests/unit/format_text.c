/* SPDX-License-Identifier: MIT */
/* format_text.c - texts as a person reads them: once, and on whose line. */
#include "config.h"

#include <stdlib.h>

#include "format/repeat.h"
#include "unit/format_text_fixture.h"

static void
a_delta_has_no_newline_a_whole_text_has_one (void)
{
	begin (0);
	delta (NULL, "delta");
	shows ("delta");
	finish ();
	begin (0);
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
	begin (0);
	tool ("t1", "Write", "output.txt", LHK_TOOL_RUNNING, NULL);
	shows ("");
	finish ();
	begin (VERBOSE);
	tool ("t1", "Write", "output.txt", LHK_TOOL_RUNNING, NULL);
	shows ("[tool: Write(output.txt)]\n");
	finish ();
}

static void
default_mode_is_text_alone (void)
{
	begin (0);
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
	begin (0);
	delta ("a", "be");
	tool ("t1", "Write", "output.txt", LHK_TOOL_DONE, NULL);
	delta ("a", "fore");
	shows ("before");
	finish ();
}

static void
verbose_has_markers_in_the_text (void)
{
	begin (VERBOSE);
	delta ("1", "before");
	tool ("t1", "Write", "output.txt", LHK_TOOL_RUNNING, NULL);
	tool ("t1", "Write", "output.txt", LHK_TOOL_DONE, NULL);
	delta ("2", "after");
	shows ("before[tool: Write(output.txt)]\nafter");
	finish ();
	begin (VERBOSE);
	whole ("1", "before");
	tool ("t1", "Write", "output.txt", LHK_TOOL_RUNNING, NULL);
	whole ("2", "after");
	shows ("before\n[tool: Write(output.txt)]\nafter\n");
	finish ();
}

static void
marker_without_an_argument_has_no_parentheses (void)
{
	begin (VERBOSE);
	delta (NULL, "x");
	tool ("t1", "Read", NULL, LHK_TOOL_RUNNING, NULL);
	shows ("x\n[tool: Read]\n");
	tool ("t2", "Read", "", LHK_TOOL_PENDING, NULL);
	shows ("[tool: Read]\n");
	finish ();
}

#define TEN "1234567890"

static void
argument_of_40_characters_is_whole_41_are_37 (void)
{
	static const struct {
		const char *brief, *wanted;
	} table[] = {
		{ TEN TEN TEN TEN, "[tool: T(" TEN TEN TEN TEN ")]\n" },
		{ TEN TEN TEN TEN "1",
		  "[tool: T(" TEN TEN TEN "1234567\xe2\x80\xa6)]\n" },
		/* 40 characters of 80 bytes */
		{ "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		  "\xc3\xa9\xc3\xa9\xc3\xa9" TEN TEN TEN,
		  "[tool: T(\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		  "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9" TEN TEN TEN ")]\n" },
		/* the cut falls on a wide character */
		{ TEN TEN TEN "123456\xf0\x9f\x98\x80\xf0\x9f\x98\x80xyz",
		  "[tool: T(" TEN TEN TEN
		  "123456\xf0\x9f\x98\x80\xe2\x80\xa6)]\n" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (table); i++) {
		begin (VERBOSE);
		tool ("t", "T", table[i].brief, LHK_TOOL_RUNNING, NULL);
		shows (table[i].wanted);
		finish ();
	}
}

/* Reasoning is hidden by default; verbose shows it, dimmed on a terminal, and
 * writes no ANSI bytes without color. */
static void
reasoning_is_hidden_or_marked_and_no_ansi_bytes (void)
{
	begin (0);
	say (LHK_ROLE_THOUGHT, 0, NULL, "hm\x1b[2m", NULL);
	shows ("");
	finish ();
	begin (VERBOSE);
	say (LHK_ROLE_THOUGHT, 1, NULL, "two\nli", NULL);
	say (LHK_ROLE_THOUGHT, 1, NULL, "nes", NULL);
	delta (NULL, "answer");
	shows ("[thinking] two\n[thinking] lines\nanswer");
	say (LHK_ROLE_THOUGHT, 0, NULL, "again", NULL);
	shows ("\n[thinking] again\n");
	finish ();
	begin (VERBOSE);
	delta (NULL, "\x1b[31mred\x9b");
	shows ("\\x1b[31mred\xef\xbf\xbd");
	finish ();
	begin (VERBOSE | COLOR);
	say (LHK_ROLE_THOUGHT, 1, NULL, "a\n\nb\x1b", NULL);
	delta (NULL, "c");
	shows ("\033[2ma\033[0m\n\n\033[2mb\\x1b\033[0m\nc");
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

	begin (VERBOSE);
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
	begin (0);
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
	begin (0);
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
	begin (0);
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
	begin (VERBOSE);
	delta ("a", "main ");
	say (LHK_ROLE_ASSISTANT, 1, "a", "sub one\nsub", "t1");
	tool ("t2", "Read", "f", LHK_TOOL_RUNNING, "t1");
	say (LHK_ROLE_ASSISTANT, 1, "a", " two", "t1");
	tool ("t3", "Bash", "x", LHK_TOOL_FAILED, "t1");
	delta ("a", "goes on");
	shows ("main \n  | sub one\n  | sub[tool: Read(f)] two\n"
	       "  | [tool: Bash(x) -> failed]\ngoes on");
	finish ();
	begin (0);
	delta ("a", "main ");
	say (LHK_ROLE_ASSISTANT, 1, "a", "sub", "t1");
	say (LHK_ROLE_ASSISTANT, 0, "a", "sub", "t1");
	delta ("a", "goes on");
	shows ("main goes on");
	finish ();
}

static void
claims (void)
{
	begin (0);
	claim ("only here");
	shows ("only here\n");
	claim ("second");
	end ();
	shows ("second\n");
	finish ();
	/* Each text stands for one claim, however late that comes. */
	begin (0);
	whole ("a", "one");
	whole ("b", "two");
	shows ("one\ntwo\n");
	claim ("one");
	claim ("two");
	shows ("");
	claim ("two");
	shows ("two\n");
	finish ();
	begin (0);
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
	begin (0);
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

/* Deltas without an id, and a whole text that has one. */
static void
whole_of_nameless_deltas (void)
{
	begin (0);
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
	begin (0);
	delta ("a", "This answer is ");
	whole ("a", "");
	delta ("a", "This");
	delta ("a", " answer is who");
	whole ("a", "This answer is whole.");
	shows ("This answer is whole.\n");
	finish ();
	begin (0);
	delta ("a", "This answer is ");
	whole ("a", "");
	whole ("b", "This answer is whole.");
	shows ("This answer is whole.\n");
	finish ();
	begin (0);
	delta ("a", "This answer is ");
	retry ();
	delta ("b", "This answer is whole.");
	end ();
	shows ("This answer is whole.\n");
	finish ();
	begin (0);
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
	begin (0);
	delta ("a", "This answer is ");
	whole ("a", "");
	delta ("b", "This ");
	shows ("This answer is ");
	delta ("b", "other one");
	whole ("b", "This other one.");
	shows ("\nThis other one.\n");
	finish ();
	begin (0);
	delta ("a", "This answer");
	whole ("a", "");
	delta ("b", "No.");
	whole ("b", "No.");
	shows ("This answer\nNo.\n");
	finish ();
	begin (0);
	delta ("a", "This answer");
	whole ("a", "");
	whole ("b", "This");
	shows ("This answer\n");
	finish ();
	/* A retry that was none: the text goes on. */
	begin (0);
	delta ("a", "This ");
	retry ();
	delta ("a", "goes on");
	shows ("This goes on");
	finish ();
	/* After a call it is said again in earnest. */
	begin (0);
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

	begin (0);
	format_text_event (sink, &o, &e.ev);
	shows ("");
	finish ();
	begin (VERBOSE);
	format_text_event (sink, &o, &e.ev);
	shows ("summary\n");
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
	begin (0);
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
		begin (0);
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

static const struct tap_case cases[] = {
	{ "a_delta_has_no_newline_a_whole_text_has_one",
	  a_delta_has_no_newline_a_whole_text_has_one },
	{ "a_tool_is_not_in_the_text", a_tool_is_not_in_the_text },
	{ "default_mode_is_text_alone", default_mode_is_text_alone },
	{ "verbose_has_markers_in_the_text", verbose_has_markers_in_the_text },
	{ "marker_without_an_argument_has_no_parentheses",
	  marker_without_an_argument_has_no_parentheses },
	{ "argument_of_40_characters_is_whole_41_are_37",
	  argument_of_40_characters_is_whole_41_are_37 },
	{ "reasoning_is_hidden_or_marked_and_no_ansi_bytes",
	  reasoning_is_hidden_or_marked_and_no_ansi_bytes },
	{ "events_without_text_show_nothing",
	  events_without_text_show_nothing },
	{ "format_text_shows_deltas_or_the_whole_never_both", shown_once },
	{ "format_text_shows_texts_without_ids_once", without_ids },
	{ "format_text_of_another_id_begins_a_line", retried_deltas },
	{ "format_text_of_subagents_is_marked_or_hidden",
	  interleaved_subagents },
	{ "format_text_of_a_claim_is_shown_unless_it_was_said", claims },
	{ "format_text_of_a_claim_may_lack_white_space", trimmed_claims },
	{ "format_text_of_deltas_may_get_its_id_late",
	  whole_of_nameless_deltas },
	{ "format_text_that_is_sent_again_is_shown_once", sent_again },
	{ "format_text_that_begins_like_a_withdrawn_one_is_shown",
	  said_otherwise },
	{ "format_text_that_is_synthetic_is_for_verbose", synthetic },
	{ "format_text_of_9_megabytes_needs_constant_memory", long_text },
	{ "format_text_is_the_same_however_it_was_cut", any_cut },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("format_text", cases);
}
