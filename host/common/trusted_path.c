/* SPDX-License-Identifier: MIT */
/* trusted_path.c - files that become part of a process. */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/error.h"
#include "common/file_owner.h"
#include "common/trusted_path.h"
#include "common/userns.h"

/* Bytes of a path that an error sentence has room for. */
#define PATH_TAIL_MAX 96

/* As the kernel has it. */
#define LINKS_MAX 40

enum { UNMAPPED_UNKNOWN = -2, UNMAPPED_NONE = -1 };

struct walk {
	const char *subject;
	const char *path; /* as it was asked for */
	struct lhk_error *err;
	const char *installed;

	/* The owner of the files of users without a name here, or: */
	int64_t unmapped;
	int in_installed; /* of what was installed with this code */

	int dir; /* where the walk is; a descriptor for fstat and openat */
	int links;
	char rest[PATH_MAX]; /* what is left to walk */
};

const char *
trusted_path_tail (const char *path)
{
	size_t len = strlen (path);
	const char *tail;

	if (len <= PATH_TAIL_MAX)
		return path;
	tail = strchr (path + len - PATH_TAIL_MAX, '/');
	return tail == NULL ? path + len - PATH_TAIL_MAX : tail + 1;
}

/* ---- users that have no name here ---- */

/* The object that this code is in belongs to UID: what was installed with it
 * belongs to the same owner. */
static int
code_belongs_to (uid_t uid)
{
	struct stat st;
	Dl_info info;

	if (dladdr ((void *) (uintptr_t) code_belongs_to, &info) != 0
	    && info.dli_fname != NULL && info.dli_fname[0] == '/'
	    && stat (info.dli_fname, &st) == 0)
		return st.st_uid == uid;
	return stat ("/proc/self/exe", &st) == 0 && st.st_uid == uid;
}

static int
is_below (const char *path, const char *dir)
{
	size_t len = dir == NULL ? 0 : strlen (dir);

	return len != 0 && strncmp (path, dir, len) == 0 && path[len] == '/'
	       && strchr (path + len + 1, '/') == NULL;
}

/*
 * A user namespace that does not map root shows root's files, and those of all
 * others without a name in it, as those of one user.  Two things are known all
 * the same: this code runs, so the directories of its installation are as good
 * as it; and a directory on the way may be root's.  The file itself and its
 * directory must be the user's own, or installed.
 */
static int
is_as_good_as_root (struct walk *w, uid_t uid, int on_the_way)
{
	uid_t unmapped;

	if (w->unmapped == UNMAPPED_UNKNOWN) {
		w->unmapped = UNMAPPED_NONE;
		if (userns_hides_root (&unmapped)) {
			w->unmapped = unmapped;
			w->in_installed = is_below (w->path, w->installed)
					  && code_belongs_to (unmapped);
		}
	}
	return (int64_t) uid == w->unmapped && (w->in_installed || on_the_way);
}

static int
is_ours (struct walk *w, uid_t uid, int on_the_way)
{
	return uid == 0 || uid == geteuid ()
	       || is_as_good_as_root (w, uid, on_the_way);
}

static const char *
owner_fault (struct walk *w, const struct stat *st, int on_the_way)
{
	struct stat own = *st;

	if (is_ours (w, st->st_uid, on_the_way))
		own.st_uid = 0;
	/* Of a sticky directory only the owner matters. */
	if (on_the_way && (st->st_mode & S_ISVTX))
		own.st_mode &= ~(mode_t) (S_IWGRP | S_IWOTH);
	return file_owner_fault (&own, geteuid ());
}

/* ---- sentences ---- */

static int
refuse (struct walk *w, const char *what, const char *name, const char *fault,
	const char *remedy)
{
	return error_set (w->err, LHK_EREFUSED, 0,
			  "%s '%s': %s%s%s%s %s; use %s of your own",
			  w->subject, trusted_path_tail (w->path), what,
			  *name == '\0' ? "" : " '", name,
			  *name == '\0' ? "" : "'", fault, remedy);
}

static int
no_directory (struct walk *w, int error)
{
	return error_set (w->err, error == ENOENT ? LHK_ENOTFOUND : LHK_ESYS,
			  error, "%s '%s': cannot open its directory: %s",
			  w->subject, trusted_path_tail (w->path),
			  strerror (error));
}

static int
no_file (struct walk *w, int error)
{
	const char *tail = trusted_path_tail (w->path);

	if (error == ENOENT)
		return error_set (w->err, LHK_ENOTFOUND, error,
				  "%s '%s': no such file", w->subject, tail);
	if (error == ELOOP)
		return error_set (
			w->err, LHK_EREFUSED, error,
			"%s '%s' is a symbolic link; give the file to which "
			"it points, or a copy of it",
			w->subject, tail);
	return error_set (w->err, LHK_ESYS, error, "%s '%s': cannot open: %s",
			  w->subject, tail, strerror (error));
}

static int
too_long (struct walk *w)
{
	return error_set (w->err, LHK_EINVAL, ENAMETOOLONG,
			  "%s path has %zu bytes; at most %zu are allowed",
			  w->subject, strlen (w->path), sizeof w->rest - 1);
}

/* ---- the walk ---- */

/* openat, repeated when a signal interrupts it. */
static int
open_at (int dir, const char *name, int flags)
{
	int fd;

	do
		fd = openat (dir, name, flags | O_CLOEXEC);
	while (fd < 0 && errno == EINTR);
	return fd;
}

