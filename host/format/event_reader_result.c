/* SPDX-License-Identifier: MIT */
/* event_reader_result.c - the final result from its JSON. */
#include "config.h"

#include <string.h>

#include "common/macros.h"
#include "common/mem.h"
#include "format/event_reader_private.h"
#include "format/event_words.h"

/* ---- what is read ---- */

#define MEMBER(key, kind, member)                                              \
	LHK_FIELD (key, LHK_FIELD_##kind, struct event_result_members, member)

static const struct lhk_field result_fields[] = {
	EVENT_COMMON_HEAD (struct event_result_members),
	MEMBER ("final", BOOL, final),
	MEMBER ("verdict", TEXT, verdict),
	MEMBER ("stop_reason", TEXT, stop_reason),
	MEMBER ("text", TEXT, text),
	MEMBER ("error", TEXT, error),
	MEMBER ("run", TEXT, run),
	MEMBER ("exit_status", INT, exit_status),
	MEMBER ("session_id", TEXT, session_id),
	MEMBER ("model", TEXT, model),
	MEMBER ("outcome", RAW, outcome),
	MEMBER ("flags", RAW, flags),
	MEMBER ("usage", RAW, usage),
	MEMBER ("usage_scope", TEXT, usage_scope),
	MEMBER ("complete_usage", BOOL, complete_usage),
	MEMBER ("cost_usd", RAW, cost),
	MEMBER ("tools", RAW, tools),
	MEMBER ("survivors", RAW, survivors),
	MEMBER ("contain", TEXT, contain),
	MEMBER ("rusage", RAW, rusage),
	MEMBER ("stderr", RAW, err),
	MEMBER ("counters", RAW, counters),
	MEMBER ("plugin", TEXT, plugin),
	MEMBER ("provider", TEXT, provider),
	MEMBER ("started", TEXT, started),
	MEMBER ("ended_ms", INT, ended_ms),
	MEMBER ("argv", RAW, argv),
	MEMBER ("cwd", TEXT, cwd),
	EVENT_COMMON_TAIL (struct event_result_members),
};
#undef MEMBER

const struct lhk_fields event_result_table = {
	result_fields,
	ARRAY_SIZE (result_fields),
	sizeof (struct event_result_members),
};

struct outcome_members {
	struct lhk_text how, step, detail;
	struct lhk_num exit_code, signal, sys_errno;
};

static const struct lhk_field outcome_fields[] = {
	LHK_FIELD ("how", LHK_FIELD_TEXT, struct outcome_members, how),
	LHK_FIELD ("exit_code", LHK_FIELD_INT, struct outcome_members,
		   exit_code),
	LHK_FIELD ("signal", LHK_FIELD_INT, struct outcome_members, signal),
	LHK_FIELD ("step", LHK_FIELD_TEXT, struct outcome_members, step),
	LHK_FIELD ("errno", LHK_FIELD_INT, struct outcome_members, sys_errno),
	LHK_FIELD ("detail", LHK_FIELD_TEXT, struct outcome_members, detail),
};
LHK_FIELDS (outcome_table, struct outcome_members, outcome_fields);

struct stderr_members {
	struct lhk_text head, tail;
	struct lhk_num bytes;
};

static const struct lhk_field stderr_fields[] = {
	LHK_FIELD ("head", LHK_FIELD_TEXT, struct stderr_members, head),
	LHK_FIELD ("tail", LHK_FIELD_TEXT, struct stderr_members, tail),
	LHK_FIELD ("bytes", LHK_FIELD_INT, struct stderr_members, bytes),
};
LHK_FIELDS (stderr_table, struct stderr_members, stderr_fields);

struct total_members {
	struct lhk_text model;
	struct event_counts counts;
};

static const struct lhk_field total_fields[] = {
	LHK_FIELD ("model", LHK_FIELD_TEXT, struct total_members, model),
	EVENT_COUNTS (struct total_members),
	EVENT_COST (struct total_members),
};
LHK_FIELDS (total_table, struct total_members, total_fields);

/* Objects of counters: the key and the counter of the result. */
struct counter {
	const char *key;
	size_t offset; /* of a uint64_t in struct lhk_result */
};

#define COUNTER(key, member)                                                   \
	{                                                                      \
		key, offsetof (struct lhk_result, member)                      \
	}

static const struct counter tool_counters[] = {
	COUNTER ("started", tools_started),
	COUNTER ("completed", tools_completed),
	COUNTER ("failed", tools_failed),
	COUNTER ("denied", tools_denied),
	COUNTER ("canceled", tools_canceled),
	COUNTER ("open", tools_open),
};

static const struct counter rusage_counters[] = {
	COUNTER ("wall_ms", outcome.wall_ms),
	COUNTER ("user_ms", outcome.user_ms),
	COUNTER ("sys_ms", outcome.sys_ms),
	COUNTER ("max_rss_kib", outcome.max_rss_kib),
};

static const struct counter stream_counters[] = {
	COUNTER ("lines", stats.lines),
	COUNTER ("bytes", stats.bytes),
	COUNTER ("events", stats.events),
	COUNTER ("oversize", stats.oversize),
	COUNTER ("unparsed", stats.unparsed),
	COUNTER ("repaired", stats.repaired),
	COUNTER ("skipped", stats.skipped),
	COUNTER ("plugin_errors", stats.plugin_errors),
	COUNTER ("buffer_peak", stats.buffer_peak),
	COUNTER ("forgotten", stats.forgotten),
};

/* ---- parts of the result ---- */

static void
read_counters (struct lhk_result *result, const struct lhk_raw *raw,
	       const struct counter *counters, size_t n)
{
	struct lhk_text key;
	struct lhk_json j;
	struct lhk_num num;
	uint64_t value;
	size_t i;

	lhk_json_begin_raw (&j, raw);
	if (raw->type != LHK_JSON_OBJECT || !lhk_json_enter (&j))
		return;
	while (lhk_json_key (&j, &key)) {
		if (!lhk_json_int (&j, &num))
			continue;
		value = event_reader_u64 (&num);
		for (i = 0; i < n; i++)
			if (lhk_text_is (&key, counters[i].key,
					 strlen (counters[i].key)))
				memcpy ((char *) result + counters[i].offset,
					&value, sizeof value);
	}
}

/* LHK_FLAG_*. */
static uint32_t
read_flags (const struct lhk_raw *raw)
{
	struct lhk_text text;
	struct lhk_json j;
	uint32_t set = 0;
	int32_t bit;

	lhk_json_begin_raw (&j, raw);
	if (raw->type != LHK_JSON_ARRAY || !lhk_json_enter (&j))
		return 0;
	while (lhk_json_element (&j)) {
		if (!lhk_json_string (&j, &text))
			continue;
		bit = event_words_find (&event_words_flags, &text);
		if (bit > 0)
			set |= 1u << (bit - 1);
	}
	return set;
}

/* What may hold a tree together.  The words are written without escapes, so no
 * other is taken. */
static const char *
read_contain (const struct lhk_text *text)
{
	static const char *const words[] = {
		"cgroup",    "cgroup+scope", "pidns",		"pidns+scope",
		"subreaper", "scan",	     "subreaper+scope",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (words); i++)
		if (lhk_text_is (text, words[i], strlen (words[i])))
			return words[i];
	return NULL;
}

/* ---- strings ---- */

/* TEXT in plain UTF-8, for which there is room; absent stays absent. */
static struct lhk_str
decode (struct event_reader *r, const struct lhk_text *text)
{
	struct lhk_str str = { NULL, 0 };
	struct strbuf *b = &r->plain;

	if (text->ptr == NULL)
		return str;
	str.ptr = b->data + b->len;
	str.len = lhk_text_decode (text, b->data + b->len, text->len, NULL);
	b->len += str.len;
	b->data[b->len++] = '\0';
	return str;
}

/* The strings of the outcome.  No text is longer when it is decoded. */
static int
read_strings (struct event_reader *r, const struct outcome_members *o,
	      const struct stderr_members *err)
{
	struct lhk_outcome *how = &r->result.outcome;

	strbuf_clear (&r->plain);
	if (strbuf_reserve (&r->plain, o->step.len + o->detail.len
					       + err->head.len + err->tail.len
					       + 4)
	    < 0)
		return LHK_ENOMEM;
	how->step = decode (r, &o->step).ptr;
	how->detail = decode (r, &o->detail).ptr;
	how->stderr_head = decode (r, &err->head);
	how->stderr_tail = decode (r, &err->tail);
	return LHK_OK;
}

/* ---- lists ---- */

static int
read_survivors (struct event_reader *r, const struct lhk_raw *raw)
{
	struct lhk_num num;
	struct lhk_json j;
	int32_t pid, *item;

	r->pids.n = 0;
	lhk_json_begin_raw (&j, raw);
	if (raw->type == LHK_JSON_ARRAY && lhk_json_enter (&j)) {
		while (lhk_json_element (&j)) {
			if (!lhk_json_int (&j, &num)
			    || !event_reader_i32 (&num, 1, INT32_MAX, &pid))
				continue;
			item = event_reader_append (r, &r->pids, sizeof *item);
			if (item == NULL)
				return LHK_ENOMEM;
			*item = pid;
		}
	}
	r->result.outcome.survivors = r->pids.items;
	r->result.outcome.n_survivors = (uint32_t) r->pids.n;
	return LHK_OK;
}

static void
fill_total (struct lhk_usage_total *to, const struct total_members *m)
{
	const struct event_reader_counts t = event_reader_counts (&m->counts);

	to->model = m->model;
	to->has = t.has;
	to->estimated = (t.has & LHK_USAGE_COST) != 0
			&& LHK_TEXT_IS (&m->counts.cost_source, "estimated");
	to->input = t.input;
	to->output = t.output;
	to->cache_read = t.cache_read;
	to->cache_write = t.cache_write;
	to->reasoning = t.reasoning;
	to->cost_nano_usd = t.cost_nano_usd;
}

static int
read_totals (struct event_reader *r, const struct lhk_raw *raw)
{
	struct lhk_usage_total *item;
	struct total_members m;
	struct lhk_json j;

	r->totals.n = 0;
	lhk_json_begin_raw (&j, raw);
	if (raw->type == LHK_JSON_ARRAY && lhk_json_enter (&j)) {
		while (lhk_json_element (&j)) {
			if (!lhk_json_object (&j, &total_table, &m))
				continue;
			item = event_reader_append (r, &r->totals,
						    sizeof *item);
			if (item == NULL)
				return LHK_ENOMEM;
			fill_total (item, &m);
		}
	}
	r->result.usage = r->totals.items;
	r->result.n_usage = r->totals.n;
	return LHK_OK;
}

/* ---- the result ---- */

int32_t
event_reader_verdict (const struct lhk_text *text)
{
	const char *name;
	int32_t v;

	for (v = LHK_VERDICT_OK; v <= LHK_VERDICT_HOST_ERROR; v++) {
		name = lhk_verdict_name (v);
		if (lhk_text_is (text, name, strlen (name)))
			return v;
	}
	return 0;
}

static int
read_outcome (struct event_reader *r, const struct event_result_members *m)
{
	struct lhk_outcome *how = &r->result.outcome;
	struct outcome_members o;
	struct stderr_members err;

	/* What is no object has no members. */
	if (lhk_json_raw_object (&m->outcome, &outcome_table, &o) < 0)
		memset (&o, 0, sizeof o);
	if (lhk_json_raw_object (&m->err, &stderr_table, &err) < 0)
		memset (&err, 0, sizeof err);
	how->size = sizeof *how;
	how->end_reason = event_words_find (&event_words_end_reasons, &o.how);
	how->has_exit = event_reader_i32 (&o.exit_code, INT32_MIN, INT32_MAX,
					  &how->exit_code);
	(void) event_reader_i32 (&o.signal, 1, INT32_MAX, &how->signal);
	(void) event_reader_i32 (&o.sys_errno, 1, INT32_MAX, &how->sys_errno);
	how->flags = read_flags (&m->flags);
	how->contain = read_contain (&m->contain);
	how->stderr_bytes = event_reader_u64 (&err.bytes);
	return read_strings (r, &o, &err);
}

/* The members that only a result outside of its stream has, and the run.  LHK_OK
 * or LHK_ENOMEM. */
static int
read_header (struct event_reader *r, const struct event_result_members *m)
{
	const struct lhk_ev_run none = {
		.ev = LHK_EV (struct lhk_ev_run, LHK_EV_RUN),
	};
	struct lhk_result *to = &r->result;

	to->has_status =
		event_reader_i32 (&m->exit_status, 0, 255, &to->exit_status);
	if (m->ended_ms.has == 1 && m->ended_ms.value > 0)
		to->ended_ms = m->ended_ms.value;
	if (m->run.ptr == NULL && m->plugin.ptr == NULL)
		return LHK_OK;
	r->header = none;
	r->header.v = 1;
	r->header.id = m->run;
	r->header.plugin = m->plugin;
	r->header.provider = m->provider;
	r->header.started = m->started;
	r->header.cwd = m->cwd;
	to->header = &r->header;
	return event_reader_texts (r, &m->argv, &r->header.argv,
				   &r->header.n_argv);
}

int
event_reader_fill_result (struct event_reader *r,
			  const struct event_result_members *m)
{
	struct lhk_result *to = &r->result;

	memset (to, 0, sizeof *to);
	to->size = sizeof *to;
	to->stats.size = sizeof to->stats;
	to->verdict = event_reader_verdict (&m->verdict);
	to->session_id = m->session_id;
	to->model = m->model;
	to->text = m->text;
	to->stop_reason = m->stop_reason;
	to->error = m->error;
	to->usage_scope =
		event_words_find (&event_words_scopes, &m->usage_scope);
	to->complete_usage = m->complete_usage == 1;
	to->has_cost = lhk_raw_nano (&m->cost, &to->cost_nano_usd)
		       && to->cost_nano_usd >= 0;
	if (!to->has_cost)
		to->cost_nano_usd = 0;
	read_counters (to, &m->tools, tool_counters,
		       ARRAY_SIZE (tool_counters));
	read_counters (to, &m->rusage, rusage_counters,
		       ARRAY_SIZE (rusage_counters));
	read_counters (to, &m->counters, stream_counters,
		       ARRAY_SIZE (stream_counters));
	if (read_outcome (r, m) < 0 || read_survivors (r, &m->survivors) < 0
	    || read_totals (r, &m->usage) < 0 || read_header (r, m) < 0)
		return LHK_ENOMEM;
	return LHK_OK;
}
