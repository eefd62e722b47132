/* SPDX-License-Identifier: MIT */
/* parse.c - the tables of parse.h, keys in the order of the wire. */
#include "config.h"

#include "claude/parse.h"

#define TEXT(key, type, member) LHK_FIELD (key, LHK_FIELD_TEXT, type, member)
#define INT(key, type, member) LHK_FIELD (key, LHK_FIELD_INT, type, member)
#define BOOL(key, type, member) LHK_FIELD (key, LHK_FIELD_BOOL, type, member)
#define RAW(key, type, member) LHK_FIELD (key, LHK_FIELD_RAW, type, member)
#define SUB(key, table, type, member)                                          \
	LHK_FIELD_SUB (key, &(table), type, member)

#define HEAD(line)                                                             \
	TEXT ("type", line, head.type), TEXT ("subtype", line, head.subtype),  \
		TEXT ("session_id", line, head.session_id),                    \
		TEXT ("uuid", line, head.uuid),                                \
		TEXT ("parent_tool_use_id", line, head.parent)

static const struct lhk_field details_fields[] = {
	INT ("thinking_tokens", struct claude_details, thinking),
};
LHK_FIELDS (details_table, struct claude_details, details_fields);

static const struct lhk_field usage_fields[] = {
	INT ("input_tokens", struct claude_usage, input),
	INT ("cache_creation_input_tokens", struct claude_usage, cache_write),
	INT ("cache_read_input_tokens", struct claude_usage, cache_read),
	INT ("output_tokens", struct claude_usage, output),
	SUB ("output_tokens_details", details_table, struct claude_usage,
	     details),
};
LHK_FIELDS (usage_table, struct claude_usage, usage_fields);

static const struct lhk_field content_fields[] = {
	TEXT ("id", struct claude_message, id),
	TEXT ("model", struct claude_message, model),
	TEXT ("stop_reason", struct claude_message, stop_reason),
	RAW ("content", struct claude_message, content),
	SUB ("usage", usage_table, struct claude_message, usage),
};
LHK_FIELDS (content_table, struct claude_message, content_fields);

#define LINE struct claude_message_line
static const struct lhk_field message_fields[] = {
	HEAD (LINE),
	SUB ("message", content_table, LINE, message),
	RAW ("tool_use_result", LINE, result),
	RAW ("tool_result_meta", LINE, result_meta),
	BOOL ("isSynthetic", LINE, synthetic),
	BOOL ("isMeta", LINE, meta),
	RAW ("error", LINE, error),
	RAW ("api_error_status", LINE, error_status),
	RAW ("api_error_type", LINE, error_type),
};
LHK_FIELDS (message_table, LINE, message_fields);
#undef LINE

static const struct lhk_field delta_fields[] = {
	TEXT ("type", struct claude_delta, type),
	TEXT ("text", struct claude_delta, text),
	TEXT ("thinking", struct claude_delta, thinking),
	TEXT ("partial_json", struct claude_delta, json),
	TEXT ("stop_reason", struct claude_delta, stop_reason),
};
LHK_FIELDS (delta_table, struct claude_delta, delta_fields);

static const struct lhk_field start_fields[] = {
	TEXT ("id", struct claude_start, id),
	TEXT ("model", struct claude_start, model),
	SUB ("usage", usage_table, struct claude_start, usage),
};
LHK_FIELDS (start_table, struct claude_start, start_fields);

static const struct lhk_field api_error_fields[] = {
	TEXT ("type", struct claude_api_error, type),
	TEXT ("message", struct claude_api_error, message),
};
LHK_FIELDS (api_error_table, struct claude_api_error, api_error_fields);

static const struct lhk_field event_fields[] = {
	TEXT ("type", struct claude_event, type),
	INT ("index", struct claude_event, index),
	SUB ("delta", delta_table, struct claude_event, delta),
	SUB ("message", start_table, struct claude_event, message),
	SUB ("usage", usage_table, struct claude_event, usage),
	SUB ("error", api_error_table, struct claude_event, error),
};
LHK_FIELDS (event_table, struct claude_event, event_fields);

#define LINE struct claude_stream_line
static const struct lhk_field stream_fields[] = {
	TEXT ("type", LINE, head.type),
	SUB ("event", event_table, LINE, event),
	TEXT ("session_id", LINE, head.session_id),
	TEXT ("parent_tool_use_id", LINE, head.parent),
	TEXT ("uuid", LINE, head.uuid),
	TEXT ("api_message_id", LINE, message_id),
};
LHK_FIELDS (stream_table, LINE, stream_fields);

