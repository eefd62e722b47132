/* SPDX-License-Identifier: MIT */
/*
 * event_fault.c - is this an event that a plugin may emit?
 *
 * The host repairs or drops a wrong event; the suite shows it to the author of
 * the plugin.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <linehook/json.h>

#include "cli/check/suite.h"
#include "event/event_union.h"
#include "json/slice.h"
#include "common/mem.h"
#include "common/macros.h"

#define CANONICAL_ESCAPES "\"\\bfnrt"
#define EACH_MAX 4096

struct event_rules {
	const struct lhk_event *ev;
	const char *kind;
	char *buf;
	int bad;
};

static const char *const kind_names[] = {
	[LHK_EV_SESSION] = "session", [LHK_EV_TEXT] = "text",
	[LHK_EV_TOOL] = "tool",	      [LHK_EV_PLAN] = "plan",
	[LHK_EV_ASK] = "ask",	      [LHK_EV_USAGE] = "usage",
	[LHK_EV_NOTICE] = "notice",   [LHK_EV_RESULT] = "result",
};

static void add_fault (struct event_rules *r, const char *fmt, ...)
	LHK_PRINTF (2, 3);

static void
add_fault (struct event_rules *r, const char *fmt, ...)
{
	va_list args;
	int len;

	if (r->bad)
		return;
	r->bad = 1;
	len = snprintf (r->buf, CHECK_TEXT, "%s event: ", r->kind);
	va_start (args, fmt);
	vsnprintf (r->buf + len, CHECK_TEXT - (size_t) len, fmt, args);
	va_end (args);
}

/* OPEN BODY CLOSE in new memory, with the padding that the reader needs. */
static char *
padded (const char *open, const char *body, size_t len, const char *close,
	size_t *ret_len, size_t *ret_size)
{
	size_t n_open = strlen (open);
	size_t n_close = strlen (close);
	size_t size = n_open + len + n_close + LHK_LINE_PADDING;
	char *copy = mem_zero (&mem_system, size);

	if (copy == NULL)
		return NULL;
	memcpy (copy, open, n_open);
	memcpy (copy + n_open, body, len);
	memcpy (copy + n_open + len, close, n_close);
	*ret_len = n_open + len + n_close;
	copy[*ret_len] = '\n';
	*ret_size = size;
	return copy;
}

/* Is OPEN BODY CLOSE one JSON value? */
static int
is_json (const char *open, const char *body, size_t len, const char *close)
{
	size_t copy_len, size;
	char *copy = padded (open, body, len, close, &copy_len, &size);
	int ok;

	if (copy == NULL)
		return 1;
	ok = json_slice_is_padded_value (copy, copy_len);
	mem_free (&mem_system, copy, size);
	return ok;
}

static int
has_other_escape (const char *p, size_t len)
{
	const char *end = p + len;

	while (p < end && (p = memchr (p, '\\', (size_t) (end - p))) != NULL) {
		if (p + 1 == end || p[1] == '\0'
		    || strchr (CANONICAL_ESCAPES, p[1]) == NULL)
			return 1;
		p += 2;
	}
	return 0;
}

static void
check_text (struct event_rules *r, const char *member, const struct lhk_text *t)
{
	if (t->ptr == NULL) {
		if (t->len != 0)
			add_fault (
				r,
				"%s has %zu bytes and a NULL pointer, expected "
				"{NULL, 0} for absent",
				member, t->len);
		return;
	}
	if (t->form > LHK_TEXT_RAW)
		add_fault (r, "%s has the form %u, expected one of LHK_TEXT_*",
			   member, t->form);
	else if (t->form == LHK_TEXT_PLAIN)
		return;
	else if (!is_json ("\"", t->ptr, t->len, "\""))
		add_fault (r,
			   "%s is marked as the body of a JSON string, but is "
			   "not one: mark it LHK_TEXT_PLAIN, or pass it on as "
			   "the reader returned it",
			   member);
	else if (t->form == LHK_TEXT_CLEAN
		 && memchr (t->ptr, '\\', t->len) != NULL)
		add_fault (r,
			   "%s is marked LHK_TEXT_CLEAN and has a backslash: "
			   "expected LHK_TEXT_RAW",
			   member);
	else if (t->form == LHK_TEXT_CANONICAL
		 && has_other_escape (t->ptr, t->len))
		add_fault (r,
			   "%s is marked LHK_TEXT_CANONICAL and has an escape "
			   "that is not one of \\\" \\\\ \\b \\f \\n"
			   " \\r \\t: expected LHK_TEXT_RAW",
			   member);
}

