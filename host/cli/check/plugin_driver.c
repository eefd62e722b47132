/* SPDX-License-Identifier: MIT */
/* plugin_driver.c - call the functions of a plugin, one by one. */
#include "config.h"

#include <string.h>

#include "cli/check/plugin_driver.h"
#include "common/mem.h"

static int
on_emit (void *ctx, const struct lhk_event *event)
{
	struct plugin_driver *d = ctx;
	size_t size;

	if (!d->inside) {
		if (!d->c->events_reported)
			check_problem (d->c,
				       "emits an event inside %s, "
				       "where it must not",
				       check_call.callback == NULL
					       ? "no callback"
					       : check_call.callback);
		return LHK_ESTATE;
	}
	if (event == NULL)
		return LHK_EINVAL;
	size = event->size;
	if (d->n_seen < PLUGIN_DRIVER_EVENTS_MAX && size >= sizeof *event) {
		union event_union *copy = &d->seen[d->n_seen++];

		memset (copy, 0, sizeof *copy);
		memcpy (copy, event, size < sizeof *copy ? size : sizeof *copy);
	} else if (size < sizeof *event) {
		check_problem (d->c,
			       "emits an event of %u bytes: begin each "
			       "with LHK_EV (type, kind)",
			       event->size);
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
		check_problem (d->c,
			       "logs '%.60s' with the level %d, expected one "
			       "of LHK_LOG_*",
			       fmt, level);
}

static void
enter (struct plugin_driver *d, const char *callback,
       const struct lhk_line *line)
{
	plugin_stage_begin (&d->stage, line == NULL ? NULL : line->data,
			    line == NULL ? 0 : line->len);
	d->n_seen = 0;
	d->inside = 1;
	check_call.callback = callback;
	check_call.line = line;
}

/* Complaints about events come once, from the case about events. */
static void
check_emitted (struct plugin_driver *d, const char *callback)
{
	unsigned long long number = d->line_no;
	char buf[CHECK_TEXT];
	const char *fault;
	size_t i;

	if (d->c->events_reported)
		return;
	for (i = 0; i < d->n_seen; i++) {
		fault = event_rules_fault (&d->seen[i].ev, buf);
		if (fault != NULL)
			check_problem (d->c, "%s, line %llu: %s", callback,
				       number, fault);
	}
	if (d->stage.refused < 0)
		check_problem (d->c,
			       "%s, line %llu: emit refused an event "
			       "(%s)",
			       callback, number,
			       lhk_strerror (d->stage.refused));
}

/* The callback has returned R.  Its events count unless it is an error. */
static void
leave (struct plugin_driver *d, int r)
{
	const char *callback = check_call.callback;
	struct lhk_meta meta = {
		.size = sizeof meta,
		.time_ms = -1,
		.line_no = d->line_no,
	};
	size_t i;

	d->inside = 0;
	if (r >= 0) {
		check_call.callback = "an event that it emitted";
		check_emitted (d, callback);
		for (i = 0; d->trace != NULL && i < d->stage.n; i++)
			event_trace_add (d->trace, &meta,
					 &d->stage.events[i].ev);
	}
	check_call.callback = NULL;
	check_call.line = NULL;
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
	d->seen = mem_new (&mem_system,
			   PLUGIN_DRIVER_EVENTS_MAX * sizeof *d->seen);
	if (d->seen == NULL || plugin_stage_init (&d->stage, &mem_system) < 0) {
		mem_free (&mem_system, d->seen,
			  PLUGIN_DRIVER_EVENTS_MAX * sizeof *d->seen);
		check_skip (c, "out of memory");
		return 0;
	}
	enter (d, "open", NULL);
	r = d->plugin->open (&d->api, options, 1, &d->handle);
	leave (d, r);
	d->is_open = r == LHK_OK;
	if (r == LHK_OK)
		return 1;
	if (c->events_reported)
		check_skip (c, "it does not open");
	else
		check_problem (c,
			       "open returns %d (%s), expected LHK_OK (0), "
			       "with unknown options ignored",
			       r, lhk_strerror (r));
	plugin_driver_close (d);
	return 0;
}

int
plugin_driver_line (struct plugin_driver *d, const struct lhk_line *line)
{
	int r;

	d->line_no = line->number;
	enter (d, "line_hook", line);
	r = d->plugin->line_hook (d->handle, line);
	leave (d, r);
	if (r != LHK_OK && r != LHK_SKIP && r != LHK_HEARTBEAT
	    && r != LHK_EPARSE && !d->c->events_reported)
		check_problem (d->c,
			       "line_hook returns %d (%s) for line %llu, "
			       "expected LHK_OK, LHK_SKIP for a kind it does "
			       "not know, LHK_HEARTBEAT for a sign of life, "
			       "LHK_EPARSE for a line in another format",
			       r, lhk_strerror (r),
			       (unsigned long long) line->number);
	return r;
}

int
plugin_driver_transcript_line (struct plugin_driver *d,
			       const struct transcript *t, size_t i)
{
	struct lhk_str text = transcript_line (t, i);
	struct lhk_line line = {
		.size = sizeof line,
		.data = text.ptr,
		.len = text.len,
		.full_len = text.len,
		.number = i + 1,
	};
	char *end = t->data + t->starts[i] + text.len;
	char saved = *end;
	int r;

	*end = '\n';
	r = plugin_driver_line (d, &line);
	*end = saved;
	return r;
}

static void
check_answer (struct plugin_driver *d, const char *callback, int r)
{
	if (r != LHK_OK && r != LHK_SKIP && !d->c->events_reported)
		check_problem (d->c, "%s returns %d (%s), expected LHK_OK",
			       callback, r, lhk_strerror (r));
}

void
plugin_driver_close (struct plugin_driver *d)
{
	static const struct lhk_exit how = { .size = sizeof how };
	int r;

	if (d->is_open && d->plugin->flush != NULL) {
		enter (d, "flush", NULL);
		r = d->plugin->flush (d->handle);
		leave (d, r);
		check_answer (d, "flush", r);
	}
	if (d->is_open && d->plugin->exited != NULL) {
		enter (d, "exited", NULL);
		r = d->plugin->exited (d->handle, &how);
		leave (d, r);
		check_answer (d, "exited", r);
	}
	if (d->is_open) {
		check_call.callback = "close";
		d->plugin->close (d->handle);
		check_call.callback = NULL;
	}
	d->is_open = 0;
	plugin_stage_done (&d->stage);
	mem_free (&mem_system, d->seen,
		  PLUGIN_DRIVER_EVENTS_MAX * sizeof *d->seen);
	d->seen = NULL;
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
