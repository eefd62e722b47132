/* SPDX-License-Identifier: MIT */
/* view_layout.c - words behind a margin: wrapped, whole, harmless. */
#include "config.h"

#include <string.h>

#include <unistr.h>
#include <uniwidth.h>

#include "cli/view/layout.h"
#include "common/macros.h"
#include "common/utf8.h"
#include "lib/capture.h"
#include "lib/prng.h"
#include "lib/tap.h"

static struct screen screen;
static struct layout layout;
static struct outbuf o;
static struct capture got;

static const struct layout_margin plain = { .columns = 2 };

static void
begin (unsigned int columns, const struct layout_margin *margin)
{
	got.len = 0;
	outbuf_init (&o, capture_write, &got);
	memset (&screen, 0, sizeof screen);
	screen.out = &o;
	screen_resize (&screen, columns);
	layout_init (&layout, &screen);
	layout_begin (&layout, margin);
}

static void
put (const char *text)
{
	layout_put (&layout, text, strlen (text));
}

static void
shows (const char *wanted)
{
	outbuf_flush (&o);
	TAP_EQ_MEM (got.data, got.len, wanted, strlen (wanted));
	got.len = 0;
}

/* TEXT on a screen of 20 columns, 18 of them for the text. */
static void
is (const char *text, const char *wanted)
{
	begin (20, &plain);
	put (text);
	layout_end (&layout);
	shows (wanted);
}

static void
words_are_wrapped_behind_the_margin (void)
{
	is ("one two three four five six",
	    "  one two three four\n  five six\n");
	is ("exactly 18 columns", "  exactly 18 columns\n");
	is ("exactly 19 columns.", "  exactly 19\n  columns.\n");
	is ("blanks    at the end   ", "  blanks    at the\n  end\n");
}

static void
lines_blank_lines_and_indentation_stay (void)
{
	is ("a\n\n\nb\n  c\n", "  a\n\n\n  b\n    c\n");
	is ("\n\nfirst", "  first\n");
	is ("  indented words are wrapped so",
	    "    indented words\n    are wrapped so\n");
	is ("- an entry of a list is wrapped",
	    "  - an entry of a\n    list is wrapped\n");
	is ("10. an entry of a list is wrapped",
	    "  10. an entry of a\n      list is\n      wrapped\n");
	is ("a\tb", "  a       b\n");
	is ("\tb", "          b\n");
}

static void
code_is_cut_at_the_last_column (void)
{
	is ("```c\nint  main (void) { return 0; }\n```\nwords that are wrapped",
	    "  ```c\n  int  main (void) {\n  return 0; }\n  ```\n"
	    "  words that are\n  wrapped\n");
	is ("~~~\n0123456789 abcdefghijk\n",
	    "  ~~~\n  0123456789 abcdefg\n  hijk\n");
	is ("not ```code``` so it is wrapped",
	    "  not ```code``` so\n  it is wrapped\n");
}

static void
a_word_longer_than_a_line_is_cut (void)
{
	is ("see http://example.org/a/long/path now",
	    "  see\n  http://example.org\n  /a/long/path now\n");
	is ("0123456789012345678901234567890123456789",
	    "  012345678901234567\n  890123456789012345\n  6789\n");
}

static void
an_unfinished_word_is_held_back (void)
{
	begin (20, &plain);
	put ("Hel");
	shows ("");
	put ("lo wor");
	shows ("  Hello");
	put ("ld\n");
	shows (" world\n");
	put ("x");
	layout_end (&layout);
	shows ("  x\n");
}

static void
a_line_that_is_interrupted_goes_on_in_the_next (void)
{
	begin (20, &plain);
	put ("some wor");
	layout_end_line (&layout);
	shows ("  some\n");
	put ("ds more");
	layout_end (&layout);
	shows ("  words more\n");
}

