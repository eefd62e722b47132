/* SPDX-License-Identifier: MIT */
/*
 * json_string.c - the ways to scan strings agree, wherever in
 * a block something stands, and read no byte that they may not.
 */
#include "config.h"

#include "json_case.h"
#include "lib/guarded_buffer.h"

#define MAX_LEN 130

/* What is put into a string, and what must come of it. */
struct insert {
	const char *bytes;
	size_t len;
	int error;
	uint32_t form;
};

/* clang-format off */
#define GIVES(s, form) { s, sizeof (s) - 1, LHK_JSON_OK, LHK_TEXT_##form }
/* clang-format on */
/* clang-format off */
#define WRONG(s, e) { s, sizeof (s) - 1, LHK_JSON_E##e, 0 }
/* clang-format on */

static const struct insert inserts[] = {
	GIVES ("", CLEAN),
	GIVES ("x", CLEAN),
	GIVES ("\x7f", CLEAN),
	GIVES ("\xc3\xa9", CLEAN),
	GIVES ("\xe2\x82\xac", CLEAN),
	GIVES ("\xf0\x9f\x98\x80", CLEAN),
	GIVES ("\xf4\x8f\xbf\xbf", CLEAN),
	GIVES ("\\\"", CANONICAL),
	GIVES ("\\\\", CANONICAL),
	GIVES ("\\n", CANONICAL),
	GIVES ("\\\\\\\\\\\"", CANONICAL),
	GIVES ("\\t\xc3\xa9\\b", CANONICAL),
	GIVES ("\\/", RAW),
	GIVES ("\\u00e9", RAW),
	GIVES ("\\ud83d\\ude00", RAW),
	GIVES ("\\n\\u0041", RAW),
	/* line separators, and what is next to them */
	GIVES ("\xe2\x80\xa8", RAW),
	GIVES ("\xe2\x80\xa9", RAW),
	GIVES ("\xc2\x85", RAW),
	GIVES ("\\n\xe2\x80\xa8", RAW),
	GIVES ("\xe2\x80\xa7\xe2\x80\xaa\xe2\x82\xa8\xe1\x80\xa8", CLEAN),
	GIVES ("\xc2\x84\xc2\x86\xc3\x85", CLEAN),
	GIVES ("\\t\xe2\x80\x99", CANONICAL),
	WRONG ("\x01", STRING),
	WRONG ("\x1f", STRING),
	WRONG ("\0", STRING),
	WRONG ("\\x", STRING),
	WRONG ("\\u00g0", STRING),
	WRONG ("\\\x1f", STRING),
	WRONG ("\\\xc3\xa9", STRING),
	WRONG ("\\u00e", STRING),
	WRONG ("\\\\\\x", STRING),
	WRONG ("\x80", UTF8),
	WRONG ("\xc3", UTF8),
	WRONG ("\xe2\x82", UTF8),
	WRONG ("\xf0\x9f\x98", UTF8),
	WRONG ("\xc0\xaf", UTF8),
	WRONG ("\xed\xa0\x80", UTF8),
	WRONG ("\xe0\x9f\xbf", UTF8),
	WRONG ("\xf0\x8f\xbf\xbf", UTF8),
	WRONG ("\xf4\x90\x80\x80", UTF8),
	WRONG ("\xf5\x80\x80\x80", UTF8),
	WRONG ("\xe2\x82\\u0041", UTF8),
};

#define N_INSERTS (sizeof (inserts) / sizeof (inserts[0]))

/* The string DATA, quotes and all, LEN bytes: is it read as IN says? */
static int
read_as (const struct lhk_json_ops *way, const char *data, size_t len,
	 const struct insert *in)
{
	struct lhk_text text;
	struct lhk_json j;

	lhk_json_begin_ops (&j, way, data, len);
	lhk_json_string (&j, &text);
	lhk_json_end (&j);
	if (j.error != in->error)
		return 0;
	return j.error != LHK_JSON_OK
	       || (text.ptr == data + 1 && text.len == len - 2
		   && text.form == in->form);
}

/* A quote, AT fill bytes, the insert, fill up to LEN, a quote. */
static size_t
make (char *out, const struct insert *in, size_t at, size_t len)
{
	memset (out + 1, 'u', at + in->len + len);
	out[0] = '"';
	memcpy (out + 1 + at, in->bytes, in->len);
	out[1 + in->len + len] = '"';
	memset (out + 2 + in->len + len, '\n', LHK_LINE_PADDING);
	return in->len + len + 2;
}

