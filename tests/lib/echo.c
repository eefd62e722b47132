/* SPDX-License-Identifier: MIT */
/* echo.c - a plugin linked into the tests, steered by the lines it reads. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/echo.h"

struct echo {
	const struct lhk_api *api;
	uint64_t lines; /* accepted */
	int held;
	char words[96]; /* lives as long as the events need it */
};

int echo_open_handles;

static int
echo_open (const struct lhk_api *api, const struct lhk_option *options,
	   size_t n_options, void **ret)
{
	struct echo *e;

	if (n_options > 0 && strcmp (options[0].key, "refuse") == 0) {
		api->log (api->ctx, LHK_LOG_ERROR, "no %s today\n",
			  options[0].value);
		return LHK_EREFUSED;
	}
	e = calloc (1, sizeof *e);
	if (e == NULL)
		return LHK_ENOMEM;
	e->api = api;
	*ret = e;
	echo_open_handles++;
	return LHK_OK;
}

static void
echo_close (void *handle)
{
	struct echo *e = handle;
	struct lhk_ev_text late = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.text = LHK_TEXT_INIT ("too late"),
	};

	if (e->api->emit (e->api->ctx, &late.ev) != LHK_ESTATE)
		abort ();
	echo_open_handles--;
	free (e);
}

static int
emit_text (struct echo *e, const char *data, size_t len, int delta)
{
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.delta = delta,
		.text = { data, len, LHK_TEXT_PLAIN, 0 },
	};

	return e->api->emit (e->api->ctx, &text.ev);
}

static int
emit_words (struct echo *e)
{
	return emit_text (e, e->words, strlen (e->words), 0);
}

static int
emit_tool (struct echo *e, const char *name, size_t len, int status)
{
	struct lhk_ev_tool tool = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = status,
		.id = { name, len, LHK_TEXT_PLAIN, 0 },
		.name = { name, len, LHK_TEXT_PLAIN, 0 },
	};

	return e->api->emit (e->api->ctx, &tool.ev);
}

static int
emit_usage (struct echo *e, long n)
{
	struct lhk_ev_usage usage = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_TURN,
		.has = LHK_USAGE_INPUT | LHK_USAGE_OUTPUT,
		.input = n,
		.output = n,
	};

	return e->api->emit (e->api->ctx, &usage.ev);
}

static int
emit_claim (struct echo *e, int verdict)
{
	struct lhk_ev_result result = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = verdict,
		.terminal = 1,
	};

	return e->api->emit (e->api->ctx, &result.ev);
}

static int
emit_session (struct echo *e, const char *id, size_t len)
{
	struct lhk_ev_session session = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = { id, len, LHK_TEXT_PLAIN, 0 },
	};

	return e->api->emit (e->api->ctx, &session.ev);
}

static int
emit_many (struct echo *e, long n)
{
	int r = LHK_OK;

	for (; n > 0 && r == LHK_OK; n--)
		r = emit_text (e, "many", 4, 0);
	return r;
}

/* What the plugin gets wrong; the answers of emit are ignored, as a careless
 * plugin does. */
static int
misbehave (struct echo *e, char how)
{
	struct lhk_event odd = { sizeof odd, 4000, { NULL, 0, 0, 0 } };

	switch (how) {
	case 'p':
		emit_text (e, "lost", 4, 0);
		return LHK_EPARSE;
	case 'f':
		emit_text (e, "lost", 4, 0);
		return LHK_EBUG;
	case 'w':
		emit_text (e, "lost", 4, 0);
		return 77;
	case 'b':
		emit_text (e, "lost", 4, 0);
		emit_text (e, NULL, 4, 0);
		return LHK_OK;
	default:
		if (e->api->emit (e->api->ctx, &odd) != LHK_EUNSUPPORTED)
			return LHK_EBUG;
		return emit_text (e, "kept", 4, 0);
	}
}

