/* SPDX-License-Identifier: MIT */
/*
 * stream.c - the bounded line writer: bytes in, events out.
 *
 * Lines are framed and given to the plugin; its events are checked in a stage,
 * joined and summed up on their way to on_event.  No system call is made but
 * getpid, which tells a forked child from the owner, getrusage, which tells what
 * a callback used, and those that load plugins when a line is offered to their
 * probes.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "run/stream.h"
#include "common/clock.h"
#include "common/error.h"
#include "common/mem.h"
#include "common/text.h"
#include "common/versioned.h"

static const struct frame_calls calls = {
	.line = stream_line,
	.skip_begin = stream_skip_begin,
	.skip_data = stream_skip_data,
	.skip_end = stream_skip_end,
};

static void
destroy (struct lhk_stream *s)
{
	struct lhk_host *host = s->host;

	plugin_instance_done (&s->instance);
	stream_detect_free (s);
	stream_format_free (s);
	open_args_free (&s->opened);
	frame_done (&s->frame);
	isolated_queue_free (&s->queue);
	surrogate_join_free (s->join);
	summary_free (s->summary);
	s->magic = 0;
	mem_free (&host->alloc, s, sizeof *s);
	host_drop_stream (host);
}

/* The owner calls, and no other call is running. */
static int
enter (struct lhk_stream *s)
{
	if (s == NULL || s->magic != STREAM_MAGIC)
		return LHK_EINVAL;
	if (s->pid != getpid ())
		return LHK_EFORKED;
	if (s->busy)
		return LHK_ESTATE;
	s->busy = 1;
	if (s->opts.clock_ms != NULL)
		s->now_ms = s->opts.clock_ms (s->opts.user);
	summary_set_time (s->summary, s->now_ms);
	return LHK_OK;
}

static int
leave (struct lhk_stream *s, int r)
{
	s->busy = 0;
	if (!s->free_pending)
		return r;
	destroy (s);
	return LHK_ESTATE;
}

static void
on_plugin_log (void *user, int level, const char *text)
{
	struct lhk_stream *s = user;
	const char *const fields[] = { "plugin", s->plugin->name, NULL };

	stream_log (s, STREAM_LOG_PLUGIN, level, fields, text);
}

int
stream_opts_copy (struct lhk_stream_opts *own,
		  const struct lhk_stream_opts *given, struct lhk_error *err)
{
	return versioned_copy (own, sizeof *own, given,
			       offsetof (struct lhk_stream_opts, on_event),
			       "stream options", "LHK_STREAM_OPTS_INIT", err);
}

/* Copy what the caller's version of the options has, and validate it. */
static int
copy_opts (const struct lhk_stream_opts *opts, struct lhk_stream_opts *ret,
	   struct lhk_error *err)
{
	struct lhk_stream_opts own = LHK_STREAM_OPTS_INIT;
	int r = opts == NULL ? LHK_OK : stream_opts_copy (&own, opts, err);

	if (r < 0)
		return r;
	if (own.line_max == 0)
		own.line_max = LHK_LINE_MAX_DEFAULT;
	if (own.line_max < LHK_LINE_MAX_MIN || own.line_max > LHK_LINE_MAX_MAX)
		return error_set (err, LHK_EINVAL, 0,
				  "line_max is %zu, expected %u to %u bytes",
				  own.line_max, LHK_LINE_MAX_MIN,
				  LHK_LINE_MAX_MAX);
	if (own.oversize < LHK_OVERSIZE_DROP || own.oversize > LHK_OVERSIZE_RAW)
		return error_set (
			err, LHK_EINVAL, 0,
			"oversize is %d, expected one of LHK_OVERSIZE_*",
			own.oversize);
	*ret = own;
	return LHK_OK;
}

/* The parts that need memory; each is made or empty, so that destroy can
 * follow. */
static int
build (struct lhk_stream *s)
{
	const struct lhk_alloc *alloc = &s->host->alloc;
	int call = plugin_instance_init (&s->instance, alloc, s->plugin,
					 &s->host->watch, on_plugin_log, s);
	int frame = frame_init (&s->frame, &calls, s, alloc, &s->host->budget,
				s->opts.line_max,
				s->opts.oversize == LHK_OVERSIZE_HEAD);

	s->join = surrogate_join_new (alloc);
	s->summary = summary_new (alloc, s->opts.line_max);
	return call < 0 || frame < 0 || s->join == NULL || s->summary == NULL
		       ? LHK_ENOMEM
		       : LHK_OK;
}

