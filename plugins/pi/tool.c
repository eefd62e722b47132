/* SPDX-License-Identifier: MIT */
/*
 * tool.c - tool calls: the start, what a tool has printed so far, the end.
 *
 * Each line names the tool, so nothing is remembered.  A call that was refused
 * or stopped is an error known only by its words.
 */
#include "config.h"

#include "common/exit_code.h"
#include "common/stream_json.h"
#include "pi/pi.h"

/* Names that only this program has; the rest is in tool_type_of. */
static const struct tool_type types[] = {
	{ "codemode", LHK_TYPE_EXECUTE },
	{ "find", LHK_TYPE_SEARCH },
	{ "ls", LHK_TYPE_SEARCH },
	{ "powershell", LHK_TYPE_EXECUTE },
};

static int
type_of (const struct lhk_text *name)
{
	return tool_type_among (name, types, ARRAY_SIZE (types));
}

static void
begin_event (const struct pi_line *line, int status, struct lhk_ev_tool *e)
{
	*e = (struct lhk_ev_tool){
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = status,
		.id = line->call_id,
		.name = line->tool,
	};
	e->type = type_of (&e->name);
	tool_mcp_split (&line->tool, &e->server, &e->name);
}

int
pi_tool_start (struct pi *p, const struct pi_line *line, uint32_t flags)
{
	const struct lhk_raw *args = &line->args;
	struct lhk_ev_tool e;
	int r;

	(void) flags;
	begin_event (line, LHK_TOOL_RUNNING, &e);
	if (!p->had_call)
		e.flags |= LHK_TOOL_NEXT_MESSAGE;
	p->had_call = 1;
	if (args->type != LHK_JSON_NONE && args->type != LHK_JSON_NULL)
		e.input = str_of_raw (args);
	tool_brief_of (args, &e.brief);
	r = tool_paths_of (args, &p->arena, &e.paths, &e.n_paths);
	if (r < 0)
		return r;
	r = emit (p->api, &e.ev);
	if (r < 0 || !tool_is_question (&e.name))
		return r;
	return emit_tool_question (p->api, &e);
}

static int
is_truncated (const struct pi_result *result)
{
	return result->details.truncation.truncated > 0
	       || result->command.truncated > 0;
}

/* What a tool has printed so far is repeated each time. */
int
pi_tool_update (struct pi *p, const struct pi_line *line, uint32_t flags)
{
	struct lhk_ev_tool e;

	(void) flags;
	begin_event (line, LHK_TOOL_RUNNING, &e);
	if (content_text (&p->arena, &line->partial.content, &e.output, NULL)
	    < 0)
		return LHK_ENOMEM;
	if (text_empty (&e.output))
		return LHK_OK;
	if (is_truncated (&line->partial))
		e.flags |= LHK_TOOL_TRUNCATED;
	return emit (p->api, &e.ev);
}

/* The words of errors that are not those of the tool.  RAN: the tool may have
 * begun, and have printed something before them. */
static const struct {
	const char *words;
	int ran;
	int status;
} refusals[] = {
	{ "Tool execution was blocked", 0, LHK_TOOL_DENIED },
	{ "Blocked by user", 0, LHK_TOOL_DENIED },
	{ "Dangerous command blocked", 0, LHK_TOOL_DENIED },
	{ "Operation aborted", 1, LHK_TOOL_CANCELED },
	{ "Command aborted", 1, LHK_TOOL_CANCELED },
};

/* Does TEXT end with the plain bytes WORDS, which follow a newline or are all of
 * it?  Its end is looked at as it is written: the words have no escapes. */
static int
ends_with (const struct lhk_text *text, const char *words)
{
	size_t len = strlen (words);
	const char *at;

	if (text->len < len)
		return 0;
	at = text->ptr + text->len - len;
	if (memcmp (at, words, len) != 0)
		return 0;
	return text->len == len || at[-1] == '\n'
	       || (text->form != LHK_TEXT_PLAIN && text->len >= len + 2
		   && at[-1] == 'n' && at[-2] == '\\');
}

static int
status_of (const struct pi_line *line, const struct lhk_text *output)
{
	size_t i;

	if (line->is_error <= 0)
		return LHK_TOOL_DONE;
	for (i = 0; i < ARRAY_SIZE (refusals); i++) {
		if (refusals[i].ran
			    ? ends_with (output, refusals[i].words)
			    : !line->duration.has
				      && text_begins (output,
						      refusals[i].words))
			return refusals[i].status;
	}
	return LHK_TOOL_FAILED;
}

/* A command's own output is longer than what the model gets, and has no words of
 * the program in it. */
static int
fill_result (struct pi *p, const struct pi_line *line, struct lhk_ev_tool *e)
{
	const struct pi_command *command = &line->result.command;

	if (content_text (&p->arena, &line->result.content, &e->output, NULL)
	    < 0)
		return LHK_ENOMEM;
	e->status = status_of (line, &e->output);
	if (is_truncated (&line->result))
		e->flags |= LHK_TOOL_TRUNCATED;
	if (!command->exit_code.has)
		return LHK_OK;
	tool_event_set_exit (e, &command->exit_code);
	if (e->exit_code != 0 && e->status == LHK_TOOL_DONE)
		e->status = LHK_TOOL_FAILED;
	if (command->output.ptr == NULL)
		return LHK_OK;
	e->output = command->output;
	e->flags &= ~(uint32_t) LHK_TOOL_TRUNCATED;
	if (command->truncated > 0)
		e->flags |= LHK_TOOL_TRUNCATED;
	return LHK_OK;
}

int
pi_tool_end (struct pi *p, const struct pi_line *line, uint32_t flags)
{
	struct lhk_ev_ask ask = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = line->call_id,
		.tool = line->call_id,
		.outcome = LIT ("denied"),
	};
	struct lhk_ev_tool e;
	int r;

	begin_event (line, LHK_TOOL_DONE, &e);
	r = fill_result (p, line, &e);
	if (r < 0)
		return r;
	if (flags & LHK_LINE_SALVAGED)
		e.flags |= LHK_TOOL_TRUNCATED;
	r = emit (p->api, &e.ev);
	if (r < 0 || e.status != LHK_TOOL_DENIED)
		return r;
	ask.text = e.output;
	return emit (p->api, &ask.ev);
}
