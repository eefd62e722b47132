/* SPDX-License-Identifier: MIT */
/* tree.c - a json-c tree as JSON text, piece by piece. */
#include "config.h"

#include <string.h>

#include <json-c/json.h>

#include "common/outbuf.h"
#include "common/text.h"
#include "json/tree.h"
#include "json/writer.h"

static void
write_string (struct outbuf *o, const char *p, size_t len)
{
	const struct lhk_text text = text_from_bytes (p, len);

	json_put_body (o, &text);
}

/* The text that a number was made of, borrowed from it; NULL for one that has
 * none, which json-c writes exactly. */
static const char *
number_text (struct json_object *number)
{
	return json_object_get_type (number) == json_type_double
		       ? json_object_get_userdata (number)
		       : NULL;
}

static void
write_scalar (struct outbuf *o, struct json_object *v)
{
	const char *text;

	switch (json_object_get_type (v)) {
	case json_type_null:
		OUTBUF_LIT (o, "null");
		break;
	case json_type_boolean:
		outbuf_str (o, json_object_get_boolean (v) ? "true" : "false");
		break;
	case json_type_int:
		if (json_object_get_int64 (v) < 0)
			outbuf_i64 (o, json_object_get_int64 (v));
		else
			outbuf_u64 (o, json_object_get_uint64 (v));
		break;
	case json_type_string:
		write_string (o, json_object_get_string (v),
			      (size_t) json_object_get_string_len (v));
		break;
	default:
		text = number_text (v);
		outbuf_str (o, text != NULL
				       ? text
				       : json_object_to_json_string_ext (v, 0));
		break;
	}
}

static int
has_stopped (const int *stop)
{
	return stop != NULL && *stop;
}

static void
write_array (struct outbuf *o, struct json_object *v, const int *stop)
{
	size_t i, n = json_object_array_length (v);

	OUTBUF_LIT (o, "[");
	for (i = 0; i < n && !has_stopped (stop); i++) {
		if (i > 0)
			OUTBUF_LIT (o, ",");
		json_tree_write (o, json_object_array_get_idx (v, i), stop);
	}
	OUTBUF_LIT (o, "]");
}

static void
write_object (struct outbuf *o, struct json_object *v, const int *stop)
{
	const struct lh_entry *e = lh_table_head (json_object_get_object (v));
	const char *comma = "";

	OUTBUF_LIT (o, "{");
	for (; e != NULL && !has_stopped (stop); e = lh_entry_next (e)) {
		const char *key = lh_entry_k (e);

		outbuf_str (o, comma);
		write_string (o, key, strlen (key));
		OUTBUF_LIT (o, ":");
		json_tree_write (o, lh_entry_v (e), stop);
		comma = ",";
	}
	OUTBUF_LIT (o, "}");
}

void
json_tree_write (struct outbuf *o, struct json_object *tree, const int *stop)
{
	if (json_object_is_type (tree, json_type_object))
		write_object (o, tree, stop);
	else if (json_object_is_type (tree, json_type_array))
		write_array (o, tree, stop);
	else
		write_scalar (o, tree);
}
