/* SPDX-License-Identifier: MIT */
/* json_shape.c - a shape gives what the reader gives. */
#include "config.h"

#include <stdio.h>

#include "json_shape.h"

static void
like_lines_are_known (void)
{
	struct cache c;

	cache_init (&c, lhk_json_ops_here ());
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"1\"}"), LHK_OK);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"22\"}"), 1);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"\"}"), 1);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"\\u0041\\n\"}"), 1);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"\\\"}"), LHK_EPARSE);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"\xff\"}"),
		    LHK_EPARSE);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"1\"} "), LHK_OK);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"u\",\"uuid\":\"1\"}"), LHK_OK);
	TAP_EQ_INT (SAME (&c, "{\"type\":\"t\",\"uuid\":\"1\"}x"), LHK_EPARSE);
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
	static const char first[] =
		"{\"event\":{\"usage\":{\"n\":[1]}},"
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
	TAP_EQ_INT (got.uuid.ptr >= line
			    && got.uuid.ptr < line + sizeof (first),
		    1);
	memset (line, '#', sizeof (first));
	TAP_EQ_MEM (got.session.ptr, got.session.len, "s\\n", 3);
	TAP_EQ_INT (got.session.form, LHK_TEXT_CANONICAL);
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
			      "{\"text\":\"\\\"\\\\\"}}}"),
		    1);
	SAME (&c, "{\"event\":{\"delta\":{\"text\":\"t\"}},\"uuid\":\"a\"}");
	TAP_EQ_INT (SAME (&c, "{\"event\":{\"delta\":{\"text\":\"}\"}},"
			      "\"uuid\":\"\\/\"}"),
		    1);
	SAME (&c, "{\"event\":{\"delta\":{\"text\":\"t\"}},\"event\":{},"
		  "\"uuid\":\"a\"}");
	SAME (&c, "{\"event\":{\"delta\":{\"text\":\"u\"}},\"event\":{},"
		  "\"uuid\":\"a\"}");
	SAME (&c, "{\"result\":{\"uuid\":\"a\"},\"uuid\":\"b\"}");
	TAP_EQ_INT (SAME (&c, "{\"result\":{\"uuid\":\"a\"},"
			      "\"uuid\":\"c\"}"),
		    1);
	TAP_EQ_INT (SAME (&c, "{}"), LHK_OK);
	TAP_EQ_INT (SAME (&c, "{}"), LHK_OK);
	free (c.shapes);
}

/* All but one byte of a line, for every byte and many others in its place. */
static void
every_byte_changed (void)
{
	static const char line[] =
		"{\"type\":\"stream_event\",\"event\":{"
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
				copy[at] = bytes[json_draw (
					state, sizeof (bytes) - 1)];
			} else {
				memmove (copy + at, copy + at + 1, n - at - 1);
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
		"plain_partial.ndjson",
		"agent_partial.ndjson",
		"plain.ndjson",
		"disconnect_once_partial.ndjson",
	};
	const struct lhk_json_ops *ways[JSON_MAX_WAYS];
	size_t n_ways = json_ways (ways), i, len, at, end;
	unsigned long hits = 0;
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
		hits += c.hits;
		free (c.shapes);
		free (data);
	}
	if (hits <= 300)
		tap_note ("%lu hits", hits);
	CU_ASSERT (hits > 300);
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
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("json_shape", cases);
}
