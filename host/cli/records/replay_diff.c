/* SPDX-License-Identifier: MIT */
/* replay_diff.c - events made anew beside those that are stored. */
#include "config.h"

#include <string.h>

#include "cli/output/stdout.h"
#include "cli/records/replay.h"
#include "common/macros.h"
#include "common/outbuf.h"
#include "json/member.h"
#include "json/tree.h"

/* The writer of event lines nests less. */
#define DEPTH 512

/* The lines of events that come from no line: the header stands before all lines,
 * the others behind them. */
#define BEFORE 0
#define BEHIND INT64_MAX

json_object *
replay_parse_event (const char *line, size_t len)
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

	if (strcmp (json_member_word (event, "kind"), "run") == 0)
		return BEFORE;
	return json_object_object_get_ex (event, "line", &v)
		       ? json_object_get_int64 (v)
		       : BEHIND;
}

/* Is it a notice of the supervisor, which no reading of the stream makes? */
static int
is_of_host (json_object *event)
{
	static const char *const codes[] = { "host",   "stall", "budget",
					     "stderr", "disk",	"gap" };
	const char *code = json_member_word (event, "code");
	size_t i;

	if (strcmp (json_member_word (event, "kind"), "notice") != 0)
		return 0;
	for (i = 0; i < ARRAY_SIZE (codes); i++)
		if (strcmp (codes[i], code) == 0)
			return 1;
	return 0;
}

/* Remove the members that differ from one reading to the next by their
 * nature. */
static void
strip (json_object *event)
{
	static const char *const always[] = { "seq", "t" };
	static const char *const header[] = { "run", "started", "argv", "cwd" };
	static const char *const final[] = {
		"run",	   "exit_status", "outcome", "flags",	 "survivors",
		"contain", "rusage",	  "stderr",  "counters",
	};
	const char *kind = json_member_word (event, "kind");
	size_t i;

	for (i = 0; i < ARRAY_SIZE (always); i++)
		json_object_object_del (event, always[i]);
	for (i = 0; i < ARRAY_SIZE (header); i++)
		if (strcmp (kind, "run") == 0)
			json_object_object_del (event, header[i]);
	for (i = 0; i < ARRAY_SIZE (final); i++)
		if (strcmp (kind, "result") == 0)
			json_object_object_del (event, final[i]);
}

/* Print one event that only one side has. */
static void
print_difference (struct replay_diff *d, char sign, json_object *event)
{
	static struct outbuf out;

	d->n_different++;
	outbuf_init (&out, stdout_write, NULL);
	outbuf_byte (&out, sign);
	json_tree_write (&out, event, NULL);
	outbuf_byte (&out, '\n');
	outbuf_flush (&out);
}

/* Go on to the next stored event that a reading can make. */
static void
advance (struct replay_diff *d)
{
	struct lhk_str line;
	int r;

	json_object_put (d->ahead);
	d->ahead = NULL;
	while ((r = lhk_cursor_next (d->stored, &line, NULL)) == LHK_OK) {
		d->ahead = replay_parse_event (line.ptr, line.len);
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
	json_object *event = replay_parse_event (line, len);
	int64_t at;

	if (event == NULL) {
		d->failed = 1;
		return;
	}
	strip (event);
	at = line_of (event);
	while (d->ahead != NULL && line_of (d->ahead) < at) {
		print_difference (d, '-', d->ahead);
		advance (d);
	}
	if (d->ahead == NULL || line_of (d->ahead) > at) {
		print_difference (d, '+', event);
	} else {
		if (json_object_equal (d->ahead, event)) {
			d->n_same++;
		} else {
			print_difference (d, '-', d->ahead);
			print_difference (d, '+', event);
		}
		advance (d);
	}
	json_object_put (event);
}

void
replay_diff_end (struct replay_diff *d)
{
	while (d->ahead != NULL) {
		print_difference (d, '-', d->ahead);
		advance (d);
	}
}
