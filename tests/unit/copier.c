/* SPDX-License-Identifier: MIT */
/* copier.c - bytes from any descriptor into a pipe, as they come. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/fd.h"
#include "common/mem.h"
#include "io/copier.h"
#include "lib/leaks.h"
#include "lib/tap.h"

struct bench {
	struct loop *loop;
	struct copier copier;
	int source[2]; /* its reading end, and where tests write */
	int out;       /* the agent's end */
	int failed;    /* the errno of a failure */
};

static void
note_failure (void *user, int sys_errno)
{
	((struct bench *) user)->failed = sys_errno;
}

/* Copy from b->source[0]. */
static void
begin (struct bench *b)
{
	struct copier empty = COPIER_INIT;
	struct lhk_error err;

	b->copier = empty;
	b->failed = 0;
	CU_ASSERT_EQUAL_FATAL (loop_new (&mem_system, &b->loop, &err), LHK_OK);
	TAP_EQ_INT (copier_is_for (b->source[0]), 1);
	CU_ASSERT_EQUAL_FATAL (copier_start (&b->copier, b->loop, b->source[0],
					     &b->out, note_failure, b),
			       0);
}

static void
begin_pipe (struct bench *b)
{
	if (pipe (b->source) < 0)
		abort ();
	begin (b);
}

static void
finish (struct bench *b)
{
	copier_stop (&b->copier, 0);
	copier_stop (&b->copier, 0);
	loop_free (b->loop);
	fd_close (&b->source[0]);
	fd_close (&b->source[1]);
	fd_close (&b->out);
}

/* Turn the loop until it has nothing to do. */
static void
settle (struct bench *b)
{
	int i;

	for (i = 0; i < 50; i++)
		loop_turn (b->loop, 0);
}

static int
unread (int fd)
{
	int n = -1;

	ioctl (fd, FIONREAD, &n);
	return n;
}

static void
put (struct bench *b, const char *text)
{
	TAP_EQ_INT (write (b->source[1], text, strlen (text)), strlen (text));
	settle (b);
}

static void
as_they_come (struct bench *b)
{
	char buf[32];

	settle (b);
	TAP_EQ_INT (unread (b->out), 0);
	put (b, "one");
	TAP_EQ_MEM (buf, read (b->out, buf, sizeof buf), "one", 3);
	put (b, "two");
	put (b, "three");
	fd_close (&b->source[1]);
	settle (b);
	TAP_EQ_MEM (buf, read (b->out, buf, sizeof buf), "twothree", 8);
	TAP_EQ_INT (read (b->out, buf, sizeof buf), 0);
	TAP_EQ_INT (b->failed, 0);
	TAP_EQ_INT (b->copier.from_fd, -1);
}

static void
from_a_pipe (void)
{
	struct bench b;

	begin_pipe (&b);
	as_they_come (&b);
	finish (&b);
}

static void
from_a_socket (void)
{
	struct bench b;

	if (socketpair (AF_UNIX, SOCK_STREAM, 0, b.source) < 0)
		abort ();
	begin (&b);
	as_they_come (&b);
	finish (&b);
}

/* Others who have the source open see no change of its flags, and the agent
 * waits for its input as usual. */
static void
flags (void)
{
	struct bench b;

	begin_pipe (&b);
	TAP_EQ_INT (fcntl (b.source[0], F_GETFL) & O_NONBLOCK, 0);
	TAP_EQ_INT (fcntl (b.out, F_GETFL) & O_NONBLOCK, 0);
	finish (&b);
}

/* What nobody reads stays in the source, and the loop rests. */
static void
back_pressure (void)
{
	static char block[65536];
	size_t in_pipe = 0;
	struct bench b;
	int i;

	begin_pipe (&b);
	fcntl (b.source[1], F_SETFL, O_NONBLOCK);
	for (i = 0; i < 50; i++) {
		(void) !write (b.source[1], block, sizeof block);
		loop_turn (b.loop, 0);
	}
	TAP_EQ_INT (unread (b.out), FD_PIPE_DEFAULT_SIZE);
	TAP_EQ_INT (unread (b.source[0]), FD_PIPE_DEFAULT_SIZE);
	/* Its writers go, so that it is always ready: still nothing to do. */
	fd_close (&b.source[1]);
	settle (&b);
	TAP_EQ_INT (b.copier.from.fd, -1);
	while (in_pipe < 2 * FD_PIPE_DEFAULT_SIZE) {
		in_pipe += (size_t) read (b.out, block, 5000);
		settle (&b);
	}
	TAP_EQ_INT (in_pipe, 2 * FD_PIPE_DEFAULT_SIZE);
	TAP_EQ_INT (read (b.out, block, 1), 0);
	finish (&b);
}

/* No reader is left: no signal comes, nothing fails. */
static void
no_reader (void)
{
	struct bench b;

	begin_pipe (&b);
	fd_close (&b.out);
	put (&b, "for nobody");
	TAP_EQ_INT (b.failed, 0);
	finish (&b);
}

static void
broken_source (void)
{
	struct bench b;
	char c;

	if (socketpair (AF_UNIX, SOCK_STREAM, 0, b.source) < 0)
		abort ();
	/* Unread bytes at the other end make this one's read fail. */
	TAP_EQ_INT (write (b.source[0], "x", 1), 1);
	begin (&b);
	fd_close (&b.source[1]);
	settle (&b);
	TAP_EQ_INT (b.failed, ECONNRESET);
	TAP_EQ_INT (read (b.out, &c, 1), 0);
	finish (&b);
}

static void
what_is_copied (void)
{
	int fds[2];
	int file = open ("/dev/null", O_RDONLY);

	TAP_EQ_INT (copier_is_for (file), 0);
	close (file);
	TAP_EQ_INT (copier_is_for (file), -1);
	if (pipe (fds) < 0)
		abort ();
	TAP_EQ_INT (copier_is_for (fds[0]), 1);
	close (fds[0]);
	close (fds[1]);
}

int
main (void)
{
	static const struct tap_case cases[] = {
		{ "copier_gives_the_bytes_of_a_pipe_as_they_come",
		  from_a_pipe },
		{ "copier_gives_the_bytes_of_a_socket_as_they_come",
		  from_a_socket },
		{ "copier_changes_no_flags", flags },
		{ "copier_reads_no_further_than_there_is_room", back_pressure },
		{ "copier_without_a_reader_is_no_failure", no_reader },
		{ "copier_says_why_a_source_failed", broken_source },
		{ "copier_is_for_what_may_have_to_be_waited_for",
		  what_is_copied },
		{ NULL, NULL },
	};

	return tap_run ("copier", cases);
}
