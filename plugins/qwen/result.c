/* SPDX-License-Identifier: MIT */
/*
 * result.c - claims: by a result, or by the exit status.
 *
 * A limit ends the program without a result; two exit statuses tell it.
 */
#include "config.h"

#include "qwen/qwen.h"

/* Failures that are not failures: by the subtype of a result, or by how its
 * error begins. */
static const struct {
	const char *subtype; /* NULL: any */
	const char *words;   /* NULL: any */
	int verdict;
} rules[] = {
	{ "error_max_turns", NULL, LHK_VERDICT_LIMIT },
	{ NULL, "Reached max session turns", LHK_VERDICT_LIMIT },
};

static int
verdict_of (const struct qwen_line *line, const struct lhk_text *error)
{
	size_t i;

	if (line->is_error <= 0 && !text_begins (&line->subtype, "error"))
		return LHK_VERDICT_OK;
	for (i = 0; i < ARRAY_SIZE (rules); i++) {
		if (rules[i].subtype != NULL
		    && !text_begins (&line->subtype, rules[i].subtype))
			continue;
		if (rules[i].words == NULL
		    || text_begins (error, rules[i].words))
			return rules[i].verdict;
	}
	return LHK_VERDICT_FAILED;
}

static void
error_of (const struct qwen_line *line, struct lhk_text *ret)
{
	struct qwen_small error;

	qwen_object (&line->error, QWEN_SMALL, &error);
	*ret = error.message;
	if (text_empty (ret) && !lhk_raw_text (&line->error, ret))
		*ret = error.type;
}

/* The answer; structured output is repeated there as a text. */
static struct lhk_text
answer_of (const struct qwen_line *line)
{
	const struct lhk_raw *structured = &line->structured;

	if (text_empty (&line->result) && structured->type != LHK_JSON_NONE
	    && structured->type != LHK_JSON_NULL)
		return text_of (structured->ptr, structured->len);
	return line->result;
}

/* Does a result say how the turn went?  A torn one does not. */
static int
is_claim (const struct qwen_line *line)
{
	return line->is_error != 0 || !text_empty (&line->subtype)
	       || line->result.ptr != NULL || line->error.type != LHK_JSON_NONE;
}

/* The result of a subagent that failed looks like that of the run, but for the
 * time: the run has taken some if there was any work.  The last claim counts, so
 * it does no harm, but it is not the end. */
static int
may_go_on (const struct qwen *q, const struct qwen_line *line)
{
	return line->is_error > 0 && q->worked && line->duration_ms.has
	       && line->duration_ms.value == 0;
}

int
qwen_result (struct qwen *q, const struct qwen_line *line)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.terminal = !may_go_on (q, line),
		.text = answer_of (line),
	};
	int r;

	/* That of a subagent is none of the run. */
	if (!is_claim (line) || !text_empty (&line->parent))
		return LHK_SKIP;
	error_of (line, &e.error);
	e.verdict = verdict_of (line, &e.error);
	if (e.verdict != LHK_VERDICT_OK)
		e.stop_reason = line->subtype;
	r = qwen_denials (q, &line->denials);
	if (r == 0)
		r = qwen_total_usage (q, line);
	if (r < 0)
		return r;
	qwen_message_over (q);
	q->worked = !e.terminal;
	q->claimed = 1;
	return emit (q->api, &e.ev);
}

/* Exit statuses with a meaning of their own. */
static const struct {
	int code;
	int verdict;
	const char *error;
} exits[] = {
	{ 53, LHK_VERDICT_LIMIT,
	  "the limit of turns was reached (exit status 53)" },
	{ 55, LHK_VERDICT_LIMIT,
	  "the limit of tool calls or of time was reached (exit status 55)" },
	{ 130, LHK_VERDICT_CANCELED, "canceled (exit status 130)" },
};

int
qwen_exited (void *handle, const struct lhk_exit *how)
{
	struct qwen *q = handle;
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.terminal = 1,
	};
	size_t i;

	if (q->claimed && !q->worked)
		return LHK_OK;
	for (i = 0; i < ARRAY_SIZE (exits); i++)
		if (how->code == exits[i].code)
			break;
	if (i == ARRAY_SIZE (exits))
		return LHK_OK;
	e.verdict = exits[i].verdict;
	e.error = text_str (exits[i].error);
	return emit (q->api, &e.ev);
}
