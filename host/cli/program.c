/* SPDX-License-Identifier: MIT */
/* program.c - the program that a command line names, before it is started. */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/program.h"
#include "common/error.h"
#include "common/mem.h"
#include "common/path_search.h"
#include "common/shell_words.h"
#include "common/strbuf.h"

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

/* Bytes by which a shell ends a command or moves its output. */
#define SHELL_WORDS ";|&<>()"

/* Bytes of a command line that a sentence shows whole. */
#define LINE_SHOWN 120

/* Is NAME an assignment, as it stands before a command in a shell? */
static int
is_assignment (const char *name)
{
	size_t len = strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz0123456789_");

	return len > 0 && name[len] == '=';
}

/* Would a shell that reads LINE without quotes run something besides linehook,
 * or something else? */
static int
needs_shell (const char *line)
{
	return strpbrk (line, SHELL_WORDS) != NULL || is_assignment (line);
}

/* A whole command line in one word.  What is shown can be typed as it stands,
 * and does what was meant. */
static int
explain_line (const char *who, const char *line, struct lhk_error *err)
{
	const char *const words[] = { "sh", "-c", line, NULL };
	const char *start = line + strspn (line, " \t");
	struct outbuf out;
	struct strbuf text;

	if (strlen (line) > LINE_SHOWN || strpbrk (line, "\t\n\r") != NULL)
		return error_set (err, LHK_EINVAL, 0,
				  "there is no program '%.60s'; write the "
				  "command line without quotes: linehook %s -- "
				  "COMMAND [ARG...]",
				  line, who);
	if (!needs_shell (line))
		return error_set (err, LHK_EINVAL, 0,
				  "there is no program '%.120s'; write the "
				  "command line without quotes: linehook %s -- "
				  "%.120s",
				  line, who, start);
	strbuf_init (&text, &mem_system);
	outbuf_init (&out, strbuf_write, &text);
	shell_words_put (&out, words, 0);
	outbuf_flush (&out);
	(void) error_set (err, LHK_EINVAL, 0,
			  "there is no program '%.120s'; a shell runs such a "
			  "command line: linehook %s -- %.200s",
			  line, who, strbuf_str (&text));
	strbuf_free (&text);
	return LHK_EINVAL;
}

/* NAME, which is no program, looks like something else. */
static int
explain_word (const char *who, const char *name, struct lhk_error *err)
{
	if (name[0] == '-')
		return error_set (err, LHK_EINVAL, 0,
				  "there is no program '%.60s'; options of "
				  "linehook go before '--'",
				  name);
	if (is_assignment (name) && strpbrk (name, " \t\n") == NULL)
		return error_set (err, LHK_EINVAL, 0,
				  "there is no program '%.60s'; to set a "
				  "variable, write --env %.60s before '--'",
				  name, name);
	if (name[0] == '~')
		return error_set (err, LHK_EINVAL, 0,
				  "there is no program '%.60s'; a shell "
				  "replaces ~ only where it is not quoted",
				  name);
	return explain_line (who, name, err);
}

int
program_check (const char *who, const char *name, const char *const *envp,
	       const char *cwd, struct lhk_error *err)
{
	struct stat st;
	int fd;

	if (name[0] != '-' && name[0] != '~' && !is_assignment (name)
	    && strpbrk (name, " \t\n" SHELL_WORDS) == NULL)
		return LHK_OK;
	if (stat (name, &st) == 0)
		return LHK_OK;
	fd = program_open (name, envp, cwd);
	if (fd < 0)
		return explain_word (who, name, err);
	close (fd);
	return LHK_OK;
}
