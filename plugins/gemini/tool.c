/* SPDX-License-Identifier: MIT */
/*
 * tool.c - tool calls and their results.
 *
 * A result names its call by id alone, so name and type are remembered.  The
 * program says "success" of a command whatever its exit status; it shows the
 * status only when the command printed nothing, or in debug mode.
 */
#include "config.h"

#include <stdio.h>

#include "common/plan.h"
#include "common/refused.h"
#include "common/shell_result.h"
#include "gemini/gemini.h"

/* Names that only this program has; the rest is in tool_type_of. */
static const struct tool_type types[] = {
	{ "activate_skill", LHK_TYPE_READ },
	{ "ask_user", LHK_TYPE_OTHER },
	{ "complete_task", LHK_TYPE_THINK },
	{ "delegate_to_agent", LHK_TYPE_THINK },
	{ "enter_plan_mode", LHK_TYPE_THINK },
	{ "exit_plan_mode", LHK_TYPE_THINK },
	{ "get_internal_docs", LHK_TYPE_READ },
	{ "invoke_agent", LHK_TYPE_THINK },
	{ "update_topic", LHK_TYPE_THINK },
};

static int
type_of (const struct lhk_text *name)
{
	return tool_type_among (name, types, ARRAY_SIZE (types));
}

/* mcp_SERVER_TOOL, where the name of a server has no underscore; an older
 * form has two of them between the parts. */
static void
server_of (const struct lhk_text *name, struct lhk_text *ret)
{
	static const char prefix[] = "mcp_";
	struct lhk_text tool;
	const char *end;

	memset (ret, 0, sizeof (*ret));
	if (tool_mcp_split (name, ret, &tool) || !text_begins (name, prefix)
	    || memcmp (name->ptr, prefix, sizeof (prefix) - 1) != 0)
		return;
	*ret = *name;
	ret->ptr += sizeof (prefix) - 1;
	ret->len -= sizeof (prefix) - 1;
	end = memchr (ret->ptr, '_', ret->len);
	if (end == NULL || end == ret->ptr)
		memset (ret, 0, sizeof (*ret));
	else
		ret->len = (size_t) (end - ret->ptr);
}

struct todos {
	struct lhk_raw todos;
};

static const struct lhk_field todos_fields[] = {
	LHK_FIELD ("todos", LHK_FIELD_RAW, struct todos, todos),
};
LHK_FIELDS (todos_table, struct todos, todos_fields);

static int
plan_of (struct gemini *g, const struct lhk_text *name,
	 const struct lhk_raw *input)
{
	struct todos t;

	if (!LHK_TEXT_IS (name, "write_todos") || input->type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (input, &todos_table, &t) != LHK_OK)
		return LHK_OK;
	return emit_plan (g->api, &g->arena, &t.todos, NULL);
}

static int
emit_call (struct gemini *g, struct lhk_ev_tool *e, const struct lhk_raw *input)
{
	int r;

	e->type = type_of (&e->name);
	server_of (&e->name, &e->server);
	if (input->type != LHK_JSON_NONE && input->type != LHK_JSON_NULL)
		e->input = str_of_raw (input);
	tool_brief_of (input, &e->brief);
	r = tool_paths_of (input, &g->arena, &e->paths, &e->n_paths);
	if (r < 0)
		return r;
	r = emit (g->api, &e->ev);
	return r < 0 ? r : plan_of (g, &e->name, input);
}

int
gemini_tool_use (struct gemini *g, const struct gemini_line *line)
{
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = LHK_TOOL_RUNNING,
		.flags = g->had_result ? LHK_TOOL_NEXT_MESSAGE : 0,
		.id = line->tool_id,
		.name = line->tool_name,
	};
	int r;

	/* The program runs the calls of a message when the message is over. */
	g->had_result = 0;
	g->in_text = 0;
	r = emit_call (g, &e, &line->parameters);
	if (r == 0 && tool_is_question (&e.name))
		r = emit_tool_question (g->api, &e);
	if (r < 0)
		return r;
	/* It is not remembered: its result has no name and no type. */
	r = tool_table_add (&g->tools, &e.id, &e.name, &e.server, e.type,
			    e.status);
	return r == LHK_ENOMEM ? r : LHK_OK;
}

