/* SPDX-License-Identifier: MIT */
/* stdout.c - standard output, with one rule for every subcommand. */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/stdout.h"
#include "cli/output/terminal_json.h"
#include "cli/sentence.h"
#include "common/io.h"

static char buffer[65536];
static size_t n_buffered;
static struct terminal_json json;
static int terminal_is_known;
static int first_errno;
static int is_reported;

/* EIO is the error of a terminal that has hung up, of which isatty says that
 * it is none, with EIO again. */
static int
reader_has_gone (int sys_errno)
{
	return sys_errno == EPIPE || sys_errno == ECONNRESET
	       || (sys_errno == EIO
		   && (isatty (STDOUT_FILENO) || errno == EIO));
}

static void
write_out (const char *data, size_t len)
{
	int r = 0;

	if (first_errno == 0 && len > 0)
		r = io_write_full (STDOUT_FILENO, data, len);
	if (r < 0)
		stdout_fail (-r);
}

static void
buffer_put (void *user, const char *data, size_t len)
{
	(void) user;
	if (len > sizeof buffer - n_buffered)
		stdout_flush ();
	if (len > sizeof buffer) {
		write_out (data, len);
		return;
	}
	memcpy (buffer + n_buffered, data, len);
	n_buffered += len;
}

void
stdout_put (const char *data, size_t len)
{
	const int sys_errno = errno;

	if (!terminal_is_known) {
		terminal_is_known = 1;
		json.is_on = isatty (STDOUT_FILENO);
		errno = sys_errno;
	}
	terminal_json_write (&json, data, len, buffer_put, NULL);
}

void
stdout_write (void *user, const char *data, size_t len)
{
	(void) user;
	stdout_put (data, len);
}

void
stdout_printf (const char *fmt, ...)
{
	va_list args;
	char *text = NULL;
	int len;

	va_start (args, fmt);
	len = vasprintf (&text, fmt, args);
	va_end (args);
	if (len < 0) {
		stdout_fail (ENOMEM);
		return;
	}
	stdout_put (text, (size_t) len);
	free (text);
}

int
stdout_is_taken (void)
{
	return first_errno == 0;
}

int
stdout_flush (void)
{
	write_out (buffer, n_buffered);
	n_buffered = 0;
	return stdout_is_taken ();
}

int
stdout_error (void)
{
	return reader_has_gone (first_errno) ? 0 : first_errno;
}

void
stdout_fail (int sys_errno)
{
	if (first_errno == 0)
		first_errno = sys_errno;
}

void
stdout_set_reported (void)
{
	is_reported = 1;
}

int
stdout_finish (const char *who, int status)
{
	terminal_json_end (&json, buffer_put, NULL);
	stdout_flush ();
	if (stdout_error () == 0)
		return status;
	if (!is_reported)
		cli_say (who, "cannot write to standard output: %s",
			 strerror (stdout_error ()));
	is_reported = 1;
	return status == 0 ? STATUS_HOST : status;
}
