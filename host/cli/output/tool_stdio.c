/* SPDX-License-Identifier: MIT */
/* tool_stdio.c - stdout and stderr of `tool', and waiting for their readers. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/output/signals.h"
#include "cli/tool/cmd_tool.h"

#define SENTENCE_MAX 512

/* Once a signal has come, a reader that takes nothing for so long is waited
 * for no more. */
#define READER_MS 5000

static int64_t
now_ms (void)
{
	struct timespec t;

	clock_gettime (CLOCK_MONOTONIC, &t);
	return (int64_t) t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
put_error (void *user, const char *data, size_t len)
{
	struct tool_session *d = user;

	if (d->errors != NULL)
		async_writer_write (d->errors, data, len);
	else
		log_to_fd (&d->log_fd, data, len);
}

void
tool_say (struct tool_session *d, const char *fmt, ...)
{
	char text[SENTENCE_MAX];
	va_list args;
	size_t len;

	va_start (args, fmt);
	len = cli_sentence (text, sizeof text, d->who, fmt, args);
	va_end (args);
	put_error (d, text, len);
}

static void
lose (struct tool_session *d, int sys_errno)
{
	if (d->lost_errno != 0)
		return;
	d->lost_errno = sys_errno;
	d->status = tool_worse (d->status, STATUS_HOST);
	tool_say (d, "cannot write to standard output: %s%s",
		  strerror (sys_errno),
		  d->opts->jobs == NULL ? "" : "; no further call is begun");
}

static void
write_waiting (struct tool_session *d, const char *data, size_t len)
{
	while (len > 0 && d->lost_errno == 0) {
		struct pollfd p = { STDOUT_FILENO, POLLOUT, 0 };
		ssize_t n = write (STDOUT_FILENO, data, len);

		if (n < 0 && errno == EAGAIN)
			poll (&p, 1, -1);
		else if (n < 0 && errno != EINTR)
			lose (d, errno);
		if (n < 0)
			continue;
		data += n;
		len -= (size_t) n;
	}
}

static void
put_result (void *user, const char *data, size_t len)
{
	struct tool_session *d = user;

	if (d->lost_errno != 0)
		return;
	if (d->results == NULL) {
		write_waiting (d, data, len);
		return;
	}
	async_writer_write (d->results, data, len);
	if (async_writer_error (d->results) != 0)
		lose (d, async_writer_error (d->results));
}

static void
put_kept (void *user, const char *data, size_t len)
{
	(void) !spool_push (user, data, len);
}

void
tool_stdio_init (struct tool_session *d)
{
	const char *dir = getenv ("TMPDIR");

	d->dir = dir != NULL && dir[0] == '/' ? dir : "/tmp";
	d->log_fd = STDERR_FILENO;
	log_init (&d->log, d->opts->common.log,
		  options_level (&d->opts->common), put_error, d);
	outbuf_init (&d->out, put_result, d);
	outbuf_init (&d->keep, put_kept, NULL);
}

/* What cannot be had, a closed descriptor for instance, is written to the
 * plain way, which then says so. */
void
tool_stdio_open (struct tool_session *d)
{
	main_loop_open (&d->loop, d->host);
	main_loop_writer (&d->loop, STDOUT_FILENO, d->dir, &d->results);
	main_loop_writer (&d->loop, STDERR_FILENO, d->dir, &d->errors);
	signals_wake (d->host);
}

/* 1: the reader of S is not waited for any more. */
static int
is_over (struct async_writer *s, unsigned int before, int64_t since_ms)
{
	unsigned int n = signals_count ();

	if (async_writer_error (s) != 0 || async_writer_waiting (s) == 0)
		return 1;
	return n > 0
	       && ((n > before && n > 1) || now_ms () - since_ms >= READER_MS);
}

static void
wait_for_reader (struct tool_session *d, struct async_writer *s)
{
	unsigned int before = signals_count ();
	uint64_t left = async_writer_waiting (s);
	int64_t since = now_ms ();
	int code = LHK_OK;

	while (code >= 0 && !is_over (s, before, since)) {
		code = main_loop_turn (&d->loop, READER_MS / 10);
		if (async_writer_waiting (s) != left || signals_count () == 0)
			since = now_ms ();
		left = async_writer_waiting (s);
	}
}

void
tool_stdio_close (struct tool_session *d)
{
	struct async_writer *s = d->results;

	if (s != NULL) {
		wait_for_reader (d, s);
		if (async_writer_error (s) != 0)
			lose (d, async_writer_error (s));
		else if (async_writer_waiting (s) > 0)
			lose (d, EINTR);
		else if (async_writer_lost (s) > 0)
			lose (d, ENOSPC);
		d->results = NULL;
		async_writer_free (s);
	}
	if (d->errors != NULL)
		wait_for_reader (d, d->errors);
	async_writer_free (d->errors);
	d->errors = NULL;
	main_loop_close (&d->loop);
	signals_wake (NULL);
}
