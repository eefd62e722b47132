/* SPDX-License-Identifier: MIT */
/* json_pull.c - the pull reader, call by call. */
#include "config.h"

#include <stdio.h>

#include "json_case.h"

/* Begin on a literal; the copy is kept until the next begin. */
static char *now;

static void
begin (struct lhk_json *j, const char *text)
{
	free (now);
	now = json_pad (text, strlen (text));
	lhk_json_begin (j, now, strlen (text));
}

static void
types (void)
{
	static const struct {
		const char *text;
		int type;
	} list[] = {
		{ "{}", LHK_JSON_OBJECT },	{ " [ ]", LHK_JSON_ARRAY },
		{ "\"\"", LHK_JSON_STRING },	{ "-1", LHK_JSON_NUMBER },
		{ "0", LHK_JSON_NUMBER },	{ "9", LHK_JSON_NUMBER },
		{ "true", LHK_JSON_TRUE },	{ "false", LHK_JSON_FALSE },
		{ "\t\r null", LHK_JSON_NULL }, { "", LHK_JSON_NONE },
		{ "x", LHK_JSON_NONE },		{ "+1", LHK_JSON_NONE },
	};
	struct lhk_json j;
	size_t i;

	for (i = 0; i < sizeof (list) / sizeof (list[0]); i++) {
		begin (&j, list[i].text);
		TAP_EQ_INT (lhk_json_peek (&j), list[i].type);
		TAP_EQ_INT (lhk_json_peek (&j), list[i].type);
	}
}

static void
whole_document (void)
{
	struct lhk_text key, text;
	struct lhk_num num;
	struct lhk_json j;
	int32_t yes = 0;

	begin (&j, "{ \"s\" : \"a\\n\" , \"l\":[1,-2.5,true,false,null] }");
	CU_ASSERT (lhk_json_enter (&j));
	CU_ASSERT (lhk_json_key (&j, &key) && LHK_TEXT_IS (&key, "s"));
	CU_ASSERT (lhk_json_string (&j, &text));
	TAP_EQ_MEM (text.ptr, text.len, "a\\n", 3);
	TAP_EQ_INT (text.form, LHK_TEXT_CANONICAL);
	CU_ASSERT (lhk_json_key (&j, &key) && LHK_TEXT_IS (&key, "l"));
	CU_ASSERT (lhk_json_enter (&j));
	CU_ASSERT (lhk_json_element (&j) && lhk_json_int (&j, &num));
	TAP_EQ_INT (num.value, 1);
	CU_ASSERT (lhk_json_element (&j) && lhk_json_int (&j, &num));
	TAP_EQ_INT (num.value, -2);
	TAP_EQ_INT (num.has, 2);
	CU_ASSERT (lhk_json_element (&j) && lhk_json_bool (&j, &yes));
	TAP_EQ_INT (yes, 1);
	CU_ASSERT (lhk_json_element (&j) && lhk_json_bool (&j, &yes));
	TAP_EQ_INT (yes, -1);
	CU_ASSERT (lhk_json_element (&j) && lhk_json_skip (&j));
	CU_ASSERT (!lhk_json_element (&j));
	CU_ASSERT (!lhk_json_key (&j, &key));
	TAP_EQ_INT (lhk_json_peek (&j), LHK_JSON_NONE);
	TAP_EQ_INT (lhk_json_end (&j), LHK_OK);
}

static void
other_types_are_not_taken (void)
{
	struct lhk_text text = LHK_TEXT_INIT ("kept");
	struct lhk_num num = { 5, 1, 0 };
	struct lhk_json j;
	int32_t yes = 7;

	begin (&j, "[null]");
	lhk_json_enter (&j);
	CU_ASSERT (lhk_json_element (&j));
	CU_ASSERT (!lhk_json_string (&j, &text));
	CU_ASSERT (!lhk_json_int (&j, &num));
	CU_ASSERT (!lhk_json_bool (&j, &yes));
	CU_ASSERT (!lhk_json_enter (&j));
	TAP_EQ_INT (lhk_json_peek (&j), LHK_JSON_NULL);
	TAP_EQ_MEM (text.ptr, text.len, "kept", 4);
	TAP_EQ_INT (num.value, 5);
	TAP_EQ_INT (yes, 7);
	CU_ASSERT (lhk_json_skip (&j));
	CU_ASSERT (!lhk_json_element (&j));
	TAP_EQ_INT (lhk_json_end (&j), LHK_OK);
}

