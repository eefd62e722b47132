/* SPDX-License-Identifier: MIT */
/*
 * fuzz_json.c - the reader in all its ways, and json-c.
 *
 * The input is cut into lines; the shape caches live for the whole of it, so
 * that lines meet the shapes of others.
 */
#include "config.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/model.h"
#include "json/ops.h"

struct inner {
	struct lhk_text type;
	struct lhk_text text;
	struct lhk_num index;
	struct lhk_text first;
	int32_t yes;
	struct lhk_raw raw;
	struct lhk_text deep;
};

struct outer {
	struct lhk_text type;
	struct inner event;
	struct inner usage;
	struct lhk_text session;
	struct lhk_text uuid;
	struct lhk_num number;
	struct lhk_raw error;
};

static const struct lhk_field deep_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct inner, deep),
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct inner, text),
};
LHK_FIELDS (deep_table, struct inner, deep_fields);

static const struct lhk_field inner_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct inner, type),
	LHK_FIELD ("index", LHK_FIELD_INT, struct inner, index),
	{ "delta", 5, LHK_FIELD_OBJECT, 0, 0, 0, &deep_table },
	{ "id", 2, LHK_FIELD_TEXT, LHK_FIELD_FIRST,
	  (uint32_t) offsetof (struct inner, first), 0, NULL },
	LHK_FIELD ("is_error", LHK_FIELD_BOOL, struct inner, yes),
	LHK_FIELD ("content", LHK_FIELD_RAW, struct inner, raw),
};
LHK_FIELDS (inner_table, struct inner, inner_fields);

static const struct lhk_field outer_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct outer, type),
	LHK_FIELD_SUB ("event", &inner_table, struct outer, event),
	LHK_FIELD_SUB ("message", &inner_table, struct outer, usage),
	LHK_FIELD ("session_id", LHK_FIELD_TEXT, struct outer, session),
	LHK_FIELD ("uuid", LHK_FIELD_TEXT, struct outer, uuid),
	LHK_FIELD ("n", LHK_FIELD_INT, struct outer, number),
	LHK_FIELD ("error", LHK_FIELD_RAW, struct outer, error),
};
LHK_FIELDS (outer_table, struct outer, outer_fields);

static const uint32_t holes[] = {
	(uint32_t) offsetof (struct outer, uuid),
	(uint32_t) (offsetof (struct outer, event)
		    + offsetof (struct inner, text)),
	(uint32_t) offsetof (struct outer, type),
};

static const struct lhk_json_ops *const ways[] = {
	&lhk_json_ops_portable,
#ifdef LHK_JSON_X86
	&lhk_json_ops_sse2,
	&lhk_json_ops_avx2,
#endif
};

#define MAX_WAYS (sizeof (ways) / sizeof (ways[0]))

/* Not every machine has the last one. */
static size_t
count_ways (void)
{
	return lhk_json_ops_here () == ways[MAX_WAYS - 1] ? MAX_WAYS
							  : MAX_WAYS - 1;
}

/* Skipped, pulled and filled in one way. */
struct final_text {
	int error;
	int pulled; /* error of the pull reader's walk */
	int filled;
	struct outer outer;
};

/* Every value by the pull reader, without recursion. */
static int
pull_all (struct lhk_json *j)
{
	struct lhk_text text;
	struct lhk_num num;
	int32_t yes;
	unsigned int depth = 0;
	int in_object[LHK_JSON_DEPTH + 1];

	for (;;) {
		if (lhk_json_enter (j)) {
			in_object[depth + 1] =
				j->is_object[depth >> 6] >> (depth & 63) & 1;
			depth++;
		} else if (!lhk_json_string (j, &text)
			   && !lhk_json_int (j, &num)
			   && !lhk_json_bool (j, &yes) && !lhk_json_skip (j)) {
			break;
		}
		while (depth > 0
		       && !(in_object[depth] ? lhk_json_key (j, &text)
					     : lhk_json_element (j)))
			depth--;
		if (depth == 0)
			break;
	}
	lhk_json_end (j);
	return j->error;
}