static void
wide_characters_count_two (void)
{
	/* Nine of them are a line; a full stop does not begin one. */
	is ("日本語日本語日本語日本語", "  日本語日本語日本語\n  日本語\n");
	is ("日本語日本語日本語。日本", "  日本語日本語日本\n  語。日本\n");
	is ("a日b", "  a日b\n");
	is ("한국어 문장 하나 둘 셋", "  한국어 문장 하나\n  둘 셋\n");
}

static void
joined_emoji_stay_together (void)
{
	/* Each part counts, as terminals that do not join them show it. */
	is ("12345678 👨‍👩‍👧 x",
	    "  12345678 👨‍👩‍👧 x\n");
	is ("1234567890123 👨‍👩‍👧 x",
	    "  1234567890123\n  👨‍👩‍👧 x\n");
	/* So many marks would cover other lines. */
	is ("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
	    "\xcc\x81\xcc\x82 x",
	    "  e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
	    "\\u{301}\xcc\x82 x\n");
	is ("e\xcc\x81\xcc\x81\xcc\x81 x", "  e\xcc\x81\xcc\x81\xcc\x81 x\n");
	/* A heart with the selector that makes it an emoji: two columns. */
	is ("1234567890123456 ❤️x", "  1234567890123456\n  ❤️x\n");
	is ("a\xe2\x80\x8d"
	    "b",
	    "  a\\u{200d}b\n");
}

static void
controls_are_made_visible (void)
{
	is ("a\r\nb\r\n", "  a\n  b\n");
	is ("a\rb", "  a\\rb\n");
	is ("a\r", "  a\\r\n");
	is ("\x1b[31mred\x07", "  \\x1b[31mred\\x07\n");
	is ("\xe2\x80\xae"
	    "desrever",
	    "  \\u{202e}desrever\n");
	/* Letters without a shape, of which terminals make 0 to 2 columns. */
	is ("\xe1\x85\x9f\xe3\x85\xa4", "  \\u{115f}\\u{3164}\n");
	is ("\xc2\x9b"
	    "2J",
	    "  \\u{9b}2J\n");
}

static void
marks_of_a_subagent_and_of_reasoning_stand_on_each_line (void)
{
	static const struct layout_margin margin = {
		.depth = 2,
		.number = 3,
		.has_first = 1,
		.has_rest = 1,
		.first = MARK_THOUGHT,
		.rest = MARK_THOUGHT,
		.columns = 2,
	};

	begin (20, &margin);
	put ("one two three four\n\nfive");
	layout_end (&layout);
	shows ("│ 3│ ┊ one two three\n│ 3│ ┊ four\n│ 3│ ┊\n│ 3│ ┊ five\n");
}

static void
another_width_holds_from_the_next_word_on (void)
{
	begin (40, &plain);
	put ("one two three four five ");
	screen_resize (&screen, 20);
	put ("six seven eight nine ");
	layout_end (&layout);
	shows ("  one two three four five\n  six seven eight\n  nine\n");
	screen_resize (&screen, 1);
	CU_ASSERT_EQUAL (screen.columns, 20);
	screen_resize (&screen, 0);
	CU_ASSERT_EQUAL (screen.columns, 80);
}

/* ---- whatever the text ---- */

/* Pieces that a text is made of, with what is hard about each. */
static const char *const pieces[] = {
	"word",
	" ",
	"  ",
	"\n",
	"\n\n",
	"\t",
	"\r\n",
	"\r",
	"日本語",
	"、",
	"。」",
	"한국",
	"👨‍👩‍👧",
	"❤️",
	"👍🏽",
	"🇫🇮🇫🇮",
	"é",
	"e\xcc\x81",
	"```",
	"```c\n",
	"- ",
	"1. ",
	"\x1b[1m",
	"\xe2\x80\xae",
	"0123456789012345678901234567890123456789012345678901234567890",
	"—",
	"“q”",
	"العربية",
	"ไทย",
	"\xe2\x80\x8d",
	"a-b",
};

