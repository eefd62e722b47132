/* SPDX-License-Identifier: MIT */
/* control.c - questions to the host program, limits, and other rare lines. */
#include "config.h"

#include "claude/claude.h"

/* What is asked: a tool and the main argument of its call, or a message. */
static int
question_of (struct claude *c, const struct claude_request *q,
	     struct lhk_text *ret)
{
	struct texts parts = { NULL, 0, 0 };
	struct lhk_text brief;
	int r;

	if (!text_empty (&q->message)) {
		*ret = q->message;
		return 0;
	}
	tool_brief_of (&q->input, &brief);
	r = texts_add (&parts, &c->arena, &q->tool_name);
	if (r == 0 && !text_empty (&brief))
		r = texts_add (&parts, &c->arena, &brief);
	return r < 0 ? r : text_join_by (&c->arena, &parts, ": ", ret);
}

/* The call that waits for the answer; older programs do not name it, nor does
 * the server of a tool that has a question of its own. */
static int
call_of (struct claude *c, const struct claude_request *q, struct lhk_text *ret)
{
	struct lhk_text name, server = q->server;

	*ret = q->tool_use_id;
	if (!text_empty (ret)
	    || (text_empty (&q->tool_name) && text_empty (&server)))
		return 0;
	name = q->tool_name;
	tool_mcp_split (&q->tool_name, &server, &name);
	return claude_tool_guess (c, &name, &server, ret);
}

static int
ask (struct claude *c, const struct claude_other_line *o, struct lhk_ev_ask *e)
{
	int r;

	e->ev.parent = o->head.parent;
	e->id = o->request_id;
	r = question_of (c, &o->request, &e->text);
	if (r == 0)
		r = call_of (c, &o->request, &e->tool);
	/* Without it only the call is missing when the question is closed. */
	if (r == 0 && !text_empty (&e->tool)
	    && tool_table_add (&c->asks, &e->id, &e->tool, &LIT (""), 0, 0)
		       == LHK_ENOMEM)
		return LHK_ENOMEM;
	if (r == 0)
		r = claude_tool_asked (c, &e->tool);
	return r < 0 ? r : emit (c->api, &e->ev);
}

int
claude_control_request (struct claude *c, const union claude_line *line)
{
	static const struct lhk_text permission[] = {
		LHK_TEXT_INIT ("allow"),
		LHK_TEXT_INIT ("deny"),
	};
	static const struct lhk_text answer[] = {
		LHK_TEXT_INIT ("accept"),
		LHK_TEXT_INIT ("decline"),
		LHK_TEXT_INIT ("cancel"),
	};
	const struct claude_other_line *o = &line->other;
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.options = permission,
		.n_options = ARRAY_SIZE (permission),
	};

	if (LHK_TEXT_IS (&o->request.subtype, "elicitation")) {
		e.options = answer;
		e.n_options = ARRAY_SIZE (answer);
	} else if (!LHK_TEXT_IS (&o->request.subtype, "can_use_tool")) {
		return LHK_OK;
	}
	return ask (c, o, &e);
}

int
claude_control_cancel (struct claude *c, const union claude_line *line)
{
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = line->other.request_id,
		.outcome = LIT ("canceled"),
	};
	struct tool_entry *asked = tool_table_find (&c->asks, &e.id);
	struct lhk_text none;

	if (text_empty (&e.id))
		return LHK_OK;
	if (asked != NULL) {
		if (tool_entry_texts (asked, &c->arena, &e.tool, &none) < 0)
			return LHK_ENOMEM;
		tool_table_remove (&c->asks, asked);
	}
	return emit (c->api, &e.ev);
}

/* The line comes when the state of a limit changes, to "allowed" too. */
int
claude_rate_limit (struct claude *c, const union claude_line *line)
{
	const struct lhk_raw *info = &line->other.rate_limit;
	struct texts parts = { NULL, 0, 0 };
	struct claude_small limit;
	struct lhk_text text;
	int level = LHK_LOG_WARN;
	int r;

	memset (&limit, 0, sizeof (limit));
	if (info->type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (info, claude_table (CLAUDE_SMALL), &limit)
		       != LHK_OK)
		return LHK_OK;
	r = texts_add (&parts, &c->arena,
		       text_empty (&limit.kind) ? &LIT ("rate limit")
						: &limit.kind);
	if (r == 0 && !text_empty (&limit.status))
		r = texts_add (&parts, &c->arena, &limit.status);
	if (r == 0)
		r = text_join_by (&c->arena, &parts, ": ", &text);
	if (r < 0)
		return r;
	if (LHK_TEXT_IS (&limit.status, "allowed"))
		level = LHK_LOG_INFO;
	else if (LHK_TEXT_IS (&limit.status, "rejected"))
		level = LHK_LOG_ERROR;
	return emit_notice (c->api, level, LHK_CODE_RATE_LIMIT, &text, info);
}

/* The new session begins with the first line of it: until then there is nothing
 * that could be resumed, and no new work. */
int
claude_reset (struct claude *c, const union claude_line *line)
{
	(void) line;
	c->session_emitted = 0;
	return LHK_OK;
}

int
claude_auth (struct claude *c, const union claude_line *line)
{
	const struct lhk_text *error = &line->other.error;

	if (text_empty (error))
		return LHK_OK;
	return emit_notice (c->api, LHK_LOG_WARN, LHK_CODE_PROVIDER_ERROR,
			    error, NULL);
}

int
claude_quiet (struct claude *c, const union claude_line *line)
{
	(void) c;
	(void) line;
	return LHK_OK;
}

int
claude_heartbeat (struct claude *c, const union claude_line *line)
{
	(void) c;
	(void) line;
	return LHK_HEARTBEAT;
}
