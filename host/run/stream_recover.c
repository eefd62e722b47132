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
#include "run/stream.h"

/* ---- the objects of a line ---- */

const char *
stream_object (const char *data, size_t len)
{
	size_t n = termseq_span (data, data + len);

	return n < len && data[n] == '{' ? data + n : NULL;
}

int
stream_objects_begin (struct lhk_stream *s, struct stream_objects *o,
		      const char *data, size_t len)
{
	o->size = recover_room (data, len, s->opts.line_max);
	if (!budget_lease (&s->host->budget, o->size))
		return 0;
	o->room = mem_new (&s->host->alloc, o->size);
	if (o->room == NULL) {
		budget_return (&s->host->budget, o->size);
		return 0;
	}
	recover_begin (&o->found, data, len, o->room, o->size);
	return 1;
}

void
stream_objects_end (struct lhk_stream *s, const struct stream_objects *o)
{
	mem_free (&s->host->alloc, o->room, o->size);
	budget_return (&s->host->budget, o->size);
}

/* ---- a line that was refused ---- */

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
	while (!s->is_quarantined && recover_next (found, &object)) {
		line.data = object.ptr;
		line.len = object.len;
		if (s->opts.flags & LHK_STREAM_RAW_LINES)
			s->meta.raw = object;
		stream_format_object (s, object.ptr, object.len);
		r = stream_call_line (s, &line);
		if (r == LHK_EPARSE) {
			++*ret_refused;
			stream_check_slow (s, from);
			continue;
		}
		stream_settle (s, r, from);
		taken++;
	}
	return taken;
}

/* An object that nests too deep is lost, but its other members are as good as
 * those of an oversize line. */
static int
offer_salvaged (struct lhk_stream *s, const struct frame_line *rest)
{
	struct lhk_str saved[SALVAGE_OBJECTS];
	/* That of the stream may have what was saved of a long line. */
	struct salvage salvage;

	salvage_init (&salvage);
	salvage_feed (&salvage, rest->data, rest->len);
	if (!salvage_is_whole (&salvage) || salvage_end (&salvage, saved) == 0)
		return LHK_EPARSE;
	return stream_offer_part (s, rest, saved[0].ptr, saved[0].len,
				  LHK_LINE_SALVAGED);
}

/* Returns what the plugin made of it. */
static int
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
				 || stream_object (rest.data, rest.len)
					    != NULL);
	return refused == 0 && found->saw_json ? offer_salvaged (s, &rest)
					       : LHK_EPARSE;
}

int
stream_recover (struct lhk_stream *s, const struct lhk_line *line,
		const struct frame_line *from)
{
	struct stream_objects o;
	size_t refused = 0, taken;
	int r = LHK_EPARSE;

	if (!stream_objects_begin (s, &o, line->data, line->len)) {
		stream_unparsed (s, from,
				 stream_object (from->data, from->len) != NULL);
		return LHK_EPARSE;
	}
	taken = offer_objects (s, &o.found, *line, from, &refused);
	s->stats.repaired += taken > 0;
	if (taken == 0 || refused > 0 || o.found.rest != NULL)
		r = report_rest (s, &o.found, from, refused);
	stream_objects_end (s, &o);
	return taken > 0 ? LHK_OK : r;
}
