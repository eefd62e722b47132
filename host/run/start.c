/* SPDX-License-Identifier: MIT */
/*
 * start.c - from options to a run: descriptors, monitor, stream.
 *
 * All or nothing: the monitor starts no agent before it is asked to, which is
 * the last step, and one function gives back whatever there is.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/environ.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/io.h"
#include "common/limits.h"
#include "common/mem.h"
#include "common/path_absolute.h"
#include "common/path_search.h"
#include "common/text.h"
#include "common/trusted_path.h"
#include "common/ulid.h"
#include "format/event_json.h"
#include "common/macros.h"
#include "plugin/choose.h"
#include "run/bounds.h"
#include "run/opts.h"
#include "run/run.h"
#include "run/stream.h"

extern char **environ;

/* What lives while a run is started. */
struct start {
	struct lhk_run *run;
	const struct lhk_run_opts *opts;
	struct lhk_stream_opts stream;
	const struct lhk_plugin_ref *plugin;
	int child[3];	    /* descriptors that become its 0, 1, 2; owned */
	int degraded;	    /* errno: stdout is a pipe for want of a file */
	int disk_full;	    /* errno: stdout is in memory for want of a disk */
	char cwd[PATH_MAX]; /* of the agent; "": not known */
	struct lhk_error *err;
};

/* ---- the plugin of a run whose stdout is no stream of events ---- */

/* It is never given a line.  It has the name under which such a stdout can be
 * parsed later, and is linked in, so that no plugin directory is needed. */
static int
bytes_open (const struct lhk_api *api, const struct lhk_option *options,
	    size_t n_options, void **ret)
{
	(void) options;
	(void) n_options;
	*ret = (void *) (uintptr_t) api;
	return LHK_OK;
}

static int
bytes_line_hook (void *handle, const struct lhk_line *line)
{
	(void) handle;
	(void) line;
	return LHK_SKIP;
}

static void
bytes_close (void *handle)
{
	(void) handle;
}

static const struct lhk_plugin_ref bytes_plugin = {
	.plugin = {
		LHK_PLUGIN_HEADER,
		.name = "raw",
		.provider = "raw",
		.version = "1.0",
		.summary = "bytes: nothing is parsed",
		.open = bytes_open,
		.line_hook = bytes_line_hook,
		.close = bytes_close,
	},
};

/* ---- the descriptors of the agent, and the monitor ---- */

static int
fail_sys (struct lhk_error *err, const char *what)
{
	int error = errno;

	return error_set (err, error == ENOMEM ? LHK_ENOMEM : LHK_ESYS, error,
			  "%s: %s", what, strerror (error));
}

/* A file that nobody can change holds the bytes: nothing has to be pumped, and
 * an agent that never reads them blocks nobody. */
static int
input_file (const struct lhk_run_opts *o)
{
	int fd = fd_memfd ("linehook-stdin", o->tmp_dir);
	uint64_t at = 0;
	int r;

	if (fd < 0)
		return -1;
	r = io_pwrite_full (fd, o->input.ptr, o->input.len, &at);
	if (r < 0) {
		fd_close (&fd);
		errno = -r;
		return -1;
	}
	fd_seal (fd);
	return fd;
}

/* Copy stdin_fd, or hand on what is no pipe, socket or terminal. */
static int
copy_stdin (struct start *s)
{
	int fd = s->opts->stdin_fd, r = copier_is_for (fd);

	if (r > 0)
		r = agent_input_start (&s->run->input, fd, &s->child[0]);
	else if (r == 0)
		r = s->child[0] = fd_dup (fd);
	return r < 0 ? fail_sys (s->err, "stdin_fd cannot be used") : LHK_OK;
}

