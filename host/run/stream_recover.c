/* SPDX-License-Identifier: MIT */
/*
 * stream_recover.c - a line that the plugin refused as it stands.
 *
 * What can be recovered of it is offered once more, each object as a line of
 * its own; the rest is unparsed.
 */
#include "config.h"

#include <string.h>

#include "common/mem.h"
#include "common/termseq.h"
#include "json/recover.h"
#include "run/stream.h"

/* Memory for the copy, on the budget of all lines; NULL if there is none. */
static char *
new_room (struct lhk_stream *s, size_t size)
{
	char *room;

	if (!budget_lease (&s->host->budget, size))
		return NULL;
	room = mem_new (&s->host->alloc, size);
	if (room == NULL)
		budget_return (&s->host->budget, size);
	return room;
}

static void
free_room (struct lhk_stream *s, char *room, size_t size)
{
	mem_free (&s->host->alloc, room, size);
	budget_return (&s->host->budget, size);
}

/* Offer all objects that were found in LINE.  Returns how many of them the
 * plugin took for lines of its format. */
static size_t
offer_objects (struct lhk_stream *s, struct recover *found,
	       struct lhk_line line, const struct frame_line *from,
	       size_t *ret_refused)
{
	struct lhk_str object;
	size_t taken = 0;
	int r;

	line.flags |= LHK_LINE_REPAIRED;
	while (recover_next (found, &object)) {
		line.data = object.ptr;
		line.len = object.len;
		if (s->opts.flags & LHK_STREAM_RAW_LINES)
			s->meta.raw = object;
		r = plugin_instance_line (&s->instance, &line);
		if (r == LHK_EPARSE) {
			++*ret_refused;
			continue;
		}
		stream_settle (s, r, from);
		taken++;
	}
	return taken;
}

/* Does the part of a line look as if it had been an object? */
static int
begins_with_brace (const char *data, size_t len)
{
	size_t n = termseq_span (data, data + len);

	return n < len && data[n] == '{';
}

static void
report_rest (struct lhk_stream *s, const struct recover *found,
	     const struct frame_line *from, size_t refused)
{
	struct frame_line rest = *from;

	if (found->rest != NULL && refused == 0) {
		rest.len -= (size_t) (found->rest - rest.data);
		rest.data = found->rest;
	}
	if (s->opts.flags & LHK_STREAM_RAW_LINES) {
		s->meta.raw.ptr = rest.data;
		s->meta.raw.len = rest.len;
	}
	stream_unparsed (s, &rest,
			 refused > 0 || found->saw_json
				 || begins_with_brace (rest.data, rest.len));
}

int
stream_recover (struct lhk_stream *s, const struct lhk_line *line,
		const struct frame_line *from)
{
	size_t size = recover_room (line->data, line->len, s->opts.line_max);
	char *room = new_room (s, size);
	struct recover found;
	size_t refused = 0, taken;

	if (room == NULL) {
		stream_unparsed (s, from,
				 begins_with_brace (from->data, from->len));
		return LHK_EPARSE;
	}
	recover_begin (&found, line->data, line->len, room, size);
	taken = offer_objects (s, &found, *line, from, &refused);
	s->stats.repaired += taken > 0;
	if (taken == 0 || refused > 0 || found.rest != NULL)
		report_rest (s, &found, from, refused);
	free_room (s, room, size);
	return taken > 0 ? LHK_OK : LHK_EPARSE;
}
