/* SPDX-License-Identifier: MIT */
/*
 * peer_jsonc_common.c - members of events, and what is known of tools.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "peer_jsonc.h"

void
jsonc_add (struct json_object *ev, const char *key, struct json_object *value)
{
	if (value == NULL)
		return;
	json_object_object_add_ex (ev, key, value,
				   JSON_C_OBJECT_ADD_KEY_IS_NEW
					   | JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

struct json_object *
jsonc_get (struct json_object *from, const char *name)
{
	struct json_object *value;

	if (from == NULL || !json_object_is_type (from, json_type_object)
	    || !json_object_object_get_ex (from, name, &value))
		return NULL;
	return value;
}

void
jsonc_copy (struct json_object *ev, const char *key, struct json_object *from,
	    const char *name, enum json_type type)
{
	struct json_object *const value = jsonc_get (from, name);

	if (value != NULL && json_object_is_type (value, type))
		jsonc_add (ev, key, json_object_get (value));
}

void
jsonc_add_word (struct json_object *ev, const char *key, const char *value)
{
	jsonc_add (ev, key, json_object_new_string (value));
}

void
jsonc_add_int (struct json_object *ev, const char *key, int64_t value)
{
	jsonc_add (ev, key, json_object_new_int64 (value));
}

const char *
jsonc_word (struct json_object *from, const char *name)
{
	struct json_object *const value = jsonc_get (from, name);

	if (value == NULL || !json_object_is_type (value, json_type_string))
		return "";
	return json_object_get_string (value);
}

int64_t
jsonc_int (struct json_object *from, const char *name)
{
	return json_object_get_int64 (jsonc_get (from, name));
}

/* Only what the generated streams contain. */
static const struct {
	const char *name;
	const char *type;
} types[] = {
	{ "Bash", "execute" },
	{ "Edit", "edit" },
	{ "Read", "read" },
	{ "Write", "edit" },
	{ "run_shell_command", "execute" },
};

static const char *const briefs[] = { "file_path", "command" };
static const char *const paths[] = { "file_path" };

static const char *
type_of (const char *name)
{
	size_t i;

	for (i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (strcmp (types[i].name, name) == 0)
			return types[i].type;
	}
	return "other";
}

static void
add_brief (struct json_object *ev, struct json_object *input)
{
	struct json_object *value;
	size_t i;

	for (i = 0; i < sizeof briefs / sizeof briefs[0]; i++) {
		value = jsonc_get (input, briefs[i]);
		if (value == NULL)
			continue;
		jsonc_add (ev, "brief", json_object_get (value));
		return;
	}
}

static void
add_paths (struct json_object *ev, struct json_object *input)
{
	struct json_object *list = NULL, *value;
	size_t i;

	for (i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		value = jsonc_get (input, paths[i]);
		if (value == NULL)
			continue;
		if (list == NULL)
			list = json_object_new_array ();
		json_object_array_add (list, json_object_get (value));
	}
	jsonc_add (ev, "paths", list);
}

void
jsonc_call (struct jsonc_state *s, struct json_object *ev, const char *name,
	    const char *status, struct json_object *input)
{
	const unsigned int slot = s->next_call++ % JSONC_CALLS;

	snprintf (s->calls[slot].id, sizeof s->calls[slot].id, "%s",
		  jsonc_word (ev, "id"));
	snprintf (s->calls[slot].name, sizeof s->calls[slot].name, "%s", name);
	jsonc_add_word (ev, "name", name);
	jsonc_add_word (ev, "type", type_of (name));
	jsonc_add_word (ev, "status", status);
	if (input == NULL)
		return;
	add_brief (ev, input);
	jsonc_add (ev, "input", json_object_get (input));
	add_paths (ev, input);
}

void
jsonc_recall (struct jsonc_state *s, struct json_object *ev, const char *id)
{
	unsigned int i, slot;

	for (i = 0; i < JSONC_CALLS; i++) {
		slot = (s->next_call - 1 - i) % JSONC_CALLS;
		if (strcmp (s->calls[slot].id, id) != 0)
			continue;
		jsonc_add_word (ev, "name", s->calls[slot].name);
		jsonc_add_word (ev, "type", type_of (s->calls[slot].name));
		return;
	}
}
