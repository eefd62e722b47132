/* SPDX-License-Identifier: MIT */
/* cmd_replay.c - `linehook replay': the raw stream of a recorded run, read
 * anew. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/crash.h"
#include "cli/session.h"
#include "cli/records/records.h"
#include "cli/records/replay.h"
#include "format/event_json.h"
#include "json/member.h"
#include "common/clock.h"
#include "common/mem.h"
#include "common/strbuf.h"

/* The raw stream in the directory of a record: linehook-store(7). */
#define RAW_FILE "stdout.raw"

/* Seconds in which a result is made after a crash. */
#define LAST_SECONDS 30u

#define PIECE ((size_t) 256 << 10)
#define STATUS_DIFFERENT 1

struct replay_options {
	struct options common;
	const char *run_dir;
	int32_t diff;
};

struct replay {
	const struct cli_command *self;
	const struct replay_options *o;
	const char *id; /* as typed, then as found */
	char found[LHK_RECORD_ID_MAX + 1];
	char *dir; /* of the store */
	struct lhk_store *store;
	struct replay_run run;
	struct session *session;
	struct lhk_stream *stream;
	/* With --diff. */
	struct lhk_cursor *cursor;
	struct replay_diff diff;
	struct outbuf *line; /* to the text of the event */
	struct strbuf text;
};

/* clang-format off: a table */
static const struct opt replay_opts[] = {
	{ .name = "diff",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct replay_options, diff),
	  .help = "print the differences from the recorded events instead" },
	{ .name = "run-dir",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct replay_options, run_dir),
	  .word = "DIR",
	  .check = opt_check_path,
	  .help = "the directory of the records",
	  .initial = "in the user's state directory" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group replay_groups[] = {
	{ "Output:", options_stream },
	{ "Records:", replay_opts },
	{ "Plugins:", options_plugins },
	{ "Diagnostics:", options_log },
	{ NULL, NULL },
};

/* The sentence and the exit status of an error of the library. */
static int
fail (const struct replay *r, const struct lhk_error *err)
{
	cli_say (r->self->name, "%s", err->text);
	return err->code == LHK_ENOTFOUND ? 1
	       : err->code == LHK_EINVAL  ? STATUS_USAGE
					  : STATUS_HOST;
}

/* ---- events beside stored ones ---- */

static void
compare (void *user, const struct lhk_meta *meta, const struct lhk_event *event)
{
	struct replay *r = user;

	strbuf_clear (&r->text);
	format_json_event (r->line, meta, event, FORMAT_JSON_SOURCE);
	outbuf_flush (r->line);
	if (strbuf_failed (&r->text) < 0)
		r->diff.failed = 1;
	if (!r->diff.failed)
		replay_diff_event (&r->diff, r->text.data, r->text.len);
}

static int
begin_diff (struct replay *r)
{
	struct lhk_error err = { 0, 0, "" };

	r->line = mem_new (&mem_system, sizeof *r->line);
	if (r->line == NULL) {
		cli_say (r->self->name, "out of memory");
		return STATUS_HOST;
	}
	outbuf_init (r->line, strbuf_write, &r->text);
	if (lhk_cursor_open (r->store, r->id, 0, 0, &r->cursor, &err) < 0)
		return fail (r, &err);
	replay_diff_begin (&r->diff, r->cursor);
	return -1;
}

static int
end_diff (struct replay *r)
{
	replay_diff_end (&r->diff);
	if (r->diff.failed) {
		cli_say (r->self->name,
			 "the recorded events of '%s' cannot be read to their "
			 "end",
			 r->id);
		return STATUS_HOST;
	}
	cli_say (r->self->name, "%llu events are the same, %llu differ",
		 (unsigned long long) r->diff.n_same,
		 (unsigned long long) r->diff.n_different);
	return r->diff.n_different == 0 ? 0 : STATUS_DIFFERENT;
}

/* ---- reading ---- */

/* In the run, was the header delivered before the plugin was known?  It was, if
 * it names the one that reads until then. */
static int
header_was_raw (struct replay *r)
{
	struct lhk_error err = { 0, 0, "" };
	struct lhk_cursor *cursor = NULL;
	json_object *header = NULL;
	struct lhk_str line;
	int was = 1;

	if (lhk_cursor_open (r->store, r->id, 0, 0, &cursor, &err) == LHK_OK
	    && lhk_cursor_next (cursor, &line, &err) == LHK_OK)
		header = replay_parse_event (line.ptr, line.len);
	if (header != NULL)
		was = strcmp (json_member_word (header, "plugin"),
			      r->run.plugin)
		      == 0;
	json_object_put (header);
	lhk_cursor_free (cursor);
	return was;
}

