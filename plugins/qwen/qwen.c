/* SPDX-License-Identifier: MIT */
/* qwen.c - Qwen Code's stream-json: lines to events, and the descriptor. */
#include "config.h"

#include <stdlib.h>

#include "qwen/qwen.h"

static int
on_heartbeat (struct qwen *q, const struct qwen_line *line)
{
	(void) q;
	(void) line;
	return LHK_HEARTBEAT;
}

int
qwen_nothing (struct qwen *q, const struct qwen_line *line)
{
	(void) q;
	(void) line;
	return LHK_OK;
}

static const struct {
	const char *type;
	int (*fn) (struct qwen *q, const struct qwen_line *line);
} lines[] = {
	{ "stream_event", qwen_stream },
	{ "assistant", qwen_assistant },
	{ "user", qwen_user },
	{ "system", qwen_system },
	{ "result", qwen_result },
	{ "control_request", qwen_control_request },
	{ "control_response", qwen_nothing },
	{ "control_cancel_request", qwen_nothing },
	{ "keep_alive", on_heartbeat },
};

/* All that the program says about itself may come before the session. */
static int
first_session (struct qwen *q, const struct qwen_line *line)
{
	static const struct lhk_text absent;

	return LHK_TEXT_IS (&line->type, "system")
		       ? 0
		       : qwen_session (q, &line->session_id, &absent);
}

static int
qwen_line_hook (void *handle, const struct lhk_line *line)
{
	struct qwen *q = handle;
	struct qwen_line l;
	size_t i;
	int r;

	/* Half an object says nothing; the host has what it could salvage. */
	if (line->flags & LHK_LINE_HEAD_ONLY)
		return LHK_SKIP;
	arena_reset (&q->arena);
	if (lhk_shape_line (q->shapes, line->data, line->len, &l) < 0)
		return LHK_EPARSE;
	r = first_session (q, &l);
	if (r < 0)
		return r;
	for (i = 0; i < ARRAY_SIZE (lines); i++)
		if (lhk_text_is (&l.type, lines[i].type,
				 strlen (lines[i].type)))
			return lines[i].fn (q, &l);
	return LHK_SKIP;
}

static const char *const programs[] = { "qwen", "qwen-code",
					"@qwen-code/qwen-code", NULL };

/* Options that resume an earlier session. */
static const char *const resuming[] = { "-r", "--resume", "-c", "--continue",
					NULL };
static const struct argv_resume resume = { programs, resuming, "dsyh" };

static int
qwen_open (const struct lhk_api *api, const struct lhk_option *options,
	   size_t n_options, void **ret)
{
	struct qwen *q = calloc (1, sizeof (*q));

	if (q != NULL)
		q->shapes = qwen_shapes ();
	if (q == NULL || q->shapes == NULL) {
		free (q);
		api->log (api->ctx, LHK_LOG_ERROR, "qwen: no memory");
		return LHK_ENOMEM;
	}
	q->api = api;
	arena_init (&q->arena);
	tool_table_init (&q->tools, api, TOOL_TABLE_MAX,
			 "more calls are open than linehook remembers");
	q->resumed = argv_match_resume (options, n_options, &resume);
	qwen_total_anew (q);
	*ret = q;
	return LHK_OK;
}

static void
qwen_close (void *handle)
{
	struct qwen *q = handle;

	arena_free (&q->arena);
	tool_table_free (&q->tools);
	free (q->shapes);
	free (q);
}

static const char *const call_ends[] = { "user", NULL };

/* A prompt behind "--" would be one word of several. */
static const struct lhk_command_part command_parts[] = {
	{ .words = { "qwen", "--output-format=stream-json" } },
	{ .with = LHK_WITH_DELTAS, .words = { "--include-partial-messages" } },
	{ .words = { "--model={model}" } },
	{ .words = { "--resume={session}" } },
	{ .permissions = "read-only", .words = { "--approval-mode=plan" } },
	{ .permissions = "edit", .words = { "--approval-mode=auto-edit" } },
	{ .permissions = "all", .words = { "--approval-mode=yolo" } },
	{ .words = { "{args}" } },
	{ .words = { "--prompt={prompt}" } },
	{ .with = 0 },
};

static const char *const command_resume[] = { "qwen", "--resume", "{session}",
					      NULL };

static const struct lhk_command command = {
	.size = sizeof command,
	.parts = command_parts,
	.resume = command_resume,
	.install = "npm install -g @qwen-code/qwen-code",
};

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,
	.flags = LHK_PLUGIN_JSON | LHK_PLUGIN_STDOUT_FILE | LHK_PLUGIN_CLAIMS
		 | LHK_PLUGIN_NO_COST,
	.name = "qwen",
	.provider = "qwen",
	.version = "1.0",
	.summary = "Qwen Code: qwen --output-format stream-json",
	.programs = programs,
	.probe = qwen_probe,
	.open = qwen_open,
	.line_hook = qwen_line_hook,
	.exited = qwen_exited,
	.close = qwen_close,
	.hint = "add --output-format stream-json",
	.call_ends = call_ends,
	.call_parent = "parent_tool_use_id",
	.command = &command,
	.made_for = "0.24.4",
};
