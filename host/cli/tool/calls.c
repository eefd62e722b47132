/* SPDX-License-Identifier: MIT */
/*
 * calls.c - calls of a calls: begun, told of signals, ended.
 *
 * They stand in a ring in the order of their lines and leave it in that order,
 * when they are printed.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/output/lines.h"
#include "cli/output/signals.h"
#include "cli/tool/cmd_tool.h"
#include "common/mem.h"

int
tool_calls_open (struct tool_session *d, size_t at_once)
{
	d->at_once = at_once;
	d->cap = at_once + TOOL_WAITING_MAX;
	d->calls = mem_zero (&mem_system, d->cap * sizeof d->calls[0]);
	return d->calls == NULL ? LHK_ENOMEM : LHK_OK;
}

void
tool_calls_close (struct tool_session *d)
{
	size_t i;

	for (i = 0; i < d->cap && d->calls != NULL; i++) {
		lhk_tool_free (d->calls[i].tool);
		spool_free (&d->calls[i].kept);
	}
	mem_free (&mem_system, d->calls, d->cap * sizeof d->calls[0]);
	d->calls = NULL;
	d->n = 0;
}

int
tool_calls_room (const struct tool_session *d)
{
	return d->n < d->cap && d->running < d->at_once
	       && async_stdio_out_waiting (&d->stdio) < TOOL_UNREAD_MAX;
}

static struct tool_call *
new_call (struct tool_session *d, const struct tool_request_opts *ask,
	  uint64_t line)
{
	struct tool_call *c = &d->calls[(d->first + d->n) % d->cap];

	d->n++;
	memset (c, 0, sizeof *c);
	c->calls = d;
	c->line = line;
	snprintf (c->line_text, sizeof c->line_text, "%llu",
		  (unsigned long long) line);
	snprintf (c->id, sizeof c->id, "%s", ask->id);
	/* Without memory for the name of the directory there is no file. */
	(void) !spool_init (&c->kept, &mem_system, d->dir, TOOL_WAITING_MEMORY);
	return c;
}

/* So much of a line is one record, and ends with a whole character. */
static size_t
piece_of (const char *line, size_t len)
{
	size_t n = LINES_MAX;

	if (len <= n)
		return len;
	while (n > LINES_MAX - 3 && ((unsigned char) line[n] & 0xc0) == 0x80)
		n--;
	return n;
}

/* A line of a tool's stderr. */
static void
on_stderr_line (void *user, const char *line, size_t len, int more)
{
	struct tool_call *c = user;
	const char *const fields[] = { "line", c->line_text, "tool", c->id,
				       NULL };
	size_t n;

	(void) more;
	for (; len > 0; line += n, len -= n) {
		n = piece_of (line, len);
		log_bytes (&c->calls->log, LHK_LOG_WARN, "stderr",
			   c->line == 0 ? NULL : fields, line, n);
	}
}

static void
on_end (void *user, struct lhk_tool *tool)
{
	struct tool_call *c = user;

	(void) tool;
	c->ended = 1;
}

static void
fill_opts (struct tool_call *c, const struct tool_request_opts *ask,
	   struct lhk_tool_opts *o)
{
	const struct tool_options *from = c->calls->opts;

	o->timeout_ms = ask->timeout_ms;
	o->id = ask->id;
	o->exec_id = ask->exec_id;
	o->argv = ask->argv;
	o->input = ask->input;
	o->config = ask->config;
	o->env = ask->env;
	o->inherit_env = from->inherit_env;
	o->contain = from->contain;
	o->cwd = from->cwd;
	o->grace_ms = from->grace_ms;
	o->flags = (from->unscoped ? LHK_RUN_UNSCOPED : 0u)
		   | (from->stack ? LHK_TOOL_STACK_TRACE : 0u);
	o->max_output = from->max_output;
	o->stderr_keep = (uint32_t) from->stderr_keep;
	o->n_redact = (uint32_t) from->redact.n;
	o->redact = from->redact.items;
	o->on_stderr_line = on_stderr_line;
	o->on_end = on_end;
	o->user = c;
}

static void
end_none (struct tool_call *c, const struct tool_request_opts *ask, int kind,
	  const char *message, int status)
{
	struct tool_session *d = c->calls;

	c->ended = 1;
	d->status = tool_worse (d->status, status);
	tool_print_none (c, ask, kind, message);
}

void
tool_call_none (struct tool_session *d, const struct tool_request_opts *ask,
		uint64_t line, int kind, const char *message, int status)
{
	end_none (new_call (d, ask, line), ask, kind, message, status);
}

void
tool_call_begin (struct tool_session *d, const struct tool_request_opts *ask,
		 uint64_t line)
{
	struct tool_call *c = new_call (d, ask, line);
	struct lhk_tool_opts o = LHK_TOOL_OPTS_INIT;
	struct lhk_error err = { 0, 0, "" };

	if (signals_count () > 0) {
		end_none (c, ask, LHK_TOOL_ERROR_CANCELED,
			  "canceled: nothing was started",
			  128 + signals_first ());
		return;
	}
	fill_opts (c, ask, &o);
	if (lhk_tool_start (d->host, &o, &c->tool, &err) != LHK_OK) {
		c->tool = NULL;
		end_none (c, ask, LHK_TOOL_ERROR_START, err.text, STATUS_HOST);
		return;
	}
	d->running++;
	if (lhk_tool_error_kind (c->tool) >= 0)
		c->ended = 1;
}

void
tool_calls_hear (struct tool_session *d)
{
	size_t i;

	while (d->heard < signals_count ()) {
		d->heard++;
		for (i = 0; i < d->n; i++) {
			struct tool_call *c =
				&d->calls[(d->first + i) % d->cap];

			if (c->tool != NULL && !c->ended)
				lhk_tool_cancel (c->tool, signals_first ());
		}
		if (d->running > 0)
			log_say (&d->log, LHK_LOG_INFO, "cancel",
				 "signal %d: "
				 "%zu %s",
				 signals_first (), d->running,
				 d->running == 1 ? "call is canceled"
						 : "calls are canceled");
	}
}
