/* SPDX-License-Identifier: MIT */
/*
 * without.c - run a command as on a kernel that has less.
 *
 *	without WORD[,WORD..] COMMAND [ARG..]
 *
 *	landlock pidfd_open pidfd_send_signal close_range clone3
 *			such system calls are not there (ENOSYS)
 *	filters		filters of system calls are not there (EINVAL)
 *	unshare		is forbidden (EPERM), as in most containers
 *	peerpidfd	the socket option is not there (ENOPROTOOPT)
 *	children	/proc has no lists of children (ENOENT): each open is
 *			looked at from outside
 *
 * Exit status: that of the command.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define RULES_MAX 64
#define ANY 0xffffffffu
#define PEERPIDFD 77

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SECCOMP_USER_NOTIF_FLAG_CONTINUE
#define SECCOMP_USER_NOTIF_FLAG_CONTINUE 1u
#endif

#define REFUSE(error) (SECCOMP_RET_ERRNO | (error))

static const struct rule {
	const char *word;
	uint32_t nr;
	uint32_t arg; /* the argument that has VALUE; ANY */
	uint32_t value;
	uint32_t verdict;
} rules[] = {
	{ "landlock", 444, ANY, 0, REFUSE (ENOSYS) },
	{ "landlock", 445, ANY, 0, REFUSE (ENOSYS) },
	{ "landlock", 446, ANY, 0, REFUSE (ENOSYS) },
	{ "pidfd_open", SYS_pidfd_open, ANY, 0, REFUSE (ENOSYS) },
	{ "pidfd_send_signal", SYS_pidfd_send_signal, ANY, 0, REFUSE (ENOSYS) },
	{ "close_range", SYS_close_range, ANY, 0, REFUSE (ENOSYS) },
	{ "clone3", SYS_clone3, ANY, 0, REFUSE (ENOSYS) },
	{ "seccomp", SYS_seccomp, ANY, 0, REFUSE (ENOSYS) },
	{ "filters", SYS_prctl, 0, PR_SET_SECCOMP, REFUSE (EINVAL) },
	{ "unshare", SYS_unshare, ANY, 0, REFUSE (EPERM) },
	{ "peerpidfd", SYS_getsockopt, 2, PEERPIDFD, REFUSE (ENOPROTOOPT) },
	{ "children", SYS_openat, ANY, 0, SECCOMP_RET_USER_NOTIF },
};

static int
is_named (const char *words, const char *word)
{
	size_t len = strlen (word);

	for (; *words != '\0'; words += strspn (words, ",")) {
		if (strcspn (words, ",") == len
		    && memcmp (words, word, len) == 0)
			return 1;
		words += strcspn (words, ",");
	}
	return 0;
}

static struct sock_filter
put (uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
	struct sock_filter f = { code, yes, no, k };

	return f;
}

/* Where the low half of an argument is; its machine is little-endian. */
static uint32_t
argument_at (uint32_t arg)
{
	return (uint32_t) (offsetof (struct seccomp_data, args)
			   + arg * sizeof (uint64_t));
}

/* The descriptor of the one who is asked, or -1 with errno. */
static int
install (const char *words)
{
	struct sock_filter code[RULES_MAX];
	struct sock_fprog prog = { 0, code };
	unsigned int flags = is_named (words, "children")
				     ? SECCOMP_FILTER_FLAG_NEW_LISTENER
				     : 0;
	unsigned short n = 0;
	size_t i;

	for (i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		if (!is_named (words, rules[i].word))
			continue;
		code[n++] = put (BPF_LD | BPF_W | BPF_ABS,
				 offsetof (struct seccomp_data, nr), 0, 0);
		code[n++] = put (BPF_JMP | BPF_JEQ | BPF_K, rules[i].nr, 0,
				 rules[i].arg == ANY ? 1 : 3);
		if (rules[i].arg != ANY) {
			code[n++] = put (BPF_LD | BPF_W | BPF_ABS,
					 argument_at (rules[i].arg), 0, 0);
			code[n++] = put (BPF_JMP | BPF_JEQ | BPF_K,
					 rules[i].value, 0, 1);
		}
		code[n++] = put (BPF_RET | BPF_K, rules[i].verdict, 0, 0);
	}
	code[n++] = put (BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	prog.len = n;
	if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int) syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags,
			      &prog);
}

