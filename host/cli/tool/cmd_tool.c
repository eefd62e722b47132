/* SPDX-License-Identifier: MIT */
/* cmd_tool.c - `linehook tool': the order of things, and the loop. */
#include "config.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/signals.h"
#include "cli/program.h"
#include "cli/tool/cmd_tool.h"
#include "common/mem.h"

static size_t
max_running (const struct tool_options *o)
{
	long n = sysconf (_SC_NPROCESSORS_ONLN);

	if (o->jobs == NULL)
		return 1;
	if (o->at_once != 0)
		return (size_t) o->at_once;
	if (n > TOOL_AT_ONCE_MAX)
		return TOOL_AT_ONCE_MAX;
	return n < 1 ? 1 : (size_t) n;
}

/* Wait for the host or for more of the jobs.  0, or -1 after a sentence. */
static int
dispatch (struct tool_session *s, struct tool_jobs *jobs)
{
	struct pollfd p[2] = {
		{ main_loop_fd (&s->loop), POLLIN, 0 },
		{ -1, POLLIN, 0 },
	};
	int code = p[0].fd;

	if (jobs != NULL)
		p[1].fd = tool_jobs_fd (jobs);
	if (code >= 0) {
		(void) !poll (p, 2, -1);
		if (p[1].fd >= 0 && p[1].revents != 0)
			tool_jobs_read (jobs);
		code = main_loop_turn (&s->loop, 0);
	}
	if (code >= 0)
		return 0;
	async_stdio_say (&s->stdio, "the loop failed: %s", lhk_strerror (code));
	s->status = tool_worse (s->status, STATUS_HOST);
	return -1;
}

/* Until the result of every call is printed. */
static void
run_calls (struct tool_session *s, struct tool_jobs *jobs)
{
	do {
		tool_calls_apply_signals (s);
		tool_calls_print (s);
		while (jobs != NULL && tool_jobs_start_next (jobs))
			tool_calls_print (s);
	} while ((s->n > 0 || (jobs != NULL && !tool_jobs_over (jobs)))
		 && dispatch (s, jobs) == 0);
}

/* CODE and ERR are the result of reading its request. */
static void
run_one (struct tool_session *s, int code, const struct lhk_error *err)
{
	const struct tool_request_opts *request = &s->defaults;

	if (code == LHK_EINVAL)
		tool_call_refuse (s, request, 0, LHK_TOOL_ERROR_VALIDATE,
				  err->text, STATUS_USAGE);
	else if (code == LHK_ENOMEM)
		tool_call_refuse (s, request, 0, LHK_TOOL_ERROR_START,
				  err->text, STATUS_HOST);
	else
		tool_call_start (s, request, 0);
	run_calls (s, NULL);
}

/* CODE and ERR are the result of reading the defaults of all requests. */
static void
run_jobs (struct tool_session *s, int code, struct lhk_error *err)
{
	struct tool_jobs *jobs = NULL;

	if (code == LHK_OK)
		code = tool_jobs_open (s, s->opts->jobs, &jobs, err);
	if (code == LHK_OK) {
		run_calls (s, jobs);
		tool_jobs_close (jobs);
	} else if (code == LHK_AGAIN) {
		s->status = 128 + signals_first ();
	} else {
		async_stdio_say (&s->stdio, "%s", err->text);
		s->status = code == LHK_EINVAL ? STATUS_USAGE : STATUS_HOST;
	}
}

/* If there is one call, what prevents it is its result. */
static void
run_session (struct tool_session *s, const char *const *command)
{
	struct lhk_error err = { 0, 0, "" };
	struct tool_texts texts;
	int code = LHK_OK;

	if (tool_calls_open (s, max_running (s->opts)) < 0) {
		async_stdio_say (&s->stdio, "out of memory");
		s->status = STATUS_HOST;
		return;
	}
	code = tool_request_opts_read (s->opts, command, &texts, &s->defaults,
				       &err);
	if (code == LHK_OK || code == LHK_AGAIN) {
		int host_code = options_host (&s->opts->common, &s->log,
					      &s->host, &err);

		code = host_code < 0 ? LHK_ENOMEM : code;
	}
	if (s->host != NULL) {
		main_loop_open (&s->loop, s->host);
		async_stdio_open (&s->stdio, &s->loop, s->dir);
	}
	if (s->opts->jobs != NULL)
		run_jobs (s, code, &err);
	else
		run_one (s, code, &err);
	s->stdio.n_settled = signals_count ();
	async_stdio_close (&s->stdio);
	main_loop_close (&s->loop);
	tool_calls_close (s);
	lhk_host_free (s->host);
	tool_texts_free (&texts);
}

static void
append_held (void *user, const char *data, size_t len)
{
	(void) !spool_push (user, data, len);
}

/* Until the host is there writes block. */
static void
open_output (struct tool_session *s)
{
	const char *dir = getenv ("TMPDIR");

	s->dir = dir != NULL && dir[0] == '/' ? dir : "/tmp";
	async_stdio_init (&s->stdio, s->who);
	s->stdio.json.is_on = isatty (STDOUT_FILENO);
	if (s->opts->jobs != NULL)
		s->stdio.consequence = "no more calls are started";
	log_init (&s->log, s->opts->common.log,
		  options_level (&s->opts->common), async_stdio_write_err,
		  &s->stdio);
	outbuf_init (&s->out, async_stdio_write_out, &s->stdio);
	outbuf_init (&s->held_out, append_held, NULL);
}

/* -1, or the exit status.  Of one call also a wrong option is the result. */
static int
read_options (const struct cli_command *self, int argc, char **argv,
	      struct tool_options *o, struct opt_operands *command)
{
	char id[LHK_TOOL_ID_MAX + 1];
	struct lhk_error err = { 0, 0, "" };
	int status = cli_parse_why (self, argc, argv, o, command, &err);

	if (status < 0 && tool_options_check (o, command->n, &err) < 0) {
		cli_say (self->name, "%s", err.text);
		status = STATUS_USAGE;
	}
	if (status < 0 && command->n > 0
	    && program_check (self->name, command->items[0],
			      (const char *const *) environ, o->cwd, &err)
		       < 0) {
		cli_say (self->name, "%s", err.text);
		status = STATUS_USAGE;
	}
	if (status <= 0 || o->jobs != NULL)
		return status;
	tool_id_of (command->n > 0 ? command->items[0] : "", id);
	tool_print_usage_error (id, err.text);
	return status;
}

static int
run_tool (const struct cli_command *self, int argc, char **argv)
{
	struct tool_options o;
	struct opt_operands command = { NULL, 0 };
	struct tool_session *s;
	int status;

	signals_catch ();
	signals_reap_orphans ();
	tool_options_init (&o);
	status = read_options (self, argc, argv, &o, &command);
	if (status < 0) {
		s = mem_zero (&mem_system, sizeof *s);
		status = STATUS_HOST;
		if (s != NULL) {
			s->who = self->name;
			s->opts = &o;
			open_output (s);
			run_session (s, command.items);
			status = s->status;
		} else {
			cli_say (self->name, "out of memory");
		}
		mem_free (&mem_system, s, sizeof *s);
	}
	opt_operands_free (&command);
	tool_options_free (&o);
	return status;
}

const struct cli_command cmd_tool = {
	"tool",
	"[OPTIONS] -- COMMAND [ARG...]",
	"Call a tool with one JSON request and print one JSON result.",
	run_tool,
	tool_groups,
	NULL,
	OPT_COMMAND_LINE,
	"linehook tool --input '{\"city\":\"Oslo\"}' --timeout 30s -- "
	"node weather.mjs",
	NULL,
};
