/* SPDX-License-Identifier: MIT */
/* async_writer.c - output to a descriptor that never makes its writer wait. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/spool.h"
#include "io/async_writer.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/io.h"
#include "common/limits.h"
#include "common/mem.h"

enum method {
	DIRECT,	     /* a regular file: a write never waits for a reader */
	NONBLOCKING, /* the file is open a second time, with O_NONBLOCK */
	SOCKET,	     /* send with MSG_DONTWAIT */
	POLLED	     /* poll, then write at most PIPE_BUF */
};

struct async_writer {
	struct loop_source source;
	const struct lhk_alloc *alloc;
	struct loop *loop;
	struct spool spool;
	enum method method;
	int fd;		 /* that is written to */
	int own;	 /* the file, opened a second time; or -1 */
	int error;	 /* errno that ended the output, or 0 */
	int empty_reads; /* reads of the spool in a row without a byte */
};

/* The spool is read so often before the output is given up: more often than the
 * spool tries its disk, so that it is memory that is missing. */
#define EMPTY_READS_MAX 100

static enum method
choose_method (int fd, int *ret_own)
{
	char path[FD_PATH_SIZE];
	struct stat st;

	*ret_own = -1;
	/* A write to a file of another kind may block. */
	if (fstat (fd, &st) < 0)
		return POLLED;
	if (S_ISREG (st.st_mode) || S_ISBLK (st.st_mode))
		return DIRECT;
	/* A write to a read-only descriptor fails, as it should; to a second
	 * open of the same file it might not. */
	if ((fcntl (fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
		return DIRECT;
	if (S_ISSOCK (st.st_mode))
		return SOCKET;
	*ret_own = fd_open (fd_path (fd, path),
			    O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	return *ret_own >= 0 ? NONBLOCKING : POLLED;
}

/* Write once.  The number of bytes, or -1 with errno; EAGAIN: try later. */
static ssize_t
attempt (struct async_writer *w, const char *data, size_t len)
{
	int r;

	switch (w->method) {
	case SOCKET:
		return send (w->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	case POLLED:
		r = io_wait (w->fd, POLLOUT, 0);
		if (r <= 0) {
			errno = r < 0 ? EINTR : EAGAIN;
			return -1;
		}
		return write (w->fd, data, len < PIPE_BUF ? len : PIPE_BUF);
	default:
		return write (w->fd, data, len);
	}
}

static void
give_up (struct async_writer *w, int error)
{
	w->error = error;
	loop_remove (w->loop, &w->source);
	spool_clear (&w->spool);
}

/* Write DATA.  Returns how many bytes need not be queued: after an error,
 * all. */
static size_t
push_out (struct async_writer *w, const char *data, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = attempt (w, data + done, len - done);
		if (n >= 0) {
			done += (size_t) n;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			return done;
		} else if (errno != EINTR) {
			give_up (w, errno);
			return len;
		}
	}
	return done;
}

/* Write the oldest bytes of the spool.  Returns 1 if all of them were
 * written. */
static int
advance (struct async_writer *w)
{
	const char *p;
	size_t len = spool_peek (&w->spool, &p);
	size_t done;

	if (len == 0) {
		if (++w->empty_reads == EMPTY_READS_MAX)
			give_up (w, ENOMEM);
		return 0;
	}
	w->empty_reads = 0;
	done = push_out (w, p, len);
	if (w->error == 0)
		spool_drop (&w->spool, done);
	return done == len;
}

static void
ready (struct loop_source *source, uint32_t events)
{
	struct async_writer *w = (struct async_writer *) source;
	uint64_t start = spool_size (&w->spool);

	(void) events;
	while (w->error == 0 && spool_size (&w->spool) != 0
	       && start - spool_size (&w->spool) < LOOP_SHARE)
		if (!advance (w))
			break;
	if (w->error == 0 && spool_size (&w->spool) == 0)
		loop_remove (w->loop, &w->source);
}

int
async_writer_new (const struct lhk_alloc *alloc, struct loop *loop, int fd,
		  const char *dir, struct async_writer **ret,
		  struct lhk_error *err)
{
	struct async_writer *w = mem_zero (alloc, sizeof *w);

	if (w == NULL)
		return error_set (err, LHK_ENOMEM, 0,
				  "no memory for the output");
	w->alloc = alloc;
	w->loop = loop;
	w->source.fd = -1;
	w->source.ready = ready;
	w->own = -1;
	if (spool_init (&w->spool, alloc, dir, LIMIT_OUT_MEMORY) < 0) {
		mem_free (alloc, w, sizeof *w);
		return error_set (err, LHK_ENOMEM, 0,
				  "no memory for the output");
	}
	w->method = choose_method (fd, &w->own);
	w->fd = w->own >= 0 ? w->own : fd;
	*ret = w;
	return LHK_OK;
}

void
async_writer_write (void *user, const char *data, size_t len)
{
	struct async_writer *w = user;
	size_t done = 0;

	/* The loop may have been unable to wait for the descriptor. */
	if (w->source.fd < 0)
		ready (&w->source, 0);
	if (w->error != 0)
		return;
	if (spool_size (&w->spool) == 0)
		done = push_out (w, data, len);
	if (done == len)
		return;
	spool_push (&w->spool, data + done, len - done);
	if (w->source.fd < 0)
		loop_add (w->loop, &w->source, w->fd, EPOLLOUT);
}

int
async_writer_error (const struct async_writer *w)
{
	return w->error;
}

uint64_t
async_writer_waiting (const struct async_writer *w)
{
	return spool_size (&w->spool);
}

uint64_t
async_writer_lost (const struct async_writer *w)
{
	return w->spool.lost;
}

int
async_writer_finish (struct async_writer *w)
{
	while (w->error == 0 && spool_size (&w->spool) != 0) {
		if (advance (w))
			continue;
		if (io_wait (w->fd, POLLOUT, -1) < 0)
			return LHK_AGAIN;
	}
	loop_remove (w->loop, &w->source);
	return LHK_OK;
}

void
async_writer_free (struct async_writer *w)
{
	if (w == NULL)
		return;
	loop_remove (w->loop, &w->source);
	fd_close (&w->own);
	spool_free (&w->spool);
	mem_free (w->alloc, w, sizeof *w);
}
