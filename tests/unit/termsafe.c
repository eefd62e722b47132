/* SPDX-License-Identifier: MIT */
/* termsafe.c - hostile text does nothing to a terminal; facts of a result. */
#include "config.h"

#include <stdlib.h>

#include "format/safe_text.h"
#include "format/summary_text.h"
#include "json/text_reader.h"
#include "unit/format_text_fixture.h"

#define S(literal) "" literal, sizeof (literal) - 1

static void
safe_is (const char *in, size_t len, uint32_t form, int one_line, size_t max,
	 const char *wanted)
{
	struct lhk_text t = { in, len, form, 0 };

	got.len = 0;
	outbuf_init (&o, capture_write, &got);
	format_safe_text (&o, &t, one_line, max);
	shows (wanted);
}

/* Characters that move, hide, turn round or forge text. */
static const struct {
	const char *in;
	size_t len;
	const char *lines, *one_line;
} hostile[] = {
	/* clear screen, title, clipboard, link, DCS, APC */
	{ S ("\x1b[2J"), "\\x1b[2J", "\\x1b[2J" },
	{ S ("\x1b]0;x\x07"), "\\x1b]0;x\\x07", "\\x1b]0;x\\x07" },
	{ S ("\x1b]52;c;eA==\x1b\\"), "\\x1b]52;c;eA==\\x1b\\",
	  "\\x1b]52;c;eA==\\x1b\\" },
	{ S ("\x1b]8;;http://e\x07t\x1b]8;;\x07"),
	  "\\x1b]8;;http://e\\x07t\\x1b]8;;\\x07",
	  "\\x1b]8;;http://e\\x07t\\x1b]8;;\\x07" },
	{ S ("\x1bPq\x1b\\\x1b_x\x1b\\"), "\\x1bPq\\x1b\\\\x1b_x\\x1b\\",
	  "\\x1bPq\\x1b\\\\x1b_x\\x1b\\" },
	/* overwrite what was shown */
	{ S ("real\rfake\b\b\x7f"), "real\\rfake\\x08\\x08\\x7f",
	  "real\\rfake\\x08\\x08\\x7f" },
	{ S ("a\nb\tc"), "a\nb\tc", "a\\nb\\tc" },
	{ S ("a\0b\x01"), "a\\x00b\\x01", "a\\x00b\\x01" },
	/* C1 as UTF-8, and as bad bytes */
	{ S ("\xc2\x9b"
	     "31m\xc2\x85\xc2\x80"),
	  "\\u{9b}31m\\u{85}\\u{80}", "\\u{9b}31m\\u{85}\\u{80}" },
	{ S ("\x9b"
	     "31m"),
	  "\xef\xbf\xbd"
	  "31m",
	  "\xef\xbf\xbd"
	  "31m" },
	/* bidirectional */
	{ S ("\xe2\x80\xae"
	     "gpj.exe\xe2\x80\xac\xe2\x81\xa6"),
	  "\\u{202e}gpj.exe\\u{202c}\\u{2066}",
	  "\\u{202e}gpj.exe\\u{202c}\\u{2066}" },
	{ S ("\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f"), "\\u{61c}\\u{200e}\\u{200f}",
	  "\\u{61c}\\u{200e}\\u{200f}" },
	/* zero width, line ends, tags, annotations */
	{ S ("a\xe2\x80\x8b\xe2\x80\x8d\xef\xbb\xbf"
	     "b"),
	  "a\\u{200b}\\u{200d}\\u{feff}b", "a\\u{200b}\\u{200d}\\u{feff}b" },
	{ S ("\xe2\x80\xa8\xe2\x80\xa9"), "\\u{2028}\\u{2029}",
	  "\\u{2028}\\u{2029}" },
	{ S ("\xf3\xa0\x81\x81\xf3\xa0\x84\x80"), "\\u{e0041}\\u{e0100}",
	  "\\u{e0041}\\u{e0100}" },
	{ S ("\xef\xbf\xb9"), "\\u{fff9}", "\\u{fff9}" },
	/* harmless */
	{ S ("h\xc3\xa9llo \xe4\xb8\xad \xf0\x9f\x98\x80 \xc2\xa0"),
	  "h\xc3\xa9llo \xe4\xb8\xad \xf0\x9f\x98\x80 \xc2\xa0",
	  "h\xc3\xa9llo \xe4\xb8\xad \xf0\x9f\x98\x80 \xc2\xa0" },
	{ S ("\xe2\x9d\xa4\xef\xb8\x8f %n%s \\x1b"),
	  "\xe2\x9d\xa4\xef\xb8\x8f %n%s \\x1b",
	  "\xe2\x9d\xa4\xef\xb8\x8f %n%s \\x1b" },
};

static void
hostile_text (void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (hostile); i++) {
		safe_is (hostile[i].in, hostile[i].len, LHK_TEXT_PLAIN, 0, 0,
			 hostile[i].lines);
		safe_is (hostile[i].in, hostile[i].len, LHK_TEXT_PLAIN, 1, 0,
			 hostile[i].one_line);
	}
	/* the same from an escape */
	safe_is (S ("\\u001b[2J\\u202e\\n"), LHK_TEXT_RAW, 1, 0,
		 "\\x1b[2J\\u{202e}\\n");
}

