/* SPDX-License-Identifier: MIT */
/*
 * droid.c - lines to events, and the descriptor.
 *
 * Every line has the id of a session.  Where the first line was lost, another
 * tells it; but one of a type that is not known may be of another session.
 */
#include "config.h"

#include <stdlib.h>

#include "droid/droid.h"

int
droid_session (struct droid *d, const struct droid_line *line)
{
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = line->session_id,
		.resumed = d->resumed,
	};

	if (text_empty (&e.id) || id_copy_is (&d->session, &e.id))
		return LHK_OK;
	id_copy_set (&d->session, &e.id);
	return emit (d->api, &e.ev);
}

/* KNOWN: the line is of a known type. */
static int
first_session (struct droid *d, const struct droid_line *line, int known)
{
	if (d->session.len && !(d->guessed && known))
		return LHK_OK;
	d->guessed = !known;
	return droid_session (d, line);
}

static int
on_system (struct droid *d, const struct droid_line *line, uint32_t line_flags)
{
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = line->session_id,
		.model = line->model,
		.cwd = line->cwd,
		.resumed = d->resumed,
	};
	struct texts tools = { NULL, 0, 0 };
	int r;

	(void) line_flags;
	if (!LHK_TEXT_IS (&line->subtype, "init") || text_empty (&e.id))
		return LHK_SKIP;
	id_copy_set (&d->session, &e.id);
	d->guessed = 0;
	d->error_len = 0;
	r = texts_add_list (&tools, &d->arena, &line->tools);
	if (r < 0)
		return r;
	e.tools = tools.list;
	e.n_tools = tools.n;
	return emit (d->api, &e.ev);
}

static const struct {
	const char *type;
	int (*fn) (struct droid *d, const struct droid_line *line,
		   uint32_t line_flags);
} lines[] = {
	{ "message", droid_message },
	{ "reasoning", droid_reasoning },
	{ "tool_call", droid_tool_call },
	{ "tool_result", droid_tool_result },
	{ "completion", droid_completion },
	{ "error", droid_failed },
	{ "system", on_system },
	{ "result", droid_result },
};

static int
droid_line_hook (void *handle, const struct lhk_line *line)
{
	struct droid *d = handle;
	struct droid_line l;
	size_t i;
	int r;

	if (droid_read (line->data, line->len, &l) != LHK_OK)
		return LHK_EPARSE;
	arena_reset (&d->arena);
	for (i = 0; i < ARRAY_SIZE (lines); i++)
		if (lhk_text_is (&l.type, lines[i].type,
				 strlen (lines[i].type)))
			break;
	if (i < ARRAY_SIZE (lines) && lines[i].fn == on_system)
		return on_system (d, &l, line->flags);
	r = first_session (d, &l, i < ARRAY_SIZE (lines));
	if (r < 0)
		return r;
	return i < ARRAY_SIZE (lines) ? lines[i].fn (d, &l, line->flags)
				      : LHK_SKIP;
}

static const char *const programs[] = { "droid", "@factory/cli", NULL };

/* Options that resume an earlier session. */
static const char *const resuming[] = { "-s", "--session-id", "--fork", NULL };
static const struct argv_resume resume = { programs, resuming, "h" };

static int
droid_open (const struct lhk_api *api, const struct lhk_option *options,
	    size_t n_options, void **ret)
{
	struct droid *d = calloc (1, sizeof (*d));

	if (d == NULL) {
		api->log (api->ctx, LHK_LOG_ERROR, "droid: no memory");
		return LHK_ENOMEM;
	}
	d->api = api;
	d->resumed = argv_match_resume (options, n_options, &resume);
	arena_init (&d->arena);
	*ret = d;
	return LHK_OK;
}

static void
droid_close (void *handle)
{
	struct droid *d = handle;

	arena_free (&d->arena);
	free (d);
}

static const char *const call_ends[] = { "tool_result", NULL };

/* Without an option it still runs commands that the model calls harmless. */
static const struct lhk_command_part command_parts[] = {
	{ .words = { "droid", "exec", "--output-format=stream-json" } },
	{ .words = { "--model={model}" } },
	{ .words = { "--session-id={session}" } },
	{ .permissions = "read-only",
	  .words = { "--only-tools=Read,LS,Grep,Glob,WebSearch,FetchUrl" } },
	{ .permissions = "edit", .words = { "--auto=low" } },
	{ .permissions = "all", .words = { "--skip-permissions-unsafe" } },
	{ .words = { "{args}" } },
	{ .words = { "--", "{prompt}" } },
	{ .with = 0 },
};

static const char *const command_resume[] = { "droid", "--resume", "{session}",
					      NULL };

static const struct lhk_command command = {
	.size = sizeof command,
	.parts = command_parts,
	.resume = command_resume,
	.install = "npm install -g @factory/cli",
};

/* An update would exchange the program under the runs of others. */
static const char *const agent_env[] = {
	"FACTORY_DROID_AUTO_UPDATE_ENABLED=false", NULL
};

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,
	.flags = LHK_PLUGIN_JSON | LHK_PLUGIN_CLAIMS | LHK_PLUGIN_NO_COST
		 | LHK_PLUGIN_LATE_TOKENS,
	.name = "droid",
	.provider = "droid",
	.version = "1.0",
	.summary = "Factory Droid: droid exec -o stream-json",
	.programs = programs,
	.probe = droid_probe,
	.open = droid_open,
	.line_hook = droid_line_hook,
	.close = droid_close,
	.hint = "add -o stream-json",
	.call_ends = call_ends,
	.command = &command,
	.agent_env = agent_env,
	.made_for = "0.225.2",
};
