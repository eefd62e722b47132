/* SPDX-License-Identifier: MIT */
/* io.c - writing all of it; reading a short text; waiting for one descriptor. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "common/fd.h"
#include "common/io.h"

int
io_wait (int fd, short events, int timeout_ms)
{
	struct pollfd p = { fd, events, 0 };
	int r = poll (&p, 1, timeout_ms);

	if (r >= 0)
		return r > 0;
	if (errno == EINTR)
		return -1;
	poll (NULL, 0, 1);
	return 1;
}

int
io_write_full (int fd, const void *data, size_t len)
{
	const char *p = data;
	ssize_t n;

	while (len > 0) {
		n = write (fd, p, len);
		if (n >= 0) {
			p += n;
			len -= (size_t) n;
		} else if (errno == EAGAIN) {
			io_wait (fd, POLLOUT, -1);
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

int
io_pwrite_full (int fd, const void *data, size_t len, uint64_t *at)
{
	const char *p = data;
	ssize_t n;

	while (len > 0) {
		n = fd_pwrite (fd, p, len, *at);
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		*at += (uint64_t) n;
		p += n;
		len -= (size_t) n;
	}
	return 0;
}

int
io_write_file (const char *path, const char *text)
{
	int fd = open (path, O_WRONLY | O_CLOEXEC);
	int r = 0;

	if (fd < 0)
		return -errno;
	if (write (fd, text, strlen (text)) < 0)
		r = -errno;
	close (fd);
	return r;
}

int
io_read_text (int fd, char *buf, size_t size)
{
	ssize_t n;
	int error;

	buf[0] = '\0';
	if (fd < 0)
		return -errno;
	n = read (fd, buf, size - 1);
	error = errno;
	close (fd);
	if (n < 0)
		return -error;
	buf[n] = '\0';
	return (int) n;
}