void
stream_send_header (struct lhk_stream *s, const struct lhk_ev_run *given)
{
	struct lhk_ev_run header = {
		.ev = LHK_EV (struct lhk_ev_run, LHK_EV_RUN),
	};

	if (given != NULL)
		memcpy (&header, given,
			given->ev.size < sizeof header ? given->ev.size
						       : sizeof header);
	header.ev.size = sizeof header;
	header.ev.kind = LHK_EV_RUN;
	header.v = 1;
	if (header.plugin.ptr == NULL) {
		header.plugin.ptr = s->plugin->name;
		header.plugin.len = strlen (s->plugin->name);
	}
	if (header.provider.ptr == NULL) {
		header.provider.ptr = s->plugin->provider;
		header.provider.len = strlen (s->plugin->provider);
	}
	stream_set_source (s, NULL);
	stream_deliver (s, &header.ev);
}

/* Without memory for a new summary, the old one goes on. */
void
stream_forget (struct lhk_stream *s)
{
	struct summary *fresh;

	surrogate_join_flush (s->join, stream_deliver, s);
	fresh = summary_new (&s->host->alloc, s->opts.line_max);
	if (fresh == NULL)
		return;
	summary_inherit (fresh, s->summary);
	summary_free (s->summary);
	s->summary = fresh;
}

/* RET has the stream already while its plugin opens, for those who have to end it
 * without the plugin. */
static int
open_plugin (struct lhk_stream *s, struct lhk_stream **ret,
	     struct lhk_error *err)
{
	int r;

	*ret = s;
	s->is_opening = 1;
	r = plugin_instance_open (&s->instance, s->opts.options,
				  s->opts.n_options, err);
	s->is_opening = 0;
	if (r < 0)
		*ret = NULL;
	return r;
}

/* A stream whose plugin is open; nothing has been delivered yet. */
static int
make (struct lhk_host *host, const struct lhk_plugin_ref *plugin,
      const struct lhk_stream_opts *opts, struct lhk_stream **ret,
      struct lhk_error *err)
{
	struct lhk_stream *s = mem_zero (&host->alloc, sizeof *s);
	int r;

	if (s == NULL)
		return error_set (err, LHK_ENOMEM, 0, "no memory for a stream");
	s->magic = STREAM_MAGIC;
	s->pid = getpid ();
	s->host = host;
	s->plugin = lhk_plugin_ref_descriptor (plugin);
	s->opts = *opts;
	s->now_ms = -1;
	host->n_streams++;
	isolated_queue_init (&s->queue, &host->alloc);
	stream_format_begin (s);
	r = build (s);
	if (r == LHK_OK && (opts->flags & LHK_STREAM_DETECT) != 0)
		r = stream_detect_begin (s, opts);
	if (r == LHK_OK && opts->header != NULL)
		r = open_args_copy (&s->opened, &host->alloc, opts->header,
				    NULL, 0);
	if (r < 0)
		error_set (err, r, 0, "no memory for a stream");
	else
		r = open_plugin (s, ret, err);
	if (r < 0) {
		destroy (s);
		return r;
	}
	s->opts.options = NULL;
	s->opts.n_options = 0;
	s->opts.header = NULL;
	return LHK_OK;
}

int
lhk_stream_new (struct lhk_host *host, const struct lhk_plugin_ref *plugin,
		const struct lhk_stream_opts *opts, struct lhk_stream **ret,
		struct lhk_error *err)
{
	struct lhk_stream_opts own = LHK_STREAM_OPTS_INIT;
	struct lhk_stream *s;
	int r = host_check (host);

	if (r == LHK_OK && (plugin == NULL || ret == NULL))
		r = LHK_EINVAL;
	if (r < 0)
		return error_set (err, r, 0, "cannot make a stream: %s",
				  lhk_strerror (r));
	r = copy_opts (opts, &own, err);
	if (r < 0)
		return r;
	r = make (host, plugin, &own, ret, err);
	if (r < 0)
		return r;
	s = *ret;
	enter (s);
	if (s->detect.holding) {
		s->detect.header_ms = s->now_ms;
	} else {
		stream_send_header (s, own.header);
		stream_commit (s);
	}
	return leave (s, LHK_OK);
}