/* 0 to 130 bytes with the insert at each place, at 64 alignments. */
static void
every_place (void)
{
	const struct lhk_json_ops *ways[JSON_MAX_WAYS];
	size_t n_ways = json_ways (ways), way, i, len, at, n;
	static char memory[MAX_LEN + 300];
	char *data;

	for (i = 0; i < N_INSERTS; i++) {
		for (len = 0; len <= MAX_LEN; len++) {
			for (at = 0; at <= len; at++) {
				data = memory + (len * 7 + at) % 64;
				n = make (data, &inserts[i], at, len);
				for (way = 0; way < n_ways; way++) {
					if (read_as (ways[way], data, n,
						     &inserts[i]))
						continue;
					tap_note ("%s: insert %zu at %zu of "
						  "%zu",
						  ways[way]->name, i, at, len);
					CU_FAIL ("a string is misread");
				}
			}
		}
	}
}

/* Behind the 64 bytes from data[len] on there is no memory. */
static void
no_byte_beyond (void)
{
	const struct lhk_json_ops *ways[JSON_MAX_WAYS];
	size_t n_ways = json_ways (ways), way, i, len, n, cut;
	char line[MAX_LEN + 300];
	struct guarded_buffer g;
	int whole;

	for (i = 0; i < N_INSERTS; i++) {
		for (len = 0; len <= MAX_LEN; len += 3) {
			n = make (line, &inserts[i], len / 2, len);
			for (cut = 0; cut < 5 && cut <= n; cut++) {
				memset (line + n - cut, '\n', LHK_LINE_PADDING);
				guarded_buffer_init (
					&g, line, n - cut + LHK_LINE_PADDING);
				for (way = 0; way < n_ways; way++) {
					whole = json_error_of (ways[way],
							       g.data, n - cut)
						== inserts[i].error;
					CU_ASSERT (cut != 0 || whole);
				}
				guarded_buffer_done (&g);
			}
		}
	}
}

/* Words and numbers, too, end where the line ends. */
static void
no_byte_beyond_a_word (void)
{
	static const char *const lines[] = {
		"t",	 "tr",	   "tru",     "true",	  "f",
		"fals",	 "false",  "n",	      "nul",	  "null",
		"-",	 "1",	   "1.",      "1e",	  "1e+",
		"{\"a",	 "{\"a\"", "{\"a\":", "[",	  "\"\\",
		"\"\\u", "\"\\u1", "\"\\u12", "\"\\u123", "\"\\u1234",
	};
	const struct lhk_json_ops *ways[JSON_MAX_WAYS];
	size_t n_ways = json_ways (ways), way, i, n;
	char line[16 + LHK_LINE_PADDING];
	struct guarded_buffer g;
	int first;

	for (i = 0; i < sizeof (lines) / sizeof (lines[0]); i++) {
		n = strlen (lines[i]);
		memcpy (line, lines[i], n);
		memset (line + n, '\n', LHK_LINE_PADDING);
		guarded_buffer_init (&g, line, n + LHK_LINE_PADDING);
		first = json_error_of (ways[0], g.data, n);
		for (way = 1; way < n_ways; way++)
			TAP_EQ_INT (json_error_of (ways[way], g.data, n),
				    first);
		guarded_buffer_done (&g);
	}
}

/* All runs of backslashes and other bytes in 16 places, over the border of
 * two blocks of 64 bytes. */
static void
backslash_parity (void)
{
	const struct lhk_json_ops *ways[JSON_MAX_WAYS];
	size_t n_ways = json_ways (ways), way, shift, i;
	char line[256];
	uint32_t bits;
	int first;

	for (shift = 40; shift <= 64; shift += 12) {
		for (bits = 0; bits < 1u << 16; bits++) {
			memset (line, 'n', sizeof (line));
			line[0] = '"';
			line[1] = '\\';
			for (i = 0; i < 16; i++) {
				if (bits >> i & 1)
					line[shift + i] = '\\';
			}
			line[shift + 16] = '"';
			memset (line + shift + 17, '\n', LHK_LINE_PADDING);
			first = json_error_of (ways[0], line, shift + 17);
			for (way = 1; way < n_ways; way++) {
				if (json_error_of (ways[way], line, shift + 17)
				    != first)
					CU_FAIL ("backslashes are misread");
			}
		}
	}
}

