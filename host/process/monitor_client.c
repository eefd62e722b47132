/* SPDX-License-Identifier: MIT */
/* monitor_client.c - linehook-exec: started, told, heard, reaped. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/monitor_client.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/mem.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

static const char *const steps[] = {
	[STEP_MONITOR] = "helper",  [STEP_FORK] = "fork",
	[STEP_SESSION] = "session", [STEP_PARENT] = "parent",
	[STEP_LIMIT] = "limit",	    [STEP_CHDIR] = "chdir",
	[STEP_EXEC] = "exec",	    [STEP_INTERPRETER] = "interpreter",
	[STEP_CONTAIN] = "contain",
};

const char *
monitor_client_step (int step)
{
	if (step <= STEP_NONE || (size_t) step >= sizeof steps / sizeof *steps)
		step = STEP_MONITOR;
	return steps[step];
}

/* Of a record that could not be sent. */
#define TRIES 3

/* Words before the command's own, and the NULL at the end. */
#define WORDS 4

/* linehook-exec CWD -- COMMAND.. */
static const char **
helper_argv (const struct monitor_client_opts *o, size_t *ret_size)
{
	const char **words;
	size_t n = 0;

	while (o->argv[n] != NULL)
		n++;
	*ret_size = (n + WORDS) * sizeof *words;
	words = mem_new (o->alloc, *ret_size);
	if (words == NULL)
		return NULL;
	words[0] = "linehook-exec";
	words[1] = o->cwd == NULL ? "" : o->cwd;
	words[2] = "--";
	memcpy (words + 3, o->argv, (n + 1) * sizeof *words);
	return words;
}

/*
 * Dispositions and mask are the default from the first instruction on; every
 * other descriptor of ours closes itself, those of the embedder are closed by
 * the helper.
 */
static int
spawn (const struct monitor_client_opts *o, int control,
       const char *const *words, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t all, none;
	int i, r;

	sigfillset (&all);
	sigemptyset (&none);
	r = posix_spawn_file_actions_init (&actions);
	if (r != 0)
		return r;
	r = posix_spawnattr_init (&attr);
	if (r != 0) {
		posix_spawn_file_actions_destroy (&actions);
		return r;
	}
	posix_spawnattr_setsigdefault (&attr, &all);
	posix_spawnattr_setsigmask (&attr, &none);
	posix_spawnattr_setflags (&attr, POSIX_SPAWN_SETSIGDEF
						 | POSIX_SPAWN_SETSIGMASK);
	for (i = 0; i < 3 && r == 0; i++)
		r = posix_spawn_file_actions_adddup2 (&actions, o->fds[i], i);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2 (&actions, control,
						      PROTO_FD);
	if (r == 0)
		r = posix_spawn (ret, o->path, &actions, &attr,
				 (char *const *) words,
				 (char *const *) o->envp);
	posix_spawnattr_destroy (&attr);
	posix_spawn_file_actions_destroy (&actions);
	return r;
}

static int
explain (const struct monitor_client_opts *o, int error, struct lhk_error *err)
{
	switch (error) {
	case E2BIG:
		return error_set (err, LHK_ELIMIT, error,
				  "command '%s': its words"
				  " and environment are longer than the system"
				  " allows: %s",
				  o->argv[0], strerror (error));
	case ENOENT:
		return error_set (
			err, LHK_ENOTFOUND, error,
			"monitor '%s' is not"
			" there: install linehook completely, or name the"
			" monitor in lhk_host_opts",
			o->path);
	case ENOMEM:
		return error_set (err, LHK_ENOMEM, error,
				  "no memory to start"
				  " monitor '%s'",
				  o->path);
	case EAGAIN:
		return error_set (err, LHK_ESYS, error,
				  "monitor '%s' cannot be"
				  " started: %s: the user (RLIMIT_NPROC) or the"
				  " cgroup (pids.max) has all its processes",
				  o->path, strerror (error));
	default:
		return error_set (err, LHK_ESYS, error,
				  "monitor '%s' cannot be"
				  " started: %s",
				  o->path, strerror (error));
	}
}

/* The helper waits for us, so its number cannot be another's yet. */
static int
open_pidfd (struct monitor_client *h, const struct monitor_client_opts *o,
	    struct lhk_error *err)
{
	int error;

	h->pidfd = fd_lift ((int) syscall (SYS_pidfd_open, h->pid, 0));
	/* Without it only where it is not to be had. */
	if (h->pidfd >= 0
	    || (errno != EMFILE && errno != ENFILE && errno != ENOMEM))
		return LHK_OK;
	error = errno;
	return error_set (err, error == ENOMEM ? LHK_ENOMEM : LHK_ESYS, error,
			  "monitor '%s' cannot be watched: %s", o->path,
			  strerror (error));
}

