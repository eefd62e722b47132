/* SPDX-License-Identifier: MIT */
/*
 * interpreter.c - the interpreter that a program asks for.
 *
 * The kernel says only that something is not there.  Read after the start has
 * failed, for a sentence: nothing hangs on it.
 */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/elf.h"
#include "cli/run/cmd_run.h"
#include "common/path_search.h"

/* As much of the first line as the kernel looks at. */
#define LINE_MAX_SEEN 256

/* The file that would have been executed; -1: none. */
static int
open_program (const struct run_command *r)
{
	const char *const *envp = environ_strings (&r->env);
	const char *path = path_search_getenv (envp, "PATH");
	const char *at = NULL;
	char file[PATH_SEARCH_SIZE];
	int dir = AT_FDCWD;
	int fd = -1;
	struct stat st;

	if (r->opts->cwd != NULL)
		dir = open (r->opts->cwd, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1)
		return -1;
	if (path == NULL)
		path = PATH_SEARCH_DEFAULT;
	while (fd < 0 && path_search_candidate (path, r->argv[0], &at, file))
		if (fstatat (dir, file, &st, 0) == 0 && S_ISREG (st.st_mode)
		    && faccessat (dir, file, X_OK, 0) == 0)
			fd = openat (dir, file,
				     O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (dir >= 0)
		close (dir);
	return fd;
}

static int
read_first_line (const char *line, char *buf, size_t size)
{
	size_t len;

	line += strspn (line, " \t");
	len = strcspn (line, " \t\n");
	if (len == 0 || len >= size)
		return 0;
	memcpy (buf, line, len);
	buf[len] = '\0';
	return 1;
}

int
run_command_interpreter (const struct run_command *r, char *buf, size_t size)
{
	char head[LINE_MAX_SEEN + 1] = { 0 };
	int fd = open_program (r);
	int found = 0;

	if (fd < 0)
		return 0;
	/* Of a short file the rest of HEAD is zero. */
	if (pread (fd, head, LINE_MAX_SEEN, 0) < 0)
		head[0] = '\0';
	if (head[0] == '#' && head[1] == '!')
		found = read_first_line (head + 2, buf, size);
	else
		found = elf_loader (fd, buf, size);
	close (fd);
	return found;
}
