/* SPDX-License-Identifier: MIT */
/*
 * event_json.c - events and results as JSON, a line each.
 *
 * The order of the calls in each function is the order of the keys, which
 * linehook-events(7) documents.
 */
#include "config.h"

#include <linehook/json.h>

#include "common/clock.h"
#include "common/macros.h"
#include "format/event_json.h"
#include "format/event_words.h"
#include "json/slice.h"
#include "json/writer.h"
#include "common/text.h"

/* Texts come most often: their words are copied with their key. */
static const struct outbuf_piece roles[] = {
	[LHK_ROLE_ASSISTANT] = OUTBUF_PIECE (",\"role\":\"assistant\""),
	[LHK_ROLE_USER] = OUTBUF_PIECE (",\"role\":\"user\""),
	[LHK_ROLE_THOUGHT] = OUTBUF_PIECE (",\"role\":\"thought\""),
	[LHK_ROLE_SYSTEM] = OUTBUF_PIECE (",\"role\":\"system\""),
};

static void
put_session (struct outbuf *o, const struct lhk_event *event)
{
	const struct lhk_ev_session *e = (const struct lhk_ev_session *) event;

	JSON_TEXT (o, ",\"provider\":", &e->provider);
	JSON_TEXT (o, ",\"id\":", &e->id);
	JSON_TEXT (o, ",\"model\":", &e->model);
	JSON_TEXT (o, ",\"cwd\":", &e->cwd);
	JSON_TEXT (o, ",\"agent_version\":", &e->agent_version);
	if (e->n_tools > 0)
		json_put_list (o, ",\"tools\":", e->tools, e->n_tools);
	if (e->resumed != 0)
		outbuf_str (o, e->resumed > 0 ? ",\"resumed\":true"
					      : ",\"resumed\":false");
}

static void
put_text (struct outbuf *o, const struct lhk_event *event)
{
	const struct lhk_ev_text *e = (const struct lhk_ev_text *) event;

	if (e->role > 0 && e->role <= LHK_ROLE_SYSTEM)
		outbuf_piece (o, &roles[e->role]);
	JSON_TEXT (o, ",\"id\":", &e->id);
	OUTBUF_LIT (o, ",\"text\":");
	json_put_body (o, &e->text);
	if (e->delta)
		OUTBUF_LIT (o, ",\"delta\":true");
	else
		OUTBUF_LIT (o, ",\"delta\":false");
	if ((e->flags & LHK_TEXT_SYNTHETIC) != 0)
		OUTBUF_LIT (o, ",\"synthetic\":true");
}

static void
put_tool (struct outbuf *o, const struct lhk_event *event)
{
	const struct lhk_ev_tool *e = (const struct lhk_ev_tool *) event;

	JSON_TEXT (o, ",\"id\":", &e->id);
	JSON_TEXT (o, ",\"name\":", &e->name);
	if (e->name.ptr != NULL || e->type != LHK_TYPE_OTHER)
		json_put_word (
			o, ",\"type\":",
			event_words_get (&event_words_tool_types, e->type));
	json_put_word (o, ",\"status\":",
		       event_words_get (&event_words_tool_states, e->status));
	JSON_TEXT (o, ",\"brief\":", &e->brief);
	if (e->input.ptr != NULL && e->input.len > 0)
		json_put_value (o, ",\"input\":", e->input.ptr, e->input.len);
	if ((e->flags & LHK_TOOL_OUTPUT_JSON) != 0 && e->output.len > 0)
		json_put_value (o, ",\"output\":", e->output.ptr,
				e->output.len);
	else
		JSON_TEXT (o, ",\"output\":", &e->output);
	if ((e->flags & LHK_TOOL_TRUNCATED) != 0)
		OUTBUF_LIT (o, ",\"truncated\":true");
	if ((e->flags & LHK_TOOL_HAS_EXIT) != 0) {
		OUTBUF_LIT (o, ",\"exit_code\":");
		outbuf_i64 (o, e->exit_code);
	}
	if (e->n_paths > 0)
		json_put_list (o, ",\"paths\":", e->paths, e->n_paths);
	JSON_TEXT (o, ",\"server\":", &e->server);
}

