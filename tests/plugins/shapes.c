/* SPDX-License-Identifier: MIT */
/*
 * shapes.c - what host and plugin hold for one long line in its worst shapes, and
 * how much comes of it: both grow with the line, and no faster.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <linehook/stream.h>

#include "common/outbuf.h"
#include "format/event_json.h"
#include "lib/heap.h"
#include "lib/line_shapes.h"
#include "lib/tap.h"

extern const struct lhk_plugin linehook_plugin_1;

#define SIZE ((size_t) 128 << 10)

/* What may be held for each byte of a line and for each of its events, whose
 * structs are in an array that grows by doubling.  Four bytes of a line can name a
 * file; the list of them is the plugin's, and is copied. */
#define HELD_PER_BYTE 20
#define HELD_PER_EVENT 512

/* What the smallest line may come with. */
#define SMALL ((size_t) 64 << 10)

struct cost {
	size_t held;	/* at most, beyond what is held before the line */
	size_t printed; /* bytes of JSON */
	size_t events;
	struct outbuf out;
};

static void
add (void *user, const char *data, size_t len)
{
	struct cost *cost = user;

	(void) data;
	cost->printed += len;
}

static void
on_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	struct cost *cost = user;

	cost->events++;
	format_json_event (&cost->out, meta, event, 0);
}

static struct lhk_stream *
open_stream (struct lhk_host *host, struct cost *cost)
{
	struct lhk_stream_opts opts = LHK_STREAM_OPTS_INIT;
	const struct lhk_plugin_ref *ref;
	struct lhk_stream *s;

	opts.on_event = on_event;
	opts.user = cost;
	if (lhk_host_add_plugin (host, &linehook_plugin_1, NULL) < 0
	    || lhk_host_plugin (host, linehook_plugin_1.name, &ref, NULL) < 0
	    || lhk_stream_new (host, ref, &opts, &s, NULL) < 0)
		abort ();
	return s;
}

static void
measure (const struct line_shape *shape, size_t size, struct cost *ret)
{
	size_t len, before_len, held;
	char *line = line_shape_make (shape, size, &len);
	char *before = line_shape_before (shape, &before_len);
	struct lhk_host *host;
	struct lhk_stream *s;

	memset (ret, 0, sizeof *ret);
	outbuf_init (&ret->out, add, ret);
	if (lhk_host_new (NULL, &host, NULL) < 0)
		abort ();
	s = open_stream (host, ret);
	lhk_stream_write (s, before, before_len);
	held = heap.peak = heap.held;
	lhk_stream_write (s, line, len);
	outbuf_flush (&ret->out);
	ret->held = heap.peak - held;
	lhk_stream_free (s);
	lhk_host_free (host);
	free (before);
	free (line);
}

static void
check_shape (const struct line_shape *shape)
{
	static struct cost half, whole;
	size_t most;

	measure (shape, SIZE / 2, &half);
	measure (shape, SIZE, &whole);
	most = HELD_PER_BYTE * SIZE + HELD_PER_EVENT * whole.events + SMALL;
	if (whole.held > most || whole.held > 5 * half.held / 2 + SMALL
	    || whole.printed > 5 * half.printed / 2 + SMALL)
		tap_note ("%s: %zu and %zu bytes held, %zu and %zu printed, %zu"
			  " events",
			  shape->name, half.held, whole.held, half.printed,
			  whole.printed, whole.events);
	CU_ASSERT (whole.held <= most);
	CU_ASSERT (whole.held <= 5 * half.held / 2 + SMALL);
	CU_ASSERT (whole.printed <= 5 * half.printed / 2 + SMALL);
}

static void
every_shape (void)
{
	const struct line_shape *shape;
	int n = 0;

	for (shape = line_shapes; shape->plugin != NULL; shape++) {
		if (strcmp (shape->plugin, linehook_plugin_1.name) != 0)
			continue;
		check_shape (shape);
		n++;
	}
	CU_ASSERT (n > 0);
}

static const struct tap_case cases[] = {
	{ "a_long_line_of_any_shape_costs_what_its_length_does", every_shape },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("shapes", cases);
}