static int
start_stdin (struct start *s)
{
	const struct lhk_run_opts *o = s->opts;

	switch (o->stdin_mode) {
	case LHK_STDIN_BYTES:
		s->child[0] = input_file (o);
		return s->child[0] < 0 ? fail_sys (s->err, "no room for stdin")
				       : LHK_OK;
	case LHK_STDIN_COPY:
		return copy_stdin (s);
	case LHK_STDIN_FD:
		s->child[0] = fd_dup (o->stdin_fd);
		return s->child[0] < 0
			       ? fail_sys (s->err, "stdin_fd cannot be used")
			       : LHK_OK;
	default:
		s->child[0] = fd_open ("/dev/null", O_RDONLY | O_CLOEXEC, 0);
		return s->child[0] < 0 ? fail_sys (s->err, "no null device")
				       : LHK_OK;
	}
}

static int
make_pipe (struct start *s, int which, struct pipe_reader *reader,
	   const struct reader_callbacks *what)
{
	struct reader_callbacks to = *what;
	int fds[2];

	to.user = &s->run->output;
	if (fd_pipe (fds, 0) < 0)
		return fail_sys (s->err, "no pipe for the child's output");
	s->child[which] = fds[1];
	if (pipe_start (reader, s->run->core.loop, fds[0], &to) < 0)
		return fail_sys (s->err, "no pipe for the child's output");
	return LHK_OK;
}

static int
start_stdout (struct start *s)
{
	const struct lhk_plugin *p = lhk_plugin_ref_descriptor (s->plugin);
	int mode = s->opts->stdout_mode;
	struct reader_callbacks to = run_stdout_callbacks;
	int fd;

	if (mode == LHK_STDOUT_PIPE
	    || (mode == LHK_STDOUT_AUTO
		&& (p->flags & LHK_PLUGIN_STDOUT_FILE) == 0))
		return make_pipe (s, 1, &s->run->output.out,
				  &run_stdout_callbacks);
	fd = file_follow_create (s->opts->tmp_dir, &s->child[1], &s->disk_full);
	if (fd < 0 && mode == LHK_STDOUT_AUTO) {
		s->degraded = errno;
		return make_pipe (s, 1, &s->run->output.out,
				  &run_stdout_callbacks);
	}
	if (fd < 0)
		return error_set (s->err, LHK_ESYS, errno,
				  "no file for stdout in"
				  " '%s': %s",
				  s->opts->tmp_dir, strerror (errno));
	to.user = &s->run->output;
	file_follow_start (&s->run->output.spool, s->run->core.loop, fd, &to);
	return LHK_OK;
}

static int
start_stderr (struct start *s)
{
	return make_pipe (s, 2, &s->run->output.err, &run_stderr_callbacks);
}

#define PWD_PREFIX "PWD="
#define PWD_SIZE (sizeof PWD_PREFIX - 1 + PATH_MAX)

/* A PWD that is ours names another directory than the agent's.  One that was
 * given on purpose stays.  PWD is the room for it. */
static int
correct_pwd (const struct start *s, struct environ_list *env,
	     char pwd[PWD_SIZE])
{
	const char *given = path_search_getenv (environ_strings (env), "PWD");
	const char *ours = getenv ("PWD");

	memcpy (pwd, PWD_PREFIX, sizeof PWD_PREFIX);
	if (s->opts->cwd == NULL || given == NULL || ours == NULL
	    || strcmp (given, ours) != 0 || s->cwd[0] == '\0')
		return LHK_OK;
	strcpy (pwd + sizeof PWD_PREFIX - 1, s->cwd);
	return environ_put (env, pwd);
}

/* The environment of the options, or ours, with the mark of this run, which
 * replaces that of a run that we are in ourselves. */
static int
make_environment (struct start *s, struct environ_list *env, char pwd[PWD_SIZE])
{
	const struct lhk_alloc *alloc = &s->run->core.host->alloc;
	char *mark = s->run->scan.mark;
	int r;

	memcpy (mark, RUN_MARK "=", sizeof RUN_MARK);
	ulid_make (clock_unix_ms (), mark + sizeof RUN_MARK);
	r = s->opts->envp != NULL
		    ? environ_copy (env, alloc, s->opts->envp)
		    : environ_init (env, alloc, (const char *const *) environ);
	if (r < 0)
		return r;
	environ_unset (env, RUN_MARK);
	r = correct_pwd (s, env, pwd);
	return r < 0 ? r : environ_put (env, mark);
}

