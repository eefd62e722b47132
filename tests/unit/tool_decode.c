/* SPDX-License-Identifier: MIT */
/* tool_decode.c - a document is decoded exactly, in pieces of any size. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "lib/decoded.h"
#include "lib/guarded_buffer.h"
#include "lib/machine.h"
#include "lib/tap.h"

/* ---- allocations of json-c that fail ---- */

#if defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED
#endif

#ifndef SANITIZED
/* Smaller allocations never fail. */
#define LARGE 1024

static volatile int large_left = -1;

void *__libc_malloc (size_t size);
void *__libc_calloc (size_t n, size_t size);
void *__libc_realloc (void *ptr, size_t size);

static int
must_fail (size_t size)
{
	return decoded_inside && size >= LARGE && large_left >= 0
	       && large_left-- == 0;
}

void *
malloc (size_t size)
{
	return must_fail (size) ? NULL : __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
	return must_fail (n * size) ? NULL : __libc_calloc (n, size);
}

void *
realloc (void *ptr, size_t size)
{
	return must_fail (size) ? NULL : __libc_realloc (ptr, size);
}
#endif

/* ---- cases ---- */

static void
shapes (void)
{
	static const char *const texts[] = {
		"{}",
		"null",
		"{\"a\":1}",
		"{\"a\":{\"b\":[1,2,{\"c\":null}]}}",
		"{\"a\":[]}",
		"{\"a\":[[],[{}],[1]]}",
		"{\"a\":true,\"b\":false,\"c\":null}",
		"{\"\":\"\"}",
		"{\"a\":\"x\\n\\\"\\\\\\/\\b\\f\\r\\t\"}",
		"{\"\\u0061\":\"\\u00e9\\u20ac\\ud83d\\ude00\"}",
		"{\"\xc3\xa9\":\"\xe2\x82\xac\xf0\x9f\x98\x80\"}",
		"{\"a\":\"x\\u0000y\"}",
		"{\"a\":[1.5,-0.25,1e5,2E-3,1e+2]}",
		"{\"a\":[0,-1,123456789]}",
	};
	struct json_object *tree;
	size_t i;

	/* json-c alone gives the same, where it is strict. */
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		tree = json_tokener_parse (texts[i]);
		decoded_gives (texts[i],
			       json_object_to_json_string_ext (tree, 0));
		json_object_put (tree);
	}
	decoded_gives (" \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n",
		       "{\"a\":[1,2],\"b\":{}}");
}

static void
numbers (void)
{
	decoded_gives ("{\"a\":9007199254740993}", "{\"a\":9007199254740993}");
	decoded_gives ("{\"a\":[9223372036854775807,-9223372036854775808]}",
		       "{\"a\":[9223372036854775807,-9223372036854775808]}");
	decoded_gives ("{\"a\":[9223372036854775808,18446744073709551615]}",
		       "{\"a\":[9223372036854775808,18446744073709551615]}");
	decoded_gives ("{\"a\":[18446744073709551616,-9223372036854775809]}",
		       "{\"a\":[18446744073709551616,-9223372036854775809]}");
	decoded_gives ("{\"a\":123456789012345678901234567890}",
		       "{\"a\":123456789012345678901234567890}");
	decoded_gives (
		"{\"a\":[1.10,-0,-0.0,1E400,1e-400,0.1000000000000000055]}",
		"{\"a\":[1.10,-0,-0.0,1E400,1e-400,0.1000000000000000055]}");
}

static void
number_values (void)
{
	static const char text[] = "{\"a\":[0.1,18446744073709551616,1e3,-0]}";
	struct json_object *tree, *a;
	struct decode *d = malloc (sizeof *d);

	decode_init (d, DECODED_PLENTY);
	decode_feed (d, text, sizeof text - 1);
	TAP_EQ_INT (decode_end (d), DECODE_OK);
	tree = decode_take (d);
	json_object_object_get_ex (tree, "a", &a);
	CU_ASSERT (json_object_get_double (json_object_array_get_idx (a, 0))
		   == 0.1);
	CU_ASSERT (json_object_get_double (json_object_array_get_idx (a, 1))
		   == 18446744073709551616.0);
	CU_ASSERT (json_object_get_double (json_object_array_get_idx (a, 2))
		   == 1000);
	json_object_put (tree);
	decode_free (d);
	free (d);
}

static void
long_number (void)
{
	char *text = malloc (DECODE_NUMBER_MAX + 64);
	struct decoded r;
	size_t n;
	int over;

	for (over = 0; over < 2; over++) {
		n = (size_t) sprintf (text, "{\"a\":");
		memset (text + n, '7', DECODE_NUMBER_MAX + (size_t) over);
		n += DECODE_NUMBER_MAX + (size_t) over;
		n += (size_t) sprintf (text + n, "}");
		r = decoded (text, n, 1000);
		TAP_EQ_INT (r.error, over ? DECODE_NUMERAL : DECODE_OK);
		if (!over)
			TAP_EQ_MEM (r.text, strlen (r.text), text, n);
		free (r.text);
	}
	free (text);
}

static void
surrogates (void)
{
	static const char bad[] = "\xef\xbf\xbd";
	char wanted[64];

	snprintf (wanted, sizeof wanted, "{\"a\":\"%s\"}", bad);
	decoded_gives ("{\"a\":\"\\ud83d\"}", wanted);
	decoded_gives ("{\"a\":\"\\ude00\"}", wanted);
	snprintf (wanted, sizeof wanted, "{\"a\":\"%sx\"}", bad);
	decoded_gives ("{\"a\":\"\\ud83dx\"}", wanted);
	snprintf (wanted, sizeof wanted, "{\"a\":\"%s\\n\"}", bad);
	decoded_gives ("{\"a\":\"\\ud83d\\n\"}", wanted);
	snprintf (wanted, sizeof wanted, "{\"a\":\"%s\xc3\xa9\"}", bad);
	decoded_gives ("{\"a\":\"\\ud83d\xc3\xa9\"}", wanted);
	snprintf (wanted, sizeof wanted, "{\"a\":\"%s\xf0\x9f\x98\x80\"}", bad);
	decoded_gives ("{\"a\":\"\\ud83d\\ud83d\\ude00\"}", wanted);
}

