/* SPDX-License-Identifier: MIT */
/* json_shape_limits.c - what a cache of shapes can hold. */
#include "config.h"

#include <stdio.h>

#include "json_shape.h"
#include "lib/guarded_buffer.h"

/* A line that ends within a shape, at the end of memory. */
static void
cut_at_every_byte (void)
{
	static const char line[] =
		"{\"type\":\"stream_event\",\"uuid\":\"1\","
		"\"event\":{\"delta\":{\"text\":\" a\",\"type\":\"text\"}},"
		"\"session_id\":\"0123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789012345678901234\"}";
	const size_t len = sizeof (line) - 1;
	char copy[sizeof (line) + LHK_LINE_PADDING];
	struct cache c;
	struct line got;
	struct guarded_buffer g;
	size_t n;

	cache_init (&c, lhk_json_ops_here ());
	TAP_EQ_INT (same (&c, line, len), LHK_OK);
	for (n = 0; n <= len; n++) {
		memcpy (copy, line, n);
		memset (copy + n, '\n', LHK_LINE_PADDING);
		guarded_buffer_init (&g, copy, n + LHK_LINE_PADDING);
		TAP_EQ_INT (lhk_shape_line (c.shapes, g.data, n, &got),
			    n == len ? 1 : LHK_EPARSE);
		guarded_buffer_done (&g);
	}
	free (c.shapes);
}

/* Literal bytes up to the limit are kept, and one more is not. */
static void
limit_of_bytes (void)
{
	static const char head[] = "{\"uuid\":\"", tail[] = "\"}";
	char line[2 * LHK_SHAPE_BYTES];
	struct cache c;
	size_t fill, n;
	int more;

	for (more = 0; more < 2; more++) {
		cache_init (&c, lhk_json_ops_here ());
		fill = LHK_SHAPE_BYTES - (sizeof (head) - 1)
		       - (sizeof (tail) - 1) + (size_t) more;
		memcpy (line, head, sizeof (head) - 1);
		memset (line + sizeof (head) - 1, 'u', 300);
		n = sizeof (head) - 1 + 300;
		line[n++] = '"';
		memset (line + n, ' ', fill);
		n += fill;
		line[n++] = '}';
		same (&c, line, n);
		TAP_EQ_INT (same (&c, line, n), more ? LHK_OK : 1);
		free (c.shapes);
	}
}

/* Four shapes in turn stay known; a line that cannot be kept evicts none. */
static void
four_entries (void)
{
	static const char *const types[] = { "a", "b", "c", "d" };
	char line[64], *longer;
	struct cache c;
	int i, n;

	cache_init (&c, lhk_json_ops_here ());
	for (i = 0; i < 20; i++) {
		n = snprintf (line, sizeof (line),
			      "{\"type\":\"%s\",\"uuid\":\"%d\"}", types[i % 4],
			      i);
		TAP_EQ_INT (same (&c, line, (size_t) n), i >= 4);
	}
	longer = malloc (5000);
	if (longer == NULL)
		abort ();
	memset (longer, ' ', 5000);
	memcpy (longer, "{\"uuid\":\"x\"", 11);
	longer[4999] = '}';
	TAP_EQ_INT (same (&c, longer, 5000), LHK_OK);
	free (longer);
	for (i = 0; i < 4; i++) {
		n = snprintf (line, sizeof (line),
			      "{\"type\":\"%s\",\"uuid\":\"%d\"}", types[i], i);
		TAP_EQ_INT (same (&c, line, (size_t) n), 1);
	}
	free (c.shapes);
}

/* A struct too large for the cache, and a cache without holes: the reader. */
static void
nothing_to_keep (void)
{
	static const struct lhk_field field[] = {
		{ "uuid", 4, LHK_FIELD_TEXT, 0, 0, 0, NULL },
	};
	static const struct lhk_fields large = { field, 1,
						 LHK_SHAPE_STRUCT + 8 };
	static char ret[LHK_SHAPE_STRUCT + 8];
	const uint32_t first = 0;
	struct cache c;
	char *line = json_pad ("{\"uuid\":\"x\"}", 12);
	int i;

	cache_init (&c, lhk_json_ops_here ());
	lhk_shapes_init (c.shapes, &large, &first, 1);
	for (i = 0; i < 3; i++)
		TAP_EQ_INT (lhk_shape_line (c.shapes, line, 12, ret), LHK_OK);
	lhk_shapes_init (c.shapes, &line_table, NULL, 0);
	for (i = 0; i < 3; i++)
		TAP_EQ_INT (lhk_shape_line (c.shapes, line, 12, ret), LHK_OK);
	free (line);
	free (c.shapes);
}

static const struct tap_case cases[] = {
	{ "a_line_cut_anywhere_is_not_of_the_shape", cut_at_every_byte },
	{ "shapes_of_1024_literal_bytes_are_kept_and_longer_are_not",
	  limit_of_bytes },
	{ "the_cache_keeps_four_shapes", four_entries },
	{ "a_line_that_cannot_be_cached_goes_to_the_reader", nothing_to_keep },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("json_shape_limits", cases);
}
