/* SPDX-License-Identifier: MIT */
/* scene_plays.c - the scenes: a run from its start to its end. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/mock_plugin.h"
#include "lib/faults.h"
#include "lib/scene.h"
#include "common/mem.h"
#include "io/async_writer.h"

#define WAIT_MS 20000
#define INPUT 100000u
#define OUTPUT (2u << 20)

/* ---- what is heard ---- */

void
scene_hear (struct seen *s, const char *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		s->text_sum = s->text_sum * 31 + (unsigned char) data[i];
	s->text_len += len;
}

static void
hear (void *user, const struct lhk_meta *meta, const struct lhk_event *event)
{
	const struct lhk_ev_text *text = (const void *) event;
	const struct lhk_ev_result *result = (const void *) event;
	struct stage_set *w = user;

	(void) meta;
	w->seen.after_final += w->seen.n_final;
	if (event->kind == LHK_EV_TEXT)
		scene_hear (&w->seen, text->text.ptr, text->text.len);
	else if (event->kind == LHK_EV_NOTICE)
		w->seen.n_notices++;
	else if (event->kind == LHK_EV_RESULT && result->final != NULL)
		w->seen.n_final++;
}

static void
hear_and_cancel (void *user, const struct lhk_meta *meta,
		 const struct lhk_event *event)
{
	struct stage_set *w = user;

	hear (user, meta, event);
	if (event->kind == LHK_EV_TEXT)
		lhk_run_cancel (w->run, 0);
}

static void
hear_line (struct seen *s, const struct lhk_str *line)
{
	const char *text = memmem (line->ptr, line->len, "\"text\":", 7);

	s->after_final += s->n_final;
	if (memmem (line->ptr, line->len, "\"final\":true", 12) != NULL)
		s->n_final++;
	else if (memmem (line->ptr, line->len, "\"kind\":\"notice\"", 15)
		 != NULL)
		s->n_notices++;
	else if (text != NULL)
		scene_hear (s, text, (size_t) (line->ptr + line->len - text));
}

/* ---- parts of a run ---- */

static int
fails (struct stage_set *w, int code, const char *where)
{
	if (code < 0) {
		w->seen.code = code;
		w->seen.where = where;
	}
	return code;
}

static void
note_result (struct stage_set *w)
{
	const struct lhk_result *r = lhk_run_result (w->run);

	if (r == NULL)
		return;
	w->seen.has_result = 1;
	w->seen.verdict = r->verdict;
	w->seen.end_reason = r->outcome.end_reason;
	w->seen.flags = r->outcome.flags;
	w->seen.sys_errno = r->outcome.sys_errno;
	snprintf (w->seen.step, sizeof w->seen.step, "%s",
		  r->outcome.step == NULL ? "" : r->outcome.step);
}

static int
start (struct stage_set *w, struct lhk_run_opts *o, lhk_event_fn *fn,
       const char *const *argv)
{
	struct lhk_stream_opts stream = LHK_STREAM_OPTS_INIT;

	stream.on_event = fn;
	stream.user = w;
	o->stream = &stream;
	o->argv = argv;
	o->plugin = w->plugin;
	o->tmp_dir = w->place.dir;
	return fails (w, lhk_run_start (w->host, o, &w->run, &w->seen.err),
		      "lhk_run_start");
}

static int
finish (struct stage_set *w)
{
	int r = fails (w, lhk_run_wait (w->run, WAIT_MS), "lhk_run_wait");

	if (r == LHK_OK)
		note_result (w);
	lhk_run_free (w->run);
	w->run = NULL;
	return r;
}

static int
whole (struct stage_set *w, struct lhk_run_opts *o, lhk_event_fn *fn,
       const char *const *argv)
{
	int r = start (w, o, fn, argv);

	return r < 0 ? r : finish (w);
}

#define AGENT(...)                                                             \
	((const char *const[]){ getenv ("AGENT"), __VA_ARGS__, NULL })

/* ---- the scenes ---- */