/* The plugin that was asked for, else the one that the record names.  A path in
 * a record would run code that its writer chose.  -1, or the exit status. */
static int
find_plugin (struct replay *r, const struct lhk_plugin_ref **ret)
{
	const char *name = session_plugin_name (r->session);

	if (name != NULL)
		return session_plugin (r->session, name, ret);
	if (r->run.plugin[0] != '\0' && strchr (r->run.plugin, '/') == NULL)
		return session_plugin (r->session, r->run.plugin, ret);
	cli_say (r->self->name,
		 "the record of '%s' names the plugin '%.120s', but linehook "
		 "never loads a file that a record names; give -p PLUGIN",
		 r->id, r->run.plugin);
	return STATUS_USAGE;
}

static int
start_stream (struct replay *r)
{
	const struct lhk_plugin_ref *plugin;
	struct lhk_error err = { 0, 0, "" };
	struct lhk_stream_opts opts;
	int status = find_plugin (r, &plugin);

	if (status >= 0)
		return status;
	session_stream_opts (r->session, plugin, &opts);
	output_set_run (&r->session->out, r->id);
	if (r->o->common.line_max.n == 0) {
		opts.line_max = r->run.line_max;
		opts.on_plugin = NULL;
	}
	opts.oversize = r->run.oversize;
	opts.options = r->run.options;
	opts.n_options = r->run.n_words;
	opts.header = &r->run.header;
	if (r->o->diff) {
		status = begin_diff (r);
		if (status >= 0)
			return status;
		opts.on_event = compare;
		opts.on_raw = NULL;
		opts.on_plugin = NULL;
		opts.user = r;
	}
	if (session_plugin_name (r->session) == NULL && r->run.detect)
		opts.flags |= LHK_STREAM_DETECT;
	if (lhk_stream_new (r->session->host, plugin, &opts, &r->stream, &err)
	    < 0)
		return fail (r, &err);
	if ((opts.flags & LHK_STREAM_DETECT) != 0 && header_was_raw (r))
		(void) lhk_stream_release (r->stream);
	return -1;
}

