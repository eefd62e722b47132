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

#include "cli/output/log.h"
#include "cli/output/signals.h"
#include "cli/output/stdout.h"
#include "cli/tool/cmd_tool.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/ulid.h"
#include "json/writer.h"

/* ---- results ---- */

/* Exit statuses from the best to the worst: of the tool, of a wrong request, of
 * what could not be started, of a failure of ours.  A cancel, which is none of
 * these, is the worst. */
static const int ranks[] = { 0, 1, 124, STATUS_USAGE, 127, 126, STATUS_HOST };

static size_t
rank_of (int status)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (ranks); i++)
		if (ranks[i] == status)
			break;
	return i;
}

int
tool_worse (int a, int b)
{
	return rank_of (b) > rank_of (a) ? b : a;
}

/* A failure is logged as well: stdout may be read by a program alone. */
static void
log_failure (struct tool_call *c, int kind, const char *message)
{
	const char *const fields[] = { "kind",
				       lhk_tool_error_name (kind),
				       c->line == 0 ? NULL : "line",
				       c->line_text,
				       "tool",
				       c->id,
				       NULL };

	log_bytes (&c->session->log, LHK_LOG_WARN, "call", fields, message,
		   strlen (message));
}

/* The result of a call that was not started: the same as the library's for a
 * call without a process. */
static void
write_unstarted (struct outbuf *o, const struct tool_request_opts *request,
		 int kind, const char *message)
{
	char new_id[ULID_SIZE];
	struct jw j;

	ulid_make_now (new_id);
	jw_init (&j, o);
	jw_object_begin (&j, NULL);
	jw_str (&j, "tool_id", request->id);
	jw_str (&j, "tool_exec_id",
		request->exec_id != NULL ? request->exec_id : new_id);
	jw_bool (&j, "ok", 0);
	jw_object_begin (&j, "error");
	jw_str (&j, "kind", lhk_tool_error_name (kind));
	jw_str (&j, "message", message);
	jw_object_end (&j);
	jw_object_begin (&j, "outcome");
	jw_object_end (&j);
	jw_object_begin (&j, "stderr");
	jw_str (&j, "head", "");
	jw_str (&j, "tail", "");
	jw_u64 (&j, "bytes", 0);
	jw_object_end (&j);
	jw_u64 (&j, "duration_ms", 0);
	jw_object_end (&j);
	outbuf_flush (o);
}

void
tool_print_usage_error (const char *id, const char *message)
{
	static struct outbuf o;
	const struct tool_request_opts request = { .id = id };

	outbuf_init (&o, stdout_write, NULL);
	write_unstarted (&o, &request, LHK_TOOL_ERROR_VALIDATE, message);
	stdout_put ("\n", 1);
}

static void
hold_unstarted (struct tool_call *c, const struct tool_request_opts *request,
		int kind, const char *message)
{
	struct outbuf *o = &c->session->held_out;

	o->user = &c->held;
	write_unstarted (o, request, kind, message);
	log_failure (c, kind, message);
}

static int
write_to_outbuf (void *user, const char *data, size_t len)
{
	outbuf_bytes (user, data, len);
	return 0;
}

/* Write the result of a call that has ended to O, and free the call. */
static void
write_result (struct tool_call *c, struct outbuf *o)
{
	struct tool_session *s = c->session;
	int kind = lhk_tool_error_kind (c->tool);

	if (lhk_tool_write_result (c->tool, write_to_outbuf, o) != LHK_OK) {
		async_stdio_say (&s->stdio,
				 "out of memory; a result is not complete");
		s->status = tool_worse (s->status, STATUS_HOST);
	}
	if (kind != LHK_TOOL_ERROR_NONE)
		log_failure (c, kind, lhk_tool_message (c->tool));
	s->status = tool_worse (s->status, lhk_tool_exit_status (c->tool));
	lhk_tool_free (c->tool);
	c->tool = NULL;
	s->running--;
}

/* The result is not complete: replace it, since half a line of JSON would
 * be worse. */
static void
replace_lost (struct tool_call *c)
{
	const struct tool_request_opts request = { .id = c->id, .exec_id = "" };

	c->session->status = tool_worse (c->session->status, STATUS_HOST);
	spool_clear (&c->held);
	c->held.lost = 0;
	hold_unstarted (c, &request, LHK_TOOL_ERROR_WAIT,
			"its result was lost because neither memory nor disk "
			"had room for it");
}

/* Keep a result until its turn. */
static void
hold_result (struct tool_call *c)
{
	struct outbuf *o = &c->session->held_out;

	o->user = &c->held;
	write_result (c, o);
	outbuf_flush (o);
	if (c->held.lost > 0)
		replace_lost (c);
}

static void
print_held (struct tool_call *c)
{
	const char *p;
	size_t n;

	while ((n = spool_peek (&c->held, &p)) > 0) {
		outbuf_bytes (&c->session->out, p, n);
		spool_drop (&c->held, n);
	}
}

static void
print_result (struct tool_call *c)
{
	struct tool_session *s = c->session;

	if (c->tool != NULL)
		write_result (c, &s->out);
	else
		print_held (c);
	outbuf_byte (&s->out, '\n');
	outbuf_flush (&s->out);
	spool_free (&c->held);
}

