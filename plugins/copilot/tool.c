/* SPDX-License-Identifier: MIT */
/*
 * tool.c - tool calls.
 *
 * Only the line that starts a call has its name, so that is remembered.  A
 * command that fails is a success of the tool with an exit code; a call that was
 * not permitted is a failure with a code of its own.
 */
#include "config.h"

#include "common/exit_code.h"
#include "copilot/copilot.h"

/* Names that only this program has; the rest is in tool_type_of. */
static const struct tool_type types[] = {
	{ "create", LHK_TYPE_EDIT },
	{ "fetch_copilot_cli_documentation", LHK_TYPE_READ },
	{ "list_agents", LHK_TYPE_READ },
	{ "list_bash", LHK_TYPE_READ },
	{ "read_agent", LHK_TYPE_READ },
	{ "read_bash", LHK_TYPE_READ },
	{ "stop_bash", LHK_TYPE_EXECUTE },
	{ "view", LHK_TYPE_READ },
	{ "write_agent", LHK_TYPE_THINK },
	{ "write_bash", LHK_TYPE_EXECUTE },
};

static int
type_of (const struct lhk_text *name)
{
	return tool_type_among (name, types, ARRAY_SIZE (types));
}

/* Is this the first call of a message that comes after other calls? */
static uint32_t
begin_call (struct copilot *o)
{
	uint32_t flags =
		(*o->now.note & THREAD_CALLS) && !(*o->now.note & THREAD_CALLED)
			? LHK_TOOL_NEXT_MESSAGE
			: 0;

	*o->now.note |= THREAD_CALLS | THREAD_CALLED;
	return flags;
}

int
copilot_tool_start (struct copilot *o, const struct copilot_line *line)
{
	const struct copilot_data *d = &line->data;
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = LHK_TOOL_RUNNING,
		.id = d->call_id,
		.name = d->name,
		.server = d->server,
	};
	int r;

	if (text_empty (&d->call_id) && text_empty (&d->name))
		return LHK_SKIP;
	e.ev.parent = o->now.parent;
	e.flags = begin_call (o);
	/* A server may call its tools as it likes. */
	e.type = text_empty (&d->server) ? type_of (&d->name) : LHK_TYPE_OTHER;
	if (d->arguments.type != LHK_JSON_NONE
	    && d->arguments.type != LHK_JSON_NULL)
		e.input = str_of_raw (&d->arguments);
	tool_brief_of (&d->arguments, &e.brief);
	r = tool_paths_of (&d->arguments, &o->arena, &e.paths, &e.n_paths);
	if (r == 0)
		r = emit (o->api, &e.ev);
	if (r == 0 && tool_is_question (&e.name))
		r = emit_tool_question (o->api, &e);
	if (r < 0)
		return r;
	/* If it is not remembered, its end has no name and no type. */
	r = tool_table_add (&o->tools, &e.id, &e.name, &e.server, e.type,
			    e.status);
	return r == LHK_ENOMEM ? r : LHK_OK;
}

/* An update of a call: what is remembered of it. */
static struct tool_entry *
begin_update (struct copilot *o, const struct lhk_text *id,
	      struct lhk_ev_tool *e)
{
	struct tool_entry *call = tool_table_find (&o->tools, id);

	e->ev.parent = o->now.parent;
	e->id = *id;
	if (call != NULL) {
		e->name = call->name;
		e->server = call->server;
		e->type = call->type;
	}
	return call;
}

int
copilot_tool_progress (struct copilot *o, const struct copilot_line *line)
{
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = LHK_TOOL_RUNNING,
		.output = line->data.partial,
	};
	struct tool_entry *call = begin_update (o, &line->data.call_id, &e);

	/* It is of a call that is not known, or that has ended. */
	if (call == NULL || call->status != LHK_TOOL_RUNNING
	    || line->data.partial.ptr == NULL)
		return LHK_SKIP;
	return emit (o->api, &e.ev);
}

/* Codes of a call that failed, but not by itself. */
static const struct {
	const char *code;
	int status;
} codes[] = {
	{ "denied", LHK_TOOL_DENIED },
	{ "rejected", LHK_TOOL_DENIED },
	{ "aborted", LHK_TOOL_CANCELED },
	{ "cancelled", LHK_TOOL_CANCELED },
};

