/* SPDX-License-Identifier: MIT */
/* shell_words.c - a command line is written as it can be typed. */
#include "config.h"

#include <string.h>

#include "common/mem.h"
#include "common/shell_words.h"
#include "common/strbuf.h"
#include "lib/tap.h"

static const struct {
	const char *words[4];
	size_t max;
	const char *text;
} rows[] = {
	{ { NULL }, 0, "" },
	{ { "claude", "--resume", "a-b_1.2:3" },
	  0,
	  "claude --resume a-b_1.2:3" },
	{ { "a b", "", "~c" }, 0, "'a b' '' '~c'" },
	{ { "it's", "$x`y`", "#" }, 0, "'it'\\''s' '$x`y`' '#'" },
	{ { "a\nb" }, 0, "'a\nb'" },
	{ { "abcdef", "abc" }, 3, "abc.. abc" },
	{ { "a bcdef" }, 3, "'a b'.." },
	{ { "ab\xc3\xa4"
	    "c" },
	  3,
	  "ab.." },
	{ { "\xe2\x82\xac" }, 3, "'\xe2\x82\xac'" },
};

static void
words (void)
{
	struct outbuf o;
	struct strbuf text;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		strbuf_init (&text, &mem_system);
		outbuf_init (&o, strbuf_write, &text);
		shell_words_put (&o, rows[i].words, rows[i].max);
		outbuf_flush (&o);
		TAP_EQ_STR (strbuf_str (&text), rows[i].text);
		strbuf_free (&text);
	}
}

static const struct tap_case cases[] = {
	{ "shell_words_what_a_shell_takes_apart_is_quoted", words },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("shell_words", cases);
}
