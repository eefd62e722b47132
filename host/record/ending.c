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
	format_json_members (rw->out, result);
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

/*
 * The disk has no room for all of the result.  The events can be made anew from
 * the raw stream, so their end is given up first; then the ends of stderr and
 * stdout.  0, or -errno.
 */
static int
write_for_room (struct record_writer *rw, const struct record_end *end,
		const struct lhk_result *result)
{
	struct record_writer_file *const files[] = { &rw->events, &rw->err,
						     &rw->raw };
	uint64_t need = measure_result (rw, end, result) + CUT_SLACK;
	int r = -ENOSPC;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (files) && r < 0; i++) {
		uint64_t had = files[i]->at;

		record_cut_end (files[i]->fd, &files[i]->at, need);
		if (files[i]->at != had)
			r = write_result (rw, end, result);
		need -= had - files[i]->at < need ? had - files[i]->at : need;
	}
	return r;
}

/* What of the result stays when there is no room for all of it: the verdict in
 * any case. */
static const struct record_brevity brevities[] = {
	{ 512, 256, 8 },
	{ 0, 0, 0 },
};

/* The result that is written in place of a longer one says so. */
static int
write_shortened (struct record_writer *rw, const struct record_end *end,
		 const struct lhk_result *result, int error)
{
	struct lhk_result own = *result;
	size_t i;
	int r;

	record_writer_note (rw, RECORD_RESULT, -error);
	own.outcome.flags |= LHK_FLAG_DEGRADED;
	r = fd_is_disk_full (-error) ? write_for_room (rw, end, &own) : error;
	for (i = 0; i < ARRAY_SIZE (brevities) && r < 0; i++) {
		record_result_shorten (&own, &brevities[i]);
		r = write_result (rw, end, &own);
	}
	return r;
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
