/* SPDX-License-Identifier: MIT */
/* scenario_run.c - scenarios of runs, and the table of all scenarios. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/mock_plugin.h"
#include "lib/faults.h"
#include "lib/scenario.h"
#include "common/mem.h"
#include "io/async_writer.h"

#define WAIT_MS 20000
#define INPUT 100000u
#define OUTPUT (2u << 20)

/* ---- events ---- */

/* The sum behind eight more bytes.  Its terms do not wait for each other, as
 * they would a byte at a time: it is taken of gigabytes. */
static uint32_t
add_eight (uint32_t sum, const unsigned char *p)
{
	/* Of 31, the 7th to the 0th. */
	static const uint32_t powers[] = { 1742810335u, 887503681u, 28629151u,
					   923521u,	29791u,	    961u,
					   31u,		1u };
	int i;

	sum *= powers[0] * 31;
	for (i = 0; i < 8; i++)
		sum += p[i] * powers[i];
	return sum;
}

void
scenario_observe (struct observed *s, const char *data, size_t len)
{
	const unsigned char *p = (const unsigned char *) data;

	s->text_len += len;
	for (; len >= 8; len -= 8, p += 8)
		s->text_sum = add_eight (s->text_sum, p);
	for (; len > 0; len--)
		s->text_sum = s->text_sum * 31 + *p++;
}

static void
on_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	const struct lhk_ev_text *text = (const void *) event;
	const struct lhk_ev_result *result = (const void *) event;
	struct scenario_env *env = user;

	(void) meta;
	env->observed.after_final += env->observed.n_final;
	if (event->kind == LHK_EV_TEXT)
		scenario_observe (&env->observed, text->text.ptr,
				  text->text.len);
	else if (event->kind == LHK_EV_NOTICE)
		env->observed.n_notices++;
	else if (event->kind == LHK_EV_RESULT && result->final != NULL)
		env->observed.n_final++;
}

static void
cancel_on_text (void *user, const struct lhk_meta *meta,
		const struct lhk_event *event)
{
	struct scenario_env *env = user;

	on_event (user, meta, event);
	if (event->kind == LHK_EV_TEXT)
		lhk_run_cancel (env->run, 0);
}

static void
observe_line (struct observed *s, const struct lhk_str *line)
{
	const char *text = memmem (line->ptr, line->len, "\"text\":", 7);

	s->after_final += s->n_final;
	if (memmem (line->ptr, line->len, "\"final\":true", 12) != NULL)
		s->n_final++;
	else if (memmem (line->ptr, line->len, "\"kind\":\"notice\"", 15)
		 != NULL)
		s->n_notices++;
	else if (text != NULL)
		scenario_observe (s, text,
				  (size_t) (line->ptr + line->len - text));
}

/* ---- parts of a run ---- */

static int
fails (struct scenario_env *env, int code, const char *where)
{
	if (code < 0) {
		env->observed.code = code;
		env->observed.where = where;
	}
	return code;
}

static void
note_result (struct scenario_env *env)
{
	const struct lhk_result *r = lhk_run_result (env->run);

	if (r == NULL)
		return;
	env->observed.has_result = 1;
	env->observed.verdict = r->verdict;
	env->observed.end_reason = r->outcome.end_reason;
	env->observed.flags = r->outcome.flags;
	env->observed.sys_errno = r->outcome.sys_errno;
	snprintf (env->observed.step, sizeof env->observed.step, "%s",
		  r->outcome.step == NULL ? "" : r->outcome.step);
}

static int
start (struct scenario_env *env, struct lhk_run_opts *o, lhk_event_fn *fn,
       const char *const *argv)
{
	struct lhk_stream_opts stream = LHK_STREAM_OPTS_INIT;

	stream.on_event = fn;
	stream.user = env;
	o->stream = &stream;
	o->argv = argv;
	o->plugin = env->plugin;
	o->tmp_dir = env->tmp.dir;
	return fails (
		env,
		lhk_run_start (env->host, o, &env->run, &env->observed.err),
		"lhk_run_start");
}

static int
finish (struct scenario_env *env)
{
	int r = fails (env, lhk_run_wait (env->run, WAIT_MS), "lhk_run_wait");

	if (r == LHK_OK)
		note_result (env);
	lhk_run_free (env->run);
	env->run = NULL;
	return r;
}

static int
start_and_finish (struct scenario_env *env, struct lhk_run_opts *o,
		  lhk_event_fn *fn, const char *const *argv)
{
	int r = start (env, o, fn, argv);

	return r < 0 ? r : finish (env);
}

#define AGENT(...)                                                             \
	((const char *const[]){ getenv ("AGENT"), __VA_ARGS__, NULL })