static void
send_descriptor (int to, int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE (sizeof fd)];
	} control = { .bytes = { 0 } };
	char c = 'x';
	struct iovec iov = { &c, 1 };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof control.bytes };
	struct cmsghdr *h = CMSG_FIRSTHDR (&msg);

	h->cmsg_level = SOL_SOCKET;
	h->cmsg_type = SCM_RIGHTS;
	h->cmsg_len = CMSG_LEN (sizeof fd);
	memcpy (CMSG_DATA (h), &fd, sizeof fd);
	if (sendmsg (to, &msg, 0) != 1)
		_exit (99);
}

static int
receive_descriptor (int from)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE (sizeof (int))];
	} control;
	char c;
	struct iovec iov = { &c, 1 };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof control.bytes };
	int fd = -1;

	if (recvmsg (from, &msg, MSG_CMSG_CLOEXEC) == 1
	    && CMSG_FIRSTHDR (&msg) != NULL)
		memcpy (&fd, CMSG_DATA (CMSG_FIRSTHDR (&msg)), sizeof fd);
	return fd;
}

/* Does the path at AT of process PID end in "/children"? */
static int
is_list (uint32_t pid, uint64_t at)
{
	char path[64], text[256] = "";
	const char *end;
	int fd;

	snprintf (path, sizeof path, "/proc/%u/mem", pid);
	fd = open (path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (pread (fd, text, sizeof text - 1, (off_t) at) < 0)
		text[0] = '\0';
	close (fd);
	end = strrchr (text, '/');
	return end != NULL && strcmp (end, "/children") == 0;
}

static void
answer (int listener)
{
	struct seccomp_notif ask;
	struct seccomp_notif_resp reply;

	memset (&ask, 0, sizeof ask);
	memset (&reply, 0, sizeof reply);
	if (ioctl (listener, SECCOMP_IOCTL_NOTIF_RECV, &ask) < 0)
		return;
	reply.id = ask.id;
	if (is_list (ask.pid, ask.data.args[1]))
		reply.error = -ENOENT;
	else
		reply.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	ioctl (listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
}

/* Until nobody is left who could ask.  Some kernels count one that has ended until
 * it is reaped, so PID is, as soon as ENDED says so.  Its wait status. */
static int
serve (int listener, int ended, pid_t pid)
{
	struct pollfd p[2] = { { .fd = listener, .events = POLLIN },
			       { .fd = ended, .events = POLLIN } };
	int status = -1;

	while ((p[0].fd >= 0 || p[1].fd >= 0) && poll (p, 2, -1) >= 0) {
		if (p[0].revents & POLLIN)
			answer (listener);
		else if (p[0].revents != 0)
			p[0].fd = -1;
		if (p[1].revents != 0) {
			waitpid (pid, &status, 0);
			p[1].fd = -1;
		}
	}
	return status;
}

static int
run (const char *words, char **argv, int to)
{
	int fd = install (words);

	if (fd < 0) {
		fprintf (stderr, "without: seccomp: %s\n", strerror (errno));
		return 99;
	}
	if (is_named (words, "children")) {
		send_descriptor (to, fd);
		close (fd);
	}
	close (to);
	execv (argv[0], argv);
	return 99;
}

int
main (int argc, char **argv)
{
	int pair[2], status, ended, listener = -1;
	sigset_t chld, before;
	pid_t pid;

	if (argc < 3)
		return 2;
	sigemptyset (&chld);
	sigaddset (&chld, SIGCHLD);
	sigprocmask (SIG_BLOCK, &chld, &before);
	ended = signalfd (-1, &chld, SFD_CLOEXEC);
	if (ended < 0)
		return 99;
	if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return 99;
	pid = fork ();
	if (pid == 0) {
		prctl (PR_SET_PDEATHSIG, SIGKILL);
		sigprocmask (SIG_SETMASK, &before, NULL);
		return run (argv[1], argv + 2, pair[1]);
	}
	close (pair[1]);
	if (is_named (argv[1], "children"))
		listener = receive_descriptor (pair[0]);
	status = serve (listener, ended, pid);
	return WIFEXITED (status) ? WEXITSTATUS (status) : 99;
}
