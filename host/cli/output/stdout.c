/* SPDX-License-Identifier: MIT */
/*
 * stdout.c - stdout of the subcommands on kept runs.
 *
 * stdio loses what a pipe that does not block has no room for; here all of it
 * goes out, however slowly it is read.  A reader that has gone is no error:
 * it has seen what it wanted.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/records/records.h"

static char buffer[65536];
static size_t waiting;
static int lost_errno;

static int
is_gone (int sys_errno)
{
	return sys_errno == EPIPE || sys_errno == ECONNRESET
	       || (sys_errno == EIO && isatty (STDOUT_FILENO));
}

/* 1: try again; 0: it will not be taken. */
static int
can_wait (int sys_errno)
{
	struct pollfd p = { STDOUT_FILENO, POLLOUT, 0 };

	if (sys_errno == EAGAIN)
		poll (&p, 1, -1);
	return sys_errno == EAGAIN || sys_errno == EINTR;
}

static void
write_out (const char *data, size_t len)
{
	ssize_t n;

	while (len > 0 && lost_errno == 0) {
		n = write (STDOUT_FILENO, data, len);
		if (n >= 0) {
			data += n;
			len -= (size_t) n;
		} else if (!can_wait (errno)) {
			lost_errno = errno;
		}
	}
}

void
stdout_put (const char *data, size_t len)
{
	if (len > sizeof buffer - waiting) {
		write_out (buffer, waiting);
		waiting = 0;
	}
	if (len > sizeof buffer) {
		write_out (data, len);
		return;
	}
	memcpy (buffer + waiting, data, len);
	waiting += len;
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
		if (lost_errno == 0)
			lost_errno = ENOMEM;
		return;
	}
	stdout_put (text, (size_t) len);
	free (text);
}

int
stdout_going (void)
{
	return lost_errno == 0;
}

int
stdout_flush (void)
{
	write_out (buffer, waiting);
	waiting = 0;
	return stdout_going ();
}

int
stdout_printed (const struct kept_call *c)
{
	stdout_flush ();
	if (lost_errno == 0 || is_gone (lost_errno))
		return 0;
	cli_say (c->self->name, "cannot write to standard output: %s",
		 strerror (lost_errno));
	return STATUS_HOST;
}
