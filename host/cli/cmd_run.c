/* SPDX-License-Identifier: MIT */
/* cmd_run.c - `linehook run': supervise a command and parse its stdout. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/job.h"
#include "cli/kept.h"
#include "cli/lines.h"
#include "cli/run_options.h"
#include "cli/signals.h"
#include "cli/status.h"
#include "run/drive.h"
#include "run/run.h"
#include "util/mem.h"

struct runner {
	struct job *job;
	const struct run_options *opts;
	const char *const *argv;
	struct environ_list env;
	struct run_input input;
	char *keep_dir;		/* of the record; NULL: none */
	struct lhk_rlimit limits[RUN_LIMITS_MAX];
	struct lines lines;
	struct spill *errors;	/* our stderr; NULL: writes may wait */
	struct lhk_run *run;
	struct status status;
	struct out status_out;
};

static int64_t
now_ms (void)
{
	struct timespec t;

	clock_gettime (CLOCK_MONOTONIC, &t);
	return (int64_t) t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
on_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	struct runner *r = user;

	status_event (&r->status, event);
	if (output_wants_events (&r->job->out))
		output_event (&r->job->out, meta, event);
}

static void
on_raw (void *user, const char *data, size_t len)
{
	struct runner *r = user;

	output_raw_line (&r->job->out, data, len);
}

static void
on_stdout (void *user, const char *data, size_t len)
{
	struct runner *r = user;

	output_bytes (&r->job->out, data, len);
}

static void
write_errors (void *user, const char *data, size_t len)
{
	struct runner *r = user;

	if (r->errors != NULL)
		spill_write (r->errors, data, len);
	else
		log_to_fd (&r->job->log_fd, data, len);
}

/* A record, or the stderr of the command: the status line makes way. */
static void
speak (void *user, const char *data, size_t len)
{
	struct runner *r = user;

	status_wipe (&r->status, now_ms ());
	write_errors (r, data, len);
}

static void
on_stderr (void *user, const char *data, size_t len)
{
	struct runner *r = user;

	if (r->opts->errors == STDERR_LOG)
		lines_feed (&r->lines, data, len);
	else if (r->opts->errors == STDERR_PASS)
		speak (r, data, len);
}

/* What cannot be had, a closed descriptor for instance, is written to the
 * plain way, which then says so. */
static void
open_spills (struct runner *r)
{
	const char *dir = getenv ("TMPDIR");
	struct spill *out;

	if (dir != NULL && dir[0] != '/')
		dir = NULL;
	if (host_spill (r->job->host, STDOUT_FILENO, dir, &out, NULL)
	    == LHK_OK)
		output_through (&r->job->out, out, &signals_noted);
	(void) !host_spill (r->job->host, STDERR_FILENO, dir, &r->errors,
			    NULL);
	r->job->log.out.write = speak;
	r->job->log.out.user = r;
}

/* For people alone: both ends are a terminal, and words were wanted. */
static void
open_status (struct runner *r)
{
	int on = r->job->out.text != NULL && !r->opts->common.quiet
		&& isatty (STDOUT_FILENO) && isatty (STDERR_FILENO);

	out_init (&r->status_out, write_errors, r);
	status_init (&r->status, on ? &r->status_out : NULL, now_ms ());
}

static void
close_errors (struct runner *r)
{
	r->job->log.out.write = log_to_fd;
	r->job->log.out.user = &r->job->log_fd;
	if (r->errors == NULL)
		return;
	while (spill_finish (r->errors) == LHK_AGAIN && !signals_noted)
		;
	spill_free (r->errors);
	r->errors = NULL;
}

static int
find_plugin (struct runner *r, const struct lhk_plugin_ref **ret)
{
	if (job_plugin_name (r->job) == NULL
	    && lhk_host_plugin_for_command (r->job->host, r->argv, ret)
	    == LHK_OK)
		return -1;
	return job_plugin (r->job, job_plugin_name (r->job), ret);
}

static void
fill_opts (struct runner *r, struct lhk_run_opts *o)
{
	const struct run_options *from = r->opts;

	o->argv = r->argv;
	o->envp = environ_strings (&r->env);
	o->cwd = from->cwd;
	o->stdin_mode = r->input.mode;
	o->stdin_fd = r->input.fd;
	o->input.ptr = r->input.data;
	o->input.len = r->input.len;
	o->stdout_mode = from->output;
	o->total_ms = from->total_ms;
	o->idle_ms = from->idle_ms;
	o->linger_ms = from->linger_ms;
	o->grace_ms = from->grace_ms;
	o->drain_ms = from->drain_ms;
	o->stderr_keep = (uint32_t) from->stderr_keep;
	o->max_output = from->max_output;
	o->max_tokens = from->max_tokens;
	o->max_cost_nano = from->max_cost_nano;
	o->n_limits = run_options_limits (from, r->limits);
	o->limits = r->limits;
	o->run_id = from->run_id;
	o->keep_dir = r->keep_dir;
	o->on_stderr = on_stderr;
	o->on_stdout = on_stdout;
}