static int
open_raw (const struct replay *r)
{
	char *path = NULL;
	struct stat st;
	int fd;

	if (asprintf (&path, "%s/%s/" RAW_FILE, r->dir, r->id) < 0)
		return -1;
	fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	free (path);
	if (fd >= 0 && (fstat (fd, &st) < 0 || !S_ISREG (st.st_mode))) {
		close (fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

/* The bytes that are read: to the first hole, which is no work of ours and can
 * have any size. */
static off_t
end_of_raw (const struct replay *r, int fd)
{
	off_t size = lseek (fd, 0, SEEK_END);
	off_t hole = lseek (fd, 0, SEEK_HOLE);

	if (hole < 0 || hole >= size)
		return size;
	cli_say (r->self->name,
		 "'%.100s/%s/" RAW_FILE "' has a hole after byte %lld, which "
		 "linehook did not make; only the bytes "
		 "before it are read",
		 r->dir, r->id, (long long) hole);
	return hole;
}

/* What was read is less than what the agent wrote: the verdict may be another
 * one. */
static void
tell_missing (const struct replay *r, off_t end)
{
	uint64_t n = r->run.has_outcome ? r->run.info.result->stats.bytes : 0;

	if ((uint64_t) end < n)
		cli_say (r->self->name,
			 "the record of '%s' is not complete: its " RAW_FILE
			 " has %lld of %llu bytes, so the verdict may differ "
			 "from that of the run (linehook show %s)",
			 r->id, (long long) end, (unsigned long long) n, r->id);
}

/* 0, or the errno of a read that failed. */
static int
read_raw (struct replay *r, int fd, char *data)
{
	off_t end = end_of_raw (r, fd);
	off_t at = 0;
	ssize_t n;

	tell_missing (r, end);
	while (at < end) {
		size_t want =
			end - at < (off_t) PIECE ? (size_t) (end - at) : PIECE;

		n = pread (fd, data, want, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? errno : 0;
		at += n;
		if (!r->o->diff)
			output_bytes (&r->session->out, data, (size_t) n);
		(void) lhk_stream_write (r->stream, data, (size_t) n);
		output_flush (&r->session->out);
	}
	return 0;
}

/* The result as that of the run: it ended when the record says so. */
static int
tell_result (struct replay *r, const struct lhk_result *result)
{
	const struct lhk_num *ended = &r->run.info.ended_ms;
	struct lhk_result told = *result;

	told.ended_ms = ended->has == 1 && ended->value > 0
					&& ended->value <= CLOCK_UNIX_MS_MAX
				? ended->value
				: 0;
	return session_status (r->session, &told);
}

/* HOW the run ended, or what ended the replay; NULL: the record does not say. */
static int
finish (struct replay *r, const struct lhk_outcome *how)
{
	const struct lhk_result *result;

	if (lhk_stream_finish (r->stream, how, &result) != LHK_OK) {
		cli_say (r->self->name, "the stream has no result");
		return STATUS_HOST;
	}
	output_flush (&r->session->out);
	return r->o->diff ? end_diff (r) : tell_result (r, result);
}

/* The plugin has crashed.  Events are compared in memory of malloc, which is no
 * longer there. */
static int
end_crashed (void *user, int crashed, const char *text)
{
	static const struct lhk_outcome broken = {
		.size = sizeof broken,
		.end_reason = LHK_END_HOST_ERROR,
		.step = "plugin",
	};
	struct replay *r = user;

	(void) crashed;
	if (!r->o->diff && r->stream != NULL
	    && lhk_stream_abandon (r->stream, text) == LHK_OK) {
		crash_is_survived ();
		return finish (r, &broken);
	}
	cli_say (r->self->name, "%s", text);
	return STATUS_HOST;
}

static int
replay (struct replay *r)
{
	char *data = mem_new (&mem_system, PIECE);
	int fd = open_raw (r);
	int error = fd < 0 ? errno : 0;
	int status;

	if (error == 0 && data == NULL)
		error = ENOMEM;
	status = error == 0 ? start_stream (r) : -1;
	if (status < 0 && error == 0)
		error = read_raw (r, fd, data);
	if (fd >= 0)
		close (fd);
	mem_free (&mem_system, data, PIECE);
	if (error != 0) {
		cli_say (r->self->name,
			 "cannot read '%.100s/%s/" RAW_FILE "': %s", r->dir,
			 r->id, strerror (error));
		return STATUS_HOST;
	}
	if (status >= 0)
		return status;
	return finish (r, r->run.has_outcome ? &r->run.outcome : NULL);
}

static int
replay_guarded (struct replay *r)
{
	const struct crash_owner owner = {
		.host = r->session->host,
		.who = r->self->name,
		.seconds = LAST_SECONDS,
		.end = end_crashed,
		.user = r,
	};
	int status;

	crash_catch (&owner);
	status = replay (r);
	lhk_stream_free (r->stream);
	r->stream = NULL;
	crash_release ();
	return status;
}

static int
open_run (struct replay *r)
{
	struct lhk_error err = { 0, 0, "" };
	int code = records_store_path (r->o->run_dir, &r->dir, &err);

	if (code == LHK_OK)
		code = lhk_store_open (r->dir, NULL, &r->store, &err);
	if (code == LHK_OK)
		code = lhk_store_find (r->store, r->id, r->found, &err);
	if (code == LHK_ENOTFOUND)
		records_suggest (r->store, r->id, &err);
	if (code == LHK_OK)
		r->id = r->found;
	if (code == LHK_OK)
		code = replay_run_read (&r->run, r->store, r->id, &err);
	return code < 0 ? fail (r, &err) : -1;
}

static void
end (struct replay *r)
{
	lhk_cursor_free (r->cursor);
	json_object_put (r->diff.ahead);
	session_free (r->session);
	replay_run_free (&r->run);
	lhk_store_free (r->store);
	mem_free (&mem_system, r->line, sizeof *r->line);
	strbuf_free (&r->text);
	free (r->dir);
}

static int
run_replay (const struct cli_command *self, int argc, char **argv)
{
	struct replay_options o = { .common = OPTIONS_INIT };
	struct opt_operands operands = { NULL, 0 };
	struct replay r = { .self = self,
			    .o = &o,
			    .text = { .alloc = &mem_system } };
	int status = cli_parse (self, argc, argv, &o, &operands);

	if (status < 0)
		status = records_run_operand (self, &operands, &r.id);
	/* Stored events name their source lines, so these do too. */
	o.common.source = 1;
	if (status < 0)
		status = open_run (&r);
	if (status < 0)
		status = session_new (self->name, &o.common, &r.session);
	if (status < 0)
		status = replay_guarded (&r);
	end (&r);
	opt_operands_free (&operands);
	options_free (&o.common);
	return status;
}

const struct cli_command cmd_replay = {
	"replay",
	"RUN [-p PLUGIN] [--diff]",
	"Parse the recorded output of a run again.",
	run_replay,
	replay_groups,
	NULL,
	OPT_MIXED | OPT_ONE_OPERAND,
	"linehook replay nightly --format text",
	OPT_RUNS,
};