static void
put_plan (struct outbuf *o, const struct lhk_event *event)
{
	const struct lhk_ev_plan *e = (const struct lhk_ev_plan *) event;
	size_t i;

	OUTBUF_LIT (o, ",\"entries\":[");
	for (i = 0; i < e->n_entries; i++) {
		outbuf_str (o, i > 0 ? ",{\"text\":" : "{\"text\":");
		json_put_body (o, &e->entries[i].text);
		json_put_word (o, ",\"status\":",
			       event_words_get (&event_words_plan_states,
						e->entries[i].status));
		OUTBUF_LIT (o, "}");
	}
	OUTBUF_LIT (o, "]");
}

static void
put_ask (struct outbuf *o, const struct lhk_event *event)
{
	const struct lhk_ev_ask *e = (const struct lhk_ev_ask *) event;

	JSON_TEXT (o, ",\"id\":", &e->id);
	JSON_TEXT (o, ",\"tool\":", &e->tool);
	OUTBUF_LIT (o, ",\"text\":");
	json_put_body (o, &e->text);
	json_put_list (o, ",\"options\":", e->options, e->n_options);
	JSON_TEXT (o, ",\"outcome\":", &e->outcome);
}

static void
put_usage (struct outbuf *o, const struct lhk_event *event)
{
	const struct lhk_ev_usage *e = (const struct lhk_ev_usage *) event;
	uint32_t has = e->has;

	json_put_word (o, ",\"scope\":",
		       event_words_get (&event_words_scopes, e->scope));
	JSON_TEXT (o, ",\"id\":", &e->id);
	JSON_TEXT (o, ",\"model\":", &e->model);
	json_put_count (o, ",\"input_tokens\":", has & LHK_USAGE_INPUT,
			e->input);
	json_put_count (o, ",\"output_tokens\":", has & LHK_USAGE_OUTPUT,
			e->output);
	json_put_count (o, ",\"cache_read_input_tokens\":",
			has & LHK_USAGE_CACHE_READ, e->cache_read);
	json_put_count (o, ",\"cache_creation_input_tokens\":",
			has & LHK_USAGE_CACHE_WRITE, e->cache_write);
	json_put_count (o, ",\"reasoning_output_tokens\":",
			has & LHK_USAGE_REASONING, e->reasoning);
	json_put_count (o, ",\"context_used\":", has & LHK_USAGE_CONTEXT_USED,
			e->context_used);
	json_put_count (o, ",\"context_size\":", has & LHK_USAGE_CONTEXT_SIZE,
			e->context_size);
	if ((has & LHK_USAGE_COST) != 0) {
		OUTBUF_LIT (o, ",\"cost_usd\":");
		json_put_cost (o, e->cost_nano_usd);
	}
	JSON_TEXT (o, ",\"cost_source\":", &e->cost_source);
}

static void
put_notice (struct outbuf *o, const struct lhk_event *event)
{
	const struct lhk_ev_notice *e = (const struct lhk_ev_notice *) event;

	json_put_word (o, ",\"level\":",
		       event_words_get (&event_words_levels, e->level));
	JSON_TEXT (o, ",\"code\":", &e->code);
	OUTBUF_LIT (o, ",\"text\":");
	json_put_body (o, &e->text);
	if (e->data.ptr != NULL && e->data.len > 0)
		json_put_value (o, ",\"data\":", e->data.ptr, e->data.len);
}

static void
put_result (struct outbuf *o, const struct lhk_event *event)
{
	const struct lhk_ev_result *e = (const struct lhk_ev_result *) event;

	if (e->final != NULL) {
		format_json_members (o, e->final, FORMAT_JSON_RUN);
		return;
	}
	OUTBUF_LIT (o, ",\"final\":false");
	if (e->verdict != 0)
		json_put_word (o,
			       ",\"verdict\":", lhk_verdict_name (e->verdict));
	JSON_TEXT (o, ",\"stop_reason\":", &e->stop_reason);
	JSON_TEXT (o, ",\"text\":", &e->text);
	JSON_TEXT (o, ",\"error\":", &e->error);
}