/* ---- the scenarios ---- */

static int
run_pipe (struct scenario_env *env)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;

	return start_and_finish (env, &o, on_event,
				 AGENT ("out", "x", "err", "y", "exit", "0"));
}

static int
run_large (struct scenario_env *env)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;

	return start_and_finish (env, &o, on_event, AGENT ("flood", "2"));
}

static int
run_file (struct scenario_env *env)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	int r = fails (env,
		       lhk_host_plugin (env->host, "filed", &env->plugin,
					&env->observed.err),
		       "lhk_host_plugin");

	return r < 0 ? r
		     : start_and_finish (env, &o, on_event,
					 AGENT ("flood", "2"));
}

static int
run_stdin (struct scenario_env *env)
{
	static char input[INPUT];
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;

	memset (input, 'i', sizeof input);
	o.stdin_mode = LHK_STDIN_BYTES;
	o.input = (struct lhk_str){ input, sizeof input };
	return start_and_finish (env, &o, on_event, AGENT ("cat"));
}

/* Make a pipe, whatever the run's descriptors are limited to and is to fail. */
static void
pipe_without_limit (int fds[2])
{
	struct rlimit limit, raised;

	faults_pause ();
	if (getrlimit (RLIMIT_NOFILE, &limit) < 0)
		abort ();
	raised = limit;
	raised.rlim_cur = limit.rlim_max;
	if (setrlimit (RLIMIT_NOFILE, &raised) < 0 || pipe (fds) < 0
	    || setrlimit (RLIMIT_NOFILE, &limit) < 0)
		abort ();
	faults_resume ();
}

/* What the pipe has is copied, and its end. */
static int
run_copy (struct scenario_env *env)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	int fds[2], r;

	pipe_without_limit (fds);
	dprintf (fds[1], "%*s", 3 * 4096, "x");
	close (fds[1]);
	o.stdin_mode = LHK_STDIN_COPY;
	o.stdin_fd = fds[0];
	r = start_and_finish (env, &o, on_event, AGENT ("cat"));
	close (fds[0]);
	return r;
}

static int
run_cancel (struct scenario_env *env)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;

	o.grace_ms = 200;
	return start_and_finish (env, &o, cancel_on_text,
				 AGENT ("out", "x", "pause"));
}

static int
run_timeout (struct scenario_env *env)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;

	o.total_ms = 10;
	o.grace_ms = 1;
	return start_and_finish (env, &o, on_event,
				 AGENT ("daemon", "(", "ignoreall", "pause",
					")", "ignoreall", "pause"));
}

static int
run_no_program (struct scenario_env *env)
{
	static const char *const argv[] = { "no-such-program", NULL };
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;

	return start_and_finish (env, &o, on_event, argv);
}

/* The events are twice 1 MiB, more than may wait in memory. */
static int
run_pull (struct scenario_env *env)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	struct lhk_str line;
	int tries = 0;
	int r = start (env, &o, NULL, AGENT ("out", "x", "flood", "1"));

	if (r == LHK_OK)
		r = fails (env, lhk_run_wait (env->run, WAIT_MS),
			   "lhk_run_wait");
	if (r < 0)
		return r;
	note_result (env);
	while ((r = lhk_run_next_json (env->run, &line)) == LHK_OK
	       || (r == LHK_ENOMEM && tries++ < 100))
		if (r == LHK_OK)
			observe_line (&env->observed, &line);
	if (r != LHK_END)
		fails (env, r, "lhk_run_next_json");
	lhk_run_free (env->run);
	env->run = NULL;
	return r == LHK_END ? LHK_OK : r;
}

/* The run is freed while its agent is running. */
static int
run_free (struct scenario_env *env)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	int r = start (env, &o, on_event,
		       AGENT ("out", "x", "daemon", "(", "ignoreall", "pause",
			      ")", "pause"));

	while (r >= 0 && env->observed.text_len == 0
	       && env->observed.n_final == 0)
		r = fails (env, lhk_host_dispatch (env->host, WAIT_MS),
			   "lhk_host_dispatch");
	note_result (env);
	lhk_run_free (env->run);
	env->run = NULL;
	return r < 0 ? r : LHK_OK;
}

