/* SPDX-License-Identifier: MIT */
/* result_json.c - the final result of a run as JSON. */
#include "config.h"

#include "format/event_json.h"
#include "json/writer.h"
#include "common/text.h"

static const char *const hows[] = {
	[LHK_END_EXITED] = "exited",
	[LHK_END_SIGNALED] = "signaled",
	[LHK_END_TIMEOUT] = "timeout",
	[LHK_END_IDLE] = "idle",
	[LHK_END_CANCELED] = "canceled",
	[LHK_END_LINGER] = "linger",
	[LHK_END_OUTPUT_LIMIT] = "output_limit",
	[LHK_END_BUDGET] = "budget",
	[LHK_END_SPAWN_FAILED] = "spawn_failed",
	[LHK_END_HOST_ERROR] = "host_error",
};

static const struct {
	uint32_t flag;
	const char *word;
} flags[] = {
	{ LHK_FLAG_STDIN_FAILED, "stdin_failed" },
	{ LHK_FLAG_DRAIN_CUT, "drain_cut" },
	{ LHK_FLAG_LEFTOVER_KILLED, "leftover_killed" },
	{ LHK_FLAG_HUNG_AFTER_RESULT, "hung_after_result" },
	{ LHK_FLAG_MONITOR_LOST, "monitor_lost" },
	{ LHK_FLAG_DEGRADED, "degraded" },
};

const char *
format_json_how (int end_reason)
{
	return end_reason > 0
			       && (size_t) end_reason
					  < sizeof hows / sizeof hows[0]
		       ? hows[end_reason]
		       : "unknown";
}

static void
put_unsigned (struct outbuf *o, const char *key, uint64_t value)
{
	outbuf_str (o, key);
	outbuf_u64 (o, value);
}

void
json_put_outcome (struct outbuf *o, const struct lhk_outcome *how)
{
	struct lhk_text step = text_from_cstr (how->step);
	struct lhk_text detail = text_from_cstr (how->detail);

	json_put_word (
		o, ",\"outcome\":{\"how\":", format_json_how (how->end_reason));
	json_put_count (o, ",\"exit_code\":", how->has_exit, how->exit_code);
	json_put_count (o, ",\"signal\":", how->signal != 0, how->signal);
	JSON_TEXT (o, ",\"step\":", &step);
	json_put_count (o, ",\"errno\":", how->sys_errno != 0, how->sys_errno);
	JSON_TEXT (o, ",\"detail\":", &detail);
	OUT_LIT (o, "}");
}

void
json_put_flags (struct outbuf *o, uint32_t set)
{
	const char *key = "";
	size_t i;

	OUT_LIT (o, ",\"flags\":[");
	for (i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		if ((set & flags[i].flag) == 0)
			continue;
		json_put_word (o, key, flags[i].word);
		key = ",";
	}
	OUT_LIT (o, "]");
}

/* Of a cost that is not wholly what the provider told. */
static void
put_estimated (struct outbuf *o, int is)
{
	if (is)
		OUT_LIT (o, ",\"cost_source\":\"estimated\"");
}

static void
put_total (struct outbuf *o, const struct lhk_usage_total *t)
{
	const struct {
		const char *key;
		uint32_t bit;
		int64_t value;
	} counts[] = {
		{ "\"input_tokens\":", LHK_USAGE_INPUT, t->input },
		{ "\"output_tokens\":", LHK_USAGE_OUTPUT, t->output },
		{ "\"cache_read_input_tokens\":", LHK_USAGE_CACHE_READ,
		  t->cache_read },
		{ "\"cache_creation_input_tokens\":", LHK_USAGE_CACHE_WRITE,
		  t->cache_write },
		{ "\"reasoning_output_tokens\":", LHK_USAGE_REASONING,
		  t->reasoning },
	};
	const char *comma = t->model.ptr != NULL ? "," : "";
	size_t i;

	JSON_TEXT (o, "\"model\":", &t->model);
	for (i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		if ((t->has & counts[i].bit) == 0)
			continue;
		outbuf_str (o, comma);
		outbuf_str (o, counts[i].key);
		outbuf_i64 (o, counts[i].value);
		comma = ",";
	}
	if ((t->has & LHK_USAGE_COST) != 0) {
		outbuf_str (o, comma);
		OUT_LIT (o, "\"cost_usd\":");
		json_put_cost (o, t->cost_nano_usd);
		put_estimated (o, t->estimated != 0);
	}
}

