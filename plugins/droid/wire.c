/* SPDX-License-Identifier: MIT */
/* wire.c - the lines of `droid exec -o stream-json' as one struct. */
#include "config.h"

#include "droid/droid.h"

static const struct lhk_field error_fields[] = {
	LHK_FIELD ("message", LHK_FIELD_TEXT, struct droid_error, message),
};
LHK_FIELDS (error_table, struct droid_error, error_fields);

static const struct lhk_field usage_fields[] = {
	LHK_FIELD ("input_tokens", LHK_FIELD_INT, struct droid_usage, input),
	LHK_FIELD ("output_tokens", LHK_FIELD_INT, struct droid_usage, output),
	LHK_FIELD ("cache_read_input_tokens", LHK_FIELD_INT, struct droid_usage,
		   cache_read),
	LHK_FIELD ("cache_creation_input_tokens", LHK_FIELD_INT,
		   struct droid_usage, cache_write),
	LHK_FIELD ("factory_credits", LHK_FIELD_INT, struct droid_usage,
		   credits),
	LHK_FIELD ("thinking_tokens", LHK_FIELD_INT, struct droid_usage,
		   thinking),
};
LHK_FIELDS (usage_table, struct droid_usage, usage_fields);

static const struct lhk_field line_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct droid_line, type),
	LHK_FIELD ("role", LHK_FIELD_TEXT, struct droid_line, role),
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct droid_line, id),
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct droid_line, text),
	LHK_FIELD ("messageId", LHK_FIELD_TEXT, struct droid_line, message_id),
	LHK_FIELD ("toolId", LHK_FIELD_TEXT, struct droid_line, tool_id),
	LHK_FIELD ("toolName", LHK_FIELD_TEXT, struct droid_line, tool_name),
	LHK_FIELD ("parameters", LHK_FIELD_RAW, struct droid_line, parameters),
	LHK_FIELD ("isError", LHK_FIELD_BOOL, struct droid_line, is_error),
	LHK_FIELD ("value", LHK_FIELD_RAW, struct droid_line, value),
	LHK_FIELD_SUB ("error", &error_table, struct droid_line, error),
	LHK_FIELD ("timestamp", LHK_FIELD_INT, struct droid_line, timestamp),
	LHK_FIELD ("session_id", LHK_FIELD_TEXT, struct droid_line, session_id),
	LHK_FIELD ("source", LHK_FIELD_TEXT, struct droid_line, source),
	LHK_FIELD ("message", LHK_FIELD_TEXT, struct droid_line, message),
	LHK_FIELD ("finalText", LHK_FIELD_TEXT, struct droid_line, final_text),
	LHK_FIELD ("numTurns", LHK_FIELD_INT, struct droid_line, turns),
	LHK_FIELD_SUB ("usage", &usage_table, struct droid_line, usage),
	LHK_FIELD ("subtype", LHK_FIELD_TEXT, struct droid_line, subtype),
	LHK_FIELD ("cwd", LHK_FIELD_TEXT, struct droid_line, cwd),
	LHK_FIELD ("tools", LHK_FIELD_RAW, struct droid_line, tools),
	LHK_FIELD ("model", LHK_FIELD_TEXT, struct droid_line, model),
	LHK_FIELD ("reasoning_effort", LHK_FIELD_TEXT, struct droid_line,
		   effort),
	LHK_FIELD ("is_error", LHK_FIELD_BOOL, struct droid_line, failed),
	LHK_FIELD ("result", LHK_FIELD_TEXT, struct droid_line, result),
};
LHK_FIELDS (line_table, struct droid_line, line_fields);

const struct lhk_fields *
droid_fields (void)
{
	return &line_table;
}

int
droid_read (const char *data, size_t len, struct droid_line *ret)
{
	return lhk_json_line (data, len, &line_table, ret);
}
