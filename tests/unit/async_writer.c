/* SPDX-License-Identifier: MIT */
/* async_writer.c - output that waits for slow readers, and ends with dead
 * ones. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/tempdir.h"
#include "lib/trial.h"
#include "io/async_writer.h"
#include "common/mem.h"

#define MIB (1 << 20)

struct fixture {
	struct loop *loop;
	struct async_writer *spill;
	int fds[2]; /* to read from, to write to */
};

static void
fixture_begin (struct fixture *r)
{
	TAP_EQ_INT (loop_new (&mem_system, &r->loop, NULL), LHK_OK);
	TAP_EQ_INT (async_writer_new (&mem_system, r->loop, r->fds[1], "/tmp",
				      &r->spill, NULL),
		    LHK_OK);
}

static void
fixture_end (struct fixture *r)
{
	async_writer_free (r->spill);
	loop_free (r->loop);
	if (r->fds[0] >= 0)
		close (r->fds[0]);
	close (r->fds[1]);
}

static void
write_lines (struct fixture *r, int n)
{
	char line[128];
	int i, len;

	for (i = 0; i < n; i++) {
		len = snprintf (line, sizeof line,
				"line %d of %d, with some"
				" more words to make it longer\n",
				i, n);
		async_writer_write (r->spill, line, (size_t) len);
	}
}

/* Reads all that comes, turning the loop; 1: it is what was written. */
static int
read_lines (struct fixture *r, int n)
{
	char wanted[128], line[128], buf[5000];
	ssize_t got, i;
	size_t len = 0;
	int at = 0;

	fcntl (r->fds[0], F_SETFL, O_NONBLOCK);
	while (at < n) {
		got = read (r->fds[0], buf, sizeof buf);
		if (got < 0 && errno == EAGAIN) {
			if (loop_turn (r->loop, 5000) < 0)
				return 0;
			continue;
		}
		if (got <= 0)
			return 0;
		for (i = 0; i < got; i++) {
			line[len++] = buf[i];
			if (buf[i] != '\n')
				continue;
			line[len] = '\0';
			snprintf (wanted, sizeof wanted,
				  "line %d of %d, with"
				  " some more words to make it longer\n",
				  at++, n);
			if (strcmp (line, wanted) != 0)
				return 0;
			len = 0;
		}
	}
	return 1;
}

static void
slow_pipe (void)
{
	struct fixture r;
	int flags;

	if (pipe (r.fds) < 0)
		exit (99);
	fixture_begin (&r);
	flags = fcntl (r.fds[1], F_GETFL);
	write_lines (&r, 60000);
	/* Nobody read a byte, and we are here: more than memory may hold. */
	CU_ASSERT (async_writer_waiting (r.spill) > 2 * MIB);
	TAP_EQ_INT (fcntl (r.fds[1], F_GETFL), flags);
	CU_ASSERT (read_lines (&r, 60000));
	TAP_EQ_INT (async_writer_waiting (r.spill), 0);
	TAP_EQ_INT (async_writer_error (r.spill), 0);
	TAP_EQ_INT (async_writer_finish (r.spill), LHK_OK);
	fixture_end (&r);
}

static void
slow_socket (void)
{
	struct fixture r;

	if (socketpair (AF_UNIX, SOCK_STREAM, 0, r.fds) < 0)
		exit (99);
	fixture_begin (&r);
	write_lines (&r, 20000);
	CU_ASSERT (async_writer_waiting (r.spill) > 0);
	CU_ASSERT (read_lines (&r, 20000));
	fixture_end (&r);
}

