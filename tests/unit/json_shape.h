/* SPDX-License-Identifier: MIT */
/* json_shape.h - a cache of shapes beside the reader. */
#ifndef TESTS_JSON_SHAPE_H
#define TESTS_JSON_SHAPE_H

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
	HOLE (delta.text),
	HOLE (uuid),
	HOLE (delta.thinking),
	HOLE (delta.json),
};

struct cache {
	const struct lhk_json_ops *ops;
	struct lhk_shapes *shapes;
	unsigned long hits;
};

static inline void
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
static inline int
same (struct cache *c, const char *data, size_t len)
{
	struct line by_shape, by_reader;
	char *line = json_pad (data, len);
	int r, wanted;

	wanted = lhk_json_line_ops (c->ops, line, len, &line_table, &by_reader);
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

#endif /* TESTS_JSON_SHAPE_H */
