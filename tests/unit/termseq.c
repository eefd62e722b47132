/* SPDX-License-Identifier: MIT */
/* termseq.c - what a terminal does not show, and where it ends. */
#include "config.h"

#include <string.h>

#include "common/macros.h"
#include "common/termseq.h"
#include "lib/tap.h"

#define S(literal) "" literal, sizeof (literal) - 1

/* Sequences that a terminal swallows whole. */
static const struct {
	const char *bytes;
	size_t len;
} whole[] = {
	{ S ("") },
	{ S (" \t\r") },
	{ S ("\a\b\0\x7f\x1e") },
	{ S ("\x1b[0m") },
	{ S ("\x1b[?25h\x1b[2J\x1b[H") },
	{ S ("\x1b[38;2;1;2;3m") },
	{ S ("\x1b[1 q\x1b[!p") },
	{ S ("\x1b]0;a title\a") },
	{ S ("\x1b]8;;http://x/?a={b}\x1b\\") },
	{ S ("\x1b]0;\xc5\x9b\xe2\x80\x9c\a") },
	{ S ("\x1b]0;t\xc2\x9c") },
	{ S ("\x1b]0;t\x9c") },
	{ S ("\x1b]0;t\x18\x1b]0;t\x1a") },
	{ S ("\x1bP1$r0m\x1b\\") },
	{ S ("\x1b_G{\"a\":1}\x1b\\\x1b^x\x1b\\\x1bXy\x1b\\") },
	{ S ("\x1bPtmux;\x1b\x1b]0;t\a\x1b\\") },
	{ S ("\x1b(B\x1b)0\x1b#8\x1b%G") },
	{ S ("\x1b"
	     "7\x1b"
	     "8\x1b=\x1b>\x1b"
	     "c\x1bM") },
	{ S ("\x9b"
	     "31m\x9d"
	     "0;t\a\x90x\x9c\x85\x84") },
	{ S ("\xc2\x9b"
	     "31m\xc2\x9d"
	     "0;t\xc2\x9c\xc2\x85") },
	{ S ("\xef\xbb\xbf\xef\xbb\xbf") },
	{ S ("\x1b\x1b\x1b[m") },
};

/* Where the sequence ends, and the rest is shown. */
static const struct {
	const char *bytes;
	size_t len;
	size_t span;
} ended[] = {
	{ S ("{"), 0 },
	{ S ("a\x1b[m"), 0 },
	{ S ("\xc3\xa9"), 0 },
	{ S ("\xc2\xa9"), 0 },
	{ S (" \xc2"), 1 },
	{ S (" \xef\xbb"), 1 },
	{ S (" \xef\xbb\xbe"), 1 },
	{ S ("\xe2\x80\x9b"), 0 },
	{ S ("\x1b[31{"), 4 },
	{ S ("\x1b{"), 1 },
	{ S ("\x1b({"), 2 },
	{ S ("\x1b\xc3\xa9"), 1 },
	/* a string without an end hides no brace, and everything else */
	{ S ("\x1b]0;title {\"a\":1}"), 2 },
	{ S (" \x1b]0;title"), 10 },
	{ S ("\x1bP\x1b]0;title {"), 4 },
	{ S ("\x9d"
	     "0;\xc2\x9d"
	     "1;{"),
	  5 },
};

static void
sequences (void)
{
	char line[80];
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE (whole); i++) {
		n = whole[i].len;
		memcpy (line, whole[i].bytes, n);
		memcpy (line + n, "{}", 2);
		if (!TAP_EQ_INT (termseq_span (line, line + n), n)
		    || !TAP_EQ_INT (termseq_span (line, line + n + 2), n))
			tap_note ("sequence %zu", i);
	}
}

static void
ends (void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (ended); i++)
		if (!TAP_EQ_INT (termseq_span (ended[i].bytes,
					       ended[i].bytes + ended[i].len),
				 ended[i].span))
			tap_note ("sequence %zu", i);
}

/* The byte that is shown comes with the number of those before it that are
 * shown, too. */
static void
bytes (void)
{
	struct termseq s = { 0 };

	CU_ASSERT (termseq_takes (&s, 0x1b) && termseq_takes (&s, ']'));
	CU_ASSERT (termseq_in_string (&s));
	CU_ASSERT (termseq_takes (&s, '\a') && !termseq_in_string (&s));
	CU_ASSERT (termseq_takes (&s, 0xef) && termseq_takes (&s, 0xbb));
	CU_ASSERT (!termseq_takes (&s, 'x'));
	TAP_EQ_INT (s.before, 2);
	CU_ASSERT (termseq_takes (&s, 0xc2) && !termseq_takes (&s, 0xa0));
	TAP_EQ_INT (s.before, 1);
	CU_ASSERT (!termseq_takes (&s, 'x'));
	TAP_EQ_INT (s.before, 0);
}

int
main (void)
{
	static const struct tap_case cases[] = {
		{ "termseq_takes_every_kind_of_sequence", sequences },
		{ "termseq_ends_before_what_is_shown", ends },
		{ "termseq_says_what_was_no_sequence_after_all", bytes },
		{ NULL, NULL },
	};

	return tap_run ("termseq", cases);
}