static int
play_pipe (struct stage_set *w)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;

	return whole (w, &o, hear, AGENT ("out", "x", "err", "y", "exit", "0"));
}

static int
play_large (struct stage_set *w)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;

	return whole (w, &o, hear, AGENT ("flood", "2"));
}

static int
play_file (struct stage_set *w)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	int r = fails (
		w, lhk_host_plugin (w->host, "filed", &w->plugin, &w->seen.err),
		"lhk_host_plugin");

	return r < 0 ? r : whole (w, &o, hear, AGENT ("flood", "2"));
}

static int
play_stdin (struct stage_set *w)
{
	static char input[INPUT];
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;

	memset (input, 'i', sizeof input);
	o.stdin_mode = LHK_STDIN_BYTES;
	o.input = (struct lhk_str){ input, sizeof input };
	return whole (w, &o, hear, AGENT ("cat"));
}

static int
play_cancel (struct stage_set *w)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;

	o.grace_ms = 200;
	return whole (w, &o, hear_and_cancel, AGENT ("out", "x", "pause"));
}

static int
play_timeout (struct stage_set *w)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;

	o.total_ms = 10;
	o.grace_ms = 1;
	return whole (w, &o, hear,
		      AGENT ("daemon", "(", "ignoreall", "pause", ")",
			     "ignoreall", "pause"));
}

static int
play_no_program (struct stage_set *w)
{
	static const char *const argv[] = { "no-such-program", NULL };
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;

	return whole (w, &o, hear, argv);
}

/* Twice 1 MiB: more than may wait in memory. */
static int
play_pull (struct stage_set *w)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	struct lhk_str line;
	int tries = 0;
	int r = start (w, &o, NULL, AGENT ("out", "x", "flood", "1"));

	if (r == LHK_OK)
		r = fails (w, lhk_run_wait (w->run, WAIT_MS), "lhk_run_wait");
	if (r < 0)
		return r;
	note_result (w);
	while ((r = lhk_run_next_json (w->run, &line)) == LHK_OK
	       || (r == LHK_ENOMEM && tries++ < 100))
		if (r == LHK_OK)
			hear_line (&w->seen, &line);
	if (r != LHK_END)
		fails (w, r, "lhk_run_next_json");
	lhk_run_free (w->run);
	w->run = NULL;
	return r == LHK_END ? LHK_OK : r;
}

/* Freed while its agent is at work. */
static int
play_free (struct stage_set *w)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	int r = start (w, &o, hear,
		       AGENT ("out", "x", "daemon", "(", "ignoreall", "pause",
			      ")", "pause"));

	while (r >= 0 && w->seen.text_len == 0 && w->seen.n_final == 0)
		r = fails (w, lhk_host_dispatch (w->host, WAIT_MS),
			   "lhk_host_dispatch");
	note_result (w);
	lhk_run_free (w->run);
	w->run = NULL;
	return r < 0 ? r : LHK_OK;
}

/* A reader that takes its time, and an output that waits for nobody. */
static int
play_spill (struct stage_set *w)
{
	static char out[65536], in[65536];
	const struct lhk_alloc *alloc = &w->memory.alloc;
	struct async_writer *spill = NULL;
	struct loop *loop = NULL;
	size_t left = OUTPUT;
	int fds[2], error;
	ssize_t n = 1;

	memset (out, 'o', sizeof out);
	faults_pause ();
	if (pipe2 (fds, O_CLOEXEC) < 0 || fcntl (fds[0], F_SETFL, O_NONBLOCK))
		abort ();
	faults_resume ();
	if (fails (w, loop_new (alloc, &loop, &w->seen.err), "loop_new")
		    == LHK_OK
	    && fails (w,
		      async_writer_new (alloc, loop, fds[1], w->place.dir,
					&spill, &w->seen.err),
		      "async_writer_new")
		       == LHK_OK) {
		for (; left > 0; left -= sizeof out)
			async_writer_write (spill, out, sizeof out);
		while (n > 0 || async_writer_waiting (spill) > 0) {
			faults_pause ();
			n = read (fds[0], in, sizeof in);
			faults_resume ();
			if (n > 0)
				scene_hear (&w->seen, in, (size_t) n);
			if (loop_turn (loop, 0) < 0
			    || (n < 0 && async_writer_error (spill) != 0))
				break;
			/* What no loop waits for goes on with a write. */
			async_writer_write (spill, out, 0);
		}
		faults_pause ();
		while ((n = read (fds[0], in, sizeof in)) > 0)
			scene_hear (&w->seen, in, (size_t) n);
		faults_resume ();
		error = async_writer_error (spill);
		w->seen.n_notices =
			async_writer_lost (spill) != 0 || error != 0;
		w->seen.sys_errno = error;
		async_writer_free (spill);
	}
	loop_free (loop);
	faults_pause ();
	close (fds[0]);
	close (fds[1]);
	faults_resume ();
	return w->seen.code;
}

