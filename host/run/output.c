/* SPDX-License-Identifier: MIT */
/* output.c - stdout and stderr of the agent, and the limits on them. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "common/macros.h"
#include "run/bounds.h"
#include "run/budget.h"
#include "run/host.h"
#include "run/stream.h"
#include "run/output.h"

/* How long a header waits for the output to tell which plugin reads it, and
 * lines that do not tell. */
#define HEADER_WAIT_MS 1000
#define LINES_WAIT_MS 500

void
run_output_init (struct run_output *o, struct run_core *core,
		 struct run_events *events, struct run_timers *timers)
{
	o->core = core;
	o->events = events;
	o->timers = timers;
	o->out.fd = o->err.fd = o->spool.fd = -1;
	head_tail_init (&o->stderr_capture, &core->host->alloc,
			core->opts.stderr_keep);
}

/* A run that is over by its own claim may end by itself, and then keeps its
 * verdict, whatever its last number is. */
static void
check_budget (struct run_output *o)
{
	struct run_core *core = o->core;
	char text[RUN_BUDGET_TEXT];

	if (core->cause != 0 || run_has_exited (core)
	    || !run_budget_is_over (core, text))
		return;
	if (lhk_stream_has_claim (core->stream)
	    && lhk_stream_tasks_open (core->stream) == 0)
		run_note_over_budget (o->timers);
	else
		run_stop_over_budget (o->timers, text);
}

/* A heartbeat alone is no progress; a line that is held back is. */
static void
parse (struct run_output *o, const char *data, size_t len)
{
	struct lhk_stream *stream = o->core->stream;
	uint64_t before = stream_progress (stream);
	size_t held = stream->detect.n;
	int was_quarantined = stream->is_quarantined;

	if ((o->core->opts.flags & LHK_RUN_BYTES) != 0) {
		run_note_progress (o->timers);
		return;
	}
	lhk_stream_write (stream, data, len);
	/* Lines that pass as text tell nothing of tokens or cost. */
	if (stream->is_quarantined && !was_quarantined)
		o->events->new_plugin = stream->plugin;
	if (stream_progress (stream) != before || stream->detect.n != held)
		run_note_progress (o->timers);
}

void
run_output_parsed (struct run_output *o)
{
	if (o->events->new_plugin != NULL)
		run_bounds_check (o->events, o->events->new_plugin);
	o->events->new_plugin = NULL;
	run_bounds_check_scope (o->events);
	check_budget (o);
	run_note_claim (o->timers);
	run_record_flush (o->events);
}

/* Nobody waits longer for the header.  Lines are still offered to the probes:
 * until one is accepted, nothing is told of tokens or cost. */
static void
on_release (struct timer *timer)
{
	struct run_output *o = container_of (timer, struct run_output, release);
	struct lhk_stream *stream = o->core->stream;

	lhk_stream_release (stream);
	if (stream->detect.on)
		o->events->new_plugin = stream->plugin;
	run_output_parsed (o);
}

void
run_output_await_plugin (struct run_output *o)
{
	o->release.fire = on_release;
	loop_arm (o->core->loop, &o->release, HEADER_WAIT_MS);
}

void
run_output_end (struct run_output *o)
{
	struct lhk_stream *stream = o->core->stream;
	int end_reason = o->core->outcome.end_reason;
	int undecided = o->release.armed && stream->detect.on
			&& end_reason != LHK_END_SPAWN_FAILED
			&& end_reason != LHK_END_HOST_ERROR;

	loop_disarm (o->core->loop, &o->release);
	if (lhk_stream_end (stream) != LHK_OK)
		return;
	if (undecided && o->events->new_plugin == NULL)
		o->events->new_plugin = stream->plugin;
	run_output_parsed (o);
}

/* Lines that are held back wait less than a header alone. */
static void
limit_hold (struct run_output *o)
{
	int64_t now = loop_now (o->core->loop);

	if (o->release.armed && o->core->stream->detect.n > 0
	    && o->release.deadline_ms - now > LINES_WAIT_MS && !o->holds_lines)
		loop_arm (o->core->loop, &o->release, LINES_WAIT_MS);
	o->holds_lines = o->core->stream->detect.n > 0;
}

static void
on_stdout_data (void *user, const char *data, size_t len)
{
	struct run_output *o = user;
	struct run_core *core = o->core;
	uint64_t max = core->opts.max_output;
	int over = max != 0 && len > max - o->stdout_bytes;

	if (over)
		len = (size_t) (max - o->stdout_bytes);
	run_note_output (o->timers);
	if (len != 0) {
		o->stdout_bytes += len;
		record_writer_stdout (&o->events->record, data, len);
		if (core->opts.on_stdout != NULL)
			core->opts.on_stdout (o->events->user, data, len);
		parse (o, data, len);
		limit_hold (o);
		run_output_parsed (o);
	}
	if (over)
		file_follow_discard (&o->spool);
	if (over && core->cause == 0) {
		run_notice (o->events, LHK_LOG_WARN, LHK_CODE_HOST,
			    "the agent printed more than the %llu bytes that "
			    "are allowed, so the run is ended",
			    (unsigned long long) max);
		run_stop (o->timers, LHK_END_OUTPUT_LIMIT, 0);
	}
}

