/* SPDX-License-Identifier: MIT */
/* isolate_client.c - the library's side of linehook-isolate. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/isolate_client.h"
#include "process/spawn.h"
#include "common/clock.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/limits.h"
#include "common/pidfd.h"

/* Bytes that are read at once. */
#define READ_SIZE ((size_t) 256 << 10)

/* Milliseconds from the end of its output to that of the process. */
#define EXIT_MS 1000

/* ---- start ---- */

/* Nothing of this process reaches the plugin's: no descriptor, no environment; and
 * the signals of a terminal, which are for this process, do not go to a process
 * group of its own. */
static int
spawn (const char *path, const char *file, int in, int out, int fd, pid_t *ret)
{
	/* The death of the thread that starts it counts as the host's, so only
	 * the main thread may ask for it. */
	const int is_main = syscall (SYS_gettid) == getpid ();
	const char *const argv[] = { "linehook-isolate", file,
				     is_main ? ISOLATE_DIE : NULL, NULL };
	const char *const envp[] = { "LC_ALL=C", NULL };
	int fds[SPAWN_FDS] = { in, out, -1, fd };
	int r;

	fds[2] = fd_open ("/dev/null", O_WRONLY, 0);
	if (fds[2] < 0)
		return errno;
	r = spawn_helper (path, argv, envp, fds, 1, ret);
	fd_close (&fds[2]);
	return r;
}

static int
start (struct isolate_client *c, const char *path, const char *file, int fd,
       struct lhk_error *err)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 };
	int error = 0;

	if (fd_pipe (in, 1) < 0 || fd_pipe (out, 0) < 0)
		error = errno;
	if (error == 0)
		error = spawn (path, file, in[0], out[1], fd, &c->pid);
	fd_close (&out[1]);
	c->reader = in[0];
	c->in = in[1];
	c->out = out[0];
	if (error == 0) {
		/* Without one the kernel has none: then the number has to do. */
		c->pidfd = fd_move_above_stdio (pidfd_get (c->pid));
		return LHK_OK;
	}
	c->pid = 0;
	c->failed = error == ENOMEM ? LHK_ENOMEM : LHK_ESYS;
	return error_set (err, c->failed, error,
			  error == ENOENT
				  ? "'%s', which isolates plugins, does not "
				    "exist: install linehook completely (%s)"
				  : "'%s', which isolates plugins, cannot be "
				    "started: %s",
			  path, strerror (error));
}

/* ---- its end ---- */

static void
kill_it (struct isolate_client *c)
{
	if (c->pidfd >= 0)
		pidfd_kill (c->pidfd, SIGKILL);
	else
		kill (c->pid, SIGKILL);
}

static void
reap (struct isolate_client *c, int *ret_status)
{
	pid_t r;

	*ret_status = 0;
	do
		r = waitpid (c->pid, ret_status, 0);
	while (r < 0 && errno == EINTR);
	c->pid = 0;
	fd_close (&c->pidfd);
}

static void
stop (struct isolate_client *c)
{
	fd_close (&c->in);
	fd_close (&c->reader);
	fd_close (&c->out);
}

/* It has ended by itself, or closed its end of the pipe: say how. */
static int
ended (struct isolate_client *c)
{
	struct pollfd exit = { c->pidfd, POLLIN, 0 };
	int status;

	stop (c);
	/* What has closed the pipe, and goes on, must not be waited for. */
	if (c->pidfd < 0 || poll (&exit, 1, EXIT_MS) <= 0)
		kill_it (c);
	reap (c, &status);
	c->failed = LHK_ESYS;
	if (WIFSIGNALED (status) && WTERMSIG (status) == SIGSYS)
		snprintf (c->why, sizeof c->why,
			  "made a system call that an isolated plugin must not "
			  "make (it was ended with SIGSYS)");
	else if (WIFSIGNALED (status))
		snprintf (c->why, sizeof c->why, "crashed: signal %d (%s)",
			  WTERMSIG (status), strsignal (WTERMSIG (status)));
	else
		snprintf (c->why, sizeof c->why,
			  "ended its process with exit status %d",
			  WEXITSTATUS (status));
	return c->failed;
}

static int
give_up (struct isolate_client *c, int code, const char *why)
{
	int status;

	stop (c);
	kill_it (c);
	reap (c, &status);
	c->failed = code;
	snprintf (c->why, sizeof c->why, "%s", why);
	return code;
}

