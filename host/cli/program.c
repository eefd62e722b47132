/* SPDX-License-Identifier: MIT */
/* program.c - the program that a command line names, before it is started. */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/program.h"
#include "common/error.h"
#include "common/path_search.h"

int
program_open (const char *name, const char *const *envp, const char *cwd)
{
	const char *path = path_search_getenv (envp, "PATH");
	const char *at = NULL;
	char file[PATH_SEARCH_SIZE];
	int dir = AT_FDCWD;
	int fd = -1;
	struct stat st;

	if (cwd != NULL)
		dir = open (cwd, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1)
		return -1;
	if (path == NULL)
		path = PATH_SEARCH_DEFAULT;
	while (fd < 0 && path_search_candidate (path, name, &at, file))
		if (fstatat (dir, file, &st, 0) == 0 && S_ISREG (st.st_mode)
		    && faccessat (dir, file, X_OK, 0) == 0)
			fd = openat (dir, file,
				     O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (dir >= 0)
		close (dir);
	return fd;
}

int
program_check (const char *who, const char *name, const char *const *envp,
	       const char *cwd, struct lhk_error *err)
{
	int is_line = strpbrk (name, " \t\n") != NULL;
	struct stat st;
	int fd;

	if ((!is_line && name[0] != '-') || stat (name, &st) == 0)
		return LHK_OK;
	fd = program_open (name, envp, cwd);
	if (fd >= 0) {
		close (fd);
		return LHK_OK;
	}
	if (is_line)
		return error_set (err, LHK_EINVAL, 0,
				  "there is no program '%.60s'; write the "
				  "command line without quotes: linehook %s -- "
				  "%.60s",
				  name, who, name);
	return error_set (err, LHK_EINVAL, 0,
			  "there is no program '%.60s'; options of linehook "
			  "go before '--'",
			  name);
}
