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
	{ "nul_bytes_are_refused_everywhere", zero_bytes },
	{ "strings_are_strict", bad_strings },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("tool_decode_errors", cases);
}
