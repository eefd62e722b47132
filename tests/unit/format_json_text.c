/* SPDX-License-Identifier: MIT */
/* format_json_text.c - the members of every event, and texts of every form. */
#include "config.h"

#include <stdlib.h>

#include <json-c/json.h>
#include <linehook/json.h>
#include <linehook/plugin.h>

#include "unit/format_json_fixture.h"

static struct lhk_ev_text hello = {
	.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
	.role = LHK_ROLE_ASSISTANT,
	.delta = 1,
	.text = TEXT ("hi"),
};

#define HELLO "\"role\":\"assistant\",\"text\":\"hi\",\"delta\":true"

static void
envelope (void)
{
	struct lhk_meta meta = {
		.size = sizeof meta,
		.turn = 2,
		.seq = UINT64_MAX,
		.time_ms = 0,
		.line_no = 7,
		.line_off = 123456789012,
		.line_len = 0,
	};
	struct lhk_ev_text e = hello;

	line_is (&meta_1, &e.ev, FORMAT_JSON_SOURCE | FORMAT_JSON_RAW,
		 "{\"seq\":1,\"kind\":\"text\"," HELLO "}\n");
	line_is (&meta, &e.ev, 0,
		 "{\"seq\":18446744073709551615,\"kind\":\"text\",\"t\":0,"
		 "\"turn\":2," HELLO "}\n");
	e.ev.parent = (struct lhk_text) RAW ("toolu\\u005f1");
	line_is (&meta, &e.ev, FORMAT_JSON_SOURCE,
		 "{\"seq\":18446744073709551615,\"kind\":\"text\",\"t\":0,"
		 "\"turn\":2,\"parent\":\"toolu_1\"," HELLO ",\"line\":7,"
		 "\"off\":123456789012,\"len\":0}\n");
}

static void
raw_is (const char *line, size_t len, const char *wanted)
{
	static char padded[256];
	struct lhk_meta meta = meta_1;
	char all[512] = "{\"seq\":1,\"kind\":\"text\"," HELLO ",\"raw\":";

	memset (padded, '\n', sizeof padded);
	CU_ASSERT_FATAL (len + LHK_LINE_PADDING <= sizeof padded);
	memcpy (padded, line, len);
	meta.raw.ptr = padded;
	meta.raw.len = len;
	strncat (all, wanted, 256);
	strncat (all, "}\n", 3);
	line_is (&meta, &hello.ev, FORMAT_JSON_RAW, all);
}

#define RAW_IS(literal, wanted)                                                \
	raw_is ("" literal, sizeof (literal) - 1, (wanted))

static void
raw_lines (void)
{
	RAW_IS ("{\"a\":[1, 2]}", "{\"a\":[1, 2]}");
	RAW_IS ("  {\"a\" : \"\\u0041\"}\r", "{\"a\" : \"\\u0041\"}");
	RAW_IS ("{\"a\":\"\xe2\x80\xa8\"}", "{\"a\":\"\\u2028\"}");
	RAW_IS ("text \xc2\x85", "\"text \\u0085\"");
	RAW_IS ("plain \"text\"", "\"plain \\\"text\\\"\"");
	RAW_IS ("{\"a\":1", "\"{\\\"a\\\":1\"");
	RAW_IS ("{\"a\":1} x", "\"{\\\"a\\\":1} x\"");
	RAW_IS ("{\"a\":\"\xff\"}", "\"{\\\"a\\\":\\\"\xef\xbf\xbd\\\"}\"");
	RAW_IS ("{\"a\":\"\x01\"}", "\"{\\\"a\\\":\\\"\\u0001\\\"}\"");
	RAW_IS ("", "\"\"");
	RAW_IS ("7", "7");
}

static void
text_is (const struct lhk_text *t, const char *wanted)
{
	got.len = 0;
	outbuf_init (&o, capture_write, &got);
	json_put_body (&o, t);
	outbuf_flush (&o);
	TAP_EQ_MEM (got.data, got.len, wanted, strlen (wanted));
}

