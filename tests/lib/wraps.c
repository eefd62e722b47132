/* SPDX-License-Identifier: MIT */
/*
 * wraps.c - the functions that the linker puts in place of wrapped calls.
 *
 * Argument types have the width of those of the C library, but some have
 * another name, since its own declarations would conflict.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/faults.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/* Where FD leads; "" if that does not matter. */
static const char *
link_of (int fd, char to[64])
{
	char path[64];
	ssize_t n = 0;

	snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
	if (faults_on ())
		n = readlink (path, to, 63);
	to[n < 0 ? 0 : n] = '\0';
	return to;
}

/* What FD is: CALL_READ_PIPE, CALL_READ_FILE, or -1 where reading and writing
 * cannot fail (clocks, bells, watches). */
static int
kind_of (int fd)
{
	char to[64];

	if (*link_of (fd, to) == '\0' || strncmp (to, "anon_inode:", 11) == 0)
		return -1;
	return strncmp (to, "pipe:", 5) == 0 || strncmp (to, "socket:", 7) == 0
			       || strncmp (to, "/dev/", 5) == 0
		       ? CALL_READ_PIPE
		       : CALL_READ_FILE;
}

/* The declarations that nobody else needs. */
#define DECLARE(type, name, ...)                                               \
	type __real_##name (__VA_ARGS__);                                      \
	type __wrap_##name (__VA_ARGS__)

/* A call that says -1. */
#define WRAP(type, name, row, params, args)                                    \
	type __real_##name params;                                             \
	type __wrap_##name params;                                             \
	type __wrap_##name params                                              \
	{                                                                      \
		return faults_effect (row) ? -1 : __real_##name args;          \
	}

/* A call that returns its errno. */
#define WRAP_CODE(name, row, params, args)                                     \
	int __real_##name params;                                              \
	int __wrap_##name params;                                              \
	int __wrap_##name params                                               \
	{                                                                      \
		return faults_effect (row) ? errno : __real_##name args;       \
	}

/* A call that says NULL. */
#define WRAP_NULL(type, name, row, params, args)                               \
	type __real_##name params;                                             \
	type __wrap_##name params;                                             \
	type __wrap_##name params                                              \
	{                                                                      \
		return faults_effect (row) ? NULL : __real_##name args;        \
	}

WRAP (int, access, CALL_ACCESS, (const char *path, int mode), (path, mode))
WRAP (int, faccessat, CALL_ACCESS,
      (int dir, const char *path, int mode, int flags),
      (dir, path, mode, flags))
WRAP (int, chdir, CALL_CHDIR, (const char *path), (path))
WRAP (int, epoll_create1, CALL_EPOLL_CREATE, (int flags), (flags))
WRAP (int, epoll_wait, CALL_EPOLL_WAIT,
      (int fd, struct epoll_event *events, int n, int timeout),
      (fd, events, n, timeout))
WRAP (int, eventfd, CALL_EVENTFD, (unsigned int n, int flags), (n, flags))
WRAP (int, execve, CALL_EXECVE,
      (const char *path, char *const argv[], char *const envp[]),
      (path, argv, envp))
WRAP (int, fallocate, CALL_FALLOCATE, (int fd, int mode, off_t off, off_t len),
      (fd, mode, off, len))
WRAP (pid_t, fork, CALL_FORK, (void), ())
WRAP (int, fstat, CALL_FSTAT, (int fd, struct stat *st), (fd, st))
WRAP (int, fstatat, CALL_FSTAT,
      (int dir, const char *path, struct stat *st, int flags),
      (dir, path, st, flags))
WRAP (int, ftruncate, CALL_FTRUNCATE, (int fd, off_t len), (fd, len))
WRAP (int, fsync, CALL_FSYNC, (int fd), (fd))
WRAP (ssize_t, getrandom, CALL_GETRANDOM,
      (void *buf, size_t len, unsigned int flags), (buf, len, flags))
WRAP (int, inotify_add_watch, CALL_INOTIFY_ADD,
      (int fd, const char *path, uint32_t mask), (fd, path, mask))
