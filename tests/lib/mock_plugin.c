/* SPDX-License-Identifier: MIT */
/* mock_plugin.c - a plugin linked into the tests; its input says what it
 * does. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linehook/json.h>

#include "lib/mock_plugin.h"

struct mock {
	const struct lhk_api *api;
	uint64_t lines; /* accepted */
	int held;
	char words[96]; /* lives as long as the events need it */
};

int mock_plugin_open_handles;

static int
mock_open (const struct lhk_api *api, const struct lhk_option *options,
	   size_t n_options, void **ret)
{
	struct mock *m;

	if (n_options > 0 && strcmp (options[0].key, "refuse") == 0) {
		api->log (api->ctx, LHK_LOG_ERROR, "no %s today\n",
			  options[0].value);
		return LHK_EREFUSED;
	}
	m = calloc (1, sizeof *m);
	if (m == NULL)
		return LHK_ENOMEM;
	m->api = api;
	*ret = m;
	mock_plugin_open_handles++;
	return LHK_OK;
}

static void
mock_close (void *handle)
{
	struct mock *m = handle;
	struct lhk_ev_text late = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.text = LHK_TEXT_INIT ("too late"),
	};

	if (m->api->emit (m->api->ctx, &late.ev) != LHK_ESTATE)
		abort ();
	mock_plugin_open_handles--;
	free (m);
}

static int
emit_text (struct mock *m, const char *data, size_t len, int delta)
{
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.delta = delta,
		.text = { data, len, LHK_TEXT_PLAIN, 0 },
	};

	return m->api->emit (m->api->ctx, &text.ev);
}

static int
emit_words (struct mock *m)
{
	return emit_text (m, m->words, strlen (m->words), 0);
}

static int
emit_tool (struct mock *m, const char *name, size_t len, int status)
{
	struct lhk_ev_tool tool = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = status,
		.id = { name, len, LHK_TEXT_PLAIN, 0 },
		.name = { name, len, LHK_TEXT_PLAIN, 0 },
	};

	return m->api->emit (m->api->ctx, &tool.ev);
}

static int
emit_usage (struct mock *m, long n)
{
	struct lhk_ev_usage usage = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_TURN,
		.has = LHK_USAGE_INPUT | LHK_USAGE_OUTPUT,
		.input = n,
		.output = n,
	};

	return m->api->emit (m->api->ctx, &usage.ev);
}

static int
emit_claim (struct mock *m, int verdict, int terminal)
{
	struct lhk_ev_result result = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = verdict,
		.terminal = terminal,
	};

	return m->api->emit (m->api->ctx, &result.ev);
}

static int
emit_session (struct mock *m, const char *id, size_t len)
{
	struct lhk_ev_session session = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = { id, len, LHK_TEXT_PLAIN, 0 },
	};

	return m->api->emit (m->api->ctx, &session.ev);
}

static int
emit_many (struct mock *m, long n)
{
	int r = LHK_OK;

	for (; n > 0 && r == LHK_OK; n--)
		r = emit_text (m, "many", 4, 0);
	return r;
}

/* A text that comes after a sleep of MS. */
static int
emit_late (struct mock *m, long ms)
{
	struct timespec left = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep (&left, &left) < 0)
		;
	return emit_text (m, "late", 4, 0);
}

/* Break a rule of the ABI.  The results of emit are ignored, as a careless
 * plugin would. */
static int
misbehave (struct mock *m, char how)
{
	struct lhk_event odd = { sizeof odd, 4000, { NULL, 0, 0, 0 } };

	switch (how) {
	case 'p':
		emit_text (m, "lost", 4, 0);
		return LHK_EPARSE;
	case 'f':
		emit_text (m, "lost", 4, 0);
		return LHK_EBUG;
	case 'w':
		emit_text (m, "lost", 4, 0);
		return 77;
	case 'b':
		emit_text (m, "lost", 4, 0);
		emit_text (m, NULL, 4, 0);
		return LHK_OK;
	default:
		if (m->api->emit (m->api->ctx, &odd) != LHK_EUNSUPPORTED)
			return LHK_EBUG;
		return emit_text (m, "kept", 4, 0);
	}
}