/* Take the next component off the rest.  0: there is none. */
static int
next_component (struct walk *w, char name[NAME_MAX + 1])
{
	char *p = w->rest + strspn (w->rest, "/");
	size_t len = strcspn (p, "/");

	if (len == 0 || len > NAME_MAX)
		return 0;
	memcpy (name, p, len);
	name[len] = '\0';
	memmove (w->rest, p + len, strlen (p + len) + 1);
	return 1;
}

static int
is_last (const struct walk *w)
{
	return w->rest[strspn (w->rest, "/")] == '\0';
}

/* Is what follows a file name alone? */
static int
holds_file (const struct walk *w)
{
	const char *p = w->rest + strspn (w->rest, "/");

	p += strcspn (p, "/");
	return p[strspn (p, "/")] == '\0';
}

/* Go on in DIR, which is checked; the walk owns it. */
static int
enter (struct walk *w, int dir, const char *name)
{
	const int last = holds_file (w);
	const char *fault;
	struct stat st;

	if (dir < 0)
		return no_directory (w, errno);
	if (w->dir >= 0)
		close (w->dir);
	w->dir = dir;
	if (fstat (dir, &st) < 0)
		return no_directory (w, errno);
	fault = owner_fault (w, &st, !last);
	if (fault == NULL)
		return LHK_OK;
	return last ? refuse (w, "its directory", "", fault, "a directory")
		    : refuse (w, "the directory", name, fault, "a directory");
}

static int
enter_root (struct walk *w)
{
	return enter (w, open_at (AT_FDCWD, "/", O_PATH | O_DIRECTORY), "/");
}

/* FD is a symbolic link: what it says is walked next. */
static int
follow (struct walk *w, int fd, const char *name, const struct stat *st)
{
	char target[PATH_MAX];
	size_t len = strlen (w->rest);
	ssize_t n;

	/* The mode of a link says nothing. */
	if (!is_ours (w, st->st_uid, 0))
		return refuse (w, "the symbolic link", name,
			       "belongs to another user", "a path");
	n = readlinkat (fd, "", target, sizeof target);
	if (n < 0 || ++w->links > LINKS_MAX)
		return no_directory (w, n < 0 ? errno : ELOOP);
	if ((size_t) n + 1 + len >= sizeof w->rest)
		return too_long (w);
	memmove (w->rest + n + 1, w->rest, len + 1);
	memcpy (w->rest, target, (size_t) n);
	w->rest[n] = '/';
	return w->rest[0] == '/' ? enter_root (w) : LHK_OK;
}

static int
step (struct walk *w, const char *name)
{
	AUTO_CLOSE int fd = open_at (w->dir, name, O_PATH | O_NOFOLLOW);
	struct stat st;
	int dir;

	if (fd < 0 || fstat (fd, &st) < 0)
		return no_directory (w, errno);
	if (S_ISLNK (st.st_mode))
		return follow (w, fd, name, &st);
	if (!S_ISDIR (st.st_mode))
		return no_directory (w, ENOTDIR);
	dir = fd;
	fd = -1;
	return enter (w, dir, name);
}

/* The file is a link that may be one: walk on to where it leads. */
static int
is_link (const struct walk *w, const char *name)
{
	struct stat st;

	return fstatat (w->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0
	       && S_ISLNK (st.st_mode);
}

static int
open_file (struct walk *w, const char *name, int flags, int *ret_fd)
{
	AUTO_CLOSE int fd = -1;
	const char *fault;
	struct stat st;

	/* O_NONBLOCK: the name may be that of a FIFO without a writer. */
	fd = open_at (w->dir, name, flags | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return no_file (w, errno);
	if (fstat (fd, &st) < 0)
		return no_file (w, errno);
	if (!S_ISREG (st.st_mode))
		return error_set (w->err, LHK_EREFUSED, 0,
				  "%s '%s' is %s; give a regular file",
				  w->subject, trusted_path_tail (w->path),
				  S_ISDIR (st.st_mode) ? "a directory"
						       : "not a regular file");
	fault = owner_fault (w, &st, 0);
	if (fault != NULL)
		return refuse (w, "the file", "", fault, "a copy");
	*ret_fd = fd;
	fd = -1;
	return LHK_OK;
}

static int
walk (struct walk *w, int flags, int how, int *ret_fd)
{
	char name[NAME_MAX + 1];
	int r = enter_root (w);

	while (r == LHK_OK && next_component (w, name)) {
		if (is_last (w) && !((how & TRUSTED_LINK) && is_link (w, name)))
			return open_file (w, name, flags, ret_fd);
		r = step (w, name);
	}
	return r < 0 ? r : no_file (w, ENOENT);
}

int
trusted_path_open (const char *subject, const char *path, const char *installed,
		   int flags, int how, int *ret_fd, struct lhk_error *err)
{
	struct walk w = { .subject = subject,
			  .path = path,
			  .err = err,
			  .installed = installed,
			  .unmapped = UNMAPPED_UNKNOWN,
			  .dir = -1 };
	size_t len = strlen (path);
	int r;

	if (path[0] != '/')
		return error_set (
			err, LHK_EREFUSED, 0,
			"%s '%s': the path is relative; give one that "
			"begins with '/'",
			subject, trusted_path_tail (path));
	if (len >= sizeof w.rest)
		return too_long (&w);
	memcpy (w.rest, path, len + 1);
	r = walk (&w, flags, how, ret_fd);
	if (w.dir >= 0)
		close (w.dir);
	return r;
}
