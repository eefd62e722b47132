/* SPDX-License-Identifier: MIT */
/* json_shape.c - tests of json/: a shape gives what the reader gives. */
#include "config.h"

#include <stdio.h>

#include "fuzz/model.h"
#include "json_case.h"

struct delta {
	struct lhk_text type;
	struct lhk_text text;
	struct lhk_text thinking;
	struct lhk_text json;
};

struct line {
	struct lhk_text type;
	struct lhk_text event;
	struct lhk_num index;
	struct delta delta;
	struct lhk_raw usage;
	struct lhk_text session;
	struct lhk_text uuid;
	struct lhk_raw result;
};

static const struct lhk_field delta_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct delta, type),
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct delta, text),
	LHK_FIELD ("thinking", LHK_FIELD_TEXT, struct delta, thinking),
	LHK_FIELD ("partial_json", LHK_FIELD_TEXT, struct delta, json),
};
LHK_FIELDS (delta_table, struct delta, delta_fields);

static const struct lhk_field event_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct line, event),
	LHK_FIELD ("index", LHK_FIELD_INT, struct line, index),
	LHK_FIELD_SUB ("delta", &delta_table, struct line, delta),
	LHK_FIELD ("usage", LHK_FIELD_RAW, struct line, usage),
};
LHK_FIELDS (event_table, struct line, event_fields);

static const struct lhk_field line_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct line, type),
	{ "event", 5, LHK_FIELD_OBJECT, 0, 0, 0, &event_table },
	LHK_FIELD ("session_id", LHK_FIELD_TEXT, struct line, session),
	LHK_FIELD ("uuid", LHK_FIELD_TEXT, struct line, uuid),
	LHK_FIELD ("result", LHK_FIELD_RAW, struct line, result),
};
LHK_FIELDS (line_table, struct line, line_fields);

#define HOLE(member) ((uint32_t) offsetof (struct line, member))

static const uint32_t holes[] = {
	HOLE (delta.text), HOLE (uuid), HOLE (delta.thinking),
	HOLE (delta.json),
};

struct cache {
	const struct lhk_json_ops *ops;
	struct lhk_shapes *shapes;
	unsigned long hits;
};

static void
cache_init (struct cache *c, const struct lhk_json_ops *ops)
{
	c->ops = ops;
	c->shapes = malloc (lhk_shapes_size ());
	if (c->shapes == NULL)
		abort ();
	lhk_shapes_init_ops (c->shapes, ops, &line_table, holes, 4);
	c->hits = 0;
}

/* The line through the cache and through the reader; 1 on a hit. */
static int
same (struct cache *c, const char *data, size_t len)
{
	struct line by_shape, by_reader;
	char *line = json_pad (data, len);
	int r, wanted;

	wanted = lhk_json_line_ops (c->ops, line, len, &line_table,
				    &by_reader);
	r = lhk_shape_line (c->shapes, line, len, &by_shape);
	if ((r < 0) != (wanted < 0)
	    || (r >= 0 && !model_equal (&line_table, &by_shape, &by_reader)))
		tap_eq_mem ("differs", 7, data, len, "line", __FILE__,
			    __LINE__);
	if (r == 1)
		c->hits++;
	free (line);
	return r;
}

#define SAME(c, literal) same ((c), "" literal, sizeof (literal) - 1)

static void
like_lines_are_known (void)
{
	struct cache c;

	cache_init (&c, lhk_json_ops_here ());
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"1\"}"), LHK_OK);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"22\"}"), 1);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"\"}"), 1);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"\\u0041\\n\"}"), 1);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"\\\"}"),
		    LHK_EPARSE);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"\xff\"}"),
		    LHK_EPARSE);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"1\"} "), LHK_OK);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"u\",\"uuid\":\"1\"}"), LHK_OK);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"1\"}x"),
		    LHK_EPARSE);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"1\""), LHK_EPARSE);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"1"), LHK_EPARSE);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":"), LHK_EPARSE);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":1}"), LHK_OK);
	free (c.shapes);
}

