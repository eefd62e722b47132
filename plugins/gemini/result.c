/* SPDX-License-Identifier: MIT */
/*
 * result.c - usage and claims, also from the exit status.
 *
 * The result says "success" or "error"; on a failure often why, sometimes
 * only an `error' line before it did.  Some failures end the program without
 * any line: for them its exit statuses have meanings.
 */
#include "config.h"

#include <stdio.h>

#include "gemini/gemini.h"

/* Tokens of thoughts appear only in the total.  The totals of one process count
 * for the run; those of the next ones are added, each under a name. */
static int
emit_usage (struct gemini *g, const struct gemini_stats *s,
	    const struct lhk_text *model)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_RUN,
		.model = *model,
	};
	char name[sizeof ("process ") + 10];
	struct lhk_text id;

	if (g->process) {
		snprintf (name, sizeof (name), "process %u",
			  (unsigned int) g->process + 1);
		id = text_str (name);
		e.scope = LHK_SCOPE_TURN;
		if (text_copy (&g->arena, &id, &e.id) < 0)
			return LHK_ENOMEM;
	}
	usage_event_set (&e, LHK_USAGE_INPUT, &e.input, &s->input_tokens);
	usage_event_set (&e, LHK_USAGE_OUTPUT, &e.output, &s->output_tokens);
	usage_event_set (&e, LHK_USAGE_CACHE_READ, &e.cache_read, &s->cached);
	if (s->total_tokens.has && s->input_tokens.has && s->output_tokens.has
	    && s->total_tokens.value >= 0 && s->input_tokens.value >= 0
	    && s->output_tokens.value >= 0
	    && s->total_tokens.value - s->input_tokens.value
		       > s->output_tokens.value) {
		e.output = s->total_tokens.value - s->input_tokens.value;
		e.reasoning = e.output - s->output_tokens.value;
		e.has |= LHK_USAGE_REASONING;
	}
	if (!usage_event_is_known (&e))
		return LHK_OK;
	g->had_usage = 1;
	return emit (g->api, &e.ev);
}

static const struct lhk_field model_fields[] = {
	LHK_FIELD ("total_tokens", LHK_FIELD_INT, struct gemini_stats,
		   total_tokens),
	LHK_FIELD ("input_tokens", LHK_FIELD_INT, struct gemini_stats,
		   input_tokens),
	LHK_FIELD ("output_tokens", LHK_FIELD_INT, struct gemini_stats,
		   output_tokens),
	LHK_FIELD ("cached", LHK_FIELD_INT, struct gemini_stats, cached),
};
LHK_FIELDS (model_table, struct gemini_stats, model_fields);

static int
read_model (const struct lhk_raw *raw, struct gemini_stats *ret)
{
	return raw->type == LHK_JSON_OBJECT
	       && lhk_json_raw_object (raw, &model_table, ret) == LHK_OK
	       && ret->input_tokens.has && ret->output_tokens.has;
}

/* Do the models, all together, account for the totals? */
static int
models_have_totals (const struct gemini_stats *stats)
{
	int64_t input = 0, output = 0;
	struct gemini_stats s;
	struct lhk_text key;
	struct lhk_raw raw;
	struct lhk_json j;
	size_t n = 0;

	if (stats->models.type != LHK_JSON_OBJECT)
		return 0;
	lhk_json_begin_raw (&j, &stats->models);
	lhk_json_enter (&j);
	while (lhk_json_key (&j, &key) && lhk_json_raw (&j, &raw)) {
		if (!read_model (&raw, &s) || s.input_tokens.value < 0
		    || s.output_tokens.value < 0
		    || s.input_tokens.value > INT64_MAX - input
		    || s.output_tokens.value > INT64_MAX - output)
			return 0;
		n++;
		input += s.input_tokens.value;
		output += s.output_tokens.value;
	}
	return n && input >= stats->input_tokens.value
	       && output >= stats->output_tokens.value;
}

static int
emit_usages (struct gemini *g, const struct gemini_stats *stats)
{
	const struct lhk_text none = { NULL, 0, 0, 0 };
	struct gemini_stats s;
	struct lhk_text key;
	struct lhk_raw raw;
	struct lhk_json j;
	int r;

	if (!models_have_totals (stats))
		return emit_usage (g, stats, &none);
	lhk_json_begin_raw (&j, &stats->models);
	lhk_json_enter (&j);
	while (lhk_json_key (&j, &key) && lhk_json_raw (&j, &raw)) {
		if (!read_model (&raw, &s))
			continue;
		r = emit_usage (g, &s, &key);
		if (r < 0)
			return r;
	}
	return LHK_OK;
}

