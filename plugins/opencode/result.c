/* SPDX-License-Identifier: MIT */
/*
 * result.c - usage and claims.
 *
 * Usage is reported step by step, and is added up.  The end of a run is a step
 * that finished for another reason than tool calls.  An `error' is a claim too,
 * but the last claim counts: a session whose context was too long is compacted
 * and goes on.
 */
#include "config.h"

#include "opencode/opencode.h"

/* A claim names the session that can be resumed. */
static int
name_session (struct opencode *o, const struct opencode_line *line)
{
	return text_empty (&line->session_id)
			       || id_copy_is (&o->session, &line->session_id)
		       ? LHK_OK
		       : opencode_session (o, line);
}

static int
claim (struct opencode *o, const struct opencode_line *line, int verdict,
       const struct lhk_text *reason, const struct lhk_text *error)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = verdict,
		.terminal = 1,
		.stop_reason = *reason,
	};
	int r = name_session (o, line);

	if (r < 0)
		return r;
	if (error != NULL)
		e.error = *error;
	o->last_claim = verdict;
	o->claimed = 1;
	return emit (o->api, &e.ev);
}

static int64_t
tokens_of (struct lhk_ev_usage *e, uint32_t bit, const struct lhk_num *num)
{
	if (!num->has)
		return 0;
	e->has |= bit;
	return num->value;
}

/* Emit the usage of one model call.  The program takes its price from a
 * list. */
static int
emit_usage (struct opencode *o, const struct opencode_part *part)
{
	const struct opencode_tokens *t = &part->tokens;
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_CALL,
		.id = part->id,
	};

	e.cache_read = tokens_of (&e, LHK_USAGE_CACHE_READ, &t->cache.read);
	e.cache_write = tokens_of (&e, LHK_USAGE_CACHE_WRITE, &t->cache.write);
	e.reasoning = tokens_of (&e, LHK_USAGE_REASONING, &t->reasoning);
	e.input = tokens_of (&e, LHK_USAGE_INPUT, &t->input);
	e.input =
		counts_add (e.input, counts_add (e.cache_read, e.cache_write));
	e.output = tokens_of (&e, LHK_USAGE_OUTPUT, &t->output);
	e.output = counts_add (e.output, e.reasoning);
	if (lhk_raw_nano (&part->cost, &e.cost_nano_usd)) {
		e.has |= LHK_USAGE_COST;
		e.cost_source = LIT ("reported");
	}
	return usage_event_is_known (&e) ? emit (o->api, &e.ev) : LHK_OK;
}

/* Reasons that end the run; any other goes on with the next step. */
static const struct {
	const char *reason;
	int verdict;
} reasons[] = {
	{ "stop", LHK_VERDICT_OK },
	{ "length", LHK_VERDICT_LIMIT },
	{ "content-filter", LHK_VERDICT_REFUSED },
	{ "error", LHK_VERDICT_FAILED },
};

int
opencode_step_finish (struct opencode *o, const struct opencode_line *line)
{
	const struct opencode_part *part = &line->part;
	int summary = o->compacting;
	size_t i;
	int r;

	o->compacting = 0;
	r = emit_usage (o, part);
	if (r < 0 || summary)
		return r;
	for (i = 0; i < ARRAY_SIZE (reasons); i++) {
		if (lhk_text_is (&part->reason, reasons[i].reason,
				 strlen (reasons[i].reason)))
			return claim (o, line, reasons[i].verdict,
				      &part->reason, NULL);
	}
	return LHK_OK;
}

static const struct {
	const char *name;
	int verdict;
} errors[] = {
	{ "ContentFilterError", LHK_VERDICT_REFUSED },
	{ "MessageOutputLengthError", LHK_VERDICT_LIMIT },
	{ "MessageAbortedError", LHK_VERDICT_CANCELED },
};

int
opencode_failed (struct opencode *o, const struct opencode_line *line)
{
	const struct lhk_raw *data = &line->error;
	int verdict = LHK_VERDICT_FAILED;
	struct opencode_error e;
	size_t i;
	int r;

	opencode_error (&line->error, &e);
	for (i = 0; i < ARRAY_SIZE (errors); i++) {
		if (lhk_text_is (&e.name, errors[i].name,
				 strlen (errors[i].name)))
			verdict = errors[i].verdict;
	}
	o->compacting = LHK_TEXT_IS (&e.name, "ContextOverflowError");
	r = emit_notice (o->api, LHK_LOG_ERROR, LHK_CODE_PROVIDER_ERROR,
			 &e.message,
			 data->type == LHK_JSON_OBJECT ? data : NULL);
	return r < 0 ? r : claim (o, line, verdict, &e.name, &e.message);
}

/* Emit one `ask' for each permission that was refused, unless the calls that
 * needed them were reported as refused already. */
static int
emit_rejected (struct opencode *o, const struct lhk_raw *rejected,
	       size_t *ret_n)
{
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.outcome = LIT ("rejected"),
	};
	struct lhk_json j;
	int r;

	*ret_n = 0;
	if (rejected->type != LHK_JSON_ARRAY)
		return LHK_OK;
	lhk_json_begin_raw (&j, rejected);
	lhk_json_enter (&j);
	while (lhk_json_element (&j)) {
		if (!lhk_json_string (&j, &e.id)) {
			lhk_json_skip (&j);
			continue;
		}
		(*ret_n)++;
		if (o->refused)
			continue;
		e.text = e.id;
		r = emit (o->api, &e.ev);
		if (r < 0)
			return r;
	}
	return LHK_OK;
}

/* Newer versions end with this line.  It is a claim only where no step has
 * made one: a refused permission ends a run in the midst of tool calls. */
int
opencode_done (struct opencode *o, const struct opencode_line *line)
{
	size_t n;
	int r;

	r = emit_rejected (o, &line->rejected, &n);
	if (r < 0 || o->last_claim)
		return r;
	return claim (o, line, n ? LHK_VERDICT_REFUSED : LHK_VERDICT_OK,
		      &line->reason, NULL);
}
