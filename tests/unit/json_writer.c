/* SPDX-License-Identifier: MIT */
/* json_writer.c - objects and lists by struct jw. */
#include "config.h"

#include <string.h>

#include "common/mem.h"
#include "common/strbuf.h"
#include "json/writer.h"
#include "lib/tap.h"

static struct outbuf o;
static struct strbuf b;
static struct jw w;

static void
begin (void)
{
	strbuf_init (&b, &mem_system);
	outbuf_init (&o, strbuf_write, &b);
	jw_init (&w, &o);
}

static void
wrote (const char *wanted)
{
	outbuf_flush (&o);
	TAP_EQ_STR (strbuf_str (&b), wanted);
	strbuf_free (&b);
}

static void
commas_stand_between_members_only (void)
{
	begin ();
	jw_object_begin (&w, NULL);
	jw_str (&w, "a", "x");
	jw_object_begin (&w, "o");
	jw_object_end (&w);
	jw_list_begin (&w, "l");
	jw_i64 (&w, NULL, -1);
	jw_u64 (&w, NULL, UINT64_MAX);
	jw_list_begin (&w, NULL);
	jw_list_end (&w);
	jw_object_begin (&w, NULL);
	jw_bool (&w, "t", 1);
	jw_bool (&w, "f", 0);
	jw_object_end (&w);
	jw_list_end (&w);
	jw_cost (&w, "c", 1250000000);
	jw_object_end (&w);
	wrote ("{\"a\":\"x\",\"o\":{},\"l\":[-1,18446744073709551615,[],"
	       "{\"t\":true,\"f\":false}],\"c\":1.25}");
}

static void
absent_is_not_written (void)
{
	struct lhk_text absent = { NULL, 0, 0, 0 };

	begin ();
	jw_object_begin (&w, NULL);
	jw_str (&w, "a", NULL);
	jw_text (&w, "b", &absent);
	jw_bytes (&w, "c", NULL, 0);
	jw_str (&w, "d", "");
	jw_object_end (&w);
	wrote ("{\"d\":\"\"}");
}

static void
strings_are_escaped (void)
{
	begin ();
	jw_list_begin (&w, NULL);
	jw_str (&w, NULL, "\"\\\n\x01\x7f/");
	jw_bytes (&w, NULL, "\xff\xc3\xa9", 3);
	jw_list_end (&w);
	wrote ("[\"\\\"\\\\\\n\\u0001\x7f/\",\"\xef\xbf\xbd\xc3\xa9\"]");
}

static void
raw_json_keeps_to_its_line (void)
{
	static const char text[] = "{\n\"a\": 1\n}";

	begin ();
	jw_object_begin (&w, NULL);
	jw_raw (&w, "r", text, strlen (text));
	jw_object_end (&w);
	wrote ("{\"r\":{ \"a\": 1 }}");
}

#define SEPARATORS "\xe2\x80\xa8\xe2\x80\xa9\xc2\x85"
#define ESCAPED "\\u2028\\u2029\\u0085"

static void
line_separators_are_escaped_everywhere (void)
{
	static const char value[] = "{\"k" SEPARATORS "\":\"" SEPARATORS "\"}";
	const struct lhk_text raw = { "\\/" SEPARATORS, 10, LHK_TEXT_RAW, 0 };
	const struct lhk_text list[] = { raw };

	begin ();
	jw_object_begin (&w, NULL);
	jw_str (&w, "s", SEPARATORS);
	jw_text (&w, "t", &raw);
	jw_name (&w, SEPARATORS, strlen (SEPARATORS));
	jw_raw (&w, NULL, value, strlen (value));
	jw_members (&w, value, strlen (value));
	json_put_list (&o, ",\"l\":", list, 1);
	jw_object_end (&w);
	wrote ("{\"s\":\"" ESCAPED "\",\"t\":\"/" ESCAPED "\",\"" ESCAPED
	       "\":{\"k" ESCAPED "\":\"" ESCAPED "\"},\"k" ESCAPED
	       "\":\"" ESCAPED "\",\"l\":[\"/" ESCAPED "\"]}");
}

/* Wherever one stands in a value of 80 bytes, and whatever is beside it. */
static void
line_separators_are_found_at_every_place (void)
{
	static const char *const pieces[][2] = {
		{ "\xe2\x80\xa8", "\\u2028" },
		{ "\xe2\x80\xa9", "\\u2029" },
		{ "\xc2\x85", "\\u0085" },
		{ "\n", " " },
		{ "\r", " " },
		{ "\xe2\x80\xa7", NULL },
		{ "\xc2\x84", NULL },
	};
	char value[96], wanted[128];
	size_t i, at, n, m;

	for (i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		const char *to =
			pieces[i][1] != NULL ? pieces[i][1] : pieces[i][0];

		n = strlen (pieces[i][0]);
		m = strlen (to);
		for (at = 0; at < 80; at++) {
			memset (value, '\xe2', 80 + n);
			memset (wanted, '\xe2', 80 + m);
			memcpy (value + at, pieces[i][0], n);
			memcpy (wanted + at, to, m);
			wanted[80 + m] = '\0';
			begin ();
			jw_raw (&w, NULL, value, 80 + n);
			wrote (wanted);
		}
	}
}

static void
names_of_any_text_are_escaped (void)
{
	begin ();
	jw_object_begin (&w, NULL);
	jw_name (&w, "a\"", 2);
	jw_i64 (&w, NULL, 1);
	jw_name (&w, "b", 1);
	jw_i64 (&w, NULL, 2);
	jw_object_end (&w);
	wrote ("{\"a\\\"\":1,\"b\":2}");
}

static void
members_of_an_object_stand_among_others (void)
{
	begin ();
	jw_object_begin (&w, NULL);
	jw_members (&w, "{}", 2);
	jw_members (&w, "{\"a\":1,\"b\":{}}", 14);
	jw_i64 (&w, "c", 2);
	jw_object_end (&w);
	wrote ("{\"a\":1,\"b\":{},\"c\":2}");
}

static void
all_levels_can_be_used (void)
{
	char wanted[2 * JW_DEPTH_MAX + 1];
	int i;

	begin ();
	for (i = 0; i < JW_DEPTH_MAX; i++)
		jw_list_begin (&w, NULL);
	for (i = 0; i < JW_DEPTH_MAX; i++)
		jw_list_end (&w);
	memset (wanted, '[', JW_DEPTH_MAX);
	memset (wanted + JW_DEPTH_MAX, ']', JW_DEPTH_MAX);
	wanted[2 * JW_DEPTH_MAX] = '\0';
	wrote (wanted);
}

int
main (void)
{
	static const struct tap_case cases[] = {
		{ "jw_puts_commas_between_members_only",
		  commas_stand_between_members_only },
		{ "jw_writes_nothing_for_what_is_absent",
		  absent_is_not_written },
		{ "jw_escapes_strings", strings_are_escaped },
		{ "jw_raw_keeps_to_its_line", raw_json_keeps_to_its_line },
		{ "writer_escapes_line_separators_in_every_string",
		  line_separators_are_escaped_everywhere },
		{ "writer_finds_line_separators_at_every_place_of_a_value",
		  line_separators_are_found_at_every_place },
		{ "jw_escapes_names_of_any_text",
		  names_of_any_text_are_escaped },
		{ "jw_puts_members_of_an_object_among_others",
		  members_of_an_object_stand_among_others },
		{ "jw_nests_to_its_full_depth", all_levels_can_be_used },
		{ NULL, NULL },
	};

	return tap_run ("json_writer", cases);
}