int
lhk_stream_write (struct lhk_stream *s, const void *data, size_t len)
{
	int r = enter (s);

	if (r < 0)
		return r;
	if (s->state != STREAM_OPEN)
		return leave (s, LHK_ESTATE);
	if (data == NULL && len > 0)
		return leave (s, LHK_EINVAL);
	call_timer_sample (&s->instance.timer);
	if (len > 0 && stream_format_bytes (s, data, &len))
		s->frame.off += len;
	else if (len > 0)
		frame_feed (&s->frame, data, len);
	stream_batch_end (s);
	return leave (s, LHK_OK);
}

int
lhk_stream_notice (struct lhk_stream *s, int level, const char *code,
		   const char *text)
{
	int r = enter (s);

	if (r < 0)
		return r;
	if (s->state == STREAM_FINISHED)
		return leave (s, LHK_ESTATE);
	if (code == NULL || text == NULL)
		return leave (s, LHK_EINVAL);
	stream_detect_release (s);
	stream_set_source (s, NULL);
	stream_send_notice (s, level, code, text, NULL);
	return leave (s, LHK_OK);
}

int
lhk_stream_release (struct lhk_stream *s)
{
	int r = enter (s);

	if (r < 0)
		return r;
	stream_detect_release (s);
	return leave (s, LHK_OK);
}

static void
end (struct lhk_stream *s)
{
	stream_format_last_byte (s);
	frame_end (&s->frame);
	stream_batch_end (s);
	stream_detect_end (s);
	stream_set_source (s, NULL);
	stream_settle (s, plugin_instance_flush (&s->instance), NULL);
	(void) stream_lost_process (s);
	surrogate_join_flush (s->join, stream_deliver, s);
	stream_format_end (s);
	s->state = STREAM_ENDED;
}

int
lhk_stream_end (struct lhk_stream *s)
{
	int r = enter (s);

	if (r < 0)
		return r;
	if (s->state != STREAM_OPEN)
		return leave (s, LHK_ESTATE);
	end (s);
	return leave (s, LHK_OK);
}

static void
report_exit (struct lhk_stream *s, const struct lhk_outcome *outcome)
{
	struct lhk_exit child = { .size = sizeof child };

	if (outcome != NULL && outcome->end_reason != 0) {
		child.code = outcome->has_exit ? outcome->exit_code : -1;
		child.signal = outcome->signal;
		child.stderr_tail = outcome->stderr_tail;
	}
	stream_set_source (s, NULL);
	stream_settle (s, plugin_instance_exited (&s->instance, &child), NULL);
	(void) stream_lost_process (s);
	surrogate_join_flush (s->join, stream_deliver, s);
}

/* What the result says beside the events: of which stream it is. */
static void
describe_result (struct lhk_stream *s, struct lhk_result *result)
{
	struct lhk_ev_run *header = &s->opened.header;
	uint32_t flags = s->opts.flags;

	header->plugin = text_from_cstr (s->plugin->name);
	header->provider = text_from_cstr (s->plugin->provider);
	result->header = header;
	if (result->outcome.end_reason != 0 && header->started.ptr != NULL)
		result->ended_ms = clock_unix_ms ();
	result->has_status = 1;
	if ((flags & LHK_STREAM_STATUS_ZERO) == 0)
		result->exit_status = lhk_result_status (
			result, (flags & LHK_STREAM_STATUS_CHILD) != 0);
}

static void
send_result (struct lhk_stream *s, const struct lhk_outcome *outcome)
{
	struct lhk_result *result = &s->result;
	struct lhk_ev_result last = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.terminal = 1,
		.final = result,
	};

	result->size = sizeof *result;
	/* What was not read has made no claim, whoever would have read it. */
	summary_result (s->summary, outcome,
			s->format.is_wide
				|| (s->plugin->flags & LHK_PLUGIN_CLAIMS) != 0,
			result);
	/* That nothing was told does not say that nothing was used. */
	if (s->plugin->flags & LHK_PLUGIN_NO_TOKENS)
		result->complete_usage = 0;
	if (s->format.sentence[0] != '\0'
	    && (result->error.ptr == NULL || s->is_abandoned))
		result->error = text_from_cstr (s->format.sentence);
	/* A result with this verdict does not show the sentence, so it is logged;
	 * that of a lost plugin was logged before. */
	if (s->format.sentence[0] != '\0' && !s->is_quarantined
	    && result->verdict == LHK_VERDICT_OK)
		host_log (s->host, LHK_LOG_WARN, LHK_CODE_PLUGIN, NULL, "%s",
			  s->format.sentence);
	describe_result (s, result);
	last.verdict = result->verdict;
	last.stop_reason = result->stop_reason;
	last.text = result->text;
	last.error = result->error;
	stream_set_source (s, NULL);
	lhk_stream_stats (s, &result->stats);
	result->stats.events++;
	stream_deliver (s, &last.ev);
}

