/* SPDX-License-Identifier: MIT */
/* marks.c - by which marks a directory is known as a record. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/head.h"
#include "record/layout.h"
#include "record/marks.h"
#include "common/fd.h"
#include "common/macros.h"

#define DIGITS "0123456789"

static const char *const own_files[] = {
	RECORD_LOCK,	     RECORD_RUN,    RECORD_OUT,
	RECORD_ERR,	     RECORD_EVENTS, RECORD_RESULT,
	RECORD_RESULT_DRAFT, RECORD_CANCEL, RECORD_LOG,
};

/* Is it "", or a dot and a number for each one of N? */
static int
is_numbers (const char *text, int n)
{
	for (; n > 0 && text[0] == '.'; n--)
		text += 1 + strspn (text + 1, DIGITS);
	return *text == '\0';
}

/* A file that is renamed into place has two numbers behind its name before. */
static int
is_own (const char *name)
{
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE (own_files); i++) {
		len = strlen (own_files[i]);
		if (strncmp (name, own_files[i], len) == 0
		    && is_numbers (name + len, 2))
			return 1;
	}
	len = strlen (RECORD_BLOCKED);
	return strncmp (name, RECORD_BLOCKED, len) == 0
	       && strspn (name + len, DIGITS) == strlen (name + len);
}

int
record_marks_own_files (int dir)
{
	DIR *d = record_dir_list (dir);
	const char *name;
	int n = 0;
	int r = -1;

	while (d != NULL && (r = record_dir_next (d, &name)) > 0
	       && is_own (name))
		n++;
	if (d != NULL)
		closedir (d);
	return r == 0 ? n : -1;
}

static int
is_file (int dir, const char *name)
{
	struct stat st;

	return fstatat (dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0
	       && S_ISREG (st.st_mode);
}

/* Has the file NAME in DIR the id as its member `run'?  1, 0, or -1 with
 * errno. */
static int
names_run (int dir, const char *name, const char *id)
{
	struct record_head h;
	int fd, r;

	if (!is_file (dir, name))
		return 0;
	fd = fd_openat (dir, name,
			O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW, 0);
	r = fd < 0 ? -1 : record_head_read (fd, &h);
	fd_close (&fd);
	if (r < 0)
		return errno == ENOENT || errno == ELOOP ? 0 : -1;
	return strcmp (h.run, id) == 0;
}

int
record_marks_suffice (int dir, const char *id, unsigned int seen)
{
	int r = (seen & RECORD_MARK_NAME) != 0;
	int has_lock =
		(seen & RECORD_MARK_LOCK) != 0 || is_file (dir, RECORD_LOCK);
	int n;

	if (r == 0)
		r = names_run (dir, RECORD_RUN, id);
	if (r == 0)
		r = names_run (dir, RECORD_RESULT, id);
	if (r < 0 || (r && has_lock))
		return r;
	if (!r && !has_lock)
		return 0;
	n = record_marks_own_files (dir);
	return n > has_lock;
}
