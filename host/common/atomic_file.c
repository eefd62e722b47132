/* SPDX-License-Identifier: MIT */
/* atomic_file.c - a file that others see whole or not at all. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "common/atomic_file.h"
#include "common/fd.h"
#include "common/io.h"

/* A process that died may have left files of our pid behind. */
#define TRIES 100

static void
write_file (void *user, const char *data, size_t len)
{
	struct atomic_file *f = user;

	if (f->error == 0)
		f->error = io_pwrite_full (f->fd, data, len, &f->size);
}

static void
begin (struct atomic_file *f, int dir, int fd, const char *name,
       struct outbuf *out)
{
	f->dir = dir;
	f->fd = fd;
	f->name = name;
	f->adopted = 0;
	f->error = 0;
	f->size = 0;
	f->out = out;
	outbuf_init (out, write_file, f);
}

int
atomic_file_open (struct atomic_file *f, int dir, const char *name,
		  unsigned int mode, struct outbuf *out)
{
	int i, len, fd = -1;

	for (i = 0; i < TRIES && fd < 0; i++) {
		len = snprintf (f->temp, sizeof f->temp, "%s.%ld.%d", name,
				(long) getpid (), i);
		if (len < 0 || (size_t) len >= sizeof f->temp)
			return -ENAMETOOLONG;
		fd = fd_openat (dir, f->temp,
				O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
					| O_NOFOLLOW,
				mode);
		if (fd < 0 && errno != EEXIST)
			return -errno;
	}
	if (fd < 0)
		return -EEXIST;
	begin (f, dir, fd, name, out);
	return 0;
}

void
atomic_file_adopt (struct atomic_file *f, int dir, int fd, const char *temp,
		   const char *name, struct outbuf *out)
{
	begin (f, dir, fd, name, out);
	f->adopted = 1;
	snprintf (f->temp, sizeof f->temp, "%s", temp);
}

void
atomic_file_fail (struct atomic_file *f, int error)
{
	if (f->error == 0)
		f->error = error;
}

void
atomic_file_sync (struct atomic_file *f)
{
	outbuf_flush (f->out);
	if (f->error == 0 && fsync (f->fd) < 0)
		f->error = -errno;
}

/* A network file system reports a full disk when the file is closed.  After
 * EINTR the descriptor is closed all the same. */
static void
close_file (struct atomic_file *f)
{
	int r = close (f->fd);

	f->fd = -1;
	if (r < 0 && errno != EINTR)
		atomic_file_fail (f, -errno);
}

int
atomic_file_commit (struct atomic_file *f)
{
	outbuf_flush (f->out);
	if (!f->adopted)
		close_file (f);
	if (f->error == 0 && renameat (f->dir, f->temp, f->dir, f->name) < 0)
		f->error = -errno;
	if (f->error != 0)
		unlinkat (f->dir, f->temp, 0);
	fd_close (&f->fd);
	return f->error;
}
