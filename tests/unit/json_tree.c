/* SPDX-License-Identifier: MIT */
/* json_tree.c - a json-c tree is written as JSON. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/mem.h"
#include "common/outbuf.h"
#include "json/tree.h"
#include "lib/tap.h"
#include "tool/decode.h"

static char text[1 << 16];
static size_t n_text;

static void
gather (void *user, const char *data, size_t len)
{
	(void) user;
	memcpy (text + n_text, data, len);
	n_text += len;
	text[n_text] = '\0';
}

static const char *
written (struct json_object *tree, const int *stop)
{
	struct outbuf *o = malloc (sizeof *o);

	n_text = 0;
	text[0] = '\0';
	outbuf_init (o, gather, NULL);
	json_tree_write (o, tree, stop);
	outbuf_flush (o);
	free (o);
	return text;
}

static struct json_object *
tree_of (const char *p)
{
	struct decode *d = malloc (sizeof *d);
	struct json_object *tree;

	decode_init (d, 1 << 30);
	decode_feed (d, p, strlen (p));
	TAP_EQ_INT (decode_end (d), DECODE_OK);
	tree = decode_take (d);
	decode_free (d);
	free (d);
	return tree;
}

static void
round_trip (void)
{
	static const char *const texts[] = {
		"{}",
		"null",
		"{\"a\":[]}",
		"{\"a\":[1,-2,3.50,1e5,-0,0.10]}",
		"{\"a\":[18446744073709551615,-9223372036854775808]}",
		"{\"a\":123456789012345678901}",
		"{\"b\":{\"c\":[true,false,null,{\"d\":\"\"}]},\"a\":1}",
		"{\"a\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\"}",
		"{\"a\":\"x\\u0000y\"}",
		"{\"\\n\":\"\xc3\xa9\xf0\x9f\x98\x80\"}",
	};
	int stop = 0;
	size_t i;

	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct json_object *tree = tree_of (texts[i]);

		TAP_EQ_STR (written (tree, &stop), texts[i]);
		json_object_put (tree);
	}
}

/* Records are read by json-c's own parser: 64 bits, and digits that no double
 * has, come out as they went in. */
static void
parsed_by_json_c (void)
{
	static const char *const texts[] = {
		"[18446744073709551615,9223372036854775808]",
		"[9223372036854775807,-9223372036854775808,0,-1]",
		"[0.10,1E5,-1.5e-300,3.141592653589793238]",
		"{\"/\":\"/\\u0000\\u0001\x7f\xc3\xa9\"}",
	};
	size_t i;

	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct json_object *tree = json_tokener_parse (texts[i]);

		TAP_EQ_STR (written (tree, NULL), texts[i]);
		json_object_put (tree);
	}
}

/* A double that json-c made has no text of its own. */
static void
foreign (void)
{
	struct json_object *d = json_object_new_double (0.5);
	int stop = 0;

	TAP_EQ_STR (written (d, &stop), "0.5");
	json_object_put (d);
}

static void
stops (void)
{
	struct json_object *tree = tree_of ("{\"a\":[1,2,3]}");
	int stop = 1;

	TAP_EQ_STR (written (tree, &stop), "{}");
	json_object_put (tree);
}

static void
deep (void)
{
	char *p = malloc (4096);
	struct json_object *tree;
	size_t n = DECODE_DEPTH_MAX - 1;
	int stop = 0;

	memcpy (p, "{\"a\":", 5);
	memset (p + 5, '[', n);
	memset (p + 5 + n, ']', n);
	memcpy (p + 5 + 2 * n, "}", 2);
	tree = tree_of (p);
	TAP_EQ_STR (written (tree, &stop), p);
	json_object_put (tree);
	free (p);
}

static const struct tap_case cases[] = {
	{ "a_decoded_document_is_written_with_the_same_text", round_trip },
	{ "what_json_c_parsed_is_written_with_the_same_text",
	  parsed_by_json_c },
	{ "numbers_made_by_json_c_are_written_too", foreign },
	{ "a_tree_is_written_until_the_write_function_stops", stops },
	{ "the_deepest_tree_is_written", deep },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("json_tree", cases);
}
