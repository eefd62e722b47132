/* SPDX-License-Identifier: MIT */
/*
 * codex.c - lines to events, and the descriptor.
 *
 * Policy is the table of line types.  `turn.completed' and `turn.failed' are
 * the only claims: an `error' line is a retry, or the words that turn.failed
 * says again.  The answer is the last message; the host keeps it.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "codex/codex.h"

static int
emit_session (struct codex *c, const struct lhk_text *id)
{
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = *id,
		.resumed = c->resumed,
	};

	return emit (c->api, &e.ev);
}

/* The thread of a subagent is no session of this run. */
static int
name_session (struct codex *c, const struct codex_line *line)
{
	const struct lhk_text *id = text_empty (&line->thread_id)
					    ? &line->session_id
					    : &line->thread_id;
	struct codex_id thread;

	if (text_empty (id))
		return LHK_OK;
	if (!codex_id_set (id, &thread))
		thread.len = 0;
	else if (codex_is_subagent (c, &thread)
		 || (thread.len == c->thread.len
		     && memcmp (thread.buf, c->thread.buf, thread.len) == 0))
		return LHK_OK;
	c->thread = thread;
	codex_usage_restart (c);
	return emit_session (c, id);
}

/* A thread begins, or is resumed: by the next process of a script, if something
 * came before it, whose items have the numbers of the last one's.  While a call
 * that spawns a subagent has not told its thread, it is that. */
static int
on_session (struct codex *c, const struct codex_line *line)
{
	if (text_empty (&line->thread_id) && text_empty (&line->session_id))
		return LHK_SKIP;
	if (codex_adopt_subagent (c, &line->thread_id))
		return LHK_OK;
	c->process += c->had_items;
	c->had_items = 0;
	return name_session (c, line);
}

/* A turn after a claim is new work, also if the line that names its thread was
 * lost. */
static int
on_turn_started (struct codex *c, const struct codex_line *line)
{
	struct lhk_text id = text_of (c->thread.buf, c->thread.len);
	int again = c->claimed;
	int r = 0;

	(void) line;
	c->claimed = 0;
	if (!again)
		return LHK_OK;
	if (c->thread.len == 0)
		id.ptr = NULL;
	else
		r = text_copy (&c->arena, &id, &id);
	return r < 0 ? r : emit_session (c, &id);
}

static int
on_started (struct codex *c, const struct codex_line *line)
{
	c->had_items = 1;
	return codex_item (c, &line->item, CODEX_STARTED);
}

static int
on_updated (struct codex *c, const struct codex_line *line)
{
	c->had_items = 1;
	return codex_item (c, &line->item, CODEX_UPDATED);
}

static int
on_completed (struct codex *c, const struct codex_line *line)
{
	c->had_items = 1;
	return codex_item (c, &line->item, CODEX_COMPLETED);
}

/* The plan itself comes whole when it is complete; until then its words are
 * something to look at. */
static int
on_plan_delta (struct codex *c, const struct codex_line *line)
{
	if (line->delta.ptr == NULL)
		return LHK_OK;
	return emit_text (c->api, LHK_ROLE_THOUGHT, 1, &line->item_id,
			  &line->delta, NULL);
}

static int
claim (struct codex *c, const struct codex_line *line,
       const struct lhk_ev_result *e)
{
	int r = name_session (c, line);

	if (r < 0)
		return r;
	c->claimed = 1;
	c->spawning.len = 0;
	r = codex_usage (c, &line->usage);
	return r < 0 ? r : emit (c->api, &e->ev);
}

static int
on_turn_completed (struct codex *c, const struct codex_line *line)
{
	const struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = LHK_VERDICT_OK,
		.terminal = 1,
	};

	return claim (c, line, &e);
}

/* Failures that say why the answer was cut, and what that is. */
static const struct {
	const char *words;
	int verdict;
} cuts[] = {
	{ "max_output_tokens", LHK_VERDICT_LIMIT },
	{ "content_filter", LHK_VERDICT_REFUSED },
};

static int
on_turn_failed (struct codex *c, const struct codex_line *line)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = LHK_VERDICT_FAILED,
		.terminal = 1,
	};
	size_t i;

	codex_error_text (&line->error, &e.error);
	for (i = 0; i < ARRAY_SIZE (cuts); i++)
		if (text_contains (&e.error, cuts[i].words))
			e.verdict = cuts[i].verdict;
	return claim (c, line, &e);
}