/* Output to a slow reader, which goes through a temporary file. */
static int
run_async_writer (struct scenario_env *env)
{
	static char out[65536], in[65536];
	const struct lhk_alloc *alloc = &env->memory.alloc;
	struct async_writer *writer = NULL;
	struct loop *loop = NULL;
	size_t left = OUTPUT;
	int fds[2], error;
	ssize_t n = 1;

	memset (out, 'o', sizeof out);
	faults_pause ();
	if (pipe2 (fds, O_CLOEXEC) < 0 || fcntl (fds[0], F_SETFL, O_NONBLOCK))
		abort ();
	faults_resume ();
	if (fails (env, loop_new (alloc, &loop, &env->observed.err), "loop_new")
		    == LHK_OK
	    && fails (env,
		      async_writer_new (alloc, loop, fds[1], env->tmp.dir,
					&writer, &env->observed.err),
		      "async_writer_new")
		       == LHK_OK) {
		for (; left > 0; left -= sizeof out)
			async_writer_write (writer, out, sizeof out);
		while (n > 0 || async_writer_waiting (writer) > 0) {
			faults_pause ();
			n = read (fds[0], in, sizeof in);
			faults_resume ();
			if (n > 0)
				scenario_observe (&env->observed, in,
						  (size_t) n);
			if (loop_turn (loop, 0) < 0
			    || (n < 0 && async_writer_error (writer) != 0))
				break;
			/* Without epoll, only another write moves the
			 * output. */
			async_writer_write (writer, out, 0);
		}
		faults_pause ();
		while ((n = read (fds[0], in, sizeof in)) > 0)
			scenario_observe (&env->observed, in, (size_t) n);
		faults_resume ();
		error = async_writer_error (writer);
		env->observed.n_notices =
			async_writer_lost (writer) != 0 || error != 0;
		env->observed.sys_errno = error;
		async_writer_free (writer);
	}
	loop_free (loop);
	faults_pause ();
	close (fds[0]);
	close (fds[1]);
	faults_resume ();
	return env->observed.code;
}

static void
count_plugin (void *user, const struct lhk_plugin_entry *entry)
{
	struct observed *s = user;

	if (entry->ref != NULL)
		scenario_observe (s, entry->name, strlen (entry->name));
	else
		s->n_notices++;
}

/* A plugin that exists must not be reported as missing. */
static int
ask_for_command (struct scenario_env *env)
{
	static const char *const argv[] = { "claude", NULL };
	const struct lhk_plugin_ref *ref = NULL;
	int r = lhk_host_plugin_for_command (env->host, argv, &ref);
	const char *name = r == LHK_OK ? lhk_plugin_ref_name (ref) : "none";

	scenario_observe (&env->observed, name, strlen (name));
	return r == LHK_ENOTFOUND
		       ? LHK_OK
		       : fails (env, r, "lhk_host_plugin_for_command");
}

static int
run_plugins (struct scenario_env *env)
{
	const struct lhk_plugin_ref *ref;
	int r = lhk_host_add_plugin_dir (env->host, getenv ("PLUGIN_DIR"));

	fails (env, r, "lhk_host_add_plugin_dir");
	if (r == LHK_OK)
		r = fails (env,
			   lhk_host_plugin (env->host, "raw", &ref,
					    &env->observed.err),
			   "lhk_host_plugin");
	if (r == LHK_OK)
		r = fails (env,
			   lhk_host_list_plugins (env->host, count_plugin,
						  &env->observed),
			   "lhk_host_list_plugins");
	if (r >= 0)
		r = ask_for_command (env);
	return r < 0 ? r : LHK_OK;
}

static int
run_recorded (struct scenario_env *env)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	char dir[sizeof env->tmp.dir + 8];
	int r;

	snprintf (dir, sizeof dir, "%s/runs", env->tmp.dir);
	o.record_dir = dir;
	o.run_id = "kept";
	r = start_and_finish (env, &o, on_event,
			      AGENT ("lines", "20", "err", "y", "exit", "0"));
	faults_pause ();
	/* Header, 20 lines, the result. */
	if (access (dir, F_OK) == 0)
		env->observed.complaint = scenario_check_record (env, dir, 22);
	tempdir_remove (&env->tmp, "runs");
	faults_resume ();
	return r;
}

const struct scenario scenarios[] = {
	{ "pipe", run_pipe, 0 },
	{ "large", run_large, 0 },
	{ "file", run_file, 0 },
	{ "stdin", run_stdin, 0 },
	{ "copy", run_copy, 0 },
	{ "cancel", run_cancel, 0 },
	{ "timeout", run_timeout, 0 },
	{ "no-program", run_no_program, 0 },
	{ "pull", run_pull, 0 },
	{ "free", run_free, 0 },
	{ "async-writer", run_async_writer, 0 },
	{ "plugins", run_plugins, 0 },
	{ "recorded", run_recorded, 1 },
	{ "store", scenario_run_store, 1 },
	{ "wait", scenario_run_wait, 1 },
	{ "tool", scenario_run_tool, 0 },
	{ "tool-file", scenario_run_tool_file, 0 },
	{ "tool-timeout", scenario_run_tool_timeout, 0 },
	{ NULL, NULL, 0 },
};
