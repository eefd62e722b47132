/* SPDX-License-Identifier: MIT */
/*
 * claude.c - Claude Code's stream-json.  See linehook-claude(7).
 *
 * The order of keys is free and `type' may come last, so the family of a line
 * is guessed from how it begins, parsed by that table, and parsed again if the
 * guess was wrong: the result never depends on the guess.
 */
#include "config.h"

#include <stdlib.h>

#include "claude/claude.h"

static const struct family {
	const char *type;
	int table;
	int (*fn) (struct claude *c, const union claude_line *line);
} families[] = {
	{ "stream_event", CLAUDE_STREAM, claude_stream },
	{ "assistant", CLAUDE_MESSAGE, claude_assistant },
	{ "user", CLAUDE_MESSAGE, claude_user },
	{ "system", CLAUDE_SYSTEM, claude_system },
	{ "result", CLAUDE_RESULT, claude_result },
	{ "auth_status", CLAUDE_OTHER, claude_auth },
	{ "command_lifecycle", CLAUDE_OTHER, claude_quiet },
	{ "error", CLAUDE_SYSTEM, claude_error },
	{ "control_cancel_request", CLAUDE_OTHER, claude_control_cancel },
	{ "control_request", CLAUDE_OTHER, claude_control_request },
	{ "control_response", CLAUDE_OTHER, claude_quiet },
	{ "conversation_reset", CLAUDE_OTHER, claude_reset },
	{ "keep_alive", CLAUDE_OTHER, claude_heartbeat },
	{ "rate_limit_event", CLAUDE_OTHER, claude_rate_limit },
	{ "tool_progress", CLAUDE_OTHER, claude_heartbeat },
	{ "tool_use_summary", CLAUDE_OTHER, claude_quiet },
};

#define N_FAMILIES ARRAY_SIZE (families)

/* A result begins with other keys: the table of results is the default. */
static int
guess_table (const char *data, size_t len)
{
	static const char begin[] = "{\"type\":\"";
	const size_t skip = sizeof (begin) - 1;
	size_t i;
	size_t n;

	if (len <= skip || memcmp (data, begin, skip) != 0)
		return CLAUDE_RESULT;
	for (i = 0; i < N_FAMILIES; i++) {
		n = strlen (families[i].type);
		if (len > skip + n && data[skip + n] == '"'
		    && memcmp (data + skip, families[i].type, n) == 0)
			return families[i].table;
	}
	return CLAUDE_OTHER;
}

static const struct family *
find_family (const struct lhk_text *type)
{
	size_t i;

	for (i = 0; i < N_FAMILIES; i++) {
		if (lhk_text_is (type, families[i].type,
				 strlen (families[i].type)))
			return &families[i];
	}
	return NULL;
}

/* Is it a message that was printed before? */
static int
is_repeated (struct claude *c, const struct claude_message_line *line)
{
	const struct lhk_str parts[] = {
		{ line->message.id.ptr, line->message.id.len },
		str_of_raw (&line->message.content),
		str_of_raw (&line->error),
	};

	return claude_repeated (c, &line->head.uuid, parts, ARRAY_SIZE (parts));
}

/* Lines of hooks come before the session starts, under an id that leads
 * nowhere; all that the program says about itself is "system". */
static int
commit (struct claude *c, const struct family *f, const union claude_line *line)
{
	int r;

	if (f->table == CLAUDE_MESSAGE && is_repeated (c, &line->message))
		return LHK_SKIP;
	if (!c->session_emitted && f->table != CLAUDE_SYSTEM
	    && f->table != CLAUDE_RESULT) {
		r = claude_session (c, &line->head.session_id);
		if (r < 0)
			return r;
	}
	return f->fn (c, line);
}

/* A line of a kind that is not known may still tell the session. */
static int
on_unknown (struct claude *c, const struct claude_head *head)
{
	int r = c->session_emitted ? 0 : claude_session (c, &head->session_id);

	return r < 0 ? r : LHK_SKIP;
}

static int
on_object (struct claude *c, const char *data, size_t len)
{
	int table = guess_table (data, len);
	const struct family *f;
	union claude_line line;
	int r;

	if (table == CLAUDE_STREAM)
		r = lhk_shape_line (c->shapes, data, len, &line);
	else
		r = lhk_json_line (data, len, claude_table (table), &line);
	if (r < 0)
		return LHK_EPARSE;
	f = find_family (&line.head.type);
	if (f == NULL)
		return on_unknown (c, &line.head);
	if (f->table != table
	    && lhk_json_line (data, len, claude_table (f->table), &line)
		       != LHK_OK)
		return LHK_EPARSE;
	return commit (c, f, &line);
}