static void
report_stderr_cut (struct run_output *o)
{
	const struct record_writer *rw = &o->events->record;

	if (!rw->err_cut || o->stderr_cut)
		return;
	o->stderr_cut = 1;
	run_notice (o->events, LHK_LOG_WARN, LHK_CODE_STDERR,
		    "standard error has more than the %llu bytes that are "
		    "recorded; the rest is not recorded",
		    (unsigned long long) rw->err_max);
}

static void
on_stderr_data (void *user, const char *data, size_t len)
{
	struct run_output *o = user;

	run_note_output (o->timers);
	run_note_progress (o->timers);
	head_tail_add (&o->stderr_capture, data, len);
	record_writer_stderr (&o->events->record, data, len);
	run_record_flush (o->events);
	report_stderr_cut (o);
	if (o->core->opts.on_stderr != NULL)
		o->core->opts.on_stderr (o->events->user, data, len);
}

static void
on_output_end (void *user)
{
	struct run_output *o = user;

	o->core->owner->check (o->core);
}

/* ---- a stdout that is a file, and what the agent does to it ---- */

static const struct {
	const char *code;
	const char *before, *behind; /* the number of bytes */
	const char *again; /* what happened, for the sum; NULL: no sum */
} troubles[READER_TROUBLES] = {
	[READER_HOLE] = { LHK_CODE_GAP, "stdout has a hole of ",
			  " bytes, which is skipped", "had a hole" },
	[READER_SHRUNK] = { LHK_CODE_GAP, "stdout was truncated after ",
			    " bytes because a program opened /dev/stdout "
			    "again; output that was not yet read is lost",
			    "was cut" },
	[READER_CUT] = { LHK_CODE_GAP, "",
			 " bytes of stdout were not read, because the run had "
			 "to end",
			 NULL },
	[READER_DISK_FULL] = { LHK_CODE_DISK, NULL, NULL, NULL },
};

/* The first one of its kind is told when it comes, the others at the end. */
static void
on_stdout_trouble (void *user, enum reader_trouble what, uint64_t n)
{
	struct run_output *o = user;

	o->core->outcome.flags |= LHK_FLAG_DEGRADED;
	o->troubles[what].bytes += n;
	if (o->troubles[what].times++ > 0)
		return;
	if (what == READER_DISK_FULL)
		run_notice (o->events, LHK_LOG_WARN, troubles[what].code,
			    "the disk has no room for the output of the "
			    "agent: %s; some of it may be lost",
			    strerror ((int) n));
	else
		run_notice (o->events, LHK_LOG_WARN, troubles[what].code,
			    "%s%llu%s", troubles[what].before,
			    (unsigned long long) n, troubles[what].behind);
}

static void
on_stdout_end (void *user)
{
	struct run_output *o = user;
	size_t i;

	for (i = 0; i < READER_TROUBLES; i++)
		if (o->troubles[i].times > 1 && troubles[i].again != NULL)
			run_notice (o->events, LHK_LOG_WARN, troubles[i].code,
				    "stdout %s %llu times, %llu bytes in "
				    "total",
				    troubles[i].again,
				    (unsigned long long) o->troubles[i].times,
				    (unsigned long long) o->troubles[i].bytes);
	on_output_end (user);
}

/* The end of the output is not known, so no claim in it counts. */
static void
on_stdout_failed (void *user, int sys_errno)
{
	struct run_output *o = user;
	struct run_core *core = o->core;

	core->outcome.flags |= LHK_FLAG_DEGRADED;
	run_notice (o->events, LHK_LOG_ERROR, LHK_CODE_HOST,
		    "cannot read the standard output of the agent: %s; the "
		    "rest of it is lost",
		    strerror (sys_errno));
	run_stop (o->timers, LHK_END_HOST_ERROR, 0);
	if (core->cause == 0)
		core->cause = LHK_END_HOST_ERROR;
}

static void
on_stderr_failed (void *user, int sys_errno)
{
	struct run_output *o = user;

	o->stderr_lost = 1;
	o->core->outcome.flags |= LHK_FLAG_DEGRADED;
	run_notice (o->events, LHK_LOG_WARN, LHK_CODE_HOST,
		    "cannot read the standard error of the agent: %s; the "
		    "rest of it is lost",
		    strerror (sys_errno));
}

const struct reader_callbacks run_stdout_callbacks = {
	on_stdout_data, on_stdout_end,	   on_stdout_failed,
	NULL,		on_stdout_trouble,
};

const struct reader_callbacks run_stderr_callbacks = {
	on_stderr_data, on_output_end, on_stderr_failed, NULL, NULL,
};

int
run_output_is_closed (const struct run_output *o)
{
	return o->out.fd < 0 && o->err.fd < 0 && o->spool.fd < 0;
}

int
run_output_is_held (const struct run_output *o)
{
	return pipe_is_held (&o->out) || pipe_is_held (&o->err)
	       || file_follow_is_held (&o->spool);
}

int
run_output_has_unread (const struct run_output *o)
{
	return pipe_has_more (&o->out) || pipe_has_more (&o->err)
	       || file_follow_has_more (&o->spool);
}

void
run_output_finish (struct run_output *o)
{
	pipe_finish (&o->err);
	pipe_finish (&o->out);
	file_follow_finish (&o->spool);
}

void
run_output_cut (struct run_output *o)
{
	file_follow_cut (&o->spool);
}

void
run_output_stop (struct run_output *o, int forked)
{
	pipe_stop (&o->out, forked);
	pipe_stop (&o->err, forked);
	file_follow_stop (&o->spool, forked);
}