/* A monitor that was named runs with all that we may do, as a plugin does.  One
 * that cannot be looked at cannot be started either, which says why. */
static int
check_monitor (const char *path, struct lhk_error *err)
{
	struct lhk_error why = { 0, 0, "" };
	int fd = -1;

	if (trusted_path_open ("monitor", path, NULL, O_PATH, TRUSTED_LINK, &fd,
			       &why)
	    == LHK_EREFUSED)
		return error_set (err, LHK_EREFUSED, 0, "%s", why.text);
	fd_close (&fd);
	return LHK_OK;
}

static int
start_monitor (struct start *s)
{
	const struct lhk_alloc *alloc = &s->run->core.host->alloc;
	struct environ_list env = { 0 };
	struct monitor_client_opts o = {
		.alloc = alloc,
		.path = s->run->core.host->monitor,
		.cwd = s->opts->cwd,
		.argv = s->opts->argv,
	};
	char pwd[PWD_SIZE];
	int r;

	if (o.path == NULL)
		o.path = LHK_MONITOR;
	else if (strcmp (o.path, LHK_MONITOR) != 0
		 && check_monitor (o.path, s->err) < 0)
		return LHK_EREFUSED;
	run_limits_init (&s->run->monitor.limits, s->opts);
	if (make_environment (s, &env, pwd) < 0) {
		environ_free (&env);
		return error_set (s->err, LHK_ENOMEM, 0,
				  "no memory for the environment");
	}
	o.envp = environ_strings (&env);
	memcpy (o.fds, s->child, sizeof o.fds);
	r = monitor_client_spawn (&s->run->monitor.client, &o, s->err);
	environ_free (&env);
	if (r == LHK_ELIMIT) {
		/* The command itself is too long, so it is a result. */
		s->run->core.cause = LHK_END_SPAWN_FAILED;
		s->run->core.outcome.step =
			monitor_client_step_name (STEP_EXEC);
		s->run->core.outcome.sys_errno = E2BIG;
		return LHK_OK;
	}
	if (r == LHK_OK && run_monitor_watch (&s->run->monitor) < 0)
		r = fail_sys (s->err, "the monitor cannot be waited for");
	return r;
}

/* ---- the stream ---- */

/* For the stream: USER is the struct run_events. */
static int64_t
run_clock (void *user)
{
	const struct run_core *core = ((struct run_events *) user)->core;

	return loop_now (core->loop) - core->started_ms;
}

/* The words of the command, as texts of the header and as options of the
 * plugin. */
struct argv_texts {
	size_t n;
	size_t n_options;
	struct lhk_text *texts;
	struct lhk_option *options;
};