static void
untaken_values_are_skipped (void)
{
	struct lhk_text key;
	struct lhk_json j;
	int n = 0;

	begin (&j, "{\"a\":{\"x\":[1,2]},\"b\":\"s\",\"c\":3}");
	lhk_json_enter (&j);
	while (lhk_json_key (&j, &key))
		n++;
	TAP_EQ_INT (n, 3);
	TAP_EQ_INT (lhk_json_end (&j), LHK_OK);
	begin (&j, "{\"a\":{\"x\":[1,}},\"b\":1}");
	lhk_json_enter (&j);
	for (n = 0; lhk_json_key (&j, &key); n++)
		;
	TAP_EQ_INT (n, 1);
	TAP_EQ_INT (j.error, LHK_JSON_ESYNTAX);
	TAP_EQ_INT (lhk_json_end (&j), LHK_EPARSE);
}

static void
wrong_container_is_left (void)
{
	struct lhk_text key, text;
	struct lhk_json j;

	begin (&j, "{\"a\":[1,{\"b\":2}],\"z\":{\"c\":[]},\"y\":\"end\"}");
	lhk_json_enter (&j);
	CU_ASSERT (lhk_json_key (&j, &key) && lhk_json_enter (&j));
	CU_ASSERT (!lhk_json_key (&j, &key));
	CU_ASSERT (lhk_json_key (&j, &key) && LHK_TEXT_IS (&key, "z"));
	CU_ASSERT (lhk_json_enter (&j));
	CU_ASSERT (!lhk_json_element (&j));
	CU_ASSERT (lhk_json_key (&j, &key) && lhk_json_string (&j, &text));
	CU_ASSERT (LHK_TEXT_IS (&text, "end"));
	CU_ASSERT (!lhk_json_key (&j, &key));
	TAP_EQ_INT (lhk_json_end (&j), LHK_OK);
}

static void
errors_stick (void)
{
	struct lhk_text text;
	struct lhk_num num;
	struct lhk_raw raw;
	struct lhk_json j;
	int32_t yes;

	begin (&j, "[\"\\x\",1]");
	lhk_json_enter (&j);
	CU_ASSERT (lhk_json_element (&j));
	CU_ASSERT (!lhk_json_string (&j, &text));
	TAP_EQ_INT (j.error, LHK_JSON_ESTRING);
	CU_ASSERT (!lhk_json_element (&j));
	CU_ASSERT (!lhk_json_key (&j, &text));
	CU_ASSERT (!lhk_json_int (&j, &num));
	CU_ASSERT (!lhk_json_bool (&j, &yes));
	CU_ASSERT (!lhk_json_raw (&j, &raw));
	CU_ASSERT (!lhk_json_skip (&j));
	CU_ASSERT (!lhk_json_enter (&j));
	TAP_EQ_INT (lhk_json_peek (&j), LHK_JSON_NONE);
	TAP_EQ_INT (lhk_json_end (&j), LHK_EPARSE);
	TAP_EQ_INT (j.error, LHK_JSON_ESTRING);
}

static void
ends_too_early (void)
{
	struct lhk_json j;

	begin (&j, "[1]");
	TAP_EQ_INT (lhk_json_end (&j), LHK_EPARSE);
	TAP_EQ_INT (j.error, LHK_JSON_EEND);
	begin (&j, "[1]");
	lhk_json_enter (&j);
	lhk_json_element (&j);
	lhk_json_skip (&j);
	TAP_EQ_INT (lhk_json_end (&j), LHK_EPARSE);
	begin (&j, "[1] x");
	lhk_json_skip (&j);
	CU_ASSERT (!lhk_json_skip (&j));
	TAP_EQ_INT (lhk_json_end (&j), LHK_EPARSE);
	TAP_EQ_INT (j.error, LHK_JSON_ETRAILING);
}

static void
raw_slices (void)
{
	static const char *const values[] = {
		"{\"a\":[1, 2]}", "[ ]",   "\"q\\\"\"", "-1.50e+2",
		"true",		  "false", "null",
	};
	struct lhk_raw raw, again;
	struct lhk_json j, inner;
	char text[256];
	size_t i;

	for (i = 0; i < sizeof (values) / sizeof (values[0]); i++) {
		snprintf (text, sizeof (text), "[ %s ,1]", values[i]);
		begin (&j, text);
		lhk_json_enter (&j);
		lhk_json_element (&j);
		CU_ASSERT (lhk_json_raw (&j, &raw));
		TAP_EQ_MEM (raw.ptr, raw.len, values[i], strlen (values[i]));
		lhk_json_begin_raw (&inner, &raw);
		TAP_EQ_INT (lhk_json_peek (&inner), raw.type);
		CU_ASSERT (lhk_json_raw (&inner, &again));
		TAP_EQ_INT (lhk_json_end (&inner), LHK_OK);
		TAP_EQ_INT (again.len, raw.len);
		TAP_EQ_INT (again.type, raw.type);
		CU_ASSERT (lhk_json_element (&j) && lhk_json_skip (&j));
		CU_ASSERT (!lhk_json_element (&j));
		TAP_EQ_INT (lhk_json_end (&j), LHK_OK);
	}
}

