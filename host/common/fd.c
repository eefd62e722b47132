/* SPDX-License-Identifier: MIT */
/* fd.c - descriptors: close-on-exec at creation, out of the way of 0 to 3. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/fd.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008u
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* Descriptors to close one by one where the kernel has no close_range. */
#define CLOSE_MAX 65536

/* Measured: a larger pipe is not faster, and a user has a budget of pages. */
#define LARGE_PIPE (256 << 10)

void
fd_close (int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close (*fd);
	*fd = -1;
	errno = saved;
}

void
fd_close_from (int fd)
{
	if (syscall (SYS_close_range, fd, ~0u, 0) == 0)
		return;
	for (; fd < CLOSE_MAX; fd++)
		close (fd);
}

void
fd_close_except (int fd)
{
	int i;

	for (i = 0; i < fd; i++)
		close (i);
	fd_close_from (fd + 1);
}

int
fd_dup (int fd)
{
	int copy = fcntl (fd, F_DUPFD_CLOEXEC, FD_MIN);

	/* EINVAL: the limit of descriptors is FD_MIN or less. */
	if (copy < 0 && errno == EINVAL)
		errno = EMFILE;
	return copy;
}

int
fd_move_above_stdio (int fd)
{
	int lifted;

	if (fd < 0 || fd >= FD_MIN)
		return fd;
	lifted = fd_dup (fd);
	fd_close (&fd);
	return lifted;
}

int
fd_open (const char *path, int flags, unsigned int mode)
{
	int fd;

	do
		fd = open (path, flags, (mode_t) mode);
	while (fd < 0 && errno == EINTR);
	return fd_move_above_stdio (fd);
}

int
fd_openat (int dir, const char *path, int flags, unsigned int mode)
{
	int fd;

	do
		fd = openat (dir, path, flags, (mode_t) mode);
	while (fd < 0 && errno == EINTR);
	return fd_move_above_stdio (fd);
}

static int
move_both_above_stdio (int fds[2])
{
	fds[0] = fd_move_above_stdio (fds[0]);
	if (fds[0] < 0) {
		fd_close (&fds[1]);
		return -1;
	}
	fds[1] = fd_move_above_stdio (fds[1]);
	if (fds[1] < 0) {
		fd_close (&fds[0]);
		return -1;
	}
	return 0;
}

int
fd_pipe (int ret[2], int ours)
{
	int fds[2];
	int flags;

	if (pipe2 (fds, O_CLOEXEC) < 0)
		return -1;
	if (move_both_above_stdio (fds) < 0)
		return -1;
	flags = fcntl (fds[ours], F_GETFL);
	if (flags < 0 || fcntl (fds[ours], F_SETFL, flags | O_NONBLOCK) < 0) {
		fd_close (&fds[0]);
		fd_close (&fds[1]);
		return -1;
	}
	ret[0] = fds[0];
	ret[1] = fds[1];
	return 0;
}

int
fd_pair (int ret[2])
{
	int fds[2];

	if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return -1;
	if (move_both_above_stdio (fds) < 0)
		return -1;
	ret[0] = fds[0];
	ret[1] = fds[1];
	return 0;
}

/* A new file in DIR, whose NAME is written; or -1 with errno. */
static int
make_named (const char *dir, char name[PATH_MAX])
{
	int n = snprintf (name, PATH_MAX, "%s/linehook.XXXXXX", dir);
	int fd;

	if (n < 0 || n >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	do {
		/* After a failure NAME is no template any more. */
		memcpy (name + n - 6, "XXXXXX", 6);
		fd = mkostemp (name, O_CLOEXEC);
	} while (fd < 0 && errno == EINTR);
	return fd;
}

int
fd_tmpfile (const char *dir)
{
	char name[PATH_MAX];
	int fd;

	fd = fd_open (dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0
	    || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT
		&& errno != EINVAL))
		return fd;
	fd = make_named (dir, name);
	/* If the name cannot be removed the file would stay for ever. */
	if (fd >= 0 && unlink (name) < 0 && errno != ENOENT)
		fd_close (&fd);
	return fd_move_above_stdio (fd);
}

