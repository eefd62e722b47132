/* SPDX-License-Identifier: MIT */
/*
 * interpreter.c - the interpreter that a program asks for.
 *
 * The kernel says only that something is not there.  Read after the start has
 * failed, for a sentence: nothing hangs on it.
 */
#include "config.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/run/cmd_run.h"
#include "common/path_search.h"

/* As much of the first line as the kernel looks at. */
#define LINE_MAX_SEEN 256

/* Headers of segments that are looked at. */
#define SEGMENTS_MAX 64

/* Where the numbers are in files of 32 and of 64 bits. */
static const struct layout {
	unsigned int size;		  /* of an offset in the file */
	unsigned int table, entry, count; /* in the file's header */
	unsigned int offset, length;	  /* in a segment's */
} layouts[] = {
	[ELFCLASS32] = { 4, 28, 42, 44, 4, 16 },
	[ELFCLASS64] = { 8, 32, 54, 56, 8, 32 },
};

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

/* N bytes at OFF, in this machine's order; 0 where the file has ended. */
static uint64_t
number (int fd, uint64_t off, unsigned int n)
{
	uint64_t wide = 0;
	uint32_t word = 0;
	uint16_t half = 0;
	void *to = n == 8   ? (void *) &wide
		   : n == 4 ? (void *) &word
			    : (void *) &half;

	if (pread (fd, to, n, (off_t) off) != (ssize_t) n)
		return 0;
	return n == 8 ? wide : n == 4 ? word : half;
}

static int
read_loader (int fd, int class, char *buf, size_t size)
{
	const struct layout *l = &layouts[class];
	uint64_t at = number (fd, l->table, l->size);
	uint64_t entry = number (fd, l->entry, 2);
	uint64_t n = number (fd, l->count, 2);
	uint64_t i, len;

	for (i = 0; i < n && i < SEGMENTS_MAX; i++, at += entry) {
		if (number (fd, at, 4) != PT_INTERP)
			continue;
		len = number (fd, at + l->length, l->size);
		if (len < 2 || len > size)
			return 0;
		if (pread (fd, buf, (size_t) len,
			   (off_t) number (fd, at + l->offset, l->size))
		    != (ssize_t) len)
			return 0;
		buf[len - 1] = '\0';
		return 1;
	}
	return 0;
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
	else if (memcmp (head, ELFMAG, SELFMAG) == 0
		 && (head[EI_CLASS] == ELFCLASS32
		     || head[EI_CLASS] == ELFCLASS64))
		found = read_loader (fd, head[EI_CLASS], buf, size);
	close (fd);
	return found;
}
