/* SPDX-License-Identifier: MIT */
/* io.c - writing all of it. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/fd.h"
#include "common/io.h"
#include "lib/tap.h"
#include "lib/tempdir.h"

#define BIG (1 << 20)

static char big[BIG], got[BIG];

/* A child that reads all there is and says whether it is what was sent. */
static pid_t
read_in_child (const int fds[2])
{
	pid_t pid = fork ();
	size_t len = 0;
	ssize_t n;

	if (pid != 0)
		return pid;
	close (fds[1]);
	while ((n = read (fds[0], got + len, sizeof got - len)) > 0)
		len += (size_t) n;
	_exit (len != BIG || memcmp (got, big, BIG) != 0);
}

static void
a_full_pipe_is_waited_for (void)
{
	int fds[2], status = -1;
	pid_t pid;

	memset (big, 'x', sizeof big);
	CU_ASSERT_FATAL (pipe2 (fds, O_CLOEXEC) == 0);
	CU_ASSERT_FATAL (fcntl (fds[1], F_SETFL, O_NONBLOCK) == 0);
	pid = read_in_child (fds);
	close (fds[0]);
	TAP_EQ_INT (io_write_full (fds[1], big, sizeof big), 0);
	close (fds[1]);
	waitpid (pid, &status, 0);
	TAP_EQ_INT (status, 0);
}

static void
an_error_is_given_back (void)
{
	int fd = open ("/dev/full", O_WRONLY | O_CLOEXEC);

	TAP_EQ_INT (io_write_full (fd, "x", 1), -ENOSPC);
	TAP_EQ_INT (io_write_full (fd, "x", 0), 0);
	close (fd);
	TAP_EQ_INT (io_write_full (fd, "x", 1), -EBADF);
}

static void
an_offset_moves_on (void)
{
	int fd = fd_tmpfile ("/tmp");
	uint64_t at = 3;
	char text[8] = "";

	CU_ASSERT_FATAL (fd >= 0);
	TAP_EQ_INT (io_pwrite_full (fd, "abc", 3, &at), 0);
	TAP_EQ_INT (io_pwrite_full (fd, "de", 2, &at), 0);
	TAP_EQ_INT (at, 8);
	TAP_EQ_INT (pread (fd, text, sizeof text, 0), 8);
	TAP_EQ_MEM (text, 8, "\0\0\0abcde", 8);
	close (fd);
	TAP_EQ_INT (io_pwrite_full (fd, "x", 1, &at), -EBADF);
	TAP_EQ_INT (at, 8);
}

/* Its name is gone, the two descriptors are of one file. */
static void
a_file_is_opened_twice (void)
{
	struct tempdir dir;
	char text[8] = "";
	int fd, append;

	tempdir_init (&dir);
	fd = fd_tmpfile_twice (dir.dir, &append);
	CU_ASSERT_FATAL (fd >= 0 && append >= 0);
	TAP_EQ_INT (rmdir (dir.dir), 0);
	TAP_EQ_INT (write (append, "abc", 3), 3);
	TAP_EQ_INT (pwrite (fd, "x", 1, 3), 1);
	TAP_EQ_INT (write (append, "d", 1), 1);
	TAP_EQ_INT (read (fd, text, sizeof text), 5);
	TAP_EQ_MEM (text, 5, "abcxd", 5);
	close (fd);
	close (append);
	TAP_EQ_INT (fd_tmpfile_twice (dir.dir, &append), -1);
	TAP_EQ_INT (errno, ENOENT);
	TAP_EQ_INT (append, -1);
}

static void
a_file_must_be_there (void)
{
	TAP_EQ_INT (io_write_file ("/dev/null", "x"), 0);
	TAP_EQ_INT (io_write_file ("/dev/full", "x"), -ENOSPC);
	TAP_EQ_INT (io_write_file ("/nonexistent/file", "x"), -ENOENT);
}

static void
a_text_is_cut_and_terminated (void)
{
	char text[4] = "xxx";
	int fds[2];

	CU_ASSERT_FATAL (pipe2 (fds, O_CLOEXEC) == 0);
	TAP_EQ_INT (io_write_full (fds[1], "abcdef", 6), 0);
	TAP_EQ_INT (io_read_text (fds[0], text, sizeof text), 3);
	TAP_EQ_STR (text, "abc");
	/* It was closed. */
	TAP_EQ_INT (fcntl (fds[0], F_GETFD), -1);
	close (fds[1]);
	TAP_EQ_INT (io_read_text (open ("/dev/null", O_RDONLY | O_CLOEXEC),
				  text, sizeof text),
		    0);
	TAP_EQ_STR (text, "");
}

static void
what_cannot_be_read_is_empty (void)
{
	char text[4] = "xxx";

	TAP_EQ_INT (
		io_read_text (open ("/nonexistent/file", O_RDONLY | O_CLOEXEC),
			      text, sizeof text),
		-ENOENT);
	TAP_EQ_STR (text, "");
	text[0] = 'x';
	TAP_EQ_INT (io_read_text (open ("/", O_RDONLY | O_CLOEXEC), text,
				  sizeof text),
		    -EISDIR);
	TAP_EQ_STR (text, "");
}

int
main (void)
{
	static const struct tap_case cases[] = {
		{ "io_write_full_waits_for_a_full_pipe",
		  a_full_pipe_is_waited_for },
		{ "io_write_full_gives_back_the_error",
		  an_error_is_given_back },
		{ "io_pwrite_full_moves_the_offset", an_offset_moves_on },
		{ "fd_tmpfile_twice_opens_one_file_without_a_name",
		  a_file_is_opened_twice },
		{ "io_write_file_makes_no_file", a_file_must_be_there },
		{ "io_read_text_cuts_and_terminates_a_text",
		  a_text_is_cut_and_terminated },
		{ "io_read_text_of_what_cannot_be_read_is_empty",
		  what_cannot_be_read_is_empty },
		{ NULL, NULL },
	};

	return tap_run ("io", cases);
}
