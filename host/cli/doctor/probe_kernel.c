/* SPDX-License-Identifier: MIT */
/*
 * probe_kernel.c - what the kernel allows, and how linehook was started.
 *
 * System calls that the monitor and the host use, and pid namespaces.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "common/agent_env.h"
#include "common/landlock.h"
#include "common/limit_guard.h"
#include "common/macros.h"
#include "common/pidfd.h"
#include "common/userns.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

void
probe_release (const struct doctor *d, struct finding *f)
{
	struct utsname u;
	int major = 0, minor = 0;

	(void) d;
	if (uname (&u) < 0) {
		probe_missing (f, "not known: %s", strerror (errno));
		return;
	}
	if (sscanf (u.release, "%d.%d", &major, &minor) == 2
	    && (major < 5 || (major == 5 && minor < 4)))
		probe_missing (f, "%s %s, %s", u.sysname, u.release, u.machine);
	else
		probe_ok (f, "%s %s, %s", u.sysname, u.release, u.machine);
}

/* The system call NAME failed: the kernel has none, or a filter forbids it,
 * which looks the same. */
static void
no_call (struct finding *f, const char *name, int error)
{
	probe_missing (f, "not available: %s: %s", name, strerror (error));
	if (error == EMFILE || error == ENFILE)
		probe_remedy (f, "raise the limit of open files: ulimit -n");
}

/* A tree in a cgroup or a namespace dies without its monitor too. */
static int
held_otherwise (const struct doctor *d)
{
	const char *contain = d->trials[LHK_CONTAIN_AUTO].contain;

	return strncmp (contain, "cgroup", 6) == 0
	       || strncmp (contain, "pidns", 5) == 0;
}

static void
no_scope (const struct doctor *d, struct finding *f)
{
	if (!held_otherwise (d))
		return;
	f->status = DOCTOR_NOTE;
	probe_impact (f, "an agent can kill its monitor; the run then ends as "
			 "host_error, and its cgroup is killed by the host");
}

void
probe_scope (const struct doctor *d, struct finding *f)
{
	int abi = landlock_abi ();
	int r = landlock_scope_signals ();

	if (abi == -EOPNOTSUPP) {
		probe_missing (f, "not available: Landlock is switched off");
		probe_remedy (f, "add landlock to lsm= on the kernel command "
				 "line");
	} else if (abi < 0) {
		no_call (f, "Landlock", -abi);
		if (abi != -ENOSYS)
			probe_remedy (f, "allow landlock_* in the container");
	} else if (abi < LANDLOCK_ABI_SCOPES) {
		probe_missing (
			f,
			"not available: Landlock has ABI %d, ABI %d is needed",
			abi, LANDLOCK_ABI_SCOPES);
		probe_remedy (f, "use Linux 6.12 or later");
	} else if (r < 0) {
		no_call (f, "Landlock ruleset", -r);
	} else if (kill (getppid (), 0) == 0 || errno != EPERM) {
		probe_missing (
			f,
			"not available: Landlock ABI %d lets a signal through",
			abi);
	} else {
		probe_ok (
			f,
			"agents cannot signal their monitor (Landlock ABI %d)",
			abi);
		return;
	}
	no_scope (d, f);
}

/* As for an agent: after the signal scope, which may give up privileges. */
void
probe_limit_guard (const struct doctor *d, struct finding *f)
{
	const pid_t parent = getppid ();
	int r;

	(void) d;
	landlock_scope_signals ();
	r = limit_guard_install (&parent, 1);
	if (r == -EACCES)
		probe_missing (
			f, "not available: the kernel accepts the filter only "
			   "with no_new_privs, which agents get only with a "
			   "signal scope");
	else if (r < 0)
		no_call (f, "seccomp", -r);
	else if (setpriority (PRIO_PROCESS, (id_t) parent,
			      getpriority (PRIO_PROCESS, (id_t) parent))
		 == 0)
		probe_missing (f,
			       "not available: the filter lets a call through");
	else
		probe_ok (f, "available");
}

void
probe_subreaper (const struct doctor *d, struct finding *f)
{
	(void) d;
	if (prctl (PR_SET_CHILD_SUBREAPER, 1) < 0)
		no_call (f, "prctl", errno);
	else
		probe_ok (f, "available");
}

void
probe_pidfd (const struct doctor *d, struct finding *f)
{
	int fd = pidfd_get (getpid ());

	(void) d;
	if (fd < 0)
		no_call (f, "pidfd_open", errno);
	else if (pidfd_kill (fd, 0) < 0)
		no_call (f, "pidfd_send_signal", errno);
	else
		probe_ok (f, "available");
}