const uint32_t claude_stream_holes[LHK_SHAPE_HOLES] = {
	(uint32_t) offsetof (LINE, event.delta.text),
	(uint32_t) offsetof (LINE, event.delta.thinking),
	(uint32_t) offsetof (LINE, event.delta.json),
	(uint32_t) offsetof (LINE, head.uuid),
};
#undef LINE

#define LINE struct claude_system_line
static const struct lhk_field system_fields[] = {
	HEAD (LINE),
	TEXT ("cwd", LINE, cwd),
	RAW ("tools", LINE, tools),
	TEXT ("model", LINE, model),
	TEXT ("claude_code_version", LINE, version),
	TEXT ("status", LINE, status),
	TEXT ("message", LINE, message),
	TEXT ("content", LINE, content),
	TEXT ("description", LINE, description),
	TEXT ("summary", LINE, summary),
	TEXT ("tool_name", LINE, tool_name),
	RAW ("tool_use_id", LINE, tool_use_id),
	RAW ("task_id", LINE, task_id),
	RAW ("task_type", LINE, task_type),
	RAW ("tasks", LINE, tasks),
	RAW ("patch", LINE, patch),
	RAW ("usage", LINE, usage),
	RAW ("compact_metadata", LINE, compact),
	RAW ("error", LINE, error),
	RAW ("error_status", LINE, error_status),
	INT ("attempt", LINE, attempt),
	INT ("max_retries", LINE, max_retries),
	INT ("retry_delay_ms", LINE, delay_ms),
	TEXT ("hook_name", LINE, hook_name),
	TEXT ("outcome", LINE, outcome),
	TEXT ("stderr", LINE, error_output),
	BOOL ("is_backgrounded", LINE, background),
};
LHK_FIELDS (system_table, LINE, system_fields);
#undef LINE

static const struct lhk_field turn_usage_fields[] = {
	INT ("input_tokens", struct claude_model_usage, input),
	RAW ("cache_creation_input_tokens", struct claude_model_usage,
	     cache_write),
	RAW ("cache_read_input_tokens", struct claude_model_usage, cache_read),
	INT ("output_tokens", struct claude_model_usage, output),
	SUB ("output_tokens_details", details_table, struct claude_model_usage,
	     details),
};
LHK_FIELDS (turn_usage_table, struct claude_model_usage, turn_usage_fields);

#define LINE struct claude_result_line
static const struct lhk_field result_fields[] = {
	TEXT ("stop_reason", LINE, stop_reason),
	TEXT ("session_id", LINE, head.session_id),
	RAW ("total_cost_usd", LINE, cost),
	SUB ("usage", turn_usage_table, LINE, usage),
	RAW ("modelUsage", LINE, model_usage),
	RAW ("permission_denials", LINE, denials),
	TEXT ("terminal_reason", LINE, terminal_reason),
	RAW ("origin", LINE, origin),
	RAW ("structured_output", LINE, structured),
	RAW ("deferred_tool_use", LINE, deferred),
	RAW ("api_error_status", LINE, error_status),
	RAW ("api_error_type", LINE, error_type),
	BOOL ("is_error", LINE, is_error),
	TEXT ("subtype", LINE, head.subtype),
	RAW ("errors", LINE, errors),
	RAW ("error", LINE, error),
	RAW ("result", LINE, result),
	TEXT ("type", LINE, head.type),
	TEXT ("uuid", LINE, head.uuid),
	INT ("queued_turn_count", LINE, queued),
	RAW ("model_usage_since_last_result", LINE, since_last),
	TEXT ("parent_tool_use_id", LINE, head.parent),
};
LHK_FIELDS (result_table, LINE, result_fields);
#undef LINE

static const struct lhk_field request_fields[] = {
	TEXT ("subtype", struct claude_request, subtype),
	TEXT ("tool_name", struct claude_request, tool_name),
	TEXT ("tool_use_id", struct claude_request, tool_use_id),
	TEXT ("mcp_server_name", struct claude_request, server),
	TEXT ("message", struct claude_request, message),
	RAW ("input", struct claude_request, input),
};
LHK_FIELDS (request_table, struct claude_request, request_fields);

#define LINE struct claude_other_line
static const struct lhk_field other_fields[] = {
	HEAD (LINE),
	TEXT ("request_id", LINE, request_id),
	SUB ("request", request_table, LINE, request),
	RAW ("rate_limit_info", LINE, rate_limit),
	TEXT ("error", LINE, error),
};
LHK_FIELDS (other_table, LINE, other_fields);
#undef LINE