static int
start (struct runner *r)
{
	struct lhk_run_opts opts = LHK_RUN_OPTS_INIT;
	struct lhk_stream_opts stream;
	struct lhk_error err = { 0, 0, "" };
	int status = find_plugin (r, &opts.plugin);
	int code;

	if (status >= 0)
		return status;
	code = run_input_open (&r->input, r->opts->input, &err);
	if (code == LHK_OK && (r->opts->keep || r->opts->run_dir != NULL))
		code = kept_store_path (r->opts->run_dir, &r->keep_dir, &err);
	if (code == LHK_OK) {
		job_stream_opts (r->job, opts.plugin, &stream);
		stream.on_event = on_event;
		stream.on_raw = on_raw;
		stream.user = r;
		opts.stream = &stream;
		fill_opts (r, &opts);
		code = lhk_run_start (r->job->host, &opts, &r->run, &err);
	}
	if (code == LHK_OK)
		return -1;
	cli_say (r->job->who, "%s", err.text);
	return code == LHK_EINVAL ? STATUS_USAGE : STATUS_HOST;
}

static void
show_status (struct runner *r)
{
	int64_t tokens = 0, cost;
	int has_cost;

	stream_sum (r->run->stream, &tokens, &cost, &has_cost);
	status_tick (&r->status, now_ms (), tokens, !r->job->out.mid_text);
}

static const struct lhk_result *
drive (struct runner *r)
{
	const struct lhk_result *result;
	struct output *out = &r->job->out;

	while ((result = lhk_run_result (r->run)) == NULL) {
		int code = lhk_host_dispatch (r->job->host, r->status.on
					      ? STATUS_RENEW_MS : -1);

		if (out->out.len > 0)
			status_wipe (&r->status, now_ms ());
		output_flush (out);
		if (code < 0) {
			cli_say (r->job->who, "the loop failed: %s",
				 lhk_strerror (code));
			return NULL;
		}
		if (r->status.on)
			show_status (r);
	}
	status_wipe (&r->status, 0);
	return result;
}

/* Events tell it too; this is for whoever looks at stderr alone. */
static void
say_not_started (const struct runner *r, const struct lhk_outcome *how)
{
	const char *name = r->argv[0];
	const char *step = how->step == NULL ? "exec" : how->step;

	if (strcmp (step, "exec") != 0)
		cli_say (r->job->who, "cannot start '%.120s': %s%s%s: %s", name,
			 step, strcmp (step, "chdir") == 0 ? " to " : "",
			 strcmp (step, "chdir") == 0 && r->opts->cwd != NULL
			 ? r->opts->cwd : "", strerror (how->sys_errno));
	else if (how->sys_errno == ENOENT && strchr (name, '/') == NULL)
		cli_say (r->job->who, "cannot start '%.120s': not found in "
			 "PATH (want a program there, or a path)", name);
	else if (how->sys_errno == EACCES)
		cli_say (r->job->who, "cannot start '%.120s': %s (want a file "
			 "that may be executed)", name, strerror (EACCES));
	else
		cli_say (r->job->who, "cannot start '%.120s': %s", name,
			 strerror (how->sys_errno));
}

/* That we ended it, and which option wants to be changed. */
static void
say_ended (struct runner *r, const struct lhk_outcome *how)
{
	static const struct {
		int how;
		const char *text;
	} ends[] = {
		{ LHK_HOW_TIMEOUT, "it ran longer than --timeout allows" },
		{ LHK_HOW_IDLE,
		  "it was silent longer than --idle-timeout allows" },
		{ LHK_HOW_OUTPUT_LIMIT,
		  "it printed more than --max-output allows" },
		{ LHK_HOW_BUDGET,
		  "it used more than --max-tokens or --max-cost allows" },
	};
	size_t i;

	for (i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (ends[i].how == how->how)
			log_say (&r->job->log, LHK_LOG_WARN, "ended",
				 "the run was ended: %s", ends[i].text);
}

static int
supervise (struct runner *r)
{
	const struct lhk_result *result;
	int status;

	lines_init (&r->lines, &r->job->log);
	r->input.fd = -1;
	if (run_options_environ (r->opts, &r->env) < 0) {
		cli_say (r->job->who, "out of memory");
		return STATUS_HOST;
	}
	signals_catch ();
	status = start (r);
	if (status >= 0)
		return status;
	open_spills (r);
	open_status (r);
	signals_cancel (r->run);
	output_flush (&r->job->out);
	result = drive (r);
	signals_cancel (NULL);
	lines_end (&r->lines);
	if (result == NULL) {
		close_errors (r);
		return STATUS_HOST;
	}
	status = job_status (r->job, result);
	say_ended (r, &result->outcome);
	close_errors (r);
	if (result->verdict == LHK_VERDICT_SPAWN_FAILED)
		say_not_started (r, &result->outcome);
	return status;
}

static int
run_run (const struct cli_command *self, int argc, char **argv)
{
	struct run_options o;
	struct runner r;
	struct opt_words words = { NULL, 0 };
	int status;

	run_options_init (&o);
	memset (&r, 0, sizeof r);
	status = cli_parse (self, argc, argv, &o, &words);
	if (status < 0 && (words.n == 0 || words.items[0][0] == '\0')) {
		cli_say (self->name, "a command is missing (want linehook run "
			 "[OPTIONS] -- COMMAND [ARG...])");
		status = STATUS_USAGE;
	}
	if (status < 0)
		status = job_new (self->name, &o.common, &r.job);
	if (status < 0) {
		r.opts = &o;
		r.argv = words.items;
		status = supervise (&r);
		lhk_run_free (r.run);
		run_input_free (&r.input);
		free (r.keep_dir);
		environ_free (&r.env);
		job_free (r.job);
	}
	opt_words_free (&words);
	run_options_free (&o);
	return status;
}

const struct cli_command cmd_run = {
	"run", "[OPTIONS] -- COMMAND [ARG...]",
	"Supervise a command and parse its stdout into events and a verdict.",
	run_run, run_groups, NULL, 0,
};
