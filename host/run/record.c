/* SPDX-License-Identifier: MIT */
/* record.c - the record of a run, and cancel_file_watch that are left in it. */
#include "config.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "run/run.h"
#include "run/stream.h"
#include "common/text.h"

/* Of a sentence on a record: it holds its path. */
#define END_TEXT 400

/* Between two looks for a wish where directories cannot be watched. */
#define LOOK_MS 1000

#define OWNER(member, of)                                                      \
	((struct lhk_run *) (void *) ((char *) (of) -offsetof (struct lhk_run, \
							       member)))

int
run_record_begin (struct lhk_run *run, const struct lhk_run_opts *opts,
		  const struct lhk_plugin *plugin,
		  const struct lhk_stream_opts *stream, const char *id,
		  int64_t unix_ms, struct lhk_error *err)
{
	struct record_writer_about about = {
		.id = id,
		.plugin = plugin->name,
		.provider = plugin->provider,
		.started_ms = unix_ms,
		.argv = opts->argv,
		.cwd = opts->cwd,
		.line_max = stream->line_max == 0 ? LHK_LINE_MAX_DEFAULT
						  : stream->line_max,
		.oversize = stream->oversize,
	};
	char started[CLOCK_RFC3339_SIZE];

	if (opts->record_dir == NULL)
		return LHK_OK;
	clock_rfc3339 (unix_ms, started);
	about.started = started;
	return record_writer_begin (&run->keep, &run->host->alloc,
				    opts->record_dir, &about, err);
}

static void
hear_wish (struct lhk_run *run)
{
	int signo = record_writer_canceled (&run->keep);

	if (signo == 0)
		return;
	inotify_watch_remove (run->loop, &run->cancel_file_watch);
	loop_disarm (run->loop, &run->look);
	run_request_cancel (run, signo);
}

static void
directory_changed (struct inotify_watch *w)
{
	hear_wish (OWNER (cancel_file_watch, w));
}

static void
time_to_look (struct timer *t)
{
	struct lhk_run *run = OWNER (look, t);

	loop_arm (run->loop, t, LOOK_MS);
	hear_wish (run);
}

void
run_record_listen (struct lhk_run *run)
{
	if (run->keep.dir < 0)
		return;
	run->cancel_file_watch.grew = directory_changed;
	run->look.fire = time_to_look;
	if (inotify_watch_add_dir (run->loop, &run->cancel_file_watch,
				   run->keep.dir)
	    < 0)
		loop_arm (run->loop, &run->look, LOOK_MS);
}

static void
end_text (const struct lhk_run *run, char text[END_TEXT])
{
	snprintf (text, END_TEXT, "the record '%s' ends here: %s: %s",
		  run->keep.path, run->keep.what,
		  strerror (run->keep.sys_errno));
}

void
run_record_flush (struct lhk_run *run)
{
	char text[END_TEXT];

	record_writer_flush (&run->keep);
	if (run->keep.sys_errno == 0 || run->record_error_reported)
		return;
	run->record_error_reported = 1;
	run->outcome.flags |= LHK_FLAG_DEGRADED;
	end_text (run, text);
	run_notice (run, LHK_LOG_WARN, LHK_CODE_HOST, "%s", text);
}

static void
stop_listening (struct lhk_run *run)
{
	inotify_watch_remove (run->loop, &run->cancel_file_watch);
	loop_disarm (run->loop, &run->look);
}

static void
end_record (struct lhk_run *run, const struct lhk_result *result)
{
	char ended[CLOCK_RFC3339_SIZE];
	int64_t now = clock_unix_ms ();

	clock_rfc3339 (now, ended);
	record_writer_end (&run->keep, result, ended, now,
			   lhk_result_status (result, 0));
}

void
run_record_last (struct lhk_run *run, struct lhk_meta *meta)
{
	struct lhk_result *result = &run->stream->result;
	struct lhk_ev_notice late = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = LHK_LOG_WARN,
		.code = LHK_TEXT_INIT (LHK_CODE_HOST),
	};
	char text[END_TEXT];

	if (run->keep.dir < 0)
		return;
	record_writer_flush (&run->keep);
	if (run->keep.sys_errno != 0)
		result->outcome.flags |= LHK_FLAG_DEGRADED;
	end_record (run, result);
	if (run->keep.sys_errno == 0 || run->record_error_reported)
		return;
	run->record_error_reported = 1;
	result->outcome.flags |= LHK_FLAG_DEGRADED;
	result->stats.events++;
	end_text (run, text);
	late.text = text_from_cstr (text);
	run_emit (run, meta, &late.ev);
	meta->seq++;
}

void
run_record_end (struct lhk_run *run)
{
	if (run->keep.dir < 0)
		return;
	stop_listening (run);
	/* Of a stream that could not end. */
	end_record (run, run->result);
	record_writer_close (&run->keep);
}

void
run_record_drop (struct lhk_run *run, int forked)
{
	if (run->keep.dir < 0)
		return;
	/* The inotify of a parent is its own. */
	if (!forked)
		inotify_watch_remove (run->loop, &run->cancel_file_watch);
	timer_clear (&run->loop->timers, &run->look);
	record_writer_close (&run->keep);
}