static void
check_texts (struct event_rules *r, const char *member,
	     const struct lhk_text *texts, size_t n)
{
	size_t i;

	if (texts == NULL && n != 0)
		add_fault (r, "n_%s is %zu and %s is NULL", member, n, member);
	for (i = 0; texts != NULL && i < n && i < EACH_MAX; i++)
		check_text (r, member, &texts[i]);
}

static void
check_json (struct event_rules *r, const char *member, const struct lhk_str *s)
{
	if (s->ptr == NULL && s->len != 0)
		add_fault (r, "%s has %zu bytes and a NULL pointer", member,
			   s->len);
	else if (s->ptr != NULL && !is_json ("", s->ptr, s->len, ""))
		add_fault (r,
			   "%s is not valid JSON: give a raw value of the "
			   "reader, or nothing",
			   member);
}

static void
check_range (struct event_rules *r, const char *member, int32_t value,
	     int32_t min, int32_t max)
{
	if (value < min || value > max)
		add_fault (r, "%s is %d, expected %d to %d", member, value, min,
			   max);
}

static void
check_session (struct event_rules *r, const struct lhk_ev_session *e)
{
	check_text (r, "id", &e->id);
	check_text (r, "model", &e->model);
	check_text (r, "cwd", &e->cwd);
	check_text (r, "agent_version", &e->agent_version);
	check_texts (r, "tools", e->tools, e->n_tools);
	check_range (r, "resumed", e->resumed, -1, 1);
	check_text (r, "provider", &e->provider);
}

static void
check_message (struct event_rules *r, const struct lhk_ev_text *e)
{
	check_range (r, "role", e->role, LHK_ROLE_ASSISTANT, LHK_ROLE_SYSTEM);
	check_range (r, "delta", e->delta, 0, 1);
	check_text (r, "id", &e->id);
	check_text (r, "text", &e->text);
	if (e->text.ptr == NULL)
		add_fault (r,
			   "text is absent: an event without it says nothing");
}

static void
check_tool (struct event_rules *r, const struct lhk_ev_tool *e)
{
	check_range (r, "status", e->status, 0, LHK_TOOL_DENIED);
	check_range (r, "type", e->type, LHK_TYPE_OTHER, LHK_TYPE_FETCH);
	check_text (r, "id", &e->id);
	if (e->id.ptr == NULL)
		add_fault (r,
			   "id is absent: updates of one call are known by it");
	check_text (r, "name", &e->name);
	check_text (r, "server", &e->server);
	check_text (r, "brief", &e->brief);
	check_json (r, "input", &e->input);
	check_text (r, "output", &e->output);
	check_texts (r, "paths", e->paths, e->n_paths);
}

static void
check_plan (struct event_rules *r, const struct lhk_ev_plan *e)
{
	size_t i;

	if (e->entries == NULL && e->n_entries != 0)
		add_fault (r, "n_entries is %zu and entries is NULL",
			   e->n_entries);
	for (i = 0; e->entries != NULL && i < e->n_entries && i < EACH_MAX;
	     i++) {
		check_text (r, "entries.text", &e->entries[i].text);
		check_range (r, "entries.status", e->entries[i].status,
			     LHK_PLAN_PENDING, LHK_PLAN_DONE);
	}
}

static void
check_ask (struct event_rules *r, const struct lhk_ev_ask *e)
{
	check_text (r, "id", &e->id);
	check_text (r, "tool", &e->tool);
	check_text (r, "text", &e->text);
	check_texts (r, "options", e->options, e->n_options);
	check_text (r, "outcome", &e->outcome);
}

