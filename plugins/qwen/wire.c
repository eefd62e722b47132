/* SPDX-License-Identifier: MIT */
/*
 * wire.c - the lines of `qwen --output-format stream-json' as structs.
 *
 * Nearly all lines are deltas that differ in their uuid and their text: these
 * are the holes of the line shapes.
 */
#include "config.h"

#include <stdlib.h>

#include "qwen/qwen.h"

#define TEXT(key, type, member) LHK_FIELD (key, LHK_FIELD_TEXT, type, member)
#define INT(key, type, member) LHK_FIELD (key, LHK_FIELD_INT, type, member)
#define BOOL(key, type, member) LHK_FIELD (key, LHK_FIELD_BOOL, type, member)
#define RAW(key, type, member) LHK_FIELD (key, LHK_FIELD_RAW, type, member)
#define SUB(key, table, type, member)                                          \
	LHK_FIELD_SUB (key, &(table), type, member)

static const struct lhk_field usage_fields[] = {
	INT ("input_tokens", struct qwen_usage, input),
	INT ("output_tokens", struct qwen_usage, output),
	INT ("cache_read_input_tokens", struct qwen_usage, cache_read),
	INT ("cache_creation_input_tokens", struct qwen_usage, cache_write),
	INT ("total_tokens", struct qwen_usage, total),
};
LHK_FIELDS (usage_table, struct qwen_usage, usage_fields);

static const struct lhk_field message_fields[] = {
	TEXT ("id", struct qwen_message, id),
	TEXT ("model", struct qwen_message, model),
	RAW ("content", struct qwen_message, content),
	SUB ("usage", usage_table, struct qwen_message, usage),
};
LHK_FIELDS (message_table, struct qwen_message, message_fields);

static const struct lhk_field delta_fields[] = {
	TEXT ("type", struct qwen_delta, type),
	TEXT ("text", struct qwen_delta, text),
	TEXT ("thinking", struct qwen_delta, thinking),
	TEXT ("partial_json", struct qwen_delta, json),
};
LHK_FIELDS (delta_table, struct qwen_delta, delta_fields);

static const struct lhk_field event_fields[] = {
	TEXT ("type", struct qwen_event, type),
	SUB ("delta", delta_table, struct qwen_event, delta),
	TEXT ("tool_use_id", struct qwen_event, tool_use_id),
	RAW ("content", struct qwen_event, content),
	RAW ("goal_state", struct qwen_event, goal_state),
};
LHK_FIELDS (event_table, struct qwen_event, event_fields);

static const struct lhk_field request_fields[] = {
	TEXT ("subtype", struct qwen_request, subtype),
	TEXT ("tool_name", struct qwen_request, tool_name),
	TEXT ("tool_use_id", struct qwen_request, tool_use_id),
	RAW ("input", struct qwen_request, input),
};
LHK_FIELDS (request_table, struct qwen_request, request_fields);

#define LINE struct qwen_line
static const struct lhk_field line_fields[] = {
	TEXT ("type", LINE, type),
	TEXT ("subtype", LINE, subtype),
	TEXT ("uuid", LINE, uuid),
	TEXT ("session_id", LINE, session_id),
	TEXT ("parent_tool_use_id", LINE, parent),
	SUB ("event", event_table, LINE, event),
	SUB ("message", message_table, LINE, message),
	RAW ("data", LINE, data),
	TEXT ("cwd", LINE, cwd),
	RAW ("tools", LINE, tools),
	TEXT ("model", LINE, model),
	TEXT ("qwen_code_version", LINE, version),
	BOOL ("is_error", LINE, is_error),
	INT ("duration_ms", LINE, duration_ms),
	INT ("duration_api_ms", LINE, duration_api_ms),
	TEXT ("result", LINE, result),
	SUB ("usage", usage_table, LINE, usage),
	RAW ("permission_denials", LINE, denials),
	RAW ("structured_result", LINE, structured),
	RAW ("error", LINE, error),
	RAW ("total_cost_usd", LINE, cost),
	TEXT ("request_id", LINE, request_id),
	SUB ("request", request_table, LINE, request),
};
LHK_FIELDS (line_table, LINE, line_fields);
#undef LINE

