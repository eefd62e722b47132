/* SPDX-License-Identifier: MIT */
/*
 * answer.c - from the document to an output or an error.
 *
 *	nothing, null			{}
 *	"error" not null		an error
 *	"result" an object		that
 *	"result" null or absent		{}
 *	"result" anything else		{"value": result}
 */
#include "config.h"

#include <string.h>

#include <json-c/json.h>

#include "tool/tool_private.h"
#include "common/mem.h"

static struct json_object *
member (struct json_object *object, const char *name)
{
	struct json_object *v = NULL;

	if (json_object_is_type (object, json_type_object))
		json_object_object_get_ex (object, name, &v);
	return v;
}

/* A copy of a text of the tool, if it is one. */
static char *
words_of (struct lhk_tool *t, struct json_object *v, size_t most)
{
	if (!json_object_is_type (v, json_type_string))
		return NULL;
	return message_copy (t, most, json_object_get_string (v),
			     (size_t) json_object_get_string_len (v));
}

static void
take_error (struct lhk_tool *t, struct json_object *error)
{
	t->error = json_object_get (error);
	t->name = words_of (t, member (error, "name"), TOOL_NAME);
	t->when = words_of (t, member (error, "timestamp"), TOOL_NAME);
	if (t->flags & LHK_TOOL_STACK)
		t->trace = words_of (t, member (error, "stack"), TOOL_TRACE);
}

static int
take_result (struct lhk_tool *t, struct json_object *result)
{
	struct json_object *output;

	if (json_object_is_type (result, json_type_object)) {
		t->output = json_object_get (result);
		return 0;
	}
	output = json_object_new_object ();
	if (output == NULL)
		return -1;
	if (result != NULL
	    && json_object_object_add (output, "value",
				       json_object_get (result))
		       < 0) {
		json_object_put (result);
		json_object_put (output);
		return -1;
	}
	t->output = output;
	return 0;
}

int
answer_take (struct lhk_tool *t)
{
	struct json_object *root = decode_take (&t->decode);
	struct json_object *error = member (root, "error");
	int r = 0;

	if (error != NULL)
		take_error (t, error);
	else
		r = take_result (t, member (root, "result"));
	t->metadata = json_object_get (member (root, "metadata"));
	json_object_put (root);
	return r;
}
