/* SPDX-License-Identifier: MIT */
/* wire.c - the lines of `opencode run --format json' as one struct. */
#include "config.h"

#include "opencode/opencode.h"

static const struct lhk_field cache_fields[] = {
	LHK_FIELD ("read", LHK_FIELD_INT, struct opencode_cache, read),
	LHK_FIELD ("write", LHK_FIELD_INT, struct opencode_cache, write),
};
LHK_FIELDS (cache_table, struct opencode_cache, cache_fields);

static const struct lhk_field tokens_fields[] = {
	LHK_FIELD ("input", LHK_FIELD_INT, struct opencode_tokens, input),
	LHK_FIELD ("output", LHK_FIELD_INT, struct opencode_tokens, output),
	LHK_FIELD ("reasoning", LHK_FIELD_INT, struct opencode_tokens,
		   reasoning),
	LHK_FIELD_SUB ("cache", &cache_table, struct opencode_tokens, cache),
};
LHK_FIELDS (tokens_table, struct opencode_tokens, tokens_fields);

static const struct lhk_field own_fields[] = {
	LHK_FIELD ("exit", LHK_FIELD_INT, struct opencode_own, exit),
	LHK_FIELD ("truncated", LHK_FIELD_BOOL, struct opencode_own, truncated),
	LHK_FIELD ("interrupted", LHK_FIELD_BOOL, struct opencode_own,
		   interrupted),
};
LHK_FIELDS (own_table, struct opencode_own, own_fields);

static const struct lhk_field metadata_fields[] = {
	LHK_FIELD ("exit", LHK_FIELD_INT, struct opencode_metadata, exit),
	LHK_FIELD ("truncated", LHK_FIELD_BOOL, struct opencode_metadata,
		   truncated),
	LHK_FIELD ("interrupted", LHK_FIELD_BOOL, struct opencode_metadata,
		   interrupted),
	LHK_FIELD ("compaction_continue", LHK_FIELD_BOOL,
		   struct opencode_metadata, compaction_continue),
	LHK_FIELD_SUB ("metadata", &own_table, struct opencode_metadata, own),
};
LHK_FIELDS (metadata_table, struct opencode_metadata, metadata_fields);

static const struct lhk_field state_fields[] = {
	LHK_FIELD ("status", LHK_FIELD_TEXT, struct opencode_state, status),
	LHK_FIELD ("input", LHK_FIELD_RAW, struct opencode_state, input),
	LHK_FIELD ("output", LHK_FIELD_TEXT, struct opencode_state, output),
	LHK_FIELD_SUB ("metadata", &metadata_table, struct opencode_state,
		       metadata),
	LHK_FIELD ("title", LHK_FIELD_TEXT, struct opencode_state, title),
	LHK_FIELD ("error", LHK_FIELD_RAW, struct opencode_state, error),
};
LHK_FIELDS (state_table, struct opencode_state, state_fields);

static const struct lhk_field part_fields[] = {
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct opencode_part, id),
	LHK_FIELD ("messageID", LHK_FIELD_TEXT, struct opencode_part,
		   message_id),
	LHK_FIELD ("tool", LHK_FIELD_TEXT, struct opencode_part, tool),
	LHK_FIELD ("callID", LHK_FIELD_TEXT, struct opencode_part, call_id),
	LHK_FIELD_SUB ("state", &state_table, struct opencode_part, state),
	LHK_FIELD ("reason", LHK_FIELD_TEXT, struct opencode_part, reason),
	LHK_FIELD_SUB ("metadata", &metadata_table, struct opencode_part,
		       metadata),
	LHK_FIELD ("synthetic", LHK_FIELD_BOOL, struct opencode_part,
		   synthetic),
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct opencode_part, text),
	LHK_FIELD_SUB ("tokens", &tokens_table, struct opencode_part, tokens),
	LHK_FIELD ("cost", LHK_FIELD_RAW, struct opencode_part, cost),
	LHK_FIELD ("name", LHK_FIELD_TEXT, struct opencode_part, name),
	LHK_FIELD ("input", LHK_FIELD_RAW, struct opencode_part, input),
};
LHK_FIELDS (part_table, struct opencode_part, part_fields);

static const struct lhk_field line_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct opencode_line, type),
	LHK_FIELD ("timestamp", LHK_FIELD_INT, struct opencode_line, timestamp),
	LHK_FIELD ("sessionID", LHK_FIELD_TEXT, struct opencode_line,
		   session_id),
	LHK_FIELD_SUB ("part", &part_table, struct opencode_line, part),
	LHK_FIELD ("error", LHK_FIELD_RAW, struct opencode_line, error),
	LHK_FIELD ("reason", LHK_FIELD_TEXT, struct opencode_line, reason),
	LHK_FIELD ("rejected", LHK_FIELD_RAW, struct opencode_line, rejected),
};
LHK_FIELDS (line_table, struct opencode_line, line_fields);

struct data {
	struct lhk_text message;
};

static const struct lhk_field data_fields[] = {
	LHK_FIELD ("message", LHK_FIELD_TEXT, struct data, message),
};
LHK_FIELDS (data_table, struct data, data_fields);

struct error {
	struct lhk_text name;
	struct lhk_text type; /* the name, since version 2 */
	struct lhk_text message;
	struct data data;
};

static const struct lhk_field error_fields[] = {
	LHK_FIELD ("name", LHK_FIELD_TEXT, struct error, name),
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct error, type),
	LHK_FIELD_SUB ("data", &data_table, struct error, data),
	LHK_FIELD ("message", LHK_FIELD_TEXT, struct error, message),
};
LHK_FIELDS (error_table, struct error, error_fields);

const struct lhk_fields *
opencode_fields (void)
{
	return &line_table;
}

int
opencode_read (const char *data, size_t len, struct opencode_line *ret)
{
	return lhk_json_line (data, len, &line_table, ret);
}

void
opencode_error (const struct lhk_raw *raw, struct opencode_error *ret)
{
	struct error e;

	memset (ret, 0, sizeof (*ret));
	if (raw->type == LHK_JSON_STRING)
		lhk_raw_text (raw, &ret->message);
	if (raw->type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (raw, &error_table, &e) != LHK_OK)
		return;
	ret->name = text_empty (&e.name) ? e.type : e.name;
	ret->message = e.data.message;
	if (ret->message.ptr == NULL)
		ret->message = e.message;
	if (ret->message.ptr == NULL)
		ret->message = ret->name;
}