/* ---- calls ---- */

int
tool_calls_open (struct tool_session *s, size_t at_once)
{
	s->at_once = at_once;
	s->cap = at_once + TOOL_WAITING_MAX;
	s->calls = mem_zero (&mem_system, s->cap * sizeof s->calls[0]);
	return s->calls == NULL ? LHK_ENOMEM : LHK_OK;
}

void
tool_calls_close (struct tool_session *s)
{
	size_t i;

	for (i = 0; i < s->cap && s->calls != NULL; i++) {
		lhk_tool_free (s->calls[i].tool);
		spool_free (&s->calls[i].held);
	}
	mem_free (&mem_system, s->calls, s->cap * sizeof s->calls[0]);
	s->calls = NULL;
	s->n = 0;
}

int
tool_calls_room (const struct tool_session *s)
{
	return s->n < s->cap && s->running < s->at_once
	       && async_stdio_out_waiting (&s->stdio) < TOOL_UNREAD_MAX;
}

static struct tool_call *
new_call (struct tool_session *s, const struct tool_request_opts *request,
	  uint64_t line)
{
	struct tool_call *c = &s->calls[(s->first + s->n) % s->cap];

	s->n++;
	memset (c, 0, sizeof *c);
	c->session = s;
	c->line = line;
	snprintf (c->line_text, sizeof c->line_text, "%llu",
		  (unsigned long long) line);
	snprintf (c->id, sizeof c->id, "%s", request->id);
	/* Without memory for the directory's name the spool has no file. */
	(void) !spool_init (&c->held, &mem_system, s->dir, TOOL_WAITING_MEMORY);
	return c;
}

/* The bytes of a line that become one record; no character is cut. */
static size_t
record_len (const char *line, size_t len)
{
	size_t n = LOG_LINE_MAX;

	if (len <= n)
		return len;
	while (n > LOG_LINE_MAX - 3 && ((unsigned char) line[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static void
on_stderr_line (void *user, const char *line, size_t len, int more)
{
	struct tool_call *c = user;
	const char *const fields[] = { "line", c->line_text, "tool", c->id,
				       NULL };
	size_t n;

	(void) more;
	for (; len > 0; line += n, len -= n) {
		n = record_len (line, len);
		log_bytes (&c->session->log, LHK_LOG_WARN, "stderr",
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
fill_opts (struct tool_call *c, const struct tool_request_opts *request,
	   struct lhk_tool_opts *o)
{
	const struct tool_options *from = c->session->opts;

	o->timeout_ms = request->timeout_ms;
	o->id = request->id;
	o->exec_id = request->exec_id;
	o->argv = request->argv;
	o->input = request->input;
	o->config = request->config;
	o->env = request->env;
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
end_unstarted (struct tool_call *c, const struct tool_request_opts *request,
	       int kind, const char *message, int status)
{
	struct tool_session *s = c->session;

	c->ended = 1;
	s->status = tool_worse (s->status, status);
	hold_unstarted (c, request, kind, message);
}

void
tool_call_refuse (struct tool_session *s,
		  const struct tool_request_opts *request, uint64_t line,
		  int kind, const char *message, int status)
{
	end_unstarted (new_call (s, request, line), request, kind, message,
		       status);
}

void
tool_call_start (struct tool_session *s,
		 const struct tool_request_opts *request, uint64_t line)
{
	struct tool_call *c = new_call (s, request, line);
	struct lhk_tool_opts o = LHK_TOOL_OPTS_INIT;
	struct lhk_error err = { 0, 0, "" };

	if (signals_count () > 0) {
		end_unstarted (c, request, LHK_TOOL_ERROR_CANCELED,
			       "canceled before the tool was started",
			       128 + signals_first ());
		return;
	}
	fill_opts (c, request, &o);
	if (lhk_tool_start (s->host, &o, &c->tool, &err) != LHK_OK) {
		c->tool = NULL;
		end_unstarted (c, request, LHK_TOOL_ERROR_START, err.text,
			       STATUS_HOST);
		return;
	}
	s->running++;
	if (lhk_tool_error_kind (c->tool) >= 0)
		c->ended = 1;
}

void
tool_calls_apply_signals (struct tool_session *s)
{
	size_t i;

	while (s->signals_applied < signals_count ()) {
		s->signals_applied++;
		for (i = 0; i < s->n; i++) {
			struct tool_call *c =
				&s->calls[(s->first + i) % s->cap];

			if (c->tool != NULL && !c->ended)
				lhk_tool_cancel (c->tool, signals_first ());
		}
		if (s->running > 0)
			log_say (&s->log, LHK_LOG_INFO, "cancel",
				 "signal %d: "
				 "%zu %s",
				 signals_first (), s->running,
				 s->running == 1 ? "call is canceled"
						 : "calls are canceled");
	}
}

void
tool_calls_print (struct tool_session *s)
{
	size_t i;

	while (s->n > 0 && s->calls[s->first].ended) {
		print_result (&s->calls[s->first]);
		s->first = (s->first + 1) % s->cap;
		s->n--;
	}
	for (i = 1; i < s->n; i++) {
		struct tool_call *c = &s->calls[(s->first + i) % s->cap];

		if (c->tool != NULL && c->ended)
			hold_result (c);
	}
}
