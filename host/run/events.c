/* SPDX-License-Identifier: MIT */
/* events.c - events of a run on their way to its consumer and its record. */
#include "config.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/text.h"
#include "run/events.h"
#include "run/stream.h"

/* Bytes of a notice. */
#define NOTICE_SIZE 240

/* Bytes of the sentence on a record that ended early: it holds a path. */
#define RECORD_ERROR_SIZE 400

void
run_notice (struct run_events *e, int level, const char *code, const char *fmt,
	    ...)
{
	char text[NOTICE_SIZE];
	va_list args;

	va_start (args, fmt);
	vsnprintf (text, sizeof text, fmt, args);
	va_end (args);
	lhk_stream_notice (e->core->stream, level, code, text);
	/* Readers that follow the record see it now, too. */
	record_writer_flush (&e->record);
}

/* ---- the record ---- */

/* A flood on stderr is none of less harm than one on stdout. */
static uint64_t
stderr_max (const struct lhk_run_opts *o)
{
	if (o->stderr_max != 0)
		return o->stderr_max;
	return o->max_output != 0 && o->max_output < LHK_STDERR_MAX_DEFAULT
		       ? o->max_output
		       : LHK_STDERR_MAX_DEFAULT;
}

int
run_record_begin (struct run_events *e, const struct lhk_run_opts *opts,
		  const struct lhk_plugin *plugin,
		  const struct lhk_stream_opts *stream, int64_t unix_ms,
		  struct lhk_error *err)
{
	struct record_writer_about about = {
		.id = stream->header->id.ptr,
		.plugin = plugin->name,
		.provider = plugin->provider,
		.started = stream->header->started.ptr,
		.started_ms = unix_ms,
		.argv = opts->argv,
		.cwd = stream->header->cwd.ptr,
		.line_max = stream->line_max == 0 ? LHK_LINE_MAX_DEFAULT
						  : stream->line_max,
		.oversize = stream->oversize,
		.detect = (stream->flags & LHK_STREAM_DETECT) != 0,
		.detached = (opts->flags & LHK_RUN_DETACHED) != 0,
		.stderr_max = stderr_max (opts),
		.labels = opts->labels,
		.prompt = opts->prompt,
	};

	if (opts->record_dir == NULL)
		return LHK_OK;
	return record_writer_begin (&e->record, &e->core->host->alloc,
				    opts->record_dir, &about, err);
}

static void
format_record_error (const struct run_events *e, char text[RECORD_ERROR_SIZE])
{
	snprintf (text, RECORD_ERROR_SIZE, "the record '%s' ends here: %s: %s",
		  e->record.path, e->record.what,
		  strerror (e->record.sys_errno));
}

void
run_record_flush (struct run_events *e)
{
	char text[RECORD_ERROR_SIZE];

	record_writer_flush (&e->record);
	if (e->record.sys_errno == 0 || e->record_error_reported)
		return;
	e->record_error_reported = 1;
	e->core->outcome.flags |= LHK_FLAG_DEGRADED;
	format_record_error (e, text);
	run_notice (e, LHK_LOG_WARN, LHK_CODE_DISK, "%s", text);
}

/* The exit status of the program. */
static int
exit_status (const struct run_events *e, const struct lhk_result *result)
{
	uint32_t flags = e->core->opts.flags;

	return (flags & LHK_RUN_STATUS_ZERO) != 0
		       ? 0
		       : lhk_result_status (
			       result, (flags & LHK_RUN_STATUS_CHILD) != 0);
}

static void
write_result (struct run_events *e, const struct lhk_result *result)
{
	char ended[CLOCK_RFC3339_SIZE];
	const struct record_end end = {
		.ended = ended,
		.ended_ms = result->ended_ms != 0 ? result->ended_ms
						  : clock_unix_ms (),
		.exit_status = exit_status (e, result),
	};

	clock_rfc3339 (end.ended_ms, ended);
	record_writer_end (&e->record, result, &end);
}

void
run_record_end (struct run_events *e, const struct lhk_result *result)
{
	if (e->record.dir < 0)
		return;
	write_result (e, result);
	record_writer_close (&e->record);
}

/* ---- to the consumer ---- */

static void
emit (struct run_events *e, const struct lhk_meta *meta,
      const struct lhk_event *event)
{
	if (e->on_event != NULL)
		e->on_event (e->user, meta, event);
	else if (e->queue.out != NULL && !e->core->free_pending)
		event_queue_event (&e->queue, meta, event, e->json_flags);
}

