/* SPDX-License-Identifier: MIT */
/* probe_kernel.c - system calls that linehook-exec and the host live by. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/doctor/checks.h"

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif
#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self 446
#endif
#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

#define SIGNAL_GROUP (1u << 2)
#define LANDLOCK_VERSION 1u
#define LANDLOCK_WITH_SCOPES 6
#define LANDLOCK_SCOPE_SIGNAL (1u << 1)

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

/* Not there, or kept from us: the kernel and a filter say the same. */
static void
no_call (struct finding *f, const char *name)
{
	int error = errno;

	probe_missing (f, "no: %s: %s", name, strerror (error));
	if (error == EMFILE || error == ENFILE)
		probe_remedy (f, "ulimit -n");
}

/* As of ABI 6; older headers have less of it. */
struct ruleset {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;
	uint64_t scoped;
};

static int
enter_scope (void)
{
	struct ruleset r = { .scoped = LANDLOCK_SCOPE_SIGNAL };
	int fd = (int) syscall (SYS_landlock_create_ruleset, &r, sizeof r, 0);

	if (fd < 0)
		return -1;
	if (syscall (SYS_landlock_restrict_self, fd, 0) == 0)
		return 0;
	if (errno != EPERM || prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int) syscall (SYS_landlock_restrict_self, fd, 0);
}

/* A tree in a cgroup or a namespace dies without its monitor too. */
static int
held_otherwise (const struct doctor *d)
{
	const char *contain = d->tiers[LHK_CONTAIN_AUTO].contain;

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
	long abi = syscall (SYS_landlock_create_ruleset, NULL, 0,
			    LANDLOCK_VERSION);

	if (abi < 0 && errno == EOPNOTSUPP) {
		probe_missing (f, "no: Landlock is switched off");
		probe_remedy (f, "landlock in lsm= at boot");
	} else if (abi < 0) {
		no_call (f, "Landlock");
		if (errno != ENOSYS)
			probe_remedy (f, "let the container allow landlock_*");
	} else if (abi < LANDLOCK_WITH_SCOPES) {
		probe_missing (f, "no: Landlock ABI %ld (want %d)", abi,
			       LANDLOCK_WITH_SCOPES);
		probe_remedy (f, "Linux 6.12 or later");
	} else if (enter_scope () < 0) {
		no_call (f, "Landlock ruleset");
	} else if (kill (getppid (), 0) == 0 || errno != EPERM) {
		probe_missing (f, "no: Landlock ABI %ld lets a signal through",
			       abi);
	} else {
		probe_ok (f, "yes, Landlock ABI %ld", abi);
		return;
	}
	no_scope (d, f);
}

void
probe_subreaper (const struct doctor *d, struct finding *f)
{
	(void) d;
	if (prctl (PR_SET_CHILD_SUBREAPER, 1) < 0)
		no_call (f, "prctl");
	else
		probe_ok (f, "yes");
}

void
probe_pidfd (const struct doctor *d, struct finding *f)
{
	int fd = (int) syscall (SYS_pidfd_open, getpid (), 0);

	(void) d;
	if (fd < 0)
		no_call (f, "pidfd_open");
	else if (syscall (SYS_pidfd_send_signal, fd, 0, NULL, 0) < 0)
		no_call (f, "pidfd_send_signal");
	else
		probe_ok (f, "yes");
}

void
probe_group_signal (const struct doctor *d, struct finding *f)
{
	int fd = (int) syscall (SYS_pidfd_open, getpid (), 0);

	(void) d;
	/* Signal 0 to a group that is ours alone. */
	if (setpgid (0, 0) < 0 || fd < 0
	    || syscall (SYS_pidfd_send_signal, fd, 0, NULL, SIGNAL_GROUP) < 0)
		no_call (f, "pidfd_send_signal");
	else
		probe_ok (f, "yes");
}

void
probe_peer (const struct doctor *d, struct finding *f)
{
	int fds[2], peer = -1;
	socklen_t len = sizeof peer;

	(void) d;
	if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		no_call (f, "socketpair");
	else if (getsockopt (fds[0], SOL_SOCKET, SO_PEERPIDFD, &peer, &len) < 0)
		no_call (f, "SO_PEERPIDFD");
	else
		probe_ok (f, "yes");
}

void
probe_close_range (const struct doctor *d, struct finding *f)
{
	(void) d;
	if (syscall (SYS_close_range, ~0u, ~0u, 0) < 0)
		no_call (f, "close_range");
	else
		probe_ok (f, "yes");
}

void
probe_memfd (const struct doctor *d, struct finding *f)
{
	int fd = memfd_create ("linehook-doctor",
			       MFD_CLOEXEC | MFD_ALLOW_SEALING);

	(void) d;
	if (fd < 0)
		no_call (f, "memfd_create");
	else if (fcntl (fd, F_ADD_SEALS, F_SEAL_WRITE) < 0)
		no_call (f, "seals");
	else
		probe_ok (f, "yes");
}
