/* SPDX-License-Identifier: MIT */
/* tool_decode_errors.c - what is not a document is refused, with its offset. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/decoded.h"
#include "lib/tap.h"

static void
bad_numbers (void)
{
	static const char *const texts[] = {
		"01",	 "-",	  "-01",  "1.",	      ".5",	   "1e",
		"1e+",	 "+1",	  "1.e1", "0x10",     "1-1",	   "--1",
		"1.2.3", "1e1.5", "NaN",  "Infinity", "-Infinity",
	};
	char text[64];
	size_t i;

	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		snprintf (text, sizeof text, "{\"a\":%s}", texts[i]);
		decoded_fails (text,
			       strchr (".+NI", texts[i][0]) != NULL
					       || strchr (texts[i], 'x') != NULL
				       ? DECODE_CHARACTER
				       : DECODE_NUMERAL,
			       -1);
	}
}

static void
garbage (void)
{
	decoded_fails ("hello", DECODE_CHARACTER, 0);
	decoded_fails ("{\"a\":1} x", DECODE_TRAILING, 8);
	decoded_fails ("{}{}", DECODE_TRAILING, 2);
	decoded_fails ("{} null", DECODE_TRAILING, 3);
	decoded_fails ("null{}", DECODE_TRAILING, 4);
	decoded_fails ("[1]", DECODE_TOP, 0);
	decoded_fails ("\"x\"", DECODE_TOP, 0);
	decoded_fails ("17", DECODE_TOP, 0);
	decoded_fails ("-1", DECODE_TOP, 0);
	decoded_fails ("true", DECODE_TOP, 0);
	decoded_fails ("nul", DECODE_END, 3);
	decoded_fails ("nulL", DECODE_CHARACTER, 3);
	decoded_fails ("{\"a\":tru}", DECODE_CHARACTER, 8);
	decoded_fails ("{", DECODE_END, 1);
	decoded_fails ("{\"a", DECODE_END, -1);
	decoded_fails ("{\"a\"", DECODE_END, -1);
	decoded_fails ("{\"a\":", DECODE_END, -1);
	decoded_fails ("{\"a\":1", DECODE_END, -1);
	decoded_fails ("{\"a\":[1,", DECODE_END, -1);
	decoded_fails ("{\"a\":1,}", DECODE_CHARACTER, 7);
	decoded_fails ("{\"a\":[1,]}", DECODE_CHARACTER, 8);
	decoded_fails ("{,}", DECODE_CHARACTER, 1);
	decoded_fails ("{\"a\" 1}", DECODE_CHARACTER, 5);
	decoded_fails ("{\"a\":1 2}", DECODE_CHARACTER, 7);
	decoded_fails ("{\"a\":[1}", DECODE_CHARACTER, 7);
	decoded_fails ("{\"a\":{1:2}}", DECODE_CHARACTER, 6);
	decoded_fails ("{'a':1}", DECODE_CHARACTER, 1);
	decoded_fails ("{a:1}", DECODE_CHARACTER, 1);
	decoded_fails ("{/**/}", DECODE_CHARACTER, 1);
	decoded_fails ("\xef\xbb\xbf{}", DECODE_CHARACTER, 0);
	decoded_fails ("\v{}", DECODE_CHARACTER, 0);
}

