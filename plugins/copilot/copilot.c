/* SPDX-License-Identifier: MIT */
/*
 * copilot.c - lines to events, and the descriptor.
 *
 * Each line but the last has its members in `data', an id, a time, and the id of
 * the line before it.  The session is named only by the last line, so the first
 * session event has no id: it tells the model.
 */
#include "config.h"

#include <stdlib.h>

#include "copilot/copilot.h"

int
copilot_session (struct copilot *o, const struct lhk_text *id,
		 const struct lhk_text *model, const struct copilot_data *data)
{
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.cwd = data->context.cwd,
		.agent_version = data->version,
		.resumed = o->resumed,
	};
	struct lhk_text last;
	int r;

	if ((text_empty (id) || id_copy_is (&o->session, id))
	    && (text_empty (model) || id_copy_is (&o->model, model)))
		return LHK_OK;
	if (!text_empty (id))
		id_copy_set (&o->session, id);
	if (!text_empty (model))
		id_copy_set (&o->model, model);
	last = id_copy_text (&o->session);
	r = text_copy (&o->arena, &last, &e.id);
	last = id_copy_text (&o->model);
	if (r == 0)
		r = text_copy (&o->arena, &last, &e.model);
	return r < 0 ? r : emit (o->api, &e.ev);
}

/* A process begins: after a claim it is the next one of a script. */
static int
on_tools_updated (struct copilot *o, const struct copilot_line *line)
{
	if (!copilot_is_main (o))
		return LHK_OK;
	if (o->claimed) {
		o->session.len = o->model.len = 0;
		copilot_begun (o);
	}
	return copilot_session (o, &line->data.session_id, &line->data.model,
				&line->data);
}

static int
on_model_change (struct copilot *o, const struct copilot_line *line)
{
	return copilot_is_main (o)
		       ? copilot_session (o, &line->data.session_id,
					  &line->data.new_model, &line->data)
		       : LHK_OK;
}

/* The program prints this into its own files only. */
static int
on_session_start (struct copilot *o, const struct copilot_line *line)
{
	return copilot_session (o, &line->data.session_id,
				&line->data.selected_model, &line->data);
}

/* What the program adds for the model has a source. */
static int
on_user (struct copilot *o, const struct copilot_line *line)
{
	const struct copilot_data *d = &line->data;
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_USER,
		.id = d->message_id,
		.text = d->content,
	};

	if (copilot_is_main (o)) {
		copilot_begun (o);
		if (!text_empty (&d->source) || d->continuation > 0)
			e.flags = LHK_TEXT_SYNTHETIC;
	}
	e.ev.parent = o->now.parent;
	return text_empty (&d->content) ? LHK_OK : emit (o->api, &e.ev);
}

static int
on_turn_start (struct copilot *o, const struct copilot_line *line)
{
	(void) line;
	if (copilot_is_main (o))
		copilot_begun (o);
	return LHK_OK;
}

/* Words of the program to people.  Some kinds say what other lines say, too. */
static int
on_info (struct copilot *o, const struct copilot_line *line)
{
	static const char *const kinds[] = { "model_retry", "file_created" };
	const struct copilot_data *d = &line->data;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (kinds); i++)
		if (lhk_text_is (&d->info_type, kinds[i], strlen (kinds[i])))
			return LHK_OK;
	if (text_empty (&d->message))
		return LHK_SKIP;
	return emit_text (o->api, LHK_ROLE_SYSTEM, 0, NULL, &d->message,
			  &o->now.parent);
}

static int
on_warning (struct copilot *o, const struct copilot_line *line)
{
	struct lhk_raw data;

	copilot_data (o, &data);
	return emit_notice (o->api, LHK_LOG_WARN, LHK_CODE_PROVIDER_ERROR,
			    &line->data.message,
			    data.type == LHK_JSON_OBJECT ? &data : NULL);
}

static int
on_compaction (struct copilot *o, const struct copilot_line *line)
{
	const struct lhk_text begun =
		LIT ("the conversation is being compacted");
	const struct lhk_text done = LIT ("the conversation was compacted");
	const struct lhk_text failed =
		LIT ("the conversation could not be compacted");
	const struct lhk_text *text = &begun;
	struct lhk_raw data;

	if (line->data.success)
		text = line->data.success > 0 ? &done : &failed;
	copilot_data (o, &data);
	return emit_notice (o->api,
			    text == &failed ? LHK_LOG_WARN : LHK_LOG_INFO,
			    LHK_CODE_COMPACTION, text,
			    data.type == LHK_JSON_OBJECT ? &data : NULL);
}

