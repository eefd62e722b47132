/* SPDX-License-Identifier: MIT */
/* author_json_c.c - the plugin of author.c with json-c as its reader. */
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include <linehook/plugin.h>

struct author {
	const struct lhk_api *api;
	struct json_object *message; /* of the last line */
};

static int
author_open (const struct lhk_api *api, const struct lhk_option *options,
	     size_t n_options, void **ret)
{
	struct author *a = calloc (1, sizeof *a);

	(void) options;
	(void) n_options;
	if (a == NULL)
		return LHK_ENOMEM;
	a->api = api;
	*ret = a;
	return LHK_OK;
}

/* The object of a line, to be freed; NULL: the line is none. */
static struct json_object *
read_object (const struct lhk_line *line)
{
	struct json_tokener *t = json_tokener_new ();
	struct json_object *o = NULL;

	if (t == NULL || line->len > INT32_MAX)
		return NULL;
	json_tokener_set_flags (t, JSON_TOKENER_STRICT
					   | JSON_TOKENER_VALIDATE_UTF8);
	o = json_tokener_parse_ex (t, line->data, (int) line->len);
	if (json_tokener_get_error (t) != json_tokener_success
	    || !json_object_is_type (o, json_type_object)) {
		json_object_put (o);
		o = NULL;
	}
	json_tokener_free (t);
	return o;
}

static int
author_line_hook (void *handle, const struct lhk_line *line)
{
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
	};
	struct author *a = handle;
	struct json_object *o = read_object (line), *say;

	if (o == NULL)
		return LHK_EPARSE;
	json_object_put (a->message);
	a->message = o;
	if (!json_object_object_get_ex (o, "say", &say)
	    || !json_object_is_type (say, json_type_string))
		return LHK_SKIP;
	text.text.ptr = json_object_get_string (say);
	text.text.len = (size_t) json_object_get_string_len (say);
	return a->api->emit (a->api->ctx, &text.ev);
}

static void
author_close (void *handle)
{
	struct author *a = handle;

	json_object_put (a->message);
	free (a);
}

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,     .flags = LHK_PLUGIN_JSON,
	.name = "author",      .provider = "author",
	.version = "1",	       .summary = "json-c as the reader of a plugin",
	.open = author_open,   .line_hook = author_line_hook,
	.close = author_close,
};
