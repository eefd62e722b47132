/* SPDX-License-Identifier: MIT */
/* ending.c - the end of a record: the result, on a full disk too. */
#include "config.h"

#include <errno.h>

#include "record/draft.h"
#include "record/layout.h"
#include "record/writer.h"
#include "format/event_json.h"
#include "json/writer.h"
#include "common/fd.h"
#include "common/macros.h"

/* Bytes that are given up besides those that the result needs: files have whole
 * blocks. */
#define CUT_SLACK 16384u

/* The members of an ended run that are not the result's own; a list of runs
 * finds them in the first bytes of the file. */
static void
put_end (struct jw *w, const struct record_writer *rw,
	 const struct record_end *end)
{
	jw_i64 (w, "v", 1);
	jw_str (w, "run", rw->id);
	jw_str (w, "status", "ended");
	jw_str (w, "plugin", rw->plugin);
	jw_str (w, "provider", rw->provider);
	jw_str (w, "started", rw->started);
	jw_i64 (w, "started_ms", rw->started_ms);
	if (rw->detached)
		jw_bool (w, "detached", 1);
	jw_str (w, "ended", end->ended);
	jw_i64 (w, "ended_ms", end->ended_ms);
	jw_i64 (w, "exit_status", end->exit_status);
	jw_bool (w, "complete_record", rw->sys_errno == 0 && !rw->err_cut);
}

/* The content of result.json, to rw->out. */
static void
put_result (struct record_writer *rw, const struct record_end *end,
	    const struct lhk_result *result)
{
	struct jw w;

	jw_init (&w, rw->out);
	jw_object_begin (&w, NULL);
	put_end (&w, rw, end);
	format_json_members (rw->out, result, FORMAT_JSON_COMMAND);
	jw_object_end (&w);
	outbuf_byte (rw->out, '\n');
	outbuf_flush (rw->out);
}

/* Write it into its room.  0, or -errno; -ENOENT: the room is gone. */
static int
write_draft (struct record_writer *rw, const struct record_end *end,
	     const struct lhk_result *result)
{
	struct record_draft d = { .fd = rw->draft };

	if (rw->draft < 0)
		return -ENOENT;
	outbuf_init (rw->out, record_draft_write, &d);
	put_result (rw, end, result);
	return record_draft_commit (&d, rw->dir);
}

/* The same; what an agent has done to the room is mended. */
static int
write_result (struct record_writer *rw, const struct record_end *end,
	      const struct lhk_result *result)
{
	int r = write_draft (rw, end, result);

	if (r != -ENOENT)
		return r;
	r = record_draft_renew (rw->dir, &rw->draft);
	return r < 0 ? r : write_draft (rw, end, result);
}

/* How many bytes that would be. */
static uint64_t
measure_result (struct record_writer *rw, const struct record_end *end,
		const struct lhk_result *result)
{
	uint64_t n = 0;

	outbuf_init (rw->out, record_draft_count, &n);
	put_result (rw, end, result);
	return n;
}

/* Give up the end of F for what needs NEED bytes.  1; 0: there is none. */
static int
cut (struct record_writer_file *f, uint64_t need)
{
	uint64_t had = f->at;

	record_cut_end (f->fd, &f->at, need);
	return f->at != had;
}

/* The disk has no room for all of the result.  The events can be made anew from
 * the raw stream, so their end is given up for it, if that is enough.  0, or
 * -errno. */
static int
write_for_events (struct record_writer *rw, const struct record_end *end,
		  const struct lhk_result *result)
{
	uint64_t need = measure_result (rw, end, result) + CUT_SLACK;

	return need <= rw->events.at && cut (&rw->events, need)
		       ? write_result (rw, end, result)
		       : -ENOSPC;
}

/* There is no room for the verdict alone: the ends of the other files are given
 * up for it, the raw stream, which is the truth, at last.  0, or -errno. */
static int
write_for_files (struct record_writer *rw, const struct record_end *end,
		 const struct lhk_result *result)
{
	struct record_writer_file *const files[] = { &rw->events, &rw->err,
						     &rw->raw };
	uint64_t need = measure_result (rw, end, result) + CUT_SLACK;
	int r = -ENOSPC;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (files) && r < 0; i++)
		if (cut (files[i], need))
			r = write_result (rw, end, result);
	return r;
}

/* What of the result stays when there is no room for all of it: the verdict in
 * any case. */
static const struct record_brevity brevities[] = {
	{ 512, 256, 8 },
	{ 0, 0, 0 },
};

/* The result that is written in place of a longer one says so.  Its text can be
 * made anew from the raw stream, too. */
static int
write_shortened (struct record_writer *rw, const struct record_end *end,
		 const struct lhk_result *result, int error)
{
	struct lhk_result own = *result;
	int full = fd_is_disk_full (-error);
	size_t i;
	int r = error;

	record_writer_note (rw, RECORD_RESULT, -error);
	own.outcome.flags |= LHK_FLAG_DEGRADED;
	if (full)
		r = write_for_events (rw, end, &own);
	for (i = 0; i < ARRAY_SIZE (brevities) && r < 0; i++) {
		record_result_shorten (&own, &brevities[i]);
		r = write_result (rw, end, &own);
	}
	return r < 0 && full ? write_for_files (rw, end, &own) : r;
}

/* What an agent has taken out of its record is no part of it any more. */
static void
check_files (struct record_writer *rw)
{
	const struct {
		const char *name;
		int fd;
	} files[] = {
		{ RECORD_OUT, rw->raw.fd },
		{ RECORD_ERR, rw->err.fd },
		{ RECORD_EVENTS, rw->events.fd },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (files); i++)
		if (files[i].fd >= 0
		    && record_is_at (rw->dir, files[i].name, files[i].fd) == 0)
			record_writer_note (rw, files[i].name, ENOENT);
}

void
record_writer_end (struct record_writer *rw, const struct lhk_result *result,
		   const struct record_end *end)
{
	int r;

	if (rw->dir < 0 || rw->ended)
		return;
	rw->ended = 1;
	record_writer_flush (rw);
	check_files (rw);
	r = write_result (rw, end, result);
	if (r < 0)
		r = write_shortened (rw, end, result, r);
	if (r < 0)
		rw->what = RECORD_RESULT;
	fd_close (&rw->raw.fd);
	fd_close (&rw->err.fd);
	fd_close (&rw->events.fd);
	fd_close (&rw->draft);
	/* Readers believe the result from now on. */
	record_dir_unlock (rw->dir);
	fd_close (&rw->lock);
}
