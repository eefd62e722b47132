/* SPDX-License-Identifier: MIT */
/* result_file.c - write the final result, all of it or nothing. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output/result_file.h"
#include "format/event_json.h"
#include "common/error.h"

#define TRIES 100

struct target {
	int fd;
	int sys_errno; /* of the first write that failed */
};

static void
write_target (void *user, const char *data, size_t len)
{
	struct target *t = user;

	while (len > 0 && t->sys_errno == 0) {
		ssize_t n = write (t->fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			t->sys_errno = errno;
			return;
		}
		data += n;
		len -= (size_t) n;
	}
}

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

static int
open_beside (const char *path, char temp[PATH_MAX])
{
	unsigned int i;
	int fd = -1;

	for (i = 0; i < TRIES && fd < 0; i++) {
		int len = snprintf (temp, PATH_MAX, "%s.%ld.%u", path,
				    (long) getpid (), i);

		if (len < 0 || len >= PATH_MAX) {
			errno = ENAMETOOLONG;
			return -1;
		}
		fd = open (temp,
			   O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
			   0666);
		if (fd < 0 && errno != EEXIST)
			return -1;
	}
	return fd;
}

/* Write through FD and close it: 0 or an errno. */
static int
write_out (int fd, int lasting, const struct lhk_result *result)
{
	struct target t = { fd, 0 };
	struct outbuf *o = malloc (sizeof *o);

	if (o == NULL) {
		t.sys_errno = ENOMEM;
	} else {
		outbuf_init (o, write_target, &t);
		format_json_result (o, result);
		outbuf_flush (o);
		free (o);
	}
	/* Without this a crash may leave the name on an empty file. */
	if (t.sys_errno == 0 && lasting && fsync (fd) < 0)
		t.sys_errno = errno;
	if (close (fd) < 0 && t.sys_errno == 0)
		t.sys_errno = errno;
	return t.sys_errno;
}

int
result_write (const char *path, const struct lhk_result *result,
	      struct lhk_error *err)
{
	char real[PATH_MAX];
	char temp[PATH_MAX];
	int special;
	int sys_errno;
	int fd;

	path = real_path (path, real);
	special = is_special (path);
	fd = special ? open (path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
		     : open_beside (path, temp);
	if (fd < 0)
		return cannot (path, errno, err);
	sys_errno = write_out (fd, !special, result);
	if (sys_errno == 0 && !special && rename (temp, path) < 0)
		sys_errno = errno;
	if (sys_errno == 0)
		return LHK_OK;
	if (!special)
		unlink (temp);
	return cannot (path, sys_errno, err);
}