static void
cut (void)
{
	safe_is (S ("12345"), LHK_TEXT_CLEAN, 1, 5, "12345");
	safe_is (S ("123456"), LHK_TEXT_CLEAN, 1, 5, "12\xe2\x80\xa6");
	safe_is (S ("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"), LHK_TEXT_PLAIN, 1, 4,
		 "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9");
	safe_is (S ("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"), LHK_TEXT_PLAIN,
		 1, 4, "\xc3\xa9\xe2\x80\xa6");
	/* characters are counted, not what they are shown as */
	safe_is (S ("\n\n\n\n\n"), LHK_TEXT_PLAIN, 1, 5, "\\n\\n\\n\\n\\n");
	safe_is (S ("1234"), LHK_TEXT_PLAIN, 1, 2, "\xe2\x80\xa6");
	safe_is (S (""), LHK_TEXT_PLAIN, 1, 2, "");
}

/* No byte below 0x20 but newline and tab, no DEL, no C1, ever; none at all
 * on one line; always UTF-8. */
static void
random_text (void)
{
	unsigned char in[64];
	struct lhk_text t = { (char *) in, 0, LHK_TEXT_PLAIN, 0 };
	struct text_reader r;
	size_t i, k, n;
	char again[1024];

	srand (13);
	for (i = 0; i < 30000; i++) {
		t.len = (size_t) rand () % sizeof in;
		for (k = 0; k < t.len; k++)
			in[k] = (unsigned char) (i % 3 ? rand ()
						       : "\xc2\x9b\x80\xe2\xae\xf3\xa0\x81\x1b\n"
								 [rand ()
								  % 10]);
		got.len = 0;
		outbuf_init (&o, capture_write, &got);
		format_safe_text (&o, &t, i % 2, i % 5 ? 0 : 20);
		outbuf_flush (&o);
		for (k = 0; k < got.len; k++) {
			unsigned char c = (unsigned char) got.data[k];

			CU_ASSERT (c >= 0x20
				   || (i % 2 == 0 && (c == '\n' || c == '\t')));
			CU_ASSERT (c != 0x7f);
			CU_ASSERT (c != 0xc2
				   || (unsigned char) got.data[k + 1] >= 0xa0);
		}
		t.ptr = got.data;
		t.len = got.len;
		text_reader_init (&r, &t);
		n = text_reader_plain (&r, again, sizeof again);
		TAP_EQ_MEM (again, n, got.data, got.len);
		t.ptr = (char *) in;
	}
}

/* Lines that end as on Windows, also where a delta ends between the two; and
 * carriage returns elsewhere, which could overwrite the line. */
static void
carriage_returns (void)
{
	begin ();
	whole (NULL, "one\r\ntwo\r\n");
	shows ("one\ntwo\n");
	delta ("a", "three\r");
	shows ("three");
	delta ("a", "\nfo\r");
	delta ("a", "ur\r");
	shows ("\nfo\\rur");
	end ();
	shows ("\n");
	finish ();
}

/* In pieces, as the tokens of a model cut them. */
static void
joined_emoji (void)
{
#define WOMAN "\xf0\x9f\x91\xa9"
#define JOINER "\xe2\x80\x8d"
	begin ();
	whole (NULL, WOMAN JOINER WOMAN "a" JOINER "b");
	shows (WOMAN JOINER WOMAN "a\\u{200d}b\n");
	delta ("a", WOMAN);
	delta ("a", JOINER);
	delta ("a", WOMAN "\n");
	delta ("a", JOINER);
	shows (WOMAN JOINER WOMAN "\n\\u{200d}");
	finish ();
}

/* What FORMAT writes of R. */
static void
fact_is (void (*format) (struct outbuf *, const struct lhk_result *),
	 const struct lhk_result *r, const char *wanted)
{
	got.len = 0;
	outbuf_init (&o, capture_write, &got);
	format (&o, r);
	shows (wanted);
}

static void
costs (void)
{
	static const struct {
		int64_t nano;
		const char *wanted;
	} table[] = {
		{ 0, "$0.0000" },	   { 1, "<$0.0001" },
		{ 49999, "<$0.0001" },	   { 50000, "$0.0001" },
		{ 10949999, "$0.0109" },   { 10950000, "$0.0110" },
		{ 1999950000, "$2.0000" }, { INT64_MAX, "$9,223,372,036.8548" },
	};
	struct lhk_result r = { .has_cost = 1 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE (table); i++) {
		r.cost_nano_usd = table[i].nano;
		fact_is (format_cost, &r, table[i].wanted);
	}
	r.has_cost = 0;
	fact_is (format_cost, &r, "");
}

static void
tools (void)
{
	struct lhk_result r = { .verdict = LHK_VERDICT_OK };

	fact_is (format_tools, &r, "");
	r.tools_started = 1;
	r.tools_failed = 1;
	fact_is (format_tools, &r, "1 tool, 1 failed");
	r.tools_started = 1234567;
	r.tools_failed = 0;
	r.tools_denied = 1000;
	fact_is (format_tools, &r, "1,234,567 tools, 1,000 denied");
}

static const struct tap_case cases[] = {
	{ "format_text_hostile_characters_are_made_visible", hostile_text },
	{ "format_text_safe_counts_characters_and_cuts_with_an_ellipsis", cut },
	{ "format_text_safe_lets_no_control_byte_through", random_text },
	{ "format_text_drops_carriage_returns_at_the_end_of_a_line_only",
	  carriage_returns },
	{ "format_text_leaves_joined_emoji_alone", joined_emoji },
	{ "summary_has_readable_costs", costs },
	{ "summary_has_the_tools_that_went_wrong", tools },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("termsafe", cases);
}
