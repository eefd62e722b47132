/* SPDX-License-Identifier: MIT */
/*
 * calls.c - calls: started, canceled, ended, and their results.
 *
 * Calls stand in a ring in the order of their lines and leave it in that order,
 * when their results are printed.  A result whose turn has come goes to stdout
 * while it is made; one that ends before an earlier call waits in a spool, and
 * its call is freed.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/output/lines.h"
#include "cli/output/signals.h"
#include "cli/tool/cmd_tool.h"
#include "common/clock.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/ulid.h"
#include "json/writer.h"

/* ---- results ---- */

/* From the best to the worst: what the tool said, what we were asked for
 * wrongly, what could not be started, what we failed in, a cancel. */
static const int ranks[] = { 0, 1, 124, STATUS_USAGE, 127, 126, STATUS_HOST };

#define N_RANKS (sizeof ranks / sizeof ranks[0])

static size_t
rank_of (int status)
{
	size_t i;

	for (i = 0; i < N_RANKS; i++)
		if (ranks[i] == status)
			break;
	return i;
}

int
tool_worse (int a, int b)
{
	return rank_of (b) > rank_of (a) ? b : a;
}

/* Whoever looks at stderr alone must see it too. */
static void
tell (struct tool_call *c, int kind, const char *message)
{
	const char *const fields[] = { "kind",
				       lhk_tool_error_name (kind),
				       c->line == 0 ? NULL : "line",
				       c->line_text,
				       "tool",
				       c->id,
				       NULL };

	log_bytes (&c->calls->log, LHK_LOG_WARN, "call", fields, message,
		   strlen (message));
}

/* ---- a call that never was ---- */

static void
put_text (struct outbuf *o, const char *key, const char *value)
{
	const struct lhk_text text = text_from_cstr (value);

	outbuf_str (o, key);
	json_put_body (o, &text);
}

/* What of it is said is what the library says of a call without a process. */
void
tool_print_none (struct tool_call *c, const struct tool_request_opts *ask,
		 int kind, const char *message)
{
	struct outbuf *o = &c->calls->keep;
	char made_up[ULID_SIZE];

	o->user = &c->kept;
	ulid_make (clock_unix_ms (), made_up);
	put_text (o, "{\"tool_id\":", ask->id);
	put_text (o, ",\"tool_exec_id\":",
		  ask->exec_id != NULL ? ask->exec_id : made_up);
	put_text (o, ",\"ok\":false,\"error\":{\"kind\":",
		  lhk_tool_error_name (kind));
	put_text (o, ",\"message\":", message);
	outbuf_str (o,
		    "},\"outcome\":{},\"stderr\":{\"head\":\"\",\"tail\":\"\","
		    "\"bytes\":0},\"duration_ms\":0}");
	outbuf_flush (o);
	tell (c, kind, message);
}

/* ---- results ---- */

static int
put (void *user, const char *data, size_t len)
{
	outbuf_bytes (user, data, len);
	return 0;
}

/* The result of an ended call to O. */
static void
take (struct tool_call *c, struct outbuf *o)
{
	struct tool_session *d = c->calls;
	int kind = lhk_tool_error_kind (c->tool);

	if (lhk_tool_write_result (c->tool, put, o) != LHK_OK) {
		async_stdio_say (&d->stdio,
				 "out of memory: a result is not complete");
		d->status = tool_worse (d->status, STATUS_HOST);
	}
	if (kind != LHK_TOOL_ERROR_NONE)
		tell (c, kind, lhk_tool_message (c->tool));
	d->status = tool_worse (d->status, lhk_tool_exit_status (c->tool));
	lhk_tool_free (c->tool);
	c->tool = NULL;
	d->running--;
}

/* Half a line would be worse than this one. */
static void
lose (struct tool_call *c)
{
	const struct tool_request_opts ask = { .id = c->id, .exec_id = "" };

	c->calls->status = tool_worse (c->calls->status, STATUS_HOST);
	spool_clear (&c->kept);
	c->kept.lost = 0;
	tool_print_none (c, &ask, LHK_TOOL_ERROR_WAIT,
			 "its result could not be kept "
			 "until its turn: no memory and no disk");
}

static void
keep (struct tool_call *c)
{
	struct outbuf *o = &c->calls->keep;

	o->user = &c->kept;
	take (c, o);
	outbuf_flush (o);
	if (c->kept.lost > 0)
		lose (c);
}

static void
put_kept (struct tool_call *c)
{
	const char *p;
	size_t n;

	while ((n = spool_peek (&c->kept, &p)) > 0) {
		outbuf_bytes (&c->calls->out, p, n);
		spool_drop (&c->kept, n);
	}
}

static void
print (struct tool_call *c)
{
	struct tool_session *d = c->calls;

	if (c->tool != NULL)
		take (c, &d->out);
	else
		put_kept (c);
	outbuf_byte (&d->out, '\n');
	outbuf_flush (&d->out);
	spool_free (&c->kept);
}

/* ---- calls ---- */

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

void
tool_print_settle (struct tool_session *d)
{
	size_t i;

	while (d->n > 0 && d->calls[d->first].ended) {
		print (&d->calls[d->first]);
		d->first = (d->first + 1) % d->cap;
		d->n--;
	}
	for (i = 1; i < d->n; i++) {
		struct tool_call *c = &d->calls[(d->first + i) % d->cap];

		if (c->tool != NULL && c->ended)
			keep (c);
	}
}
