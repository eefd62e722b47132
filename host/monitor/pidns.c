/* SPDX-License-Identifier: MIT */
/*
 * pidns.c - the run's own pid namespace.
 *
 * The monitor goes on as process 1 of it: orphans become its children, one
 * kill reaches all, and the kernel ends the namespace with it.  The agent sees
 * its own tree alone, in a /proc of its own.  The process that called
 * pidns_enter stays outside and waits, because the host knows its pid.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/fd.h"
#include "common/userns.h"
#include "monitor/monitor.h"

/* How long the waiting process waits for process 1, which has closed everything
 * before the kernel empties the namespace. */
#define LINGER_S 0
#define LINGER_NS 500000000

/* As of Linux 2.6.26. */
#define CAPABILITY_V3 0x20080522u

static int
explain (struct monitor *m, const char *what, int error)
{
	const char *remedy = userns_remedy ();

	if (remedy == NULL)
		remedy =
			"a container may forbid it: choose another containment";
	control_report_uncontained (m, error,
				    "no pid namespace for the run: %s: %s; %s",
				    what, strerror (error), remedy);
	return -1;
}

/* The maker of a user namespace has every capability in it until exec: it could
 * enter directories that are closed to the agent. */
static int
drop_capabilities (void)
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

/* Process 1 has a death signal from this process, which holds nothing but
 * LIFE. */
static void __attribute__ ((__noreturn__))
wait_for_first (pid_t first, int life)
{
	static const struct timespec linger = { LINGER_S, LINGER_NS };
	struct pollfd p = { .fd = life, .events = POLLIN };
	sigset_t chld;
	int status = 0;

	fd_close_except (life);
	while (poll (&p, 1, -1) < 0 && errno == EINTR)
		;
	/* A byte from pidns_release_waiter: the survivors were reported. */
	if (read (life, &status, 1) == 1)
		_exit (0);
	sigemptyset (&chld);
	sigaddset (&chld, SIGCHLD);
	sigtimedwait (&chld, NULL, &linger);
	if (waitpid (first, &status, WNOHANG) != first)
		_exit (0);
	_exit (WIFEXITED (status) ? WEXITSTATUS (status) : 1);
}

/* In process 1, before anything else. */
static int
enter_as_first (struct monitor *m, int mapped)
{
	struct pollfd p = { .fd = m->waiter, .events = POLLIN };
	const char *step;
	int r;

	m->self = getpid ();
	m->host = m->host_group = 0;
	if (m->self != 1)
		return explain (m, "unshare", ENOSYS);
	if (prctl (PR_SET_PDEATHSIG, SIGKILL) < 0)
		return explain (m, "death signal", errno);
	if (poll (&p, 1, 0) != 0)
		_exit (1);
	r = userns_mount_proc (&step);
	if (r < 0)
		return explain (m, step, -r);
	if (mapped && drop_capabilities () < 0)
		return explain (m, "capabilities", errno);
	/* The old /proc is still that of the host. */
	close (m->view.children);
	procfs_view_open (&m->host_view, m->view.proc);
	m->host_view.level = m->view.level;
	procfs_view_open (&m->view,
			  open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	return 0;
}

void
pidns_release_waiter (const struct monitor *m)
{
	if (m->waiter >= 0 && write (m->waiter, "s", 1) < 0)
		return; /* the waiting process has gone */
}

int
pidns_enter (struct monitor *m)
{
	int life[2], mapped, r;
	const char *step;
	pid_t pid;

	if (m->view.proc < 0) {
		control_report_uncontained (
			m, ENOENT,
			"no pid namespace for the run: no /proc here shows its "
			"processes; mount one, or choose another containment");
		return -1;
	}
	r = userns_unshare (&mapped, &step);
	if (r < 0)
		return explain (m, step, -r);
	if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, life) < 0)
		return explain (m, "socketpair", errno);
	pid = fork ();
	if (pid < 0)
		return explain (m, "fork", errno);
	if (pid > 0)
		wait_for_first (pid, life[0]);
	close (life[0]);
	m->waiter = life[1];
	return enter_as_first (m, mapped);
}
