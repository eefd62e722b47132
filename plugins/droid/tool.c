/* SPDX-License-Identifier: MIT */
/*
 * tool.c - tool calls and their results.
 *
 * A result has the name of the tool again.  What a command printed ends with
 * its exit status; a call that the session does not permit is an error known
 * only by its words.
 */
#include "config.h"

#include "droid/droid.h"

/* Names that only this program has; the rest is in tool_type_of. */
static const struct tool_type types[] = {
	{ "ApplyPatch", LHK_TYPE_EDIT },
	{ "ConnectorSearch", LHK_TYPE_SEARCH },
	{ "Create", LHK_TYPE_EDIT },
	{ "Execute", LHK_TYPE_EXECUTE },
	{ "ExitSpecMode", LHK_TYPE_THINK },
	{ "FetchUrl", LHK_TYPE_FETCH },
	{ "Script", LHK_TYPE_EXECUTE },
	{ "Skill", LHK_TYPE_READ },
	{ "WaitForScript", LHK_TYPE_READ },
};

static int
type_of (const struct lhk_text *name)
{
	return tool_type_among (name, types, ARRAY_SIZE (types));
}

/* SERVER___TOOL is a tool of an MCP server. */
static void
server_of (const struct lhk_text *name, struct lhk_text *ret)
{
	const char *p = name->ptr;
	size_t i;

	memset (ret, 0, sizeof (*ret));
	for (i = 1; p != NULL && i + 3 < name->len; i++) {
		if (p[i] != '_' || p[i + 1] != '_' || p[i + 2] != '_')
			continue;
		*ret = *name;
		ret->len = i;
		return;
	}
}

/* The name, type and server of a call. */
static void
name_call (struct lhk_ev_tool *e, const struct lhk_text *name,
	   const struct lhk_text *other)
{
	e->name = text_empty (name) ? *other : *name;
	if (text_empty (&e->name)) {
		memset (&e->name, 0, sizeof (e->name));
		return;
	}
	e->type = type_of (&e->name);
	server_of (&e->name, &e->server);
}

int
droid_tool_call (struct droid *d, const struct droid_line *line,
		 uint32_t line_flags)
{
	const struct lhk_raw *input = &line->parameters;
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = LHK_TOOL_RUNNING,
		.id = line->id,
	};
	int r;

	(void) line_flags;
	if (text_empty (&line->id) && line->tool_name.ptr == NULL)
		return LHK_SKIP;
	if (d->calls.len && !id_copy_is (&d->calls, &line->message_id))
		e.flags = LHK_TOOL_NEXT_MESSAGE;
	id_copy_set (&d->calls, &line->message_id);
	name_call (&e, &line->tool_name, &line->tool_id);
	if (input->type != LHK_JSON_NONE && input->type != LHK_JSON_NULL)
		e.input = str_of_raw (input);
	tool_brief_of (input, &e.brief);
	r = tool_paths_of (input, &d->arena, &e.paths, &e.n_paths);
	if (r < 0)
		return r;
	r = emit (d->api, &e.ev);
	if (r < 0 || !LHK_TEXT_IS (&e.name, "TodoWrite"))
		return r;
	return droid_plan (d, input);
}

/* How an error begins if the session does not permit the call, and what it
 * says then. */
static const struct {
	const char *begin;
	const char *words;
} refusals[] = {
	{ "Error: Tool ", " is not permitted in this exec session" },
	{ "Tool ", " is not permitted in this exec session" },
	{ "Error: Tool execution denied by hook", "" },
	{ "Error: " DROID_ENDED_EARLY, "" },
};

static int
is_refusal (const struct lhk_text *error)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (refusals); i++)
		if (text_begins (error, refusals[i].begin)
		    && text_contains (error, refusals[i].words))
			return 1;
	return 0;
}

#define DIGITS_MAX 9 /* of an exit status that is read */

/* The exit status in the last words of an output, "[Process exited with code
 * N]".  None of them is written as an escape.  1, or 0 if there is none. */
static int
shown_exit (const struct lhk_text *output, int32_t *ret)
{
	static const char words[] = "[Process exited with code ";
	const size_t n = sizeof (words) - 1;
	size_t end, i;
	int32_t value = 0;

	if (output->len < n + 2 || output->ptr[output->len - 1] != ']')
		return 0;
	end = output->len - 1;
	for (i = end; i > n && end - i <= DIGITS_MAX; i--)
		if (output->ptr[i - 1] < '0' || output->ptr[i - 1] > '9')
			break;
	if (i == end || end - i > DIGITS_MAX || i < n
	    || memcmp (output->ptr + i - n, words, n) != 0)
		return 0;
	for (; i < end; i++)
		value = value * 10 + (output->ptr[i] - '0');
	*ret = value;
	return 1;
}

static void
fill_output (const struct droid_line *line, struct lhk_ev_tool *e)
{
	if (lhk_raw_text (&line->value, &e->output)) {
		;
	} else if (line->value.type != LHK_JSON_NONE
		   && line->value.type != LHK_JSON_NULL) {
		e->output = text_of (line->value.ptr, line->value.len);
		e->flags |= LHK_TOOL_OUTPUT_JSON;
		return;
	} else {
		e->output = line->error.message;
	}
	if (e->type != LHK_TYPE_EXECUTE
	    || !shown_exit (&e->output, &e->exit_code))
		return;
	e->flags |= LHK_TOOL_HAS_EXIT;
	if (e->exit_code != 0)
		e->status = LHK_TOOL_FAILED;
}

static int
emit_refused (struct droid *d, const struct lhk_ev_tool *tool)
{
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = tool->id,
		.tool = tool->id,
		.text = tool->output,
		.outcome = LIT ("denied"),
	};

	return emit (d->api, &e.ev);
}

int
droid_tool_result (struct droid *d, const struct droid_line *line,
		   uint32_t line_flags)
{
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = line->is_error > 0 ? LHK_TOOL_FAILED : LHK_TOOL_DONE,
		.id = line->id,
	};
	int r;

	if (text_empty (&line->id) && line->tool_id.ptr == NULL)
		return LHK_SKIP;
	name_call (&e, &line->tool_id, &line->tool_name);
	fill_output (line, &e);
	if (line->is_error > 0 && is_refusal (&e.output))
		e.status = LHK_TOOL_DENIED;
	if (line_flags & LHK_LINE_SALVAGED)
		e.flags |= LHK_TOOL_TRUNCATED;
	r = emit (d->api, &e.ev);
	if (r < 0 || e.status != LHK_TOOL_DENIED)
		return r;
	return emit_refused (d, &e);
}