/* error.type of a tool_result that was no failure of the tool. */
static const struct {
	const char *type;
	int status;
} refusals[] = {
	{ "policy_violation", LHK_TOOL_DENIED },
	{ "stop_execution", LHK_TOOL_CANCELED },
};

static int
status_of (const struct gemini_line *line)
{
	size_t i;

	if (!LHK_TEXT_IS (&line->status, "error")
	    && text_empty (&line->error.type))
		return LHK_TOOL_DONE;
	for (i = 0; i < ARRAY_SIZE (refusals); i++) {
		if (lhk_text_is (&line->error.type, refusals[i].type,
				 strlen (refusals[i].type)))
			return refusals[i].status;
	}
	return LHK_TOOL_FAILED;
}

int
gemini_tool_result (struct gemini *g, const struct gemini_line *line,
		    uint32_t line_flags)
{
	struct tool_entry *call = tool_table_find (&g->tools, &line->tool_id);
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = status_of (line),
		.id = line->tool_id,
		.output = line->output,
	};
	int r;

	g->in_text = 0;
	g->had_result = 1;
	if (call != NULL) {
		e.name = call->name;
		e.server = call->server;
		e.type = call->type;
	}
	if (e.type == LHK_TYPE_EXECUTE && e.status == LHK_TOOL_DONE
	    && e.output.ptr != NULL) {
		r = shell_result_read (&g->arena, &e);
		if (r < 0)
			return r;
	}
	if (e.output.ptr == NULL)
		e.output = line->error.message;
	if (line_flags & LHK_LINE_SALVAGED)
		e.flags |= LHK_TOOL_TRUNCATED;
	if (call != NULL)
		call->status = e.status;
	r = emit (g->api, &e.ev);
	if (r < 0 || e.status != LHK_TOOL_DENIED)
		return r;
	return emit_tool_refused (g->api, &e);
}

struct legacy_call {
	struct lhk_text name;
	struct lhk_raw arguments;
};

static const struct lhk_field legacy_fields[] = {
	LHK_FIELD ("name", LHK_FIELD_TEXT, struct legacy_call, name),
	LHK_FIELD ("arguments", LHK_FIELD_RAW, struct legacy_call, arguments),
};
LHK_FIELDS (legacy_table, struct legacy_call, legacy_fields);

/* The calls of an older message.  It has neither ids nor results for them:
 * they are reported as completed, since no line will follow for them. */
int
gemini_tool_calls (struct gemini *g, const struct lhk_raw *list)
{
	struct lhk_json j;
	struct lhk_raw raw;
	struct legacy_call call;
	char *id;
	int r;

	if (list->type != LHK_JSON_ARRAY)
		return LHK_OK;
	lhk_json_begin_raw (&j, list);
	lhk_json_enter (&j);
	while (lhk_json_element (&j) && lhk_json_raw (&j, &raw)) {
		struct lhk_ev_tool e = {
			.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
			.status = LHK_TOOL_DONE,
		};

		if (raw.type != LHK_JSON_OBJECT
		    || lhk_json_raw_object (&raw, &legacy_table, &call)
			       != LHK_OK)
			continue;
		id = arena_alloc (&g->arena, GEMINI_NAME_MAX);
		if (id == NULL)
			return LHK_ENOMEM;
		snprintf (id, GEMINI_NAME_MAX, "legacy-%u", ++g->n_legacy);
		e.id = text_str (id);
		e.name = call.name;
		r = emit_call (g, &e, &call.arguments);
		if (r < 0)
			return r;
		g->in_text = 0;
	}
	return LHK_OK;
}
