/* SPDX-License-Identifier: MIT */
/*
 * tool.c - tool calls and their results.
 *
 * A result has only the id of its call, so names are stored.  A refusal is
 * reported by a permission_denied line before the result, by tool_result_meta,
 * or (older programs) by the wording alone.
 */
#include "config.h"

#include "claude/claude.h"

int
claude_tool_use (struct claude *c, const struct claude_block *b,
		 const struct lhk_text *parent, int first)
{
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = LHK_TOOL_RUNNING,
		.type = tool_type_of (&b->name),
		.flags = first ? LHK_TOOL_NEXT_MESSAGE : 0,
		.id = b->id,
		.name = b->name,
		.server = b->server,
		.input = str_of_raw (&b->input),
	};
	struct tool_entry *call;
	int r;

	e.ev.parent = *parent;
	tool_mcp_split (&b->name, &e.server, &e.name);
	tool_brief_of (&b->input, &e.brief);
	r = tool_paths_of (&b->input, &c->arena, &e.paths, &e.n_paths);
	if (r < 0)
		return r;
	/* Without it only the name is missing in updates. */
	if (tool_table_add (&c->tools, &b->id, &e.name, &e.server, e.type,
			    LHK_TOOL_RUNNING)
	    == LHK_ENOMEM)
		return LHK_ENOMEM;
	call = tool_table_find (&c->tools, &b->id);
	if (call != NULL && !text_empty (parent))
		call->note = CALL_OF_SUBAGENT;
	r = emit (c->api, &e.ev);
	if (r == 0 && tool_is_question (&b->name))
		r = emit_tool_question (c->api, &e);
	return r < 0 ? r : claude_todo_call (c, b, parent);
}

/* Emit an update of a call, with what the stream does not repeat. */
static int
begin_update (struct claude *c, const struct lhk_text *id,
	      struct tool_entry **ret_call, struct lhk_ev_tool *ret)
{
	const struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.id = *id,
	};
	struct tool_entry *call = tool_table_find (&c->tools, id);

	*ret = e;
	*ret_call = call;
	if (call == NULL)
		return 0;
	ret->type = call->type;
	return tool_entry_texts (call, &c->arena, &ret->name, &ret->server);
}

static int
emit_update (struct claude *c, struct tool_entry *call, int status,
	     struct lhk_ev_tool *e)
{
	if (call != NULL)
		call->status = status;
	e->status = status;
	return emit (c->api, &e->ev);
}

int
claude_tool_denied (struct claude *c, const struct lhk_text *id,
		    const struct lhk_text *name, const struct lhk_raw *input)
{
	struct lhk_ev_tool e;
	struct tool_entry *call;
	int r;

	if (text_empty (id))
		return 0;
	r = begin_update (c, id, &call, &e);
	if (r < 0)
		return r;
	if (call == NULL) {
		e.name = *name;
		e.type = tool_type_of (name);
		tool_mcp_split (name, &e.server, &e.name);
		if (tool_table_add (&c->tools, id, &e.name, &e.server, e.type,
				    0)
		    == LHK_ENOMEM)
			return LHK_ENOMEM;
		call = tool_table_find (&c->tools, id);
	}
	if (call != NULL && call->status == LHK_TOOL_DENIED)
		return 0;
	if (input != NULL)
		e.input = str_of_raw (input);
	return emit_update (c, call, LHK_TOOL_DENIED, &e);
}

int
claude_tools_ended (struct claude *c)
{
	struct lhk_ev_tool e;
	struct tool_entry *call;
	struct lhk_text id;
	uint32_t i;
	int r = 0;

	for (i = 0; r == 0 && i < c->tools.used; i++) {
		call = tool_table_at (&c->tools, i);
		if (call == NULL || call->status != LHK_TOOL_RUNNING
		    || call->note == CALL_OF_SUBAGENT)
			continue;
		r = text_copy (&c->arena, &call->id, &id);
		if (r == 0)
			r = begin_update (c, &id, &call, &e);
		if (r == 0)
			r = emit_update (c, call, LHK_TOOL_CANCELED, &e);
	}
	return r;
}