/* Open the file of FD again by its NAME, which another user may have given to
 * another file: then it is not there. */
static int
open_again (const char *name, int fd)
{
	int again =
		fd_open (name, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0);
	struct stat a, b;

	if (again < 0
	    || (fstat (fd, &a) == 0 && fstat (again, &b) == 0
		&& a.st_dev == b.st_dev && a.st_ino == b.st_ino))
		return again;
	fd_close (&again);
	errno = ENOENT;
	return -1;
}

int
fd_tmpfile_twice (const char *dir, int *ret_append)
{
	char name[PATH_MAX];
	int fd = make_named (dir, name);

	*ret_append = -1;
	if (fd < 0)
		return -1;
	*ret_append = open_again (name, fd);
	if ((unlink (name) < 0 && errno != ENOENT) || *ret_append < 0)
		fd_close (&fd);
	fd = fd_move_above_stdio (fd);
	if (fd < 0)
		fd_close (ret_append);
	return fd;
}

int
fd_memfd (const char *name, const char *dir)
{
	int fd = memfd_create (name, MFD_CLOEXEC | MFD_ALLOW_SEALING
					     | MFD_NOEXEC_SEAL);

	if (fd < 0)
		fd = memfd_create (name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	return fd < 0 ? fd_tmpfile (dir) : fd_move_above_stdio (fd);
}

void
fd_seal (int fd)
{
	fcntl (fd, F_ADD_SEALS,
	       F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}

uint64_t
fd_file_limit (void)
{
	struct rlimit limit;

	return getrlimit (RLIMIT_FSIZE, &limit) < 0
			       || limit.rlim_cur == RLIM_INFINITY
		       ? UINT64_MAX
		       : limit.rlim_cur;
}

/* 0, or -1 with EFBIG: LEN bytes from AT on are more than a file of ours may
 * have. */
static int
check_file_limit (uint64_t at, uint64_t len)
{
	uint64_t limit = fd_file_limit ();

	if (at < limit && len <= limit - at)
		return 0;
	errno = EFBIG;
	return -1;
}

ssize_t
fd_pwrite (int fd, const void *data, size_t len, uint64_t at)
{
	ssize_t n;

	if (check_file_limit (at, len) < 0)
		return -1;
	do
		n = pwrite (fd, data, len, (off_t) at);
	while (n < 0 && errno == EINTR);
	return n;
}

int
fd_reserve (int fd, int mode, uint64_t at, uint64_t len)
{
	int r;

	if (check_file_limit (at, len) < 0)
		return -1;
	do
		r = fallocate (fd, mode, (off_t) at, (off_t) len);
	while (r < 0 && errno == EINTR);
	return r;
}

int
fd_is_disk_full (int sys_errno)
{
	return sys_errno == ENOSPC || sys_errno == EDQUOT || sys_errno == EFBIG;
}

ssize_t
fd_pread_full (int fd, void *data, size_t len, uint64_t at)
{
	size_t got = 0;
	ssize_t n = 1;

	while (got < len && n != 0) {
		n = pread (fd, (char *) data + got, len - got,
			   (off_t) (at + got));
		if (n > 0)
			got += (size_t) n;
		else if (n < 0 && errno != EINTR)
			return -1;
	}
	return (ssize_t) got;
}

const char *
fd_path (int fd, char buf[FD_PATH_SIZE])
{
	snprintf (buf, FD_PATH_SIZE, "/proc/self/fd/%d", fd);
	return buf;
}

void
fd_grow_pipe (int fd, size_t n, int *grown)
{
	if (*grown || n < FD_PIPE_DEFAULT_SIZE)
		return;
	*grown = 1;
	fcntl (fd, F_SETPIPE_SZ, LARGE_PIPE);
}
