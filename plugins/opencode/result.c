/* SPDX-License-Identifier: MIT */
/*
 * result.c - usage and claims.
 *
 * Usage is reported step by step, and is added up.  The end of a run is a step
 * that finished for another reason than tool calls.  An `error' is a claim too,
 * but not that the run is over, and the last claim counts: a session whose
 * context was too long is compacted and goes on.
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
claim (struct opencode *o, const struct opencode_line *line,
       const struct lhk_ev_result *e)
{
	int r = name_session (o, line);

	if (r < 0)
		return r;
	o->last_claim = e->verdict;
	o->claimed = 1;
	o->over = e->terminal;
	return emit (o->api, &e->ev);
}

/* Emit the usage of one model call.  A sum is known if all its parts are.  The
 * program takes its price from a list. */
static int
emit_usage (struct opencode *o, const struct opencode_part *part)
{
	const struct opencode_tokens *t = &part->tokens;
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_CALL,
		.id = part->id,
	};

	usage_event_set (&e, LHK_USAGE_CACHE_READ, &e.cache_read,
			 &t->cache.read);
	usage_event_set (&e, LHK_USAGE_CACHE_WRITE, &e.cache_write,
			 &t->cache.write);
	usage_event_set (&e, LHK_USAGE_REASONING, &e.reasoning, &t->reasoning);
	if (t->input.has && t->cache.read.has && t->cache.write.has) {
		usage_event_set (&e, LHK_USAGE_INPUT, &e.input, &t->input);
		e.input = counts_add (e.input,
				      counts_add (e.cache_read, e.cache_write));
	}
	if (t->output.has && t->reasoning.has) {
		usage_event_set (&e, LHK_USAGE_OUTPUT, &e.output, &t->output);
		e.output = counts_add (e.output, e.reasoning);
	}
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
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.terminal = 1,
		.stop_reason = part->reason,
	};
	int summary = o->compacting;
	size_t i;
	int r;

	o->compacting = 0;
	id_copy_set (&o->finished, &part->message_id);
	r = emit_usage (o, part);
	if (r < 0 || summary)
		return r;
	for (i = 0; i < ARRAY_SIZE (reasons); i++) {
		if (lhk_text_is (&part->reason, reasons[i].reason,
				 strlen (reasons[i].reason))) {
			e.verdict = reasons[i].verdict;
			return claim (o, line, &e);
		}
	}
	id_copy_set (&o->reason, &part->reason);
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
	struct lhk_ev_result failed = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = LHK_VERDICT_FAILED,
	};
	struct opencode_error e;
	size_t i;
	int r;

	opencode_error (&line->error, &e);
	failed.stop_reason = e.name;
	failed.error = e.message;
	id_copy_set (&o->reason, &e.name);
	for (i = 0; i < ARRAY_SIZE (errors); i++) {
		if (lhk_text_is (&e.name, errors[i].name,
				 strlen (errors[i].name)))
			failed.verdict = errors[i].verdict;
	}
	o->compacting = LHK_TEXT_IS (&e.name, "ContextOverflowError");
	r = emit_notice (o->api, LHK_LOG_ERROR, LHK_CODE_PROVIDER_ERROR,
			 &e.message,
			 data->type == LHK_JSON_OBJECT ? data : NULL);
	return r < 0 ? r : claim (o, line, &failed);
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

static const struct lhk_text permission_refused =
	LHK_TEXT_INIT ("a permission was refused, which ends the run");

/* Newer versions end with this line.  It is a claim only where no step has
 * made one: a refused permission ends a run in the midst of tool calls.  An
 * error before it stands, as the end of the run. */
int
opencode_done (struct opencode *o, const struct opencode_line *line)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = LHK_VERDICT_OK,
		.terminal = 1,
		.stop_reason = line->reason,
	};
	size_t n;
	int r;

	r = emit_rejected (o, &line->rejected, &n);
	if (r < 0 || o->over)
		return r;
	if (o->claimed) {
		e.verdict = o->last_claim;
		e.stop_reason = id_copy_text (&o->reason);
	} else if (n || o->stopped) {
		e.verdict = LHK_VERDICT_REFUSED;
		e.error = permission_refused;
	}
	return claim (o, line, &e);
}

/* The last step has ended for a reason that is no claim, and no step came
 * after it. */
int
opencode_flush (void *handle)
{
	static const char words[] = "the last step ended with the reason ";
	struct opencode *o = handle;
	struct lhk_text reason = id_copy_text (&o->reason);
	char *p;

	if (text_empty (&reason) || o->claimed)
		return LHK_OK;
	if (LHK_TEXT_IS (&reason, "tool-calls"))
		return o->stopped ? emit_notice (o->api, LHK_LOG_WARN,
						 LHK_CODE_PROVIDER_ERROR,
						 &permission_refused, NULL)
				  : LHK_OK;
	arena_reset (&o->arena);
	p = arena_alloc (&o->arena, sizeof (words) + reason.len);
	if (p == NULL)
		return LHK_ENOMEM;
	memcpy (p, words, sizeof (words) - 1);
	memcpy (p + sizeof (words) - 1, reason.ptr, reason.len);
	reason = text_of (p, sizeof (words) - 1 + reason.len);
	return emit_notice (o->api, LHK_LOG_WARN, LHK_CODE_PROVIDER_ERROR,
			    &reason, NULL);
}
