/* SPDX-License-Identifier: MIT */
/* skeleton.c - a plugin of linehook: the lines of skeleton become events.
 * Change the struct of a line, the probe, and the function for each type of
 * line; linehook-plugin(3) and linehook-json(3) are the reference. */
#include <stdlib.h>

#include <linehook/json.h>
#include <linehook/plugin.h>

/* All state of one stream: a plugin has no variable outside of it. */
struct stream {
	const struct lhk_api *api;
};

/* What a line may have; a member that a line does not have is absent. */
struct line {
	struct lhk_text agent, event, id, text, tool;
	struct lhk_raw input;
	struct lhk_num tokens_in, tokens_out;
	int32_t ok; /* 1 true, -1 false */
};
#define FIELD(kind, name) LHK_FIELD (#name, LHK_FIELD_##kind, struct line, name)
static const struct lhk_field fields[] = {
	FIELD (TEXT, agent), FIELD (TEXT, event),    FIELD (TEXT, id),
	FIELD (TEXT, text),  FIELD (TEXT, tool),     FIELD (RAW, input),
	FIELD (BOOL, ok),    FIELD (INT, tokens_in), FIELD (INT, tokens_out)
};
LHK_FIELDS (line_table, struct line, fields);

static int
on_start (struct stream *s, const struct line *l)
{
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = l->id,
	};

	return s->api->emit (s->api->ctx, &e.ev);
}

static int
on_say (struct stream *s, const struct line *l)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.text = l->text,
	};

	return s->api->emit (s->api->ctx, &e.ev);
}

/* A call begins; the same id again, with ok, ends it. */
static int
on_tool (struct stream *s, const struct line *l)
{
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = l->ok ? LHK_TOOL_DONE : LHK_TOOL_RUNNING,
		.id = l->id,
		.name = l->tool,
		.input = { l->input.ptr, l->input.len },
		.output = l->text,
	};

	if (l->ok < 0)
		e.status = LHK_TOOL_FAILED;
	if (LHK_TEXT_IS (&l->tool, "shell"))
		e.type = LHK_TYPE_EXECUTE;
	return s->api->emit (s->api->ctx, &e.ev);
}

/* What the turn used, and what the program claims about it. */
static int
on_end (struct stream *s, const struct line *l)
{
	struct lhk_ev_usage usage = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_TURN,
		.has = LHK_USAGE_INPUT | LHK_USAGE_OUTPUT,
		.input = l->tokens_in.value,
		.output = l->tokens_out.value,
	};
	struct lhk_ev_result result = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = l->ok > 0 ? LHK_VERDICT_OK : LHK_VERDICT_FAILED,
		.terminal = 1,
		.error = l->text,
	};

	if (l->tokens_in.has && l->tokens_out.has)
		s->api->emit (s->api->ctx, &usage.ev);
	return s->api->emit (s->api->ctx, &result.ev);
}

static int
line_hook (void *handle, const struct lhk_line *line)
{
	struct line l;

	if (lhk_json_line (line->data, line->len, &line_table, &l) != LHK_OK)
		return LHK_EPARSE;
	return LHK_TEXT_IS (&l.event, "start")	? on_start (handle, &l)
	       : LHK_TEXT_IS (&l.event, "say")	? on_say (handle, &l)
	       : LHK_TEXT_IS (&l.event, "tool") ? on_tool (handle, &l)
	       : LHK_TEXT_IS (&l.event, "end")	? on_end (handle, &l)
						: LHK_SKIP;
}

/* Is the line certainly one of skeleton, and of no other program? */
static int
probe (const char *data, size_t len)
{
	struct line l;

	return lhk_json_line (data, len, &line_table, &l) == LHK_OK
	       && LHK_TEXT_IS (&l.agent, "skeleton") && l.event.ptr != NULL;
}

static int
open_stream (const struct lhk_api *api, const struct lhk_option *options,
	     size_t n_options, void **ret)
{
	struct stream *s = calloc (1, sizeof *s);

	(void) options;
	(void) n_options;
	if (s == NULL)
		return LHK_ENOMEM;
	s->api = api;
	*ret = s;
	return LHK_OK;
}

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,
	.flags = LHK_PLUGIN_JSON | LHK_PLUGIN_CLAIMS | LHK_PLUGIN_NO_COST,
	.name = "skeleton",
	.provider = "skeleton",
	.version = "0.1",
	.summary = "the events of skeleton --json",
	.programs = (const char *const[]){ "skeleton", NULL },
	.probe = probe,
	.open = open_stream,
	.line_hook = line_hook,
	.close = free,
	.hint = "add --json",
};
