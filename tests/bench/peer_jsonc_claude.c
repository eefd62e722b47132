/* SPDX-License-Identifier: MIT */
/*
 * peer_jsonc_claude.c - lines of Claude Code to events, with json-c.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "peer_jsonc.h"

static const char *
parent_of (struct json_object *line)
{
	const char *const parent = jsonc_word (line, "parent_tool_use_id");

	return parent[0] != '\0' ? parent : NULL;
}

static void
add_text_id (struct json_object *ev, const char *message, int block)
{
	char id[300];

	if (message[0] == '\0')
		return;
	snprintf (id, sizeof id, "%s:%d", message, block);
	jsonc_add_word (ev, "id", id);
}

static void
emit_delta (struct jsonc_state *s, struct json_object *line,
	    struct json_object *event)
{
	struct json_object *const delta = jsonc_get (event, "delta");
	const char *const type = jsonc_word (delta, "type");
	const int thought = strcmp (type, "thinking_delta") == 0;
	struct json_object *ev;

	if (!thought && strcmp (type, "text_delta") != 0)
		return;
	ev = jsonc_event ("text", parent_of (line));
	jsonc_add_word (ev, "role", thought ? "thought" : "assistant");
	add_text_id (ev, s->text_id, (int) jsonc_int (event, "index"));
	jsonc_copy (ev, "text", delta, thought ? "thinking" : "text",
		    json_type_string);
	jsonc_add (ev, "delta", json_object_new_boolean (1));
	jsonc_emit (ev);
}

static void
emit_call_usage (struct jsonc_state *s, struct json_object *line)
{
	struct json_object *const ev = jsonc_event ("usage", parent_of (line));

	jsonc_add_word (ev, "scope", "call");
	jsonc_add_word (ev, "id", s->text_id);
	jsonc_add_word (ev, "model", s->model);
	jsonc_add_int (ev, "input_tokens",
		       s->used[JSONC_INPUT] + s->used[JSONC_READ]
			       + s->used[JSONC_WRITE]);
	jsonc_add_int (ev, "output_tokens", s->used[JSONC_OUTPUT]);
	jsonc_add_int (ev, "cache_read_input_tokens", s->used[JSONC_READ]);
	jsonc_add_int (ev, "cache_creation_input_tokens", s->used[JSONC_WRITE]);
	jsonc_emit (ev);
}

static const char *const counts[JSONC_COUNTS] = {
	[JSONC_INPUT] = "input_tokens",
	[JSONC_OUTPUT] = "output_tokens",
	[JSONC_READ] = "cache_read_input_tokens",
	[JSONC_WRITE] = "cache_creation_input_tokens",
};

/* Usage is printed once for each message, and again when a number has grown. */
static void
take_usage (struct jsonc_state *s, struct json_object *line,
	    struct json_object *usage)
{
	int changed = !s->usage_said;
	int64_t value;
	int i;

	for (i = 0; i < JSONC_COUNTS; i++) {
		if (jsonc_get (usage, counts[i]) == NULL)
			continue;
		value = jsonc_int (usage, counts[i]);
		if (value <= s->used[i])
			continue;
		s->used[i] = value;
		changed = 1;
	}
	s->usage_said = 1;
	if (changed)
		emit_call_usage (s, line);
}

/* TEXT_ID is the id of the message, MODEL its model. */
static void
begin_message (struct jsonc_state *s, struct json_object *message)
{
	snprintf (s->text_id, sizeof s->text_id, "%s",
		  jsonc_word (message, "id"));
	snprintf (s->model, sizeof s->model, "%s",
		  jsonc_word (message, "model"));
	memset (s->used, 0, sizeof s->used);
	s->usage_said = 0;
	s->block = 0;
}

static void
stream_event (struct jsonc_state *s, struct json_object *line)
{
	struct json_object *const event = jsonc_get (line, "event");
	struct json_object *const message = jsonc_get (event, "message");
	const char *const type = jsonc_word (event, "type");

	if (strcmp (type, "content_block_delta") == 0) {
		emit_delta (s, line, event);
	} else if (strcmp (type, "content_block_start") == 0) {
		s->block = (int) jsonc_int (event, "index");
	} else if (strcmp (type, "message_start") == 0) {
		begin_message (s, message);
		take_usage (s, line, jsonc_get (message, "usage"));
	} else if (strcmp (type, "message_delta") == 0) {
		take_usage (s, line, jsonc_get (event, "usage"));
	}
}

static void
emit_block (struct jsonc_state *s, struct json_object *line,
	    struct json_object *block)
{
	const char *const type = jsonc_word (block, "type");
	const int thought = strcmp (type, "thinking") == 0;
	struct json_object *ev;