int
lhk_stream_finish (struct lhk_stream *s, const struct lhk_outcome *outcome,
		   const struct lhk_result **ret)
{
	int r = enter (s);

	if (r < 0)
		return r;
	if (s->state == STREAM_FINISHED)
		return leave (s, LHK_ESTATE);
	if (s->state == STREAM_OPEN)
		end (s);
	report_exit (s, outcome);
	stream_totals (s, 1);
	send_result (s, outcome);
	s->state = STREAM_FINISHED;
	r = leave (s, LHK_OK);
	if (r == LHK_OK && ret != NULL)
		*ret = &s->result;
	return r;
}

void
lhk_stream_free (struct lhk_stream *s)
{
	if (s == NULL || s->magic != STREAM_MAGIC || s->pid != getpid ())
		return;
	if (s->busy) {
		s->free_pending = 1;
		s->opts.on_event = NULL;
		s->opts.on_raw = NULL;
		return;
	}
	if (s->state != STREAM_FINISHED)
		stream_totals (s, 0);
	destroy (s);
}

/* ---- queries ---- */

static int
usable (const struct lhk_stream *s)
{
	return s != NULL && s->magic == STREAM_MAGIC && s->pid == getpid ();
}

void
lhk_stream_stats (const struct lhk_stream *s, struct lhk_stream_stats *stats)
{
	struct lhk_stream_stats own = { .size = sizeof own };

	if (stats == NULL)
		return;
	if (usable (s)) {
		own = s->stats;
		own.size = sizeof own;
		own.lines = s->frame.lines;
		own.bytes = s->frame.off;
		own.buffer_peak = s->frame.peak;
		own.forgotten = summary_forgotten (s->summary);
	}
	*stats = own;
}

int
lhk_stream_tools_open (const struct lhk_stream *s)
{
	return usable (s) ? (int) summary_tools_open (s->summary) : 0;
}

int
lhk_stream_tasks_open (const struct lhk_stream *s)
{
	return usable (s) ? (int) summary_tasks_open (s->summary) : 0;
}

int
lhk_stream_has_claim (const struct lhk_stream *s)
{
	return usable (s) && summary_has_claim (s->summary);
}

void
stream_sum (struct lhk_stream *s, int64_t *ret_tokens, int64_t *ret_cost_nano,
	    int *ret_has_cost)
{
	summary_sum (s->summary, ret_tokens, ret_cost_nano, ret_has_cost);
}

int
stream_usage_scope (const struct lhk_stream *s)
{
	return summary_usage_scope (s->summary);
}

int64_t
stream_last_begun (struct lhk_stream *s, int tasks_alone)
{
	return usable (s) ? summary_last_begun (s->summary, tasks_alone) : -1;
}

void
stream_paused (struct lhk_stream *s, int64_t from_ms, int64_t ms)
{
	if (usable (s))
		summary_paused (s->summary, from_ms, ms);
}

void
stream_set_can_answer (struct lhk_stream *s, int can_answer)
{
	summary_set_can_answer (s->summary, can_answer);
}

/* Bytes of a line that has no end yet and may still be a heartbeat. */
#define HEARTBEAT_MAX 4096

uint64_t
stream_progress (const struct lhk_stream *s)
{
	uint64_t part = s->frame.off - s->frame.line_off;

	if ((s->plugin->flags & LHK_PLUGIN_JSON) != 0 && part <= HEARTBEAT_MAX)
		part = 0;
	return ((s->frame.lines - s->heartbeats) << 32) + part;
}

uint32_t
stream_turn (const struct lhk_stream *s)
{
	return summary_turn (s->summary);
}
