/* SPDX-License-Identifier: MIT */
/*
 * usage.c - tokens.
 *
 * The last line of a model call has what the call used, with cached tokens in
 * the input.  A result has the running total of the session, which includes
 * subagents, calls that were made again and earlier processes.  So each call is
 * one value, and what a total grew by beyond the calls is one more.
 */
#include "config.h"

#include "qwen/qwen.h"

static void
read_counts (const struct qwen_usage *u, int64_t ret[QWEN_COUNTS])
{
	ret[0] = u->input.value;
	ret[1] = u->output.value;
	ret[2] = u->cache_read.value;
	ret[3] = u->cache_write.value;
}

int
qwen_usage_is_zero (const struct qwen_usage *u)
{
	return (u->input.value | u->output.value | u->cache_read.value
		| u->cache_write.value)
	       == 0;
}

static void
set_counts (struct lhk_ev_usage *e, const struct qwen_usage *u)
{
	usage_event_set (e, LHK_USAGE_INPUT, &e->input, &u->input);
	usage_event_set (e, LHK_USAGE_OUTPUT, &e->output, &u->output);
	usage_event_set (e, LHK_USAGE_CACHE_READ, &e->cache_read,
			 &u->cache_read);
	usage_event_set (e, LHK_USAGE_CACHE_WRITE, &e->cache_write,
			 &u->cache_write);
}

int
qwen_call_usage (struct qwen *q, const struct qwen_line *line)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_CALL,
		.id = line->message.id,
		.model = line->message.model,
	};
	int64_t counts[QWEN_COUNTS];
	int i;

	read_counts (&line->message.usage, counts);
	for (i = 0; i < QWEN_COUNTS; i++)
		q->calls[i] =
			counts_add (q->calls[i], counts[i] > 0 ? counts[i] : 0);
	set_counts (&e, &line->message.usage);
	e.ev.parent = line->parent;
	return emit (q->api, &e.ev);
}

/* Turn a total into what it grew by beyond the calls.  A total that falls is one
 * that began anew.  1, or 0 if there is nothing. */
static int
take_rest (struct qwen *q, int64_t counts[QWEN_COUNTS])
{
	int64_t rest, any = 0;
	int i, falls = 0;

	for (i = 0; i < QWEN_COUNTS; i++)
		falls |= counts[i] < q->total[i];
	for (i = 0; i < QWEN_COUNTS; i++) {
		rest = counts[i] - (falls ? 0 : q->total[i]);
		q->total[i] = counts[i];
		counts[i] = rest > q->calls[i] ? rest - q->calls[i] : 0;
		any |= counts[i];
	}
	return any != 0;
}

/* Are the calls all that the total tells of?  Then it began with them. */
static int
is_of_calls (const struct qwen *q, const int64_t counts[QWEN_COUNTS])
{
	return counts[0] == q->calls[0] && counts[1] == q->calls[1];
}

static int
emit_rest (struct qwen *q, const struct qwen_line *line,
	   const int64_t counts[QWEN_COUNTS])
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_CALL,
		.id = line->uuid,
		.model = id_copy_text (&q->model),
	};

	set_counts (&e, &line->usage);
	e.input = counts[0];
	e.output = counts[1];
	e.cache_read = counts[2];
	e.cache_write = counts[3];
	return emit (q->api, &e.ev);
}

/* Emit that there may be more usage: an event without numbers.  (It covers no
 * call.) */
static int
emit_unknown (struct qwen *q, const struct qwen_line *line)
{
	const struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_TURN,
		.id = line->uuid,
	};

	return emit (q->api, &e.ev);
}

int
qwen_total_usage (struct qwen *q, const struct qwen_line *line)
{
	int64_t counts[QWEN_COUNTS];
	int known = q->total_known;
	int any, i;

	if (!line->usage.input.has || qwen_usage_is_zero (&line->usage))
		return 0;
	read_counts (&line->usage, counts);
	for (i = 0; i < QWEN_COUNTS; i++)
		if (counts[i] < 0)
			return emit_rest (q, line, counts);
	known |= is_of_calls (q, counts);
	any = take_rest (q, counts);
	q->total_known = 1;
	memset (q->calls, 0, sizeof (q->calls));
	if (!known)
		return emit_unknown (q, line);
	return any ? emit_rest (q, line, counts) : 0;
}

void
qwen_total_anew (struct qwen *q)
{
	memset (q->total, 0, sizeof (q->total));
	memset (q->calls, 0, sizeof (q->calls));
	q->total_known = q->resumed < 0;
}