static void
put_command (struct outbuf *o, const struct lhk_ev_run *header)
{
	if (header->n_argv > 0)
		json_put_list (o, ",\"argv\":", header->argv, header->n_argv);
	JSON_TEXT (o, ",\"cwd\":", &header->cwd);
}

static void
put_run (struct outbuf *o, const struct lhk_event *event)
{
	const struct lhk_ev_run *e = (const struct lhk_ev_run *) event;

	OUTBUF_LIT (o, ",\"v\":");
	outbuf_i64 (o, e->v);
	JSON_TEXT (o, ",\"run\":", &e->id);
	JSON_TEXT (o, ",\"plugin\":", &e->plugin);
	JSON_TEXT (o, ",\"provider\":", &e->provider);
	JSON_TEXT (o, ",\"started\":", &e->started);
	put_command (o, e);
}

static const struct {
	struct outbuf_piece key;
	void (*put) (struct outbuf *o, const struct lhk_event *event);
} kinds[] = {
	[LHK_EV_SESSION] = { OUTBUF_PIECE (",\"kind\":\"session\""),
			     put_session },
	[LHK_EV_TEXT] = { OUTBUF_PIECE (",\"kind\":\"text\""), put_text },
	[LHK_EV_TOOL] = { OUTBUF_PIECE (",\"kind\":\"tool\""), put_tool },
	[LHK_EV_PLAN] = { OUTBUF_PIECE (",\"kind\":\"plan\""), put_plan },
	[LHK_EV_ASK] = { OUTBUF_PIECE (",\"kind\":\"ask\""), put_ask },
	[LHK_EV_USAGE] = { OUTBUF_PIECE (",\"kind\":\"usage\""), put_usage },
	[LHK_EV_NOTICE] = { OUTBUF_PIECE (",\"kind\":\"notice\""), put_notice },
	[LHK_EV_RESULT] = { OUTBUF_PIECE (",\"kind\":\"result\""), put_result },
	[LHK_EV_RUN] = { OUTBUF_PIECE (",\"kind\":\"run\""), put_run },
};