static int
on_error (struct codex *c, const struct codex_line *line)
{
	struct lhk_text text = line->message;

	if (text.ptr == NULL)
		codex_error_text (&line->error, &text);
	if (text_begins (&text, "Reconnecting..."))
		return emit_notice (c->api, LHK_LOG_WARN, LHK_CODE_RETRY, &text,
				    NULL);
	return emit_notice (c->api, LHK_LOG_ERROR, LHK_CODE_PROVIDER_ERROR,
			    &text, NULL);
}

struct question {
	struct lhk_text id;
	struct lhk_text header;
	struct lhk_text question;
	struct lhk_raw options;
};

static const struct lhk_field question_fields[] = {
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct question, id),
	LHK_FIELD ("header", LHK_FIELD_TEXT, struct question, header),
	LHK_FIELD ("question", LHK_FIELD_TEXT, struct question, question),
	LHK_FIELD ("options", LHK_FIELD_RAW, struct question, options),
};
LHK_FIELDS (question_table, struct question, question_fields);

struct choice {
	struct lhk_text label;
};

static const struct lhk_field choice_fields[] = {
	LHK_FIELD ("label", LHK_FIELD_TEXT, struct choice, label),
};
LHK_FIELDS (choice_table, struct choice, choice_fields);

static int
fill_options (struct codex *c, const struct lhk_raw *list, struct lhk_ev_ask *e)
{
	struct texts labels = { NULL, 0, 0 };
	size_t max = raw_count (list);
	struct choice choice;
	struct lhk_json j;
	struct lhk_raw raw;

	if (list->type != LHK_JSON_ARRAY)
		return LHK_OK;
	if (max > TEXTS_MAX)
		max = TEXTS_MAX;
	if (texts_reserve (&labels, &c->arena, max) < 0)
		return LHK_ENOMEM;
	lhk_json_begin_raw (&j, list);
	lhk_json_enter (&j);
	while (labels.n < max && lhk_json_element (&j)
	       && lhk_json_raw (&j, &raw)) {
		if (raw.type != LHK_JSON_OBJECT
		    || lhk_json_raw_object (&raw, &choice_table, &choice)
			       != LHK_OK
		    || choice.label.ptr == NULL)
			continue;
		if (texts_add (&labels, &c->arena, &choice.label) < 0)
			return LHK_ENOMEM;
	}
	e->options = labels.list;
	e->n_options = labels.n;
	return LHK_OK;
}

static int
emit_question (struct codex *c, const struct codex_line *line,
	       const struct question *q)
{
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = text_empty (&q->id) ? line->call_id : q->id,
		.tool = line->call_id,
		.text = text_empty (&q->question) ? q->header : q->question,
	};
	int r;

	r = fill_options (c, &q->options, &e);
	return r < 0 ? r : emit (c->api, &e.ev);
}

static int
on_user_input (struct codex *c, const struct codex_line *line)
{
	struct lhk_json j;
	struct lhk_raw raw;
	struct question q;
	int r;

	if (line->questions.type != LHK_JSON_ARRAY)
		return LHK_OK;
	lhk_json_begin_raw (&j, &line->questions);
	lhk_json_enter (&j);
	while (lhk_json_element (&j) && lhk_json_raw (&j, &raw)) {
		if (raw.type != LHK_JSON_OBJECT
		    || lhk_json_raw_object (&raw, &question_table, &q)
			       != LHK_OK)
			continue;
		r = emit_question (c, line, &q);
		if (r < 0)
			return r;
	}
	return LHK_OK;
}

static const struct {
	const char *type;
	int (*fn) (struct codex *c, const struct codex_line *line);
} lines[] = {
	{ "item.completed", on_completed },
	{ "item.started", on_started },
	{ "item.updated", on_updated },
	{ "item.plan.delta", on_plan_delta },
	{ "thread.started", on_session },
	{ "session.created", on_session }, /* legacy */
	{ "turn.started", on_turn_started },
	{ "turn.completed", on_turn_completed },
	{ "turn.failed", on_turn_failed },
	{ "error", on_error },
	{ "request_user_input", on_user_input },
};

/* The ids of another process are others than those of the first. */
static int
qualify_id (struct codex *c, struct lhk_text *id)
{
	char number[12];
	size_t n;
	char *p;

	if (text_empty (id))
		return LHK_OK;
	n = (size_t) snprintf (number, sizeof (number), "%u.",
			       (unsigned int) c->process + 1);
	p = arena_alloc (&c->arena, n + id->len);
	if (p == NULL)
		return LHK_ENOMEM;
	memcpy (p, number, n);
	memcpy (p + n, id->ptr, id->len);
	id->ptr = p;
	id->len += n;
	return LHK_OK;
}

