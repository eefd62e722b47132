/* SPDX-License-Identifier: MIT */
/*
 * result.c - the end of a turn: refusals, usage, and the program's claim.
 *
 * There may be several results in a run.  `subtype' lies (an API error is a
 * "success"), `is_error' and `terminal_reason' do not.
 */
#include "config.h"

#include "claude/claude.h"

enum { SUBTYPE, REASON, STOP };

/* The first rule whose member begins with these words. */
static const struct {
	int member;
	const char *words;
	int verdict;
} rules[] = {
	{ REASON, "aborted", LHK_VERDICT_CANCELED },
	{ SUBTYPE, "error_max_turns", LHK_VERDICT_LIMIT },
	{ SUBTYPE, "error_max_budget_usd", LHK_VERDICT_LIMIT },
	{ REASON, "max_turns", LHK_VERDICT_LIMIT },
	{ REASON, "budget_exhausted", LHK_VERDICT_LIMIT },
	{ STOP, "refusal", LHK_VERDICT_REFUSED },
	{ SUBTYPE, "error", LHK_VERDICT_FAILED },
};

static int
verdict_of_line (const struct claude_result_line *line)
{
	const struct lhk_text *const members[] = {
		[SUBTYPE] = &line->head.subtype,
		[REASON] = &line->terminal_reason,
		[STOP] = &line->stop_reason,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (rules); i++) {
		if (text_begins (members[rules[i].member], rules[i].words))
			return rules[i].verdict;
	}
	return line->is_error > 0 ? LHK_VERDICT_FAILED : LHK_VERDICT_OK;
}

static int
emit_denials (struct claude *c, const struct lhk_raw *list)
{
	struct claude_denial d;
	struct lhk_raw raw;
	struct lhk_json j;
	int r;

	if (list->type != LHK_JSON_ARRAY)
		return 0;
	lhk_json_begin_raw (&j, list);
	lhk_json_enter (&j);
	while (lhk_json_element (&j) && lhk_json_raw (&j, &raw)) {
		if (raw.type != LHK_JSON_OBJECT
		    || lhk_json_raw_object (&raw, claude_table (CLAUDE_DENIAL),
					    &d)
			       != LHK_OK)
			continue;
		r = claude_tool_denied (c, &d.id, &d.name, &d.input);
		if (r < 0)
			return r;
	}
	return 0;
}

/* A string; a number as it is written (structured answers of old programs). */
static struct lhk_text
answer_of (const struct claude_result_line *line)
{
	struct lhk_text text = { NULL, 0, 0, 0 };

	if (line->result.type == LHK_JSON_NUMBER)
		return text_of (line->result.ptr, line->result.len);
	lhk_raw_text (&line->result, &text);
	/* A turn that the program began itself and that had nothing to say
	 * must not take the place of the answer before it. */
	if (text.len == 0 && line->origin.type == LHK_JSON_OBJECT)
		text.ptr = NULL;
	return text;
}

static int
emit_claim (struct claude *c, const struct claude_result_line *line)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = verdict_of_line (line),
		.stop_reason = line->stop_reason,
		.text = answer_of (line),
	};
	int r;

	/* After an error stop_reason is that of an answer made up. */
	if (!text_empty (&line->terminal_reason)
	    && (text_empty (&e.stop_reason)
		|| (e.verdict != LHK_VERDICT_OK
		    && e.verdict != LHK_VERDICT_REFUSED)))
		e.stop_reason = line->terminal_reason;
	if (e.verdict != LHK_VERDICT_OK) {
		r = claude_join (c, &line->errors, &e.error);
		if (r < 0)
			return r;
		if (text_empty (&e.error))
			e.error = e.text;
	}
	e.terminal = !claude_task_pending (c)
		     && !(line->queued.has && line->queued.value > 0);
	c->open_claim = e.terminal ? 0 : e.verdict;
	name_set (&c->open_reason, &e.stop_reason);
	return emit (c->api, &e.ev);
}

int
claude_result (struct claude *c, const union claude_line *line)
{
	const struct claude_result_line *result = &line->result;
	int r;

	r = claude_session (c, &result->head.session_id);
	if (r == 0)
		r = emit_denials (c, &result->denials);
	if (r == 0)
		r = claude_turn_usage (c, result);
	return r < 0 ? r : emit_claim (c, result);
}
