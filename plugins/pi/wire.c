/* SPDX-License-Identifier: MIT */
/*
 * wire.c - the lines of `pi --mode json' as one struct.
 *
 * Most lines are deltas that differ in the delta alone: it is the hole of the
 * line shapes.  What the end of a message, of a turn and of a run repeat is
 * skipped, not kept.
 */
#include "config.h"

#include <stdlib.h>

#include "pi/pi.h"

static const struct lhk_field cost_fields[] = {
	LHK_FIELD ("total", LHK_FIELD_RAW, struct pi_cost, total),
};
LHK_FIELDS (cost_table, struct pi_cost, cost_fields);

static const struct lhk_field usage_fields[] = {
	LHK_FIELD ("input", LHK_FIELD_INT, struct pi_usage, input),
	LHK_FIELD ("output", LHK_FIELD_INT, struct pi_usage, output),
	LHK_FIELD ("cacheRead", LHK_FIELD_INT, struct pi_usage, cache_read),
	LHK_FIELD ("cacheWrite", LHK_FIELD_INT, struct pi_usage, cache_write),
	LHK_FIELD ("reasoning", LHK_FIELD_INT, struct pi_usage, reasoning),
	LHK_FIELD_SUB ("cost", &cost_table, struct pi_usage, cost),
};
LHK_FIELDS (usage_table, struct pi_usage, usage_fields);

static const struct lhk_field message_fields[] = {
	LHK_FIELD ("role", LHK_FIELD_TEXT, struct pi_message, role),
	LHK_FIELD ("content", LHK_FIELD_RAW, struct pi_message, content),
	LHK_FIELD ("model", LHK_FIELD_TEXT, struct pi_message, model),
	LHK_FIELD_SUB ("usage", &usage_table, struct pi_message, usage),
	LHK_FIELD ("stopReason", LHK_FIELD_TEXT, struct pi_message,
		   stop_reason),
	LHK_FIELD ("timestamp", LHK_FIELD_RAW, struct pi_message, timestamp),
	LHK_FIELD ("errorMessage", LHK_FIELD_TEXT, struct pi_message, error),
	LHK_FIELD ("rawStopReason", LHK_FIELD_TEXT, struct pi_message,
		   raw_stop_reason),
	LHK_FIELD ("display", LHK_FIELD_BOOL, struct pi_message, display),
};
LHK_FIELDS (message_table, struct pi_message, message_fields);

static const struct lhk_field piece_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct pi_piece, type),
	LHK_FIELD ("contentIndex", LHK_FIELD_INT, struct pi_piece, index),
	LHK_FIELD ("delta", LHK_FIELD_TEXT, struct pi_piece, delta),
	LHK_FIELD ("content", LHK_FIELD_TEXT, struct pi_piece, content),
};
LHK_FIELDS (piece_table, struct pi_piece, piece_fields);

static const struct lhk_field command_fields[] = {
	LHK_FIELD ("output", LHK_FIELD_TEXT, struct pi_command, output),
	LHK_FIELD ("truncated", LHK_FIELD_BOOL, struct pi_command, truncated),
	LHK_FIELD ("exit_code", LHK_FIELD_INT, struct pi_command, exit_code),
};
LHK_FIELDS (command_table, struct pi_command, command_fields);

static const struct lhk_field truncation_fields[] = {
	LHK_FIELD ("truncated", LHK_FIELD_BOOL, struct pi_truncation,
		   truncated),
};
LHK_FIELDS (truncation_table, struct pi_truncation, truncation_fields);

static const struct lhk_field details_fields[] = {
	LHK_FIELD_SUB ("truncation", &truncation_table, struct pi_details,
		       truncation),
};
LHK_FIELDS (details_table, struct pi_details, details_fields);

static const struct lhk_field result_fields[] = {
	LHK_FIELD ("content", LHK_FIELD_RAW, struct pi_result, content),
	LHK_FIELD_SUB ("structuredContent", &command_table, struct pi_result,
		       command),
	LHK_FIELD_SUB ("details", &details_table, struct pi_result, details),
	LHK_FIELD_SUB ("usage", &usage_table, struct pi_result, usage),
};
LHK_FIELDS (result_table, struct pi_result, result_fields);

static const struct lhk_field line_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct pi_line, type),
	LHK_FIELD_SUB ("usage", &usage_table, struct pi_line, usage),
	LHK_FIELD_SUB ("assistantMessageEvent", &piece_table, struct pi_line,
		       piece),
	LHK_FIELD_SUB ("message", &message_table, struct pi_line, message),
	LHK_FIELD ("toolCallId", LHK_FIELD_TEXT, struct pi_line, call_id),
	LHK_FIELD ("toolName", LHK_FIELD_TEXT, struct pi_line, tool),
	LHK_FIELD ("args", LHK_FIELD_RAW, struct pi_line, args),
	LHK_FIELD_SUB ("partialResult", &result_table, struct pi_line, partial),
	LHK_FIELD_SUB ("result", &result_table, struct pi_line, result),
	LHK_FIELD ("isError", LHK_FIELD_BOOL, struct pi_line, is_error),
	LHK_FIELD ("durationMs", LHK_FIELD_INT, struct pi_line, duration),
	LHK_FIELD ("version", LHK_FIELD_INT, struct pi_line, version),
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct pi_line, id),
	LHK_FIELD ("timestamp", LHK_FIELD_TEXT, struct pi_line, timestamp),
	LHK_FIELD ("cwd", LHK_FIELD_TEXT, struct pi_line, cwd),
	LHK_FIELD ("messages", LHK_FIELD_RAW, struct pi_line, messages),
	LHK_FIELD ("willRetry", LHK_FIELD_BOOL, struct pi_line, will_retry),
	LHK_FIELD ("aborted", LHK_FIELD_BOOL, struct pi_line, aborted),
	LHK_FIELD ("attempt", LHK_FIELD_INT, struct pi_line, attempt),
	LHK_FIELD ("maxAttempts", LHK_FIELD_INT, struct pi_line, max_attempts),
	LHK_FIELD ("delayMs", LHK_FIELD_INT, struct pi_line, delay),
	LHK_FIELD ("errorMessage", LHK_FIELD_TEXT, struct pi_line, error),
};
LHK_FIELDS (line_table, struct pi_line, line_fields);

const struct lhk_fields *
pi_fields (void)
{
	return &line_table;
}

struct lhk_shapes *
pi_shapes (void)
{
	static const uint32_t holes[] = {
		(uint32_t) (offsetof (struct pi_line, piece)
			    + offsetof (struct pi_piece, delta)),
	};
	struct lhk_shapes *s;

	s = malloc (lhk_shapes_size ());
	if (s != NULL)
		lhk_shapes_init (s, &line_table, holes, ARRAY_SIZE (holes));
	return s;
}

int
pi_read (struct pi *p, const char *data, size_t len, struct pi_line *ret)
{
	int r;

	r = lhk_shape_line (p->shapes, data, len, ret);
	return r < 0 ? r : LHK_OK;
}
