/* SPDX-License-Identifier: MIT */
/* io.h - writing all of it; reading a short text; waiting for one descriptor. */
#ifndef COMMON_IO_H
#define COMMON_IO_H

#include <stddef.h>
#include <stdint.h>

/*
 * Wait until FD is ready for EVENTS, as of poll(2); TIMEOUT_MS -1: no limit.
 * 1; 0: the time is over; -1: a signal came.  poll fails in a process whose
 * limit of descriptors was lowered to 0: then this returns 1 after a
 * millisecond, and the caller has to try.
 */
int io_wait (int fd, short events, int timeout_ms);

/*
 * Write all LEN bytes, through signals; a descriptor that does not block is
 * waited for with poll.  0, or -errno of the write that failed.
 */
int io_write_full (int fd, const void *data, size_t len);

/* Write all LEN bytes to a file of ours at offset *AT, which moves on by what
 * was written, also when not all of it was.  0, or -errno; a limit on the size
 * of files is -EFBIG without the signal. */
int io_pwrite_full (int fd, const void *data, size_t len, uint64_t *at);

/* Write a short text to an existing file by one write, as files of /proc and
 * /sys want it.  0, or -errno. */
int io_write_file (const char *path, const char *text);

/*
 * Read the beginning of a short file, as those of /proc and /sys, by one read
 * of at most SIZE - 1 bytes, put a NUL behind it, and close FD, which may be -1
 * with errno.  How many bytes, or -errno and an empty text.
 */
int io_read_text (int fd, char *buf, size_t size);

#endif /* COMMON_IO_H */
