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

/* The first rule whose member begins with these words; what the error is, if
 * the line has no words for it. */
static const struct rule {
	int member;
	const char *words;
	int verdict;
	const char *error;
} rules[] = {
	{ REASON, "aborted", LHK_VERDICT_CANCELED, NULL },
	{ SUBTYPE, "error_max_turns", LHK_VERDICT_LIMIT,
	  "the limit of turns was reached" },
	{ SUBTYPE, "error_max_budget_usd", LHK_VERDICT_LIMIT,
	  "the budget was used up" },
	{ REASON, "max_turns", LHK_VERDICT_LIMIT,
	  "the limit of turns was reached" },
	{ REASON, "budget_exhausted", LHK_VERDICT_LIMIT,
	  "the budget was used up" },
	{ STOP, "refusal", LHK_VERDICT_REFUSED, NULL },
	{ REASON, "api_error", LHK_VERDICT_FAILED, NULL },
	{ REASON, "image_error", LHK_VERDICT_FAILED,
	  "the model could not read an image" },
	{ REASON, "model_error", LHK_VERDICT_FAILED, "the model failed" },
	{ REASON, "prompt_too_long", LHK_VERDICT_FAILED,
	  "the conversation is too long for the model" },
	{ SUBTYPE, "error_during_execution", LHK_VERDICT_FAILED,
	  "an error broke off the turn" },
	{ SUBTYPE, "error_max_structured_output_retries", LHK_VERDICT_FAILED,
	  "no structured output matched the schema, and no attempt was left" },
	{ SUBTYPE, "error", LHK_VERDICT_FAILED, NULL },
};

/* How an answer that is no failure was cut. */
static const struct rule cuts[] = {
	{ STOP, "max_tokens", LHK_VERDICT_LIMIT,
	  "the answer was cut at the limit of output tokens" },
	{ STOP, "model_context_window_exceeded", LHK_VERDICT_LIMIT,
	  "the answer was cut: the context of the model is full" },
};

static const struct rule *
find_rule (const struct claude_result_line *line, const struct rule *list,
	   size_t n)
{
	const struct lhk_text *const members[] = {
		[SUBTYPE] = &line->head.subtype,
		[REASON] = &line->terminal_reason,
		[STOP] = &line->stop_reason,
	};
	size_t i;

	for (i = 0; i < n; i++)
		if (text_begins (members[list[i].member], list[i].words))
			return &list[i];
	return NULL;
}

static int
has_error_status (const struct claude_result_line *line)
{
	struct lhk_num status;

	return lhk_raw_num (&line->error_status, &status)
	       && status.value >= 400;
}

static struct rule
rule_of (const struct claude_result_line *line)
{
	static const struct rule failed = { 0, NULL, LHK_VERDICT_FAILED, NULL };
	static const struct rule ok = { 0, NULL, LHK_VERDICT_OK, NULL };
	const struct rule *rule;

	rule = find_rule (line, rules, ARRAY_SIZE (rules));
	if (rule == NULL && (line->is_error > 0 || has_error_status (line)))
		rule = &failed;
	if (rule == NULL)
		rule = find_rule (line, cuts, ARRAY_SIZE (cuts));
	return rule != NULL ? *rule : ok;
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

/* A value that is no text, as it is written. */
static struct lhk_text
text_of_value (const struct lhk_raw *raw)
{
	struct lhk_text text = { NULL, 0, 0, 0 };

	if (raw->type == LHK_JSON_NONE || raw->type == LHK_JSON_NULL
	    || lhk_raw_text (raw, &text))
		return text;
	return text_of (raw->ptr, raw->len);
}

/* Is there nothing to read in a short text? */
static int
is_blank (const struct lhk_text *text)
{
	const struct lhk_text head = text_head (text, 512);
	char words[512];
	size_t n = lhk_text_decode (&head, words, sizeof (words), NULL);
	size_t i = 0;

	while (i < n && words[i] != '\0'
	       && strchr (" \t\r\n", words[i]) != NULL)
		i++;
	return i == n && head.len == text->len;
}

/* The answer; with a JSON schema it is in a member of its own. */
static struct lhk_text
answer_of (const struct claude_result_line *line)
{
	struct lhk_text text = text_of_value (&line->result);
	struct lhk_text structured = text_of_value (&line->structured);

	if (is_blank (&text) && !text_empty (&structured))
		return structured;
	/* A turn that the program began itself and that had nothing to say has
	 * no answer. */
	if (is_blank (&text) && line->origin.type == LHK_JSON_OBJECT)
		text.ptr = NULL;
	return text;
}

/* The words of the error, else the text that stands where the answer would,
 * else what the members say of it. */
static int
error_of (struct claude *c, const struct claude_result_line *line,
	  const struct rule *rule, struct lhk_text *ret)
{
	static const struct lhk_raw none;
	int r = claude_words (c, &line->errors, ret);

	if (r == 0 && text_empty (ret))
		r = claude_words (c, &line->error, ret);
	if (r < 0 || !text_empty (ret))
		return r;
	if (line->is_error > 0 || rule->error == NULL
	    || rule->verdict == LHK_VERDICT_FAILED)
		*ret = answer_of (line);
	if (!text_empty (ret))
		return 0;
	if (rule->error != NULL) {
		*ret = text_str (rule->error);
		return 0;
	}
	r = claude_error_text (c, &none, &line->error_status, &line->error_type,
			       ret);
	if (text_empty (ret) && rule->verdict == LHK_VERDICT_FAILED
	    && text_begins (&line->head.subtype, "error"))
		*ret = line->head.subtype;
	return r;
}

/* Is it a turn that the program began itself, behind one that a limit ended?
 * The limit stands, with its error. */
static int
is_limit_still (struct claude *c, const struct claude_result_line *line,
		const struct rule *rule)
{
	if (line->origin.type == LHK_JSON_OBJECT)
		return c->at_limit && rule->verdict == LHK_VERDICT_OK;
	c->at_limit =
		rule->verdict == LHK_VERDICT_LIMIT && rule->member != STOP;
	return 0;
}

static int
emit_claim (struct claude *c, const struct claude_result_line *line)
{
	const struct rule rule = rule_of (line);
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = rule.verdict,
		.stop_reason = line->stop_reason,
		.text = answer_of (line),
	};
	int r;

	/* After an error stop_reason is that of an answer made up. */
	if (!text_empty (&line->terminal_reason)
	    && (text_empty (&e.stop_reason)
		|| (e.verdict != LHK_VERDICT_OK && rule.member != STOP)))
		e.stop_reason = line->terminal_reason;
	if (e.verdict != LHK_VERDICT_OK) {
		r = error_of (c, line, &rule, &e.error);
		if (r < 0)
			return r;
	}
	if (is_limit_still (c, line, &rule))
		e.verdict = LHK_VERDICT_LIMIT;
	e.terminal = !(line->queued.has && line->queued.value > 0);
	return emit (c->api, &e.ev);
}