void
probe_group_signal (const struct doctor *d, struct finding *f)
{
	int fd = pidfd_get (getpid ());

	(void) d;
	/* The probe is alone in a new group, so signal 0 reaches it only. */
	if (setpgid (0, 0) < 0 || fd < 0 || pidfd_kill_group (fd, 0) < 0)
		no_call (f, "pidfd_send_signal", errno);
	else
		probe_ok (f, "available");
}

void
probe_peer (const struct doctor *d, struct finding *f)
{
	int fds[2], peer = -1;
	socklen_t len = sizeof peer;

	(void) d;
	if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		no_call (f, "socketpair", errno);
	else if (getsockopt (fds[0], SOL_SOCKET, SO_PEERPIDFD, &peer, &len) < 0)
		no_call (f, "SO_PEERPIDFD", errno);
	else
		probe_ok (f, "available");
}

void
probe_close_range (const struct doctor *d, struct finding *f)
{
	(void) d;
	if (syscall (SYS_close_range, ~0u, ~0u, 0) < 0)
		no_call (f, "close_range", errno);
	else
		probe_ok (f, "available");
}

void
probe_memfd (const struct doctor *d, struct finding *f)
{
	int fd = memfd_create ("linehook-doctor",
			       MFD_CLOEXEC | MFD_ALLOW_SEALING);

	(void) d;
	if (fd < 0)
		no_call (f, "memfd_create", errno);
	else if (fcntl (fd, F_ADD_SEALS, F_SEAL_WRITE) < 0)
		no_call (f, "seals", errno);
	else
		probe_ok (f, "available");
}

/* ---- namespaces ---- */

/* In a child, the first process of the new pid namespace.  NULL, or the step
 * that failed, with errno. */
static const char *
try_mount_proc (void)
{
	const char *step;
	int status = 0;
	pid_t pid = fork ();

	if (pid < 0)
		return "fork";
	if (pid == 0) {
		prctl (PR_SET_PDEATHSIG, SIGKILL);
		_exit (-userns_mount_proc (&step));
	}
	if (waitpid (pid, &status, 0) < 0)
		return "waitpid";
	if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
		return NULL;
	errno = WIFEXITED (status) ? WEXITSTATUS (status) : EINTR;
	return "a /proc of its own";
}

void
probe_namespace (const struct doctor *d, struct finding *f)
{
	const char *step, *remedy = userns_remedy ();
	int mapped, error = -userns_unshare (&mapped, &step);

	(void) d;
	if (error == 0) {
		step = try_mount_proc ();
		error = errno;
	}
	if (step == NULL) {
		probe_ok (f, mapped ? "user and pid namespaces"
				    : "pid namespaces");
		return;
	}
	probe_missing (f, "not available: %s: %s", step, strerror (error));
	if (remedy != NULL)
		probe_remedy (f, "%s", remedy);
	else if (strcmp (step, "a /proc of its own") == 0)
		probe_remedy (f, "show all of /proc in the container, without "
				 "masked paths");
}

/* ---- how linehook was started ---- */

void
probe_secure (const struct doctor *d, struct finding *f)
{
	if (d->start.secure)
		probe_missing (
			f, "linehook runs with privileges of another user or "
			   "of its file (AT_SECURE)");
	else
		probe_ok (f, "linehook has those of the user who started it");
}

void
probe_sigchld (const struct doctor *d, struct finding *f)
{
	if (d->start.sigchld_ignored)
		probe_missing (f, "ignored when linehook was started");
	else
		probe_ok (f, "not ignored");
}

void
probe_first (const struct doctor *d, struct finding *f)
{
	if (d->start.pid == 1)
		probe_missing (f, "linehook is process 1 of its pid namespace");
	else
		probe_ok (f, "another program");
}

void
probe_markers (const struct doctor *d, struct finding *f)
{
	char names[DOCTOR_TEXT - 64];
	size_t len = 0;
	char **e;
	int one;

	(void) d;
	names[0] = '\0';
	for (e = environ; *e != NULL; e++) {
		int n = (int) strcspn (*e, "=");

		if (!agent_env_is_marker (*e)
		    || len + (size_t) n + 3 > sizeof names)
			continue;
		len += (size_t) snprintf (names + len, sizeof names - len,
					  "%s%.*s", len == 0 ? "" : ", ", n,
					  *e);
	}
	one = strchr (names, ',') == NULL;
	if (len == 0)
		probe_ok (f, "linehook is not run by an agent");
	else
		probe_missing (f, "%s %s set; a run removes %s", names,
			       one ? "is" : "are", one ? "it" : "them");
}
