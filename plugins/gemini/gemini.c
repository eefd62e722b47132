/* SPDX-License-Identifier: MIT */
/*
 * gemini.c - lines to events, and the descriptor.
 *
 * The answer comes in deltas without an id, and never as a whole text.
 * Deltas between two tool events are one text; texts are named "m1", "m2"..
 * in their order, and the last one is the answer.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "gemini/gemini.h"

/* Is it another session than the last one?  It is remembered. */
static int
is_new_session (struct gemini *g, const struct lhk_text *id)
{
	if (text_empty (id) || id_copy_is (&g->session, id))
		return 0;
	id_copy_set (&g->session, id);
	return 1;
}

int
gemini_session (struct gemini *g, const struct gemini_line *line)
{
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = line->session_id,
		.model = line->model,
		.resumed = g->resumed,
	};

	return is_new_session (g, &e.id) ? emit (g->api, &e.ev) : LHK_OK;
}

static int
on_init (struct gemini *g, const struct gemini_line *line, uint32_t flags)
{
	(void) flags;
	g->at_limit = 0;
	g->error_len = 0;
	g->in_text = 0;
	g->process += g->had_usage;
	g->had_usage = 0;
	return gemini_session (g, line);
}

static struct lhk_text
new_text (struct gemini *g)
{
	g->n_texts++;
	snprintf (g->text_id, sizeof (g->text_id), "m%u", g->n_texts);
	return text_str (g->text_id);
}

static int
on_assistant (struct gemini *g, const struct gemini_line *line)
{
	int delta = line->delta > 0;
	struct lhk_text id;
	int r = LHK_SKIP;

	if (line->content.ptr != NULL
	    || line->tool_calls.type == LHK_JSON_ARRAY)
		r = LHK_OK;
	/* An empty whole text is a message that has only calls. */
	if (line->content.ptr != NULL && (delta || line->content.len)) {
		id = delta && g->in_text ? text_str (g->text_id) : new_text (g);
		g->in_text = delta;
		r = emit_text (g->api, LHK_ROLE_ASSISTANT, delta, &id,
			       &line->content, NULL);
	}
	return r != LHK_OK ? r : gemini_tool_calls (g, &line->tool_calls);
}

static int
on_message (struct gemini *g, const struct gemini_line *line, uint32_t flags)
{
	(void) flags;
	if (LHK_TEXT_IS (&line->role, "assistant"))
		return on_assistant (g, line);
	if (!LHK_TEXT_IS (&line->role, "user"))
		return LHK_SKIP;
	g->in_text = 0;
	if (line->content.ptr == NULL)
		return LHK_OK;
	return emit_text (g->api, LHK_ROLE_USER, 0, NULL, &line->content, NULL);
}

static int
on_tool_use (struct gemini *g, const struct gemini_line *line, uint32_t flags)
{
	(void) flags;
	return gemini_tool_use (g, line);
}

static int
on_error (struct gemini *g, const struct gemini_line *line, uint32_t flags)
{
	int level = LHK_LOG_ERROR;
	int is_limit = gemini_is_limit (&line->message);

	(void) flags;
	if (LHK_TEXT_IS (&line->severity, "warning"))
		level = LHK_LOG_WARN;
	/* A warning is less than an error, and both are less than a limit. */
	if (is_limit
	    || (!g->at_limit
		&& (g->error_len == 0 || level <= g->error_level))) {
		g->error_len = lhk_text_decode (&line->message, g->error,
						sizeof (g->error), NULL);
		g->error_level = level;
	}
	g->at_limit |= is_limit;
	return emit_notice (g->api, level, LHK_CODE_PROVIDER_ERROR,
			    &line->message, NULL);
}

static int
on_result (struct gemini *g, const struct gemini_line *line, uint32_t flags)
{
	(void) flags;
	g->in_text = 0;
	return gemini_result (g, line);
}

static const struct {
	const char *type;
	int (*fn) (struct gemini *g, const struct gemini_line *line,
		   uint32_t flags);
} lines[] = {
	{ "message", on_message },
	{ "tool_use", on_tool_use },
	{ "tool_result", gemini_tool_result },
	{ "init", on_init },
	{ "error", on_error },
	{ "result", on_result },
};

static int
gemini_line_hook (void *handle, const struct lhk_line *line)
{
	struct gemini *g = handle;
	struct gemini_line l;
	size_t i;
	int r;

	if (gemini_read (g, line->data, line->len, &l) != LHK_OK)
		return LHK_EPARSE;
	arena_reset (&g->arena);
	for (i = 0; i < ARRAY_SIZE (lines); i++) {
		if (lhk_text_is (&l.type, lines[i].type,
				 strlen (lines[i].type)))
			return lines[i].fn (g, &l, line->flags);
	}
	/* A line of a kind that is not known may still tell the session. */
	if (g->session.len == 0) {
		r = gemini_session (g, &l);
		if (r < 0)
			return r;
	}
	return LHK_SKIP;
}

