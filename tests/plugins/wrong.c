/* SPDX-License-Identifier: MIT */
/* wrong.c - every field of a wire, with a value of every wrong type. */
#include "config.h"

#include <json-c/json.h>
#include <json-c/json_pointer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/collect.h"
#include "lib/tap.h"
#include "plugins/wrong.h"

#define DEPTH 8
#define POINTER_ROOM 256

static const struct {
	const char *json;
	int kind; /* the one that takes it; 0: none does */
} values[] = {
	{ "null", 0 },
	{ "true", LHK_FIELD_BOOL },
	{ "false", LHK_FIELD_BOOL },
	{ "0", LHK_FIELD_INT },
	{ "-1.5e3", LHK_FIELD_INT },
	{ "123456789012345678901234567890", LHK_FIELD_INT },
	{ "\"\"", LHK_FIELD_TEXT },
	{ "\"wrong\"", LHK_FIELD_TEXT },
	{ "\"\\ud83d\\u0000\\\"\"", LHK_FIELD_TEXT },
	{ "[]", 0 },
	{ "[null,1,\"x\",{\"id\":1},[[]]]", 0 },
	{ "{}", LHK_FIELD_OBJECT },
	{ "{\"\":null,\"message\":[],\"text\":{},\"id\":7}", LHK_FIELD_OBJECT },
};

struct walk {
	const struct lhk_plugin *plugin;
	const char *line;
	int n;
};

static char *
events_of (struct walk *w, struct json_object *root)
{
	const char *text;

	text = json_object_to_json_string_ext (root, JSON_C_TO_STRING_PLAIN);
	return collect_text (w->plugin, text, strlen (text), NULL);
}

/* The line without the field; and whether there is a place to put it. */
static struct json_object *
without (const struct walk *w, const char *pointer, int *ret_has_place)
{
	struct json_object *root = json_tokener_parse (w->line);
	struct json_object *parent = NULL;
	char path[POINTER_ROOM];
	const char *slash = strrchr (pointer, '/');

	snprintf (path, sizeof (path), "%.*s", (int) (slash - pointer),
		  pointer);
	*ret_has_place = json_pointer_get (root, path, &parent) == 0
			 && json_object_is_type (parent, json_type_object);
	if (*ret_has_place)
		json_object_object_del (parent, slash + 1);
	return root;
}

static void
one_value (struct walk *w, const char *pointer, int kind, size_t value,
	   const char *absent)
{
	struct json_object *root = json_tokener_parse (w->line);
	char *found;
	int whole;

	whole = kind != LHK_FIELD_RAW && kind != values[value].kind;
	if (json_pointer_set (&root, pointer,
			      json_tokener_parse (values[value].json))
	    != 0)
		CU_FAIL ("a pointer of the test leads nowhere");
	found = events_of (w, root);
	w->n++;
	if (strstr (found, "BROKEN") != NULL || strstr (found, "broken ")
	    || strstr (found, "error line") || strstr (found, "unparsed")
	    || (whole && strcmp (found, absent) != 0)) {
		tap_note ("%s = %s in", pointer, values[value].json);
		tap_note ("%s", json_object_to_json_string (root));
		tap_note ("found  %s", found);
		tap_note ("wanted %s", whole ? absent : "nothing broken");
		CU_FAIL ("a wrong type is not as good as absent");
	}
	free (found);
	json_object_put (root);
}

static void
one_field (struct walk *w, const char *pointer, int kind)
{
	struct json_object *root;
	int has_place;
	char *absent;
	size_t i;

	root = without (w, pointer, &has_place);
	absent = events_of (w, root);
	json_object_put (root);
	for (i = 0; has_place && i < sizeof (values) / sizeof (values[0]); i++)
		one_value (w, pointer, kind, i, absent);
	free (absent);
}

/* Depth first, without recursion: tables are small, but the rule is a rule. */
static void
walk_table (struct walk *w, const struct lhk_fields *table)
{
	const struct lhk_fields *tables[DEPTH];
	char pointers[DEPTH][POINTER_ROOM];
	uint32_t at[DEPTH];
	int top = 0;

	tables[0] = table;
	pointers[0][0] = '\0';
	at[0] = 0;
	while (top >= 0) {
		const struct lhk_field *f;
		char pointer[2 * POINTER_ROOM];

		if (at[top] == tables[top]->n_fields) {
			top--;
			continue;
		}
		f = &tables[top]->fields[at[top]++];
		snprintf (pointer, sizeof (pointer), "%s/%s", pointers[top],
			  f->key);
		one_field (w, pointer, f->kind);
		if (f->sub == NULL || top + 1 == DEPTH)
			continue;
		top++;
		tables[top] = f->sub;
		at[top] = 0;
		snprintf (pointers[top], POINTER_ROOM, "%.*s", POINTER_ROOM - 1,
			  pointer);
	}
}

int
wrong_types (const struct lhk_plugin *plugin, const struct lhk_fields *table,
	     const struct wrong_place *places, const char *const *lines)
{
	struct walk w = { .plugin = plugin };

	for (; *lines != NULL; lines++) {
		const struct wrong_place *p;

		w.line = *lines;
		walk_table (&w, table);
		for (p = places; p != NULL && p->pointer != NULL; p++)
			one_field (&w, p->pointer, p->kind);
	}
	return w.n;
}