/* What may stand in front, in pieces of any size. */
static void
front (void)
{
	static const struct {
		const char *text;
		int error;
		unsigned int off;
	} rows[] = {
		{ "\xef\xbb\xbf{}", DECODE_OK, 5 },
		{ "\x1b]0;t\a\x1b[0m {}", DECODE_OK, 13 },
		{ "\xc2\x9b"
		  "0mnull",
		  DECODE_OK, 8 },
		{ "\x1b[0m", DECODE_OK, 4 },
		{ "log {}", DECODE_FRONT, 0 },
		{ " \x1b[1mlog {}", DECODE_FRONT, 5 },
		{ "\xef\xbb{}", DECODE_FRONT, 0 },
		{ " \xef\xbb{}", DECODE_FRONT, 1 },
		{ "\xc2\xa9{}", DECODE_FRONT, 0 },
		{ "\x1b[0m\a{}", DECODE_FRONT, 4 },
		{ "\x1b[0m[]", DECODE_TOP, 4 },
		{ "\x1b[0m{,}", DECODE_CHARACTER, 5 },
		/* A control string without an end may hold the document. */
		{ "\x1b]0;t\n{}", DECODE_UNENDED, 0 },
		{ " \x1bP1{}", DECODE_UNENDED, 1 },
		{ "\x1b[0m\xc2\x9dt{}", DECODE_UNENDED, 4 },
		{ "\xef\xbb\xbf\x1b^{}", DECODE_UNENDED, 3 },
		{ "\x1b]0;t", DECODE_UNENDED, 0 },
		{ "\x1b[0", DECODE_UNENDED, 0 },
		{ "\x1b", DECODE_UNENDED, 0 },
		{ "\xef\xbb", DECODE_UNENDED, 0 },
	};
	struct decode d;
	size_t i, chunk, at, len, n;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		len = strlen (rows[i].text);
		for (chunk = 1; chunk <= len; chunk++) {
			decode_init (&d, DECODED_PLENTY);
			d.skips_front = 1;
			for (at = 0; at < len; at += n) {
				n = len - at < chunk ? len - at : chunk;
				decode_feed (&d, rows[i].text + at, n);
			}
			if (!TAP_EQ_INT (decode_end (&d), rows[i].error)
			    || !TAP_EQ_INT (d.off, rows[i].off))
				tap_note ("row %zu, chunks of %zu", i, chunk);
			decode_free (&d);
		}
	}
}

static void
zero_bytes (void)
{
	decoded_fails_len ("{\"a\":\"x\0y\"}", 11, DECODE_CONTROL, 7);
	decoded_fails_len ("{}\0", 3, DECODE_TRAILING, 2);
	decoded_fails_len ("\0{}", 3, DECODE_CHARACTER, 0);
	decoded_fails_len ("{\"a\":1\0}", 8, DECODE_CHARACTER, 6);
	/* json-c would end the name there, and two names could become one. */
	decoded_fails ("{\"a\\u0000b\":1}", DECODE_NAME, -1);
}

static void
bad_strings (void)
{
	decoded_fails ("{\"a\":\"x\ny\"}", DECODE_CONTROL, 7);
	decoded_fails ("{\"a\":\"\x1f\"}", DECODE_CONTROL, 6);
	decoded_fails ("{\"a\":\"\\x\"}", DECODE_ESCAPE, 7);
	decoded_fails ("{\"a\":\"\\u12g4\"}", DECODE_ESCAPE, 10);
	decoded_fails ("{\"a\":\"\xff\"}", DECODE_UTF8, -1);
	decoded_fails ("{\"a\":\"\xc0\x80\"}", DECODE_UTF8, -1);
	decoded_fails ("{\"a\":\"\xed\xa0\x80\"}", DECODE_UTF8, -1);
	decoded_fails ("{\"a\":\"\xf4\x90\x80\x80\"}", DECODE_UTF8, -1);
	decoded_fails ("{\"a\":\"\xe2\x82\"}", DECODE_UTF8, -1);
	decoded_fails ("{\"\xc3\":1}", DECODE_UTF8, -1);
	/* A character that is cut off may still be completed. */
	decoded_fails ("{\"a\":\"\xe2\x82", DECODE_END, -1);
}

static const struct tap_case cases[] = {
	{ "malformed_numbers_are_refused", bad_numbers },
	{ "garbage_trailing_data_and_other_top_levels_are_refused", garbage },
	{ "what_a_terminal_does_not_show_may_stand_in_front", front },
	{ "nul_bytes_are_refused_everywhere", zero_bytes },
	{ "strings_are_strict", bad_strings },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("tool_decode_errors", cases);
}
