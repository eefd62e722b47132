/* SPDX-License-Identifier: MIT */
/* input.c - what a command is given to read. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/run/run_options.h"
#include "common/error.h"

static int
cannot (const char *name, int sys_errno, struct lhk_error *err)
{
	return error_set (err, LHK_EINVAL, sys_errno,
			  "--stdin: cannot read '%.120s': %s", name,
			  strerror (sys_errno));
}

/* It was opened without waiting.  A FIFO is copied: its first writer is waited for
 * while the clocks of the run go.  Of anything else the agent's reads wait. */
static void
take_opened (struct run_input *in, const struct stat *st)
{
	int flags = fcntl (in->fd, F_GETFL);

	if (S_ISFIFO (st->st_mode))
		in->mode = LHK_STDIN_COPY;
	else
		(void) fcntl (in->fd, F_SETFL, flags & ~O_NONBLOCK);
}

int
run_input_open (struct run_input *in, const char *word, struct lhk_error *err)
{
	int opened = 0;
	struct stat st;

	memset (in, 0, sizeof *in);
	in->fd = -1;
	in->mode = LHK_STDIN_NULL;
	if (word == NULL || strcmp (word, "null") == 0)
		return LHK_OK;
	in->mode = LHK_STDIN_FD;
	in->fd = STDIN_FILENO;
	if (strcmp (word, "inherit") == 0)
		return LHK_OK;
	opened = strcmp (word, "-") != 0;
	if (!opened)
		in->mode = LHK_STDIN_COPY;
	else
		in->fd = open (word,
			       O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (in->fd < 0 || fstat (in->fd, &st) < 0)
		return cannot (word, errno, err);
	/* What stands in for a closed stdin cannot be read. */
	if ((fcntl (in->fd, F_GETFL) & O_ACCMODE) == O_WRONLY)
		return cannot (word, EBADF, err);
	if (S_ISDIR (st.st_mode))
		return cannot (word, EISDIR, err);
	if (opened)
		take_opened (in, &st);
	return LHK_OK;
}

int
run_input_is_waiting (void)
{
	struct stat st;
	off_t at;
	int n = 0;

	if (fstat (STDIN_FILENO, &st) < 0)
		return 0;
	if (S_ISREG (st.st_mode)) {
		at = lseek (STDIN_FILENO, 0, SEEK_CUR);
		return at >= 0 && at < st.st_size;
	}
	return (S_ISFIFO (st.st_mode) || S_ISSOCK (st.st_mode))
	       && ioctl (STDIN_FILENO, FIONREAD, &n) == 0 && n > 0;
}

void
run_input_free (struct run_input *in)
{
	if (in->fd > STDERR_FILENO)
		close (in->fd);
	in->fd = -1;
}