/* Where one result ends up is not where another's line was. */
static void
results_are_the_caches_own (void)
{
	static const char first[] = "{\"event\":{\"usage\":{\"n\":[1]}},"
		"\"session_id\":\"s\\n\",\"result\":\"r\\u0041\","
		"\"uuid\":\"u\"}";
	char *line = json_pad (first, sizeof (first) - 1);
	struct lhk_text text;
	struct line got;
	struct cache c;
	struct lhk_json j;

	cache_init (&c, lhk_json_ops_here ());
	TAP_EQ_INT (lhk_shape_line (c.shapes, line, sizeof (first) - 1, &got),
		    LHK_OK);
	TAP_EQ_INT (lhk_shape_line (c.shapes, line, sizeof (first) - 1, &got),
		    1);
	TAP_EQ_INT (got.uuid.ptr >= line && got.uuid.ptr < line
		    + sizeof (first), 1);
	memset (line, '#', sizeof (first));
	TAP_EQ_MEM (got.session.ptr, got.session.len, "s\\n", 3);
	TAP_EQ_INT (got.session.form, LHK_TEXT_SAME);
	TAP_EQ_MEM (got.usage.ptr, got.usage.len, "{\"n\":[1]}", 9);
	lhk_json_begin_raw (&j, &got.usage);
	CU_ASSERT (lhk_json_skip (&j));
	TAP_EQ_INT (lhk_json_end (&j), LHK_OK);
	CU_ASSERT (lhk_raw_text (&got.result, &text));
	TAP_EQ_INT (text.form, LHK_TEXT_RAW);
	free (line);
	free (c.shapes);
}

/* One hole of two is a number, comes twice, or swaps its place. */
static void
holes_of_all_kinds (void)
{
	struct cache c;

	cache_init (&c, lhk_json_ops_here ());
	SAME (&c, "{\"uuid\":\"a\",\"uuid\":\"b\"}");
	TAP_EQ_INT (SAME (&c, "{\"uuid\":\"a\",\"uuid\":\"c\"}"), 1);
	TAP_EQ_INT (SAME (&c, "{\"uuid\":\"x\",\"uuid\":\"b\"}"), LHK_OK);
	SAME (&c, "{\"uuid\":\"b\",\"uuid\":null}");
	SAME (&c, "{\"uuid\":\"z\",\"uuid\":null}");
	SAME (&c, "{\"uuid\":\"a\",\"event\":{\"delta\":{\"text\":\"t\"}}}");
	TAP_EQ_INT (SAME (&c, "{\"uuid\":\"\",\"event\":{\"delta\":"
			  "{\"text\":\"\\\"\\\\\"}}}"), 1);
	SAME (&c, "{\"event\":{\"delta\":{\"text\":\"t\"}},\"uuid\":\"a\"}");
	TAP_EQ_INT (SAME (&c, "{\"event\":{\"delta\":{\"text\":\"}\"}},"
			  "\"uuid\":\"\\/\"}"), 1);
	SAME (&c, "{\"event\":{\"delta\":{\"text\":\"t\"}},\"event\":{},"
	      "\"uuid\":\"a\"}");
	SAME (&c, "{\"event\":{\"delta\":{\"text\":\"u\"}},\"event\":{},"
	      "\"uuid\":\"a\"}");
	SAME (&c, "{\"result\":{\"uuid\":\"a\"},\"uuid\":\"b\"}");
	TAP_EQ_INT (SAME (&c, "{\"result\":{\"uuid\":\"a\"},"
			  "\"uuid\":\"c\"}"), 1);
	TAP_EQ_INT (SAME (&c, "{}"), LHK_OK);
	TAP_EQ_INT (SAME (&c, "{}"), LHK_OK);
	free (c.shapes);
}