	if (strcmp (type, "tool_use") == 0) {
		ev = jsonc_event ("tool", parent_of (line));
		jsonc_copy (ev, "id", block, "id", json_type_string);
		jsonc_call (s, ev, jsonc_word (block, "name"), "in_progress",
			    jsonc_get (block, "input"));
		jsonc_emit (ev);
	} else if (thought || strcmp (type, "text") == 0) {
		ev = jsonc_event ("text", parent_of (line));
		jsonc_add_word (ev, "role", thought ? "thought" : "assistant");
		add_text_id (ev, s->text_id, s->block);
		jsonc_copy (ev, "text", block, thought ? "thinking" : "text",
			    json_type_string);
		jsonc_add (ev, "delta", json_object_new_boolean (0));
		jsonc_emit (ev);
	}
}

static void
assistant (struct jsonc_state *s, struct json_object *line)
{
	struct json_object *const message = jsonc_get (line, "message");
	struct json_object *const content = jsonc_get (message, "content");
	size_t i;

	if (strcmp (jsonc_word (message, "id"), s->text_id) != 0)
		begin_message (s, message);
	for (i = 0; i < json_object_array_length (content); i++)
		emit_block (s, line, json_object_array_get_idx (content, i));
	take_usage (s, line, jsonc_get (message, "usage"));
}

static void
user (struct jsonc_state *s, struct json_object *line)
{
	struct json_object *const content =
		jsonc_get (jsonc_get (line, "message"), "content");
	struct json_object *block, *ev;
	size_t i;

	for (i = 0; i < json_object_array_length (content); i++) {
		block = json_object_array_get_idx (content, i);
		if (strcmp (jsonc_word (block, "type"), "tool_result") != 0)
			continue;
		ev = jsonc_event ("tool", parent_of (line));
		jsonc_copy (ev, "id", block, "tool_use_id", json_type_string);
		jsonc_recall (s, ev, jsonc_word (block, "tool_use_id"));
		jsonc_add_word (
			ev, "status",
			json_object_get_boolean (jsonc_get (block, "is_error"))
				? "failed"
				: "completed");
		jsonc_copy (ev, "output", block, "content", json_type_string);
		jsonc_emit (ev);
	}
}

static void
init (struct jsonc_state *s, struct json_object *line)
{
	struct json_object *ev;

	(void) s;
	if (strcmp (jsonc_word (line, "subtype"), "init") != 0)
		return;
	ev = jsonc_event ("session", NULL);
	jsonc_add_word (ev, "provider", "claude");
	jsonc_copy (ev, "id", line, "session_id", json_type_string);
	jsonc_copy (ev, "model", line, "model", json_type_string);
	jsonc_copy (ev, "cwd", line, "cwd", json_type_string);
	jsonc_copy (ev, "agent_version", line, "claude_code_version",
		    json_type_string);
	jsonc_copy (ev, "tools", line, "tools", json_type_array);
	jsonc_emit (ev);
}

static void
emit_turn_usage (struct json_object *line, const char *model,
		 struct json_object *row)
{
	const int64_t read = jsonc_int (row, "cacheReadInputTokens");
	const int64_t write = jsonc_int (row, "cacheCreationInputTokens");
	struct json_object *const ev = jsonc_event ("usage", NULL);

	jsonc_add_word (ev, "scope", "turn");
	jsonc_copy (ev, "id", line, "uuid", json_type_string);
	jsonc_add_word (ev, "model", model);
	jsonc_add_int (ev, "input_tokens",
		       jsonc_int (row, "inputTokens") + read + write);
	jsonc_copy (ev, "output_tokens", row, "outputTokens", json_type_int);
	jsonc_add_int (ev, "cache_read_input_tokens", read);
	jsonc_add_int (ev, "cache_creation_input_tokens", write);
	jsonc_copy (ev, "cost_usd", row, "costUSD", json_type_double);
	jsonc_add_word (ev, "cost_source", "reported");
	jsonc_emit (ev);
}

static void
result (struct jsonc_state *s, struct json_object *line)
{
	struct json_object *const models =
		jsonc_get (line, "model_usage_since_last_result");
	struct json_object *ev;

	json_object_object_foreach (models, model, row)
	{
		emit_turn_usage (line, model, row);
	}
	ev = jsonc_event ("result", NULL);
	jsonc_add (ev, "final", json_object_new_boolean (0));
	jsonc_add_word (ev, "verdict",
			json_object_get_boolean (jsonc_get (line, "is_error"))
				? "failed"
				: "ok");
	jsonc_copy (ev, "stop_reason", line, "stop_reason", json_type_string);
	jsonc_copy (ev, "text", line, "result", json_type_string);
	jsonc_emit (ev);
	s->turn++;
}

static const struct {
	const char *type;
	jsonc_line_fn *fn;
} lines[] = {
	{ "stream_event", stream_event },
	{ "assistant", assistant },
	{ "user", user },
	{ "system", init },
	{ "result", result },
};

void
jsonc_claude (struct jsonc_state *s, struct json_object *line)
{
	const char *const type = jsonc_word (line, "type");
	size_t i;

	for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		if (strcmp (lines[i].type, type) == 0) {
			lines[i].fn (s, line);
			return;
		}
	}
}
