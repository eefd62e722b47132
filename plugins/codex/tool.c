/* SPDX-License-Identifier: MIT */
/*
 * tool.c - items that are tool calls.
 *
 * Each kind of call fills the same event; the table at the end says which
 * function knows which kind.  Every line of a call repeats all it says, so
 * nothing has to be remembered of it.
 */
#include "config.h"

#include "codex/codex.h"
#include "common/exit_code.h"

static const struct {
	const char *word;
	int status;
} statuses[] = {
	{ "in_progress", LHK_TOOL_RUNNING }, { "completed", LHK_TOOL_DONE },
	{ "failed", LHK_TOOL_FAILED },	     { "declined", LHK_TOOL_DENIED },
	{ "canceled", LHK_TOOL_CANCELED },   { "cancelled", LHK_TOOL_CANCELED },
};

static int
status_of (const struct codex_item *item, int phase)
{
	int status =
		phase == CODEX_COMPLETED ? LHK_TOOL_DONE : LHK_TOOL_RUNNING;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (statuses); i++) {
		if (lhk_text_is (&item->status, statuses[i].word,
				 strlen (statuses[i].word)))
			status = statuses[i].status;
	}
	if (item->exit_code.has && item->exit_code.value != 0
	    && status == LHK_TOOL_DONE)
		status = LHK_TOOL_FAILED;
	return status;
}

int
codex_wrap_value (struct codex *c, const char *key, const char *value,
		  size_t len, struct lhk_str *ret)
{
	size_t key_len = strlen (key);
	char *p;

	if (len > SIZE_MAX / 4)
		return LHK_ENOMEM;
	p = arena_alloc (&c->arena, key_len + len + 5);
	if (p == NULL)
		return LHK_ENOMEM;
	ret->ptr = p;
	ret->len = key_len + len + 5;
	*p++ = '{';
	*p++ = '"';
	memcpy (p, key, key_len);
	p += key_len;
	*p++ = '"';
	*p++ = ':';
	memcpy (p, value, len);
	p[len] = '}';
	return LHK_OK;
}

int
codex_wrap_text (struct codex *c, const char *key, const struct lhk_text *text,
		 struct lhk_str *ret)
{
	if (text->ptr == NULL)
		return LHK_OK;
	return codex_wrap_value (c, key, text->ptr - 1, text->len + 2, ret);
}

struct change {
	struct lhk_text path;
	struct lhk_text kind;
};

static const struct lhk_field change_fields[] = {
	LHK_FIELD ("path", LHK_FIELD_TEXT, struct change, path),
	LHK_FIELD ("kind", LHK_FIELD_TEXT, struct change, kind),
};
LHK_FIELDS (change_table, struct change, change_fields);

static int
fill_file_change (struct codex *c, const struct codex_item *item,
		  struct lhk_ev_tool *e)
{
	struct texts paths = { NULL, 0, 0 };
	size_t deleted = 0, max = raw_count (&item->changes);
	struct lhk_json j;
	struct lhk_raw raw;
	struct change change;

	e->type = LHK_TYPE_EDIT;
	e->name = LIT ("file_change");
	if (item->changes.type != LHK_JSON_ARRAY)
		return LHK_OK;
	if (max > TEXTS_MAX)
		max = TEXTS_MAX;
	if (texts_reserve (&paths, &c->arena, max) < 0)
		return LHK_ENOMEM;
	lhk_json_begin_raw (&j, &item->changes);
	lhk_json_enter (&j);
	while (paths.n < max && lhk_json_element (&j)
	       && lhk_json_raw (&j, &raw)) {
		if (raw.type != LHK_JSON_OBJECT
		    || lhk_json_raw_object (&raw, &change_table, &change)
			       != LHK_OK
		    || change.path.ptr == NULL)
			continue;
		if (texts_add (&paths, &c->arena, &change.path) < 0)
			return LHK_ENOMEM;
		deleted += LHK_TEXT_IS (&change.kind, "delete");
	}
	if (paths.n > 0) {
		e->brief = paths.list[0];
		if (deleted == paths.n)
			e->type = LHK_TYPE_DELETE;
	}
	e->paths = paths.list;
	e->n_paths = paths.n;
	return codex_wrap_value (c, "changes", item->changes.ptr,
				 item->changes.len, &e->input);
}