static int
make_argv_texts (const struct start *s, struct argv_texts *w)
{
	const struct lhk_alloc *alloc = &s->run->core.host->alloc;
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
free_argv_texts (const struct start *s, struct argv_texts *w)
{
	const struct lhk_alloc *alloc = &s->run->core.host->alloc;

	mem_free (alloc, w->texts, w->n * sizeof *w->texts);
	mem_free (alloc, w->options, w->n_options * sizeof *w->options);
}

static uint32_t
status_flags (uint32_t run_flags)
{
	return ((run_flags & LHK_RUN_STATUS_CHILD) != 0
			? LHK_STREAM_STATUS_CHILD
			: 0u)
	       | ((run_flags & LHK_RUN_STATUS_ZERO) != 0
			  ? LHK_STREAM_STATUS_ZERO
			  : 0u);
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
	struct argv_texts w = { 0 };
	int r = make_argv_texts (s, &w);

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
	if (s->cwd[0] != '\0')
		header.cwd = text_from_cstr (s->cwd);
	o.on_event = run_on_event;
	o.on_raw = s->run->events.on_raw == NULL ? NULL : run_on_raw;
	o.on_plugin = run_on_plugin;
	o.user = &s->run->events;
	o.clock_ms = run_clock;
	o.header = &header;
	o.flags |= status_flags (s->opts->flags);
	o.options = w.options;
	o.n_options = w.n_options;
	if (r == LHK_OK)
		r = run_record_begin (&s->run->events, s->opts,
				      lhk_plugin_ref_descriptor (s->plugin), &o,
				      now, s->err);
	if (r == LHK_OK)
		r = lhk_stream_new (s->run->core.host, s->plugin, &o,
				    &s->run->core.stream, s->err);
	if (r < 0)
		record_writer_abort (&s->run->events.record,
				     s->opts->record_dir, id);
	free_argv_texts (s, &w);
	return r;
}

/* Why a plugin cannot be opened is told to who asks for one. */
static int
no_plugins (struct start *s, int code)
{
	const struct lhk_plugin_ref *raw;
	struct lhk_error why = { 0, 0, "" };
	int r = lhk_host_plugin (s->run->core.host, "raw", &raw, &why);

	return error_set (s->err, code, r < 0 ? why.sys_errno : 0,
			  "no plugin for command '%s': the plugins cannot be "
			  "searched: %s",
			  s->opts->argv[0],
			  r < 0 && why.sys_errno != 0 ? strerror (why.sys_errno)
						      : lhk_strerror (code));
}

static int
find_plugin (struct start *s)
{
	struct lhk_host *host = s->run->core.host;
	int r;

	s->plugin = s->opts->plugin;
	if (s->opts->flags & LHK_RUN_BYTES)
		s->plugin = &bytes_plugin;
	if (s->plugin != NULL)
		return LHK_OK;
	r = plugin_for_command (host->registry, s->opts->argv, &s->plugin,
				&s->run->refused);
	if (r == LHK_OK)
		return LHK_OK;
	/* The plugin that serves it may be there and not be seen: another one
	 * must not be taken instead. */
	if (r != LHK_ENOTFOUND)
		return no_plugins (s, r);
	s->stream.flags |= LHK_STREAM_DETECT;
	return lhk_host_plugin (host, "raw", &s->plugin, s->err);
}

/* The caller may know a line_max for the plugin that the command has chosen. */
static void
choose_plugin (struct start *s)
{
	size_t line_max;

	if (s->opts->plugin != NULL || s->stream.on_plugin == NULL
	    || (s->stream.flags & LHK_STREAM_DETECT) != 0)
		return;
	line_max = s->stream.on_plugin (s->stream.user, s->plugin);
	if (line_max != 0)
		s->stream.line_max = line_max;
}

static uint64_t
queue_bytes_max (const struct lhk_run_opts *o)
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

	if (run->events.on_event != NULL)
		return LHK_OK;
	if (s->stream.flags & LHK_STREAM_RAW_LINES)
		run->events.json_flags = FORMAT_JSON_RAW;
	if (event_queue_init (&run->events.queue, &run->core.host->alloc,
			      s->opts->tmp_dir, queue_bytes_max (s->opts))
	    < 0)
		return error_set (s->err, LHK_ENOMEM, 0,
				  "no memory for the run");
	return LHK_OK;
}

/* LHK_CONTAIN_* and LHK_RUN_* are the numbers of the protocol. */
static void
send_start (struct start *s)
{
	struct proto_start first = {
		.n_limits = (uint32_t) s->opts->n_limits,
		.contain = s->opts->contain,
		.flags = s->opts->flags & START_UNSCOPED,
		.memory_max = s->opts->memory_max,
		.pids_max = s->opts->pids_max,
		.cpus_milli = s->opts->cpus_milli,
	};
	size_t i;

	for (i = 0; i < s->opts->n_limits; i++) {
		first.limits[i].resource = s->opts->limits[i].resource;
		first.limits[i].value = s->opts->limits[i].value;
	}
	/* The loop notices a monitor that has ended. */
	if (monitor_client_send_start (&s->run->monitor.client, &first) < 0)
		s->run->core.outcome.sys_errno = errno;
}