/*
 * Write the result to the record before the final event goes out.  A record
 * that fails now still has its notice, and its flag in the result, before the
 * final event: META is that of the final event and moves on behind the notice.
 */
static void
finish_record (struct run_events *e, struct lhk_meta *meta)
{
	struct lhk_result *result = &e->core->stream->result;
	struct lhk_ev_notice late = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = LHK_LOG_WARN,
		.code = LHK_TEXT_INIT (LHK_CODE_DISK),
	};
	char text[RECORD_ERROR_SIZE];

	if (e->record.dir < 0)
		return;
	record_writer_flush (&e->record);
	if (e->record.sys_errno != 0)
		result->outcome.flags |= LHK_FLAG_DEGRADED;
	write_result (e, result);
	if (e->record.sys_errno == 0 || e->record_error_reported)
		return;
	e->record_error_reported = 1;
	result->outcome.flags |= LHK_FLAG_DEGRADED;
	result->stats.events++;
	format_record_error (e, text);
	late.text = text_from_cstr (text);
	emit (e, meta, &late.ev);
	meta->seq++;
}

void
run_on_event (void *user, const struct lhk_meta *meta,
	      const struct lhk_event *event)
{
	struct run_events *e = user;
	struct lhk_meta last;

	record_writer_event (&e->record, meta, event);
	if (event->kind == LHK_EV_RESULT
	    && ((const struct lhk_ev_result *) event)->final != NULL) {
		last = *meta;
		finish_record (e, &last);
		meta = &last;
		e->final_meta = *meta;
		e->final_meta.raw.ptr = NULL;
		e->final_meta.raw.len = 0;
	}
	emit (e, meta, event);
}

size_t
run_on_plugin (void *user, const struct lhk_plugin_ref *ref)
{
	struct run_events *e = user;

	e->new_plugin = lhk_plugin_ref_descriptor (ref);
	record_writer_plugin (&e->record, e->new_plugin);
	if (e->on_plugin == NULL || e->core->free_pending)
		return 0;
	return e->on_plugin (e->user, ref);
}

void
run_on_raw (void *user, const char *data, size_t len)
{
	struct run_events *e = user;

	if (!e->core->free_pending)
		e->on_raw (e->user, data, len);
}

/* ---- events that are pulled ---- */

/* The seq of a line: every line begins with it. */
static uint64_t
line_seq (const struct lhk_str *line)
{
	static const char key[] = "{\"seq\":";
	const char *p = line->ptr + sizeof key - 1;
	uint64_t seq = 0;

	for (; *p >= '0' && *p <= '9'; p++)
		seq = seq * 10 + (uint64_t) (*p - '0');
	return seq;
}

static void
queue_final (struct run_events *e, const struct lhk_result *r)
{
	struct lhk_ev_result last = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = r->verdict,
		.terminal = 1,
		.stop_reason = r->stop_reason,
		.text = r->text,
		.error = r->error,
		.final = r,
	};

	event_queue_event (&e->queue, &e->final_meta, &last.ev, 0);
}

/* N events were lost: neither memory nor the spool file took them, or the
 * spool could not be read back. */
static void
queue_loss (struct run_events *e, uint64_t n)
{
	struct lhk_meta meta = e->final_meta;
	struct lhk_ev_notice loss = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = LHK_LOG_ERROR,
		.code = LHK_TEXT_INIT (LHK_CODE_HOST),
	};
	char text[80];

	snprintf (text, sizeof text,
		  "%" PRIu64
		  " events were lost for lack of memory and disk space",
		  n);
	loss.text = text_from_cstr (text);
	meta.seq--;
	event_queue_event (&e->queue, &meta, &loss.ev, 0);
}

/* The run is over and no line waits.  Whatever became of the others, the final
 * result is given out. */
static int
next_at_end (struct run_events *e, const struct lhk_result *result,
	     struct lhk_str *ret)
{
	uint64_t missing = e->final_meta.seq - e->given_seq;

	if (e->final_meta.seq == 0 || missing == 0)
		return LHK_END;
	if (missing > 1)
		queue_loss (e, missing - 1);
	else
		queue_final (e, result);
	return event_queue_next (&e->queue, ret) == LHK_OK ? LHK_OK
							   : LHK_ENOMEM;
}

int
run_events_next (struct run_events *e, const struct lhk_result *result,
		 struct lhk_str *ret)
{
	int r = event_queue_next (&e->queue, ret);

	if (r == LHK_AGAIN && result != NULL)
		r = next_at_end (e, result, ret);
	if (r == LHK_OK)
		e->given_seq = line_seq (ret);
	return r;
}
