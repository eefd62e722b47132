/* SPDX-License-Identifier: MIT */
/* skeleton.c - `linehook plugins --new': the files of a plugin, all or none. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/plugins/skeleton.h"
#include "common/dirents.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/io.h"
#include "common/mem.h"
#include "common/plugin_name.h"
#include "common/strbuf.h"

#define PLACE "skeleton"

/* linehook refuses a plugin in a directory that others may write to. */
#define DIR_MODE 0755
#define FILE_MODE 0644

struct skeleton {
	const char *name, *dir;
	int fd;				 /* of the directory */
	int made;			 /* the directory */
	const struct skeleton_line *end; /* of the files that were made */
	struct lhk_error *err;
};

/* Add TEXT with the name of the plugin in its places. */
static void
add_named (struct strbuf *b, const char *text, const char *name)
{
	const size_t n = sizeof PLACE - 1;
	const char *p;

	while (*text != '\0') {
		if (strncasecmp (text, PLACE, n) != 0) {
			strbuf_add (b, text++, 1);
			continue;
		}
		for (p = name; *p != '\0'; p++) {
			char c = *text == 'S' ? (char) toupper (*p) : *p;

			strbuf_add (b, &c, 1);
		}
		text += n;
	}
}

/* Is A of another file than the line before it? */
static int
begins_file (const struct skeleton_line *line)
{
	return line == skeleton_lines
	       || strcmp (line[-1].file, line->file) != 0;
}

static int
fail (const struct skeleton *s, const char *what, const char *file)
{
	int error = errno;

	return error_set (s->err, LHK_ESYS, error,
			  "cannot %s '%s%s%s': %s; no file was left behind",
			  what, s->dir, file[0] == '\0' ? "" : "/", file,
			  strerror (error));
}

static void
remove_files (const struct skeleton *s)
{
	const struct skeleton_line *line;
	struct strbuf file;

	strbuf_init (&file, &mem_system);
	for (line = skeleton_lines; line < s->end; line++) {
		if (!begins_file (line))
			continue;
		strbuf_clear (&file);
		add_named (&file, line->file, s->name);
		(void) !unlinkat (s->fd, strbuf_str (&file), 0);
	}
	strbuf_free (&file);
	if (s->made)
		(void) !rmdir (s->dir);
}

/* Write the file that begins with LINE; the line behind it in *RET. */
static int
write_file (struct skeleton *s, const struct skeleton_line *line)
{
	const struct skeleton_line *first = line;
	struct strbuf file, text;
	int fd, r = -ENOMEM;

	strbuf_init (&file, &mem_system);
	strbuf_init (&text, &mem_system);
	add_named (&file, line->file, s->name);
	do
		add_named (&text, line++->text, s->name);
	while (line->file != NULL && !begins_file (line));
	if (strbuf_failed (&file) == LHK_OK
	    && strbuf_failed (&text) == LHK_OK) {
		fd = fd_openat (s->fd, strbuf_str (&file),
				O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
				FILE_MODE);
		r = fd < 0 ? -errno : io_write_full (fd, text.data, text.len);
		if (fd >= 0)
			s->end = first + 1;
		if (fd >= 0 && close (fd) != 0 && r == 0)
			r = -errno;
	}
	errno = -r;
	if (r < 0)
		r = fail (s, "write", strbuf_str (&file));
	strbuf_free (&file);
	strbuf_free (&text);
	return r;
}

/* Are "." and ".." all that is in the directory?  1, 0, or -1 with errno. */
static int
is_empty (int fd)
{
	const struct dirents_entry *e;
	struct dirents d;
	long n;

	while ((n = dirents_read (fd, &d)) > 0)
		while ((e = dirents_next (&d)) != NULL)
			if (strcmp (e->name, ".") != 0
			    && strcmp (e->name, "..") != 0)
				return 0;
	return n == 0 ? 1 : -1;
}

static int
open_dir (struct skeleton *s)
{
	int empty;

	s->made = mkdir (s->dir, DIR_MODE) == 0;
	if (!s->made && errno != EEXIST)
		return fail (s, "make the directory", "");
	s->fd = fd_open (s->dir, O_RDONLY | O_DIRECTORY, 0);
	if (s->fd < 0 && errno == ENOTDIR)
		return error_set (s->err, LHK_EINVAL, 0,
				  "'%.200s' is not a directory", s->dir);
	if (s->fd < 0)
		return fail (s, "open the directory", "");
	empty = is_empty (s->fd);
	if (empty < 0)
		return fail (s, "read the directory", "");
	if (!empty)
		return error_set (s->err, LHK_EINVAL, 0,
				  "the directory '%.160s' is not empty; give "
				  "one that is empty or does not exist",
				  s->dir);
	return LHK_OK;
}

int
skeleton_write (const char *name, const char *dir, struct lhk_error *err)
{
	struct skeleton s = { name, dir, -1, 0, skeleton_lines, err };
	const struct skeleton_line *line;
	int r;

	if (!plugin_name_is_valid (name, strlen (name)))
		return error_set (err, LHK_EINVAL, 0,
				  "'%.60s' is not a valid name of a plugin; "
				  "expected a lower case letter, then lower "
				  "case letters, digits and '-'",
				  name);
	r = open_dir (&s);
	for (line = skeleton_lines; r == LHK_OK && line->file != NULL; line++)
		if (begins_file (line))
			r = write_file (&s, line);
	if (r < 0)
		remove_files (&s);
	fd_close (&s.fd);
	return r;
}
