/* SPDX-License-Identifier: MIT */
/*
 * result.c - retries, errors and claims.
 *
 * The last line of a run is its only claim: it has the exit status, and the id
 * of the session.  Why a run failed or was canceled is said before.  A run that
 * is killed has no such line; then what was said before is the claim.
 */
#include "config.h"

#include "common/stream_json.h"
#include "copilot/copilot.h"

/* Why a request failed: JSON within a string. */
int
copilot_call_failure (struct copilot *o, const struct copilot_line *line)
{
	const struct copilot_data *d = &line->data;
	struct copilot_error error;
	struct lhk_raw raw;
	int r;

	o->status_len = 0;
	if (d->status_code.type == LHK_JSON_NUMBER
	    && d->status_code.len <= sizeof (o->status)) {
		o->status_len = d->status_code.len;
		memcpy (o->status, d->status_code.ptr, o->status_len);
	}
	r = raw_from_text (&o->arena, &d->error_message, &raw);
	if (r < 0)
		return r;
	memset (&error, 0, sizeof (error));
	if (r == 1)
		copilot_error (&raw, &error);
	if (text_empty (&error.message))
		error.message = d->error_message;
	o->failure_len = lhk_text_decode (&error.message, o->failure,
					  sizeof (o->failure), NULL);
	return LHK_OK;
}

/* The words of the failure, or the kind that the retry names. */
static int
retry_sentence (struct copilot *o, const struct lhk_text *reason,
		struct lhk_text *ret)
{
	const struct lhk_text failure = text_of (o->failure, o->failure_len);
	const struct lhk_text *why = o->failure_len ? &failure : reason;
	struct texts parts = { NULL, 0, 0 };
	int r;

	r = texts_add (&parts, &o->arena,
		       &LIT ("a request to the model failed and is repeated"));
	if (r == 0 && !text_empty (why))
		r = texts_add (&parts, &o->arena, why);
	return r < 0 ? r : text_join_by (&o->arena, &parts, ": ", ret);
}

int
copilot_turn_retry (struct copilot *o, const struct copilot_line *line)
{
	struct json_member members[] = {
		{ "error", { NULL, 0 } },
		{ "status", { NULL, 0 } },
	};
	struct lhk_text text;
	struct lhk_raw data;
	int r;

	copilot_broken (o);
	if (o->status_len) {
		members[1].value.ptr = o->status;
		members[1].value.len = o->status_len;
	}
	r = text_quoted (&o->arena, &line->data.reason, &members[0].value);
	if (r == 0)
		r = json_object_of (&o->arena, members, ARRAY_SIZE (members),
				    &data);
	if (r == 0)
		r = retry_sentence (o, &line->data.reason, &text);
	o->failure_len = o->status_len = 0;
	return r < 0 ? r
		     : emit_notice (o->api, LHK_LOG_WARN, LHK_CODE_RETRY, &text,
				    &data);
}

void
copilot_begun (struct copilot *o)
{
	o->claimed = 0;
	o->held = 0;
	o->error_len = 0;
	o->reason.len = 0;
}

static const struct lhk_text absent;

static void
hold (struct copilot *o, int verdict, const struct lhk_text *reason,
      const struct lhk_text *error)
{
	o->claimed = 0;
	o->held = verdict;
	id_copy_set (&o->reason, reason);
	o->error_len =
		lhk_text_decode (error, o->error, sizeof (o->error), NULL);
}

int
copilot_session_error (struct copilot *o, const struct copilot_line *line)
{
	const struct copilot_data *d = &line->data;
	struct lhk_raw data;

	if (copilot_is_main (o))
		hold (o, LHK_VERDICT_FAILED, &d->error_type, &d->message);
	copilot_data (o, &data);
	return emit_notice (o->api, LHK_LOG_ERROR, LHK_CODE_PROVIDER_ERROR,
			    &d->message,
			    data.type == LHK_JSON_OBJECT ? &data : NULL);
}

/* Reasons of `abort' that are not what somebody did. */
static const struct {
	const char *reason;
	int verdict;
} aborts[] = {
	{ "autopilot_credit_limit", LHK_VERDICT_LIMIT },
};

int
copilot_abort (struct copilot *o, const struct copilot_line *line)
{
	const struct lhk_text *reason = &line->data.reason;
	int verdict = LHK_VERDICT_CANCELED;
	size_t i;

	if (!copilot_is_main (o))
		return LHK_OK;
	for (i = 0; i < ARRAY_SIZE (aborts); i++) {
		if (lhk_text_is (reason, aborts[i].reason,
				 strlen (aborts[i].reason)))
			verdict = aborts[i].verdict;
	}
	hold (o, verdict, reason, &absent);
	return LHK_OK;
}

/* The interruption itself, for which `abort' has the reason. */
static void
hold_interrupted (struct copilot *o)
{
	if (copilot_is_main (o) && o->held == 0)
		hold (o, LHK_VERDICT_CANCELED, &absent, &absent);
}

int
copilot_interrupted (struct copilot *o, const struct copilot_line *line)
{
	hold_interrupted (o);
	return copilot_tools_interrupted (o, line);
}

int
copilot_idle (struct copilot *o, const struct copilot_line *line)
{
	if (line->data.aborted > 0)
		hold_interrupted (o);
	return LHK_OK;
}

static int
claim (struct copilot *o, int verdict)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = verdict,
		.terminal = 1,
	};

	if (verdict != LHK_VERDICT_OK) {
		e.stop_reason = id_copy_text (&o->reason);
		if (o->error_len)
			e.error = text_of (o->error, o->error_len);
	}
	o->claimed = 1;
	o->held = 0;
	return emit (o->api, &e.ev);
}

static int
verdict_of (const struct copilot *o, const struct lhk_num *exit_code)
{
	if (o->held && o->held != LHK_VERDICT_FAILED)
		return o->held;
	if (!exit_code->has)
		return o->held ? o->held : LHK_VERDICT_OK;
	return exit_code->value == 0 ? LHK_VERDICT_OK : LHK_VERDICT_FAILED;
}

int
copilot_result (struct copilot *o, const struct copilot_line *line)
{
	int r;

	/* Other programs print results, too. */
	if (line->session_id.ptr == NULL && !line->exit_code.has)
		return LHK_SKIP;
	r = copilot_session (o, &line->session_id, &absent, &line->data);
	return r < 0 ? r : claim (o, verdict_of (o, &line->exit_code));
}

int
copilot_flush (void *handle)
{
	struct copilot *o = handle;

	return o->held && !o->claimed ? claim (o, o->held) : LHK_OK;
}
