/* SPDX-License-Identifier: MIT */
/*
 * wire.c - the lines of `codex exec --json' as one struct.
 *
 * Key order is free and unknown keys are ignored.  Of duplicate keys the last
 * counts, but of an item's `id' the first: a web search item says it twice,
 * and the first is the one that its other lines and the item list use.
 */
#include "config.h"

#include "codex/codex.h"

static const struct lhk_field item_fields[] = {
	{ "id", 2, LHK_FIELD_TEXT, LHK_FIELD_FIRST,
	  (uint32_t) offsetof (struct codex_item, id), 0, NULL },
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct codex_item, type),
	LHK_FIELD ("command", LHK_FIELD_TEXT, struct codex_item, command),
	LHK_FIELD ("aggregated_output", LHK_FIELD_TEXT, struct codex_item,
		   aggregated_output),
	LHK_FIELD ("exit_code", LHK_FIELD_INT, struct codex_item, exit_code),
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct codex_item, text),
	LHK_FIELD ("changes", LHK_FIELD_RAW, struct codex_item, changes),
	LHK_FIELD ("server", LHK_FIELD_TEXT, struct codex_item, server),
	LHK_FIELD ("tool", LHK_FIELD_TEXT, struct codex_item, tool),
	LHK_FIELD ("arguments", LHK_FIELD_RAW, struct codex_item, arguments),
	LHK_FIELD ("result", LHK_FIELD_RAW, struct codex_item, result),
	LHK_FIELD ("error", LHK_FIELD_RAW, struct codex_item, error),
	LHK_FIELD ("query", LHK_FIELD_TEXT, struct codex_item, query),
	LHK_FIELD ("action", LHK_FIELD_RAW, struct codex_item, action),
	LHK_FIELD ("sender_thread_id", LHK_FIELD_TEXT, struct codex_item,
		   sender_thread_id),
	LHK_FIELD ("receiver_thread_ids", LHK_FIELD_RAW, struct codex_item,
		   receiver_thread_ids),
	LHK_FIELD ("prompt", LHK_FIELD_TEXT, struct codex_item, prompt),
	LHK_FIELD ("agents_states", LHK_FIELD_RAW, struct codex_item,
		   agents_states),
	LHK_FIELD ("status", LHK_FIELD_TEXT, struct codex_item, status),
	LHK_FIELD ("message", LHK_FIELD_TEXT, struct codex_item, message),
	LHK_FIELD ("items", LHK_FIELD_RAW, struct codex_item, items),
	LHK_FIELD ("item_type", LHK_FIELD_TEXT, struct codex_item, item_type),
	LHK_FIELD ("name", LHK_FIELD_TEXT, struct codex_item, name),
};
LHK_FIELDS (item_table, struct codex_item, item_fields);

static const struct lhk_field usage_fields[] = {
	LHK_FIELD ("input_tokens", LHK_FIELD_INT, struct codex_usage,
		   input_tokens),
	LHK_FIELD ("cached_input_tokens", LHK_FIELD_INT, struct codex_usage,
		   cached_input_tokens),
	LHK_FIELD ("cache_write_input_tokens", LHK_FIELD_INT,
		   struct codex_usage, cache_write_input_tokens),
	LHK_FIELD ("output_tokens", LHK_FIELD_INT, struct codex_usage,
		   output_tokens),
	LHK_FIELD ("reasoning_output_tokens", LHK_FIELD_INT, struct codex_usage,
		   reasoning_output_tokens),
};
LHK_FIELDS (usage_table, struct codex_usage, usage_fields);

static const struct lhk_field line_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct codex_line, type),
	LHK_FIELD_SUB ("item", &item_table, struct codex_line, item),
	LHK_FIELD ("thread_id", LHK_FIELD_TEXT, struct codex_line, thread_id),
	LHK_FIELD_SUB ("usage", &usage_table, struct codex_line, usage),
	LHK_FIELD ("message", LHK_FIELD_TEXT, struct codex_line, message),
	LHK_FIELD ("error", LHK_FIELD_RAW, struct codex_line, error),
	LHK_FIELD ("item_id", LHK_FIELD_TEXT, struct codex_line, item_id),
	LHK_FIELD ("delta", LHK_FIELD_TEXT, struct codex_line, delta),
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct codex_line, id),
	LHK_FIELD ("call_id", LHK_FIELD_TEXT, struct codex_line, call_id),
	LHK_FIELD ("questions", LHK_FIELD_RAW, struct codex_line, questions),
	LHK_FIELD ("session_id", LHK_FIELD_TEXT, struct codex_line, session_id),
};
LHK_FIELDS (line_table, struct codex_line, line_fields);

struct error {
	struct lhk_text message;
};

static const struct lhk_field error_fields[] = {
	LHK_FIELD ("message", LHK_FIELD_TEXT, struct error, message),
};
LHK_FIELDS (error_table, struct error, error_fields);

const struct lhk_fields *
codex_fields (void)
{
	return &line_table;
}

int
codex_read (const char *data, size_t len, struct codex_line *ret)
{
	return lhk_json_line (data, len, &line_table, ret);
}

void
codex_error_text (const struct lhk_raw *error, struct lhk_text *ret)
{
	struct error e;

	memset (ret, 0, sizeof (*ret));
	if (error->type == LHK_JSON_STRING)
		lhk_raw_text (error, ret);
	else if (error->type == LHK_JSON_OBJECT
		 && lhk_json_raw_object (error, &error_table, &e) == LHK_OK)
		*ret = e.message;
}