static void
duplicates (void)
{
	decoded_gives ("{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}");
	decoded_gives ("{\"a\":{\"x\":[1]},\"a\":{\"y\":2}}",
		       "{\"a\":{\"y\":2}}");
}

static void
depth (void)
{
	size_t n = DECODE_DEPTH_MAX, i;
	char *text = malloc (8 * n + 64);
	struct decoded r;
	size_t len;

	for (i = 0; i < 2; i++) {
		/* The object is one level more. */
		len = (size_t) sprintf (text, "{\"a\":");
		memset (text + len, '[', n - 1 + i);
		len += n - 1 + i;
		memset (text + len, ']', n - 1 + i);
		len += n - 1 + i;
		len += (size_t) sprintf (text + len, "}");
		r = decoded (text, len, 100);
		TAP_EQ_INT (r.error, i == 0 ? DECODE_OK : DECODE_DEEP);
		free (r.text);
	}
	free (text);
	/* After the error the rest is neither kept nor read. */
	text = malloc (1 << 20);
	memset (text, '[', 1 << 20);
	memcpy (text, "{\"a\":", 5);
	r = decoded (text, 1 << 20, 65536);
	TAP_EQ_INT (r.error, DECODE_DEEP);
	TAP_EQ_INT (r.off, 5 + DECODE_DEPTH_MAX - 1);
	free (text);
}

static void
cost (void)
{
	static const char text[] = "{\"a\":[{},{},{},{}]}";
	struct decoded r;

	r = decoded_with (text, sizeof text - 1, 3, 2000);
	TAP_EQ_INT (r.error, DECODE_LARGE);
	free (r.text);
	r = decoded_with (text, sizeof text - 1, 3, 8000);
	TAP_EQ_INT (r.error, DECODE_OK);
	free (r.text);
}

static void
blank (void)
{
	struct decode *d = malloc (sizeof *d);

	decode_init (d, DECODED_PLENTY);
	CU_ASSERT (decode_is_blank (d));
	decode_feed (d, " \n\t\r", 4);
	CU_ASSERT (decode_is_blank (d));
	TAP_EQ_INT (decode_end (d), DECODE_OK);
	CU_ASSERT_PTR_NULL (decode_take (d));
	decode_free (d);
	decode_init (d, DECODED_PLENTY);
	decode_feed (d, "null", 4);
	CU_ASSERT (!decode_is_blank (d));
	TAP_EQ_INT (decode_end (d), DECODE_OK);
	CU_ASSERT_PTR_NULL (decode_take (d));
	decode_free (d);
	free (d);
}

static void
bounds (void)
{
	static const char text[] = "{\"abc\":[\"d\xc3\xa9\",12,true,null]}";
	struct decode *d = malloc (sizeof *d);
	struct guarded_buffer g;
	size_t n;

	for (n = 0; n < sizeof text; n++) {
		guarded_buffer_init (&g, text, n);
		decode_init (d, DECODED_PLENTY);
		decode_feed (d, g.data, n);
		decode_end (d);
		decode_free (d);
		guarded_buffer_done (&g);
	}
	free (d);
}

#ifndef SANITIZED
/* The document has a long string, a long array and numbers that keep their
 * text. */
static void
no_memory (void)
{
	char *text = malloc (400000);
	size_t len = (size_t) sprintf (text, "{\"a\":\"");
	struct decoded r = { 0, 0, NULL };
	int i, k, failed = 0;

	memset (text + len, 'x', 150000);
	len += 150000;
	len += (size_t) sprintf (text + len, "\",\"b\":[");
	for (i = 0; i < 5000; i++)
		len += (size_t) sprintf (text + len, "36893488147419103232,%d,",
					 i);
	len += (size_t) sprintf (text + len, "0]}");
	for (k = 0; k < 200; k++) {
		large_left = k;
		r = decoded (text, len, 65536);
		if (large_left >= 0)
			break;
		/* Some allocations only save memory, and may fail. */
		if (r.error == DECODE_OK)
			TAP_EQ_STR (r.text, text);
		else
			TAP_EQ_INT (r.error, DECODE_MEMORY);
		failed += r.error == DECODE_MEMORY;
		free (r.text);
	}
	large_left = -1;
	TAP_EQ_INT (r.error, DECODE_OK);
	TAP_EQ_STR (r.text, text);
	CU_ASSERT ((failed > 10 || machine_is_valgrind ()) && k < 200);
	tap_note ("%d large allocations, %d needed", k, failed);
	free (r.text);
	free (text);
}
#endif

static const struct tap_case cases[] = {
	{ "documents_decode_alike_in_any_pieces", shapes },
	{ "integers_and_numbers_keep_their_text", numbers },
	{ "numbers_have_the_nearest_double_as_their_value", number_values },
	{ "a_number_has_a_maximum_length", long_number },
	{ "lone_surrogates_become_replacement_characters", surrogates },
	{ "the_last_of_duplicate_names_counts", duplicates },
	{ "nesting_has_a_limit", depth },
	{ "the_tree_has_a_limit", cost },
	{ "a_blank_document_is_not_null", blank },
	{ "no_byte_after_a_piece_is_read", bounds },
#ifndef SANITIZED
	{ "any_large_allocation_of_json_c_may_fail", no_memory },
#endif
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("tool_decode", cases);
}