/* Every byte behind a backslash and every one without. */
static void
every_byte (void)
{
	static const char escapes[] = "\"\\/bfnrt";
	const struct lhk_json_ops *ways[JSON_MAX_WAYS];
	size_t n_ways = json_ways (ways), way;
	char line[32 + LHK_LINE_PADDING];
	int c, wanted;

	for (c = 0; c < 256; c++) {
		memset (line, '\n', sizeof (line));
		memcpy (line, "\"\\n*\"", 5);
		line[3] = (char) c;
		wanted = c < 0x20    ? LHK_JSON_ESTRING
			 : c >= 0x80 ? LHK_JSON_EUTF8
			 : c == '"'  ? LHK_JSON_ETRAILING
			 : c == '\\' ? LHK_JSON_EEND
				     : LHK_JSON_OK;
		for (way = 0; way < n_ways; way++)
			TAP_EQ_INT (json_error_of (ways[way], line, 5), wanted);
		memcpy (line, "\"\\*\"", 4);
		line[2] = (char) c;
		line[4] = '\n';
		wanted = c != 0 && strchr (escapes, c) ? LHK_JSON_OK
						       : LHK_JSON_ESTRING;
		for (way = 0; way < n_ways; way++)
			TAP_EQ_INT (json_error_of (ways[way], line, 4), wanted);
	}
}

/* Two leading bytes and two that follow: all that can go wrong in UTF-8. */
static void
utf8_sequences (void)
{
	static const unsigned char tails[] = {
		'a', 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc2, 0xed,
	};
	const struct lhk_json_ops *ways[JSON_MAX_WAYS];
	size_t n_ways = json_ways (ways), way, k, at;
	char line[80 + LHK_LINE_PADDING];
	int a, b, first;

	memset (line, 'u', sizeof (line));
	line[0] = '"';
	line[60] = '"';
	memset (line + 61, '\n', LHK_LINE_PADDING);
	for (a = 0xc0; a < 0x100; a++) {
		for (b = 0x70; b < 0x100; b++) {
			for (k = 0; k < 100; k++) {
				at = 20 + k % 16;
				memset (line + 1, 'u', 59);
				line[at] = (char) a;
				line[at + 1] = (char) b;
				line[at + 2] = (char) tails[k / 10];
				line[at + 3] = (char) tails[k % 10];
				first = json_error_of (ways[0], line, 61);
				for (way = 1; way < n_ways; way++) {
					if (json_error_of (ways[way], line, 61)
					    != first)
						CU_FAIL ("UTF-8 differs");
				}
			}
		}
	}
}

/* Text of all kinds, a mebibyte of it, with one byte changed. */
static void
long_strings (void)
{
	static const char *const pieces[] = {
		"plain words ",
		"\\n",
		"\\\"",
		"\xc3\xa9\xe2\x82\xac",
		"\\u00e9\\ud83d\\ude00",
		"\xf0\x9f\x98\x80",
		"\\\\",
		"x",
	};
	const struct lhk_json_ops *ways[JSON_MAX_WAYS];
	size_t n_ways = json_ways (ways), way, len = 1, at, n;
	char *line = malloc ((1 << 20) + 200);
	uint64_t state = 99;
	int first, i;
	char before;

	if (line == NULL)
		abort ();
	line[0] = '"';
	while (len < 1 << 20) {
		n = json_draw (&state, 8);
		memcpy (line + len, pieces[n], strlen (pieces[n]));
		len += strlen (pieces[n]);
	}
	line[len++] = '"';
	memset (line + len, '\n', LHK_LINE_PADDING);
	for (way = 0; way < n_ways; way++)
		TAP_EQ_INT (json_error_of (ways[way], line, len), LHK_JSON_OK);
	for (i = 0; i < 100; i++) {
		at = json_draw (&state, (uint32_t) len);
		before = line[at];
		line[at] = (char) json_draw (&state, 256);
		if (line[at] == '\n')
			line[at] = '\\';
		first = json_error_of (ways[0], line, len);
		for (way = 1; way < n_ways; way++)
			TAP_EQ_INT (json_error_of (ways[way], line, len),
				    first);
		line[at] = before;
	}
	free (line);
}

static const struct tap_case cases[] = {
	{ "a_string_is_read_alike_wherever_its_parts_stand", every_place },
	{ "no_byte_beyond_the_padding_is_read", no_byte_beyond },
	{ "no_byte_beyond_a_cut_literal_is_read", no_byte_beyond_a_word },
	{ "every_other_backslash_of_a_run_counts", backslash_parity },
	{ "each_byte_is_known_alone_and_behind_a_backslash", every_byte },
	{ "all_ways_to_scan_agree_on_utf8", utf8_sequences },
	{ "all_ways_to_scan_agree_on_long_strings", long_strings },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("json_string", cases);
}