static void
ask (const struct lhk_json_ops *way, const char *line, size_t len,
     struct final_text *a)
{
	struct lhk_json j;

	memset (a, 0, sizeof (*a));
	lhk_json_begin_ops (&j, way, line, len);
	lhk_json_skip (&j);
	lhk_json_end (&j);
	a->error = j.error;
	lhk_json_begin_ops (&j, way, line, len);
	a->pulled = pull_all (&j);
	a->filled = lhk_json_line_ops (way, line, len, &outer_table, &a->outer);
	if (a->filled != LHK_OK)
		memset (&a->outer, 0, sizeof (a->outer));
}

/* The table against the model, where the line is an object. */
static void
check_model (const struct final_text *a, const char *line, size_t len)
{
	struct outer model;
	struct lhk_json j;
	int r;

	lhk_json_begin (&j, line, len);
	model_object (&j, &outer_table, &model);
	r = lhk_json_end (&j);
	FUZZ_CHECK (r == a->filled, line, len);
	if (r == LHK_OK)
		FUZZ_CHECK (model_equal (&outer_table, &model, &a->outer), line,
			    len);
}

static void
check_shapes (struct lhk_shapes *shapes, const struct final_text *a,
	      const char *line, size_t len)
{
	struct outer outer;
	int r = lhk_shape_line (shapes, line, len, &outer);

	FUZZ_CHECK ((r < 0) == (a->filled < 0), line, len);
	if (r >= 0)
		FUZZ_CHECK (model_equal (&outer_table, &outer, &a->outer), line,
			    len);
	if (r == 1)
		fuzz_count ("lines of a known shape");
}

/* The ways that are asked about an input, each with its shapes. */
struct asked {
	size_t n;
	const struct lhk_json_ops *way[MAX_WAYS];
	struct lhk_shapes *shapes[MAX_WAYS];
};

static void
check_line (const char *data, size_t len, const struct asked *asked)
{
	char *line = fuzz_line (data, len);
	struct final_text first, other;
	const char *why;
	size_t i;
	int verdict;

	ask (asked->way[0], line, len, &first);
	FUZZ_CHECK (first.error == first.pulled, line, len);
	for (i = 1; i < asked->n; i++) {
		ask (asked->way[i], line, len, &other);
		FUZZ_CHECK (memcmp (&first, &other, sizeof (first)) == 0, line,
			    len);
	}
	check_model (&first, line, len);
	for (i = 0; i < asked->n; i++)
		check_shapes (asked->shapes[i], &first, line, len);
	verdict = oracle_judge (line, len, &why);
	if (verdict == ORACLE_WRONG)
		fuzz_fail (why, line, len);
	fuzz_count (verdict == ORACLE_BOTH_ACCEPT   ? "both accept"
		    : verdict == ORACLE_BOTH_REFUSE ? "both refuse"
						    : why);
	free (line);
}

/* One way, which the model and json-c judge, or, seldom, all of them. */
static void
choose_ways (const uint8_t *data, size_t size, struct asked *ret)
{
	static struct lhk_shapes *shapes[MAX_WAYS];
	const int all = fuzz_turn (0, FUZZ_SELDOM, data, size);
	const unsigned int n = (unsigned int) count_ways ();
	unsigned int i;

	ret->n = 0;
	for (i = 0; i < n; i++) {
		if (!all && !fuzz_turn (i, n, data, size))
			continue;
		if (shapes[i] == NULL)
			shapes[i] = malloc (lhk_shapes_size ());
		if (shapes[i] == NULL)
			abort ();
		lhk_shapes_init_ops (shapes[i], ways[i], &outer_table, holes,
				     sizeof (holes) / sizeof (holes[0]));
		ret->way[ret->n] = ways[i];
		ret->shapes[ret->n++] = shapes[i];
	}
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	const char *p = (const char *) data, *end = p + size, *stop;
	struct asked asked;

	choose_ways (data, size, &asked);
	while (p < end) {
		stop = memchr (p, '\n', (size_t) (end - p));
		if (stop == NULL)
			stop = end;
		check_line (p, (size_t) (stop - p), &asked);
		p = stop + 1;
	}
	return 0;
}
