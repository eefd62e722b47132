/* SPDX-License-Identifier: MIT */
/*
 * wire.c - the lines of `copilot --output-format json' as one struct.
 *
 * Nearly all lines are deltas that differ in their words, their id and their
 * time: these are the holes of the line shapes.
 */
#include "config.h"

#include <stdlib.h>

#include "copilot/copilot.h"

#define DATA struct copilot_data
#define TEXT(key, type, member) LHK_FIELD (key, LHK_FIELD_TEXT, type, member)
#define RAW(key, type, member) LHK_FIELD (key, LHK_FIELD_RAW, type, member)
#define INT(key, type, member) LHK_FIELD (key, LHK_FIELD_INT, type, member)
#define BOOL(key, type, member) LHK_FIELD (key, LHK_FIELD_BOOL, type, member)

static const struct lhk_field result_fields[] = {
	TEXT ("content", struct copilot_result, content),
};
LHK_FIELDS (result_table, struct copilot_result, result_fields);

static const struct lhk_field shell_fields[] = {
	INT ("exitCode", struct copilot_shell, exit_code),
};
LHK_FIELDS (shell_table, struct copilot_shell, shell_fields);

static const struct lhk_field context_fields[] = {
	TEXT ("cwd", struct copilot_context, cwd),
};
LHK_FIELDS (context_table, struct copilot_context, context_fields);

static const struct lhk_field data_fields[] = {
	TEXT ("messageId", DATA, message_id),
	TEXT ("reasoningId", DATA, reasoning_id),
	TEXT ("deltaContent", DATA, delta),
	TEXT ("toolCallId", DATA, call_id),
	TEXT ("toolName", DATA, name),
	TEXT ("inputDelta", DATA, input_delta),
	TEXT ("partialOutput", DATA, partial),
	RAW ("arguments", DATA, arguments),
	TEXT ("model", DATA, model),
	TEXT ("content", DATA, content),
	RAW ("toolRequests", DATA, requests),
	TEXT ("reasoningText", DATA, reasoning),
	TEXT ("source", DATA, source),
	BOOL ("isAutopilotContinuation", DATA, continuation),
	TEXT ("mcpServerName", DATA, server),
	LHK_FIELD_SUB ("shellExecution", &shell_table, DATA, shell),
	RAW ("fileEdits", DATA, edits),
	BOOL ("success", DATA, success),
	RAW ("error", DATA, error),
	LHK_FIELD_SUB ("result", &result_table, DATA, result),
	TEXT ("parentToolCallId", DATA, parent_call),
	RAW ("statusCode", DATA, status_code),
	TEXT ("errorMessage", DATA, error_message),
	TEXT ("outcome", DATA, outcome),
	TEXT ("reason", DATA, reason),
	TEXT ("infoType", DATA, info_type),
	TEXT ("errorType", DATA, error_type),
	TEXT ("message", DATA, message),
	BOOL ("aborted", DATA, aborted),
	RAW ("toolCallIds", DATA, call_ids),
	TEXT ("agentName", DATA, agent_name),
	TEXT ("agentDescription", DATA, agent_description),
	TEXT ("executionMode", DATA, execution_mode),
	TEXT ("sessionId", DATA, session_id),
	TEXT ("copilotVersion", DATA, version),
	TEXT ("selectedModel", DATA, selected_model),
	TEXT ("newModel", DATA, new_model),
	LHK_FIELD_SUB ("context", &context_table, DATA, context),
};
LHK_FIELDS (data_table, DATA, data_fields);

#define LINE struct copilot_line
static const struct lhk_field line_fields[] = {
	TEXT ("type", LINE, type),
	LHK_FIELD_SUB ("data", &data_table, LINE, data),
	TEXT ("id", LINE, id),
	TEXT ("timestamp", LINE, timestamp),
	RAW ("parentId", LINE, parent_id),
	TEXT ("agentId", LINE, agent_id),
	TEXT ("sessionId", LINE, session_id),
	INT ("exitCode", LINE, exit_code),
	RAW ("usage", LINE, usage),
};
LHK_FIELDS (line_table, LINE, line_fields);

const struct lhk_fields *
copilot_fields (void)
{
	return &line_table;
}

struct lhk_shapes *
copilot_shapes (void)
{
	static const uint32_t holes[LHK_SHAPE_HOLES] = {
		(uint32_t) offsetof (LINE, data.delta),
		(uint32_t) offsetof (LINE, data.input_delta),
		(uint32_t) offsetof (LINE, id),
		(uint32_t) offsetof (LINE, timestamp),
	};
	struct lhk_shapes *s;

	s = malloc (lhk_shapes_size ());
	if (s != NULL)
		lhk_shapes_init (s, &line_table, holes, LHK_SHAPE_HOLES);
	return s;
}

int
copilot_read (struct copilot *o, const char *data, size_t len,
	      struct copilot_line *ret)
{
	int r;

	r = lhk_shape_line (o->shapes, data, len, ret);
	return r < 0 ? r : LHK_OK;
}

struct whole {
	struct lhk_raw data;
};

static const struct lhk_field whole_fields[] = {
	RAW ("data", struct whole, data),
};
LHK_FIELDS (whole_table, struct whole, whole_fields);

void
copilot_data (const struct copilot *o, struct lhk_raw *ret)
{
	struct whole whole;

	memset (ret, 0, sizeof (*ret));
	if (lhk_json_line (o->line->data, o->line->len, &whole_table, &whole)
		    == LHK_OK
	    && whole.data.type == LHK_JSON_OBJECT)
		*ret = whole.data;
}

static const struct lhk_field error_fields[] = {
	TEXT ("message", struct copilot_error, message),
	TEXT ("code", struct copilot_error, code),
};
LHK_FIELDS (error_table, struct copilot_error, error_fields);

void
copilot_error (const struct lhk_raw *raw, struct copilot_error *ret)
{
	if (raw->type == LHK_JSON_OBJECT
	    && lhk_json_raw_object (raw, &error_table, ret) == LHK_OK)
		return;
	memset (ret, 0, sizeof (*ret));
	if (raw->type == LHK_JSON_STRING)
		lhk_raw_text (raw, &ret->message);
}