/* What is to be said of the plugin, or when. */
static void
begin_plugin (struct start *s)
{
	struct lhk_run *run = s->run;

	if (run->refused.err.code != LHK_OK) {
		host_log (run->core.host, LHK_LOG_WARN, "plugin-refused", NULL,
			  "%s", run->refused.err.text);
		run_notice (&run->events, LHK_LOG_WARN, LHK_CODE_PLUGIN, "%s",
			    run->refused.err.text);
		run->core.stream->detect.said = &run->refused;
	}
	if (run->core.stream->detect.on)
		run_output_await_plugin (&run->output);
	else
		run_bounds_check (&run->events, run->core.stream->plugin);
}

static void
report_spool (const struct start *s)
{
	struct lhk_run *run = s->run;

	if (s->degraded == 0 && s->disk_full == 0)
		return;
	run->core.outcome.flags |= LHK_FLAG_DEGRADED;
	if (s->degraded != 0)
		run_notice (&run->events, LHK_LOG_WARN, LHK_CODE_HOST,
			    "no file for stdout in '%.120s': %s; a pipe is used"
			    " and output may be lost",
			    s->opts->tmp_dir, strerror (s->degraded));
	else
		run_notice (&run->events, LHK_LOG_WARN, LHK_CODE_DISK,
			    "cannot make a file for stdout in '%.120s': %s; "
			    "it is held in memory",
			    s->opts->tmp_dir, strerror (s->disk_full));
}

static void
begin (struct start *s)
{
	struct lhk_run *run = s->run;

	run_opts_drop_borrowed (&run->core.opts);
	run_timers_start (&run->timers);
	run->monitor.begun = run->monitor.client.pid != 0;
	run_cancel_watch_file (&run->cancel);
	begin_plugin (s);
	run_record_flush (&run->events);
	report_spool (s);
	if (run->monitor.client.pid == 0) {
		/* Nothing was started: the result comes by the first turn. */
		run->core.state = RUN_COLLECTING;
		run->monitor.reaped = run->monitor.tree_gone_reported = 1;
		run_timers_stop (&run->timers);
		file_follow_stop (&run->output.spool, 0);
		loop_arm (run->core.loop, &run->timers.phase, 0);
		return;
	}
	send_start (s);
}

/* Is somebody or something behind stdin who may answer a question?  A file and
 * the null device say what they say. */
static int
stdin_can_answer (const struct start *s)
{
	int mode = s->opts->stdin_mode;
	int fd = s->opts->stdin_fd;
	struct stat st;

	return (mode == LHK_STDIN_FD || mode == LHK_STDIN_COPY)
	       && fstat (fd, &st) == 0
	       && (S_ISFIFO (st.st_mode) || S_ISSOCK (st.st_mode)
		   || isatty (fd));
}

/* A directory that cannot be entered is named as it was given. */
static void
find_cwd (struct start *s)
{
	const char *given = s->opts->cwd != NULL ? s->opts->cwd : ".";

	if (realpath (given, s->cwd) == NULL
	    && (s->opts->cwd == NULL || path_absolute (given, s->cwd) < 0))
		s->cwd[0] = '\0';
}

static int
build (struct start *s)
{
	int r = find_plugin (s);

	find_cwd (s);
	if (r == LHK_OK)
		choose_plugin (s);
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
	if (r == LHK_OK)
		stream_set_can_answer (s->run->core.stream,
				       stdin_can_answer (s));
	return r;
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
	r = run_opts_copy (opts, &own, err);
	if (r == LHK_OK)
		r = run_opts_copy_stream (&own, &s.stream, err);
	if (r == LHK_OK)
		r = host_loop (host, &l, err);
	if (r < 0)
		return r;
	s.run = run_new (host, l, &own, &s.stream);
	if (s.run == NULL)
		return error_set (err, LHK_ENOMEM, 0, "no memory for the run");
	*ret = s.run;
	r = build (&s);
	for (i = 0; i < 3; i++)
		fd_close (&s.child[i]);
	if (r < 0) {
		*ret = NULL;
		run_destroy (s.run);
		return r;
	}
	begin (&s);
	return LHK_OK;
}
