/* SPDX-License-Identifier: MIT */
/* async_stdio.c - output that does not wait for its readers before the end. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/output/async_stdio.h"
#include "cli/output/signals.h"
#include "cli/output/stdout.h"
#include "common/clock.h"
#include "common/io.h"

#define SENTENCE_MAX 512

/* Bytes of a line that is printed as it is. */
#define PRINTED_MAX 4096

/* Once a signal has come, a reader that takes nothing for so long is waited
 * for no more. */
#define READER_MS 5000

/* After a signal: how often that time is looked at. */
#define CHECK_MS 500

void
async_stdio_init (struct async_stdio *s, const char *who)
{
	memset (s, 0, sizeof *s);
	s->who = who;
}

/* What cannot be opened (a closed descriptor, say) is written by blocking
 * writes, which report the error. */
void
async_stdio_open (struct async_stdio *s, struct main_loop *loop,
		  const char *dir)
{
	s->loop = loop;
	main_loop_writer (loop, STDOUT_FILENO, dir, &s->out);
	main_loop_writer (loop, STDERR_FILENO, dir, &s->err);
	signals_wake (loop->host);
}

void
async_stdio_write_err (void *user, const char *data, size_t len)
{
	struct async_stdio *s = user;

	if (s->err != NULL)
		async_writer_write (s->err, data, len);
	else
		(void) !io_write_full (STDERR_FILENO, data, len);
}

static void
write_sentence (struct async_stdio *s, const char *text, size_t len)
{
	if (s->write_err != NULL)
		s->write_err (s->user, text, len);
	else
		async_stdio_write_err (s, text, len);
}

void
async_stdio_say (struct async_stdio *s, const char *fmt, ...)
{
	char text[SENTENCE_MAX];
	va_list args;
	size_t len;

	va_start (args, fmt);
	len = cli_sentence (text, sizeof text, s->who, fmt, args);
	va_end (args);
	write_sentence (s, text, len);
}

void
async_stdio_print (struct async_stdio *s, const char *fmt, ...)
{
	char text[PRINTED_MAX];
	va_list args;
	int len;

	va_start (args, fmt);
	len = vsnprintf (text, sizeof text, fmt, args);
	va_end (args);
	if (len > 0)
		write_sentence (s, text,
				(size_t) len < sizeof text ? (size_t) len
							   : sizeof text - 1);
}

/* Output is lost by SYS_ERRNO; said at once, as the end may be hours away. */
static void
lose_output (struct async_stdio *s, int sys_errno)
{
	if (!stdout_is_taken ())
		return;
	stdout_fail (sys_errno);
	if (stdout_error () == 0)
		return;
	stdout_set_reported ();
	async_stdio_say (s, "cannot write to standard output: %s%s%s",
			 strerror (sys_errno),
			 s->consequence == NULL ? "" : "; ",
			 s->consequence == NULL ? "" : s->consequence);
}

/* A terminal_json_fn. */
static void
write_out (void *user, const char *data, size_t len)
{
	struct async_stdio *s = user;
	int r;

	if (!stdout_is_taken ())
		return;
	if (s->out != NULL) {
		async_writer_write (s->out, data, len);
		r = -async_writer_error (s->out);
	} else {
		r = io_write_full (STDOUT_FILENO, data, len);
	}
	if (r < 0)
		lose_output (s, -r);
}

void
async_stdio_write_out (void *user, const char *data, size_t len)
{
	struct async_stdio *s = user;

	terminal_json_write (&s->json, data, len, write_out, s);
}

uint64_t
async_stdio_out_waiting (const struct async_stdio *s)
{
	return s->out == NULL ? 0 : async_writer_waiting (s->out);
}

/* ---- the end ---- */

/* 1: this reader, which took something at SINCE_MS, is given up. */
static int
is_given_up (const struct async_stdio *s, int64_t since_ms)
{
	unsigned int n = signals_count ();

	return n > 0
	       && ((n > s->n_settled && n > 1)
		   || clock_now_ms () - since_ms >= READER_MS);
}

/* 1: a signal came since the last call, of which WAITING was told. */
static int
report_signals (struct async_stdio *s, uint64_t bytes)
{
	if (s->n_reported == signals_count ())
		return 0;
	s->n_reported = signals_count ();
	if (s->waiting != NULL)
		s->waiting (s->user, bytes);
	return 1;
}

static void
wait_for_reader (struct async_stdio *s, struct async_writer *w)
{
	int64_t since = clock_now_ms ();
	uint64_t left = async_writer_waiting (w);
	int code = LHK_OK;

	while (async_writer_error (w) == 0 && async_writer_waiting (w) > 0
	       && code >= 0 && !is_given_up (s, since)) {
		if (report_signals (s, left))
			since = clock_now_ms ();
		/* A signal wakes the host. */
		code = main_loop_turn (s->loop,
				       s->n_reported == 0 ? -1 : CHECK_MS);
		if (async_writer_waiting (w) != left) {
			left = async_writer_waiting (w);
			since = clock_now_ms ();
		}
	}
}

static void
lose_bytes (struct async_stdio *s, uint64_t waiting, uint64_t lost)
{
	stdout_fail (waiting > 0 ? EINTR : ENOSPC);
	stdout_set_reported ();
	async_stdio_say (s, "%llu bytes of output were lost: %s",
			 (unsigned long long) (lost + waiting),
			 waiting > 0 ? "a signal came before standard output "
				       "was read"
				     : "neither memory nor disk had room for "
				       "them");
}

void
async_stdio_finish_out (struct async_stdio *s)
{
	struct async_writer *w = s->out;

	terminal_json_end (&s->json, write_out, s);
	if (w == NULL)
		return;
	wait_for_reader (s, w);
	if (async_writer_error (w) != 0)
		lose_output (s, async_writer_error (w));
	else if (async_writer_lost (w) + async_writer_waiting (w) > 0)
		lose_bytes (s, async_writer_waiting (w), async_writer_lost (w));
	async_writer_free (w);
	s->out = NULL;
}

void
async_stdio_close (struct async_stdio *s)
{
	async_stdio_finish_out (s);
	if (s->err != NULL)
		wait_for_reader (s, s->err);
	async_writer_free (s->err);
	s->err = NULL;
	s->loop = NULL;
	signals_wake (NULL);
}