/* All but one byte of a line, for every byte and many others in its place. */
static void
every_byte_changed (void)
{
	static const char line[] = "{\"type\":\"stream_event\",\"event\":{"
		"\"type\":\"d\",\"index\":0,\"delta\":{\"type\":\"text\","
		"\"text\":\" a\\n\\u00e9\xc3\xa9\"}},\"uuid\":\"1-2\"}";
	static const char bytes[] = "\"\\{}[]:,0n/u \x01\x80\xff";
	const size_t len = sizeof (line) - 1;
	const struct lhk_json_ops *ways[JSON_MAX_WAYS];
	size_t n_ways = json_ways (ways), way, at, k;
	char copy[sizeof (line)];
	struct cache c;

	for (way = 0; way < n_ways; way++) {
		cache_init (&c, ways[way]);
		for (at = 0; at < len; at++) {
			for (k = 0; k < sizeof (bytes) - 1; k++) {
				same (&c, line, len);
				memcpy (copy, line, len);
				copy[at] = bytes[k];
				same (&c, copy, len);
				memmove (copy + at, line + at + 1,
					 len - at - 1);
				same (&c, copy, len - 1);
			}
		}
		CU_ASSERT (c.hits > 2000);
		free (c.shapes);
	}
}

static char *
read_stream (const char *name, size_t *ret_len)
{
	const char *srcdir = getenv ("srcdir");
	char path[4096];
	char *data = malloc (1 << 20);
	FILE *f;

	snprintf (path, sizeof (path), "%s/streams/claude/%s",
		  srcdir ? srcdir : "tests", name);
	f = fopen (path, "rb");
	if (f == NULL || data == NULL) {
		free (data);
		return NULL;
	}
	*ret_len = fread (data, 1, 1 << 20, f);
	fclose (f);
	return data;
}

/* The line, and copies of it with a few bytes changed. */
static void
mutate (struct cache *c, const char *line, size_t len, uint64_t *state)
{
	static const char bytes[] = "\"\"\\\\{}[]:,,0n/u.-e \x01\x80\xc3\xff";
	char *copy = malloc (len + 1);
	size_t at, n;
	int i, k;

	if (copy == NULL)
		abort ();
	same (c, line, len);
	for (i = 0; i < 40; i++) {
		memcpy (copy, line, len);
		n = len;
		for (k = 0; k < 1 + i % 3; k++) {
			at = json_draw (state, (uint32_t) n);
			if (json_draw (state, 3)) {
				copy[at] = bytes[json_draw (state,
							    sizeof (bytes)
							    - 1)];
			} else {
				memmove (copy + at, copy + at + 1,
					 n - at - 1);
				n--;
			}
		}
		same (c, copy, n);
		if (i % 4 == 0)
			same (c, line, len);
	}
	free (copy);
}

static void
recorded_lines (void)
{
	static const char *const names[] = {
		"plain_partial.ndjson", "agent_partial.ndjson",
		"plain.ndjson", "disconnect_once_partial.ndjson",
	};
	const struct lhk_json_ops *ways[JSON_MAX_WAYS];
	size_t n_ways = json_ways (ways), i, len, at, end;
	uint64_t state = 31337;
	struct cache c;
	char *data;

	for (i = 0; i < sizeof (names) / sizeof (names[0]); i++) {
		data = read_stream (names[i], &len);
		CU_ASSERT_PTR_NOT_NULL_FATAL (data);
		cache_init (&c, ways[i % n_ways]);
		for (at = 0; at < len; at = end + 1) {
			for (end = at; end < len && data[end] != '\n'; end++)
				;
			if (end - at < 4000 && end > at)
				mutate (&c, data + at, end - at, &state);
		}
		CU_ASSERT (c.hits > 50);
		free (c.shapes);
		free (data);
	}
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
			      "{\"type\":\"%s\",\"uuid\":\"%d\"}",
			      types[i % 4], i);
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
			      "{\"type\":\"%s\",\"uuid\":\"%d\"}", types[i],
			      i);
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
	{ "a_line_like_one_before_is_known_and_others_are_not",
	  like_lines_are_known },
	{ "results_do_not_point_into_an_older_line",
	  results_are_the_caches_own },
	{ "holes_may_be_absent_twice_or_in_any_order", holes_of_all_kinds },
	{ "a_line_with_any_byte_changed_gives_what_the_reader_gives",
	  every_byte_changed },
	{ "recorded_lines_and_mutants_give_what_the_reader_gives",
	  recorded_lines },
	{ "shapes_of_1024_literal_bytes_are_kept_and_longer_are_not",
	  limit_of_bytes },
	{ "four_shapes_are_kept", four_entries },
	{ "what_cannot_be_kept_goes_to_the_reader", nothing_to_keep },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("json_shape", cases);
}
