/* SPDX-License-Identifier: MIT */
/* pipe.c - the reading end of a pipe that a child writes to. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "io/pipe.h"
#include "common/fd.h"

/* Close the pipe and report its end; ERROR is an errno, or 0 at end of file. */
static void
end (struct pipe_reader *p, int error)
{
	loop_remove (p->loop, &p->source);
	fd_close (&p->fd);
	if (error != 0 && p->to.failed != NULL)
		p->to.failed (p->to.user, error);
	p->to.end (p->to.user);
}

/* Read once and pass the bytes on.  Returns their number; 0 if there are none
 * now, or at the end, and then p->fd is -1. */
static size_t
read_some (struct pipe_reader *p)
{
	ssize_t n;

	do
		n = read (p->fd, p->loop->share, LOOP_SHARE);
	while (n < 0 && errno == EINTR);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	if (n <= 0) {
		end (p, n < 0 ? errno : 0);
		return 0;
	}
	fd_grow_pipe (p->fd, (size_t) n, &p->grown);
	p->to.data (p->to.user, p->loop->share, (size_t) n);
	return (size_t) n;
}

static void
ready (struct loop_source *s, uint32_t events)
{
	(void) events;
	read_some ((struct pipe_reader *) s);
}

int
pipe_start (struct pipe_reader *p, struct loop *l, int fd,
	    const struct reader_callbacks *to)
{
	p->source.fd = -1;
	p->source.ready = ready;
	p->loop = l;
	p->to = *to;
	p->fd = fd;
	p->grown = 0;
	if (loop_add (l, &p->source, fd, EPOLLIN) < 0) {
		fd_close (&p->fd);
		return -1;
	}
	return 0;
}

static int
poll_now (const struct pipe_reader *p, short *ret_events)
{
	struct pollfd poll_fd = { .fd = p->fd, .events = POLLIN };

	if (p->fd < 0 || poll (&poll_fd, 1, 0) < 0)
		return -1;
	*ret_events = poll_fd.revents;
	return 0;
}

int
pipe_is_held (const struct pipe_reader *p)
{
	short events;

	return poll_now (p, &events) == 0 && (events & POLLHUP) == 0;
}

int
pipe_has_more (const struct pipe_reader *p)
{
	short events;

	return poll_now (p, &events) == 0 && (events & POLLIN) != 0;
}

void
pipe_finish (struct pipe_reader *p)
{
	size_t n, total = 0;
	size_t capacity = FD_PIPE_DEFAULT_SIZE;
	int size;

	if (p->fd < 0)
		return;
	size = fcntl (p->fd, F_GETPIPE_SZ);
	if (size > 0)
		capacity = (size_t) size;
	do {
		n = read_some (p);
		total += n;
	} while (n != 0 && p->fd >= 0 && total < capacity);
	if (p->fd >= 0)
		end (p, 0);
}

void
pipe_stop (struct pipe_reader *p, int forked)
{
	if (p->fd < 0)
		return;
	if (!forked)
		loop_remove (p->loop, &p->source);
	fd_close (&p->fd);
}