static void
put_usage (struct outbuf *o, const struct lhk_result *r)
{
	int estimated = 0;
	size_t i;

	OUT_LIT (o, ",\"usage\":[");
	for (i = 0; i < r->n_usage; i++) {
		outbuf_str (o, i > 0 ? ",{" : "{");
		put_total (o, &r->usage[i]);
		estimated |= r->usage[i].estimated != 0;
		OUT_LIT (o, "}");
	}
	OUT_LIT (o, "]");
	json_put_word (o, ",\"usage_scope\":", json_scope (r->usage_scope));
	outbuf_str (o, r->complete_usage ? ",\"complete_usage\":true"
					 : ",\"complete_usage\":false");
	if (r->has_cost) {
		OUT_LIT (o, ",\"cost_usd\":");
		json_put_cost (o, r->cost_nano_usd);
		put_estimated (o, estimated);
	}
}

void
json_put_process (struct outbuf *o, const struct lhk_outcome *how)
{
	const struct lhk_text head = { how->stderr_head.ptr,
				       how->stderr_head.len, 0, 0 };
	const struct lhk_text tail = { how->stderr_tail.ptr,
				       how->stderr_tail.len, 0, 0 };
	uint32_t i;

	OUT_LIT (o, ",\"survivors\":[");
	for (i = 0; i < how->n_survivors; i++) {
		if (i > 0)
			OUT_LIT (o, ",");
		outbuf_i64 (o, how->survivors[i]);
	}
	OUT_LIT (o, "]");
	json_put_word (o, ",\"contain\":", how->contain);
	put_unsigned (o, ",\"rusage\":{\"wall_ms\":", how->wall_ms);
	put_unsigned (o, ",\"user_ms\":", how->user_ms);
	put_unsigned (o, ",\"sys_ms\":", how->sys_ms);
	put_unsigned (o, ",\"max_rss_kib\":", how->max_rss_kib);
	OUT_LIT (o, "},\"stderr\":{\"head\":");
	json_put_body (o, &head);
	OUT_LIT (o, ",\"tail\":");
	json_put_body (o, &tail);
	put_unsigned (o, ",\"bytes\":", how->stderr_bytes);
	OUT_LIT (o, "}");
}

static void
put_counters (struct outbuf *o, const struct lhk_stream_stats *s)
{
	put_unsigned (o, ",\"counters\":{\"lines\":", s->lines);
	put_unsigned (o, ",\"bytes\":", s->bytes);
	put_unsigned (o, ",\"events\":", s->events);
	put_unsigned (o, ",\"oversize\":", s->oversize);
	put_unsigned (o, ",\"unparsed\":", s->unparsed);
	put_unsigned (o, ",\"repaired\":", s->repaired);
	put_unsigned (o, ",\"skipped\":", s->skipped);
	put_unsigned (o, ",\"plugin_errors\":", s->plugin_errors);
	put_unsigned (o, ",\"buffer_peak\":", s->buffer_peak);
	OUT_LIT (o, "}");
}

void
json_put_final (struct outbuf *o, const struct lhk_result *r)
{
	OUT_LIT (o, ",\"final\":true");
	json_put_word (o, ",\"verdict\":", lhk_verdict_name (r->verdict));
	JSON_TEXT (o, ",\"stop_reason\":", &r->stop_reason);
	JSON_TEXT (o, ",\"text\":", &r->text);
	JSON_TEXT (o, ",\"error\":", &r->error);
	JSON_TEXT (o, ",\"session_id\":", &r->session_id);
	JSON_TEXT (o, ",\"model\":", &r->model);
	if (r->outcome.end_reason != 0)
		json_put_outcome (o, &r->outcome);
	json_put_flags (o, r->outcome.flags);
	put_usage (o, r);
	put_unsigned (o, ",\"tools\":{\"started\":", r->tools_started);
	put_unsigned (o, ",\"completed\":", r->tools_completed);
	put_unsigned (o, ",\"failed\":", r->tools_failed);
	put_unsigned (o, ",\"denied\":", r->tools_denied);
	OUT_LIT (o, "}");
	if (r->outcome.end_reason != 0)
		json_put_process (o, &r->outcome);
	put_counters (o, &r->stats);
}

void
format_json_result (struct outbuf *o, const struct lhk_result *r)
{
	OUT_LIT (o, "{\"kind\":\"result\"");
	json_put_final (o, r);
	OUT_LIT (o, "}\n");
}

void
format_json_members (struct outbuf *o, const struct lhk_result *r)
{
	json_put_final (o, r);
}
