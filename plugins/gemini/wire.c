/* SPDX-License-Identifier: MIT */
/*
 * wire.c - the lines of `gemini --output-format stream-json' as one struct.
 *
 * Nearly all lines are deltas that differ in their time and their content:
 * these two are the holes of the line shapes.
 */
#include "config.h"

#include <stdlib.h>

#include "gemini/gemini.h"

static const struct lhk_field error_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct gemini_error, type),
	LHK_FIELD ("message", LHK_FIELD_TEXT, struct gemini_error, message),
};
LHK_FIELDS (error_table, struct gemini_error, error_fields);

static const struct lhk_field stats_fields[] = {
	LHK_FIELD ("total_tokens", LHK_FIELD_INT, struct gemini_stats,
		   total_tokens),
	LHK_FIELD ("input_tokens", LHK_FIELD_INT, struct gemini_stats,
		   input_tokens),
	LHK_FIELD ("output_tokens", LHK_FIELD_INT, struct gemini_stats,
		   output_tokens),
	LHK_FIELD ("cached", LHK_FIELD_INT, struct gemini_stats, cached),
	LHK_FIELD ("models", LHK_FIELD_RAW, struct gemini_stats, models),
};
LHK_FIELDS (stats_table, struct gemini_stats, stats_fields);

static const struct lhk_field line_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct gemini_line, type),
	LHK_FIELD ("timestamp", LHK_FIELD_TEXT, struct gemini_line, timestamp),
	LHK_FIELD ("role", LHK_FIELD_TEXT, struct gemini_line, role),
	LHK_FIELD ("content", LHK_FIELD_TEXT, struct gemini_line, content),
	LHK_FIELD ("delta", LHK_FIELD_BOOL, struct gemini_line, delta),
	LHK_FIELD ("tool_name", LHK_FIELD_TEXT, struct gemini_line, tool_name),
	LHK_FIELD ("tool_id", LHK_FIELD_TEXT, struct gemini_line, tool_id),
	LHK_FIELD ("parameters", LHK_FIELD_RAW, struct gemini_line, parameters),
	LHK_FIELD ("status", LHK_FIELD_TEXT, struct gemini_line, status),
	LHK_FIELD ("output", LHK_FIELD_TEXT, struct gemini_line, output),
	LHK_FIELD_SUB ("error", &error_table, struct gemini_line, error),
	LHK_FIELD_SUB ("stats", &stats_table, struct gemini_line, stats),
	LHK_FIELD ("session_id", LHK_FIELD_TEXT, struct gemini_line,
		   session_id),
	LHK_FIELD ("model", LHK_FIELD_TEXT, struct gemini_line, model),
	LHK_FIELD ("severity", LHK_FIELD_TEXT, struct gemini_line, severity),
	LHK_FIELD ("message", LHK_FIELD_TEXT, struct gemini_line, message),
	LHK_FIELD ("toolCalls", LHK_FIELD_RAW, struct gemini_line, tool_calls),
};
LHK_FIELDS (line_table, struct gemini_line, line_fields);

const struct lhk_fields *
gemini_fields (void)
{
	return &line_table;
}

struct lhk_shapes *
gemini_shapes (void)
{
	static const uint32_t holes[] = {
		(uint32_t) offsetof (struct gemini_line, timestamp),
		(uint32_t) offsetof (struct gemini_line, content),
	};
	struct lhk_shapes *s;

	s = malloc (lhk_shapes_size ());
	if (s != NULL)
		lhk_shapes_init (s, &line_table, holes, ARRAY_SIZE (holes));
	return s;
}

int
gemini_read (struct gemini *g, const char *data, size_t len,
	     struct gemini_line *ret)
{
	int r;

	r = lhk_shape_line (g->shapes, data, len, ret);
	return r < 0 ? r : LHK_OK;
}