static const struct lhk_field block_fields[] = {
	TEXT ("type", struct qwen_block, type),
	TEXT ("text", struct qwen_block, text),
	TEXT ("thinking", struct qwen_block, thinking),
	TEXT ("id", struct qwen_block, id),
	TEXT ("name", struct qwen_block, name),
	RAW ("input", struct qwen_block, input),
	TEXT ("tool_use_id", struct qwen_block, tool_use_id),
	BOOL ("is_error", struct qwen_block, is_error),
	RAW ("content", struct qwen_block, content),
};
LHK_FIELDS (block_table, struct qwen_block, block_fields);

static const struct lhk_field data_fields[] = {
	INT ("attempt", struct qwen_data, attempt),
	INT ("maxRetries", struct qwen_data, max_retries),
	INT ("delayMs", struct qwen_data, delay_ms),
	RAW ("discardedToolCalls", struct qwen_data, discarded),
	BOOL ("preserveText", struct qwen_data, preserve_text),
	RAW ("task_id", struct qwen_data, task_id),
	RAW ("tool_use_id", struct qwen_data, tool_use_id),
	TEXT ("description", struct qwen_data, description),
	RAW ("subagent_type", struct qwen_data, subagent_type),
	TEXT ("status", struct qwen_data, status),
	RAW ("usage", struct qwen_data, usage),
	TEXT ("toModel", struct qwen_data, to_model),
	TEXT ("error", struct qwen_data, error),
};
LHK_FIELDS (data_table, struct qwen_data, data_fields);

static const struct lhk_field small_fields[] = {
	TEXT ("type", struct qwen_small, type),
	TEXT ("message", struct qwen_small, message),
	TEXT ("tool_name", struct qwen_small, tool_name),
	TEXT ("tool_use_id", struct qwen_small, tool_use_id),
	RAW ("tool_input", struct qwen_small, tool_input),
	RAW ("todos", struct qwen_small, todos),
};
LHK_FIELDS (small_table, struct qwen_small, small_fields);

const struct lhk_fields *
qwen_table (int which)
{
	static const struct lhk_fields *const tables[QWEN_N_TABLES] = {
		[QWEN_LINE] = &line_table,
		[QWEN_BLOCK] = &block_table,
		[QWEN_DATA] = &data_table,
		[QWEN_SMALL] = &small_table,
	};

	return tables[which];
}

int
qwen_object (const struct lhk_raw *raw, int which, void *ret)
{
	const struct lhk_fields *table = qwen_table (which);

	if (raw->type == LHK_JSON_OBJECT
	    && lhk_json_raw_object (raw, table, ret) == LHK_OK)
		return 1;
	memset (ret, 0, table->size);
	return 0;
}

int
qwen_next (struct lhk_json *j, int which, void *ret)
{
	struct lhk_raw raw;

	while (lhk_json_element (j) && lhk_json_raw (j, &raw))
		if (qwen_object (&raw, which, ret))
			return 1;
	return 0;
}

struct lhk_shapes *
qwen_shapes (void)
{
	static const uint32_t holes[LHK_SHAPE_HOLES] = {
		(uint32_t) offsetof (struct qwen_line, uuid),
		(uint32_t) offsetof (struct qwen_line, event.delta.text),
		(uint32_t) offsetof (struct qwen_line, event.delta.thinking),
		(uint32_t) offsetof (struct qwen_line, event.delta.json),
	};
	struct lhk_shapes *s = malloc (lhk_shapes_size ());

	if (s != NULL)
		lhk_shapes_init (s, &line_table, holes, ARRAY_SIZE (holes));
	return s;
}