static int
special (struct mock *m, const struct lhk_line *line)
{
	const char *what = line->flags & LHK_LINE_SALVAGED   ? "salvaged"
			   : line->flags & LHK_LINE_REPAIRED ? "repaired"
							     : "head";

	if (line->flags & LHK_LINE_HEAD_ONLY)
		snprintf (m->words, sizeof m->words, "%s %zu", what, line->len);
	else
		snprintf (m->words, sizeof m->words, "%s %.*s", what,
			  (int) line->len, line->data);
	return emit_words (m);
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

/* A line of JSON is a text. */
static int
obey_json (struct mock *m, const struct lhk_line *line)
{
	struct lhk_json j;

	lhk_json_begin (&j, line->data, line->len);
	lhk_json_skip (&j);
	if (lhk_json_end (&j) != LHK_OK)
		return LHK_EPARSE;
	return emit_text (m, line->data, line->len, 0);
}

static int
obey (struct mock *m, const struct lhk_line *line)
{
	const char *word = line->data + 1;
	size_t len = line->len - 1;

	switch (line->data[0]) {
	case '{':
		return obey_json (m, line);
	case 't':
		return emit_text (m, word, len, 0);
	case 'd':
		return emit_text (m, word, len, 1);
	case 'o':
		return emit_tool (m, word, len, LHK_TOOL_RUNNING);
	case 'c':
		return emit_tool (m, word, len, LHK_TOOL_DONE);
	case 'u':
		return emit_usage (m, strtol (word, NULL, 10));
	case 'r':
		return emit_claim (m, LHK_VERDICT_OK, 1);
	case 'x':
		return emit_claim (m, LHK_VERDICT_FAILED, 1);
	case 'v':
		return emit_claim (m, LHK_VERDICT_OK, 0);
	case 'z':
		return emit_late (m, strtol (word, NULL, 10));
	case 's':
		return emit_session (m, word, len);
	case 'n':
		return emit_many (m, strtol (word, NULL, 10));
	case 'k':
		return LHK_SKIP;
	case 'l':
		m->api->log (m->api->ctx, LHK_LOG_INFO, "hello %d", 5);
		return LHK_OK;
	case 'h':
		m->held = 1;
		return LHK_OK;
	case 'p':
	case 'f':
	case 'w':
	case 'b':
	case 'e':
		return misbehave (m, line->data[0]);
	default:
		return LHK_EPARSE;
	}
}

static int
mock_line_hook (void *handle, const struct lhk_line *line)
{
	struct mock *m = handle;
	int r;

	if (line->data[line->len] != '\n')
		abort ();
	if (line->flags
	    & (LHK_LINE_SALVAGED | LHK_LINE_HEAD_ONLY | LHK_LINE_REPAIRED))
		return special (m, line);
	if (line->len == 0 || has_bad_bytes (line))
		return LHK_EPARSE;
	r = obey (m, line);
	m->lines += r == LHK_OK;
	return r;
}

static int
mock_flush (void *handle)
{
	struct mock *m = handle;

	if (!m->held)
		return LHK_OK;
	snprintf (m->words, sizeof m->words, "flushed");
	return emit_words (m);
}

static int
mock_exited (void *handle, const struct lhk_exit *how)
{
	struct mock *m = handle;

	if (!m->held)
		return LHK_OK;
	snprintf (m->words, sizeof m->words, "exit %d %d", how->code,
		  how->signal);
	return emit_words (m);
}

static int
plain_line_hook (void *handle, const struct lhk_line *line)
{
	if (line->flags & LHK_LINE_HEAD_ONLY)
		return special (handle, line);
	return emit_text (handle, line->data, line->len, 0);
}

const struct lhk_plugin mock_plugin = {
	LHK_PLUGIN_HEADER,   .flags = LHK_PLUGIN_JSON | LHK_PLUGIN_CLAIMS,
	.name = "mock",	     .provider = "tests",
	.version = "1",	     .summary = "does what its lines say",
	.open = mock_open,   .line_hook = mock_line_hook,
	.flush = mock_flush, .exited = mock_exited,
	.close = mock_close,
};

const struct lhk_plugin plain_plugin = {
	LHK_PLUGIN_HEADER,
	.name = "plain",
	.provider = "tests",
	.version = "1",
	.summary = "each line is a text",
	.open = mock_open,
	.line_hook = plain_line_hook,
	.close = mock_close,
};
