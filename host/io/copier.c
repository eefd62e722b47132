/* SPDX-License-Identifier: MIT */
/* copier.c - bytes from a descriptor into a pipe, as they come. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fd.h"
#include "common/io.h"
#include "common/macros.h"
#include "io/copier.h"

int
copier_is_for (int fd)
{
	struct stat st;

	if (fstat (fd, &st) < 0)
		return -1;
	return S_ISFIFO (st.st_mode) || S_ISSOCK (st.st_mode)
	       || (S_ISCHR (st.st_mode) && isatty (fd));
}

void
copier_stop (struct copier *c, int forked)
{
	if (c->loop != NULL && !forked) {
		loop_remove (c->loop, &c->from);
		loop_remove (c->loop, &c->to);
	}
	fd_close (&c->from_fd);
	fd_close (&c->to_fd);
	fd_close (&c->keep_fd);
}

/* SYS_ERRNO 0: at the end of the source. */
static void
end (struct copier *c, int sys_errno)
{
	copier_stop (c, 0);
	c->ended (c->user, sys_errno);
}

/* The source leaves the loop meanwhile: one whose writers have gone is always
 * ready. */
static void
wait_for_room (struct copier *c)
{
	loop_remove (c->loop, &c->from);
	loop_change (c->loop, &c->to, EPOLLOUT);
}

static void
on_room (struct loop_source *s, uint32_t events)
{
	struct copier *c = container_of (s, struct copier, to);

	(void) events;
	loop_change (c->loop, &c->to, 0);
	if (loop_add (c->loop, &c->from, c->from_fd, EPOLLIN) < 0)
		end (c, errno);
}

/* An ordinary pipe that has any room takes PIPE_BUF bytes as a whole. */
static int
has_room (const struct copier *c)
{
	struct pollfd p = { .fd = c->to_fd, .events = POLLOUT };

	return poll (&p, 1, 0) == 1 && (p.revents & POLLOUT) != 0;
}

static ssize_t
read_some (const struct copier *c, char *data, size_t size)
{
	ssize_t n;

	do
		n = c->is_socket ? recv (c->from_fd, data, size, MSG_DONTWAIT)
				 : read (c->from_fd, data, size);
	while (n < 0 && errno == EINTR);
	return n;
}

/* Copy one piece.  Returns its size; 0 if nothing can be done now. */
static size_t
copy_some (struct copier *c)
{
	char *data = c->loop->share;
	int error = 0;
	ssize_t n;

	if (!has_room (c)) {
		wait_for_room (c);
		return 0;
	}
	n = read_some (c, data, PIPE_BUF);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	if (n < 0) {
		end (c, errno);
		return 0;
	}
	if (n == 0)
		end (c, 0);
	else if ((error = io_write_full (c->to_fd, data, (size_t) n)) < 0)
		end (c, -error);
	return error < 0 ? 0 : (size_t) n;
}

static void
on_source (struct loop_source *s, uint32_t events)
{
	struct copier *c = container_of (s, struct copier, from);
	size_t total = 0, n;

	(void) events;
	do {
		n = copy_some (c);
		total += n;
	} while (n > 0 && c->reads_at_once && total < LOOP_SHARE);
}

/* A descriptor of our own whose reads never wait: the flags of FD are shared
 * with others, who do not expect them to change.  Where FD cannot be opened
 * anew, there is one read each time that the loop finds it readable. */
static int
open_source (struct copier *c, int fd)
{
	char path[FD_PATH_SIZE];
	int own = -1;

	if (!c->is_socket)
		own = fd_open (fd_path (fd, path),
			       O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	c->reads_at_once = own >= 0 || c->is_socket;
	return own >= 0 ? own : fd_dup (fd);
}

static int
is_socket (int fd)
{
	struct stat st;

	return fstat (fd, &st) == 0 && S_ISSOCK (st.st_mode);
}

int
copier_start (struct copier *c, struct loop *l, int fd, int *ret_fd,
	      void (*ended) (void *user, int sys_errno), void *user)
{
	int fds[2], error;

	c->loop = l;
	c->ended = ended;
	c->user = user;
	c->from.ready = on_source;
	c->to.ready = on_room;
	c->is_socket = is_socket (fd);
	if (fd_pipe (fds, 1) < 0)
		return -1;
	c->to_fd = fds[1];
	c->keep_fd = fd_dup (fds[0]);
	c->from_fd = open_source (c, fd);
	if (c->keep_fd >= 0 && c->from_fd >= 0
	    && loop_add (l, &c->from, c->from_fd, EPOLLIN) == 0
	    && loop_add (l, &c->to, c->to_fd, 0) == 0) {
		*ret_fd = fds[0];
		return 0;
	}
	error = errno;
	fd_close (&fds[0]);
	copier_stop (c, 0);
	errno = error;
	return -1;
}