WRAP (int, inotify_init1, CALL_INOTIFY_INIT, (int flags), (flags))
WRAP (off_t, lseek, CALL_LSEEK, (int fd, off_t off, int how), (fd, off, how))
WRAP (int, memfd_create, CALL_MEMFD, (const char *name, unsigned int flags),
      (name, flags))
WRAP (int, mkdirat, CALL_MKDIR, (int dir, const char *path, mode_t mode),
      (dir, path, mode))
WRAP (int, mkostemp, CALL_MKOSTEMP, (char *name, int flags), (name, flags))
WRAP (int, pipe2, CALL_PIPE, (int fds[2], int flags), (fds, flags))
WRAP (int, poll, CALL_POLL, (struct pollfd * fds, nfds_t n, int timeout),
      (fds, n, timeout))
WRAP (ssize_t, recv, CALL_RECV, (int fd, void *buf, size_t len, int flags),
      (fd, buf, len, flags))
WRAP (ssize_t, recvmsg, CALL_RECVMSG, (int fd, struct msghdr *msg, int flags),
      (fd, msg, flags))
WRAP (int, rename, CALL_RENAME, (const char *from, const char *to), (from, to))
WRAP (int, renameat, CALL_RENAME,
      (int from_dir, const char *from, int to_dir, const char *to),
      (from_dir, from, to_dir, to))
WRAP (ssize_t, send, CALL_SEND,
      (int fd, const void *buf, size_t len, int flags), (fd, buf, len, flags))
WRAP (ssize_t, sendmsg, CALL_SENDMSG,
      (int fd, const struct msghdr *msg, int flags), (fd, msg, flags))
WRAP (int, setrlimit, CALL_SETRLIMIT, (int which, const void *limit),
      (which, limit))
WRAP (int, signalfd, CALL_SIGNALFD, (int fd, const void *mask, int flags),
      (fd, mask, flags))
WRAP (int, socketpair, CALL_SOCKETPAIR,
      (int domain, int type, int proto, int *fds), (domain, type, proto, fds))
WRAP (int, timerfd_create, CALL_TIMERFD, (int clock, int flags), (clock, flags))
WRAP (int, unlink, CALL_UNLINK, (const char *path), (path))
WRAP (int, unlinkat, CALL_UNLINK, (int dir, const char *path, int flags),
      (dir, path, flags))
WRAP (pid_t, wait4, CALL_WAIT4, (pid_t pid, int *status, int how, void *usage),
      (pid, status, how, usage))
WRAP (int, waitid, CALL_WAITID, (int type, int id, void *info, int how),
      (type, id, info, how))

WRAP_CODE (posix_spawn_file_actions_adddup2, CALL_SPAWN_DUP,
	   (posix_spawn_file_actions_t * actions, int fd, int to),
	   (actions, fd, to))
WRAP_CODE (posix_spawn_file_actions_init, CALL_SPAWN_INIT,
	   (posix_spawn_file_actions_t * actions), (actions))

WRAP_NULL (DIR *, opendir, CALL_OPENDIR, (const char *path), (path))
WRAP_NULL (DIR *, fdopendir, CALL_OPENDIR, (int fd), (fd))
WRAP_NULL (struct dirent *, readdir, CALL_READDIR, (DIR * dir), (dir))

#define SPAWN_PARAMS                                                           \
	pid_t *pid, const char *path,                                          \
		const posix_spawn_file_actions_t *actions,                     \
		const posix_spawnattr_t *attr, char *const argv[],             \
		char *const envp[]

DECLARE (int, posix_spawn, SPAWN_PARAMS);

int
__wrap_posix_spawn (SPAWN_PARAMS)
{
	int r;

	if (faults_effect (CALL_SPAWN))
		return errno;
	r = __real_posix_spawn (pid, path, actions, attr, argv, envp);
	if (r == 0)
		faults_note_spawned (*pid);
	return r;
}

/* It is closed in any case. */
DECLARE (int, close, int fd);

