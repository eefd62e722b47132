/* SPDX-License-Identifier: MIT */
/* plugin_driver.c - call the functions of a plugin, one by one. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/check/plugin_driver.h"
#include "common/mem.h"

static int
on_emit (void *ctx, const struct lhk_event *event)
{
	struct plugin_driver *d = ctx;

	if (!d->inside) {
		check_problem_if (d->c, SEES_EMIT,
				  "emits an event inside %s, where it must not",
				  d->callback == NULL ? "no callback"
						      : d->callback);
		return LHK_ESTATE;
	}
	if (event == NULL)
		return LHK_EINVAL;
	if (d->before_copy != NULL)
		d->before_copy (d);
	if (d->emit_code != LHK_OK)
		return d->emit_code;
	/* What it points to may be gone when the callback has returned. */
	if (check_sees (d->c, SEES_EVENTS) && d->fault[0] == '\0') {
		if (event->size < sizeof *event)
			snprintf (d->fault, sizeof d->fault,
				  "an event has %u bytes: begin each with "
				  "LHK_EV (type, kind)",
				  event->size);
		else if (event_fault (event, d->fault) == NULL)
			d->fault[0] = '\0';
	}
	return plugin_stage_add (&d->stage, event);
}

static void on_log (void *ctx, int level, const char *fmt, ...)
	LHK_PRINTF (3, 4);

static void
on_log (void *ctx, int level, const char *fmt, ...)
{
	struct plugin_driver *d = ctx;

	if (level != LHK_LOG_ERROR && level != LHK_LOG_WARN
	    && level != LHK_LOG_INFO && level != LHK_LOG_DEBUG)
		check_problem_if (d->c, SEES_EVENTS,
				  "logs '%.60s' with the level %d, expected "
				  "one of LHK_LOG_*",
				  fmt, level);
}

static void
enter (struct plugin_driver *d, const char *callback,
       const struct lhk_line *line)
{
	plugin_stage_begin (&d->stage, line == NULL ? NULL : line->data,
			    line == NULL ? 0 : line->len);
	d->fault[0] = '\0';
	d->inside = 1;
	d->callback = callback;
	__atomic_add_fetch (&check_call->n_calls, 1, __ATOMIC_RELAXED);
	if (d->on_thread)
		return;
	check_call->line_no = d->line_no;
	check_call->data = line == NULL ? NULL : line->data;
	check_call->len = line == NULL ? 0 : line->len;
	check_call->callback = callback;
}

static void
report_events (struct plugin_driver *d)
{
	unsigned long long number = d->line_no;

	if (d->fault[0] != '\0')
		check_problem (d->c, "%s, line %llu: %s", d->callback, number,
			       d->fault);
	else if (d->stage.refused < 0)
		check_problem_if (d->c, SEES_EVENTS,
				  "%s, line %llu: emit refused an event (%s)",
				  d->callback, number,
				  lhk_strerror (d->stage.refused));
}

/* The callback has returned R.  Its events count unless it is an error. */
static void
leave (struct plugin_driver *d, int r)
{
	struct lhk_meta meta = {
		.size = sizeof meta,
		.time_ms = -1,
		.line_no = d->line_no,
	};
	size_t i;

	d->inside = 0;
	if (!d->on_thread) {
		check_call->callback = NULL;
		check_call->data = NULL;
	}
	if (r >= 0) {
		report_events (d);
		for (i = 0; d->trace != NULL && i < d->stage.n; i++)
			event_trace_add (d->trace, &meta,
					 &d->stage.events[i].ev);
	}
	if (d->c->after_call != NULL)
		d->c->after_call (d->c, d->callback, d->line_no);
	d->callback = NULL;
}

int
plugin_driver_open (struct plugin_driver *d, struct check *c,
		    struct event_trace *trace)
{
	static const struct lhk_option options[] = {
		{ "check-unknown-option", "some value" },
	};
	const struct lhk_api api = {
		.size = sizeof api,
		.abi_major = LHK_ABI_MAJOR,
		.abi_minor = LHK_ABI_MINOR,
		.ctx = d,
		.emit = on_emit,
		.log = on_log,
	};
	int r;