static void
check_usage (struct event_rules *r, const struct lhk_ev_usage *e)
{
	check_range (r, "scope", e->scope, LHK_SCOPE_CALL, LHK_SCOPE_SESSION);
	check_text (r, "id", &e->id);
	check_text (r, "model", &e->model);
	check_text (r, "cost_source", &e->cost_source);
	/* That of a turn or of the run says that there may be more. */
	if (e->has == 0 && e->scope < LHK_SCOPE_TURN)
		add_fault (r, "has is 0: no number was given");
}

static const char *const codes[] = {
	LHK_CODE_OVERSIZE,	 LHK_CODE_UNPARSED,	LHK_CODE_STDERR,
	LHK_CODE_RETRY,		 LHK_CODE_RATE_LIMIT,	LHK_CODE_STALL,
	LHK_CODE_BUDGET,	 LHK_CODE_TASK_STARTED, LHK_CODE_TASK_ENDED,
	LHK_CODE_COMPACTION,	 LHK_CODE_GAP,		LHK_CODE_PLUGIN,
	LHK_CODE_PROVIDER_ERROR, LHK_CODE_HOST,		LHK_CODE_DISK,
};

static void
check_notice (struct event_rules *r, const struct lhk_ev_notice *e)
{
	size_t i;

	check_text (r, "code", &e->code);
	check_text (r, "text", &e->text);
	check_json (r, "data", &e->data);
	if (e->level != LHK_LOG_ERROR && e->level != LHK_LOG_WARN
	    && e->level != LHK_LOG_INFO && e->level != LHK_LOG_DEBUG)
		add_fault (r, "level is %d, expected one of LHK_LOG_*",
			   e->level);
	for (i = 0; i < ARRAY_SIZE (codes); i++)
		if (lhk_text_is (&e->code, codes[i], strlen (codes[i])))
			return;
	add_fault (r,
		   "code is '%.*s', expected one of LHK_CODE_* (see "
		   "linehook-events(7))",
		   (int) (e->code.len < 40 ? e->code.len : 40),
		   e->code.ptr == NULL ? "" : e->code.ptr);
}

static void
check_result (struct event_rules *r, const struct lhk_ev_result *e)
{
	check_range (r, "verdict", e->verdict, 0, LHK_VERDICT_CANCELED);
	check_range (r, "terminal", e->terminal, 0, 1);
	check_text (r, "stop_reason", &e->stop_reason);
	check_text (r, "text", &e->text);
	check_text (r, "error", &e->error);
	if (e->final != NULL)
		add_fault (
			r,
			"final is set: only the host makes the final result");
}

/* E has our size: members that its writer did not know are unset. */
static void
check_event (struct event_rules *r, const union event_union *e)
{
	check_text (r, "parent", &e->ev.parent);
	switch (e->ev.kind) {
	case LHK_EV_SESSION:
		check_session (r, &e->session);
		break;
	case LHK_EV_TEXT:
		check_message (r, &e->text);
		break;
	case LHK_EV_TOOL:
		check_tool (r, &e->tool);
		break;
	case LHK_EV_PLAN:
		check_plan (r, &e->plan);
		break;
	case LHK_EV_ASK:
		check_ask (r, &e->ask);
		break;
	case LHK_EV_USAGE:
		check_usage (r, &e->usage);
		break;
	case LHK_EV_NOTICE:
		check_notice (r, &e->notice);
		break;
	default:
		check_result (r, &e->result);
	}
}

const char *
event_fault (const struct lhk_event *event, char buf[CHECK_TEXT])
{
	struct event_rules r = { event, "?", buf, 0 };
	union event_union own;
	size_t size = event->size;

	if (event->kind == 0 || event->kind >= ARRAY_SIZE (kind_names)) {
		snprintf (buf, CHECK_TEXT,
			  "an event has the kind %u, expected LHK_EV_SESSION "
			  "to LHK_EV_RESULT",
			  event->kind);
		return buf;
	}
	r.kind = kind_names[event->kind];
	memset (&own, 0, sizeof own);
	memcpy (&own, event, size < sizeof own ? size : sizeof own);
	check_event (&r, &own);
	return r.bad ? buf : NULL;
}
