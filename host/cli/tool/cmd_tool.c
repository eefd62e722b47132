/* SPDX-License-Identifier: MIT */
/* cmd_tool.c - `linehook tool': calls of tools, a result each. */
#include "config.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/reaper.h"
#include "cli/output/signals.h"
#include "cli/output/stdout.h"
#include "cli/tool/cmd_tool.h"
#include "common/mem.h"

static size_t
at_once (const struct tool_options *o)
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

/* Wait until the host, or whoever writes the jobs, has something for us; 0,
 * or -1 after a sentence. */
static int
turn (struct tool_session *d, struct tool_jobs *jobs)
{
	struct pollfd p[2] = {
		{ main_loop_fd (&d->loop), POLLIN, 0 },
		{ -1, POLLIN, 0 },
	};
	int code = p[0].fd;

	if (jobs != NULL)
		p[1].fd = tool_jobs_fd (jobs);
	if (code >= 0) {
		(void) !poll (p, 2, -1);
		if (p[1].fd >= 0 && p[1].revents != 0)
			tool_jobs_read (jobs);
		code = main_loop_turn (&d->loop, 0);
	}
	if (code >= 0)
		return 0;
	async_stdio_say (&d->stdio, "the loop failed: %s", lhk_strerror (code));
	d->status = tool_worse (d->status, STATUS_HOST);
	return -1;
}

/* Until every call has its result. */
static void
follow (struct tool_session *d, struct tool_jobs *jobs)
{
	do {
		tool_calls_hear (d);
		tool_print_settle (d);
		while (jobs != NULL && tool_jobs_begin (jobs))
			tool_print_settle (d);
	} while ((d->n > 0 || (jobs != NULL && !tool_jobs_over (jobs)))
		 && turn (d, jobs) == 0);
}

static void
one (struct tool_session *d, int code, const struct lhk_error *err)
{
	const struct tool_request_opts *ask = &d->defaults;

	if (code == LHK_EINVAL)
		tool_call_none (d, ask, 0, LHK_TOOL_ERROR_VALIDATE, err->text,
				STATUS_USAGE);
	else if (code == LHK_ENOMEM)
		tool_call_none (d, ask, 0, LHK_TOOL_ERROR_START, err->text,
				STATUS_HOST);
	else
		tool_call_begin (d, ask, 0);
	follow (d, NULL);
}

/* CODE and ERR: how the texts of the defaults were read. */
static void
many (struct tool_session *d, int code, struct lhk_error *err)
{
	struct tool_jobs *jobs = NULL;

	if (code == LHK_OK)
		code = tool_jobs_open (d, d->opts->jobs, &jobs, err);
	if (code == LHK_OK) {
		follow (d, jobs);
		tool_jobs_close (jobs);
	} else if (code == LHK_AGAIN) {
		d->status = 128 + signals_first ();
	} else {
		async_stdio_say (&d->stdio, "%s", err->text);
		d->status = code == LHK_EINVAL ? STATUS_USAGE : STATUS_HOST;
	}
}

/* What keeps us from any call is a result too, if there is but one. */
static void
serve (struct tool_session *d, const char *const *words)
{
	struct lhk_error err = { 0, 0, "" };
	struct tool_texts texts;
	int code = LHK_OK;

	if (tool_calls_open (d, at_once (d->opts)) < 0) {
		async_stdio_say (&d->stdio, "out of memory");
		d->status = STATUS_HOST;
		return;
	}
	code = tool_request_opts_parse (d->opts, words, &texts, &d->defaults,
					&err);
	if (code == LHK_OK || code == LHK_AGAIN) {
		int made = options_host (&d->opts->common, &d->log, &d->host,
					 &err);

		code = made < 0 ? LHK_ENOMEM : code;
	}
	if (d->host != NULL) {
		main_loop_open (&d->loop, d->host);
		async_stdio_open (&d->stdio, &d->loop, d->dir);
	}
	if (d->opts->jobs != NULL)
		many (d, code, &err);
	else
		one (d, code, &err);
	d->stdio.n_settled = signals_count ();
	async_stdio_close (&d->stdio);
	main_loop_close (&d->loop);
	if (stdout_error () != 0)
		d->status = tool_worse (d->status, STATUS_HOST);
	tool_calls_close (d);
	lhk_host_free (d->host);
	tool_texts_free (&texts);
}

static void
keep_result (void *user, const char *data, size_t len)
{
	(void) !spool_push (user, data, len);
}

/* Until the host is there writes block. */
static void
open_output (struct tool_session *d)
{
	const char *dir = getenv ("TMPDIR");

	d->dir = dir != NULL && dir[0] == '/' ? dir : "/tmp";
	async_stdio_init (&d->stdio, d->who);
	if (d->opts->jobs != NULL)
		d->stdio.consequence = "no further call is begun";
	log_init (&d->log, d->opts->common.log,
		  options_level (&d->opts->common), async_stdio_write_err,
		  &d->stdio);
	outbuf_init (&d->out, async_stdio_write_out, &d->stdio);
	outbuf_init (&d->keep, keep_result, NULL);
}

static int
run_tool (const struct cli_command *self, int argc, char **argv)
{
	struct lhk_error err = { 0, 0, "" };
	struct tool_options o;
	struct opt_operands words = { NULL, 0 };
	struct tool_session *d;
	int status;

	signals_catch ();
	reaper_start ();
	tool_options_init (&o);
	status = cli_parse (self, argc, argv, &o, &words);
	if (status < 0 && tool_options_check (&o, words.n, &err) < 0) {
		cli_say (self->name, "%s", err.text);
		status = STATUS_USAGE;
	}
	if (status < 0) {
		d = mem_zero (&mem_system, sizeof *d);
		status = STATUS_HOST;
		if (d != NULL) {
			d->who = self->name;
			d->opts = &o;
			open_output (d);
			serve (d, words.items);
			status = d->status;
		} else {
			cli_say (self->name, "out of memory");
		}
		mem_free (&mem_system, d, sizeof *d);
	}
	opt_operands_free (&words);
	tool_options_free (&o);
	return status;
}

const struct cli_command cmd_tool = {
	"tool",
	"[OPTIONS] -- COMMAND [ARG...]",
	"Call a tool: one JSON request in, one JSON result out.",
	run_tool,
	tool_groups,
	NULL,
	0,
};
