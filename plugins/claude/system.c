/* SPDX-License-Identifier: MIT */
/*
 * system.c - what the program says about itself.
 *
 * Subtypes are many and change often: known ones that say nothing a user
 * needs are accepted in silence, unknown ones are counted by the host.
 */
#include "config.h"

#include "claude/claude.h"

static int
on_init (struct claude *c, const struct claude_system_line *s)
{
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = s->head.session_id,
		.model = s->model,
		.cwd = s->cwd,
		.agent_version = s->version,
		.resumed = c->resumed,
	};
	struct texts tools = { NULL, 0, 0 };
	int r = texts_add_list (&tools, &c->arena, &s->tools);

	if (r < 0)
		return r;
	e.ev.parent = s->head.parent;
	e.tools = tools.list;
	e.n_tools = tools.n;
	if (text_empty (&s->head.parent)) {
		claude_session_begun (c, &e.id);
		id_copy_set (&c->model, &s->model);
	}
	return emit (c->api, &e.ev);
}

/* TEXT if the line has one, else a fixed text. */
static int
say (struct claude *c, int level, const char *code, const struct lhk_text *text,
     const char *words, const struct lhk_raw *data)
{
	struct lhk_text ours = text_str (words);

	return emit_notice (
		c->api, level, code, text_empty (text) ? &ours : text,
		data != NULL && data->type == LHK_JSON_OBJECT ? data : NULL);
}

static int
on_retry (struct claude *c, const struct claude_system_line *s)
{
	const struct json_member members[] = {
		{ "error", str_of_raw (&s->error) },
		{ "status", str_of_raw (&s->error_status) },
	};
	struct texts parts = { NULL, 0, 0 };
	struct lhk_text error;
	struct lhk_text text;
	struct lhk_raw data;
	int r;

	r = retry_text (&c->arena, &s->attempt, &s->max_retries, &s->delay_ms,
			&text);
	if (r == 0)
		r = texts_add (&parts, &c->arena, &text);
	if (r == 0 && lhk_raw_text (&s->error, &error)
	    && !LHK_TEXT_IS (&error, "unknown"))
		r = texts_add (&parts, &c->arena, &error);
	if (r == 0)
		r = text_join_by (&c->arena, &parts, ": ", &text);
	if (r == 0)
		r = json_object_of (&c->arena, members, ARRAY_SIZE (members),
				    &data);
	return r < 0 ? r
		     : emit_notice (c->api, LHK_LOG_WARN, LHK_CODE_RETRY, &text,
				    &data);
}

static int
on_denied (struct claude *c, const struct claude_system_line *s)
{
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.text = s->message,
		.outcome = LIT ("denied"),
	};
	int r;

	e.ev.parent = s->head.parent;
	lhk_raw_text (&s->tool_use_id, &e.id);
	e.tool = e.id;
	r = emit (c->api, &e.ev);
	return r < 0 ? r : claude_tool_denied (c, &e.id, &s->tool_name, NULL);
}

static int
on_compaction (struct claude *c, const struct claude_system_line *s)
{
	return say (c, LHK_LOG_INFO, LHK_CODE_COMPACTION, &s->content,
		    "the conversation was compacted", &s->compact);
}

static int
on_status (struct claude *c, const struct claude_system_line *s)
{
	if (!LHK_TEXT_IS (&s->status, "compacting"))
		return LHK_OK;
	return say (c, LHK_LOG_INFO, LHK_CODE_COMPACTION,
		    &LIT ("the conversation is being compacted"), "", NULL);
}

/* A message of the program for its user. */
static int
on_words (struct claude *c, const struct claude_system_line *s)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_SYSTEM,
		.flags = LHK_TEXT_SYNTHETIC,
		.id = s->head.uuid,
		.text = s->content,
	};

	e.ev.parent = s->head.parent;
	return text_empty (&s->content) ? LHK_OK : emit (c->api, &e.ev);
}

static int
on_fallback (struct claude *c, const struct claude_system_line *s)
{
	return say (c, LHK_LOG_WARN, LHK_CODE_RETRY, &s->content,
		    "the program went on with another model", NULL);
}

static int
on_trouble (struct claude *c, const struct claude_system_line *s)
{
	struct lhk_text text = s->content;

	if (text_empty (&text))
		text = s->message;
	if (text_empty (&text))
		lhk_raw_text (&s->error, &text);
	return say (c, LHK_LOG_WARN, LHK_CODE_PROVIDER_ERROR, &text,
		    "the program reports trouble with its session", NULL);
}

int
claude_error (struct claude *c, const union claude_line *line)
{
	const struct claude_system_line *s = &line->system;
	struct lhk_text text;
	int r = claude_words (c, &s->error, &text);

	if (r < 0)
		return r;
	return say (c, LHK_LOG_ERROR, LHK_CODE_PROVIDER_ERROR,
		    text_empty (&text) ? &s->message : &text,
		    "the program reports an error", NULL);
}

static int
on_hook (struct claude *c, const struct claude_system_line *s)
{
	const struct lhk_text *output = &s->error_output;

	if (!LHK_TEXT_IS (&s->outcome, "error"))
		return LHK_OK;
	return say (c, LHK_LOG_WARN, LHK_CODE_PROVIDER_ERROR,
		    text_empty (output) ? &s->hook_name : output,
		    "a hook of the program failed", NULL);
}

static int
on_nothing (struct claude *c, const struct claude_system_line *s)
{
	(void) c;
	(void) s;
	return LHK_OK;
}

static const struct {
	const char *subtype;
	int (*fn) (struct claude *c, const struct claude_system_line *s);
} subtypes[] = {
	{ "init", on_init },
	{ "api_error", on_retry },
	{ "api_retry", on_retry },
	{ "background_tasks_changed", claude_task_list },
	{ "compact_boundary", on_compaction },
	{ "elicitation_complete", on_nothing },
	{ "files_persisted", on_nothing },
	{ "hook_progress", on_nothing },
	{ "hook_response", on_hook },
	{ "hook_started", on_nothing },
	{ "informational", on_words },
	{ "local_command", on_nothing },
	{ "memory_recall", on_nothing },
	{ "microcompact_boundary", on_compaction },
	{ "mirror_error", on_trouble },
	{ "model_fallback", on_fallback },
	{ "model_refusal_fallback", on_fallback },
	{ "notification", on_words },
	{ "permission_denied", on_denied },
	{ "plugin_install", on_nothing },
	{ "session_state_changed", on_nothing },
	{ "session_writes_lost", on_trouble },
	{ "status", on_status },
	{ "task_notification", claude_task_ended },
	{ "task_progress", on_nothing },
	{ "task_started", claude_task_started },
	{ "task_updated", claude_task_updated },
	{ "thinking_tokens", on_nothing },
	{ "turn_duration", on_nothing },
	{ "worker_shutting_down", on_nothing },
};

int
claude_system (struct claude *c, const union claude_line *line)
{
	const struct claude_system_line *s = &line->system;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (subtypes); i++) {
		if (lhk_text_is (&s->head.subtype, subtypes[i].subtype,
				 strlen (subtypes[i].subtype)))
			return subtypes[i].fn (c, s);
	}
	return LHK_SKIP;
}
