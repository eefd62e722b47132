/* SPDX-License-Identifier: MIT */
/* cmd_run.c - `linehook run': supervise a command and parse its stdout. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/alloc.h"
#include "cli/records/records.h"
#include "cli/run/cmd_run.h"
#include "cli/run/watchdog.h"
#include "cli/output/signals.h"
#include "cli/program.h"
#include "common/clock.h"
#include "common/ulid.h"
#include "common/mem.h"
#include "common/text.h"
#include <linehook/json.h>

/* Without a name the library chooses: by the command, or by the output. */
static int
find_plugin (struct run_command *r)
{
	const char *name = session_plugin_name (r->session);

	if (r->opts->agent != NULL)
		return run_agent_command (r, r->argv);
	return name == NULL ? -1
			    : session_plugin (r->session, name, &r->plugin);
}

/* As the library takes it. */
static uint64_t
stderr_max (const struct run_options *o)
{
	return o->stderr_max == RUN_STDERR_MAX_UNSET ? 0
	       : o->stderr_max == 0		     ? UINT64_MAX
						     : o->stderr_max;
}

/* What `linehook wait' exits with is what we exit with. */
static const uint32_t status_flags[] = {
	[EXIT_VERDICT] = 0,
	[EXIT_ZERO] = LHK_RUN_STATUS_ZERO,
	[EXIT_CHILD] = LHK_RUN_STATUS_CHILD,
};

static void
fill_opts (struct run_command *r, struct lhk_run_opts *o)
{
	const struct run_options *from = r->opts;
	const char *dir = getenv ("TMPDIR");

	o->tmp_dir = dir != NULL && dir[0] == '/' ? dir : NULL;
	o->argv = r->argv;
	o->envp = environ_strings (&r->env);
	o->cwd = from->cwd;
	o->stdin_mode = r->input.mode;
	o->stdin_fd = r->input.fd;
	o->stdout_mode = from->stdout_mode;
	o->total_ms = from->total_ms;
	o->idle_ms = from->idle_ms;
	o->tool_ms = from->tool_ms;
	o->linger_ms = from->linger_ms;
	o->grace_ms = from->grace_ms;
	o->drain_ms = from->drain_ms;
	o->stderr_keep = (uint32_t) from->stderr_keep;
	o->stderr_max = stderr_max (from);
	o->max_output = from->max_output;
	o->max_tokens = from->max_tokens;
	o->max_cost_nano = from->max_cost_nano;
	limit_options_apply (&from->limits, r->limits, o);
	o->run_id = from->run_id;
	o->record_dir = r->record_dir;
	o->labels = from->labels.items;
	o->prompt = r->prompt;
	o->contain = from->contain;
	o->flags = (from->unscoped ? LHK_RUN_UNSCOPED : 0u)
		   | (from->detach != DETACH_NONE ? LHK_RUN_DETACHED : 0u)
		   | status_flags[from->common.exit];
	o->on_stderr = run_command_stderr;
	o->on_stdout = run_command_stdout;
}

static int
begin (struct run_command *r, struct lhk_error *err)
{
	struct lhk_run_opts opts = LHK_RUN_OPTS_INIT;
	struct lhk_stream_opts stream;
	int code;

	session_stream_opts (r->session, r->plugin, &stream);
	stream.on_event = run_command_event;
	stream.on_raw = run_command_raw;
	stream.on_plugin = run_command_plugin;
	stream.user = r;
	opts.plugin = r->plugin;
	opts.stream = &stream;
	fill_opts (r, &opts);
	code = lhk_run_start (r->session->host, &opts, &r->starting, err);
	r->run = r->starting;
	return code;
}

/* The plugin of a run that never began; LHK_OK or an error. */
static int
know_plugin (struct run_command *r)
{
	struct lhk_host *host = r->session->host;
	struct lhk_error err = { 0, 0, "" };
	int code = LHK_OK;

	if (r->plugin == NULL)
		code = lhk_host_plugin_for_command (host, r->argv, &r->plugin);
	if (code == LHK_ENOTFOUND)
		code = lhk_host_plugin (host, "raw", &r->plugin, &err);
	return code;
}

