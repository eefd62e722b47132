/* SPDX-License-Identifier: MIT */
/*
 * error_rules.c - what a plugin does when something has failed: emit, a line,
 * or the stream in the middle of a line.
 */
#include "config.h"

#include <string.h>

#include <linehook/plugin.h>

#include "cli/check/plugin_driver.h"
#include "common/macros.h"

#define ERROR_HEAD ((size_t) 64 << 10)

/* What emit may return to a plugin whose event was right. */
static const int codes[] = { LHK_ENOMEM, LHK_ELIMIT, LHK_EUNSUPPORTED };

/* Read T; emit fails for one line of EVERY. */
static void
read_failing (struct check *c, const struct transcript *t, int code,
	      size_t every)
{
	struct plugin_driver d;
	size_t i;

	if (!plugin_driver_open (&d, c, NULL))
		return;
	for (i = 0; i < t->n_lines; i++) {
		d.emit_code = i % every == every - 1 ? code : LHK_OK;
		(void) plugin_driver_transcript_line (&d, t, i);
	}
	d.emit_code = code;
	plugin_driver_close (&d);
}

static int
offer (struct plugin_driver *d, const char *data, size_t len, uint64_t number)
{
	char copy[32 + LHK_LINE_PADDING];
	struct lhk_line line = {
		.size = sizeof line,
		.flags = LHK_LINE_UNTERMINATED,
		.data = copy,
		.len = len,
		.full_len = len,
		.number = number,
	};

	memset (copy, 0, sizeof copy);
	memcpy (copy, data, len);
	copy[len] = '\n';
	return plugin_driver_line (d, &line);
}

/* Lines that are refused come before and after each line, and last of all. */
static void
read_refused (struct check *c, const struct transcript *t)
{
	static const char *const broken[] = { "{", "{\"type\":", "\x01\xff",
					      "[[[[[[", "" };
	struct plugin_driver d;
	size_t i;

	if (!plugin_driver_open (&d, c, NULL))
		return;
	for (i = 0; i <= t->n_lines; i++) {
		const char *line = broken[i % ARRAY_SIZE (broken)];

		(void) offer (&d, line, strlen (line), i + 1);
		if (i < t->n_lines)
			(void) plugin_driver_transcript_line (&d, t, i);
	}
	(void) offer (&d, broken[0], 1, i + 1);
	plugin_driver_close (&d);
}

/* A host that gives up calls close alone. */
static void
close_at_once (struct check *c, const struct transcript *t)
{
	struct plugin_driver d;
	size_t i;

	if (!plugin_driver_open (&d, c, NULL))
		return;
	for (i = 0; i < t->n_lines / 2 + 1 && i < t->n_lines; i++)
		(void) plugin_driver_transcript_line (&d, t, i);
	d.emit_code = LHK_ENOMEM;
	if (i < t->n_lines)
		(void) plugin_driver_transcript_line (&d, t, i);
	plugin_driver_abandon (&d);
}

void
check_after_error (struct check *c)
{
	struct transcript head = transcript_head (c->input, ERROR_HEAD);
	size_t i;

	for (i = 0; i < ARRAY_SIZE (codes); i++) {
		read_failing (c, &head, codes[i], 1);
		read_failing (c, &head, codes[i], 2);
		read_failing (c, &head, codes[i], 3);
	}
	read_refused (c, &head);
	close_at_once (c, &head);
}