static void
absent_slice (void)
{
	const struct lhk_raw absent = { NULL, 0, 0, 0 };
	struct lhk_text key;
	struct lhk_json j;

	lhk_json_begin_raw (&j, &absent);
	TAP_EQ_INT (lhk_json_peek (&j), LHK_JSON_NONE);
	CU_ASSERT (!lhk_json_enter (&j));
	CU_ASSERT (!lhk_json_element (&j));
	CU_ASSERT (!lhk_json_key (&j, &key));
	CU_ASSERT (!lhk_json_skip (&j));
	TAP_EQ_INT (lhk_json_end (&j), LHK_EPARSE);
}

static void
depth_of_entering (void)
{
	char text[2 * LHK_JSON_DEPTH + 3];
	struct lhk_json j;
	unsigned int i;

	memset (text, '[', LHK_JSON_DEPTH + 1);
	memset (text + LHK_JSON_DEPTH + 1, ']', LHK_JSON_DEPTH + 1);
	text[2 * LHK_JSON_DEPTH + 2] = '\0';
	begin (&j, text);
	for (i = 0; i < LHK_JSON_DEPTH; i++) {
		CU_ASSERT (lhk_json_enter (&j));
		CU_ASSERT (lhk_json_element (&j));
	}
	CU_ASSERT (!lhk_json_enter (&j));
	TAP_EQ_INT (j.error, LHK_JSON_EDEPTH);
	text[LHK_JSON_DEPTH] = '0';
	text[LHK_JSON_DEPTH + 1] = ']';
	begin (&j, text);
	for (i = 0; i < 100; i++) {
		lhk_json_enter (&j);
		lhk_json_element (&j);
	}
	CU_ASSERT (lhk_json_skip (&j));
	for (i = 0; i < 100; i++)
		CU_ASSERT (!lhk_json_element (&j));
	TAP_EQ_INT (j.depth, 0);
	TAP_EQ_INT (j.error, 0);
}

/* Fed as a whole object and value by value, the same lines are refused. */
static void
pulled_lines_are_as_strict (void)
{
	static const char *const lines[] = {
		"{\"a\":1,}", "{,\"a\":1}",   "{\"a\":1 \"b\":2}",
		"{\"a\"}",    "{\"a\":}",     "{\"a\":1]",
		"[1,]",	      "[,1]",	      "[1 2]",
		"[1}",	      "{\"\x01\":1}", "{\"a\" \"b\"}",
		"{1:2}",      "[1,2",	      "{\"a\":1",
		"[1]]",	      "{}}",
	};
	struct lhk_text key;
	struct lhk_json j;
	size_t i;

	for (i = 0; i < sizeof (lines) / sizeof (lines[0]); i++) {
		begin (&j, lines[i]);
		lhk_json_enter (&j);
		if (lines[i][0] == '{') {
			while (lhk_json_key (&j, &key))
				lhk_json_skip (&j);
		} else {
			while (lhk_json_element (&j))
				lhk_json_skip (&j);
		}
		if (!TAP_EQ_INT (lhk_json_end (&j), LHK_EPARSE))
			tap_note ("%s", lines[i]);
	}
}

static const struct tap_case cases[] = {
	{ "peek_tells_the_type_and_takes_nothing", types },
	{ "a_document_is_pulled_value_by_value", whole_document },
	{ "a_value_of_another_type_is_not_taken", other_types_are_not_taken },
	{ "a_value_that_was_not_taken_is_skipped_and_validated",
	  untaken_values_are_skipped },
	{ "a_container_of_the_wrong_kind_is_left", wrong_container_is_left },
	{ "the_first_error_stays_and_every_later_call_fails", errors_stick },
	{ "the_end_must_be_the_end", ends_too_early },
	{ "a_raw_slice_is_the_value_as_written", raw_slices },
	{ "an_absent_slice_is_no_value", absent_slice },
	{ "entering_counts_levels", depth_of_entering },
	{ "pulling_is_as_strict_as_skipping", pulled_lines_are_as_strict },
	{ NULL, NULL },
};

int
main (void)
{
	int r = tap_run ("json_pull", cases);

	free (now);
	return r;
}
