/* SPDX-License-Identifier: MIT */
/*
 * peer_jsonc_codex.c - lines of Codex and of Gemini to events, with json-c.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "peer_jsonc.h"

static void
codex_text (struct json_object *item, const char *role)
{
	struct json_object *const ev = jsonc_event ("text", NULL);

	jsonc_add_word (ev, "role", role);
	jsonc_copy (ev, "id", item, "id", json_type_string);
	jsonc_copy (ev, "text", item, "text", json_type_string);
	jsonc_add (ev, "delta", json_object_new_boolean (0));
	jsonc_emit (ev);
}

static void
codex_command (struct json_object *item)
{
	struct json_object *const ev = jsonc_event ("tool", NULL);
	struct json_object *const command = jsonc_get (item, "command");
	struct json_object *const input = json_object_new_object ();

	jsonc_copy (ev, "id", item, "id", json_type_string);
	jsonc_add_word (ev, "name", "command_execution");
	jsonc_add_word (ev, "type", "execute");
	jsonc_copy (ev, "status", item, "status", json_type_string);
	jsonc_copy (ev, "brief", item, "command", json_type_string);
	jsonc_add (input, "command", json_object_get (command));
	jsonc_add (ev, "input", input);
	if (strcmp (jsonc_word (item, "status"), "in_progress") != 0)
		jsonc_copy (ev, "output", item, "aggregated_output",
			    json_type_string);
	jsonc_copy (ev, "exit_code", item, "exit_code", json_type_int);
	jsonc_emit (ev);
}

static void
codex_turn (struct jsonc_state *s, struct json_object *line)
{
	struct json_object *const u = jsonc_get (line, "usage");
	struct json_object *ev = jsonc_event ("usage", NULL);

	jsonc_add_word (ev, "scope", "session");
	jsonc_copy (ev, "input_tokens", u, "input_tokens", json_type_int);
	jsonc_copy (ev, "output_tokens", u, "output_tokens", json_type_int);
	jsonc_copy (ev, "cache_read_input_tokens", u, "cached_input_tokens",
		    json_type_int);
	jsonc_copy (ev, "cache_creation_input_tokens", u,
		    "cache_write_input_tokens", json_type_int);
	jsonc_copy (ev, "reasoning_output_tokens", u, "reasoning_output_tokens",
		    json_type_int);
	jsonc_emit (ev);

	ev = jsonc_event ("result", NULL);
	jsonc_add (ev, "final", json_object_new_boolean (0));
	jsonc_add_word (ev, "verdict", "ok");
	jsonc_emit (ev);
	s->turn++;
}

void
jsonc_codex (struct jsonc_state *s, struct json_object *line)
{
	const char *const type = jsonc_word (line, "type");
	struct json_object *const item = jsonc_get (line, "item");
	const char *const kind = jsonc_word (item, "type");
	struct json_object *ev;

	if (strcmp (kind, "command_execution") == 0) {
		codex_command (item);
	} else if (strcmp (type, "item.completed") == 0) {
		if (strcmp (kind, "agent_message") == 0)
			codex_text (item, "assistant");
		else if (strcmp (kind, "reasoning") == 0)
			codex_text (item, "thought");
	} else if (strcmp (type, "turn.completed") == 0) {
		codex_turn (s, line);
	} else if (strcmp (type, "thread.started") == 0 && !s->said_session) {
		s->said_session = 1;
		ev = jsonc_event ("session", NULL);
		jsonc_add_word (ev, "provider", "codex");
		jsonc_copy (ev, "id", line, "thread_id", json_type_string);
		jsonc_emit (ev);
	}
}

static void
gemini_message (struct jsonc_state *s, struct json_object *line)
{
	const char *const role = jsonc_word (line, "role");
	const int delta = json_object_get_boolean (jsonc_get (line, "delta"));
	const int assistant = strcmp (role, "assistant") == 0;
	struct json_object *const ev = jsonc_event ("text", NULL);

	if (assistant && !(delta && s->in_text))
		snprintf (s->text_id, sizeof s->text_id, "m%u", ++s->n_texts);
	s->in_text = assistant && delta;
	jsonc_add_word (ev, "role", role);
	if (assistant)
		jsonc_add_word (ev, "id", s->text_id);
	jsonc_copy (ev, "text", line, "content", json_type_string);
	jsonc_add (ev, "delta", json_object_new_boolean (delta));
	jsonc_emit (ev);
}

static void
gemini_tool_result (struct jsonc_state *s, struct json_object *line)
{
	struct json_object *const ev = jsonc_event ("tool", NULL);
	const char *const status = jsonc_word (line, "status");

	jsonc_copy (ev, "id", line, "tool_id", json_type_string);
	jsonc_recall (s, ev, jsonc_word (line, "tool_id"));
	jsonc_add_word (ev, "status",
			strcmp (status, "success") == 0 ? "completed"
							: "failed");
	jsonc_copy (ev, "output", line, "output", json_type_string);
	jsonc_emit (ev);
}

static void
gemini_result (struct jsonc_state *s, struct json_object *line)
{
	struct json_object *const models =
		jsonc_get (jsonc_get (line, "stats"), "models");
	struct json_object *ev;

	json_object_object_foreach (models, model, row)
	{
		const int64_t in = jsonc_int (row, "input_tokens");
		const int64_t out = jsonc_int (row, "output_tokens");
		const int64_t all = jsonc_int (row, "total_tokens");

		ev = jsonc_event ("usage", NULL);
		jsonc_add_word (ev, "scope", "run");
		jsonc_add_word (ev, "model", model);
		jsonc_add_int (ev, "input_tokens", in);
		jsonc_add_int (ev, "output_tokens", all - in);
		jsonc_copy (ev, "cache_read_input_tokens", row, "cached",
			    json_type_int);
		if (all - in > out)
			jsonc_add_int (ev, "reasoning_output_tokens",
				       all - in - out);
		jsonc_emit (ev);
	}
	ev = jsonc_event ("result", NULL);
	jsonc_add (ev, "final", json_object_new_boolean (0));
	jsonc_add_word (ev, "verdict",
			strcmp (jsonc_word (line, "status"), "success") == 0
				? "ok"
				: "failed");
	jsonc_emit (ev);
	s->turn++;
}

void
jsonc_gemini (struct jsonc_state *s, struct json_object *line)
{
	const char *const type = jsonc_word (line, "type");
	struct json_object *ev;

	if (strcmp (type, "message") == 0) {
		gemini_message (s, line);
		return;
	}
	s->in_text = 0;
	if (strcmp (type, "tool_use") == 0) {
		ev = jsonc_event ("tool", NULL);
		jsonc_copy (ev, "id", line, "tool_id", json_type_string);
		jsonc_call (s, ev, jsonc_word (line, "tool_name"),
			    "in_progress", jsonc_get (line, "parameters"));
		jsonc_emit (ev);
	} else if (strcmp (type, "tool_result") == 0) {
		gemini_tool_result (s, line);
	} else if (strcmp (type, "init") == 0 && !s->said_session) {
		s->said_session = 1;
		ev = jsonc_event ("session", NULL);
		jsonc_add_word (ev, "provider", "gemini");
		jsonc_copy (ev, "id", line, "session_id", json_type_string);
		jsonc_copy (ev, "model", line, "model", json_type_string);
		jsonc_emit (ev);
	} else if (strcmp (type, "result") == 0) {
		gemini_result (s, line);
	}
}
