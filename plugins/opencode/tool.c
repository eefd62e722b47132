/* SPDX-License-Identifier: MIT */
/*
 * tool.c - tool calls: each is printed once, when it is over.
 *
 * A command that failed is "completed" with its exit status; a permission that
 * was refused is an "error" known only by its words; a call of a tool that does
 * not exist is a completed call of the tool "invalid", and is reported as that,
 * with the name that the model used as its brief.
 */
#include "config.h"

#include "common/exit_code.h"
#include "common/plan.h"
#include "opencode/opencode.h"

static const struct {
	const char *word;
	int status;
} statuses[] = {
	{ "completed", LHK_TOOL_DONE },
	{ "error", LHK_TOOL_FAILED },
	{ "running", LHK_TOOL_RUNNING },
	{ "pending", LHK_TOOL_PENDING },
};

/* How errors begin that are not those of the tool. */
static const struct {
	const char *words;
	int status;
	const char *outcome; /* of the permission that was asked for */
} refusals[] = {
	{ "The user rejected permission", LHK_TOOL_DENIED, "rejected" },
	{ "The user has specified a rule which prevents", LHK_TOOL_DENIED,
	  "denied" },
	{ "The user dismissed this question", LHK_TOOL_DENIED, "dismissed" },
	{ "Tool execution aborted", LHK_TOOL_CANCELED, NULL },
};

/* The exit status, in the metadata or in the tool's own within them. */
static const struct lhk_num *
exit_of (const struct opencode_state *state)
{
	return state->metadata.exit.has ? &state->metadata.exit
					: &state->metadata.own.exit;
}

static int
status_of (const struct opencode_state *state)
{
	const struct lhk_num *exit = exit_of (state);
	int status = LHK_TOOL_DONE;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (statuses); i++) {
		if (lhk_text_is (&state->status, statuses[i].word,
				 strlen (statuses[i].word)))
			status = statuses[i].status;
	}
	if (status == LHK_TOOL_DONE && exit->has && exit->value != 0)
		status = LHK_TOOL_FAILED;
	if (status == LHK_TOOL_FAILED
	    && (state->metadata.interrupted > 0
		|| state->metadata.own.interrupted > 0))
		status = LHK_TOOL_CANCELED;
	return status;
}

struct input {
	struct lhk_text tool;
	struct lhk_raw todos;
};

static const struct lhk_field input_fields[] = {
	LHK_FIELD ("tool", LHK_FIELD_TEXT, struct input, tool),
	LHK_FIELD ("todos", LHK_FIELD_RAW, struct input, todos),
};
LHK_FIELDS (input_table, struct input, input_fields);

static int
fill_input (struct opencode *o, const struct opencode_part *part,
	    struct lhk_ev_tool *e, struct input *ret)
{
	const struct lhk_raw *raw = &part->state.input;

	memset (ret, 0, sizeof (*ret));
	if (raw->type == LHK_JSON_NONE)
		raw = &part->input;
	if (raw->type != LHK_JSON_NONE && raw->type != LHK_JSON_NULL)
		e->input = str_of_raw (raw);
	if (raw->type == LHK_JSON_OBJECT)
		lhk_json_raw_object (raw, &input_table, ret);
	if (LHK_TEXT_IS (&e->name, "invalid"))
		e->brief = ret->tool;
	if (text_empty (&e->brief))
		tool_brief_of (raw, &e->brief);
	if (text_empty (&e->brief) && part->state.title.len)
		e->brief = part->state.title;
	return tool_paths_of (raw, &o->arena, &e->paths, &e->n_paths);
}

static void
fill_output (const struct opencode_state *state, struct lhk_ev_tool *e)
{
	struct opencode_error error;
	size_t i;

	e->output = state->output;
	if (state->metadata.truncated > 0 || state->metadata.own.truncated > 0)
		e->flags |= LHK_TOOL_TRUNCATED;
	tool_event_set_exit (e, exit_of (state));
	opencode_error (&state->error, &error);
	if (e->output.ptr == NULL)
		e->output = error.message;
	if (e->status != LHK_TOOL_FAILED)
		return;
	for (i = 0; i < ARRAY_SIZE (refusals); i++) {
		if (text_begins (&error.message, refusals[i].words))
			e->status = refusals[i].status;
	}
}

static int
emit_refused (struct opencode *o, const struct lhk_ev_tool *tool)
{
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = tool->id,
		.tool = tool->id,
		.text = tool->brief,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (refusals); i++) {
		if (refusals[i].outcome != NULL
		    && text_begins (&tool->output, refusals[i].words))
			e.outcome = text_str (refusals[i].outcome);
	}
	o->refused = 1;
	o->stopped = 1;
	return emit (o->api, &e.ev);
}

int
opencode_tool (struct opencode *o, const struct opencode_part *part)
{
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = status_of (&part->state),
		.id = text_empty (&part->call_id) ? part->id : part->call_id,
		.name = text_empty (&part->tool) ? part->name : part->tool,
	};
	struct input input;
	int r;

	e.type = tool_type_of (&e.name);
	fill_output (&part->state, &e);
	r = fill_input (o, part, &e, &input);
	if (r < 0)
		return r;
	r = emit (o->api, &e.ev);
	if (r < 0)
		return r;
	if (e.status == LHK_TOOL_DENIED)
		return emit_refused (o, &e);
	if (LHK_TEXT_IS (&e.name, "todowrite"))
		return emit_plan (o->api, &o->arena, &input.todos, NULL);
	return LHK_OK;
}
