/* SPDX-License-Identifier: MIT */
/*
 * result.c - usage, retries and claims.
 *
 * How a prompt went is what its last message of the assistant says; that it is
 * over is another line, which comes when the program will do nothing more by
 * itself: neither try again nor continue after a compaction.  The exit status
 * says nothing of it.
 */
#include "config.h"

#include "common/stream_json.h"
#include "pi/pi.h"

int
pi_emit_usage (struct pi *p, const struct pi_usage *usage,
	       const struct lhk_text *id, const struct lhk_text *model,
	       int silent)
{
	const uint32_t counts = LHK_USAGE_INPUT | LHK_USAGE_OUTPUT;
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_CALL,
	};

	if (id != NULL)
		e.id = *id;
	if (model != NULL)
		e.model = *model;
	usage_event_set (&e, LHK_USAGE_CACHE_READ, &e.cache_read,
			 &usage->cache_read);
	usage_event_set (&e, LHK_USAGE_CACHE_WRITE, &e.cache_write,
			 &usage->cache_write);
	usage_event_set (&e, LHK_USAGE_OUTPUT, &e.output, &usage->output);
	usage_event_set (&e, LHK_USAGE_REASONING, &e.reasoning,
			 &usage->reasoning);
	if (usage->input.has && usage->cache_read.has
	    && usage->cache_write.has) {
		usage_event_set (&e, LHK_USAGE_INPUT, &e.input, &usage->input);
		e.input = counts_add (e.input,
				      counts_add (e.cache_read, e.cache_write));
	}
	if (lhk_raw_nano (&usage->cost.total, &e.cost_nano_usd)) {
		e.has |= LHK_USAGE_COST;
		e.cost_source = LIT ("reported");
	}
	if (usage_event_is_known (&e))
		p->had_usage = 1;
	else if (!silent || !p->had_usage || (e.has & counts) != counts)
		return LHK_OK;
	return emit (p->api, &e.ev);
}

/* Reasons why a message has ended.  A reason that is not listed is as good as
 * "stop". */
static const struct {
	const char *reason;
	int verdict;
} reasons[] = {
	{ "stop", LHK_VERDICT_OK },	     { "toolUse", LHK_VERDICT_OK },
	{ "length", LHK_VERDICT_LIMIT },     { "error", LHK_VERDICT_FAILED },
	{ "aborted", LHK_VERDICT_CANCELED }, { "deferred", LHK_VERDICT_FAILED },
};

/* What models' APIs call a refusal; the program says "error" to all of them. */
static const char *const refusals[] = {
	"content_filter",
	"incomplete.content_filter",
	"content_filtered",
	"guardrail_intervened",
	"refusal",
	"sensitive",
	"SAFETY",
	"IMAGE_SAFETY",
	"BLOCKLIST",
	"PROHIBITED_CONTENT",
	"SPII",
};

static int
is_refusal (const struct lhk_text *reason)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (refusals); i++)
		if (lhk_text_is (reason, refusals[i], strlen (refusals[i])))
			return 1;
	return 0;
}

void
pi_note_end (struct pi *p, const struct pi_message *m)
{
	const struct lhk_text *reason;
	size_t i;

	p->verdict = LHK_VERDICT_OK;
	p->reason.len = 0;
	p->error_len = 0;
	p->claimed = 0;
	if (m == NULL)
		return;
	reason = &m->stop_reason;
	for (i = 0; i < ARRAY_SIZE (reasons); i++) {
		if (lhk_text_is (reason, reasons[i].reason,
				 strlen (reasons[i].reason)))
			p->verdict = reasons[i].verdict;
	}
	if (p->verdict == LHK_VERDICT_FAILED
	    && is_refusal (&m->raw_stop_reason))
		reason = &m->raw_stop_reason;
	if (is_refusal (reason))
		p->verdict = LHK_VERDICT_REFUSED;
	id_copy_set (&p->reason, reason);
	if (p->verdict != LHK_VERDICT_OK)
		p->error_len = lhk_text_decode (&m->error, p->error,
						sizeof (p->error), NULL);
}

/* CANCELED: the program says that the prompt was broken off.  If the messages
 * were lost, nobody knows how it went. */
static int
claim (struct pi *p, int canceled)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = canceled ? LHK_VERDICT_CANCELED : p->verdict,
		.terminal = 1,
		.stop_reason = id_copy_text (&p->reason),
	};

	if (e.verdict == 0)
		return LHK_OK;
	if (p->error_len)
		e.error = text_of (p->error, p->error_len);
	p->claimed = 1;
	return emit (p->api, &e.ev);
}

int
pi_agent_settled (struct pi *p, const struct pi_line *line, uint32_t flags)
{
	(void) flags;
	return claim (p, line->aborted > 0);
}

/* Versions that do not print `agent_settled' do not tell whether they will try
 * again, either. */
int
pi_agent_end (struct pi *p, const struct pi_line *line, uint32_t flags)
{
	if (line->will_retry != 0 || (flags & LHK_LINE_SALVAGED))
		return LHK_OK;
	return claim (p, 0);
}

static int
notice_retry (struct pi *p, const struct pi_line *line)
{
	struct texts parts = { NULL, 0, 0 };
	struct lhk_text text;
	int r;

	r = retry_text (&p->arena, &line->attempt, &line->max_attempts,
			&line->delay, &text);
	if (r == 0)
		r = texts_add (&parts, &p->arena, &text);
	if (r == 0 && !text_empty (&line->error))
		r = texts_add (&parts, &p->arena, &line->error);
	if (r == 0)
		r = text_join_by (&p->arena, &parts, ": ", &text);
	return r < 0 ? r
		     : emit_notice (p->api, LHK_LOG_WARN, LHK_CODE_RETRY, &text,
				    NULL);
}

int
pi_retry (struct pi *p, const struct pi_line *line, uint32_t flags)
{
	int r = pi_withdraw (p);

	(void) flags;
	return r < 0 ? r : notice_retry (p, line);
}

/* What is tried again is a summary, which is no message. */
int
pi_summary_retry (struct pi *p, const struct pi_line *line, uint32_t flags)
{
	(void) flags;
	return notice_retry (p, line);
}

int
pi_compaction_end (struct pi *p, const struct pi_line *line, uint32_t flags)
{
	struct lhk_text model = id_copy_text (&p->model);
	int r;

	(void) flags;
	if (line->aborted > 0)
		return LHK_OK;
	if (!text_empty (&line->error))
		return emit_notice (p->api, LHK_LOG_ERROR,
				    LHK_CODE_PROVIDER_ERROR, &line->error,
				    NULL);
	r = pi_emit_usage (p, &line->result.usage, NULL, &model, 0);
	return r < 0 ? r
		     : emit_notice (p->api, LHK_LOG_INFO, LHK_CODE_COMPACTION,
				    &LIT ("the conversation was compacted"),
				    NULL);
}

/* The last message has failed, and no claim says so. */
int
pi_flush (void *handle)
{
	struct pi *p = handle;
	struct lhk_text error = text_of (p->error, p->error_len);

	return p->error_len && !p->claimed
		       ? emit_notice (p->api, LHK_LOG_ERROR,
				      LHK_CODE_PROVIDER_ERROR, &error, NULL)
		       : LHK_OK;
}
