/* SPDX-License-Identifier: MIT */
/* result_file.c - write the final result, all of it or nothing. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output/result_file.h"
#include "format/event_json.h"
#include "common/atomic_file.h"
#include "common/error.h"
#include "common/io.h"

struct special {
	int fd;
	int error; /* -errno of the first write that failed */
};

static int
cannot (const char *path, int sys_errno, struct lhk_error *err)
{
	return error_set (err, LHK_ESYS, sys_errno,
			  "cannot write the result to '%.120s': %s", path,
			  strerror (sys_errno));
}

/* Behind symbolic links: they stay, what they lead to is replaced. */
static const char *
real_path (const char *path, char buf[PATH_MAX])
{
	return realpath (path, buf) != NULL ? buf : path;
}

static int
is_special (const char *path)
{
	struct stat st;

	return stat (path, &st) == 0 && !S_ISREG (st.st_mode);
}

/* The directory of PATH, "." if it names none.  0 if it is too long. */
static int
directory_of (const char *path, char dir[PATH_MAX])
{
	const char *slash = strrchr (path, '/');
	size_t len = slash == NULL ? 0 : (size_t) (slash - path);

	if (slash == path)
		len = 1;
	if (len >= PATH_MAX)
		return 0;
	memcpy (dir, len == 0 ? "." : path, len == 0 ? 1 : len);
	dir[len == 0 ? 1 : len] = '\0';
	return 1;
}

int
result_check (const char *path, struct lhk_error *err)
{
	char real[PATH_MAX];
	char dir[PATH_MAX];
	struct stat st;

	path = real_path (path, real);
	if (stat (path, &st) == 0 && S_ISDIR (st.st_mode))
		return cannot (path, EISDIR, err);
	if (is_special (path))
		return faccessat (AT_FDCWD, path, W_OK, AT_EACCESS) == 0
			       ? LHK_OK
			       : cannot (path, errno, err);
	if (!directory_of (path, dir))
		return cannot (path, ENAMETOOLONG, err);
	if (faccessat (AT_FDCWD, dir, W_OK | X_OK, AT_EACCESS) != 0)
		return cannot (path, errno, err);
	return LHK_OK;
}

static void
write_special (void *user, const char *data, size_t len)
{
	struct special *t = user;

	if (t->error == 0)
		t->error = io_write_full (t->fd, data, len);
}

/* A pipe or a device has no place beside it: it is written to as it is.
 * 0, or -errno. */
static int
write_to_special (const char *path, const struct lhk_result *result,
		  struct outbuf *out)
{
	struct special t = { open (path, O_WRONLY | O_CLOEXEC | O_NOCTTY), 0 };

	if (t.fd < 0)
		return -errno;
	outbuf_init (out, write_special, &t);
	format_json_result (out, result);
	outbuf_flush (out);
	if (close (t.fd) < 0 && t.error == 0)
		t.error = -errno;
	return t.error;
}

/* The file that replaces another one has its mode.  0, or -errno. */
static int
replace_file (const char *path, const struct lhk_result *result,
	      struct outbuf *out)
{
	struct atomic_file f;
	struct stat st;
	int r = atomic_file_open (&f, AT_FDCWD, path, 0666, out);

	if (r < 0)
		return r;
	if (stat (path, &st) == 0 && fchmod (f.fd, st.st_mode & 0777) < 0)
		atomic_file_fail (&f, -errno);
	format_json_result (out, result);
	/* Without this a crash may leave the name on an empty file. */
	atomic_file_sync (&f);
	return atomic_file_commit (&f);
}

int
result_write (const char *path, const struct lhk_result *result,
	      struct lhk_error *err)
{
	struct outbuf *out = malloc (sizeof *out);
	char real[PATH_MAX];
	int r = -ENOMEM;

	path = real_path (path, real);
	if (out != NULL)
		r = is_special (path) ? write_to_special (path, result, out)
				      : replace_file (path, result, out);
	free (out);
	return r < 0 ? cannot (path, -r, err) : LHK_OK;
}