/* The program stops the work, says so in an error line, and may then claim
 * success. */
int
gemini_is_limit (const struct lhk_text *message)
{
	static const char *const words[] = {
		"session turns",
		"Loop detected",
		"MAX_TOKENS",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (words); i++)
		if (text_contains (message, words[i]))
			return 1;
	return 0;
}

/* Failures that are not failures, by error.type. */
static const struct {
	const char *type;
	int verdict;
} verdicts[] = {
	{ "FatalTurnLimitedError", LHK_VERDICT_LIMIT },
	{ "FatalCancellationError", LHK_VERDICT_CANCELED },
};

static int
verdict_of (const struct gemini_line *line)
{
	size_t i;

	if (LHK_TEXT_IS (&line->status, "success"))
		return LHK_VERDICT_OK;
	for (i = 0; i < ARRAY_SIZE (verdicts); i++) {
		if (lhk_text_is (&line->error.type, verdicts[i].type,
				 strlen (verdicts[i].type)))
			return verdicts[i].verdict;
	}
	return LHK_VERDICT_FAILED;
}

static int
claim (struct gemini *g, int verdict, const struct lhk_text *reason,
       const struct lhk_text *error)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = verdict,
		.terminal = 1,
		.stop_reason = *reason,
		.error = *error,
	};

	g->last_claim = verdict;
	return emit (g->api, &e.ev);
}

int
gemini_result (struct gemini *g, const struct gemini_line *line)
{
	struct lhk_text error = line->error.message;
	int verdict = verdict_of (line);
	int r;

	/* Other programs print results, too, which say nothing of that. */
	if (line->status.ptr == NULL)
		return LHK_SKIP;
	r = emit_usages (g, &line->stats);
	if (r >= 0)
		r = gemini_session (g, line);
	if (r < 0)
		return r;
	if (verdict != LHK_VERDICT_CANCELED
	    && (g->at_limit || gemini_is_limit (&error)))
		verdict = LHK_VERDICT_LIMIT;
	if (verdict != LHK_VERDICT_OK && error.ptr == NULL && g->error_len)
		error = text_of (g->error, g->error_len);
	r = claim (g, verdict, &line->error.type, &error);
	g->at_limit = 0;
	if (verdict != LHK_VERDICT_FAILED)
		g->error_len = 0;
	return r;
}

/* The program has told that it stops at a limit, and then nothing. */
int
gemini_flush (void *handle)
{
	static const struct lhk_text none;
	struct gemini *g = handle;
	struct lhk_text error = text_of (g->error, g->error_len);

	return g->at_limit ? claim (g, LHK_VERDICT_LIMIT, &none, &error)
			   : LHK_OK;
}

/* Exit statuses with a meaning of their own.  Others are a 1, or the status
 * of an HTTP answer modulo 256. */
static const struct {
	int code;
	int verdict;
	const char *reason;
	const char *error;
} exits[] = {
	{ 41, LHK_VERDICT_FAILED, "FatalAuthenticationError",
	  "not authenticated (exit status 41)" },
	{ 42, LHK_VERDICT_FAILED, "FatalInputError",
	  "bad input or unknown session (exit status 42)" },
	{ 44, LHK_VERDICT_FAILED, "FatalSandboxError",
	  "the sandbox failed (exit status 44)" },
	{ 52, LHK_VERDICT_FAILED, "FatalConfigError",
	  "bad configuration (exit status 52)" },
	{ 53, LHK_VERDICT_LIMIT, "FatalTurnLimitedError",
	  "limit of turns reached (exit status 53)" },
	{ 54, LHK_VERDICT_FAILED, "FatalToolExecutionError",
	  "a tool failed beyond repair (exit status 54)" },
	{ 55, LHK_VERDICT_FAILED, "FatalUntrustedWorkspaceError",
	  "the folder is not trusted (exit status 55)" },
	{ 130, LHK_VERDICT_CANCELED, "FatalCancellationError",
	  "canceled (exit status 130)" },
};

/* A claim of the stream stands, except for the limit: there the status is more
 * reliable. */
int
gemini_exited (void *handle, const struct lhk_exit *how)
{
	struct gemini *g = handle;
	struct lhk_text reason, error;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (exits); i++) {
		if (how->code == exits[i].code)
			break;
	}
	if (i == ARRAY_SIZE (exits) || g->last_claim == exits[i].verdict
	    || (g->last_claim && exits[i].verdict != LHK_VERDICT_LIMIT))
		return LHK_OK;
	reason = text_str (exits[i].reason);
	error = text_str (exits[i].error);
	return claim (g, exits[i].verdict, &reason, &error);
}
