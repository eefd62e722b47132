/* SPDX-License-Identifier: MIT */
/* event_reader_kinds.c - the members of each kind of event, and what becomes of
 * them. */
#include "config.h"

#include <string.h>

#include "common/macros.h"
#include "format/event_reader_private.h"
#include "format/event_words.h"

int
event_reader_texts (struct event_reader *r, const struct lhk_raw *raw,
		    const struct lhk_text **ret, size_t *ret_n)
{
	struct lhk_text text, *item;
	struct lhk_json j;

	r->texts.n = 0;
	lhk_json_begin_raw (&j, raw);
	if (raw->type == LHK_JSON_ARRAY && lhk_json_enter (&j)) {
		while (lhk_json_element (&j)) {
			if (!lhk_json_string (&j, &text))
				continue;
			item = event_reader_append (r, &r->texts, sizeof *item);
			if (item == NULL)
				return LHK_ENOMEM;
			*item = text;
		}
	}
	*ret = r->texts.items;
	*ret_n = r->texts.n;
	return LHK_OK;
}

static struct lhk_str
str_of (const struct lhk_raw *raw)
{
	const struct lhk_str str = { raw->ptr, raw->len };

	return str;
}

/* ---- kinds ---- */

struct session_members {
	struct event_common common;
	struct lhk_text provider, id, model, cwd, agent_version;
	struct lhk_raw tools;
	int32_t resumed;
};

static const struct lhk_field session_fields[] = {
	EVENT_COMMON_HEAD (struct session_members),
	LHK_FIELD ("provider", LHK_FIELD_TEXT, struct session_members,
		   provider),
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct session_members, id),
	LHK_FIELD ("model", LHK_FIELD_TEXT, struct session_members, model),
	LHK_FIELD ("cwd", LHK_FIELD_TEXT, struct session_members, cwd),
	LHK_FIELD ("agent_version", LHK_FIELD_TEXT, struct session_members,
		   agent_version),
	LHK_FIELD ("tools", LHK_FIELD_RAW, struct session_members, tools),
	LHK_FIELD ("resumed", LHK_FIELD_BOOL, struct session_members, resumed),
	EVENT_COMMON_TAIL (struct session_members),
};
LHK_FIELDS (session_table, struct session_members, session_fields);

static int
read_session (struct event_reader *r, const void *members)
{
	const struct session_members *m = members;
	struct lhk_ev_session *e = &r->event.session;

	e->ev.size = sizeof *e;
	e->id = m->id;
	e->model = m->model;
	e->cwd = m->cwd;
	e->agent_version = m->agent_version;
	e->provider = m->provider;
	e->resumed = m->resumed;
	return event_reader_texts (r, &m->tools, &e->tools, &e->n_tools);
}

struct text_members {
	struct event_common common;
	struct lhk_text role, id, text;
	int32_t delta, synthetic;
};

static const struct lhk_field text_fields[] = {
	EVENT_COMMON_HEAD (struct text_members),
	LHK_FIELD ("role", LHK_FIELD_TEXT, struct text_members, role),
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct text_members, id),
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct text_members, text),
	LHK_FIELD ("delta", LHK_FIELD_BOOL, struct text_members, delta),
	LHK_FIELD ("synthetic", LHK_FIELD_BOOL, struct text_members, synthetic),
	EVENT_COMMON_TAIL (struct text_members),
};
LHK_FIELDS (text_table, struct text_members, text_fields);

static int
read_text (struct event_reader *r, const void *members)
{
	const struct text_members *m = members;
	struct lhk_ev_text *e = &r->event.text;

	e->ev.size = sizeof *e;
	e->role = event_words_find (&event_words_roles, &m->role);
	e->delta = m->delta == 1;
	e->flags = m->synthetic == 1 ? LHK_TEXT_SYNTHETIC : 0;
	e->id = m->id;
	e->text = m->text;
	return LHK_OK;
}