static int
is_blank (char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A value without the blanks around it. */
static void
put_trimmed (struct outbuf *o, const char *p, size_t len)
{
	while (len > 0 && is_blank (p[len - 1]))
		len--;
	for (; len > 0 && is_blank (*p); len--)
		p++;
	json_put_value (o, ",\"raw\":", p, len);
}

static void
put_raw (struct outbuf *o, const struct lhk_str *raw)
{
	struct lhk_text text = text_from_bytes (raw->ptr, raw->len);

	if (json_slice_is_padded_value (raw->ptr, raw->len))
		put_trimmed (o, raw->ptr, raw->len);
	else
		JSON_TEXT (o, ",\"raw\":", &text);
}

/* The result of the run belongs to no turn. */
static int
is_final (const struct lhk_event *event)
{
	return event->kind == LHK_EV_RESULT
	       && ((const struct lhk_ev_result *) event)->final != NULL;
}

void
format_json_event (struct outbuf *o, const struct lhk_meta *meta,
		   const struct lhk_event *event, unsigned int flags)
{
	if (event->kind < LHK_EV_SESSION || event->kind > LHK_EV_RUN)
		return;
	OUTBUF_LIT (o, "{\"seq\":");
	outbuf_u64 (o, meta->seq);
	outbuf_piece (o, &kinds[event->kind].key);
	if (meta->time_ms >= 0) {
		OUTBUF_LIT (o, ",\"t\":");
		outbuf_u64 (o, (uint64_t) meta->time_ms);
	}
	if (meta->turn > 1 && !is_final (event)) {
		OUTBUF_LIT (o, ",\"turn\":");
		outbuf_u64 (o, meta->turn);
	}
	JSON_TEXT (o, ",\"parent\":", &event->parent);
	kinds[event->kind].put (o, event);
	if ((flags & FORMAT_JSON_SOURCE) != 0 && meta->line_no > 0) {
		OUTBUF_LIT (o, ",\"line\":");
		outbuf_u64 (o, meta->line_no);
		OUTBUF_LIT (o, ",\"off\":");
		outbuf_u64 (o, meta->line_off);
		OUTBUF_LIT (o, ",\"len\":");
		outbuf_u64 (o, meta->line_len);
	}
	if ((flags & FORMAT_JSON_RAW) != 0 && meta->raw.ptr != NULL)
		put_raw (o, &meta->raw);
	OUTBUF_LIT (o, "}\n");
}

/* ---- the final result ---- */

const char *
format_json_end_reason (int end_reason)
{
	const char *word =
		event_words_get (&event_words_end_reasons, end_reason);

	return word != NULL ? word : "unknown";
}

static void
put_unsigned (struct outbuf *o, const char *key, uint64_t value)
{
	outbuf_str (o, key);
	outbuf_u64 (o, value);
}

void
format_json_outcome (struct outbuf *o, const struct lhk_outcome *how)
{
	struct lhk_text step = { how->step, 0, LHK_TEXT_PLAIN, 0 };
	struct lhk_text detail = { how->detail, 0, LHK_TEXT_PLAIN, 0 };

	json_put_word (o, ",\"outcome\":{\"how\":",
		       format_json_end_reason (how->end_reason));
	json_put_count (o, ",\"exit_code\":", how->has_exit, how->exit_code);
	json_put_count (o, ",\"signal\":", how->signal != 0, how->signal);
	if (how->step != NULL)
		step.len = strlen (how->step);
	JSON_TEXT (o, ",\"step\":", &step);
	json_put_count (o, ",\"errno\":", how->sys_errno != 0, how->sys_errno);
	if (how->detail != NULL)
		detail.len = strlen (how->detail);
	JSON_TEXT (o, ",\"detail\":", &detail);
	OUTBUF_LIT (o, "}");
}

void
format_json_flags (struct outbuf *o, uint32_t set)
{
	const char *key = "";
	int32_t bit;

	OUTBUF_LIT (o, ",\"flags\":[");
	for (bit = 0; (size_t) bit + 1 < event_words_flags.n; bit++) {
		if ((set >> bit & 1) == 0)
			continue;
		json_put_word (o, key,
			       event_words_get (&event_words_flags, bit + 1));
		key = ",";
	}
	OUTBUF_LIT (o, "]");
}

/* Say of a cost that the provider did not report all of it. */
static void
put_estimated (struct outbuf *o, int is)
{
	if (is)
		OUTBUF_LIT (o, ",\"cost_source\":\"estimated\"");
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
	for (i = 0; i < ARRAY_SIZE (counts); i++) {
		if ((t->has & counts[i].bit) == 0)
			continue;
		outbuf_str (o, comma);
		outbuf_str (o, counts[i].key);
		outbuf_i64 (o, counts[i].value);
		comma = ",";
	}
	if ((t->has & LHK_USAGE_COST) != 0) {
		outbuf_str (o, comma);
		OUTBUF_LIT (o, "\"cost_usd\":");
		json_put_cost (o, t->cost_nano_usd);
		put_estimated (o, t->estimated != 0);
	}
}

static void
put_totals (struct outbuf *o, const struct lhk_result *r)
{
	int estimated = 0;
	size_t i;

	OUTBUF_LIT (o, ",\"usage\":[");
	for (i = 0; i < r->n_usage; i++) {
		outbuf_str (o, i > 0 ? ",{" : "{");
		put_total (o, &r->usage[i]);
		estimated |= r->usage[i].estimated != 0;
		OUTBUF_LIT (o, "}");
	}
	OUTBUF_LIT (o, "]");
	json_put_word (o, ",\"usage_scope\":",
		       event_words_get (&event_words_scopes, r->usage_scope));
	outbuf_str (o, r->complete_usage ? ",\"complete_usage\":true"
					 : ",\"complete_usage\":false");
	if (r->has_cost) {
		OUTBUF_LIT (o, ",\"cost_usd\":");
		json_put_cost (o, r->cost_nano_usd);
		put_estimated (o, estimated);
	}
}

void
format_json_process (struct outbuf *o, const struct lhk_outcome *how)
{
	const struct lhk_text head = { how->stderr_head.ptr,
				       how->stderr_head.len, 0, 0 };
	const struct lhk_text tail = { how->stderr_tail.ptr,
				       how->stderr_tail.len, 0, 0 };
	uint32_t i;

	OUTBUF_LIT (o, ",\"survivors\":[");
	for (i = 0; i < how->n_survivors; i++) {
		if (i > 0)
			OUTBUF_LIT (o, ",");
		outbuf_i64 (o, how->survivors[i]);
	}
	OUTBUF_LIT (o, "]");
	json_put_word (o, ",\"contain\":", how->contain);
	put_unsigned (o, ",\"rusage\":{\"wall_ms\":", how->wall_ms);
	put_unsigned (o, ",\"user_ms\":", how->user_ms);
	put_unsigned (o, ",\"sys_ms\":", how->sys_ms);
	put_unsigned (o, ",\"max_rss_kib\":", how->max_rss_kib);
	OUTBUF_LIT (o, "},\"stderr\":{\"head\":");
	json_put_body (o, &head);
	OUTBUF_LIT (o, ",\"tail\":");
	json_put_body (o, &tail);
	put_unsigned (o, ",\"bytes\":", how->stderr_bytes);
	OUTBUF_LIT (o, "}");
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
	put_unsigned (o, ",\"forgotten\":", s->forgotten);
	OUTBUF_LIT (o, "}");
}

static void
put_origin (struct outbuf *o, const struct lhk_result *r)
{
	char ended[CLOCK_RFC3339_SIZE];

	JSON_TEXT (o, ",\"plugin\":", &r->header->plugin);
	JSON_TEXT (o, ",\"provider\":", &r->header->provider);
	JSON_TEXT (o, ",\"started\":", &r->header->started);
	if (r->ended_ms == 0)
		return;
	clock_rfc3339 (r->ended_ms, ended);
	json_put_word (o, ",\"ended\":", ended);
}

void
format_json_members (struct outbuf *o, const struct lhk_result *r,
		     unsigned int parts)
{
	OUTBUF_LIT (o, ",\"final\":true");
	json_put_word (o, ",\"verdict\":", lhk_verdict_name (r->verdict));
	JSON_TEXT (o, ",\"stop_reason\":", &r->stop_reason);
	JSON_TEXT (o, ",\"text\":", &r->text);
	JSON_TEXT (o, ",\"error\":", &r->error);
	if ((parts & FORMAT_JSON_RUN) != 0 && r->header != NULL)
		JSON_TEXT (o, ",\"run\":", &r->header->id);
	if ((parts & FORMAT_JSON_RUN) != 0)
		json_put_count (o, ",\"exit_status\":", r->has_status,
				r->exit_status);
	JSON_TEXT (o, ",\"session_id\":", &r->session_id);
	JSON_TEXT (o, ",\"model\":", &r->model);
	if (r->outcome.end_reason != 0)
		format_json_outcome (o, &r->outcome);
	format_json_flags (o, r->outcome.flags);
	put_totals (o, r);
	put_unsigned (o, ",\"tools\":{\"started\":", r->tools_started);
	put_unsigned (o, ",\"completed\":", r->tools_completed);
	put_unsigned (o, ",\"failed\":", r->tools_failed);
	put_unsigned (o, ",\"denied\":", r->tools_denied);
	put_unsigned (o, ",\"canceled\":", r->tools_canceled);
	put_unsigned (o, ",\"open\":", r->tools_open);
	OUTBUF_LIT (o, "}");
	if (r->outcome.end_reason != 0)
		format_json_process (o, &r->outcome);
	put_counters (o, &r->stats);
	if ((parts & FORMAT_JSON_ORIGIN) != 0 && r->header != NULL)
		put_origin (o, r);
	if ((parts & FORMAT_JSON_COMMAND) != 0 && r->header != NULL)
		put_command (o, r->header);
}

void
format_json_result (struct outbuf *o, const struct lhk_result *r)
{
	OUTBUF_LIT (o, "{\"kind\":\"result\"");
	format_json_members (o, r,
			     FORMAT_JSON_RUN | FORMAT_JSON_ORIGIN
				     | FORMAT_JSON_COMMAND);
	OUTBUF_LIT (o, "}\n");
}