static int
claude_line_hook (void *handle, const struct lhk_line *line)
{
	struct claude *c = handle;

	/* Half an object says nothing; the host has what it could salvage. */
	if (line->flags & LHK_LINE_HEAD_ONLY)
		return LHK_SKIP;
	arena_reset (&c->arena);
	return on_object (c, line->data, line->len);
}

static void
claude_close (void *handle)
{
	struct claude *c = handle;

	arena_free (&c->arena);
	tool_table_free (&c->tools);
	tool_table_free (&c->tasks);
	tool_table_free (&c->todos);
	tool_table_free (&c->asks);
	free (c->shapes);
	free (c);
}

static const char *const programs[] = { "claude", "claude-code",
					"@anthropic-ai/claude-code", NULL };

/* Options that resume an earlier session. */
static const char *const resuming[] = { "-r",	      "--resume",  "-c",
					"--continue", "--from-pr", NULL };
static const struct argv_resume resume = { programs, resuming, "pdvh" };

static int
claude_open (const struct lhk_api *api, const struct lhk_option *options,
	     size_t n_options, void **ret)
{
	struct claude *c = calloc (1, sizeof (*c));

	if (c != NULL)
		c->shapes = malloc (lhk_shapes_size ());
	if (c == NULL || c->shapes == NULL) {
		free (c);
		api->log (api->ctx, LHK_LOG_ERROR, "claude: out of memory");
		return LHK_ENOMEM;
	}
	c->api = api;
	arena_init (&c->arena);
	tool_table_init (&c->tools, api, TOOL_TABLE_MAX,
			 "more calls are open than linehook remembers");
	tool_table_init (&c->tasks, api, TOOL_TABLE_MAX,
			 "more tasks are in progress than linehook remembers");
	tool_table_init (&c->todos, api, CLAUDE_TODOS,
			 "the to-do list has more entries than linehook shows");
	tool_table_init (&c->asks, api, CLAUDE_ASKS,
			 "more questions are open than linehook remembers");
	lhk_shapes_init (c->shapes, claude_table (CLAUDE_STREAM),
			 claude_stream_holes, LHK_SHAPE_HOLES);
	c->resumed = argv_match_resume (options, n_options, &resume);
	claude_totals_anew (c);
	*ret = c;
	return LHK_OK;
}

/* Client tools end in lines of the user; what the API runs, in its own message. */
static const char *const call_ends[] = { "user", NULL };

static const struct lhk_command_part command_parts[] = {
	{ .words = { "claude", "-p", "--output-format=stream-json",
		     "--verbose" } },
	{ .with = LHK_WITH_DELTAS, .words = { "--include-partial-messages" } },
	{ .words = { "--model={model}" } },
	{ .words = { "--resume={session}" } },
	{ .permissions = "read-only", .words = { "--permission-mode=plan" } },
	{ .permissions = "edit", .words = { "--permission-mode=acceptEdits" } },
	{ .permissions = "all",
	  .words = { "--permission-mode=bypassPermissions" } },
	{ .words = { "{args}" } },
	{ .words = { "--", "{prompt}" } },
	{ .with = 0 },
};

static const char *const command_resume[] = { "claude", "--resume", "{session}",
					      NULL };

static const struct lhk_command command = {
	.size = sizeof command,
	.parts = command_parts,
	.resume = command_resume,
	.install = "npm install -g @anthropic-ai/claude-code",
};

/* An update would exchange the program under the runs of others. */
static const char *const agent_env[] = { "DISABLE_AUTOUPDATER=1", NULL };

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,
	.flags = LHK_PLUGIN_JSON | LHK_PLUGIN_CLAIMS | LHK_PLUGIN_LATE_COST,
	.name = "claude",
	.provider = "claude",
	.version = "1.0",
	.summary = "Claude Code: claude -p --output-format stream-json",
	.programs = programs,
	.probe = claude_probe,
	.open = claude_open,
	.line_hook = claude_line_hook,
	.close = claude_close,
	.hint = "add --output-format stream-json --verbose",
	.call_ends = call_ends,
	.call_parent = "parent_tool_use_id",
	.command = &command,
	.agent_env = agent_env,
	.made_for = "2.1.329",
};