struct tool_members {
	struct event_common common;
	struct lhk_text id, name, type, status, brief, server;
	struct lhk_raw input, output, paths;
	struct lhk_num exit_code;
	int32_t truncated;
};

static const struct lhk_field tool_fields[] = {
	EVENT_COMMON_HEAD (struct tool_members),
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct tool_members, id),
	LHK_FIELD ("name", LHK_FIELD_TEXT, struct tool_members, name),
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct tool_members, type),
	LHK_FIELD ("status", LHK_FIELD_TEXT, struct tool_members, status),
	LHK_FIELD ("brief", LHK_FIELD_TEXT, struct tool_members, brief),
	LHK_FIELD ("input", LHK_FIELD_RAW, struct tool_members, input),
	LHK_FIELD ("output", LHK_FIELD_RAW, struct tool_members, output),
	LHK_FIELD ("truncated", LHK_FIELD_BOOL, struct tool_members, truncated),
	LHK_FIELD ("exit_code", LHK_FIELD_INT, struct tool_members, exit_code),
	LHK_FIELD ("paths", LHK_FIELD_RAW, struct tool_members, paths),
	LHK_FIELD ("server", LHK_FIELD_TEXT, struct tool_members, server),
	EVENT_COMMON_TAIL (struct tool_members),
};
LHK_FIELDS (tool_table, struct tool_members, tool_fields);

/* A string is the text itself, any other value the text of its JSON. */
static void
read_output (struct lhk_ev_tool *e, const struct lhk_raw *raw)
{
	if (raw->ptr == NULL || lhk_raw_text (raw, &e->output))
		return;
	e->output.ptr = raw->ptr;
	e->output.len = raw->len;
	e->flags |= LHK_TOOL_OUTPUT_JSON;
}

static int
read_tool (struct event_reader *r, const void *members)
{
	const struct tool_members *m = members;
	struct lhk_ev_tool *e = &r->event.tool;

	e->ev.size = sizeof *e;
	e->status = event_words_find (&event_words_tool_states, &m->status);
	e->type = event_words_find (&event_words_tool_types, &m->type);
	if (event_reader_i32 (&m->exit_code, INT32_MIN, INT32_MAX,
			      &e->exit_code))
		e->flags |= LHK_TOOL_HAS_EXIT;
	if (m->truncated == 1)
		e->flags |= LHK_TOOL_TRUNCATED;
	e->id = m->id;
	e->name = m->name;
	e->server = m->server;
	e->brief = m->brief;
	e->input = str_of (&m->input);
	read_output (e, &m->output);
	return event_reader_texts (r, &m->paths, &e->paths, &e->n_paths);
}

struct entry_members {
	struct lhk_text text, status;
};

static const struct lhk_field entry_fields[] = {
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct entry_members, text),
	LHK_FIELD ("status", LHK_FIELD_TEXT, struct entry_members, status),
};
LHK_FIELDS (entry_table, struct entry_members, entry_fields);

struct plan_members {
	struct event_common common;
	struct lhk_raw entries;
};

static const struct lhk_field plan_fields[] = {
	EVENT_COMMON_HEAD (struct plan_members),
	LHK_FIELD ("entries", LHK_FIELD_RAW, struct plan_members, entries),
	EVENT_COMMON_TAIL (struct plan_members),
};
LHK_FIELDS (plan_table, struct plan_members, plan_fields);

static int
read_plan (struct event_reader *r, const void *members)
{
	const struct plan_members *m = members;
	struct lhk_ev_plan *e = &r->event.plan;
	struct lhk_plan_entry *item;
	struct entry_members entry;
	struct lhk_json j;

	e->ev.size = sizeof *e;
	r->entries.n = 0;
	lhk_json_begin_raw (&j, &m->entries);
	if (m->entries.type == LHK_JSON_ARRAY && lhk_json_enter (&j)) {
		while (lhk_json_element (&j)) {
			if (!lhk_json_object (&j, &entry_table, &entry))
				continue;
			item = event_reader_append (r, &r->entries,
						    sizeof *item);
			if (item == NULL)
				return LHK_ENOMEM;
			item->text = entry.text;
			item->status = event_words_find (
				&event_words_plan_states, &entry.status);
		}
	}
	e->entries = r->entries.items;
	e->n_entries = r->entries.n;
	return LHK_OK;
}

