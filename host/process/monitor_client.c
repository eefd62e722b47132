/* SPDX-License-Identifier: MIT */
/* monitor_client.c - the library's side of linehook-exec. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/monitor_client.h"
#include "process/spawn.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/pidfd.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

static const char *const steps[] = {
	[STEP_MONITOR] = "monitor", [STEP_FORK] = "fork",
	[STEP_SESSION] = "session", [STEP_PARENT] = "parent",
	[STEP_LIMIT] = "limit",	    [STEP_CHDIR] = "chdir",
	[STEP_EXEC] = "exec",	    [STEP_INTERPRETER] = "interpreter",
	[STEP_CONTAIN] = "contain",
};

const char *
monitor_client_step_name (int step)
{
	if (step <= STEP_NONE || (size_t) step >= ARRAY_SIZE (steps))
		step = STEP_MONITOR;
	return steps[step];
}

/* How often sending a record is tried. */
#define TRIES 3

/* Arguments before the command's own, and the NULL at the end. */
#define EXTRA_ARGS 4

/* linehook-exec CWD -- COMMAND.. */
static const char **
monitor_argv (const struct monitor_client_opts *o, size_t *ret_size)
{
	const char **words;
	size_t n = 0;

	while (o->argv[n] != NULL)
		n++;
	*ret_size = (n + EXTRA_ARGS) * sizeof *words;
	words = mem_new (o->alloc, *ret_size);
	if (words == NULL)
		return NULL;
	words[0] = "linehook-exec";
	words[1] = o->cwd == NULL ? "" : o->cwd;
	words[2] = "--";
	memcpy (words + 3, o->argv, (n + 1) * sizeof *words);
	return words;
}

static int
explain (const struct monitor_client_opts *o, int error, struct lhk_error *err)
{
	switch (error) {
	case E2BIG:
		return error_set (err, LHK_ELIMIT, error,
				  "command '%s': its arguments and environment"
				  " are longer than the system allows: %s",
				  o->argv[0], strerror (error));
	case ENOENT:
		return error_set (err, LHK_ENOTFOUND, error,
				  "monitor '%s' does not exist: install"
				  " linehook completely, or name the monitor"
				  " in lhk_host_opts",
				  o->path);
	case ENOMEM:
		return error_set (err, LHK_ENOMEM, error,
				  "no memory to start monitor '%s'", o->path);
	case EAGAIN:
		return error_set (err, LHK_ESYS, error,
				  "monitor '%s' cannot be started: %s: the user"
				  " (RLIMIT_NPROC) or the cgroup (pids.max) has"
				  " all its processes",
				  o->path, strerror (error));
	default:
		return error_set (err, LHK_ESYS, error,
				  "monitor '%s' cannot be started: %s", o->path,
				  strerror (error));
	}
}

/* The monitor waits for START, so its pid cannot have been reused yet. */
static int
open_pidfd (struct monitor_client *mc, const struct monitor_client_opts *o,
	    struct lhk_error *err)
{
	int error;

	mc->pidfd = fd_move_above_stdio (pidfd_get (mc->pid));
	/* Without a pidfd only if the kernel has none or forbids them. */
	if (mc->pidfd >= 0
	    || (errno != EMFILE && errno != ENFILE && errno != ENOMEM))
		return LHK_OK;
	error = errno;
	return error_set (err, error == ENOMEM ? LHK_ENOMEM : LHK_ESYS, error,
			  "monitor '%s' cannot be watched: %s", o->path,
			  strerror (error));
}

int
monitor_client_spawn (struct monitor_client *mc,
		      const struct monitor_client_opts *o,
		      struct lhk_error *err)
{
	const char **words;
	size_t size;
	int fds[SPAWN_FDS];
	int pair[2];
	int error, i;

	words = monitor_argv (o, &size);
	if (words == NULL)
		return error_set (err, LHK_ENOMEM, 0, "no memory to start '%s'",
				  o->argv[0]);
	if (fd_pair (pair) < 0) {
		error = errno;
		mem_free (o->alloc, words, size);
		return error_set (err, LHK_ESYS, error,
				  "no control socket for '%s': %s", o->argv[0],
				  strerror (error));
	}
	for (i = 0; i < SPAWN_FDS; i++)
		fds[i] = -1;
	memcpy (fds, o->fds, sizeof o->fds);
	fds[PROTO_FD] = pair[1];
	error = spawn_helper (o->path, words, o->envp, fds, 0, &mc->pid);
	mem_free (o->alloc, words, size);
	fd_close (&pair[1]);
	if (error != 0) {
		fd_close (&pair[0]);
		mc->pid = 0;
		return explain (o, error, err);
	}
	mc->control = pair[0];
	return open_pidfd (mc, o, err);
}

