/* SPDX-License-Identifier: MIT */
/* trial.c - runs of the mock agent, one after the other, on one host. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/trial.h"

#define WAIT_MS 20000

/* ---- the plugin ---- */

static int
script_open (const struct lhk_api *api, const struct lhk_option *options,
	     size_t n_options, void **ret)
{
	(void) options;
	(void) n_options;
	*ret = (void *) (uintptr_t) api;
	return LHK_OK;
}

static int
emit_tool (const struct lhk_api *api, const char *id, size_t len, int status)
{
	struct lhk_ev_tool ev = { .ev = LHK_EV (struct lhk_ev_tool,
						LHK_EV_TOOL) };

	ev.status = status;
	ev.id = (struct lhk_text){ id, len, LHK_TEXT_PLAIN, 0 };
	ev.name = (struct lhk_text) LHK_TEXT_INIT ("tool");
	return api->emit (api->ctx, &ev.ev);
}

static int
emit_task (const struct lhk_api *api, const char *id, size_t len, int begins)
{
	struct lhk_ev_notice ev = { .ev = LHK_EV (struct lhk_ev_notice,
						  LHK_EV_NOTICE) };
	static char data[64];

	snprintf (data, sizeof data, "{\"id\":\"%.*s\"}", (int) len, id);
	ev.level = LHK_LOG_INFO;
	ev.code =
		begins ? (struct lhk_text) LHK_TEXT_INIT (LHK_CODE_TASK_STARTED)
		       : (struct lhk_text) LHK_TEXT_INIT (LHK_CODE_TASK_ENDED);
	ev.text = (struct lhk_text){ id, len, LHK_TEXT_PLAIN, 0 };
	ev.data = (struct lhk_str){ data, strlen (data) };
	return api->emit (api->ctx, &ev.ev);
}

static int
emit_claim (const struct lhk_api *api)
{
	struct lhk_ev_result ev = { .ev = LHK_EV (struct lhk_ev_result,
						  LHK_EV_RESULT) };

	ev.verdict = LHK_VERDICT_OK;
	ev.terminal = 1;
	return api->emit (api->ctx, &ev.ev);
}

static int
emit_tokens (const struct lhk_api *api, long n)
{
	struct lhk_ev_usage ev = { .ev = LHK_EV (struct lhk_ev_usage,
						 LHK_EV_USAGE) };

	ev.scope = LHK_SCOPE_RUN;
	ev.has = LHK_USAGE_INPUT | LHK_USAGE_COST;
	ev.input = n;
	ev.cost_nano_usd = n * 1000;
	return api->emit (api->ctx, &ev.ev);
}

static int
script_line (void *handle, const struct lhk_line *line)
{
	const struct lhk_api *api = handle;
	struct lhk_ev_text ev = { .ev = LHK_EV (struct lhk_ev_text,
						LHK_EV_TEXT) };
	const char *p = line->data;
	size_t n = line->len;

	if (n > 6 && memcmp (p, "TOOL", 4) == 0)
		return emit_tool (api, p + 6, n - 6,
				  p[4] == '+' ? LHK_TOOL_RUNNING
					      : LHK_TOOL_DONE);
	if (n > 6 && memcmp (p, "TASK", 4) == 0)
		return emit_task (api, p + 6, n - 6, p[4] == '+');
	if (n == 5 && memcmp (p, "CLAIM", 5) == 0)
		return emit_claim (api);
	if (n > 7 && memcmp (p, "TOKENS ", 7) == 0)
		return emit_tokens (api, atol (p + 7));
	ev.role = LHK_ROLE_ASSISTANT;
	ev.text = (struct lhk_text){ p, n, LHK_TEXT_PLAIN, 0 };
	return api->emit (api->ctx, &ev.ev);
}

static void
script_close (void *handle)
{
	(void) handle;
}

/* ---- trials ---- */

const char *
trial_agent (void)
{
	return tap_need_env ("AGENT");
}

const char *
trial_monitor (void)
{
	return tap_need_env ("LINEHOOK_EXEC");
}

static void
on_text_event (struct trial *t, const struct lhk_text *text)
{
	size_t need = t->text_len + text->len + 2;
	int i;

	/* Doubled, since an allocator may copy a block each time it grows. */
	if (need > t->text_room) {
		t->text_room = 2 * need;
		t->text = realloc (t->text, t->text_room);
		if (t->text == NULL)
			exit (99);
	}
	if (text->len != 0)
		memcpy (t->text + t->text_len, text->ptr, text->len);
	t->text_len += text->len;
	t->text[t->text_len++] = '\n';
	t->text[t->text_len] = '\0';
	if (t->cancel_on != NULL && text->len == strlen (t->cancel_on)
	    && memcmp (text->ptr, t->cancel_on, text->len) == 0)
		for (i = 0; i < t->cancel_times; i++)
			lhk_run_cancel (t->run, t->cancel_signo);
	if (t->on_text != NULL)
		t->on_text (t, text->ptr, text->len);
}

