/* SPDX-License-Identifier: MIT */
/*
 * event_rules.c - is this an event that a plugin may emit?
 *
 * The host repairs or drops a wrong event; the suite tells its author.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <linehook/json.h>

#include "cli/check/suite.h"
#include "event/event_union.h"
#include "common/mem.h"
#include "common/macros.h"

#define SAME_ESCAPES "\"\\bfnrt"
#define EACH_MAX 4096

struct look {
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

static void blame (struct look *l, const char *fmt, ...) LHK_PRINTF (2, 3);

static void
blame (struct look *l, const char *fmt, ...)
{
	va_list args;
	int len;

	if (l->bad)
		return;
	l->bad = 1;
	len = snprintf (l->buf, CHECK_TEXT, "%s event: ", l->kind);
	va_start (args, fmt);
	vsnprintf (l->buf + len, CHECK_TEXT - (size_t) len, fmt, args);
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
	struct lhk_json j;
	size_t copy_len, size;
	char *copy = padded (open, body, len, close, &copy_len, &size);
	int ok;

	if (copy == NULL)
		return 1;
	lhk_json_begin (&j, copy, copy_len);
	(void) lhk_json_skip (&j);
	ok = lhk_json_end (&j) == LHK_OK;
	mem_free (&mem_system, copy, size);
	return ok;
}

static int
has_other_escape (const char *p, size_t len)
{
	const char *end = p + len;

	while (p < end && (p = memchr (p, '\\', (size_t) (end - p))) != NULL) {
		if (p + 1 == end || p[1] == '\0'
		    || strchr (SAME_ESCAPES, p[1]) == NULL)
			return 1;
		p += 2;
	}
	return 0;
}

static void
see_text (struct look *l, const char *member, const struct lhk_text *t)
{
	if (t->ptr == NULL) {
		if (t->len != 0)
			blame (l,
			       "%s has %zu bytes and a NULL pointer, wanted "
			       "{NULL, 0} for absent",
			       member, t->len);
		return;
	}
	if (t->form > LHK_TEXT_RAW)
		blame (l, "%s has the form %u, wanted one of LHK_TEXT_*",
		       member, t->form);
	else if (t->form == LHK_TEXT_PLAIN)
		return;
	else if (!is_json ("\"", t->ptr, t->len, "\""))
		blame (l,
		       "%s is marked as the body of a JSON string and is "
		       "none: mark it LHK_TEXT_PLAIN, or give it as the "
		       "reader gave it",
		       member);
	else if (t->form == LHK_TEXT_CLEAN
		 && memchr (t->ptr, '\\', t->len) != NULL)
		blame (l,
		       "%s is marked LHK_TEXT_CLEAN and has a backslash: "
		       "wanted LHK_TEXT_RAW",
		       member);
	else if (t->form == LHK_TEXT_CANONICAL
		 && has_other_escape (t->ptr, t->len))
		blame (l,
		       "%s is marked LHK_TEXT_CANONICAL and has an escape that "
		       "is not one of \\\" \\\\ \\b \\f \\n \\r \\t: wanted "
		       "LHK_TEXT_RAW",
		       member);
}

static void
see_texts (struct look *l, const char *member, const struct lhk_text *texts,
	   size_t n)
{
	size_t i;

	if (texts == NULL && n != 0)
		blame (l, "n_%s is %zu and %s is NULL", member, n, member);
	for (i = 0; texts != NULL && i < n && i < EACH_MAX; i++)
		see_text (l, member, &texts[i]);
}

static void
see_json (struct look *l, const char *member, const struct lhk_str *s)
{
	if (s->ptr == NULL && s->len != 0)
		blame (l, "%s has %zu bytes and a NULL pointer", member,
		       s->len);
	else if (s->ptr != NULL && !is_json ("", s->ptr, s->len, ""))
		blame (l,
		       "%s is not valid JSON: give a raw value of the "
		       "reader, or nothing",
		       member);
}

static void
see_range (struct look *l, const char *member, int32_t value, int32_t least,
	   int32_t most)
{
	if (value < least || value > most)
		blame (l, "%s is %d, wanted %d to %d", member, value, least,
		       most);
}

static void
see_session (struct look *l, const struct lhk_ev_session *e)
{
	see_text (l, "id", &e->id);
	see_text (l, "model", &e->model);
	see_text (l, "cwd", &e->cwd);
	see_text (l, "agent_version", &e->agent_version);
	see_texts (l, "tools", e->tools, e->n_tools);
	see_range (l, "resumed", e->resumed, -1, 1);
	see_text (l, "provider", &e->provider);
}

static void
see_message (struct look *l, const struct lhk_ev_text *e)
{
	see_range (l, "role", e->role, LHK_ROLE_ASSISTANT, LHK_ROLE_SYSTEM);
	see_range (l, "delta", e->delta, 0, 1);
	see_text (l, "id", &e->id);
	see_text (l, "text", &e->text);
	if (e->text.ptr == NULL)
		blame (l, "text is absent: an event without it says nothing");
}

static void
see_tool (struct look *l, const struct lhk_ev_tool *e)
{
	see_range (l, "status", e->status, 0, LHK_TOOL_DENIED);
	see_range (l, "type", e->type, LHK_TYPE_OTHER, LHK_TYPE_FETCH);
	see_text (l, "id", &e->id);
	if (e->id.ptr == NULL)
		blame (l, "id is absent: updates of one call are known by it");
	see_text (l, "name", &e->name);
	see_text (l, "server", &e->server);
	see_text (l, "brief", &e->brief);
	see_json (l, "input", &e->input);
	see_text (l, "output", &e->output);
	see_texts (l, "paths", e->paths, e->n_paths);
}

static void
see_plan (struct look *l, const struct lhk_ev_plan *e)
{
	size_t i;

	if (e->entries == NULL && e->n_entries != 0)
		blame (l, "n_entries is %zu and entries is NULL", e->n_entries);
	for (i = 0; e->entries != NULL && i < e->n_entries && i < EACH_MAX;
	     i++) {
		see_text (l, "entries.text", &e->entries[i].text);
		see_range (l, "entries.status", e->entries[i].status,
			   LHK_PLAN_PENDING, LHK_PLAN_DONE);
	}
}

static void
see_ask (struct look *l, const struct lhk_ev_ask *e)
{
	see_text (l, "id", &e->id);
	see_text (l, "tool", &e->tool);
	see_text (l, "text", &e->text);
	see_texts (l, "options", e->options, e->n_options);
	see_text (l, "outcome", &e->outcome);
}

static void
see_usage (struct look *l, const struct lhk_ev_usage *e)
{
	see_range (l, "scope", e->scope, LHK_SCOPE_CALL, LHK_SCOPE_SESSION);
	see_text (l, "id", &e->id);
	see_text (l, "model", &e->model);
	see_text (l, "cost_source", &e->cost_source);
	if (e->has == 0)
		blame (l, "has is 0: no number was given");
}

static const char *const codes[] = {
	LHK_CODE_OVERSIZE,	 LHK_CODE_UNPARSED,	LHK_CODE_STDERR,
	LHK_CODE_RETRY,		 LHK_CODE_RATE_LIMIT,	LHK_CODE_STALL,
	LHK_CODE_BUDGET,	 LHK_CODE_TASK_STARTED, LHK_CODE_TASK_ENDED,
	LHK_CODE_COMPACTION,	 LHK_CODE_GAP,		LHK_CODE_PLUGIN,
	LHK_CODE_PROVIDER_ERROR, LHK_CODE_HOST,
};

static void
see_notice (struct look *l, const struct lhk_ev_notice *e)
{
	size_t i;

	see_text (l, "code", &e->code);
	see_text (l, "text", &e->text);
	see_json (l, "data", &e->data);
	if (e->level != LHK_LOG_ERROR && e->level != LHK_LOG_WARN
	    && e->level != LHK_LOG_INFO && e->level != LHK_LOG_DEBUG)
		blame (l, "level is %d, wanted one of LHK_LOG_*", e->level);
	for (i = 0; i < ARRAY_SIZE (codes); i++)
		if (lhk_text_is (&e->code, codes[i], strlen (codes[i])))
			return;
	blame (l,
	       "code is '%.*s', wanted one of LHK_CODE_* (see "
	       "linehook-events(7))",
	       (int) (e->code.len < 40 ? e->code.len : 40),
	       e->code.ptr == NULL ? "" : e->code.ptr);
}

static void
see_result (struct look *l, const struct lhk_ev_result *e)
{
	see_range (l, "verdict", e->verdict, 0, LHK_VERDICT_CANCELED);
	see_range (l, "terminal", e->terminal, 0, 1);
	see_text (l, "stop_reason", &e->stop_reason);
	see_text (l, "text", &e->text);
	see_text (l, "error", &e->error);
	if (e->final != NULL)
		blame (l, "final is set: only the host makes the final result");
}

/* E has our size: members that its writer did not know are unset. */
static void
see_event (struct look *l, const union event_union *e)
{
	see_text (l, "parent", &e->ev.parent);
	switch (e->ev.kind) {
	case LHK_EV_SESSION:
		see_session (l, &e->session);
		break;
	case LHK_EV_TEXT:
		see_message (l, &e->text);
		break;
	case LHK_EV_TOOL:
		see_tool (l, &e->tool);
		break;
	case LHK_EV_PLAN:
		see_plan (l, &e->plan);
		break;
	case LHK_EV_ASK:
		see_ask (l, &e->ask);
		break;
	case LHK_EV_USAGE:
		see_usage (l, &e->usage);
		break;
	case LHK_EV_NOTICE:
		see_notice (l, &e->notice);
		break;
	default:
		see_result (l, &e->result);
	}
}

const char *
event_rules_fault (const struct lhk_event *event, char buf[CHECK_TEXT])
{
	struct look l = { event, "?", buf, 0 };
	union event_union own;
	size_t size = event->size;

	if (event->kind == 0 || event->kind >= ARRAY_SIZE (kind_names)) {
		snprintf (buf, CHECK_TEXT,
			  "an event has the kind %u, wanted "
			  "LHK_EV_SESSION to LHK_EV_RESULT",
			  event->kind);
		return buf;
	}
	l.kind = kind_names[event->kind];
	memset (&own, 0, sizeof own);
	memcpy (&own, event, size < sizeof own ? size : sizeof own);
	see_event (&l, &own);
	return l.bad ? buf : NULL;
}