struct search {
	struct lhk_text type;
	struct lhk_text query;
	struct lhk_text url;
	struct lhk_text pattern;
};

static const struct lhk_field search_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct search, type),
	LHK_FIELD ("query", LHK_FIELD_TEXT, struct search, query),
	LHK_FIELD ("url", LHK_FIELD_TEXT, struct search, url),
	LHK_FIELD ("pattern", LHK_FIELD_TEXT, struct search, pattern),
};
LHK_FIELDS (search_table, struct search, search_fields);

static int
fill_web_search (struct codex *c, const struct codex_item *item,
		 struct lhk_ev_tool *e)
{
	struct search s;

	e->type = LHK_TYPE_FETCH;
	e->name = LIT ("web_search");
	e->brief = item->query;
	if (item->action.type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (&item->action, &search_table, &s) != LHK_OK)
		return codex_wrap_text (c, "query", &item->query, &e->input);
	if (text_empty (&e->brief))
		e->brief = text_empty (&s.query) ? s.url : s.query;
	if (text_empty (&e->brief))
		e->brief = s.pattern;
	e->input = str_of_raw (&item->action);
	return LHK_OK;
}

/* Legacy: the arguments are a string that holds JSON. */
static int
fill_function_call (struct codex *c, const struct codex_item *item,
		    struct lhk_ev_tool *e)
{
	struct lhk_raw input = item->arguments;
	struct lhk_text text;
	int r;

	e->name = item->name;
	e->type = tool_type_of (&item->name);
	if (lhk_raw_text (&item->arguments, &text)) {
		r = raw_from_text (&c->arena, &text, &input);
		if (r <= 0)
			return r;
	}
	if (input.type != LHK_JSON_OBJECT)
		return LHK_OK;
	e->input = str_of_raw (&input);
	tool_brief_of (&input, &e->brief);
	return tool_paths_of (&input, &c->arena, &e->paths, &e->n_paths);
}

static int
fill_command (struct codex *c, const struct codex_item *item,
	      struct lhk_ev_tool *e)
{
	int r = LHK_OK;

	/* Some versions say what is run as the arguments of a call. */
	if (item->command.ptr == NULL)
		r = fill_function_call (c, item, e);
	if (r < 0)
		return r;
	e->type = LHK_TYPE_EXECUTE;
	if (text_empty (&e->name))
		e->name = LIT ("command_execution");
	if (item->command.ptr != NULL)
		e->brief = item->command;
	e->output = item->aggregated_output;
	tool_event_set_exit (e, &item->exit_code);
	return codex_wrap_text (c, "command", &item->command, &e->input);
}

static const struct {
	const char *type;
	int (*fill) (struct codex *c, const struct codex_item *item,
		     struct lhk_ev_tool *e);
} tools[] = {
	{ "command_execution", fill_command },
	{ "file_change", fill_file_change },
	{ "mcp_tool_call", codex_fill_mcp },
	{ "web_search", fill_web_search },
	{ "collab_tool_call", codex_fill_collab },
	{ "function_call", fill_function_call },
};

/* A command that was not allowed was asked for. */
static int
emit_declined (struct codex *c, const struct lhk_ev_tool *tool)
{
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = tool->id,
		.tool = tool->id,
		.text = tool->brief,
		.outcome = LIT ("declined"),
	};

	return emit (c->api, &e.ev);
}

static int
emit_call (struct codex *c, const struct codex_item *item, int phase,
	   size_t tool)
{
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = status_of (item, phase),
		.id = item->id,
	};
	int r;

	r = tools[tool].fill (c, item, &e);
	if (r < 0)
		return r;
	/* The empty output of a call that still runs says nothing. */
	if (e.status == LHK_TOOL_RUNNING && e.output.len == 0)
		memset (&e.output, 0, sizeof (e.output));
	r = emit (c->api, &e.ev);
	if (r < 0 || e.status != LHK_TOOL_DENIED)
		return r;
	return emit_declined (c, &e);
}

int
codex_tool (struct codex *c, const struct codex_item *item, int phase)
{
	const struct lhk_text *type = &item->type;
	size_t i;

	if (!text_empty (&item->item_type))
		type = &item->item_type;
	for (i = 0; i < ARRAY_SIZE (tools); i++) {
		if (lhk_text_is (type, tools[i].type, strlen (tools[i].type)))
			return emit_call (c, item, phase, i);
	}
	return LHK_SKIP;
}
