/* SPDX-License-Identifier: MIT */
/* embedder.c - a small embedder: a plugin, a host, a run, a child process. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linehook/json.h>

#include "embed/embedder.h"
#include "lib/tap.h"

#define WAIT_MS 60000

const char *
embedder_agent (void)
{
	return tap_need_env ("AGENT");
}

const char *
embedder_monitor (void)
{
	return tap_need_env ("LINEHOOK_EXEC");
}

static int
open_embedder (const struct lhk_api *api, const struct lhk_option *options,
	       size_t n_options, void **ret)
{
	(void) options;
	(void) n_options;
	*ret = (void *) (uintptr_t) api;
	return LHK_OK;
}

static int
embedder_line (void *handle, const struct lhk_line *line)
{
	const struct lhk_api *api = handle;
	struct lhk_ev_text ev = { .ev = LHK_EV (struct lhk_ev_text,
						LHK_EV_TEXT) };

	ev.role = LHK_ROLE_ASSISTANT;
	ev.text = (struct lhk_text){ line->data, line->len, LHK_TEXT_PLAIN, 0 };
	return api->emit (api->ctx, &ev.ev);
}

static void
close_embedder (void *handle)
{
	(void) handle;
}

const struct lhk_plugin embedder_plugin = {
	LHK_PLUGIN_HEADER,	    .name = "raw",
	.provider = "tests",	    .version = "1",
	.summary = "for tests",	    .open = open_embedder,
	.line_hook = embedder_line, .close = close_embedder,
};

struct lhk_host *
embedder_host (void)
{
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;
	struct lhk_host *host;

	opts.monitor = embedder_monitor ();
	if (lhk_host_new (&opts, &host, NULL) < 0
	    || lhk_host_add_plugin (host, &embedder_plugin, NULL) < 0)
		exit (99);
	return host;
}

struct lhk_run *
embedder_start (struct lhk_host *host, const char *const *words)
{
	struct lhk_run_opts opts = LHK_RUN_OPTS_INIT;
	struct lhk_run *run = NULL;
	struct lhk_error err = { 0, 0, "" };

	opts.argv = words;
	opts.total_ms = WAIT_MS;
	if (lhk_run_start (host, &opts, &run, &err) < 0)
		tap_note ("start: %s", err.text);
	return run;
}

int
embedder_try (struct lhk_host *host, const char *word, int status)
{
	char code[16];
	const struct lhk_result *result;
	struct lhk_run *run;
	char text[256];
	size_t len;
	int bad;

	snprintf (code, sizeof code, "%d", status);
	run = embedder_start (host, EMBEDDER_AGENT ("out", word, "exit", code));
	if (run == NULL || lhk_run_wait (run, WAIT_MS) != LHK_OK)
		return 1;
	result = lhk_run_result (run);
	len = lhk_text_decode (&result->text, text, sizeof text, NULL);
	bad = result->outcome.end_reason != LHK_END_EXITED
	      || result->outcome.exit_code != status || len != strlen (word)
	      || memcmp (text, word, len) != 0;
	lhk_run_free (run);
	return bad;
}

void
embedder_no_entry (void *user, const struct lhk_plugin_entry *entry)
{
	(void) user;
	(void) entry;
}

void
embedder_apart (int (*fn) (int arg), int arg)
{
	int status = -1;
	pid_t pid;

	fflush (stdout);
	pid = fork ();
	if (pid == 0) {
		status = fn (arg);
		fflush (stdout);
		_exit (status);
	}
	CU_ASSERT_EQUAL (waitpid (pid, &status, 0), pid);
	if (status != 0)
		tap_note ("argument %d: wait status 0x%x", arg, status);
	CU_ASSERT_EQUAL (status, 0);
}
