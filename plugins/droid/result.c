/* SPDX-License-Identifier: MIT */
/*
 * result.c - usage and claims.
 *
 * A run that ended well prints what all its model calls took together; one that
 * failed prints two errors, of which only the first says why.
 */
#include "config.h"

#include "droid/droid.h"

/* Emit the usage of one process.  A sum is known if all its parts are. */
static int
emit_usage (struct droid *d, const struct droid_usage *u)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_TURN,
	};

	usage_event_set (&e, LHK_USAGE_CACHE_READ, &e.cache_read,
			 &u->cache_read);
	usage_event_set (&e, LHK_USAGE_CACHE_WRITE, &e.cache_write,
			 &u->cache_write);
	usage_event_set (&e, LHK_USAGE_OUTPUT, &e.output, &u->output);
	usage_event_set (&e, LHK_USAGE_REASONING, &e.reasoning, &u->thinking);
	if (u->input.has && u->cache_read.has && u->cache_write.has) {
		usage_event_set (&e, LHK_USAGE_INPUT, &e.input, &u->input);
		e.input = counts_add (e.input,
				      counts_add (e.cache_read, e.cache_write));
	}
	return usage_event_is_known (&e) ? emit (d->api, &e.ev) : LHK_OK;
}

/* A claim of the end names the session that can be resumed. */
static int
claim (struct droid *d, const struct droid_line *line,
       const struct lhk_ev_result *e)
{
	int r = droid_session (d, line);

	return r < 0 ? r : emit (d->api, &e->ev);
}

/* Sources of errors.  The first is that of the loop that calls the model. */
#define IS_CAUSE(line) (!LHK_TEXT_IS (&(line)->source, "cli"))

/* Errors that are not failures, by their first words. */
static const struct {
	const char *message;
	int verdict;
} verdicts[] = {
	{ "Request failed due to triggering the model provider's content",
	  LHK_VERDICT_REFUSED },
	{ DROID_ENDED_EARLY, LHK_VERDICT_REFUSED },
	{ "Streaming session interrupted by user", LHK_VERDICT_CANCELED },
};

static int
verdict_of (const struct lhk_text *message)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (verdicts); i++)
		if (text_begins (message, verdicts[i].message))
			return verdicts[i].verdict;
	return LHK_VERDICT_FAILED;
}

int
droid_failed (struct droid *d, const struct droid_line *line,
	      uint32_t line_flags)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.terminal = !IS_CAUSE (line),
		.error = line->message,
	};
	int r = LHK_OK;

	(void) line_flags;
	if (IS_CAUSE (line))
		d->error_len = lhk_text_decode (&line->message, d->error,
						sizeof (d->error), NULL);
	else if (d->error_len)
		e.error = text_of (d->error, d->error_len);
	e.verdict = verdict_of (&e.error);
	if (IS_CAUSE (line) || d->error_len == 0)
		r = emit_notice (d->api, LHK_LOG_ERROR, LHK_CODE_PROVIDER_ERROR,
				 &line->message, NULL);
	if (r < 0)
		return r;
	return e.terminal ? claim (d, line, &e) : emit (d->api, &e.ev);
}

static int
end_run (struct droid *d, const struct droid_line *line,
	 const struct lhk_ev_result *e)
{
	int r = emit_usage (d, &line->usage);

	d->error_len = 0;
	return r < 0 ? r : claim (d, line, e);
}

/* The final text is empty although there was an answer, if the program takes
 * that for one of its own messages. */
int
droid_completion (struct droid *d, const struct droid_line *line,
		  uint32_t line_flags)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = LHK_VERDICT_OK,
		.terminal = 1,
	};

	(void) line_flags;
	if (!text_empty (&line->final_text))
		e.text = line->final_text;
	return end_run (d, line, &e);
}

/* All that `-o json' prints.  Of other programs' results only the credits tell
 * it. */
int
droid_result (struct droid *d, const struct droid_line *line,
	      uint32_t line_flags)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = LHK_VERDICT_OK,
		.terminal = 1,
	};

	(void) line_flags;
	if (line->failed == 0 || !line->usage.credits.has)
		return LHK_SKIP;
	if (line->failed > 0) {
		e.verdict = LHK_VERDICT_FAILED;
		e.error = line->result;
	} else if (!text_empty (&line->result)) {
		e.text = line->result;
	}
	return end_run (d, line, &e);
}