static size_t
make_text (struct prng *r, char *text, size_t size)
{
	size_t len = 0, n = prng_below (r, 60);

	while (n-- > 0) {
		const char *p = pieces[prng_below (r, ARRAY_SIZE (pieces))];

		if (len + strlen (p) >= size)
			break;
		memcpy (text + len, p, strlen (p));
		len += strlen (p);
	}
	return len;
}

static void
put_split (struct prng *r, const char *text, size_t len)
{
	size_t at = 0, n;

	while (at < len) {
		size_t end = at, chars = 1 + prng_below (r, 5);

		for (; end < len && chars > 0; chars--, end += n)
			utf8_decode (text + end, &n);
		layout_put (&layout, text + at, end - at);
		at = end;
	}
}

/* No line is too wide, or begins without the margin, or ends with a blank. */
static int
is_neat (const char *p, size_t len, unsigned int columns)
{
	const char *end = p + len, *lf;

	for (; p < end; p = lf + 1) {
		size_t n;

		lf = memchr (p, '\n', (size_t) (end - p));
		if (lf == NULL)
			return 0;
		n = (size_t) (lf - p);
		if (n > 0
		    && (n < 3 || memcmp (p, "  ", 2) != 0 || lf[-1] == ' '))
			return 0;
		if (u8_width ((const uint8_t *) p, n, "UTF-8") > (int) columns)
			return 0;
	}
	return 1;
}

static void
the_cut_of_the_pieces_does_not_matter (void)
{
	static char text[8192], once[65536];
	struct prng r = { 7 };
	size_t i, len, once_len;
	int n_bad = 0;

	for (i = 0; i < 20000; i++) {
		unsigned int columns = 20 + (unsigned int) prng_below (&r, 30);

		len = make_text (&r, text, sizeof text);
		begin (columns, &plain);
		layout_put (&layout, text, len);
		layout_end (&layout);
		outbuf_flush (&o);
		once_len = got.len;
		memcpy (once, got.data, got.len);
		if (!is_neat (once, once_len, columns) && n_bad++ < 3)
			tap_note ("not neat at %u columns:\n%.*s", columns,
				  (int) once_len, once);
		begin (columns, &plain);
		put_split (&r, text, len);
		layout_end (&layout);
		outbuf_flush (&o);
		if (got.len != once_len
		    || memcmp (once, got.data, got.len) != 0) {
			if (n_bad == 0)
				TAP_EQ_MEM (got.data, got.len, once, once_len);
			n_bad++;
		}
	}
	CU_ASSERT_EQUAL (n_bad, 0);
}

static const struct tap_case cases[] = {
	{ "words_are_wrapped_behind_the_margin",
	  words_are_wrapped_behind_the_margin },
	{ "lines_blank_lines_and_indentation_stay",
	  lines_blank_lines_and_indentation_stay },
	{ "code_is_cut_at_the_last_column", code_is_cut_at_the_last_column },
	{ "a_word_longer_than_a_line_is_cut",
	  a_word_longer_than_a_line_is_cut },
	{ "an_unfinished_word_is_held_back", an_unfinished_word_is_held_back },
	{ "a_line_that_is_interrupted_goes_on_in_the_next",
	  a_line_that_is_interrupted_goes_on_in_the_next },
	{ "wide_characters_count_two", wide_characters_count_two },
	{ "joined_emoji_stay_together", joined_emoji_stay_together },
	{ "controls_are_made_visible", controls_are_made_visible },
	{ "marks_of_a_subagent_and_of_reasoning_stand_on_each_line",
	  marks_of_a_subagent_and_of_reasoning_stand_on_each_line },
	{ "another_width_holds_from_the_next_word_on",
	  another_width_holds_from_the_next_word_on },
	{ "the_cut_of_the_pieces_does_not_matter",
	  the_cut_of_the_pieces_does_not_matter },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("view_layout", cases);
}