static int
qualify_ids (struct codex *c, struct codex_line *line)
{
	if (qualify_id (c, &line->item.id) < 0
	    || qualify_id (c, &line->item_id) < 0)
		return LHK_ENOMEM;
	return qualify_id (c, &line->call_id);
}

static int
codex_line_hook (void *handle, const struct lhk_line *line)
{
	struct codex *c = handle;
	struct codex_line l;
	size_t i;
	int r;

	if (codex_read (line->data, line->len, &l) != LHK_OK)
		return LHK_EPARSE;
	arena_reset (&c->arena);
	if (c->process && qualify_ids (c, &l) < 0)
		return LHK_ENOMEM;
	for (i = 0; i < ARRAY_SIZE (lines); i++) {
		if (lhk_text_is (&l.type, lines[i].type,
				 strlen (lines[i].type)))
			return lines[i].fn (c, &l);
	}
	/* A line of a kind that is not known may still tell the session. */
	if (c->thread.len == 0) {
		r = name_session (c, &l);
		if (r < 0)
			return r;
	}
	return LHK_SKIP;
}

static int
codex_open (const struct lhk_api *api, const struct lhk_option *options,
	    size_t n_options, void **ret)
{
	struct codex *c;

	c = calloc (1, sizeof (*c));
	if (c == NULL) {
		api->log (api->ctx, LHK_LOG_ERROR, "codex: no memory");
		return LHK_ENOMEM;
	}
	c->api = api;
	c->resumed = codex_resumed (options, n_options);
	arena_init (&c->arena);
	*ret = c;
	return LHK_OK;
}

static void
codex_close (void *handle)
{
	struct codex *c = handle;

	arena_free (&c->arena);
	free (c);
}

/* `error' lines are no proof, and neither is the name of a type alone: other
 * programs print such lines too. */
static int
codex_probe (const char *data, size_t len)
{
	struct codex_line l;

	if (codex_read (data, len, &l) != LHK_OK)
		return 0;
	if (LHK_TEXT_IS (&l.type, "thread.started"))
		return !text_empty (&l.thread_id);
	if (text_begins (&l.type, "item."))
		return !text_empty (&l.item.id)
		       && (!text_empty (&l.item.type)
			   || !text_empty (&l.item.item_type));
	if (LHK_TEXT_IS (&l.type, "turn.completed"))
		return l.usage.input_tokens.has && l.usage.output_tokens.has;
	return LHK_TEXT_IS (&l.type, "turn.failed")
	       && l.error.type == LHK_JSON_OBJECT;
}

static const char *const call_ends[] = { "item.completed", NULL };

/* `exec resume' has no --sandbox, but knows the setting.  Without a word about
 * permissions Codex refuses a directory that is not in git, where a change
 * cannot be undone; read-only changes nothing, and all allows all. */
static const struct lhk_command_part command_parts[] = {
	{ .words = { "codex", "exec" } },
	{ .with = LHK_WITH_SESSION, .words = { "resume" } },
	{ .words = { "--json" } },
	{ .words = { "--model={model}" } },
	{ .permissions = "read-only",
	  .words = { "--config=sandbox_mode=read-only",
		     "--skip-git-repo-check" } },
	{ .permissions = "edit",
	  .words = { "--config=sandbox_mode=workspace-write" } },
	{ .permissions = "all",
	  .words = { "--dangerously-bypass-approvals-and-sandbox",
		     "--skip-git-repo-check" } },
	{ .words = { "{args}" } },
	{ .words = { "--" } },
	{ .words = { "{session}" } },
	{ .words = { "{prompt}" } },
	{ .without = LHK_WITH_PROMPT, .words = { "-" } },
	{ .with = 0 },
};

static const char *const command_resume[] = { "codex", "resume", "{session}",
					      NULL };

static const struct lhk_command command = {
	.size = sizeof command,
	.parts = command_parts,
	.resume = command_resume,
	.install = "npm install -g @openai/codex",
};

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,
	.flags = LHK_PLUGIN_JSON | LHK_PLUGIN_CLAIMS | LHK_PLUGIN_NO_COST
		 | LHK_PLUGIN_LATE_TOKENS,
	.name = "codex",
	.provider = "codex",
	.version = "1.0",
	.summary = "Codex: codex exec --json",
	.programs = codex_programs,
	.probe = codex_probe,
	.open = codex_open,
	.line_hook = codex_line_hook,
	.close = codex_close,
	.hint = "add --json after codex exec",
	.call_ends = call_ends,
	.command = &command,
	.made_for = "0.169.0",
};