static void
dead_consumer (void)
{
	struct fixture r;
	int before = count_fds ();

	if (pipe (r.fds) < 0)
		exit (99);
	fixture_begin (&r);
	write_lines (&r, 60000);
	close (r.fds[0]);
	r.fds[0] = -1;
	TAP_EQ_INT (loop_turn (r.loop, 5000), LHK_OK);
	TAP_EQ_INT (async_writer_error (r.spill), EPIPE);
	TAP_EQ_INT (async_writer_waiting (r.spill), 0);
	write_lines (&r, 10);
	TAP_EQ_INT (async_writer_waiting (r.spill), 0);
	TAP_EQ_INT (async_writer_finish (r.spill), LHK_OK);
	fixture_end (&r);
	/* Dead from the start. */
	if (pipe (r.fds) < 0)
		exit (99);
	close (r.fds[0]);
	r.fds[0] = -1;
	fixture_begin (&r);
	write_lines (&r, 1);
	TAP_EQ_INT (async_writer_error (r.spill), EPIPE);
	fixture_end (&r);
	TAP_EQ_INT (count_fds (), before);
}

static void
full_disk (void)
{
	struct fixture r;
	int fd = open ("/dev/full", O_WRONLY);

	if (fd < 0) {
		tap_skip ("no /dev/full");
		return;
	}
	r.fds[0] = -1;
	r.fds[1] = fd;
	fixture_begin (&r);
	write_lines (&r, 3);
	TAP_EQ_INT (async_writer_error (r.spill), ENOSPC);
	TAP_EQ_INT (async_writer_finish (r.spill), LHK_OK);
	fixture_end (&r);
}

static void
regular_file (void)
{
	char path[TEMPDIR_PATH];
	struct fixture r;

	tempdir_template (path, "lhk-spill");
	r.fds[1] = mkstemp (path);
	r.fds[0] = open (path, O_RDONLY);
	unlink (path);
	CU_ASSERT_FATAL (r.fds[1] >= 0 && r.fds[0] >= 0);
	fixture_begin (&r);
	write_lines (&r, 5000);
	TAP_EQ_INT (async_writer_waiting (r.spill), 0);
	CU_ASSERT (read_lines (&r, 5000));
	fixture_end (&r);
}

/* At the end it waits for a consumer that goes on reading. */
static void
finish (void)
{
	struct fixture r;
	char buf[65536];
	ssize_t n, total = 0;
	int status = -1;
	pid_t pid;

	if (pipe (r.fds) < 0)
		exit (99);
	fixture_begin (&r);
	write_lines (&r, 30000);
	fflush (stdout);
	pid = fork ();
	if (pid == 0) {
		close (r.fds[1]);
		async_writer_free (r.spill);
		while ((n = read (r.fds[0], buf, sizeof buf)) > 0)
			total += n;
		_exit (total > 30000 * 40 ? 0 : 1);
	}
	TAP_EQ_INT (async_writer_finish (r.spill), LHK_OK);
	TAP_EQ_INT (async_writer_waiting (r.spill), 0);
	TAP_EQ_INT (async_writer_error (r.spill), 0);
	fixture_end (&r);
	waitpid (pid, &status, 0);
	TAP_EQ_INT (status, 0);
}

static void
on_alarm (int signo)
{
	(void) signo;
}

static void
finish_interrupted (void)
{
	struct sigaction act = { .sa_handler = on_alarm };
	struct fixture r;

	sigaction (SIGALRM, &act, NULL);
	if (pipe (r.fds) < 0)
		exit (99);
	fixture_begin (&r);
	write_lines (&r, 30000);
	alarm (1);
	TAP_EQ_INT (async_writer_finish (r.spill), LHK_AGAIN);
	CU_ASSERT (async_writer_waiting (r.spill) > 0);
	fixture_end (&r);
}

static const struct tap_case cases[] = {
	{ "async_writer_to_a_slow_pipe_never_waits_and_loses_nothing",
	  slow_pipe },
	{ "async_writer_to_a_slow_socket_never_waits_and_loses_nothing",
	  slow_socket },
	{ "spill_notices_a_dead_consumer_once_and_drops_the_rest",
	  dead_consumer },
	{ "spill_notices_a_full_disk_once", full_disk },
	{ "spill_to_a_file_is_direct", regular_file },
	{ "spill_finish_waits_for_a_living_consumer", finish },
	{ "spill_finish_can_be_interrupted", finish_interrupted },
	{ NULL, NULL },
};

int
main (void)
{
	signal (SIGPIPE, SIG_IGN);
	return tap_run ("async_writer", cases);
}