static int
send_record (struct monitor_client *mc, const void *record, size_t len)
{
	int tries = 0;
	ssize_t n;

	/* ENOMEM for so few bytes passes soon, or nothing works any more. */
	do
		n = send (mc->control, record, len,
			  MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0
	       && (errno == EINTR
		   || ((errno == ENOMEM || errno == ENOBUFS)
		       && ++tries < TRIES)));
	return n < 0 ? -1 : 0;
}

int
monitor_client_send_start (struct monitor_client *mc, struct proto_start *start)
{
	int error;

	start->type = PROTO_START;
	start->version = PROTO_VERSION;
	start->host_pid = (int32_t) getpid ();
	if (send_record (mc, start, sizeof *start) == 0)
		return LHK_OK;
	error = errno;
	shutdown (mc->control, SHUT_RDWR);
	errno = error;
	return LHK_ESYS;
}

void
monitor_client_send (struct monitor_client *mc, uint32_t type, int signo)
{
	struct proto_command c = { type, signo };

	if (mc->control < 0 || send_record (mc, &c, sizeof c) == 0)
		return;
	/* KILL and SWEEP must not be lost: close the sending side, which the
	 * monitor takes as "kill the tree and exit". */
	if ((type == PROTO_KILL || type == PROTO_SWEEP) && errno != EAGAIN)
		shutdown (mc->control, SHUT_WR);
}

static int
descriptor_of (struct msghdr *msg)
{
	struct cmsghdr *c;
	int fd = -1;

	for (c = CMSG_FIRSTHDR (msg); c != NULL; c = CMSG_NXTHDR (msg, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS
		    && c->cmsg_len >= CMSG_LEN (sizeof fd))
			memcpy (&fd, CMSG_DATA (c), sizeof fd);
	return fd_move_above_stdio (fd);
}

/*
 * A monitor that exits with a command of ours unread resets the connection,
 * which is reported once, before its last records.  With ENOMEM the record
 * stays in the socket: try again.
 */
static int
may_retry (struct monitor_client *mc, int error)
{
	if (error != ECONNRESET && error != ENOMEM && error != ENOBUFS)
		return 0;
	return mc->recv_errors++ < MONITOR_CLIENT_MAX_RECV_ERRORS;
}

int
monitor_client_recv (struct monitor_client *mc, struct proto_report *ret,
		     int *ret_fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE (sizeof (int))];
	} control;
	struct iovec iov = { ret, sizeof *ret };
	struct msghdr msg;
	ssize_t n;

	*ret_fd = -1;
	if (mc->control < 0)
		return LHK_END;
	memset (&msg, 0, sizeof msg);
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	msg.msg_control = &control;
	msg.msg_controllen = sizeof control.bytes;
	do
		n = recvmsg (mc->control, &msg,
			     MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (n < 0 && (errno == EINTR || may_retry (mc, errno)));
	if (n < 0 && errno == EAGAIN)
		return LHK_AGAIN;
	if (n > 0) {
		mc->recv_errors = 0;
		*ret_fd = descriptor_of (&msg);
	}
	if (n == (ssize_t) sizeof *ret && ret->version == PROTO_VERSION)
		return LHK_OK;
	fd_close (ret_fd);
	mc->protocol_error = n > 0;
	return LHK_END;
}

static int
wait_nohang (int type, int id, siginfo_t *ret)
{
	int r;

	do
		r = waitid ((idtype_t) type, (id_t) id, ret, WEXITED | WNOHANG);
	while (r < 0 && errno == EINTR);
	return r;
}

int
monitor_client_reap (struct monitor_client *mc)
{
	siginfo_t info;
	int r;

	if (mc->pid == 0)
		return LHK_OK;
	info.si_pid = 0;
	r = -1;
	if (mc->pidfd >= 0)
		r = wait_nohang (P_PIDFD, mc->pidfd, &info);
	/* EINVAL: this kernel has pidfds, but cannot wait for them. */
	if (mc->pidfd < 0 || (r < 0 && errno == EINVAL))
		r = wait_nohang (P_PID, mc->pid, &info);
	if (r == 0 && info.si_pid == 0)
		return LHK_AGAIN;
	mc->pid = 0;
	return LHK_OK;
}

void
monitor_client_kill (struct monitor_client *mc)
{
	if (mc->pid != 0 && mc->pidfd >= 0)
		pidfd_kill (mc->pidfd, SIGKILL);
}

void
monitor_client_close (struct monitor_client *mc)
{
	fd_close (&mc->control);
	fd_close (&mc->pidfd);
}