static int
status_of (const struct copilot_data *d, const struct copilot_error *error)
{
	size_t i;

	if (d->success > 0)
		return d->shell.exit_code.has && d->shell.exit_code.value != 0
			       ? LHK_TOOL_FAILED
			       : LHK_TOOL_DONE;
	for (i = 0; i < ARRAY_SIZE (codes); i++) {
		if (lhk_text_is (&error->code, codes[i].code,
				 strlen (codes[i].code)))
			return codes[i].status;
	}
	/* Most of the line may be lost. */
	return d->success < 0 || d->error.type != LHK_JSON_NONE
		       ? LHK_TOOL_FAILED
		       : LHK_TOOL_DONE;
}

struct edit {
	struct lhk_text path;
};

static const struct lhk_field edit_fields[] = {
	LHK_FIELD ("path", LHK_FIELD_TEXT, struct edit, path),
};
LHK_FIELDS (edit_table, struct edit, edit_fields);

/* The files that were changed. */
static int
fill_paths (struct copilot *o, const struct lhk_raw *edits,
	    struct lhk_ev_tool *e)
{
	struct texts paths = { NULL, 0, 0 };
	size_t max = raw_count (edits);
	struct lhk_json j;
	struct lhk_raw raw;
	struct edit edit;

	if (max == 0)
		return LHK_OK;
	if (max > TEXTS_MAX)
		max = TEXTS_MAX;
	if (texts_reserve (&paths, &o->arena, max) < 0)
		return LHK_ENOMEM;
	lhk_json_begin_raw (&j, edits);
	lhk_json_enter (&j);
	while (paths.n < max && lhk_json_element (&j)
	       && lhk_json_raw (&j, &raw)) {
		if (raw.type != LHK_JSON_OBJECT
		    || lhk_json_raw_object (&raw, &edit_table, &edit) != LHK_OK
		    || text_empty (&edit.path))
			continue;
		if (texts_add (&paths, &o->arena, &edit.path) < 0)
			return LHK_ENOMEM;
	}
	e->paths = paths.list;
	e->n_paths = paths.n;
	return LHK_OK;
}

static int
emit_refused (struct copilot *o, const struct lhk_ev_tool *tool,
	      const struct copilot_error *error)
{
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = tool->id,
		.tool = tool->id,
		.text = error->message,
		.outcome = error->code,
	};

	e.ev.parent = tool->ev.parent;
	return emit (o->api, &e.ev);
}

int
copilot_tool_complete (struct copilot *o, const struct copilot_line *line)
{
	const struct copilot_data *d = &line->data;
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.output = d->result.content,
	};
	struct copilot_error error;
	struct tool_entry *call;
	int r;

	if (text_empty (&d->call_id))
		return LHK_SKIP;
	call = begin_update (o, &line->data.call_id, &e);
	copilot_error (&d->error, &error);
	e.status = status_of (d, &error);
	if (e.output.ptr == NULL)
		e.output = error.message;
	tool_event_set_exit (&e, &d->shell.exit_code);
	if (call != NULL)
		call->status = e.status;
	r = fill_paths (o, &d->edits, &e);
	if (r == 0)
		r = emit (o->api, &e.ev);
	if (r < 0 || e.status != LHK_TOOL_DENIED)
		return r;
	return emit_refused (o, &e, &error);
}

/* Calls that were interrupted have no other end. */
int
copilot_tools_interrupted (struct copilot *o, const struct copilot_line *line)
{
	const struct lhk_raw *ids = &line->data.call_ids;
	struct tool_entry *call;
	struct lhk_text id;
	struct lhk_json j;
	int r;

	if (ids->type != LHK_JSON_ARRAY)
		return LHK_OK;
	lhk_json_begin_raw (&j, ids);
	lhk_json_enter (&j);
	while (lhk_json_element (&j)) {
		struct lhk_ev_tool e = {
			.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
			.status = LHK_TOOL_CANCELED,
		};

		if (!lhk_json_string (&j, &id)) {
			lhk_json_skip (&j);
			continue;
		}
		call = begin_update (o, &id, &e);
		if (call == NULL || call->status != LHK_TOOL_RUNNING)
			continue;
		call->status = e.status;
		r = emit (o->api, &e.ev);
		if (r < 0)
			return r;
	}
	return LHK_OK;
}
