/* SPDX-License-Identifier: MIT */
/*
 * start.c - from options to a run: descriptors, helper, stream.
 *
 * All or nothing: the helper starts no agent before it is told to, which is
 * the last step, and one function gives back whatever there is.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "common/clock.h"
#include "common/ulid.h"
#include "run/host_loop.h"
#include "run/start.h"
#include "format/event_json.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/limits.h"
#include "common/mem.h"
#include "common/text.h"

static void
deliver (void *user, const struct lhk_meta *meta, const struct lhk_event *event)
{
	struct lhk_run *run = user;
	struct lhk_meta last;

	record_writer_event (&run->keep, meta, event);
	if (event->kind == LHK_EV_RESULT
	    && ((const struct lhk_ev_result *) event)->final != NULL) {
		last = *meta;
		run_record_last (run, &last);
		meta = &last;
		run->final_meta = *meta;
		run->final_meta.raw.ptr = NULL;
		run->final_meta.raw.len = 0;
	}
	run_emit (run, meta, event);
}

void
run_emit (struct lhk_run *run, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	if (run->on_event != NULL)
		run->on_event (run->user, meta, event);
	else if (run->queue.out != NULL && !run->free_pending)
		event_queue_event (&run->queue, meta, event, run->json_flags);
}

static void
deliver_raw (void *user, const char *data, size_t len)
{
	struct lhk_run *run = user;

	if (!run->free_pending)
		run->on_raw (run->user, data, len);
}

static int64_t
run_clock (void *user)
{
	struct lhk_run *run = user;

	return loop_now (run->loop) - run->started_ms;
}

/* Words of the command, as texts of the header and as options of the plugin. */
struct words {
	size_t n;
	size_t n_options;
	struct lhk_text *texts;
	struct lhk_option *options;
};

static int
make_words (const struct start *s, struct words *w)
{
	const struct lhk_alloc *alloc = &s->run->host->alloc;
	size_t i;

	w->n = 0;
	while (s->opts->argv[w->n] != NULL)
		w->n++;
	w->n_options = w->n + s->stream.n_options;
	w->texts = mem_zero (alloc, w->n * sizeof *w->texts);
	w->options = mem_new (alloc, w->n_options * sizeof *w->options);
	if (w->texts == NULL || w->options == NULL)
		return error_set (s->err, LHK_ENOMEM, 0,
				  "no memory for the run");
	for (i = 0; i < w->n; i++) {
		w->texts[i] = text_from_cstr (s->opts->argv[i]);
		w->options[i].key = "arg";
		w->options[i].value = s->opts->argv[i];
	}
	if (s->stream.n_options != 0)
		memcpy (w->options + w->n, s->stream.options,
			s->stream.n_options * sizeof *w->options);
	return LHK_OK;
}

static void
free_words (const struct start *s, struct words *w)
{
	const struct lhk_alloc *alloc = &s->run->host->alloc;

	mem_free (alloc, w->texts, w->n * sizeof *w->texts);
	mem_free (alloc, w->options, w->n_options * sizeof *w->options);
}

static int
make_stream (struct start *s)
{
	struct lhk_ev_run header = {
		.ev = LHK_EV (struct lhk_ev_run, LHK_EV_RUN),
	};
	struct lhk_stream_opts o = s->stream;
	char made_up[ULID_SIZE];
	char started[CLOCK_RFC3339_SIZE];
	const char *id = s->opts->run_id;
	int64_t now = clock_unix_ms ();
	struct words w = { 0 };
	int r = make_words (s, &w);

	if (id == NULL) {
		ulid_make (now, made_up);
		id = made_up;
	}
	clock_rfc3339 (now, started);
	header.id = text_from_cstr (id);
	header.started = (struct lhk_text){ started, strlen (started),
					    LHK_TEXT_CLEAN, 0 };
	header.argv = w.texts;
	header.n_argv = w.n;
	o.on_event = deliver;
	o.on_raw = s->run->on_raw == NULL ? NULL : deliver_raw;
	o.user = s->run;
	o.clock_ms = run_clock;
	o.header = &header;
	o.options = w.options;
	o.n_options = w.n_options;
	if (r == LHK_OK)
		r = run_record_begin (s->run, s->opts,
				      lhk_plugin_ref_descriptor (s->plugin), &o,
				      id, now, s->err);
	if (r == LHK_OK)
		r = lhk_stream_new (s->run->host, s->plugin, &o,
				    &s->run->stream, s->err);
	if (r < 0)
		record_writer_abort (&s->run->keep, s->opts->record_dir, id);
	free_words (s, &w);
	return r;
}

static int
find_plugin (struct start *s)
{
	struct lhk_host *host = s->run->host;
	int r;

	s->plugin = s->opts->plugin;
	if (s->opts->flags & LHK_RUN_BYTES)
		s->plugin = &run_bytes_plugin;
	if (s->plugin != NULL)
		return LHK_OK;
	r = lhk_host_plugin_for_command (host, s->opts->argv, &s->plugin);
	if (r == LHK_OK)
		return LHK_OK;
	/* Another one must not be taken because this one was not seen. */
	if (r != LHK_ENOTFOUND)
		return error_set (s->err, r, 0,
				  "no plugin for command '%s': the"
				  " plugins cannot be looked through: %s",
				  s->opts->argv[0], lhk_strerror (r));
	return lhk_host_plugin (host, "raw", &s->plugin, s->err);
}

