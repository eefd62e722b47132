/* SPDX-License-Identifier: MIT */
/* termsafe.c - hostile text does nothing to a terminal; the summary line. */
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

/* Neither a name nor a notice can make a line of its own. */
static void
forged_lines (void)
{
	struct lhk_ev_notice e = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = LHK_LOG_WARN,
		.code = clean_text ("x] ok\n[notice: y"),
		.text = clean_text (
			"a\n2026-01-02 level=error forged\r\x1b[1A"),
	};

	begin (VERBOSE);
	e.code.form = e.text.form = LHK_TEXT_PLAIN;
	format_text_event (sink, &o, &e.ev);
	shows ("[notice: x] ok\\n[notice: y] a\\n2026-01-02 level=error "
	       "forged\\r\\x1b[1A\n");
	tool ("t", "\\u0000", "b", LHK_TOOL_DONE, NULL);
	shows ("[tool: \\u0000(b)]\n");
	finish ();
}

/* Lines that end as on Windows, also where a delta ends between the two; and
 * carriage returns elsewhere, which could overwrite the line. */
static void
carriage_returns (void)
{
	begin (0);
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

/* clang-format off: a table */
static const struct lhk_usage_total usage[] = {
	{ .has = 3, .input = 12000, .output = 600 },
	{ .has = 3, .input = 345, .output = 78 },
};
/* clang-format on */

static struct lhk_result
good_result (void)
{
	struct lhk_result r = {
		.verdict = LHK_VERDICT_OK,
		.usage = usage,
		.n_usage = 2,
		.complete_usage = 1,
		.has_cost = 1,
		.cost_nano_usd = 12345000,
		.tools_started = 2,
		.session_id = clean_text ("96a7b1c2-0000"),
	};

	r.outcome.end_reason = LHK_END_EXITED;
	r.outcome.has_exit = 1;
	r.outcome.wall_ms = 4249;
	return r;
}

static void
verdict_is (const struct lhk_result *r, const char *wanted)
{
	got.len = 0;
	outbuf_init (&o, capture_write, &got);
	format_summary_line (&o, r);
	shows (wanted);
}

static void
verdict_lines (void)
{
	struct lhk_result r = good_result ();

	verdict_is (&r, "ok  12,345 in / 678 out tokens  $0.0123  2 tools  "
			"4.2 s  (session 96a7b1c2..)\n");
	r.outcome.end_reason = 0;
	r.outcome.has_exit = 0;
	r.complete_usage = 0;
	r.has_cost = 0;
	r.tools_started = 1;
	r.tools_failed = 1;
	r.session_id = clean_text ("s\n1");
	r.session_id.form = LHK_TEXT_PLAIN;
	verdict_is (&r, "ok  12,345 in / 678 out tokens (incomplete)  "
			"1 tool, 1 failed  (session s\\n1)\n");
	memset (&r, 0, sizeof r);
	r.verdict = LHK_VERDICT_FAILED;
	r.outcome.end_reason = LHK_END_EXITED;
	r.outcome.has_exit = 1;
	r.outcome.exit_code = 3;
	r.error = clean_text ("API Error\nforged");
	r.error.form = LHK_TEXT_PLAIN;
	verdict_is (&r, "failed (exit 3)  0.0 s  API Error\\nforged\n");
	r.verdict = LHK_VERDICT_KILLED;
	r.outcome.end_reason = LHK_END_SIGNALED;
	r.outcome.has_exit = 0;
	r.outcome.signal = 9;
	r.error.len = 0;
	r.tools_started = 1234567;
	r.tools_denied = 1000;
	verdict_is (&r, "killed (signal 9)  1,234,567 tools, 1,000 denied  "
			"0.0 s\n");
}

static void
verdict_numbers (void)
{
	static const struct {
		int64_t nano;
		uint64_t ms;
		const char *wanted;
	} table[] = {
		{ 0, 0, "ok  $0.0000  0.0 s\n" },
		{ 1, 59999, "ok  <$0.0001  59.9 s\n" },
		{ 49999, 60000, "ok  <$0.0001  1 min 00 s\n" },
		{ 50000, 61000, "ok  $0.0001  1 min 01 s\n" },
		{ 10949999, 3599999, "ok  $0.0109  59 min 59 s\n" },
		{ 10950000, 3600000, "ok  $0.0110  1 h 00 min 00 s\n" },
		{ 1999950000, 86461000, "ok  $2.0000  24 h 01 min 01 s\n" },
		{ INT64_MAX, 100, "ok  $9,223,372,036.8548  0.1 s\n" },
	};
	struct lhk_result r = { .verdict = LHK_VERDICT_OK, .has_cost = 1 };
	struct lhk_usage_total huge[3];
	size_t i;

	r.outcome.end_reason = LHK_END_EXITED;
	for (i = 0; i < ARRAY_SIZE (table); i++) {
		r.cost_nano_usd = table[i].nano;
		r.outcome.wall_ms = table[i].ms;
		verdict_is (&r, table[i].wanted);
	}
	memset (huge, 0, sizeof huge);
	for (i = 0; i < ARRAY_SIZE (huge); i++) {
		huge[i].has = 3;
		huge[i].input = INT64_MAX;
		huge[i].output = 1000;
	}
	r.usage = huge;
	r.n_usage = ARRAY_SIZE (huge);
	r.complete_usage = 1;
	r.has_cost = 0;
	verdict_is (&r, "ok  9,223,372,036,854,775,807 in / 3,000 out tokens"
			"  0.1 s\n");
}

static void
verdict_is_the_last_line (void)
{
	begin (VERBOSE);
	delta (NULL, "text");
	end ();
	shows ("text\nok\n");
	finish ();
	begin (0);
	whole (NULL, "text");
	end ();
	shows ("text\n");
	finish ();
}

static const struct tap_case cases[] = {
	{ "format_text_hostile_characters_are_made_visible", hostile_text },
	{ "format_text_safe_counts_characters_and_cuts_with_an_ellipsis", cut },
	{ "format_text_safe_lets_no_control_byte_through", random_text },
	{ "format_text_names_and_notices_cannot_forge_a_line", forged_lines },
	{ "format_text_drops_carriage_returns_at_the_end_of_a_line_only",
	  carriage_returns },
	{ "termsafe_summary_line_has_only_what_is_known", verdict_lines },
	{ "summary_line_has_readable_numbers", verdict_numbers },
	{ "summary_line_ends_verbose_output", verdict_is_the_last_line },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("termsafe", cases);
}