/* A stream that has nothing but its header, TEXT as a notice, and its result. */
static int
emit_failed_start (struct run_command *r, struct lhk_ev_run *header,
		   const struct lhk_outcome *how, const char *text)
{
	struct lhk_stream_opts o;
	struct lhk_error err = { 0, 0, "" };
	const struct lhk_result *result;
	struct lhk_stream *stream;
	int status = STATUS_HOST;

	if (know_plugin (r) < 0)
		return status;
	session_stream_opts (r->session, r->plugin, &o);
	o.on_event = run_command_event;
	o.on_raw = NULL;
	o.user = r;
	o.header = header;
	if (lhk_stream_new (r->session->host, r->plugin, &o, &stream, &err)
	    != LHK_OK)
		return status;
	if (text != NULL)
		lhk_stream_notice (stream, LHK_LOG_ERROR, LHK_CODE_HOST, text);
	if (lhk_stream_finish (stream, how, &result) == LHK_OK)
		status = session_status (r->session, result);
	lhk_stream_free (stream);
	return status;
}

/* The result of a run that never began: HOW, and TEXT as a notice (NULL: none).
 * Whoever reads our output gets a header and a final result whatever happened.
 * The exit status. */
static int
finish_without_run (struct run_command *r, const struct lhk_outcome *how,
		    const char *text)
{
	struct lhk_ev_run header = {
		.ev = LHK_EV (struct lhk_ev_run, LHK_EV_RUN),
	};
	char id[ULID_SIZE], started[CLOCK_RFC3339_SIZE];
	struct lhk_text *argv;
	size_t n = 0, i;
	int status;

	while (r->argv[n] != NULL)
		n++;
	argv = mem_zero (&cli_alloc, n * sizeof *argv);
	if (argv == NULL)
		return STATUS_HOST;
	for (i = 0; i < n; i++)
		argv[i] = text_from_cstr (r->argv[i]);
	ulid_make (clock_unix_ms (), id);
	clock_rfc3339 (clock_unix_ms (), started);
	header.id =
		text_from_cstr (r->opts->run_id != NULL ? r->opts->run_id : id);
	header.started = text_from_cstr (started);
	header.argv = argv;
	header.n_argv = n;
	status = emit_failed_start (r, &header, how, text);
	mem_free (&cli_alloc, argv, n * sizeof *argv);
	return status;
}

/* A signal came first: the command is not started any more. */
static int
cancelled_before_start (struct run_command *r)
{
	struct lhk_outcome how = { .size = sizeof how,
				   .end_reason = LHK_END_CANCELED };

	how.cancel_signal = signals_first ();
	run_command_inform (r, "cancel",
			    "canceled before the command was started");
	return finish_without_run (r, &how, NULL);
}

/* The plugin that has failed is not asked for anything once more. */
int
run_command_fail_start (struct run_command *r, int crashed, const char *text)
{
	struct lhk_outcome how = { .size = sizeof how, .detail = text };

	how.cancel_signal = signals_first ();
	how.end_reason = crashed	     ? LHK_END_HOST_ERROR
			 : how.cancel_signal ? LHK_END_CANCELED
					     : LHK_END_TIMEOUT;
	if (lhk_host_plugin (r->session->host, "raw", &r->plugin, NULL) < 0)
		return STATUS_HOST;
	return finish_without_run (r, &how, text);
}

/* The run could not be started: ERR. */
static int
failed_to_start (struct run_command *r, const struct lhk_error *err)
{
	struct lhk_outcome how = { .size = sizeof how,
				   .end_reason = LHK_END_HOST_ERROR };

	async_stdio_say (&r->session->stdio, "%s", err->text);
	r->session->is_explained = 1;
	/* A plugin that is nowhere is a matter of options, too. */
	if (err->code == LHK_EINVAL || know_plugin (r) == LHK_ENOTFOUND)
		return STATUS_USAGE;
	how.step = err->code == LHK_ENOTFOUND ? "monitor" : NULL;
	how.sys_errno = err->sys_errno;
	return finish_without_run (r, &how, err->text);
}

/* Somebody gives us input that nobody asked for: say once that it goes
 * nowhere. */
static void
warn_of_input (struct run_command *r)
{
	if (r->opts->stdin_from != NULL || r->input_warned
	    || !(r->detach.input_is_there || run_input_is_waiting ()))
		return;
	r->input_warned = 1;
	log_say (&r->session->log, LHK_LOG_WARN, "stdin",
		 "standard input has data that the command does not get; give "
		 "--stdin - to pass it on, or --stdin null to ignore it");
}

