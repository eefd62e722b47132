/* SPDX-License-Identifier: MIT */
/* tool_call.c - run a real tool through the library and collect its result. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/tool_call.h"
#include "lib/trial.h"

#define WAIT_MS 60000

static void
append (char **text, size_t *len, size_t *cap, const char *p, size_t n)
{
	if (*len + n + 1 > *cap) {
		*cap = (*len + n + 1) * 2;
		*text = realloc (*text, *cap);
	}
	if (*text == NULL)
		exit (99);
	memcpy (*text + *len, p, n);
	*len += n;
	(*text)[*len] = '\0';
}

static void
on_line (void *user, const char *line, size_t len, int more)
{
	struct call *c = user;

	c->n_lines += more == 0;
	c->n_pieces += more != 0;
	append (&c->lines, &c->lines_len, &c->lines_cap, line, len);
	append (&c->lines, &c->lines_len, &c->lines_cap, more ? "+" : "|", 1);
}

static int
on_json (void *user, const char *data, size_t len)
{
	struct call *c = user;

	append (&c->json, &c->json_len, &c->json_cap, data, len);
	return 0;
}

static void
on_end (void *user, struct lhk_tool *tool)
{
	struct call *c = user;

	c->n_ends++;
	CU_ASSERT (lhk_tool_error_kind (tool) >= 0);
}

static void
reset_opts (struct call *c)
{
	c->opts = (struct lhk_tool_opts) LHK_TOOL_OPTS_INIT;
	c->opts.id = "test/tool";
	c->opts.on_stderr_line = on_line;
	c->opts.on_end = on_end;
	c->opts.user = c;
}

static void
clear_result (struct call *c)
{
	lhk_tool_free (c->tool);
	c->tool = NULL;
	free (c->json);
	free (c->lines);
	c->json = c->lines = NULL;
	c->json_len = c->json_cap = c->lines_len = c->lines_cap = 0;
	c->n_lines = c->n_pieces = 0;
	c->n_ends = 0;
	c->kind = -1;
}

void
call_begin (struct call *c, const struct lhk_alloc *alloc)
{
	struct lhk_host_opts o = LHK_HOST_OPTS_INIT;

	memset (c, 0, sizeof *c);
	o.monitor = trial_monitor ();
	o.alloc = alloc;
	if (lhk_host_new (&o, &c->host, NULL) < 0)
		exit (99);
	reset_opts (c);
}

void
call_end (struct call *c)
{
	clear_result (c);
	lhk_host_free (c->host);
}

int
call_start (struct call *c, const char *const *argv)
{
	struct lhk_error err = { 0, 0, "" };
	int r;

	clear_result (c);
	c->opts.argv = argv;
	r = lhk_tool_start (c->host, &c->opts, &c->tool, &err);
	if (r < 0)
		tap_note ("start: %s", err.text);
	return r;
}

int
call_wait (struct call *c)
{
	int r = lhk_tool_wait (c->tool, WAIT_MS);

	CU_ASSERT_EQUAL (r, LHK_OK);
	c->kind = lhk_tool_error_kind (c->tool);
	CU_ASSERT_EQUAL (lhk_tool_write_result (c->tool, on_json, c), LHK_OK);
	CU_ASSERT (c->opts.on_end == NULL || c->n_ends == 1);
	reset_opts (c);
	return c->kind;
}

int
call_run (struct call *c, const char *const *argv)
{
	int r = call_start (c, argv);

	CU_ASSERT_EQUAL (r, LHK_OK);
	if (r == LHK_OK)
		return call_wait (c);
	reset_opts (c);
	return -1;
}

int
call_has (const struct call *c, const char *text)
{
	if (c->json != NULL && strstr (c->json, text) != NULL)
		return 1;
	tap_note ("no '%.200s' in %.2000s", text, c->json);
	return 0;
}
