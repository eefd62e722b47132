/* SPDX-License-Identifier: MIT */
/* messages.c - what a run writes to stderr, beside the log. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/output/signals.h"
#include "cli/output/terminal_caps.h"
#include "cli/run/cmd_run.h"
#include "common/clock.h"

#define WIPE "\r\x1b[2K"
#define SENTENCE_MAX 512

/* Everything that goes to stderr comes through here: the status line is wiped,
 * and an open line of stdout is finished first. */
static void
write_stderr (struct run_command *r, const char *data, size_t len)
{
	status_wipe (&r->status, clock_now_ms ());
	if (!r->mid_error)
		output_end_line (&r->session->out);
	if (len == 0)
		return;
	r->mid_error = data[len - 1] != '\n';
	if (r->detach.mode == DETACH_NONE) {
		async_stdio_write_err (&r->session->stdio, data, len);
		return;
	}
	detach_check_start (&r->detach, r->run, r->record_dir);
	detach_write (&r->detach, data, len);
}

/* What is ours, not the agent's: on a terminal it has lines of its own. */
static void
write_own (void *user, const char *data, size_t len)
{
	struct run_command *r = user;

	if (r->mid_error && isatty (STDERR_FILENO))
		write_stderr (r, "\n", 1);
	write_stderr (r, data, len);
}

/* Something goes to stdout. */
static void
before_output (void *user)
{
	struct run_command *r = user;

	status_wipe (&r->status, clock_now_ms ());
	if (!r->mid_error || !r->session->out.with_stderr)
		return;
	async_stdio_write_err (&r->session->stdio, "\n", 1);
	r->mid_error = 0;
}

void
run_command_forward (struct run_command *r, const char *data, size_t len)
{
	if (isatty (STDERR_FILENO))
		terminal_screen_feed (&r->screen, data, len);
	write_stderr (r, data, len);
}

/* The terminal may have shown "^C". */
static void
begin_line (struct run_command *r)
{
	write_own (r, "", 0);
	if (terminal_is_able (STDERR_FILENO))
		async_stdio_write_err (&r->session->stdio, WIPE,
				       sizeof WIPE - 1);
}

void
run_command_inform (struct run_command *r, const char *code, const char *fmt,
		    ...)
{
	char text[SENTENCE_MAX];
	va_list args;

	va_start (args, fmt);
	vsnprintf (text, sizeof text, fmt, args);
	va_end (args);
	if (!r->interactive) {
		log_say (&r->session->log, LHK_LOG_INFO, code, "%s", text);
		return;
	}
	begin_line (r);
	async_stdio_say (&r->session->stdio, "%s", text);
}

/* The reset sequences go to the descriptor that the command's bytes went to,
 * so that they are ordered after them. */
void
run_command_reset_screen (struct run_command *r)
{
	struct outbuf *o =
		isatty (STDERR_FILENO) ? &r->status_out : &r->session->out.out;
	int fd = isatty (STDERR_FILENO) ? STDERR_FILENO : STDOUT_FILENO;

	output_flush (&r->session->out);
	if (!terminal_is_able (fd) || terminal_is_anothers (fd))
		return;
	terminal_screen_undo (&r->screen, o);
	outbuf_flush (o);
}

/* There is a status line only if stdout and stderr are terminals, and the format
 * is not one that programs read. */
static void
open_status (struct run_command *r)
{
	int format = r->session->out.format;
	int on = format != FORMAT_EVENTS && format != FORMAT_RAW
		 && r->interactive && terminal_is_able (STDOUT_FILENO)
		 && terminal_is_able (STDERR_FILENO);

	outbuf_init (&r->status_out, async_stdio_write_err, &r->session->stdio);
	status_init (&r->status, on ? &r->status_out : NULL, clock_now_ms ());
	r->status.dim = terminal_has_colors (STDERR_FILENO);
	if (on)
		signals_catch_resize ();
}

static void
inform_waiting (void *user, uint64_t bytes)
{
	run_command_inform (
		user, "cancel",
		"the command has ended, but %llu bytes of its output have not "
		"been read yet; another signal drops them",
		(unsigned long long) bytes);
}

void
run_command_open (struct run_command *r)
{
	const char *dir = getenv ("TMPDIR");
	const struct options *o = &r->opts->common;
	struct async_stdio *s = &r->session->stdio;

	r->interactive = r->detach.mode == DETACH_NONE && !o->quiet
			 && o->log == LOG_LOGFMT && isatty (STDERR_FILENO);
	main_loop_open (&r->session->loop, r->session->host);
	/* A log in a file waits for nobody. */
	if (r->detach.mode == DETACH_NONE)
		async_stdio_open (s, &r->session->loop,
				  dir != NULL && dir[0] == '/' ? dir : NULL);
	else
		signals_wake (r->session->host);
	s->write_err = write_own;
	s->waiting = inform_waiting;
	s->user = r;
	r->session->out.before_write = before_output;
	r->session->out.user = r;
	r->session->log.out.write = write_own;
	r->session->log.out.user = r;
	if (session_shows_stderr (r->session))
		log_lines_init (&r->lines, output_stderr, &r->session->out);
	else
		log_lines_init (&r->lines, log_stderr, &r->session->log);
	open_status (r);
}

void
run_command_close (struct run_command *r)
{
	async_stdio_close (&r->session->stdio);
	r->session->stdio.write_err = session_write_err;
	r->session->stdio.waiting = NULL;
	r->session->stdio.user = r->session;
	r->session->out.before_write = NULL;
	r->session->log.out.write = session_write_err;
	r->session->log.out.user = r->session;
}
