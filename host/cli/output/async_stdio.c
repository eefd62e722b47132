/* SPDX-License-Identifier: MIT */
/* async_stdio.c - what is written to stderr, and the last bytes. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/run/cmd_run.h"
#include "cli/output/signals.h"

#define WIPE "\r\x1b[2K"
#define SENTENCE_MAX 512

/* Once a signal has come, a reader of our output that takes nothing for so
 * long is waited for no more. */
#define READER_MS 5000

static void
put_errors (void *user, const char *data, size_t len)
{
	struct run_command *r = user;

	if (r->errors != NULL)
		async_writer_write (r->errors, data, len);
	else
		log_to_fd (&r->job->log_fd, data, len);
}

/* A record, or the stderr of the command: the status line makes way. */
static void
speak (void *user, const char *data, size_t len)
{
	struct run_command *r = user;

	status_wipe (&r->status, run_command_now_ms ());
	if (len == 0)
		return;
	r->mid_error = data[len - 1] != '\n';
	put_errors (r, data, len);
}

void
run_command_forward (struct run_command *r, const char *data, size_t len)
{
	if (isatty (STDERR_FILENO))
		screen_feed (&r->screen, data, len);
	speak (r, data, len);
}

void
run_command_write_stderr (struct run_command *r, const char *fmt, ...)
{
	char text[SENTENCE_MAX];
	va_list args;
	size_t len;

	va_start (args, fmt);
	len = cli_sentence (text, sizeof text, r->job->who, fmt, args);
	va_end (args);
	speak (r, text, len);
}

/* The terminal has shown "^C", or the middle of a line. */
static void
begin_line (struct run_command *r)
{
	status_wipe (&r->status, run_command_now_ms ());
	if (r->mid_error || (r->job->out.mid_text && isatty (r->job->out.fd)))
		speak (r, "\n", 1);
	else if (terminal_is_able (STDERR_FILENO))
		put_errors (r, WIPE, sizeof WIPE - 1);
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
	if (!r->person) {
		log_say (&r->job->log, LHK_LOG_INFO, code, "%s", text);
		return;
	}
	begin_line (r);
	run_command_write_stderr (r, "%s", text);
}

/* Through the way that its bytes went, so that it comes behind them. */
void
run_command_undo (struct run_command *r)
{
	struct outbuf *o =
		isatty (STDERR_FILENO) ? &r->status_out : &r->job->out.out;
	int fd = isatty (STDERR_FILENO) ? STDERR_FILENO : STDOUT_FILENO;

	output_flush (&r->job->out);
	if (!terminal_is_able (fd) || terminal_is_anothers (fd))
		return;
	screen_undo (&r->screen, o);
	outbuf_flush (o);
}

/* For people alone: both ends are a terminal, and words were wanted. */
static void
open_status (struct run_command *r)
{
	int on = r->job->out.text != NULL && r->person
		 && terminal_is_able (STDOUT_FILENO)
		 && terminal_is_able (STDERR_FILENO);

	outbuf_init (&r->status_out, put_errors, r);
	status_init (&r->status, on ? &r->status_out : NULL,
		     run_command_now_ms ());
}

/* What cannot be had, a closed descriptor for instance, is written to the
 * plain way, which then says so. */
void
run_command_open (struct run_command *r)
{
	const char *dir = getenv ("TMPDIR");
	const struct options *o = &r->opts->common;
	struct async_writer *out;

	if (dir != NULL && dir[0] != '/')
		dir = NULL;
	r->person = !o->quiet && o->log == LOG_LOGFMT && isatty (STDERR_FILENO);
	main_loop_open (&r->job->loop, r->job->host);
	main_loop_writer (&r->job->loop, STDOUT_FILENO, dir, &out);
	if (out != NULL)
		output_through (&r->job->out, out, run_command_wait, r);
	main_loop_writer (&r->job->loop, STDERR_FILENO, dir, &r->errors);
	r->job->log.out.write = speak;
	r->job->log.out.user = r;
	lines_init (&r->lines, &r->job->log);
	terminal_open (&r->terminal);
	open_status (r);
	signals_wake (r->job->host);
}

/* 1: nobody waits for this reader any more. */
static int
is_over (const struct run_command *r, int64_t since_ms)
{
	unsigned int n = signals_count ();

	if (n == 0)
		return 0;
	return (n > r->settled && n > 1)
	       || run_command_now_ms () - since_ms >= READER_MS;
}

void
run_command_wait (void *user, struct async_writer *spill)
{
	struct run_command *r = user;
	int64_t since = run_command_now_ms ();
	uint64_t left = async_writer_waiting (spill);
	int code = LHK_OK;

	while (async_writer_error (spill) == 0
	       && async_writer_waiting (spill) > 0 && code >= 0
	       && !is_over (r, since)) {
		if (r->heard != signals_count ()) {
			r->heard = signals_count ();
			since = run_command_now_ms ();
			run_command_inform (
				r, "cancel",
				"the command has ended; %llu "
				"bytes wait for the reader of its output, "
				"another signal drops them",
				(unsigned long long) left);
		}
		code = main_loop_turn (&r->job->loop,
				       r->heard == 0 ? -1 : READER_MS / 10);
		if (async_writer_waiting (spill) != left) {
			left = async_writer_waiting (spill);
			since = run_command_now_ms ();
		}
	}
}

void
run_command_close (struct run_command *r)
{
	if (r->errors != NULL)
		run_command_wait (r, r->errors);
	r->job->log.out.write = log_to_fd;
	r->job->log.out.user = &r->job->log_fd;
	async_writer_free (r->errors);
	r->errors = NULL;
	signals_wake (NULL);
}
