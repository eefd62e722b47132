/* SPDX-License-Identifier: MIT */
/* result_file.c - write the final result, all of it or nothing. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/alloc.h"
#include "cli/output/result_file.h"
#include "format/event_json.h"
#include "common/atomic_file.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/macros.h"
#include "common/mem.h"

#define SPECIAL_FLAGS (O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)

/* Bits of a mode that a new file may have. */
#define MODE_BITS 0777u

static int
cannot (const char *path, int sys_errno, struct lhk_error *err)
{
	return error_set (err, LHK_ESYS, sys_errno,
			  "cannot write the result to '%.120s': %s", path,
			  sys_errno == ENXIO
				  ? "nobody reads this pipe; start its reader "
				    "before the run ends"
			  : sys_errno == ETIMEDOUT
				  ? "the reader of this pipe does not read"
				  : strerror (sys_errno));
}

/* ---- before the run ---- */

/* Split PATH, with no links in it where it exists: they stay, what they lead to
 * is replaced.  0, or -errno. */
static int
open_directory (struct result_file *f)
{
	char real[PATH_MAX], dir[PATH_MAX];
	const char *path = realpath (f->path, real) != NULL ? real : f->path;
	const char *slash = strrchr (path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	size_t len = slash == NULL ? 0 : slash == path ? 1 : slash - path;

	if (*name == '\0')
		return *path == '\0' ? -ENOENT : -EISDIR;
	if (len >= sizeof dir || strlen (name) >= sizeof f->name)
		return -ENAMETOOLONG;
	memcpy (dir, len == 0 ? "." : path, len == 0 ? 1 : len);
	dir[len == 0 ? 1 : len] = '\0';
	strcpy (f->name, name);
	f->dir = fd_open (dir, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	return f->dir < 0 ? -errno : 0;
}

/* A pipe that nobody reads yet may have a reader at the end. */
static int
open_special (struct result_file *f, const struct stat *st)
{
	f->special = 1;
	f->device = st->st_dev;
	f->inode = st->st_ino;
	f->fd = fd_open (f->path, SPECIAL_FLAGS, 0);
	return f->fd >= 0 || (S_ISFIFO (st->st_mode) && errno == ENXIO)
		       ? 0
		       : -errno;
}

/* 0, or -errno. */
static int
look_up (struct result_file *f)
{
	struct stat st;
	int there = stat (f->path, &st) == 0;
	int r;

	if (there && S_ISDIR (st.st_mode))
		return -EISDIR;
	r = open_directory (f);
	if (r < 0)
		return r;
	if (there && !S_ISREG (st.st_mode))
		return open_special (f, &st);
	f->mode = there ? st.st_mode & MODE_BITS : 0;
	return faccessat (f->dir, ".", W_OK | X_OK, AT_EACCESS) == 0 ? 0
								     : -errno;
}

static int
is_open_as (const struct stat *st, int fd)
{
	struct stat other;

	return !S_ISCHR (st->st_mode) && fstat (fd, &other) == 0
	       && other.st_dev == st->st_dev && other.st_ino == st->st_ino;
}

/* The descriptor that PATH, which is ST, names; -1: none. */
static int
find_descriptor (const char *path, const struct stat *st)
{
	static const char *const forms[] = { "/dev/fd/", "/proc/self/fd/" };
	size_t i, n;
	char *end;
	int fd;

	for (fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (is_open_as (st, fd))
			return fd;
	for (i = 0; i < ARRAY_SIZE (forms); i++) {
		n = strlen (forms[i]);
		if (strncmp (path, forms[i], n) != 0)
			continue;
		fd = (int) strtol (path + n, &end, 10);
		if (*end == '\0' && is_open_as (st, fd))
			return fd;
	}
	return -1;
}

/* Is PATH one of ours that is open?  1, 0 or -errno. */
static int
take_descriptor (struct result_file *f, const char *path)
{
	struct stat st;
	int fd = -1;

	if (strcmp (path, "-") == 0)
		fd = STDOUT_FILENO;
	else if (stat (path, &st) == 0)
		fd = find_descriptor (path, &st);
	f->to_stdout = fd == STDOUT_FILENO;
	if (fd < 0 || f->to_stdout)
		return f->to_stdout;
	f->special = 1;
	f->fd = fd_dup (fd);
	return f->fd < 0 ? -errno : 1;
}

int
result_file_open (struct result_file *f, const char *path,
		  struct lhk_error *err)
{
	struct stat st;
	int r;

	f->path = path;
	r = take_descriptor (f, path);
	if (r != 0)
		return r < 0 ? cannot (path, -r, err) : LHK_OK;
	if (stat (path, &st) == 0 && S_ISSOCK (st.st_mode))
		return error_set (
			err, LHK_EINVAL, 0,
			"cannot write the result to '%.120s': it is a "
			"socket; give a file, a pipe or a device",
			path);
	r = look_up (f);
	return r < 0 ? cannot (path, -r, err) : LHK_OK;
}

void
result_file_close (struct result_file *f)
{
	fd_close (&f->dir);
	fd_close (&f->fd);
}

/* ---- after it ---- */

/* A pipe or a device while it is written to. */
struct special {
	int fd;
	int error; /* -errno of the first write that failed */
};

/* 0, or -errno. */
static int
await_reader (int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int r;

	do
		r = poll (&p, 1, RESULT_FILE_WAIT_MS);
	while (r < 0 && errno == EINTR);
	return r > 0 ? 0 : r == 0 ? -ETIMEDOUT : -errno;
}

static void
write_special (void *user, const char *data, size_t len)
{
	struct special *t = user;
	ssize_t n;

	while (t->error == 0 && len > 0) {
		n = write (t->fd, data, len);
		if (n >= 0) {
			data += n;
			len -= (size_t) n;
		} else if (errno == EAGAIN) {
			t->error = await_reader (t->fd);
		} else if (errno != EINTR) {
			t->error = -errno;
		}
	}
}

/* Open the pipe that had no reader before; not another file in its place. */
static int
open_again (struct result_file *f)
{
	struct stat st;

	f->fd = fd_openat (f->dir, f->name, SPECIAL_FLAGS | O_NOFOLLOW, 0);
	if (f->fd < 0 || fstat (f->fd, &st) < 0)
		return -errno;
	return st.st_dev == f->device && st.st_ino == f->inode ? 0 : -ESTALE;
}

/* A pipe or a device has no place beside it: it is written to as it is.
 * 0, or -errno. */
static int
write_to_special (struct result_file *f, const struct lhk_result *result,
		  struct outbuf *out)
{
	struct special t = { f->fd, 0 };

	if (f->fd < 0)
		t.error = open_again (f);
	t.fd = f->fd;
	outbuf_init (out, write_special, &t);
	format_json_result (out, result);
	outbuf_flush (out);
	if (f->fd >= 0 && close (f->fd) < 0 && t.error == 0)
		t.error = -errno;
	f->fd = -1;
	return t.error;
}

/* The file that replaces another one has its mode; a new one is for its user
 * alone.  0, or -errno. */
static int
replace_file (struct result_file *f, const struct lhk_result *result,
	      struct outbuf *out)
{
	struct atomic_file file;
	int r = atomic_file_open (&file, f->dir, f->name, 0600, out);

	if (r < 0)
		return r;
	if (f->mode != 0 && fchmod (file.fd, f->mode) < 0)
		atomic_file_fail (&file, -errno);
	format_json_result (out, result);
	/* Without this a crash may leave the name on an empty file. */
	atomic_file_sync (&file);
	return atomic_file_commit (&file);
}

int
result_file_write (struct result_file *f, const struct lhk_result *result,
		   struct lhk_error *err)
{
	struct outbuf *out = mem_new (&cli_alloc, sizeof *out);
	int r = -ENOMEM;

	if (out != NULL)
		r = f->special ? write_to_special (f, result, out)
			       : replace_file (f, result, out);
	mem_free (&cli_alloc, out, sizeof *out);
	return r < 0 ? cannot (f->path, -r, err) : LHK_OK;
}
