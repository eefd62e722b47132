/* SPDX-License-Identifier: MIT */
/* input.c - what a command is given to read. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/run/run_options.h"
#include "cli/output/signals.h"
#include "common/error.h"
#include "common/mem.h"

#define PIECE ((size_t) 64 << 10)

/* All of it is held until the command has read it. */
#define INPUT_MAX ((size_t) 1 << 30)

static int
cannot (const char *name, int sys_errno, struct lhk_error *err)
{
	return error_set (err, LHK_EINVAL, sys_errno, "'--stdin %.120s': %s",
			  name, strerror (sys_errno));
}

static int
read_all (struct run_input *in, struct lhk_error *err)
{
	for (;;) {
		void *data = in->data;
		ssize_t n;

		if (in->len > INPUT_MAX)
			return error_set (
				err, LHK_EINVAL, 0,
				"'--stdin -': more "
				"than 1G to read (want --stdin FILE)");
		if (mem_grow (&mem_system, &data, &in->cap, in->len + PIECE, 1)
		    < 0)
			return error_set (err, LHK_ENOMEM, 0, "out of memory");
		in->data = data;
		n = signals_read (STDIN_FILENO, in->data + in->len, PIECE);
		if (n == 0)
			return LHK_OK;
		if (n < 0)
			return errno == EINTR ? LHK_AGAIN
					      : cannot ("-", errno, err);
		in->len += (size_t) n;
	}
}

int
run_input_open (struct run_input *in, const char *word, struct lhk_error *err)
{
	struct stat st;

	memset (in, 0, sizeof *in);
	in->fd = -1;
	in->mode = LHK_STDIN_NULL;
	if (word == NULL || strcmp (word, "null") == 0)
		return LHK_OK;
	if (strcmp (word, "-") == 0) {
		in->mode = LHK_STDIN_BYTES;
		return read_all (in, err);
	}
	in->mode = LHK_STDIN_FD;
	if (strcmp (word, "inherit") == 0) {
		in->fd = STDIN_FILENO;
		return LHK_OK;
	}
	in->fd = open (word, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (in->fd < 0)
		return cannot (word, errno, err);
	if (fstat (in->fd, &st) == 0 && S_ISDIR (st.st_mode))
		return cannot (word, EISDIR, err);
	return LHK_OK;
}

void
run_input_free (struct run_input *in)
{
	if (in->fd > STDERR_FILENO)
		close (in->fd);
	in->fd = -1;
	mem_free (&mem_system, in->data, in->cap);
	in->data = NULL;
}