static void
forms (void)
{
	static const struct {
		struct lhk_text text;
		const char *wanted;
	} table[] = {
		{ { NULL, 0, LHK_TEXT_PLAIN, 0 }, "\"\"" },
		{ { NULL, 0, LHK_TEXT_CLEAN, 0 }, "\"\"" },
		{ { NULL, 0, LHK_TEXT_RAW, 0 }, "\"\"" },
		{ TEXT ("h\xc3\xa9"), "\"h\xc3\xa9\"" },
		{ { "a\\n", 3, LHK_TEXT_CANONICAL, 0 }, "\"a\\n\"" },
		{ RAW ("\\/\\u00e9\\u001B\\u0022\\ud800"),
		  "\"/\xc3\xa9\\u001b\\\"\xef\xbf\xbd\"" },
		{ PLAIN ("a\\\"\t\x7f\xe2\x80\xa8"),
		  "\"a\\\\\\\"\\t\x7f\\u2028\"" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (table); i++)
		text_is (&table[i].text, table[i].wanted);
}

/* Around the size of the buffer, with escapes at its edge. */
static void
long_texts (void)
{
	static char in[2 * OUTBUF_SIZE + 64], wanted[sizeof in * 2];
	struct lhk_text t = { in, 0, LHK_TEXT_PLAIN, 0 };
	size_t n, i, k;

	for (n = OUTBUF_SIZE - 20; n < OUTBUF_SIZE + 20; n++) {
		k = 0;
		wanted[k++] = '"';
		for (i = 0; i < n; i++) {
			in[i] = i % 5 == 0 ? '\n' : 'x';
			if (in[i] == '\n')
				wanted[k++] = '\\';
			wanted[k++] = in[i] == '\n' ? 'n' : 'x';
		}
		wanted[k++] = '"';
		t.len = n;
		got.len = 0;
		outbuf_init (&o, capture_write, &got);
		json_put_body (&o, &t);
		outbuf_flush (&o);
		TAP_EQ_INT (got.len, k);
		CU_ASSERT (memcmp (got.data, wanted, k) == 0);
	}
}

static size_t writes;

static void
count (void *user, const char *data, size_t len)
{
	writes += data == user && len == 9u << 20;
}

/* Nine megabytes that need no work are handed on where they are. */
static void
no_copy_of_large_texts (void)
{
	static char big[9 << 20];
	struct lhk_text t = { big, sizeof big, LHK_TEXT_CANONICAL, 0 };

	memset (big, 'x', sizeof big);
	writes = 0;
	outbuf_init (&o, count, big);
	json_put_body (&o, &t);
	outbuf_flush (&o);
	TAP_EQ_INT (writes, 1);
}

/* Any bytes, written and read back by another reader. */
static void
round_trip (void)
{
	unsigned char in[48];
	char again[512];
	struct lhk_text t = { (char *) in, 0, LHK_TEXT_PLAIN, 0 };
	struct json_object *value;
	struct lhk_text body;
	size_t i, k, n;

	srand (11);
	for (i = 0; i < 20000; i++) {
		t.len = (size_t) rand () % sizeof in;
		for (k = 0; k < t.len; k++)
			in[k] = (unsigned char) (rand () % (i % 2 ? 256 : 128));
		got.len = 0;
		outbuf_init (&o, capture_write, &got);
		json_put_body (&o, &t);
		outbuf_flush (&o);
		got.data[got.len] = '\0';
		value = json_tokener_parse (got.data);
		CU_ASSERT_PTR_NOT_NULL_FATAL (value);
		n = (size_t) json_object_get_string_len (value);
		/* the body is of a form that reads the same */
		body.ptr = got.data + 1;
		body.len = got.len - 2;
		body.form = LHK_TEXT_RAW;
		body.reserved = 0;
		TAP_EQ_MEM (again,
			    lhk_text_decode (&body, again, sizeof again, NULL),
			    json_object_get_string (value), n);
		/* and nothing was changed in what was UTF-8 */
		if (i % 2 == 0)
			TAP_EQ_MEM (json_object_get_string (value), n, in,
				    t.len);
		json_object_put (value);
	}
}

static const struct tap_case cases[] = {
	{ "format_json_envelope_has_only_what_is_known", envelope },
	{ "format_json_raw_is_json_if_the_line_is_and_else_a_string",
	  raw_lines },
	{ "format_json_texts_of_every_form_have_one_normal_form", forms },
	{ "format_json_texts_longer_than_the_buffer_are_whole", long_texts },
	{ "format_json_large_texts_are_not_copied", no_copy_of_large_texts },
	{ "format_json_random_text_reads_back_as_it_was", round_trip },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("format_json_text", cases);
}
