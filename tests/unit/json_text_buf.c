/* SPDX-License-Identifier: MIT */
/* json_text_buf.c - texts put together from pieces. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "json_case.h"

#define FFFD "\xef\xbf\xbd"

/* A text is what was appended, in memory of its exact size. */
#define MADE(b, words)                                                         \
	TAP_EQ_MEM ((b)->ptr, (b)->len, words, sizeof (words) - 1)

static void
pieces_follow_each_other (void)
{
	const struct lhk_text raw = { "\\u00e9\\n", 8, LHK_TEXT_RAW, 0 };
	const struct lhk_text absent = { NULL, 0, 0, 0 };
	struct lhk_text_buf b;
	struct lhk_text text;
	char memory[64];

	lhk_text_begin (&b, memory, sizeof memory);
	text = lhk_text_end (&b);
	CU_ASSERT (text.ptr != NULL);
	TAP_EQ_INT (text.len, 0);
	LHK_TEXT_PUT (&b, "a");
	lhk_text_put (&b, NULL, 0);
	lhk_text_put_text (&b, &raw);
	lhk_text_put_text (&b, &absent);
	lhk_text_put_text (&b, NULL);
	lhk_text_put_int (&b, -7);
	lhk_text_put (&b, "\xff", 1);
	lhk_text_put_json (&b, &raw);
	text = lhk_text_end (&b);
	TAP_EQ_INT (text.form, LHK_TEXT_PLAIN);
	CU_ASSERT (text.ptr == memory);
	MADE (&b, "a\xc3\xa9\n-7" FFFD "\"\\u00e9\\n\"");
	TAP_EQ_INT (b.need, b.len);
}

static void
numbers_have_all_their_digits (void)
{
	static const int64_t numbers[] = {
		0,
		1,
		9,
		10,
		-1,
		-10,
		99,
		100,
		INT32_MAX,
		INT32_MIN,
		INT64_MAX,
		INT64_MIN,
		1000000000000000000,
		1234567890123456789,
		-500000005,
	};
	char wanted[32], memory[32];
	struct lhk_text_buf b;
	size_t i;

	for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		snprintf (wanted, sizeof wanted, "%" PRId64, numbers[i]);
		lhk_text_begin (&b, memory, sizeof memory);
		lhk_text_put_int (&b, numbers[i]);
		TAP_EQ_MEM (b.ptr, b.len, wanted, strlen (wanted));
	}
}

static void
a_json_string_has_escapes (void)
{
	const struct lhk_text plain = {
		"\"\\\b\f\n\r\t\0\x1f\x7f\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x80\x80",
		20, LHK_TEXT_PLAIN, 0
	};
	const struct lhk_text absent = { NULL, 0, 0, 0 };
	static const char wanted[] =
		"[\"\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\xc3\xa9"
		"\xe2\x80\xa8\xf0\x9f\x98\x80" FFFD "\",null]";
	struct lhk_text_buf b;
	char memory[128];
	struct lhk_str s;

	lhk_text_begin (&b, memory, sizeof memory);
	LHK_TEXT_PUT (&b, "[");
	lhk_text_put_json (&b, &plain);
	LHK_TEXT_PUT (&b, ",");
	lhk_text_put_json (&b, &absent);
	LHK_TEXT_PUT (&b, "]");
	s = lhk_text_end_json (&b);
	TAP_EQ_MEM (s.ptr, s.len, wanted, sizeof wanted - 1);
}

/* What the reader gives back is the text that went in. */
static void
a_json_string_reads_as_the_text (void)
{
	char memory[16], json[128 + LHK_LINE_PADDING], back[16];
	struct lhk_text_buf b;
	struct lhk_text text;
	struct lhk_json j;
	size_t i, n;

	for (i = 0; i < 256; i++) {
		memory[0] = 'x';
		memory[1] = (char) i;
		text = (struct lhk_text){ memory, 2, LHK_TEXT_PLAIN, 0 };
		memset (json, 0, sizeof json);
		lhk_text_begin (&b, json, 128);
		lhk_text_put_json (&b, &text);
		json[b.len] = '\n';
		lhk_json_begin (&j, json, b.len);
		CU_ASSERT (lhk_json_string (&j, &text));
		TAP_EQ_INT (lhk_json_end (&j), LHK_OK);
		n = lhk_text_decode (&text, back, sizeof back, NULL);
		if (i < 128)
			TAP_EQ_MEM (back, n, memory, 2);
		else
			TAP_EQ_MEM (back, n, "x" FFFD, 4);
	}
}

/* At every size of the memory: a prefix in whole characters, the need of all. */
static void
a_small_memory_cuts_the_text (void)
{
	const struct lhk_text euro = LHK_TEXT_INIT ("\xe2\x82\xac");
	static const char whole[] = "a\xe2\x82\xac"
				    "12\"\xe2\x82\xac\"z";
	struct lhk_text_buf b;
	char *memory;
	size_t cap;

	for (cap = 0; cap < sizeof whole; cap++) {
		memory = malloc (cap + 1);
		lhk_text_begin (&b, memory, cap);
		LHK_TEXT_PUT (&b, "a");
		lhk_text_put_text (&b, &euro);
		lhk_text_put_int (&b, 12);
		lhk_text_put_json (&b, &euro);
		LHK_TEXT_PUT (&b, "z");
		TAP_EQ_INT (b.need, sizeof whole - 1);
		CU_ASSERT (b.len <= cap);
		CU_ASSERT (b.len == 0 || memcmp (memory, whole, b.len) == 0);
		CU_ASSERT (b.len == 0
			   || lhk_json_utf8 (memory, memory + b.len));
		TAP_EQ_INT (lhk_text_end_json (&b).ptr == NULL,
			    cap < sizeof whole - 1);
		free (memory);
	}
	TAP_EQ_INT (b.len, sizeof whole - 1);
}

static void
without_memory_the_text_is_measured (void)
{
	struct lhk_text_buf b;

	lhk_text_begin (&b, NULL, 99);
	LHK_TEXT_PUT (&b, "abc");
	lhk_text_put_int (&b, 10);
	lhk_text_put_json (&b, NULL);
	TAP_EQ_INT (b.need, 9);
	TAP_EQ_INT (b.len, 0);
	CU_ASSERT (lhk_text_end (&b).ptr != NULL);
	CU_ASSERT (lhk_text_end_json (&b).ptr == NULL);
}

static const struct tap_case cases[] = {
	{ "pieces_follow_each_other_decoded", pieces_follow_each_other },
	{ "numbers_have_all_their_digits", numbers_have_all_their_digits },
	{ "a_json_string_has_escapes", a_json_string_has_escapes },
	{ "a_json_string_reads_as_the_text", a_json_string_reads_as_the_text },
	{ "a_small_memory_cuts_the_text_between_characters",
	  a_small_memory_cuts_the_text },
	{ "without_memory_the_text_is_measured",
	  without_memory_the_text_is_measured },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("json_text_buf", cases);
}