static const struct lhk_field block_fields[] = {
	TEXT ("type", struct claude_block, type),
	TEXT ("text", struct claude_block, text),
	TEXT ("thinking", struct claude_block, thinking),
	TEXT ("id", struct claude_block, id),
	TEXT ("name", struct claude_block, name),
	TEXT ("server_name", struct claude_block, server),
	RAW ("input", struct claude_block, input),
	TEXT ("tool_use_id", struct claude_block, tool_use_id),
	RAW ("content", struct claude_block, content),
	BOOL ("is_error", struct claude_block, is_error),
};
LHK_FIELDS (block_table, struct claude_block, block_fields);

static const struct lhk_field change_fields[] = {
	TEXT ("to", struct claude_change, to),
};
LHK_FIELDS (change_table, struct claude_change, change_fields);

static const struct lhk_field tool_result_fields[] = {
	BOOL ("interrupted", struct claude_tool_result, interrupted),
	INT ("exitCode", struct claude_tool_result, exit_code),
	TEXT ("persistedOutputPath", struct claude_tool_result, persisted),
	BOOL ("isAsync", struct claude_tool_result, async),
	TEXT ("status", struct claude_tool_result, status),
	TEXT ("taskId", struct claude_tool_result, task_id),
	RAW ("task", struct claude_tool_result, task),
	RAW ("tasks", struct claude_tool_result, tasks),
	SUB ("statusChange", change_table, struct claude_tool_result, change),
};
LHK_FIELDS (tool_result_table, struct claude_tool_result, tool_result_fields);

static const struct lhk_field permission_fields[] = {
	TEXT ("decision", struct claude_permission, decision),
};
LHK_FIELDS (permission_table, struct claude_permission, permission_fields);

static const struct lhk_field result_meta_fields[] = {
	TEXT ("id", struct claude_result_meta, id),
	TEXT ("non_execution_kind", struct claude_result_meta, kind),
	SUB ("permission_decision", permission_table, struct claude_result_meta,
	     permission),
};
LHK_FIELDS (result_meta_table, struct claude_result_meta, result_meta_fields);

static const struct lhk_field model_usage_fields[] = {
	INT ("inputTokens", struct claude_model_usage, input),
	INT ("outputTokens", struct claude_model_usage, output),
	RAW ("cacheReadInputTokens", struct claude_model_usage, cache_read),
	RAW ("cacheCreationInputTokens", struct claude_model_usage,
	     cache_write),
	RAW ("costUSD", struct claude_model_usage, cost),
	INT ("thinkingTokens", struct claude_model_usage, details.thinking),
};
LHK_FIELDS (model_usage_table, struct claude_model_usage, model_usage_fields);

static const struct lhk_field denial_fields[] = {
	TEXT ("tool_name", struct claude_denial, name),
	TEXT ("tool_use_id", struct claude_denial, id),
	RAW ("tool_input", struct claude_denial, input),
};
LHK_FIELDS (denial_table, struct claude_denial, denial_fields);

static const struct lhk_field small_fields[] = {
	TEXT ("type", struct claude_small, type),
	TEXT ("message", struct claude_small, message),
	RAW ("error", struct claude_small, error),
	TEXT ("id", struct claude_small, id),
	TEXT ("task_id", struct claude_small, task_id),
	TEXT ("subject", struct claude_small, subject),
	TEXT ("status", struct claude_small, status),
	INT ("end_time", struct claude_small, end_time),
	TEXT ("rateLimitType", struct claude_small, kind),
	RAW ("todos", struct claude_small, todos),
};
LHK_FIELDS (small_table, struct claude_small, small_fields);

const struct lhk_fields *
claude_table (int which)
{
	static const struct lhk_fields *const tables[CLAUDE_N_TABLES] = {
		[CLAUDE_MESSAGE] = &message_table,
		[CLAUDE_STREAM] = &stream_table,
		[CLAUDE_SYSTEM] = &system_table,
		[CLAUDE_RESULT] = &result_table,
		[CLAUDE_OTHER] = &other_table,
		[CLAUDE_BLOCK] = &block_table,
		[CLAUDE_TOOL_RESULT] = &tool_result_table,
		[CLAUDE_RESULT_META] = &result_meta_table,
		[CLAUDE_MODEL_USAGE] = &model_usage_table,
		[CLAUDE_DENIAL] = &denial_table,
		[CLAUDE_SMALL] = &small_table,
	};

	return tables[which];
}
