/* SPDX-License-Identifier: MIT */
/*
 * fd.h - descriptors: close-on-exec at creation, one owner, -1 when closed.
 *
 * Descriptors of the library that live longer than a call are at least
 * FD_MIN.  An embedder may have closed 0, 1 or 2: nothing of ours may land
 * there and be written to by a stray printf; and the monitor's 0 to 3 are then
 * never both source and target of a duplication.
 */
#ifndef COMMON_FD_H
#define COMMON_FD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define FD_MIN 4

/* Bytes that a pipe holds unless it was made larger. */
#define FD_PIPE_DEFAULT_SIZE 65536u

/* Move FD, which may be -1 with errno, to FD_MIN or above.  The new number; or
 * -1 with errno, and FD is closed. */
int fd_move_above_stdio (int fd);

/* A duplicate at FD_MIN or above, close-on-exec; or -1 with errno. */
int fd_dup (int fd);

/* Close *FD unless it is -1, which it becomes.  Keeps errno. */
void fd_close (int *fd);

/* Close all descriptors from FD on, or all but FD: for a process of our own,
 * never in an embedder. */
void fd_close_from (int fd);
void fd_close_except (int fd);

/* open and openat, tried again after EINTR, at FD_MIN or above; or -1 with
 * errno.  MODE is for flags that create a file. */
int fd_open (const char *path, int flags, unsigned int mode);

int fd_openat (int dir, const char *path, int flags, unsigned int mode);

/* A pipe of which our end, RET[OURS], is non-blocking: 0 is the reading end, 1
 * the writing end.  0, or -1 with errno. */
int fd_pipe (int ret[2], int ours);

/* A pair of sequenced-packet sockets.  0, or -1 with errno. */
int fd_pair (int ret[2]);

/* Create a file without a name in DIR, as O_TMPFILE does, mode 0600, for
 * reading and writing; or -1 with errno. */
int fd_tmpfile (const char *dir);

/* The same without /proc, opened twice: the return value is for reading and
 * writing, *RET_APPEND is for appending, at an offset of its own.  For a moment
 * the file has a name.  -1 with errno, and then *RET_APPEND is -1. */
int fd_tmpfile_twice (const char *dir, int *ret_append);

/* memfd_create, whose NAME is shown in /proc; where the kernel lacks it,
 * fd_tmpfile in DIR.  -1 with errno. */
int fd_memfd (const char *name, const char *dir);

/* Forbid all changes of a file in memory, for every process; no other file is
 * affected. */
void fd_seal (int fd);

/* Like pwrite, tried again after EINTR.  Beyond RLIMIT_FSIZE it fails with
 * EFBIG and without SIGXFSZ, which would kill an embedder that has such a
 * limit. */
ssize_t fd_pwrite (int fd, const void *data, size_t len, uint64_t at);

/* The soft RLIMIT_FSIZE; UINT64_MAX: there is none. */
uint64_t fd_file_limit (void);

/* Reserve disk space for LEN bytes from AT on, so that writing them later cannot
 * fail for want of it.  MODE is that of fallocate; beyond RLIMIT_FSIZE it is as
 * for fd_pwrite.  0, or -1 with errno (EOPNOTSUPP: the file system cannot). */
int fd_reserve (int fd, int mode, uint64_t at, uint64_t len);

/* Does this errno say that no more can be written: a full disk, a quota, a limit
 * of the size of files?  1 or 0. */
int fd_is_disk_full (int sys_errno);

/* Read LEN bytes from offset AT, fewer only at the end of the file.  The number
 * of bytes, or -1 with errno. */
ssize_t fd_pread_full (int fd, void *data, size_t len, uint64_t at);

/* The path in /proc by which the file of FD can be opened again; BUF. */
#define FD_PATH_SIZE 32
const char *fd_path (int fd, char buf[FD_PATH_SIZE]);

/*
 * A read returned N bytes.  If that is all that an ordinary pipe holds, its
 * writer waits for room: make the pipe larger, once per *GROWN.  It is no error
 * if FD is no pipe, or if the user may have no more large pipes.
 */
void fd_grow_pipe (int fd, size_t n, int *grown);

#endif /* COMMON_FD_H */