/* A line that is known, and says nothing that an event could. */
static int
on_nothing (struct copilot *o, const struct copilot_line *line)
{
	(void) o;
	(void) line;
	return LHK_OK;
}

static const struct {
	const char *type;
	copilot_fn *fn;
} lines[] = {
	{ "assistant.message_delta", copilot_message_delta },
	{ "assistant.reasoning_delta", copilot_reasoning_delta },
	{ "assistant.tool_call_delta", on_nothing },
	{ "tool.shell_output", on_nothing },
	{ "tool.execution_partial_result", copilot_tool_progress },
	{ "tool.execution_start", copilot_tool_start },
	{ "tool.execution_complete", copilot_tool_complete },
	{ "session.background_tasks_changed", on_nothing },
	{ "assistant.message", copilot_message },
	{ "assistant.message_start", on_nothing },
	{ "assistant.reasoning", copilot_reasoning },
	{ "assistant.turn_start", on_turn_start },
	{ "assistant.turn_end", copilot_turn_end },
	{ "assistant.turn_retry", copilot_turn_retry },
	{ "model.call_start", copilot_call_start },
	{ "model.call_finished", on_nothing },
	{ "model.call_final_result", on_nothing },
	{ "model.call_failure", copilot_call_failure },
	{ "user.message", on_user },
	{ "subagent.started", copilot_subagent_started },
	{ "subagent.configured", on_nothing },
	{ "subagent.completed", copilot_subagent_ended },
	{ "subagent.failed", copilot_subagent_ended },
	{ "session.tools_updated", on_tools_updated },
	{ "session.skills_loaded", on_nothing },
	{ "session.mcp_servers_loaded", on_nothing },
	{ "session.mcp_server_status_changed", on_nothing },
	{ "session.mcp_server_tools_loaded", on_nothing },
	{ "session.start", on_session_start },
	{ "session.resume", on_session_start },
	{ "session.model_change", on_model_change },
	{ "session.compaction_start", on_compaction },
	{ "session.compaction_complete", on_compaction },
	{ "session.info", on_info },
	{ "session.warning", on_warning },
	{ "session.error", copilot_session_error },
	{ "abort", copilot_abort },
	{ "agent.interrupted", copilot_interrupted },
	{ "assistant.idle", copilot_idle },
	{ "result", copilot_result },
};

static int
copilot_line_hook (void *handle, const struct lhk_line *line)
{
	struct copilot *o = handle;
	struct copilot_line l;
	size_t i;
	int r;

	if (copilot_read (o, line->data, line->len, &l) != LHK_OK)
		return LHK_EPARSE;
	arena_reset (&o->arena);
	o->line = line;
	for (i = 0; i < ARRAY_SIZE (lines); i++) {
		if (!lhk_text_is (&l.type, lines[i].type,
				  strlen (lines[i].type)))
			continue;
		r = copilot_thread (o, &l);
		return r < 0 ? r : lines[i].fn (o, &l);
	}
	return LHK_SKIP;
}

static const char *const programs[] = { "copilot", "@github/copilot", NULL };

/* Options that resume an earlier session; and one that does, or names a new
 * one. */
static const char *const resuming[] = { "-r", "--resume", "--continue", NULL };
static const char *const naming[] = { "--session-id", NULL };
static const struct argv_resume resume = { programs, resuming, "s" };
static const struct argv_resume name = { programs, naming, "" };

static int
copilot_open (const struct lhk_api *api, const struct lhk_option *options,
	      size_t n_options, void **ret)
{
	struct copilot *o = calloc (1, sizeof (*o));

	if (o != NULL)
		o->shapes = copilot_shapes ();
	if (o == NULL || o->shapes == NULL) {
		free (o);
		api->log (api->ctx, LHK_LOG_ERROR, "copilot: out of memory");
		return LHK_ENOMEM;
	}
	o->api = api;
	o->resumed = argv_match_resume (options, n_options, &resume);
	if (o->resumed < 0 && argv_match_resume (options, n_options, &name) > 0)
		o->resumed = 0;
	arena_init (&o->arena);
	tool_table_init (&o->tools, api, TOOL_TABLE_MAX,
			 "more calls are open than linehook remembers");
	tool_table_init (&o->agents, api, COPILOT_AGENTS,
			 "more subagents are at work than linehook remembers");
	*ret = o;
	return LHK_OK;
}

