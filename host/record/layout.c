/* SPDX-License-Identifier: MIT */
/* layout.c - the directories and locks of a store. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "record/layout.h"
#include "common/error.h"
#include "common/fd.h"

/* record_lock_soon tries so often, which takes 2 seconds. */
#define LOCK_TRIES 220

/* The number of the last real-time signal. */
#define SIGNAL_MAX 64

/* Bytes of a file that is looked through for holes.  A shorter one is read as
 * it is. */
#define HOLES_FROM (1 << 20)

/* ---- directories ---- */

/* Make DIR and what is missing above it.  0, or -1 with errno. */
static int
make_directories (const char *dir)
{
	char path[PATH_MAX];
	size_t len = strlen (dir);
	size_t i;

	if (len >= sizeof path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy (path, dir, len + 1);
	for (i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		path[i] = '\0';
		if (mkdir (path, 0700) < 0 && errno != EEXIST)
			return -1;
		path[i] = dir[i];
	}
	return 0;
}

/* Records are read back and believed, so nobody else may write there. */
static int
check_owner (const char *dir, int fd, struct lhk_error *err)
{
	struct stat st;

	if (fstat (fd, &st) < 0)
		return error_set (err, LHK_ESYS, errno,
				  "cannot read the directory '%.120s': %s", dir,
				  strerror (errno));
	if (st.st_uid != geteuid ())
		return error_set (
			err, LHK_EREFUSED, 0,
			"the directory '%.120s' belongs to another user; use a "
			"directory of your own",
			dir);
	if ((st.st_mode & 022) != 0)
		return error_set (
			err, LHK_EREFUSED, 0,
			"the directory '%.120s' can be written by other users; "
			"use a directory of your own",
			dir);
	return LHK_OK;
}

int
record_dir_open (const char *dir, int make, int *ret, struct lhk_error *err)
{
	int fd, r;

	if (dir == NULL || dir[0] != '/')
		return error_set (
			err, LHK_EINVAL, 0,
			"the directory of the records, '%.120s', is not an "
			"absolute path",
			dir == NULL ? "" : dir);
	if (make && make_directories (dir) < 0)
		return error_set (err, LHK_ESYS, errno,
				  "cannot make the directory '%.120s': %s", dir,
				  strerror (errno));
	fd = fd_open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (fd < 0)
		return error_set (
			err, errno == ENOENT ? LHK_ENOTFOUND : LHK_ESYS, errno,
			"cannot open the directory '%.120s': %s", dir,
			strerror (errno));
	r = check_owner (dir, fd, err);
	if (r < 0) {
		fd_close (&fd);
		return r;
	}
	*ret = fd;
	return LHK_OK;
}

DIR *
record_dir_list (int dir)
{
	int fd = fd_openat (dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	DIR *d = fd < 0 ? NULL : fdopendir (fd);

	if (d == NULL)
		fd_close (&fd);
	return d;
}

int
record_dir_next (DIR *list, const char **ret_name)
{
	const struct dirent *e;

	do {
		errno = 0;
		e = readdir (list);
		if (e == NULL)
			return errno == 0 ? 0 : -1;
	} while (strcmp (e->d_name, ".") == 0 || strcmp (e->d_name, "..") == 0);
	*ret_name = e->d_name;
	return 1;
}

int
record_is_at (int dir, const char *path, int fd)
{
	struct stat ours, now;

	if (fstat (fd, &ours) < 0)
		return -1;
	if (fstatat (dir, path, &now, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	return now.st_ino == ours.st_ino && now.st_dev == ours.st_dev;
}

/* ---- requests to cancel ---- */

int
record_cancel_signal (long signo)
{
	return signo > 0 && signo <= SIGNAL_MAX ? (int) signo : SIGTERM;
}

int
record_cancel_parse (const char *text, int *ret_signo)
{
	char *end;
	long signo = strtol (text, &end, 10);
	long n = strtol (end, NULL, 10);

	*ret_signo = record_cancel_signal (signo);
	return n < 1 ? 1 : n < INT_MAX - 1 ? (int) n : INT_MAX - 1;
}

/* ---- lines ---- */

off_t
record_file_end (int fd)
{
	off_t size = lseek (fd, 0, SEEK_END);
	off_t hole = size < HOLES_FROM ? -1 : lseek (fd, 0, SEEK_HOLE);

	return hole >= 0 && hole < size ? hole : size;
}

/* The offset behind the last newline before AT; 0: there is none; -1: FD cannot
 * be read. */
static off_t
line_start (int fd, off_t at)
{
	char buf[4096];
	ssize_t n, i;

	while (at > 0) {
		off_t from =
			at > (off_t) sizeof buf ? at - (off_t) sizeof buf : 0;

		n = fd_pread_full (fd, buf, (size_t) (at - from),
				   (uint64_t) from);
		if (n != at - from)
			return -1;
		for (i = n; i > 0; i--)
			if (buf[i - 1] == '\n')
				return from + i;
		at = from;
	}
	return at;
}

off_t
record_lines_end (int fd)
{
	return line_start (fd, record_file_end (fd));
}

/* ---- events ---- */

/* How the final result goes on behind its seq and t, and a member that no other
 * result has. */
#define RESULT ",\"kind\":\"result\""
#define TIME ",\"t\":"
#define FINAL ",\"final\":true"

/* More bytes than those. */
#define EVENT_HEAD 128

int
record_event_is_final (const char *line)
{
	const char *p = line + strlen (RECORD_EVENT_PREFIX);

	p += strspn (p, "0123456789");
	if (strncmp (p, RESULT, strlen (RESULT)) != 0)
		return 0;
	p += strlen (RESULT);
	if (strncmp (p, TIME, strlen (TIME)) == 0)
		p += strlen (TIME) + strspn (p + strlen (TIME), "0123456789");
	return strncmp (p, FINAL, strlen (FINAL)) == 0;
}

int
record_events_are_final (int fd)
{
	char head[EVENT_HEAD];
	off_t end = record_lines_end (fd);
	off_t start = end > 0 ? line_start (fd, end - 1) : -1;
	ssize_t n = start < 0 ? -1
			      : fd_pread_full (fd, head, sizeof head - 1,
					       (uint64_t) start);

	head[n > 0 ? n : 0] = '\0';
	return strncmp (head, RECORD_EVENT_PREFIX, strlen (RECORD_EVENT_PREFIX))
		       == 0
	       && record_event_is_final (head);
}

/* ---- locks ---- */

/* The lock belongs to the open file: neither a fork of its host nor another
 * descriptor of the same process releases it. */
int
record_lock_try (int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl (fd, F_OFD_SETLK, &lock);
}

int
record_lock_wait (int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int r;

	do
		r = fcntl (fd, F_OFD_SETLKW, &lock);
	while (r < 0 && errno == EINTR);
	return r;
}

int
record_lock_free (int fd)
{
	struct flock lock = { .l_type = F_UNLCK, .l_whence = SEEK_SET };

	return fcntl (fd, F_OFD_SETLK, &lock);
}

/* A holder that was stopped (SIGSTOP) must not block everybody else for
 * ever. */
int
record_lock_soon (int fd)
{
	static const struct timespec briefly = { 0, 200000 };
	static const struct timespec longer = { 0, 10000000 };
	int i;

	for (i = 0; record_lock_try (fd) < 0; i++) {
		if (errno != EAGAIN && errno != EACCES && errno != EINTR)
			return -1;
		if (i == LOCK_TRIES) {
			errno = EAGAIN;
			return -1;
		}
		nanosleep (i < 20 ? &briefly : &longer, NULL);
	}
	return 0;
}

int
record_lock_is_held (int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl (fd, F_OFD_GETLK, &lock) < 0)
		return -1;
	return lock.l_type != F_UNLCK;
}

int
record_dir_lock (int dir)
{
	return flock (dir, LOCK_EX | LOCK_NB);
}

void
record_dir_unlock (int dir)
{
	(void) !flock (dir, LOCK_UN);
}

/* The lock that is tried is a shared one, so those who ask do not see each
 * other. */
int
record_dir_is_held (int dir)
{
	if (flock (dir, LOCK_SH | LOCK_NB) < 0)
		return errno == EWOULDBLOCK;
	record_dir_unlock (dir);
	return 0;
}

int
record_lock_open (int dir, const char *name, int (*lock) (int fd))
{
	struct stat ours, now;
	int fd;

	for (;;) {
		fd = fd_openat (dir, name,
				O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
				0600);
		if (fd < 0)
			return -1;
		if (lock (fd) < 0 || fstat (fd, &ours) < 0)
			break;
		if (fstatat (dir, name, &now, AT_SYMLINK_NOFOLLOW) == 0
		    && ours.st_ino == now.st_ino)
			return fd;
		fd_close (&fd);
	}
	fd_close (&fd);
	return -1;
}