/* A call that the program leaves to whoever resumes the session. */
static int
emit_deferred (struct claude *c, const struct lhk_raw *raw)
{
	struct claude_block b;

	if (raw->type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (raw, claude_table (CLAUDE_BLOCK), &b)
		       != LHK_OK
	    || text_empty (&b.id))
		return 0;
	return claude_tool_deferred (c, &b);
}

/* Does a result say how the turn went?  A torn one does not. */
static int
is_claim (const struct claude_result_line *line)
{
	return line->cost.type != LHK_JSON_NONE
	       || line->since_last.type != LHK_JSON_NONE
	       || line->usage.input.has || line->usage.output.has
	       || line->denials.type != LHK_JSON_NONE || line->queued.has
	       || !text_empty (&line->head.subtype) || line->is_error != 0
	       || line->result.type != LHK_JSON_NONE
	       || !text_empty (&line->terminal_reason)
	       || !text_empty (&line->stop_reason);
}

/* Is it a result that came before, printed once more? */
static int
is_repeated (struct claude *c, const struct claude_result_line *line)
{
	const int64_t numbers[] = {
		line->is_error,
		line->usage.input.value,
		line->usage.output.value,
	};
	const struct lhk_str parts[] = {
		{ (const char *) numbers, sizeof (numbers) },
		{ line->head.subtype.ptr, line->head.subtype.len },
		{ line->stop_reason.ptr, line->stop_reason.len },
		{ line->terminal_reason.ptr, line->terminal_reason.len },
		str_of_raw (&line->result),
		str_of_raw (&line->structured),
		str_of_raw (&line->errors),
		str_of_raw (&line->error),
		str_of_raw (&line->cost),
		str_of_raw (&line->model_usage),
		str_of_raw (&line->since_last),
	};

	return claude_repeated (c, &line->head.uuid, parts, ARRAY_SIZE (parts));
}

/* Older programs leave out why the answer ended; its message has told it. */
static int
find_stop_reason (struct claude *c, struct claude_result_line *line)
{
	struct lhk_text stop = id_copy_text (&c->stop);

	c->stop.len = 0;
	return text_empty (&line->stop_reason)
		       ? text_copy (&c->arena, &stop, &line->stop_reason)
		       : 0;
}

static int
on_result (struct claude *c, const struct claude_result_line *result)
{
	int r = 0;

	c->nameless_call = 0;
	c->turn_over = 1;
	if (is_claim (result) || !c->session_emitted)
		r = claude_result_session (c, result);
	if (r == 0)
		r = emit_denials (c, &result->denials);
	if (r == 0)
		r = emit_deferred (c, &result->deferred);
	if (r == 0 && rule_of (result).verdict != LHK_VERDICT_OK)
		r = claude_tools_ended (c);
	if (r == 0)
		r = claude_turn_usage (c, result);
	if (r < 0)
		return r;
	return is_claim (result) ? emit_claim (c, result) : LHK_SKIP;
}

int
claude_result (struct claude *c, const union claude_line *line)
{
	struct claude_result_line result = line->result;
	int r;

	/* That of a subagent is none of the run. */
	if (!text_empty (&line->head.parent) || is_repeated (c, &result))
		return LHK_SKIP;
	r = find_stop_reason (c, &result);
	return r < 0 ? r : on_result (c, &result);
}