int
monitor_client_spawn (struct monitor_client *h,
		      const struct monitor_client_opts *o,
		      struct lhk_error *err)
{
	const char **words;
	size_t size;
	int pair[2];
	int error;

	words = helper_argv (o, &size);
	if (words == NULL)
		return error_set (err, LHK_ENOMEM, 0, "no memory to start '%s'",
				  o->argv[0]);
	if (fd_pair (pair) < 0) {
		error = errno;
		mem_free (o->alloc, words, size);
		return error_set (err, LHK_ESYS, error,
				  "no control socket for '%s':"
				  " %s",
				  o->argv[0], strerror (error));
	}
	error = spawn (o, pair[1], words, &h->pid);
	mem_free (o->alloc, words, size);
	fd_close (&pair[1]);
	if (error != 0) {
		fd_close (&pair[0]);
		h->pid = 0;
		return explain (o, error, err);
	}
	h->control = pair[0];
	return open_pidfd (h, o, err);
}

static int
say (struct monitor_client *h, const void *record, size_t len)
{
	int tries = 0;
	ssize_t n;

	/* No memory for so few bytes passes, or is everybody's end. */
	do
		n = send (h->control, record, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0
	       && (errno == EINTR
		   || ((errno == ENOMEM || errno == ENOBUFS)
		       && ++tries < TRIES)));
	return n < 0 ? -1 : 0;
}

int
monitor_client_begin (struct monitor_client *h, struct proto_start *start)
{
	int error;

	start->type = PROTO_START;
	start->version = PROTO_VERSION;
	start->host_pid = (int32_t) getpid ();
	if (say (h, start, sizeof *start) == 0)
		return LHK_OK;
	error = errno;
	shutdown (h->control, SHUT_RDWR);
	errno = error;
	return LHK_ESYS;
}

void
monitor_client_send (struct monitor_client *h, uint32_t type, int signo)
{
	struct proto_command c = { type, signo };

	if (h->control < 0 || say (h, &c, sizeof c) == 0)
		return;
	/* No memory for so few bytes: what must be heard is said by hanging
	 * up, upon which the helper ends the tree without a last word. */
	if ((type == PROTO_KILL || type == PROTO_SWEEP) && errno != EAGAIN)
		shutdown (h->control, SHUT_WR);
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
	return fd_lift (fd);
}

/*
 * A helper that ended with a word of ours unread resets the connection; that
 * is said once, before its own last words.  No memory for a record, which
 * stays, is worth some more tries.
 */
static int
forgive (struct monitor_client *h, int error)
{
	if (error != ECONNRESET && error != ENOMEM && error != ENOBUFS)
		return 0;
	return h->recv_errors++ < MONITOR_CLIENT_MAX_RECV_ERRORS;
}

int
monitor_client_recv (struct monitor_client *h, struct proto_report *ret,
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
	if (h->control < 0)
		return LHK_END;
	memset (&msg, 0, sizeof msg);
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	msg.msg_control = &control;
	msg.msg_controllen = sizeof control.bytes;
	do
		n = recvmsg (h->control, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (n < 0 && (errno == EINTR || forgive (h, errno)));
	if (n < 0 && errno == EAGAIN)
		return LHK_AGAIN;
	if (n > 0) {
		h->recv_errors = 0;
		*ret_fd = descriptor_of (&msg);
	}
	if (n == (ssize_t) sizeof *ret && ret->version == PROTO_VERSION)
		return LHK_OK;
	fd_close (ret_fd);
	h->protocol_error = n > 0;
	return LHK_END;
}

static int
wait_for (int type, int id, siginfo_t *ret)
{
	int r;

	do
		r = waitid ((idtype_t) type, (id_t) id, ret, WEXITED | WNOHANG);
	while (r < 0 && errno == EINTR);
	return r;
}

int
monitor_client_reap (struct monitor_client *h)
{
	siginfo_t info;
	int r;

	if (h->pid == 0)
		return LHK_OK;
	info.si_pid = 0;
	r = -1;
	if (h->pidfd >= 0)
		r = wait_for (P_PIDFD, h->pidfd, &info);
	/* A kernel that has pidfds but does not wait for them. */
	if (h->pidfd < 0 || (r < 0 && errno == EINVAL))
		r = wait_for (P_PID, h->pid, &info);
	if (r == 0 && info.si_pid == 0)
		return LHK_AGAIN;
	h->pid = 0;
	return LHK_OK;
}

void
monitor_client_kill (struct monitor_client *h)
{
	if (h->pid != 0 && h->pidfd >= 0)
		syscall (SYS_pidfd_send_signal, h->pidfd, SIGKILL, NULL, 0);
}

void
monitor_client_close (struct monitor_client *h)
{
	fd_close (&h->control);
	fd_close (&h->pidfd);
}
