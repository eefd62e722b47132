/* SPDX-License-Identifier: MIT */
/*
 * pidns.c - the run's own pid namespace.
 *
 * The monitor goes on as process 1 of it: orphans come to it by nature, one
 * kill reaches all, and the kernel ends the namespace with it.  The agent sees
 * its own tree alone, in a /proc of its own.  The process that came in stays
 * outside and waits, for the host knows it by number.  A user namespace comes
 * along where the caller has no privilege for less; both ids are mapped to
 * themselves.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "monitor/monitor.h"

/* For process 1 to end once it has closed everything: the kernel empties the
 * namespace before. */
#define LINGER_S 0
#define LINGER_NS 500000000

/* As of Linux 2.6.26. */
#define CAPABILITY_V3 0x20080522u

/* What forbids namespaces, by the values that do. */
static const struct {
	const char *path;
	char value;
	const char *mend;
} switches[] = {
	{ "/proc/sys/kernel/unprivileged_userns_clone", '0',
	  "sysctl kernel.unprivileged_userns_clone is 0, 1 allows it" },
	{ "/proc/sys/user/max_user_namespaces", '0',
	  "sysctl user.max_user_namespaces is 0, a number allows it" },
	{ "/proc/sys/user/max_pid_namespaces", '0',
	  "sysctl user.max_pid_namespaces is 0, a number allows it" },
	{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1',
	  "sysctl kernel.apparmor_restrict_unprivileged_userns is 1, 0 allows"
	  " it" },
};

static const char *
mend (void)
{
	char value;
	size_t i;
	int fd;

	for (i = 0; i < sizeof switches / sizeof switches[0]; i++) {
		fd = open (switches[i].path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (read (fd, &value, 1) != 1)
			value = '?';
		close (fd);
		if (value == switches[i].value)
			return switches[i].mend;
	}
	return "a container may forbid it: choose another containment";
}

static int
explain (struct monitor *m, const char *what)
{
	int error = errno;

	tier_explain (m, error, "no pid namespace for the run: %s: %s; %s",
		      what, strerror (error), mend ());
	return -1;
}

static int
write_file (const char *path, const char *text)
{
	int fd = open (path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write (fd, text, strlen (text));
	close (fd);
	return n < 0 ? -1 : 0;
}

static int
map_ids (struct monitor *m)
{
	char map[48];
	uid_t uid = geteuid ();
	gid_t gid = getegid ();

	if (unshare (CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) < 0)
		return explain (m, "unshare");
	/* Its files of /proc are not its own otherwise. */
	prctl (PR_SET_DUMPABLE, 1);
	snprintf (map, sizeof map, "%u %u 1\n", (unsigned int) uid,
		  (unsigned int) uid);
	if (write_file ("/proc/self/setgroups", "deny") < 0
	    || write_file ("/proc/self/uid_map", map) < 0)
		return explain (m, "/proc/self/uid_map");
	snprintf (map, sizeof map, "%u %u 1\n", (unsigned int) gid,
		  (unsigned int) gid);
	if (write_file ("/proc/self/gid_map", map) < 0)
		return explain (m, "/proc/self/gid_map");
	prctl (PR_SET_DUMPABLE, 0);
	return 0;
}

/* The ids have to be those of before, hence no half of it.  *RET_MAPPED: with
 * a user namespace. */
static int
leave_namespaces (struct monitor *m, int *ret_mapped)
{
	*ret_mapped = 0;
	if (unshare (CLONE_NEWPID | CLONE_NEWNS) == 0)
		return 0;
	*ret_mapped = 1;
	return map_ids (m);
}

/* Whoever makes a user namespace has every capability in it until exec, and
 * directories of its own would be open to it that are closed to the agent. */
static int
be_ordinary (void)
{
	static const struct {
		uint32_t version;
		int32_t pid;
	} self = { CAPABILITY_V3, 0 };
	static const uint32_t none[6];

	if (geteuid () == 0)
		return 0;
	return (int) syscall (SYS_capset, &self, none);
}

/* Process 1 ends when this one is killed; so it holds nothing but LIFE. */
static void __attribute__ ((__noreturn__)) wait_outside (pid_t first, int life)
{
	static const struct timespec linger = { LINGER_S, LINGER_NS };
	struct pollfd p = { .fd = life, .events = POLLIN };
	sigset_t chld;
	int status = 0;

	close_but (life);
	while (poll (&p, 1, -1) < 0 && errno == EINTR)
		;
	/* A word: it will not end soon, and whose fault that is was said. */
	if (read (life, &status, 1) == 1)
		_exit (0);
	sigemptyset (&chld);
	sigaddset (&chld, SIGCHLD);
	sigtimedwait (&chld, NULL, &linger);
	if (waitpid (first, &status, WNOHANG) != first)
		_exit (0);
	_exit (WIFEXITED (status) ? WEXITSTATUS (status) : 1);
}

/* In process 1. */
static int
settle (struct monitor *m, int mapped)
{
	struct pollfd p = { .fd = m->life, .events = POLLIN };

	m->self = getpid ();
	if (m->self != 1) {
		errno = ENOSYS;
		return explain (m, "unshare");
	}
	if (prctl (PR_SET_PDEATHSIG, SIGKILL) < 0)
		return explain (m, "death signal");
	if (poll (&p, 1, 0) != 0)
		_exit (1);
	/* What is mounted here stays here; what is mounted outside later, by
	 * an automounter too, comes in. */
	if (mount (NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return explain (m, "mounts of its own");
	if (mount ("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		   NULL)
	    < 0)
		return explain (m, "mount of /proc");
	if (mapped && be_ordinary () < 0)
		return explain (m, "capabilities");
	/* The host is where we were: of its numbers LEVEL is known. */
	close (m->view.children);
	view_open (&m->host_view, m->view.proc);
	m->host_view.level = m->view.level;
	view_open (&m->view,
		   open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	return 0;
}

void
ns_leave_behind (const struct monitor *m)
{
	if (m->life >= 0 && write (m->life, "s", 1) < 0)
		return; /* nobody is outside any more */
}

int
ns_enter (struct monitor *m)
{
	int life[2], mapped;
	pid_t pid;

	if (m->view.proc < 0) {
		tier_explain (m, ENOENT,
			      "no pid namespace for the run: there"
			      " is no /proc here that knows its processes;"
			      " mount it, or choose another containment");
		return -1;
	}
	if (leave_namespaces (m, &mapped) < 0)
		return -1;
	if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, life) < 0)
		return explain (m, "socketpair");
	pid = fork ();
	if (pid < 0)
		return explain (m, "fork");
	if (pid > 0)
		wait_outside (pid, life[0]);
	close (life[0]);
	m->life = life[1];
	return settle (m, mapped);
}