static int
special (struct echo *e, const struct lhk_line *line)
{
	const char *what = line->flags & LHK_LINE_SALVAGED   ? "salvaged"
			   : line->flags & LHK_LINE_REPAIRED ? "repaired"
							     : "head";

	if (line->flags & LHK_LINE_HEAD_ONLY)
		snprintf (e->words, sizeof e->words, "%s %zu", what, line->len);
	else
		snprintf (e->words, sizeof e->words, "%s %.*s", what,
			  (int) line->len, line->data);
	return emit_words (e);
}

static int
has_bad_bytes (const struct lhk_line *line)
{
	size_t i;

	for (i = 0; i < line->len; i++)
		if ((unsigned char) line->data[i] < 0x20
		    || (unsigned char) line->data[i] >= 0xf8)
			return 1;
	return 0;
}

static int
obey (struct echo *e, const struct lhk_line *line)
{
	const char *word = line->data + 1;
	size_t len = line->len - 1;

	switch (line->data[0]) {
	case '{':
		return emit_text (e, line->data, line->len, 0);
	case 't':
		return emit_text (e, word, len, 0);
	case 'd':
		return emit_text (e, word, len, 1);
	case 'o':
		return emit_tool (e, word, len, LHK_TOOL_RUNNING);
	case 'c':
		return emit_tool (e, word, len, LHK_TOOL_DONE);
	case 'u':
		return emit_usage (e, strtol (word, NULL, 10));
	case 'r':
		return emit_claim (e, LHK_VERDICT_OK);
	case 'x':
		return emit_claim (e, LHK_VERDICT_FAILED);
	case 's':
		return emit_session (e, word, len);
	case 'n':
		return emit_many (e, strtol (word, NULL, 10));
	case 'k':
		return LHK_SKIP;
	case 'l':
		e->api->log (e->api->ctx, LHK_LOG_INFO, "hello %d", 5);
		return LHK_OK;
	case 'h':
		e->held = 1;
		return LHK_OK;
	case 'p':
	case 'f':
	case 'w':
	case 'b':
	case 'e':
		return misbehave (e, line->data[0]);
	default:
		return LHK_EPARSE;
	}
}

static int
echo_line_hook (void *handle, const struct lhk_line *line)
{
	struct echo *e = handle;
	int r;

	if (line->data[line->len] != '\n')
		abort ();
	if (line->flags
	    & (LHK_LINE_SALVAGED | LHK_LINE_HEAD_ONLY | LHK_LINE_REPAIRED))
		return special (e, line);
	if (line->len == 0 || has_bad_bytes (line))
		return LHK_EPARSE;
	r = obey (e, line);
	e->lines += r == LHK_OK;
	return r;
}

static int
echo_flush (void *handle)
{
	struct echo *e = handle;

	if (!e->held)
		return LHK_OK;
	snprintf (e->words, sizeof e->words, "flushed");
	return emit_words (e);
}

static int
echo_exited (void *handle, const struct lhk_exit *how)
{
	struct echo *e = handle;

	if (!e->held)
		return LHK_OK;
	snprintf (e->words, sizeof e->words, "exit %d %d", how->code,
		  how->signal);
	return emit_words (e);
}

static int
plain_line_hook (void *handle, const struct lhk_line *line)
{
	if (line->flags & LHK_LINE_HEAD_ONLY)
		return special (handle, line);
	return emit_text (handle, line->data, line->len, 0);
}

const struct lhk_plugin echo_plugin = {
	LHK_PLUGIN_HEADER,   .flags = LHK_PLUGIN_JSON | LHK_PLUGIN_CLAIMS,
	.name = "echo",	     .provider = "tests",
	.version = "1",	     .summary = "does what its lines say",
	.open = echo_open,   .line_hook = echo_line_hook,
	.flush = echo_flush, .exited = echo_exited,
	.close = echo_close,
};

const struct lhk_plugin plain_plugin = {
	LHK_PLUGIN_HEADER,
	.name = "plain",
	.provider = "tests",
	.version = "1",
	.summary = "each line is a text",
	.open = echo_open,
	.line_hook = plain_line_hook,
	.close = echo_close,
};