static const char *const programs[] = { "gemini", "@google/gemini-cli",
					"gemini-cli", NULL };

/* Options that resume an earlier session. */
static const char *const resuming[] = { "-r", "--resume", NULL };
static const struct argv_resume resume = { programs, resuming, "ydsh" };

static int
gemini_open (const struct lhk_api *api, const struct lhk_option *options,
	     size_t n_options, void **ret)
{
	struct gemini *g;

	g = calloc (1, sizeof (*g));
	if (g != NULL) {
		g->shapes = gemini_shapes ();
		if (g->shapes == NULL) {
			free (g);
			g = NULL;
		}
	}
	if (g == NULL) {
		api->log (api->ctx, LHK_LOG_ERROR, "gemini: no memory");
		return LHK_ENOMEM;
	}
	g->api = api;
	g->resumed = argv_match_resume (options, n_options, &resume);
	arena_init (&g->arena);
	tool_table_init (&g->tools, api, TOOL_TABLE_MAX,
			 "more calls are open than linehook remembers");
	*ret = g;
	return LHK_OK;
}

static void
gemini_close (void *handle)
{
	struct gemini *g = handle;

	arena_free (&g->arena);
	tool_table_free (&g->tools);
	free (g->shapes);
	free (g);
}

/* The texts that a line of a type must have.  An `error' line has none that a
 * program which logs in JSON might not print too. */
static const struct {
	const char *type;
	uint32_t members[2];
} probes[] = {
	{ "init",
	  { (uint32_t) offsetof (struct gemini_line, session_id),
	    (uint32_t) offsetof (struct gemini_line, model) } },
	{ "message",
	  { (uint32_t) offsetof (struct gemini_line, role),
	    (uint32_t) offsetof (struct gemini_line, content) } },
	{ "tool_use",
	  { (uint32_t) offsetof (struct gemini_line, tool_id),
	    (uint32_t) offsetof (struct gemini_line, tool_name) } },
	{ "tool_result",
	  { (uint32_t) offsetof (struct gemini_line, tool_id),
	    (uint32_t) offsetof (struct gemini_line, status) } },
};

static const struct lhk_text *
text_at (const struct gemini_line *l, uint32_t member)
{
	return (const void *) ((const char *) l + member);
}

static int
gemini_probe (const char *data, size_t len)
{
	struct gemini_line l;
	size_t i;

	if (lhk_json_line (data, len, gemini_fields (), &l) != LHK_OK
	    || l.timestamp.ptr == NULL)
		return 0;
	for (i = 0; i < ARRAY_SIZE (probes); i++)
		if (lhk_text_is (&l.type, probes[i].type,
				 strlen (probes[i].type)))
			return text_at (&l, probes[i].members[0])->ptr != NULL
			       && text_at (&l, probes[i].members[1])->ptr
					  != NULL;
	return LHK_TEXT_IS (&l.type, "result") && l.status.ptr != NULL
	       && (l.stats.total_tokens.has || l.error.type.ptr != NULL);
}

static const char *const call_ends[] = { "tool_result", NULL };

/* A prompt behind "--" is not taken for one. */
static const struct lhk_command_part command_parts[] = {
	{ .words = { "gemini", "--output-format=stream-json" } },
	{ .words = { "--model={model}" } },
	{ .words = { "--resume={session}" } },
	{ .permissions = "read-only", .words = { "--approval-mode=plan" } },
	{ .permissions = "edit", .words = { "--approval-mode=auto_edit" } },
	{ .permissions = "all",
	  .words = { "--approval-mode=yolo", "--skip-trust" } },
	{ .words = { "{args}" } },
	{ .words = { "--prompt={prompt}" } },
	{ .with = 0 },
};

static const char *const command_resume[] = { "gemini", "--resume", "{session}",
					      NULL };

static const struct lhk_command command = {
	.size = sizeof command,
	.parts = command_parts,
	.resume = command_resume,
	.install = "npm install -g @google/gemini-cli",
};

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,
	.flags = LHK_PLUGIN_JSON | LHK_PLUGIN_STDOUT_FILE | LHK_PLUGIN_CLAIMS
		 | LHK_PLUGIN_NO_COST | LHK_PLUGIN_LATE_TOKENS,
	.name = "gemini",
	.provider = "gemini",
	.version = "1.0",
	.summary = "Gemini CLI: gemini --output-format stream-json",
	.programs = programs,
	.probe = gemini_probe,
	.open = gemini_open,
	.line_hook = gemini_line_hook,
	.flush = gemini_flush,
	.exited = gemini_exited,
	.close = gemini_close,
	.hint = "add --output-format stream-json",
	.call_ends = call_ends,
	.command = &command,
	.made_for = "0.61.0",
};
