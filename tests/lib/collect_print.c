/* SPDX-License-Identifier: MIT */
/* collect_print.c - one event as a readable line (see collect.h). */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <linehook/json.h>
#include <linehook/plugin.h>

#include "lib/checksum.h"
#include "lib/collect.h"
#include "lib/collect_print.h"

#define NAME(names, n)                                                         \
	((size_t) (n) < sizeof (names) / sizeof ((names)[0]) ? (names)[n]      \
							     : "BROKEN")

static const char *const roles[] = { "-", "assistant", "user", "thought",
				     "system" };
static const char *const states[] = { "-",	   "pending", "in_progress",
				      "completed", "failed",  "canceled",
				      "denied" };
static const char *const types[] = { "other",	"read",	 "edit",
				     "delete",	"move",	 "search",
				     "execute", "think", "fetch" };
static const char *const plan_states[] = { "-", "pending", "in_progress",
					   "completed" };
static const char *const scopes[] = { "-", "call", "turn", "run", "session" };
static const char *const verdicts[] = { "-",	   "ok",    "failed",
					"refused", "limit", "canceled" };

static void
quote (FILE *out, const char *p, size_t len)
{
	size_t shown = len;
	size_t i;

	if (len > COLLECT_SHOWN) {
		shown = COLLECT_SHOWN;
		while (shown && ((unsigned char) p[shown] & 0xc0) == 0x80)
			shown--;
	}
	fputc ('"', out);
	for (i = 0; i < shown; i++) {
		unsigned char c = (unsigned char) p[i];

		if (c == '\n')
			fputs ("\\n", out);
		else if (c == '\t')
			fputs ("\\t", out);
		else if (c == '"' || c == '\\')
			fprintf (out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			fprintf (out, "\\x%02x", c);
		else
			fputc (c, out);
	}
	fputc ('"', out);
	if (shown == len)
		return;
	fprintf (out, "..(%zu bytes, %08x)", len, checksum (p, len));
}

/* Does the JSON text between BEFORE and AFTER hold one valid value? */
static int
is_json (const char *before, const char *p, size_t len, const char *after)
{
	size_t n = strlen (before);
	char *copy = malloc (n + len + strlen (after) + LHK_LINE_PADDING);
	struct lhk_json j;
	int ok;

	if (copy == NULL)
		abort ();
	memcpy (copy, before, n);
	memcpy (copy + n, p, len);
	strcpy (copy + n + len, after);
	len += n + strlen (after);
	memset (copy + len, 0, LHK_LINE_PADDING);
	copy[len] = '\n';
	lhk_json_begin (&j, copy, len);
	ok = lhk_json_skip (&j) && lhk_json_end (&j) == LHK_OK;
	free (copy);
	return ok;
}

static void
put_text (FILE *out, const char *key, const struct lhk_text *text)
{
	size_t need;
	char *plain;

	if (text->ptr == NULL)
		return;
	if (text->form > LHK_TEXT_RAW || text->reserved != 0
	    || (text->form != LHK_TEXT_PLAIN
		&& !is_json ("\"", text->ptr, text->len, "\"")))
		fprintf (out, " BROKEN-%s", key);
	if (text->form == LHK_TEXT_CLEAN
	    && memchr (text->ptr, '\\', text->len) != NULL)
		fprintf (out, " BROKEN-%s", key);
	lhk_text_decode (text, NULL, 0, &need);
	plain = malloc (need + 1);
	if (plain == NULL)
		abort ();
	lhk_text_decode (text, plain, need, NULL);
	fprintf (out, " %s=", key);
	quote (out, plain, need);
	free (plain);
}

static void
put_json (FILE *out, const char *key, const struct lhk_str *json)
{
	if (json->ptr == NULL)
		return;
	fprintf (out, " %s%s=",
		 is_json ("", json->ptr, json->len, "") ? "" : "BROKEN-", key);
	quote (out, json->ptr, json->len);
}

static void
put_texts (FILE *out, const char *key, const struct lhk_text *list, size_t n)
{
	size_t i;

	if (n == 0)
		return;
	fprintf (out, " %s=[", key);
	for (i = 0; i < n; i++)
		put_text (out, "", &list[i]);
	fprintf (out, " ]");
}

static void
put_session (FILE *out, const struct lhk_ev_session *e)
{
	put_text (out, "id", &e->id);
	put_text (out, "model", &e->model);
	put_text (out, "cwd", &e->cwd);
	put_text (out, "agent_version", &e->agent_version);
	put_texts (out, "tools", e->tools, e->n_tools);
	if (e->resumed)
		fprintf (out, " resumed=%d", e->resumed);
}

static void
put_tool (FILE *out, const struct lhk_ev_tool *e)
{
	fprintf (out, " status=%s type=%s", NAME (states, e->status),
		 NAME (types, e->type));
	if (e->flags & LHK_TOOL_HAS_EXIT)
		fprintf (out, " exit_code=%d", e->exit_code);
	if (e->flags & LHK_TOOL_TRUNCATED)
		fputs (" truncated", out);
	put_text (out, "id", &e->id);
	put_text (out, "name", &e->name);
	put_text (out, "server", &e->server);
	put_text (out, "brief", &e->brief);
	put_json (out, "input", &e->input);
	if (e->flags & LHK_TOOL_OUTPUT_JSON)
		put_json (out, "output_json",
			  &(struct lhk_str){ e->output.ptr, e->output.len });
	else
		put_text (out, "output", &e->output);
	put_texts (out, "paths", e->paths, e->n_paths);
}

static void
put_plan (FILE *out, const struct lhk_ev_plan *e)
{
	size_t i;

	for (i = 0; i < e->n_entries; i++)
		put_text (out, NAME (plan_states, e->entries[i].status),
			  &e->entries[i].text);
}

static void
put_usage (FILE *out, const struct lhk_ev_usage *e)
{
	const struct {
		uint32_t bit;
		const char *key;
		int64_t value;
	} numbers[] = {
		{ LHK_USAGE_INPUT, "input", e->input },
		{ LHK_USAGE_OUTPUT, "output", e->output },
		{ LHK_USAGE_CACHE_READ, "cache_read", e->cache_read },
		{ LHK_USAGE_CACHE_WRITE, "cache_write", e->cache_write },
		{ LHK_USAGE_REASONING, "reasoning", e->reasoning },
		{ LHK_USAGE_CONTEXT_USED, "context_used", e->context_used },
		{ LHK_USAGE_CONTEXT_SIZE, "context_size", e->context_size },
		{ LHK_USAGE_COST, "cost_nano_usd", e->cost_nano_usd },
	};
	size_t i;

	fprintf (out, " scope=%s", NAME (scopes, e->scope));
	put_text (out, "id", &e->id);
	put_text (out, "model", &e->model);
	for (i = 0; i < sizeof (numbers) / sizeof (numbers[0]); i++) {
		if (e->has & numbers[i].bit)
			fprintf (out, " %s=%lld", numbers[i].key,
				 (long long) numbers[i].value);
	}
	put_text (out, "cost_source", &e->cost_source);
}

static void
put_others (FILE *out, const struct lhk_event *event)
{
	const struct lhk_ev_text *text = (const void *) event;
	const struct lhk_ev_ask *ask = (const void *) event;
	const struct lhk_ev_notice *notice = (const void *) event;
	const struct lhk_ev_result *result = (const void *) event;

	switch (event->kind) {
	case LHK_EV_TEXT:
		fprintf (out, " role=%s%s%s", NAME (roles, text->role),
			 text->delta ? " delta" : "",
			 text->flags & LHK_TEXT_SYNTHETIC ? " synthetic" : "");
		put_text (out, "id", &text->id);
		put_text (out, "text", &text->text);
		break;
	case LHK_EV_ASK:
		put_text (out, "id", &ask->id);
		put_text (out, "tool", &ask->tool);
		put_text (out, "text", &ask->text);
		put_texts (out, "options", ask->options, ask->n_options);
		put_text (out, "outcome", &ask->outcome);
		break;
	case LHK_EV_NOTICE:
		fprintf (out, " level=%d", notice->level);
		put_text (out, "code", &notice->code);
		put_text (out, "text", &notice->text);
		put_json (out, "data", &notice->data);
		break;
	default:
		fprintf (out, " verdict=%s%s", NAME (verdicts, result->verdict),
			 result->terminal ? " terminal" : "");
		put_text (out, "stop_reason", &result->stop_reason);
		put_text (out, "text", &result->text);
		put_text (out, "error", &result->error);
		break;
	}
}

void
collect_print (FILE *out, const struct lhk_event *event)
{
	static const char *const kinds[] = { "-",     "session", "text",
					     "tool",  "plan",	 "ask",
					     "usage", "notice",	 "result" };

	fputs (NAME (kinds, event->kind), out);
	put_text (out, "parent", &event->parent);
	switch (event->kind) {
	case LHK_EV_SESSION:
		put_session (out, (const void *) event);
		break;
	case LHK_EV_TOOL:
		put_tool (out, (const void *) event);
		break;
	case LHK_EV_PLAN:
		put_plan (out, (const void *) event);
		break;
	case LHK_EV_USAGE:
		put_usage (out, (const void *) event);
		break;
	default:
		put_others (out, event);
		break;
	}
	fputc ('\n', out);
}