void
isolate_client_refuse (struct isolate_client *c, const char *what)
{
	if (c->failed == LHK_OK)
		give_up (c, LHK_ESYS, what);
}

void
isolate_client_end (struct isolate_client *c)
{
	int status;

	stop (c);
	if (c->pid > 0) {
		kill_it (c);
		reap (c, &status);
	}
	strbuf_free (&c->answers);
}

/* ---- messages ---- */

/* Wait until there is something to read, or with WRITING, to write.  *RET: the
 * events of poll, for both. */
static int
wait_for (struct isolate_client *c, int writing, int64_t until, short ret[2])
{
	struct pollfd fds[2] = { { c->out, POLLIN, 0 }, { c->in, POLLOUT, 0 } };
	int64_t left;
	int r;

	do {
		left = until - clock_now_ms ();
		r = left <= 0 ? 0 : poll (fds, writing ? 2 : 1, (int) left);
	} while (r < 0 && errno == EINTR);
	if (r <= 0)
		return give_up (c, LHK_ESYS, "did not answer within 5 seconds");
	ret[0] = fds[0].revents;
	ret[1] = writing ? fds[1].revents : 0;
	return LHK_OK;
}

static int
read_some (struct isolate_client *c)
{
	ssize_t n;

	if (c->taken > 0) {
		c->answers.len -= c->taken;
		memmove (c->answers.data, c->answers.data + c->taken,
			 c->answers.len);
		c->taken = 0;
	}
	if (strbuf_reserve (&c->answers, READ_SIZE) < 0)
		return give_up (c, LHK_ENOMEM,
				"answered more than there is memory for");
	n = read (c->out, c->answers.data + c->answers.len, READ_SIZE);
	if (n > 0)
		c->answers.len += (size_t) n;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		return ended (c);
	return LHK_OK;
}

int
isolate_client_send (struct isolate_client *c, const void *data, size_t len)
{
	const int64_t until = clock_now_ms () + LIMIT_ISOLATE_MS;
	const char *p = data;
	short events[2];
	ssize_t n;
	int r;

	while (len > 0 && c->failed == LHK_OK) {
		n = write (c->in, p, len);
		if (n > 0) {
			p += n;
			len -= (size_t) n;
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			return give_up (c, LHK_ESYS, "cannot be written to");
		r = wait_for (c, 1, until, events);
		if (r == LHK_OK && (events[0] & (POLLIN | POLLHUP)) != 0)
			r = read_some (c);
		if (r < 0)
			return r;
	}
	return c->failed;
}

/* 1: a whole message is there; 0: not yet; or it is none. */
static int
has_message (struct isolate_client *c, struct isolate_head *head)
{
	const size_t there = c->answers.len - c->taken;

	if (there < sizeof *head)
		return 0;
	memcpy (head, c->answers.data + c->taken, sizeof *head);
	if (head->version != ISOLATE_VERSION || head->len > c->answer_max
	    || head->len % ISOLATE_ALIGNMENT != 0)
		return give_up (c, LHK_ESYS, "answered nonsense");
	return there - sizeof *head >= head->len;
}

int
isolate_client_receive (struct isolate_client *c, struct isolate_head *head,
			char **body)
{
	const int64_t until = clock_now_ms () + LIMIT_ISOLATE_MS;
	short events[2];
	int r = c->failed;

	while (r == LHK_OK) {
		r = has_message (c, head);
		if (r != 0)
			break;
		r = wait_for (c, 0, until, events);
		if (r == LHK_OK)
			r = read_some (c);
	}
	if (r < 0)
		return r;
	*body = c->answers.data + c->taken + sizeof *head;
	c->taken += sizeof *head + head->len;
	return LHK_OK;
}

int
isolate_client_start (struct isolate_client *c, const struct lhk_alloc *alloc,
		      const char *path, const char *file, int fd,
		      struct isolate_head *head, const char **body,
		      struct lhk_error *err)
{
	char *found;
	int r;

	memset (c, 0, sizeof *c);
	c->in = c->reader = c->out = c->pidfd = -1;
	c->answer_max = ISOLATE_HELLO_MAX;
	strbuf_init (&c->answers, alloc);
	r = start (c, path, file, fd, err);
	if (r < 0)
		return r;
	r = isolate_client_receive (c, head, &found);
	if (r < 0)
		return error_set (err, r, 0,
				  "plugin '%s' %s while it was loaded", file,
				  c->why);
	*body = found;
	return LHK_OK;
}
