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
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/isolate_client.h"
#include "process/isolate_journal.h"
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
spawn (const char *path, const char *file, const int given[SPAWN_FDS],
       pid_t *ret)
{
	/* The death of the thread that starts it counts as the host's, so only
	 * the main thread may ask for it. */
	const int is_main = syscall (SYS_gettid) == getpid ();
	const char *const argv[] = { "linehook-isolate", file,
				     is_main ? ISOLATE_DIE : NULL, NULL };
	const char *const envp[] = { "LC_ALL=C", NULL };
	int fds[SPAWN_FDS];
	int r;

	memcpy (fds, given, sizeof fds);
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
	int fds[SPAWN_FDS] = { -1, -1, -1, fd, -1 };
	int error = 0;

	if (fd_pipe (in, 1) < 0 || fd_pipe (out, 0) < 0)
		error = errno;
	c->journal = isolate_journal_new (&fds[ISOLATE_JOURNAL_FD]);
	fds[0] = in[0];
	fds[1] = out[1];
	if (error == 0)
		error = spawn (path, file, fds, &c->pid);
	fd_close (&fds[ISOLATE_JOURNAL_FD]);
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
			  "'%s', which isolates plugins, cannot be started: "
			  "%s",
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

/* Nothing more is taken of what it said. */
static void
forget (struct isolate_client *c)
{
	strbuf_clear (&c->answers);
	c->taken = 0;
	isolate_journal_free (c->journal);
	c->journal = NULL;
}

void
isolate_client_refuse (struct isolate_client *c, const char *what)
{
	if (c->failed == LHK_OK)
		give_up (c, LHK_ESYS, what);
	forget (c);
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
	forget (c);
	strbuf_free (&c->answers);
}

/* ---- messages ---- */

/* Until when to wait while N calls have no answer, none of which is slow. */
static int64_t
be_patient (struct isolate_client *c, uint32_t n)
{
	c->patience_ms = LIMIT_ISOLATE_MS + (int) (n * LIMIT_CALL_MS);
	return clock_now_ms () + c->patience_ms;
}

/* Wait until there is something to read, or with WRITING, to write.  *RET: the
 * events of poll, for both. */
static int
wait_for (struct isolate_client *c, int writing, int64_t until, short ret[2])
{
	struct pollfd fds[2] = { { c->out, POLLIN, 0 }, { c->in, POLLOUT, 0 } };
	char why[64];
	int64_t left;
	int r;

	do {
		left = until - clock_now_ms ();
		r = left <= 0 ? 0 : poll (fds, writing ? 2 : 1, (int) left);
	} while (r < 0 && errno == EINTR);
	if (r <= 0) {
		snprintf (why, sizeof why, "did not answer within %d seconds",
			  c->patience_ms / 1000);
		return give_up (c, LHK_ESYS, why);
	}
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

/* Write what is left of both parts, and let them begin behind what was written. */
static ssize_t
write_some (int fd, struct iovec parts[2])
{
	ssize_t n = parts[0].iov_len > 0
			    ? writev (fd, parts, 2)
			    : write (fd, parts[1].iov_base, parts[1].iov_len);
	size_t left = n < 0 ? 0 : (size_t) n, some;
	int i;

	for (i = 0; i < 2; i++) {
		some = left < parts[i].iov_len ? left : parts[i].iov_len;
		parts[i].iov_base = (char *) parts[i].iov_base + some;
		parts[i].iov_len -= some;
		left -= some;
	}
	return n;
}

int
isolate_client_send (struct isolate_client *c, const struct isolate_head *head,
		     const char *body)
{
	const int64_t until = be_patient (c, 0);
	struct iovec parts[2] = {
		{ (void *) (uintptr_t) head, sizeof *head },
		{ (void *) (uintptr_t) body, (size_t) head->len },
	};
	short events[2];
	int r;

	while (parts[0].iov_len + parts[1].iov_len > 0 && c->failed == LHK_OK) {
		if (write_some (c->in, parts) > 0)
			continue;
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
	    || head->len % ISOLATE_ALIGNMENT != 0) {
		isolate_client_refuse (c, "answered nonsense");
		return c->failed;
	}
	return there - sizeof *head >= head->len;
}

/* Wait for a whole message.  LHK_OK, or why none will come. */
static int
await_message (struct isolate_client *c, uint32_t n, struct isolate_head *head)
{
	const int64_t until = be_patient (c, n);
	short events[2];
	int r;

	while ((r = has_message (c, head)) == 0 && c->failed == LHK_OK)
		if (wait_for (c, 0, until, events) == LHK_OK)
			read_some (c);
	return r > 0 ? LHK_OK : c->failed;
}

int
isolate_client_receive (struct isolate_client *c, uint32_t n,
			uint32_t generation, struct isolate_head *head,
			const char **body)
{
	int r = await_message (c, n, head);

	if (r == LHK_OK) {
		*body = c->answers.data + c->taken + sizeof *head;
		c->taken += sizeof *head + head->len;
	} else if (isolate_journal_read (c->journal, c->n_received + 1,
					 generation, head, body)) {
		r = LHK_OK;
	}
	c->n_received += r == LHK_OK && head->type == ISOLATE_ANSWERS;
	return r;
}

int
isolate_client_start (struct isolate_client *c, const struct lhk_alloc *alloc,
		      const char *path, const char *file, int fd,
		      struct isolate_head *head, const char **body,
		      struct lhk_error *err)
{
	int r;

	memset (c, 0, sizeof *c);
	c->in = c->reader = c->out = c->pidfd = -1;
	c->answer_max = ISOLATE_HELLO_MAX;
	strbuf_init (&c->answers, alloc);
	r = start (c, path, file, fd, err);
	if (r < 0)
		return r;
	r = isolate_client_receive (c, 1, 0, head, body);
	if (r < 0)
		return error_set (err, r, 0,
				  "plugin '%s' %s while it was loaded", file,
				  c->why);
	return LHK_OK;
}