int
claude_tool_runs (const struct claude *c, const struct lhk_text *parent)
{
	int note = text_empty (parent) ? 0 : CALL_OF_SUBAGENT;
	const struct tool_entry *call;
	uint32_t i;

	for (i = 0; i < c->tools.used; i++) {
		call = tool_table_at (&c->tools, i);
		if (call != NULL && call->status == LHK_TOOL_RUNNING
		    && call->note == note)
			return 1;
	}
	return 0;
}

static int
is_plain (const struct lhk_text *text, const struct lhk_text *plain)
{
	return text_empty (text)
	       || (plain->ptr != NULL
		   && lhk_text_is (text, plain->ptr, plain->len));
}

int
claude_tool_guess (struct claude *c, const struct lhk_text *name,
		   const struct lhk_text *server, struct lhk_text *ret)
{
	const struct tool_table *t = &c->tools;
	const struct tool_entry *call;
	uint32_t i;

	memset (ret, 0, sizeof (*ret));
	for (i = 1; i <= t->used; i++) {
		call = tool_table_at (
			t, tool_table_behind (t->next, t->used - i, t->used));
		if (call != NULL && call->status == LHK_TOOL_RUNNING
		    && is_plain (name, &call->name)
		    && is_plain (server, &call->server))
			return text_copy (&c->arena, &call->id, ret);
	}
	return 0;
}

int
claude_tool_asked (struct claude *c, const struct lhk_text *id)
{
	struct lhk_ev_tool e;
	struct tool_entry *call;
	int r = begin_update (c, id, &call, &e);

	if (r < 0 || call == NULL)
		return r;
	e.status = LHK_TOOL_PENDING;
	return emit (c->api, &e.ev);
}

int
claude_tool_deferred (struct claude *c, const struct claude_block *b)
{
	static const struct lhk_text absent;
	struct lhk_ev_tool e;
	struct tool_entry *call = tool_table_find (&c->tools, &b->id);
	int r = 0;

	if (call == NULL)
		r = claude_tool_use (c, b, &absent, 0);
	if (r == 0)
		r = begin_update (c, &b->id, &call, &e);
	return r < 0 ? r : emit_update (c, call, LHK_TOOL_PENDING, &e);
}

/* How the errors of calls that did not run begin. */
static const struct {
	const char *words;
	int status;
} wordings[] = {
	{ "Claude requested permissions to ", LHK_TOOL_DENIED },
	{ "Permission to use ", LHK_TOOL_DENIED },
	{ "Permission for this action ", LHK_TOOL_DENIED },
	{ "This command requires approval", LHK_TOOL_DENIED },
	{ "The user doesn't want to proceed with this tool use",
	  LHK_TOOL_CANCELED },
	{ "The user doesn't want to take this action", LHK_TOOL_CANCELED },
	{ "[Request interrupted by user", LHK_TOOL_CANCELED },
};

static int
status_by_words (const struct lhk_text *output)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (wordings); i++) {
		if (text_begins (output, wordings[i].words))
			return wordings[i].status;
	}
	return LHK_TOOL_FAILED;
}

/* "Exit code 3", then the end or a new line. */
static int
exit_code_of (const struct lhk_text *output, int32_t *ret)
{
	static const char words[] = "Exit code ";
	char head[sizeof (words) + 12];
	struct lhk_text begin;
	size_t len;
	size_t i;
	int32_t code = 0;

	if (!text_begins (output, words))
		return 0;
	begin = text_head (output, 6 * sizeof (head));
	len = lhk_text_decode (&begin, head, sizeof (head), NULL);
	for (i = sizeof (words) - 1; i < len; i++) {
		if (head[i] < '0' || head[i] > '9' || code > 99999999)
			break;
		code = code * 10 + (head[i] - '0');
	}
	if (i == sizeof (words) - 1 || (i < len && head[i] != '\n'))
		return 0;
	*ret = code;
	return 1;
}

/* A tool of the API itself tells its error by the type of its content:
 * "web_search_tool_result_error". */
