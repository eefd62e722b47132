/* SPDX-License-Identifier: MIT */
/* control.c - questions to the host program, limits, and other rare lines. */
#include "config.h"

#include "claude/claude.h"

int
claude_control_request (struct claude *c, const union claude_line *line)
{
	static const struct lhk_text options[] = {
		LHK_TEXT_INIT ("allow"),
		LHK_TEXT_INIT ("deny"),
	};
	const struct claude_other_line *o = &line->other;
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = o->request_id,
		.tool = o->request.tool_use_id,
		.options = options,
		.n_options = ARRAY_SIZE (options),
	};
	struct texts parts = { NULL, 0, 0 };
	struct lhk_text brief;
	int r;

	if (!LHK_TEXT_IS (&o->request.subtype, "can_use_tool"))
		return LHK_OK;
	tool_brief_of (&o->request.input, &brief);
	r = texts_add (&parts, &c->arena, &o->request.tool_name);
	if (r == 0 && !text_empty (&brief))
		r = texts_add (&parts, &c->arena, &brief);
	if (r == 0)
		r = text_join_by (&c->arena, &parts, ": ", &e.text);
	if (r < 0)
		return r;
	e.ev.parent = o->head.parent;
	r = claude_tool_asked (c, &e.tool);
	return r < 0 ? r : emit (c->api, &e.ev);
}

int
claude_control_cancel (struct claude *c, const union claude_line *line)
{
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = line->other.request_id,
		.outcome = LIT ("canceled"),
	};

	return text_empty (&e.id) ? LHK_OK : emit (c->api, &e.ev);
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

int
claude_reset (struct claude *c, const union claude_line *line)
{
	return claude_session (c, &line->other.new_id);
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