struct ask_members {
	struct event_common common;
	struct lhk_text id, tool, text, outcome;
	struct lhk_raw options;
};

static const struct lhk_field ask_fields[] = {
	EVENT_COMMON_HEAD (struct ask_members),
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct ask_members, id),
	LHK_FIELD ("tool", LHK_FIELD_TEXT, struct ask_members, tool),
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct ask_members, text),
	LHK_FIELD ("options", LHK_FIELD_RAW, struct ask_members, options),
	LHK_FIELD ("outcome", LHK_FIELD_TEXT, struct ask_members, outcome),
	EVENT_COMMON_TAIL (struct ask_members),
};
LHK_FIELDS (ask_table, struct ask_members, ask_fields);

static int
read_ask (struct event_reader *r, const void *members)
{
	const struct ask_members *m = members;
	struct lhk_ev_ask *e = &r->event.ask;

	e->ev.size = sizeof *e;
	e->id = m->id;
	e->tool = m->tool;
	e->text = m->text;
	e->outcome = m->outcome;
	return event_reader_texts (r, &m->options, &e->options, &e->n_options);
}

struct usage_members {
	struct event_common common;
	struct event_counts counts;
	struct lhk_text scope, id, model;
	struct lhk_num context_used, context_size;
};

static const struct lhk_field usage_fields[] = {
	EVENT_COMMON_HEAD (struct usage_members),
	LHK_FIELD ("scope", LHK_FIELD_TEXT, struct usage_members, scope),
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct usage_members, id),
	LHK_FIELD ("model", LHK_FIELD_TEXT, struct usage_members, model),
	EVENT_COUNTS (struct usage_members),
	LHK_FIELD ("context_used", LHK_FIELD_INT, struct usage_members,
		   context_used),
	LHK_FIELD ("context_size", LHK_FIELD_INT, struct usage_members,
		   context_size),
	EVENT_COST (struct usage_members),
	EVENT_COMMON_TAIL (struct usage_members),
};
LHK_FIELDS (usage_table, struct usage_members, usage_fields);

static int
read_usage (struct event_reader *r, const void *members)
{
	const struct usage_members *m = members;
	const struct event_reader_counts t = event_reader_counts (&m->counts);
	struct lhk_ev_usage *e = &r->event.usage;

	e->ev.size = sizeof *e;
	e->scope = event_words_find (&event_words_scopes, &m->scope);
	e->id = m->id;
	e->model = m->model;
	e->has = t.has;
	e->input = t.input;
	e->output = t.output;
	e->cache_read = t.cache_read;
	e->cache_write = t.cache_write;
	e->reasoning = t.reasoning;
	e->context_used = event_reader_count (&m->context_used,
					      LHK_USAGE_CONTEXT_USED, &e->has);
	e->context_size = event_reader_count (&m->context_size,
					      LHK_USAGE_CONTEXT_SIZE, &e->has);
	e->cost_nano_usd = t.cost_nano_usd;
	e->cost_source = m->counts.cost_source;
	return LHK_OK;
}

struct notice_members {
	struct event_common common;
	struct lhk_text level, code, text;
	struct lhk_raw data;
};

static const struct lhk_field notice_fields[] = {
	EVENT_COMMON_HEAD (struct notice_members),
	LHK_FIELD ("level", LHK_FIELD_TEXT, struct notice_members, level),
	LHK_FIELD ("code", LHK_FIELD_TEXT, struct notice_members, code),
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct notice_members, text),
	LHK_FIELD ("data", LHK_FIELD_RAW, struct notice_members, data),
	EVENT_COMMON_TAIL (struct notice_members),
};
LHK_FIELDS (notice_table, struct notice_members, notice_fields);

