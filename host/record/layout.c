/* SPDX-License-Identifier: MIT */
/* layout.c - where records are: ids, the store's directory, locks. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "record/layout.h"
#include "common/error.h"
#include "common/fd.h"

#define ID_MAX 64

/* Of record_lock_soon: 2 seconds. */
#define LOCK_TRIES 220

int
record_id_ok (const char *id)
{
	size_t len;

	if (id == NULL || id[0] == '.' || strcmp (id, RECORD_INDEX) == 0)
		return 0;
	len = strspn (id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			  "abcdefghijklmnopqrstuvwxyz0123456789._-");
	return len > 0 && len <= ID_MAX && id[len] == '\0';
}

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
				  "cannot look at store"
				  " '%.120s': %s",
				  dir, strerror (errno));
	if (st.st_uid != geteuid ())
		return error_set (
			err, LHK_EREFUSED, 0,
			"store '%.120s' belongs to"
			" user %lu, wanted %lu: name a directory of your"
			" own",
			dir, (unsigned long) st.st_uid,
			(unsigned long) geteuid ());
	if ((st.st_mode & 022) != 0)
		return error_set (
			err, LHK_EREFUSED, 0,
			"store '%.120s' has mode"
			" %04o, so others may write there: chmod go-w it",
			dir, (unsigned int) st.st_mode & 07777);
	return LHK_OK;
}

int
record_open_store (const char *dir, int make, int *ret, struct lhk_error *err)
{
	int fd, r;

	if (dir == NULL || dir[0] != '/')
		return error_set (err, LHK_EINVAL, 0,
				  "store '%.120s' is no absolute"
				  " path",
				  dir == NULL ? "" : dir);
	if (make && make_directories (dir) < 0)
		return error_set (err, LHK_ESYS, errno,
				  "cannot make store '%.120s':"
				  " %s",
				  dir, strerror (errno));
	fd = fd_open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (fd < 0)
		return error_set (err,
				  errno == ENOENT ? LHK_ENOTFOUND : LHK_ESYS,
				  errno, "cannot open store '%.120s': %s", dir,
				  strerror (errno));
	r = check_owner (dir, fd, err);
	if (r < 0) {
		fd_close (&fd);
		return r;
	}
	*ret = fd;
	return LHK_OK;
}

/* Of an open file, so that a fork of its host or another look at it by the
 * same process does not let it go. */
int
record_lock (int fd)
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

/* Who holds it has little to do, unless somebody has stopped it: nobody else
 * is to stand still for that. */
int
record_lock_soon (int fd)
{
	static const struct timespec briefly = { 0, 200000 };
	static const struct timespec longer = { 0, 10000000 };
	int i;

	for (i = 0; record_lock (fd) < 0; i++) {
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
record_open_locked (int dir, const char *name, int (*lock) (int fd))
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

int
record_is_locked (int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl (fd, F_OFD_GETLK, &lock) < 0)
		return -1;
	return lock.l_type != F_UNLCK;
}