static void
count_plugin (void *user, const struct lhk_plugin_entry *entry)
{
	struct seen *s = user;

	if (entry->ref != NULL)
		scene_hear (s, entry->name, strlen (entry->name));
	else
		s->n_notices++;
}

/* One that is there must not be taken for none. */
static int
ask_for_command (struct stage_set *w)
{
	static const char *const argv[] = { "claude", NULL };
	const struct lhk_plugin_ref *ref = NULL;
	int r = lhk_host_plugin_for_command (w->host, argv, &ref);
	const char *name = r == LHK_OK ? lhk_plugin_ref_name (ref) : "none";

	scene_hear (&w->seen, name, strlen (name));
	return r == LHK_ENOTFOUND ? LHK_OK
				  : fails (w, r, "lhk_host_plugin_for_command");
}

static int
play_plugins (struct stage_set *w)
{
	const struct lhk_plugin_ref *ref;
	int r = lhk_host_add_plugin_dir (w->host, getenv ("PLUGIN_DIR"));

	fails (w, r, "lhk_host_add_plugin_dir");
	if (r == LHK_OK)
		r = fails (w,
			   lhk_host_plugin (w->host, "raw", &ref, &w->seen.err),
			   "lhk_host_plugin");
	if (r == LHK_OK)
		r = fails (
			w,
			lhk_host_list_plugins (w->host, count_plugin, &w->seen),
			"lhk_host_list_plugins");
	if (r >= 0)
		r = ask_for_command (w);
	return r < 0 ? r : LHK_OK;
}

static int
play_keep (struct stage_set *w)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	char dir[sizeof w->place.dir + 8];
	int r;

	snprintf (dir, sizeof dir, "%s/runs", w->place.dir);
	o.record_dir = dir;
	o.run_id = "kept";
	r = whole (w, &o, hear, AGENT ("lines", "20", "err", "y", "exit", "0"));
	faults_pause ();
	/* Header, 20 lines, the result. */
	if (access (dir, F_OK) == 0)
		w->seen.fault = scene_judge_record (w, dir, 22);
	tempdir_remove (&w->place, "runs");
	faults_resume ();
	return r;
}

const struct scene scenes[] = {
	{ "pipe", play_pipe, 0 },
	{ "large", play_large, 0 },
	{ "file", play_file, 0 },
	{ "stdin", play_stdin, 0 },
	{ "cancel", play_cancel, 0 },
	{ "timeout", play_timeout, 0 },
	{ "no-program", play_no_program, 0 },
	{ "pull", play_pull, 0 },
	{ "free", play_free, 0 },
	{ "spill", play_spill, 0 },
	{ "plugins", play_plugins, 0 },
	{ "keep", play_keep, 1 },
	{ "kept", scene_play_kept, 1 },
	{ "awaited", scene_play_awaited, 1 },
	{ "tool", scene_play_tool, 0 },
	{ "tool-file", scene_play_tool_file, 0 },
	{ "tool-timeout", scene_play_tool_timeout, 0 },
	{ NULL, NULL, 0 },
};