/* -1: it is started. */
static int
start (struct run_command *r)
{
	struct lhk_error err = { 0, 0, "" };
	int code;

	code = run_input_open (&r->input, r->opts->stdin_from, &err);
	/* Another agent cannot change the modes: a pager that reads us may. */
	if (r->input.mode == LHK_STDIN_FD && isatty (r->input.fd))
		terminal_open (&r->terminal);
	if (r->input.mode == LHK_STDIN_COPY && r->input.fd == STDIN_FILENO
	    && isatty (STDIN_FILENO))
		run_command_inform (r, "stdin",
				    "the command reads standard input; press "
				    "Ctrl-D to end it");
	warn_of_input (r);
	if (code == LHK_OK && run_options_want_record (r->opts))
		code = records_store_path (r->opts->run_dir, &r->record_dir,
					   &err);
	run_command_await_terminal (r);
	if (signals_count () > 0)
		return cancelled_before_start (r);
	if (code == LHK_OK)
		code = begin (r, &err);
	return code == LHK_OK ? -1 : failed_to_start (r, &err);
}

int
run_command_finish (struct run_command *r, const struct lhk_result *result)
{
	int status = session_status (r->session, result);

	warn_of_input (r);
	run_command_explain_end (r, &result->outcome);
	if (result->verdict == LHK_VERDICT_SPAWN_FAILED)
		run_command_explain_start (r, &result->outcome);
	return status;
}

static int
follow (struct run_command *r)
{
	const struct lhk_result *result = run_command_follow (r);
	int status;

	if (result == NULL)
		return STATUS_HOST;
	status = run_command_finish (r, result);
	r->exit_status = status;
	watchdog_set_status (status);
	return status;
}

static int
supervise (struct run_command *r)
{
	struct lhk_error err = { 0, 0, "" };
	const char *unlimited;
	int status;

	r->input.fd = -1;
	if (run_options_environ (r->opts, &r->env) < 0) {
		cli_say (r->session->who, "out of memory");
		return STATUS_HOST;
	}
	if (r->opts->agent == NULL
	    && program_check (r->session->who, r->argv[0],
			      environ_strings (&r->env), r->opts->cwd, &err)
		       < 0) {
		cli_say (r->session->who, "%s", err.text);
		return STATUS_USAGE;
	}
	unlimited = limit_options_need_cgroup (&r->opts->limits);
	if (unlimited != NULL && r->opts->contain > LHK_CONTAIN_CGROUP) {
		cli_say (r->session->who,
			 "--limit %s= needs a cgroup of the run, which "
			 "--contain %s does not make; use --contain cgroup",
			 unlimited, options_containments[r->opts->contain]);
		return STATUS_USAGE;
	}
	status = find_plugin (r);
	if (status >= 0)
		return status;
	run_command_open (r);
	run_command_guard (r);
	status = start (r);
	if (status < 0)
		status = follow (r);
	run_command_close (r);
	return status;
}

static int
run_run (const struct cli_command *self, int argc, char **argv)
{
	static struct run_command r;
	struct run_options o;
	struct opt_operands operands = { NULL, 0 };
	int status;

	signals_catch ();
	signals_reap_orphans ();
	run_options_init (&o);
	status = cli_parse (self, argc, argv, &o, &operands);
	if (status < 0)
		status = run_agent_check (self->name, &o, &operands);
	if (o.stderr_mode < 0)
		o.stderr_mode =
			o.detach == DETACH_NONE ? STDERR_LOG : STDERR_QUIET;
	if (status < 0 && o.detach != DETACH_NONE)
		status = detach_start (&r.detach, self->name, &o);
	if (status < 0)
		status = session_new (self->name, &o.common, &r.session);
	if (status < 0) {
		r.session->run_dir = o.run_dir;
		r.session->stdio.consequence =
			"further output is discarded; the run goes on";
		r.opts = &o;
		r.argv = operands.items;
		status = supervise (&r);
		lhk_run_free (r.run);
		run_command_unguard ();
		lhk_command_free (r.command);
		run_input_free (&r.input);
		free (r.record_dir);
		environ_free (&r.env);
		session_free (r.session);
	}
	detach_end (&r.detach, status);
	opt_operands_free (&operands);
	run_options_free (&o);
	return status;
}

const struct cli_command cmd_run = {
	"run",
	"[OPTIONS] (-- COMMAND [ARG...] | --agent NAME -- PROMPT)",
	"Run an agent and turn its output into events and a verdict.",
	run_run,
	run_groups,
	NULL,
	OPT_COMMAND_LINE,
	"linehook run --keep --timeout 1h -- codex exec --json "
	"\"fix the test\"",
	NULL,
};