int
__wrap_close (int fd)
{
	int r = __real_close (fd);

	return faults_effect (CALL_CLOSE) != PASS ? -1 : r;
}

DECLARE (int, epoll_ctl, int fd, int op, int of, struct epoll_event *e);

int
__wrap_epoll_ctl (int fd, int op, int of, struct epoll_event *e)
{
	if (op == EPOLL_CTL_ADD && faults_effect (CALL_EPOLL_ADD) != PASS)
		return -1;
	return __real_epoll_ctl (fd, op, of, e);
}

/*
 * What takes any number of arguments is taken here as if it took all of them:
 * they come in the same registers, and those that were not given are given on
 * to nobody who looks.
 */
int __real_fcntl (int fd, int command, long arg);
int __wrap_fcntl (int fd, int command, long arg);

int
__wrap_fcntl (int fd, int command, long arg)
{
	int row = command == F_DUPFD_CLOEXEC ? CALL_DUP
		  : command == F_SETPIPE_SZ  ? CALL_PIPE_SIZE
		  : command == F_ADD_SEALS   ? CALL_SEALS
		  : command == F_OFD_SETLK || command == F_OFD_GETLK ? CALL_LOCK
		  : command == F_OFD_SETLKW ? CALL_LOCK_SOON
					    : -1;

	if (row >= 0 && faults_effect (row))
		return -1;
	return __real_fcntl (fd, command, arg);
}

static int
open_row (int flags)
{
	return (flags & O_TMPFILE) == O_TMPFILE ? CALL_TMPFILE_OPEN : CALL_OPEN;
}

WRAP (int, open, open_row (flags), (const char *path, int flags, long mode),
      (path, flags, mode))
WRAP (int, openat, open_row (flags),
      (int dir, const char *path, int flags, long mode),
      (dir, path, flags, mode))
WRAP (int, prctl, CALL_PRCTL, (int option, long a, long b, long c, long d),
      (option, a, b, c, d))

long __real_syscall (long number, long a, long b, long c, long d, long e);
long __wrap_syscall (long number, long a, long b, long c, long d, long e);

long
__wrap_syscall (long number, long a, long b, long c, long d, long e)
{
	if (number == SYS_pidfd_open && faults_effect (CALL_PIDFD_OPEN))
		return -1;
	return __real_syscall (number, a, b, c, d, e);
}

/* Reading and writing: by what it is, and of one byte only. */
#define WRAP_IO(name, row, params, fd, len, args)                              \
	ssize_t __real_##name params;                                          \
	ssize_t __wrap_##name params;                                          \
	ssize_t __wrap_##name params                                           \
	{                                                                      \
		int r = (row);                                                 \
		enum fault_effect s = r < 0 ? PASS : faults_effect (r);        \
                                                                               \
		if (s == FAIL)                                                 \
			return -1;                                             \
		if (s == SHORT && len > 1)                                     \
			len = 1;                                               \
		return __real_##name args;                                     \
	}

static int
write_kind (int fd)
{
	int kind = kind_of (fd);

	return kind == CALL_READ_PIPE	? CALL_WRITE_PIPE
	       : kind == CALL_READ_FILE ? CALL_WRITE_FILE
					: -1;
}

static int
pwrite_kind (int fd)
{
	char to[64];

	return strncmp (link_of (fd, to), "/memfd:", 7) == 0
		       ? CALL_PWRITE_MEMORY
		       : CALL_PWRITE;
}

WRAP_IO (read, kind_of (fd), (int fd, void *buf, size_t len), fd, len,
	 (fd, buf, len))
WRAP_IO (write, write_kind (fd), (int fd, const void *buf, size_t len), fd, len,
	 (fd, buf, len))
WRAP_IO (pread, CALL_PREAD, (int fd, void *buf, size_t len, off_t off), fd, len,
	 (fd, buf, len, off))
WRAP_IO (pwrite, pwrite_kind (fd),
	 (int fd, const void *buf, size_t len, off_t off), fd, len,
	 (fd, buf, len, off))
