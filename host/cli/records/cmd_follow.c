/* SPDX-License-Identifier: MIT */
/* cmd_follow.c - `linehook follow': the events of a recorded run as they come. */
#include "config.h"

#include <inttypes.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/records/follow_output.h"
#include "cli/records/outcome_line.h"
#include "cli/records/records.h"
#include "common/clock.h"
#include "common/mem.h"
#include "common/run_id.h"
#include "format/verdict_text.h"

struct follow_options {
	struct records_options store;
	uint64_t from;
	int32_t format; /* FORMAT_* */
	int32_t quiet;
};

/* The formats of a record; their indexes are FORMAT_*. */
static const char *const formats[] = { "view",	 "text",   "answer",
				       "events", "result", NULL };
static const char *const old_formats[] = { "verbose", "view", NULL };

/* clang-format off: a table */
static const struct opt follow_opts[] = {
	{ .name = "from",
	  .kind = OPT_COUNT,
	  .word = "SEQ",
	  .offset = offsetof (struct follow_options, from),
	  .max = INT64_MAX,
	  .want = "the number of an event, e.g. 1",
	  .help = "start with this event",
	  .initial = "1" },
	{ .name = "format",
	  .kind = OPT_CHOICE,
	  .word = "FORMAT",
	  .offset = offsetof (struct follow_options, format),
	  .choices = formats,
	  .synonyms = old_formats,
	  .help = "what to print on standard output",
	  .initial = "view on a terminal, otherwise events" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct follow_options, quiet),
	  .help = "do not say on standard error why the run did not end well" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group follow_groups[] = {
	{ "Options:", follow_opts },
	{ NULL, records_start_opts },
	{ "Output:", records_json_opts },
	{ "Store:", records_store_opts },
	{ NULL, NULL },
};

struct follow {
	struct records_call call;
	const struct follow_options *o;
	struct lhk_cursor *cursor;
	struct follow_output out;
	int64_t start_until; /* for a run that is not there yet; 0: it is */
};

/* ---- events ---- */

/* How long to wait at most for more of the record; 0: the run was to be there by
 * now. */
static int
pause_of (const struct follow *f)
{
	int pause = lhk_cursor_pause (f->cursor);
	int64_t left;

	if (f->start_until == 0)
		return pause;
	left = f->start_until - clock_now_ms ();
	return left <= 0 ? 0 : left < pause ? (int) left : pause;
}

/* Is the run there?  LHK_OK, LHK_ENOTFOUND with a sentence. */
static int
check_start (struct follow *f, struct lhk_error *err)
{
	char id[LHK_RECORD_ID_MAX + 1];
	int r = lhk_store_find (f->call.store, f->call.run, id, err);

	f->start_until = 0;
	if (r < 0)
		records_suggest (f->call.store, f->call.run, err);
	return r;
}

/* Wait until there may be more events.  LHK_OK; LHK_END: stdout has lost its
 * reader; LHK_ENOTFOUND: the run has not started in time. */
static int
wait_for_more (struct follow *f, struct lhk_error *err)
{
	struct pollfd p[2] = {
		{ .fd = lhk_cursor_fd (f->cursor), .events = POLLIN },
		{ .fd = STDOUT_FILENO, .events = 0 },
	};
	int pause = pause_of (f), status;

	if (follow_output_flush (&f->out) != LHK_OK)
		return LHK_END;
	if (pause == 0)
		return check_start (f, err);
	status = follow_output_wait (&f->out, f->start_until != 0);
	poll (p, 2, status >= 0 && status < pause ? status : pause);
	return (p[1].revents & (POLLERR | POLLHUP)) == 0 ? LHK_OK : LHK_END;
}

/* LHK_END after the last event, or when nobody reads them; else what the cursor
 * returned. */
static int
read_events (struct follow *f, int *ret_lost, struct lhk_error *err)
{
	struct lhk_str line;
	int r;

	do {
		r = lhk_cursor_next (f->cursor, &line, err);
		if (r != LHK_OK && r != LHK_AGAIN)
			return r;
		if (r == LHK_OK)
			f->start_until = 0;
		r = r == LHK_OK ? follow_output_line (&f->out, &line, err)
				: wait_for_more (f, err);
	} while (r == LHK_OK);
	*ret_lost = r == LHK_END;
	return r;
}

/* ---- the end ---- */

/* The record at its end, for the format that is the result alone.  LHK_OK, or
 * LHK_* with a sentence. */
static int
put_result (struct follow *f, struct lhk_error *err)
{
	struct record_info info;
	int r = record_info_read (&info, f->call.store, f->call.run, 0, err);

	if (r == LHK_OK)
		follow_output_result (&f->out, info.result);
	record_info_free (&info);
	return r;
}

/* "failed: .." of a run that has ended, or "lost: .."; nothing of one that ended
 * well. */
static void
put_outcome (struct outbuf *to, const struct follow *f,
	     const struct record_info *info)
{
	char name[RECORD_INFO_NAME_SIZE];

	if (info->status == LHK_RECORD_LOST)
		outcome_line_put (to, info);
	else if (info->status == LHK_RECORD_ENDED && info->result->verdict != 0
		 && info->result->verdict != LHK_VERDICT_OK)
		format_verdict (to, info->result,
				record_info_name (&info->plugin, name),
				f->call.run);
	outbuf_flush (to);
}

/* Say why the run did not end well, as `run' does.  IN_VIEW 1: the view has said
 * it of one that has ended. */
static void
explain (struct follow *f, int in_view)
{
	struct record_info info;
	struct outbuf line;
	struct strbuf text;

	strbuf_init (&text, &mem_system);
	outbuf_init (&line, strbuf_write, &text);
	if (record_info_read (&info, f->call.store, f->call.run, 0, NULL) == 0)
		put_outcome (&line, f, &info);
	if (text.len > 0 && info.status == LHK_RECORD_LOST)
		async_stdio_say (&f->out.stdio, "run '%s' is %s", f->call.run,
				 strbuf_str (&text));
	else if (text.len > 0 && !f->o->quiet && !in_view)
		async_stdio_print (&f->out.stdio, "linehook: %s\n",
				   strbuf_str (&text));
	record_info_free (&info);
	strbuf_free (&text);
}

/* The events are not all there: where they end, or which are missing. */
static void
tell_damage (struct follow *f, int final)
{
	const struct follow_output *out = &f->out;
	const char *dir = f->o->store.run_dir;
	char what[128];

	if (!out->has_event && !final)
		snprintf (what, sizeof what,
			  "it has no event %" PRIu64 " and no final result",
			  out->next_seq);
	else if (!final)
		snprintf (what, sizeof what,
			  "it ends after event %" PRIu64
			  ", without the final result",
			  out->next_seq - 1);
	else
		snprintf (what, sizeof what,
			  "%" PRIu64 " %s missing, from event %" PRIu64 " on",
			  out->n_missing,
			  out->n_missing == 1 ? "event is" : "events are",
			  out->first_missing);
	async_stdio_say (
		&f->out.stdio,
		"'%.100s/%s/events.ndjson' is not complete: %s; "
		"linehook replay %s%s%s%s reads the output of the "
		"agent again",
		f->call.dir, f->call.run, what, dir == NULL ? "" : "--run-dir ",
		dir == NULL ? "" : dir, dir == NULL ? "" : " ", f->call.run);
}

/* The events ended with R.  An exit status. */
static int
tell_end (struct follow *f, int r, const struct lhk_error *err)
{
	const int final = lhk_cursor_is_final (f->cursor);
	int is_whole = f->out.n_missing == 0 && (final || r == LHK_ESTATE);

	if (r < 0 && r != LHK_ESTATE)
		return records_fail (&f->call, err);
	/* The result stands in another file. */
	if (f->out.out.format == FORMAT_RESULT)
		is_whole = 1;
	if (!is_whole)
		tell_damage (f, final || r == LHK_ESTATE);
	explain (f, final && f->out.out.format == FORMAT_VIEW);
	return is_whole && r == LHK_END ? 0 : STATUS_HOST;
}

static int
follow_run (struct follow *f)
{
	struct lhk_error err = { 0, 0, "" };
	int lost = 0;
	int r = lhk_cursor_open (f->call.store, f->call.run, f->o->from,
				 f->start_until != 0, &f->cursor, &err);

	if (r >= 0)
		r = read_events (f, &lost, &err);
	if (r == LHK_END && !lost && f->out.out.format == FORMAT_RESULT)
		r = put_result (f, &err) < 0 ? err.code : LHK_END;
	follow_output_end (&f->out);
	return lost ? 0 : tell_end (f, r, &err);
}

/* ---- the subcommand ---- */

/* Find the run of the operand.  -1: go on. */
static int
find_run (struct follow *f)
{
	const uint32_t start_ms = records_start_ms (&f->o->store);

	if (start_ms != 0 && run_id_is_valid (f->call.run))
		f->start_until = clock_now_ms () + (int64_t) start_ms;
	return records_find_starting (&f->call, &f->o->store);
}

/* The format, and what it needs.  -1: go on. */
static int
open_output (struct follow *f)
{
	const struct follow_output_opts opts = {
		.who = f->call.self->name,
		.format = f->o->store.json ? FORMAT_EVENTS : f->o->format,
		.from = f->o->from,
		.store = f->call.store,
		.run = f->call.run,
	};
	struct lhk_error err = { 0, 0, "" };

	if (f->o->store.json && f->o->format != FORMAT_AUTO) {
		cli_say (f->call.self->name, "--json and --format exclude each "
					     "other; give one of them");
		return STATUS_USAGE;
	}
	if (follow_output_open (&f->out, &opts, &err) == LHK_OK)
		return -1;
	cli_say (f->call.self->name, "%s", err.text);
	return STATUS_HOST;
}

static int
run_follow (const struct cli_command *self, int argc, char **argv)
{
	static struct follow f;
	struct follow_options o = {
		.store.start_ms = RECORDS_START_UNSET,
		.format = FORMAT_AUTO,
	};
	int status = records_begin (&f.call, self, argc, argv, &o);

	f.o = &o;
	if (status < 0)
		status = find_run (&f);
	if (status < 0)
		status = open_output (&f);
	if (status < 0)
		status = follow_run (&f);
	lhk_cursor_free (f.cursor);
	follow_output_close (&f.out);
	records_end (&f.call);
	return status;
}

const struct cli_command cmd_follow = {
	"follow",
	"RUN [--from SEQ]",
	"Show a run from its beginning until it ends.",
	run_follow,
	follow_groups,
	NULL,
	OPT_MIXED | OPT_ONE_OPERAND,
	"linehook follow nightly",
	OPT_RUNS,
};