static void
copilot_close (void *handle)
{
	struct copilot *o = handle;

	arena_free (&o->arena);
	tool_table_free (&o->tools);
	tool_table_free (&o->agents);
	free (o->shapes);
	free (o);
}

struct usage {
	struct lhk_num requests;
};

static const struct lhk_field usage_fields[] = {
	LHK_FIELD ("premiumRequests", LHK_FIELD_INT, struct usage, requests),
};
LHK_FIELDS (usage_table, struct usage, usage_fields);

/* The last line counts its requests. */
static int
is_result (const struct copilot_line *l)
{
	struct usage usage;

	return LHK_TEXT_IS (&l->type, "result") && !text_empty (&l->session_id)
	       && l->exit_code.has && l->usage.type == LHK_JSON_OBJECT
	       && lhk_json_raw_object (&l->usage, &usage_table, &usage)
			  == LHK_OK
	       && usage.requests.has;
}

struct envelope {
	struct lhk_text type;
	struct lhk_raw data;
};

static const struct lhk_field envelope_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct envelope, type),
	LHK_FIELD ("data", LHK_FIELD_RAW, struct envelope, data),
};
LHK_FIELDS (envelope_table, struct envelope, envelope_fields);

/* Every other line has its members in data, and is one of a chain.  The types
 * are in groups: "session.start". */
static int
copilot_probe (const char *data, size_t len)
{
	struct envelope e;
	struct copilot_line l;

	if (lhk_json_line (data, len, copilot_fields (), &l) != LHK_OK)
		return 0;
	if (is_result (&l))
		return 1;
	if (text_empty (&l.type) || text_empty (&l.id)
	    || text_empty (&l.timestamp)
	    || (l.parent_id.type != LHK_JSON_STRING
		&& l.parent_id.type != LHK_JSON_NULL))
		return 0;
	if (memchr (l.type.ptr, '.', l.type.len) == NULL
	    && !LHK_TEXT_IS (&l.type, "abort"))
		return 0;
	return lhk_json_line (data, len, &envelope_table, &e) == LHK_OK
	       && e.data.type == LHK_JSON_OBJECT;
}

static const char *const call_ends[] = { "tool.execution_complete", NULL };

/* A rule that denies wins over all that allow.  Without one for a kind of tool
 * the program asks, and nobody can answer, so the call is denied, too. */
static const struct lhk_command_part command_parts[] = {
	{ .words = { "copilot", "--output-format=json" } },
	{ .with = LHK_WITH_DELTAS, .words = { "--stream=on" } },
	{ .without = LHK_WITH_DELTAS, .words = { "--stream=off" } },
	{ .words = { "--model={model}" } },
	{ .words = { "--resume={session}" } },
	{ .permissions = "read-only",
	  .words = { "--deny-tool=write", "--deny-tool=shell" } },
	{ .permissions = "edit", .words = { "--allow-tool=write" } },
	{ .permissions = "all", .words = { "--allow-all" } },
	{ .words = { "{args}" } },
	{ .words = { "--prompt={prompt}" } },
	{ .with = 0 },
};

static const char *const command_resume[] = { "copilot", "--resume={session}",
					      NULL };

static const struct lhk_command command = {
	.size = sizeof command,
	.parts = command_parts,
	.resume = command_resume,
	.install = "npm install -g @github/copilot",
};

/* An update would exchange the program under the runs of others. */
static const char *const agent_env[] = { "COPILOT_AUTO_UPDATE=false", NULL };

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,
	.flags = LHK_PLUGIN_JSON | LHK_PLUGIN_CLAIMS | LHK_PLUGIN_NO_TOKENS
		 | LHK_PLUGIN_NO_COST,
	.name = "copilot",
	.provider = "copilot",
	.version = "1.0",
	.summary = "GitHub Copilot CLI: copilot --output-format json",
	.programs = programs,
	.probe = copilot_probe,
	.open = copilot_open,
	.line_hook = copilot_line_hook,
	.flush = copilot_flush,
	.close = copilot_close,
	.hint = "add --output-format json",
	.call_ends = call_ends,
	.command = &command,
	.agent_env = agent_env,
	.made_for = "1.0.102",
};