static int
is_api_tool_error (const struct lhk_raw *content)
{
	struct claude_small inner;

	return content->type == LHK_JSON_OBJECT
	       && lhk_json_raw_object (content, claude_table (CLAUDE_SMALL),
				       &inner)
			  == LHK_OK
	       && text_contains (&inner.type, "_tool_result_error");
}

static int
status_of (const struct claude_block *b, const struct tool_entry *call,
	   const struct claude_result_meta *meta,
	   const struct claude_tool_result *r, const struct lhk_ev_tool *e)
{
	if (LHK_TEXT_IS (&meta->permission.decision, "reject")
	    || (call != NULL && call->status == LHK_TOOL_DENIED))
		return LHK_TOOL_DENIED;
	if (r->interrupted > 0)
		return LHK_TOOL_CANCELED;
	/* Without a decision the user was not asked: the turn was
	 * interrupted. */
	if (b->is_error > 0 && LHK_TEXT_IS (&meta->kind, "user-rejected"))
		return LHK_TOOL_CANCELED;
	if (b->is_error > 0)
		return status_by_words (&e->output);
	if (is_api_tool_error (&b->content))
		return LHK_TOOL_FAILED;
	if ((e->flags & LHK_TOOL_HAS_EXIT) && e->exit_code != 0 && call != NULL
	    && call->type == LHK_TYPE_EXECUTE)
		return LHK_TOOL_FAILED;
	return LHK_TOOL_DONE;
}

static void
read_exit_code (const struct claude_block *b,
		const struct claude_tool_result *r, struct lhk_ev_tool *e)
{
	int32_t code = 0;

	if (r->exit_code.has == 1 && r->exit_code.value >= INT32_MIN
	    && r->exit_code.value <= INT32_MAX)
		code = (int32_t) r->exit_code.value;
	else if (b->is_error <= 0 || !exit_code_of (&e->output, &code))
		return;
	e->exit_code = code;
	e->flags |= LHK_TOOL_HAS_EXIT;
}

/* A string, text blocks, or (tools of the API itself) anything else. */
static int
read_output (struct claude *c, const struct claude_block *b,
	     const struct claude_tool_result *r, struct lhk_ev_tool *e)
{
	size_t others;
	int ret;

	ret = content_text (&c->arena, &b->content, &e->output, &others);
	if (ret < 0)
		return ret;
	if (e->output.ptr == NULL && b->content.type == LHK_JSON_OBJECT) {
		e->output = text_of (b->content.ptr, b->content.len);
		e->flags |= LHK_TOOL_OUTPUT_JSON;
	}
	if (others > 0 || r->persisted.ptr != NULL
	    || text_begins (&e->output, "<persisted-output>"))
		e->flags |= LHK_TOOL_TRUNCATED;
	return 0;
}

static void
read_details (const struct lhk_raw *raw, struct claude_tool_result *ret)
{
	if (raw->type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (raw, claude_table (CLAUDE_TOOL_RESULT), ret)
		       != LHK_OK)
		memset (ret, 0, sizeof (*ret));
}

int
claude_tool_result (struct claude *c, const struct claude_block *b,
		    const struct claude_message_line *line,
		    const struct claude_metas *metas, int alone)
{
	static const struct lhk_raw none;
	struct claude_tool_result result;
	struct claude_result_meta meta;
	struct lhk_ev_tool e;
	struct tool_entry *call;
	int status;
	int r;

	read_details (alone ? &line->result : &none, &result);
	r = claude_metas_find (c, metas, &b->tool_use_id, &meta);
	if (r < 0)
		return r;
	r = begin_update (c, &b->tool_use_id, &call, &e);
	if (r < 0)
		return r;
	e.ev.parent = line->head.parent;
	r = read_output (c, b, &result, &e);
	if (r < 0)
		return r;
	read_exit_code (b, &result, &e);
	status = status_of (b, call, &meta, &result, &e);
	r = emit_update (c, call, status, &e);
	if (r == 0 && call != NULL && status == LHK_TOOL_DONE)
		r = claude_todo_result (c, call, &result);
	if (r == 0 && result.async <= 0
	    && !LHK_TEXT_IS (&result.status, "async_launched"))
		r = claude_task_returned (c, &b->tool_use_id);
	return r;
}
