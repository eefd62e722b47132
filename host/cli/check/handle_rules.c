/* SPDX-License-Identifier: MIT */
/*
 * handle_rules.c - rules about handles, without a host around them: what they
 * answer, and that they do not affect each other.
 */
#include "config.h"

#include <string.h>

#include "cli/check/plugin_driver.h"
#include "common/mem.h"
#include "common/macros.h"

void
check_reading (struct check *c)
{
	struct transcript head = transcript_head (c->input, CHECK_HEAD_MAX);

	plugin_driver_transcript (c, &head, NULL);
}

void
check_empty (struct check *c)
{
	struct transcript none = *c->input;

	none.n_lines = 0;
	none.len = 0;
	plugin_driver_transcript (c, &none, NULL);
	plugin_driver_transcript (c, &none, NULL);
}

void
check_options (struct check *c)
{
	/* Options as `run' gives them, odd ones, and none at all. */
	static const struct lhk_option options[] = {
		{ "arg", "command" },
		{ "arg", "" },
		{ "arg", "--flag=\xff" },
		{ "", "" },
		{ "check-unknown-option", "1" },
	};
	struct plugin_driver d;
	size_t n;

	for (n = 0; n <= ARRAY_SIZE (options); n++) {
		void *handle = NULL;
		int r;

		if (c->n_problems > 0 || !plugin_driver_open (&d, c, NULL))
			return;
		check_call->callback = "open";
		d.inside = 1;
		r = d.plugin->open (&d.api, n == 0 ? NULL : options, n,
				    &handle);
		d.inside = 0;
		check_call->callback = "close";
		if (r == LHK_OK)
			d.plugin->close (handle);
		else
			check_problem (c,
				       "open returns %d (%s) with %zu options, "
				       "expected LHK_OK",
				       r, lhk_strerror (r), n);
		check_call->callback = NULL;
		plugin_driver_close (&d);
	}
}

/* ---- lines that it must refuse without a trace ---- */

/* Offer half of line I.  1 if the plugin refused it and emitted nothing. */
static int
offer_half (struct plugin_driver *d, const struct transcript *t, size_t i)
{
	struct lhk_str text = transcript_line (t, i);
	size_t len = text.len / 2;
	struct lhk_line line = {
		.size = sizeof line,
		.flags = LHK_LINE_UNTERMINATED,
		.len = len,
		.full_len = len,
		.number = i + 1,
	};
	char *copy = mem_zero (&mem_system, len + LHK_LINE_PADDING);
	size_t before = d->trace->n;
	int r;

	if (copy == NULL)
		return 0;
	memcpy (copy, text.ptr, len);
	copy[len] = '\n';
	line.data = copy;
	r = plugin_driver_line (d, &line);
	mem_free (&mem_system, copy, len + LHK_LINE_PADDING);
	return r == LHK_EPARSE && d->trace->n == before;
}

static void
compare_refused (struct check *c, const struct transcript *t,
		 struct event_trace *wanted, struct event_trace *found)
{
	struct plugin_driver d;
	size_t n_refused = 0;
	int clean = 1;
	size_t i;

	plugin_driver_transcript (c, t, wanted);
	if (!plugin_driver_open (&d, c, found))
		return;
	for (i = 0; i < t->n_lines && clean; i++) {
		if (transcript_line (t, i).len >= 2) {
			clean = offer_half (&d, t, i);
			n_refused += (size_t) clean;
		}
		if (clean)
			(void) plugin_driver_transcript_line (&d, t, i);
	}
	plugin_driver_close (&d);
	if (clean)
		(void) plugin_driver_compare (
			c, found, wanted, SIZE_MAX - 1,
			"after lines that line_hook had refused with "
			"LHK_EPARSE");
	else if (n_refused == 0)
		check_skip (c, "it also accepts half a line");
}

static void
compare_again (struct check *c, const struct transcript *t,
	       struct event_trace *wanted, struct event_trace *found)
{
	plugin_driver_transcript (c, t, wanted);
	plugin_driver_transcript (c, t, found);
	(void) plugin_driver_compare (
		c, found, wanted, SIZE_MAX - 1,
		"when a second handle reads the same lines");
}

void
check_repeated (struct check *c)
{
	plugin_driver_with_traces (c, CHECK_HEAD_MAX, compare_again);
}

void
check_refused_lines (struct check *c)
{
	plugin_driver_with_traces (c, CHECK_HEAD_MAX, compare_refused);
}

/* ---- two handles ---- */

#define LAG 3

static void
interleave (struct check *c, const struct transcript *t, struct event_trace *a,
	    struct event_trace *b)
{
	struct plugin_driver first, second;
	size_t i;

	if (!plugin_driver_open (&first, c, a))
		return;
	if (plugin_driver_open (&second, c, b)) {
		for (i = 0; i < t->n_lines + LAG; i++) {
			if (i < t->n_lines)
				(void) plugin_driver_transcript_line (&first, t,
								      i);
			if (i >= LAG)
				(void) plugin_driver_transcript_line (
					&second, t, i - LAG);
		}
		plugin_driver_close (&second);
	}
	plugin_driver_close (&first);
}

static void
compare_handles (struct check *c, const struct transcript *t,
		 struct event_trace *wanted, struct event_trace *found)
{
	struct event_trace other;

	plugin_driver_transcript (c, t, wanted);
	if (event_trace_init (&other) < 0)
		return;
	interleave (c, t, found, &other);
	if (plugin_driver_compare (
		    c, found, wanted, SIZE_MAX - 1,
		    "while a second handle reads the same lines"))
		(void) plugin_driver_compare (c, &other, wanted, SIZE_MAX - 1,
					      "from the second of two handles");
	event_trace_free (&other);
}

void
check_two_handles (struct check *c)
{
	plugin_driver_with_traces (c, CHECK_HEAD_MAX, compare_handles);
}