	memset (d, 0, sizeof *d);
	d->c = c;
	d->plugin = c->plugin;
	d->api = api;
	d->trace = trace;
	if (plugin_stage_init (&d->stage, &mem_system) < 0) {
		check_skip (c, "out of memory");
		return 0;
	}
	enter (d, "open", NULL);
	r = d->plugin->open (&d->api, options, 1, &d->handle);
	leave (d, r);
	d->is_open = r == LHK_OK;
	if (r == LHK_OK)
		return 1;
	check_problem (c,
		       "open returns %d (%s), expected LHK_OK (0), with "
		       "unknown options ignored",
		       r, lhk_strerror (r));
	plugin_driver_close (d);
	return 0;
}

/* After a refused event a callback may return what emit returned. */
static void
check_answer (struct plugin_driver *d, const char *callback, int r)
{
	if (r == LHK_OK || r == LHK_SKIP || r == LHK_HEARTBEAT
	    || (r == LHK_EPARSE && d->callback[0] == 'l')
	    || (r < 0 && r == d->emit_code))
		return;
	check_problem_if (d->c, SEES_RETURNS,
			  "%s returns %d (%s) for line %llu", callback, r,
			  lhk_strerror (r), (unsigned long long) d->line_no);
}

int
plugin_driver_line (struct plugin_driver *d, const struct lhk_line *line)
{
	int r;

	d->line_no = line->number;
	enter (d, "line_hook", line);
	r = d->plugin->line_hook (d->handle, line);
	check_answer (d, "line_hook", r);
	leave (d, r);
	return r;
}

struct lhk_line
plugin_driver_make_line (const struct transcript *t, size_t i)
{
	struct lhk_str text = transcript_line (t, i);
	struct lhk_line line = {
		.size = sizeof line,
		.data = text.ptr,
		.len = text.len,
		.full_len = text.len,
		.number = i + 1,
	};

	if (transcript_had_cr (t, i))
		line.flags |= LHK_LINE_HAD_CR;
	return line;
}

int
plugin_driver_transcript_line (struct plugin_driver *d,
			       const struct transcript *t, size_t i)
{
	struct lhk_line line = plugin_driver_make_line (t, i);

	return plugin_driver_line (d, &line);
}

void
plugin_driver_abandon (struct plugin_driver *d)
{
	if (d->is_open) {
		enter (d, "close", NULL);
		d->inside = 0;
		d->plugin->close (d->handle);
		leave (d, LHK_OK);
	}
	d->is_open = 0;
	plugin_stage_done (&d->stage);
}

void
plugin_driver_close (struct plugin_driver *d)
{
	static const struct lhk_exit how = { .size = sizeof how };
	int r;

	if (d->is_open && d->plugin->flush != NULL) {
		enter (d, "flush", NULL);
		r = d->plugin->flush (d->handle);
		check_answer (d, "flush", r);
		leave (d, r);
	}
	if (d->is_open && d->plugin->exited != NULL) {
		enter (d, "exited", NULL);
		r = d->plugin->exited (d->handle, &how);
		check_answer (d, "exited", r);
		leave (d, r);
	}
	plugin_driver_abandon (d);
}

void
plugin_driver_transcript (struct check *c, const struct transcript *t,
			  struct event_trace *trace)
{
	struct plugin_driver d;
	size_t i;

	if (!plugin_driver_open (&d, c, trace))
		return;
	for (i = 0; i < t->n_lines; i++)
		(void) plugin_driver_transcript_line (&d, t, i);
	plugin_driver_close (&d);
}

int
plugin_driver_compare (struct check *c, const struct event_trace *found,
		       const struct event_trace *wanted, size_t n,
		       const char *what)
{
	size_t at = event_trace_differs (found, wanted, n);

	if (at == SIZE_MAX)
		return 1;
	if (found->n == wanted->n
	    || at < (found->n < wanted->n ? found->n : wanted->n))
		check_problem (c, "event %zu differs %s", at + 1, what);
	else
		check_problem (c, "%zu events %s, expected %zu", found->n, what,
			       wanted->n);
	return 0;
}

void
plugin_driver_with_traces (struct check *c, size_t max,
			   void (*fn) (struct check *c,
				       const struct transcript *t,
				       struct event_trace *wanted,
				       struct event_trace *found))
{
	struct transcript head = transcript_head (c->input, max);
	struct event_trace wanted, found;

	if (event_trace_init (&wanted) == LHK_OK) {
		if (event_trace_init (&found) == LHK_OK) {
			fn (c, &head, &wanted, &found);
			event_trace_free (&found);
		}
		event_trace_free (&wanted);
	}
}
