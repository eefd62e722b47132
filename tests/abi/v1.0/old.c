/* SPDX-License-Identifier: MIT */
/*
 * old.c - a plugin of ABI 1.0, built from the headers beside it.
 *
 * Uses every member that 1.0 has: each kind of event, a log line, flush and
 * exited.
 */
#include <stdlib.h>
#include <string.h>

#include <linehook/plugin.h>

struct old {
	const struct lhk_api *api;
	int64_t lines;
};

static int
old_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	struct old *o;

	(void) options;
	(void) n_options;
	if (api->size < sizeof *api || api->abi_major != 1)
		return LHK_EABI;
	o = malloc (sizeof *o);
	if (o == NULL)
		return LHK_ENOMEM;
	o->api = api;
	o->lines = 0;
	*ret = o;
	return LHK_OK;
}

static int
emit_all (struct old *o)
{
	static const struct lhk_text names[] = { LHK_TEXT_INIT ("Read") };
	static const struct lhk_plan_entry entries[] = {
		{ LHK_TEXT_INIT ("think"), LHK_PLAN_DONE, 0 },
	};
	static const struct lhk_ev_session session = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = LHK_TEXT_INIT ("s1"),
		.tools = names,
		.n_tools = 1,
	};
	static const struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.text = LHK_TEXT_INIT ("old"),
	};
	static const struct lhk_ev_tool tool = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = LHK_TOOL_DONE,
		.name = LHK_TEXT_INIT ("Read"),
		.id = LHK_TEXT_INIT ("t1"),
		.paths = names,
		.n_paths = 1,
	};
	static const struct lhk_ev_plan plan = {
		.ev = LHK_EV (struct lhk_ev_plan, LHK_EV_PLAN),
		.entries = entries,
		.n_entries = 1,
	};
	static const struct lhk_ev_ask ask = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = LHK_TEXT_INIT ("a1"),
		.options = names,
		.n_options = 1,
	};
	static const struct lhk_ev_usage usage = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_TURN,
		.has = LHK_USAGE_INPUT | LHK_USAGE_OUTPUT,
		.input = 11,
		.output = 7,
	};
	static const struct lhk_ev_notice notice = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = LHK_LOG_INFO,
		.code = LHK_TEXT_INIT ("retry"),
		.text = LHK_TEXT_INIT ("again"),
	};
	static const struct lhk_ev_result result = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = LHK_VERDICT_OK,
		.terminal = 1,
	};
	const struct lhk_event *const events[] = {
		&session.ev, &text.ev,	&tool.ev,   &plan.ev,
		&ask.ev,     &usage.ev, &notice.ev, &result.ev,
	};
	size_t i;
	int r = LHK_OK;

	for (i = 0; i < sizeof events / sizeof events[0] && r == LHK_OK; i++)
		r = o->api->emit (o->api->ctx, events[i]);
	return r;
}

static int
old_line_hook (void *handle, const struct lhk_line *line)
{
	struct old *o = handle;

	if (line->size < sizeof *line || line->data[line->len] != '\n')
		return LHK_EABI;
	o->lines++;
	if (line->len == 3 && memcmp (line->data, "all", 3) == 0)
		return emit_all (o);
	o->api->log (o->api->ctx, LHK_LOG_INFO, "line %d", (int) o->lines);
	return LHK_SKIP;
}

static int
old_flush (void *handle)
{
	struct old *o = handle;

	return o->lines >= 0 ? LHK_OK : LHK_EBUG;
}

static int
old_exited (void *handle, const struct lhk_exit *how)
{
	(void) handle;
	return how->size >= sizeof *how ? LHK_OK : LHK_EABI;
}

static void
old_close (void *handle)
{
	free (handle);
}

static int
old_probe (const char *data, size_t len)
{
	return len == 3 && memcmp (data, "all", 3) == 0;
}

static const char *const old_programs[] = { "old-agent", NULL };

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,
	.needs_minor = 0,
	.flags = LHK_PLUGIN_CLAIMS,
	.name = "old",
	.provider = "old",
	.version = "1",
	.summary = "built from the headers of ABI 1.0",
	.programs = old_programs,
	.probe = old_probe,
	.open = old_open,
	.line_hook = old_line_hook,
	.flush = old_flush,
	.exited = old_exited,
	.close = old_close,
};