static void
on_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	struct trial *t = user;
	const struct lhk_ev_notice *notice;
	size_t at = strlen (t->notices);

	(void) meta;
	t->n_events++;
	t->final_was_last = 0;
	if (event->kind == LHK_EV_TEXT) {
		on_text_event (t, &((const struct lhk_ev_text *) event)->text);
	} else if (event->kind == LHK_EV_NOTICE) {
		notice = (const struct lhk_ev_notice *) event;
		snprintf (t->notices + at, sizeof t->notices - at,
			  "%.*s: %.*s\n", (int) notice->code.len,
			  notice->code.ptr, (int) notice->text.len,
			  notice->text.ptr);
	} else if (event->kind == LHK_EV_RESULT
		   && ((const struct lhk_ev_result *) event)->final != NULL) {
		t->n_final++;
		t->final_was_last = 1;
	}
}

static void
on_stderr (void *user, const char *data, size_t len)
{
	struct trial *t = user;

	(void) data;
	t->err_bytes += len;
}

static void
reset_opts (struct trial *t)
{
	t->opts = (struct lhk_run_opts) LHK_RUN_OPTS_INIT;
	t->stream = (struct lhk_stream_opts) LHK_STREAM_OPTS_INIT;
	t->stream.on_event = on_event;
	t->stream.user = t;
	t->opts.stream = &t->stream;
	t->opts.on_stderr = on_stderr;
	t->cancel_on = NULL;
	t->cancel_signo = 0;
	t->cancel_times = 1;
	t->on_text = NULL;
}

void
trial_begin (struct trial *t, unsigned int flags)
{
	static struct lhk_plugin plugins[8];
	struct lhk_plugin *p = &plugins[flags % 8];
	struct lhk_host_opts o = LHK_HOST_OPTS_INIT;

	*p = (struct lhk_plugin){
		LHK_PLUGIN_HEADER,     .flags = flags,
		.name = "raw",	       .provider = "script",
		.version = "1",	       .summary = "for tests",
		.open = script_open,   .line_hook = script_line,
		.close = script_close,
	};
	memset (t, 0, sizeof *t);
	o.monitor = trial_monitor ();
	if (lhk_host_new (&o, &t->host, NULL) < 0
	    || lhk_host_add_plugin (t->host, p, NULL) < 0)
		exit (99);
	reset_opts (t);
}

void
trial_end (struct trial *t)
{
	lhk_run_free (t->run);
	lhk_host_free (t->host);
	free (t->text);
	memset (t, 0, sizeof *t);
}

int
trial_start (struct trial *t, const char *const *argv)
{
	struct lhk_error err = { 0, 0, "" };
	int r;

	lhk_run_free (t->run);
	t->run = NULL;
	t->result = NULL;
	free (t->text);
	t->text = NULL;
	t->text_len = t->text_room = 0;
	t->notices[0] = '\0';
	t->n_events = t->n_final = 0;
	t->err_bytes = 0;
	t->opts.argv = argv;
	r = lhk_run_start (t->host, &t->opts, &t->run, &err);
	if (r < 0)
		tap_note ("start: %s", err.text);
	return r;
}

int
trial_wait (struct trial *t)
{
	int r = lhk_run_wait (t->run, WAIT_MS);

	t->result = lhk_run_result (t->run);
	if (r < 0)
		tap_note ("wait: %s", lhk_strerror (r));
	CU_ASSERT (t->result != NULL);
	CU_ASSERT (t->stream.on_event == NULL || t->n_final == 1);
	CU_ASSERT (t->stream.on_event == NULL || t->final_was_last);
	reset_opts (t);
	return t->result != NULL;
}

int
trial_run (struct trial *t, const char *const *argv)
{
	int r = trial_start (t, argv);

	CU_ASSERT_EQUAL (r, LHK_OK);
	if (r == LHK_OK)
		return trial_wait (t);
	reset_opts (t);
	return 0;
}

void
trial_await_text (struct trial *t, size_t len)
{
	while (t->text_len < len)
		if (lhk_host_dispatch (t->host, 10000) < 0)
			break;
}
