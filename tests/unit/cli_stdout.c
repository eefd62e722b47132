/* SPDX-License-Identifier: MIT */
/* cli_stdout.c - answers on stdout, each write of which may fail. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/output/stdout.h"
#include "lib/faults.h"
#include "lib/tap.h"

#define PIECES 40
#define PIECE 5000u
#define ALL (PIECES * PIECE)

/* In a process of its own, with a pipe as stdout; its exit status is what
 * stdout_finish makes of 0. */
static void
print_all (int out, const struct fault *f)
{
	static char piece[PIECE];
	int i, status;

	dup2 (out, 1);
	close (out);
	memset (piece, 'x', sizeof piece);
	faults_arm (f);
	for (i = 0; i < PIECES; i++)
		stdout_put (piece, sizeof piece);
	status = stdout_finish ("test", 0);
	_exit (status * 2 + (faults_disarm () == 0));
}

/* Bytes that came, the exit status, and whether anything was made to fail. */
static size_t
play (const struct fault *f, int *ret_status, int *ret_failed)
{
	static char buf[65536];
	size_t got = 0;
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	CU_ASSERT_FATAL (pipe (fds) == 0);
	pid = fork ();
	if (pid == 0) {
		close (fds[0]);
		print_all (fds[1], f);
	}
	close (fds[1]);
	while ((n = read (fds[0], buf, sizeof buf)) > 0)
		got += (size_t) n;
	close (fds[0]);
	waitpid (pid, &status, 0);
	*ret_status = WEXITSTATUS (status) / 2;
	*ret_failed = WEXITSTATUS (status) % 2 == 0;
	return got;
}

static void
each (int error, uint64_t times, int all, int wanted)
{
	struct fault f = { CALL_WRITE_PIPE, error, 1, times };
	int status, failed = 1;
	size_t got;

	for (; failed; f.at++) {
		got = play (&f, &status, &failed);
		TAP_EQ_INT (status, failed ? wanted : 0);
		if (all || !failed)
			TAP_EQ_INT (got, ALL);
		else
			CU_ASSERT (got < ALL);
	}
	CU_ASSERT (f.at > 3);
}

static void
goes_on (void)
{
	each (EINTR, 3, 1, 0);
	each (EAGAIN, 3, 1, 0);
	each (FAULT_SHORT, 100, 1, 0);
}

static void
stops (void)
{
	/* 125 does not fit beside the other bit. */
	each (ENOSPC, FAULT_ALWAYS, 0, STATUS_HOST & 127);
	each (EIO, 1, 0, STATUS_HOST & 127);
}

static void
reader_goes (void)
{
	each (EPIPE, 1, 0, 0);
	each (ECONNRESET, FAULT_ALWAYS, 0, 0);
}

static const struct tap_case cases[] = {
	{ "what_passes_costs_no_byte", goes_on },
	{ "a_write_that_fails_is_reported_and_ends_the_output", stops },
	{ "a_reader_that_goes_is_no_failure", reader_goes },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("cli_stdout", cases);
}