static int
read_notice (struct event_reader *r, const void *members)
{
	const struct notice_members *m = members;
	struct lhk_ev_notice *e = &r->event.notice;

	e->ev.size = sizeof *e;
	e->level = event_words_find (&event_words_levels, &m->level);
	e->code = m->code;
	e->text = m->text;
	e->data = str_of (&m->data);
	return LHK_OK;
}

static int
read_result (struct event_reader *r, const void *members)
{
	const struct event_result_members *m = members;
	struct lhk_ev_result *e = &r->event.result;

	e->ev.size = sizeof *e;
	e->verdict = event_reader_verdict (&m->verdict);
	e->stop_reason = m->stop_reason;
	e->text = m->text;
	e->error = m->error;
	if (m->final != 1)
		return LHK_OK;
	e->final = &r->result;
	return event_reader_fill_result (r, m);
}

struct run_members {
	struct event_common common;
	struct lhk_num v;
	struct lhk_text id, plugin, provider, started, cwd;
	struct lhk_raw argv;
};

static const struct lhk_field run_fields[] = {
	EVENT_COMMON_HEAD (struct run_members),
	LHK_FIELD ("v", LHK_FIELD_INT, struct run_members, v),
	LHK_FIELD ("run", LHK_FIELD_TEXT, struct run_members, id),
	LHK_FIELD ("plugin", LHK_FIELD_TEXT, struct run_members, plugin),
	LHK_FIELD ("provider", LHK_FIELD_TEXT, struct run_members, provider),
	LHK_FIELD ("started", LHK_FIELD_TEXT, struct run_members, started),
	LHK_FIELD ("argv", LHK_FIELD_RAW, struct run_members, argv),
	LHK_FIELD ("cwd", LHK_FIELD_TEXT, struct run_members, cwd),
	EVENT_COMMON_TAIL (struct run_members),
};
LHK_FIELDS (run_table, struct run_members, run_fields);

static int
read_run (struct event_reader *r, const void *members)
{
	const struct run_members *m = members;
	struct lhk_ev_run *e = &r->event.run;

	e->ev.size = sizeof *e;
	(void) event_reader_i32 (&m->v, 0, INT32_MAX, &e->v);
	e->id = m->id;
	e->plugin = m->plugin;
	e->provider = m->provider;
	e->started = m->started;
	e->cwd = m->cwd;
	return event_reader_texts (r, &m->argv, &e->argv, &e->n_argv);
}

/* ---- any kind ---- */

/* The members of a line of any kind. */
union members {
	struct event_common common;
	struct session_members session;
	struct text_members text;
	struct tool_members tool;
	struct plan_members plan;
	struct ask_members ask;
	struct usage_members usage;
	struct notice_members notice;
	struct event_result_members result;
	struct run_members run;
};

static const struct {
	const struct lhk_fields *table;
	/* Fill the event, which is zero but for its head. */
	int (*read) (struct event_reader *r, const void *members);
} readers[] = {
	[LHK_EV_SESSION] = { &session_table, read_session },
	[LHK_EV_TEXT] = { &text_table, read_text },
	[LHK_EV_TOOL] = { &tool_table, read_tool },
	[LHK_EV_PLAN] = { &plan_table, read_plan },
	[LHK_EV_ASK] = { &ask_table, read_ask },
	[LHK_EV_USAGE] = { &usage_table, read_usage },
	[LHK_EV_NOTICE] = { &notice_table, read_notice },
	[LHK_EV_RESULT] = { &event_result_table, read_result },
	[LHK_EV_RUN] = { &run_table, read_run },
};

int
event_reader_fill_event (struct event_reader *r, int kind, const char *line,
			 size_t len, struct event_common *ret)
{
	union members m;

	if (lhk_json_line (line, len, readers[kind].table, &m) < 0)
		return LHK_EPARSE;
	memset (&r->event, 0, sizeof r->event);
	r->event.ev.kind = (uint32_t) kind;
	r->event.ev.parent = m.common.parent;
	*ret = m.common;
	return readers[kind].read (r, &m);
}