static uint64_t
queue_most (const struct lhk_run_opts *o)
{
	if (o->max_output == 0)
		return LIMIT_QUEUE;
	return o->max_output < LIMIT_QUEUE_MIN ? LIMIT_QUEUE_MIN
					       : o->max_output;
}

static int
make_queue (struct start *s)
{
	struct lhk_run *run = s->run;

	if (run->on_event != NULL)
		return LHK_OK;
	if (s->stream.flags & LHK_STREAM_RAW_LINES)
		run->json_flags = FORMAT_JSON_RAW;
	if (event_queue_init (&run->queue, &run->host->alloc, s->opts->tmp_dir,
			      queue_most (s->opts))
	    < 0)
		return error_set (s->err, LHK_ENOMEM, 0,
				  "no memory for the run");
	return LHK_OK;
}

/* What was borrowed for the start alone. */
static void
forget (struct lhk_run_opts *o)
{
	o->plugin = NULL;
	o->argv = o->envp = NULL;
	o->cwd = o->run_id = o->tmp_dir = o->record_dir = NULL;
	o->input.ptr = NULL;
	o->limits = NULL;
	o->stream = NULL;
}

/* LHK_CONTAIN_* and LHK_RUN_* are the numbers of proto.h. */
static void
tell_start (struct start *s)
{
	struct proto_start first = {
		.n_limits = (uint32_t) s->opts->n_limits,
		.contain = s->opts->contain,
		.flags = s->opts->flags & START_UNSCOPED,
	};
	size_t i;

	for (i = 0; i < s->opts->n_limits; i++) {
		first.limits[i].resource = s->opts->limits[i].resource;
		first.limits[i].value = s->opts->limits[i].value;
	}
	/* It is noticed in its turn that the helper goes, or has gone. */
	if (monitor_client_send_start (&s->run->helper, &first) < 0)
		s->run->outcome.sys_errno = errno;
}

static void
begin (struct start *s)
{
	struct lhk_run *run = s->run;

	forget (&run->opts);
	run_start_clocks (run);
	run_record_listen (run);
	run_record_flush (run);
	if (s->degraded != 0) {
		run->outcome.flags |= LHK_FLAG_DEGRADED;
		run_notice (run, LHK_LOG_WARN, LHK_CODE_HOST,
			    "no file for stdout in '%s': %s; a pipe is used and"
			    " output may be lost",
			    s->opts->tmp_dir, strerror (s->degraded));
	}
	if (run->helper.pid == 0) {
		/* Nothing was started: the result comes by the first turn. */
		run->state = RUN_COLLECTING;
		run->monitor_gone = run->tree_gone_reported = 1;
		run_stop_clocks (run);
		file_follow_stop (&run->spool, 0);
		loop_arm (run->loop, &run->phase, 0);
		return;
	}
	tell_start (s);
}

static int
build (struct start *s)
{
	int r = find_plugin (s);

	if (r == LHK_OK)
		r = make_queue (s);
	if (r == LHK_OK)
		r = start_stdin (s);
	if (r == LHK_OK)
		r = start_stdout (s);
	if (r == LHK_OK)
		r = start_stderr (s);
	if (r == LHK_OK)
		r = start_monitor (s);
	if (r == LHK_OK)
		r = make_stream (s);
	return r;
}

static struct lhk_run *
new_run (struct lhk_host *host, struct loop *l, const struct lhk_run_opts *o,
	 const struct lhk_stream_opts *stream)
{
	struct lhk_run *run = mem_zero (&host->alloc, sizeof *run);

	if (run == NULL)
		return NULL;
	run->magic = RUN_MAGIC;
	run->host = host;
	run->loop = l;
	run->opts = *o;
	run->on_event = stream->on_event;
	run->on_raw = stream->on_raw;
	run->user = stream->user;
	run->helper = (struct monitor_client) MONITOR_CLIENT_INIT;
	run->control.fd = run->ended.fd = run->agent_ended.fd = -1;
	run->orphans = (struct orphans) ORPHANS_INIT;
	run->agent_fd = run->input_fd = -1;
	run->out.fd = run->err.fd = run->spool.fd = -1;
	run->keep = (struct record_writer) RECORD_WRITER_INIT;
	run->cancel_file_watch.wd = -1;
	run->started_ms = loop_now (l);
	head_tail_init (&run->kept, &host->alloc, o->stderr_keep);
	run->next = host->runs;
	host->runs = run;
	return run;
}

int
lhk_run_start (struct lhk_host *host, const struct lhk_run_opts *opts,
	       struct lhk_run **ret, struct lhk_error *err)
{
	struct lhk_run_opts own;
	struct start s = { .opts = &own, .child = { -1, -1, -1 }, .err = err };
	struct loop *l;
	int i, r;

	r = host_check (host);
	if (r < 0 || ret == NULL)
		return error_set (err, r < 0 ? r : LHK_EINVAL, 0,
				  "cannot start a run: %s",
				  lhk_strerror (r < 0 ? r : LHK_EINVAL));
	r = run_copy_opts (opts, &own, err);
	if (r == LHK_OK)
		r = run_copy_stream_opts (&own, &s.stream, err);
	if (r == LHK_OK)
		r = host_loop (host, &l, err);
	if (r < 0)
		return r;
	s.run = new_run (host, l, &own, &s.stream);
	if (s.run == NULL)
		return error_set (err, LHK_ENOMEM, 0, "no memory for the run");
	r = build (&s);
	for (i = 0; i < 3; i++)
		fd_close (&s.child[i]);
	if (r < 0) {
		run_destroy (s.run);
		return r;
	}
	begin (&s);
	*ret = s.run;
	return LHK_OK;
}
