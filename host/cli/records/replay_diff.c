/* SPDX-License-Identifier: MIT */
/* replay_diff.c - events made anew beside those that are stored. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/records/replay.h"

/* As the writer of lines nests, and then some. */
#define DEPTH 512

/* Events that come from no line: the header before all lines, the rest behind
 * them. */
#define BEFORE 0
#define BEHIND INT64_MAX

static const char *
word (json_object *o, const char *key)
{
	json_object *v;

	return json_object_object_get_ex (o, key, &v)
			       && json_object_is_type (v, json_type_string)
		       ? json_object_get_string (v)
		       : "";
}

static json_object *
parse (const char *line, size_t len)
{
	json_tokener *t = json_tokener_new_ex (DEPTH);
	json_object *o =
		t == NULL ? NULL : json_tokener_parse_ex (t, line, (int) len);

	if (t != NULL)
		json_tokener_free (t);
	return o;
}

static int64_t
line_of (json_object *event)
{
	json_object *v;

	if (strcmp (word (event, "kind"), "run") == 0)
		return BEFORE;
	return json_object_object_get_ex (event, "line", &v)
		       ? json_object_get_int64 (v)
		       : BEHIND;
}

/* Notices of the supervisor: no reading of the stream makes them. */
static int
is_of_host (json_object *event)
{
	static const char *const codes[] = { "host", "stall", "budget",
					     "stderr" };
	const char *code = word (event, "code");
	size_t i;

	if (strcmp (word (event, "kind"), "notice") != 0)
		return 0;
	for (i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (strcmp (codes[i], code) == 0)
			return 1;
	return 0;
}

/* What differs from one reading to the next by its nature. */
static void
strip (json_object *event)
{
	static const char *const always[] = { "seq", "t" };
	static const char *const header[] = { "run", "started", "argv" };
	static const char *const final[] = {
		"outcome", "flags",  "survivors", "contain",
		"rusage",  "stderr", "counters",
	};
	const char *kind = word (event, "kind");
	size_t i;

	for (i = 0; i < sizeof always / sizeof always[0]; i++)
		json_object_object_del (event, always[i]);
	for (i = 0; i < sizeof header / sizeof header[0]; i++)
		if (strcmp (kind, "run") == 0)
			json_object_object_del (event, header[i]);
	for (i = 0; i < sizeof final / sizeof final[0]; i++)
		if (strcmp (kind, "result") == 0)
			json_object_object_del (event, final[i]);
}

static void
say (struct replay_diff *d, char sign, json_object *event)
{
	d->n_different++;
	printf ("%c%s\n", sign,
		json_object_to_json_string_ext (
			event, JSON_C_TO_STRING_PLAIN
				       | JSON_C_TO_STRING_NOSLASHESCAPE));
}

/* The next stored event that a reading can make. */
static void
advance (struct replay_diff *d)
{
	struct lhk_str line;
	int r;

	json_object_put (d->ahead);
	d->ahead = NULL;
	while ((r = lhk_cursor_next (d->stored, &line, NULL)) == LHK_OK) {
		d->ahead = parse (line.ptr, line.len);
		if (d->ahead == NULL) {
			d->failed = 1;
			return;
		}
		if (!is_of_host (d->ahead)) {
			strip (d->ahead);
			return;
		}
		json_object_put (d->ahead);
		d->ahead = NULL;
	}
	if (r < 0 && r != LHK_ESTATE)
		d->failed = 1;
}

void
replay_diff_begin (struct replay_diff *d, struct lhk_cursor *stored)
{
	memset (d, 0, sizeof *d);
	d->stored = stored;
	advance (d);
}

void
replay_diff_event (struct replay_diff *d, const char *line, size_t len)
{
	json_object *event = parse (line, len);
	int64_t at;

	if (event == NULL) {
		d->failed = 1;
		return;
	}
	strip (event);
	at = line_of (event);
	while (d->ahead != NULL && line_of (d->ahead) < at) {
		say (d, '-', d->ahead);
		advance (d);
	}
	if (d->ahead == NULL || line_of (d->ahead) > at) {
		say (d, '+', event);
	} else {
		if (json_object_equal (d->ahead, event)) {
			d->n_same++;
		} else {
			say (d, '-', d->ahead);
			say (d, '+', event);
		}
		advance (d);
	}
	json_object_put (event);
}

void
replay_diff_end (struct replay_diff *d)
{
	while (d->ahead != NULL) {
		say (d, '-', d->ahead);
		advance (d);
	}
}
