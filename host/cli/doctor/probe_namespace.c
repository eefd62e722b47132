/* SPDX-License-Identifier: MIT */
/* probe_namespace.c - may this user have a pid namespace with its own /proc? */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/doctor/checks.h"

/* What forbids namespaces, by the values that do. */
static const struct {
	const char *path;
	uint64_t value;
	const char *mend;
} switches[] = {
	{ "/proc/sys/kernel/unprivileged_userns_clone", 0,
	  "sysctl kernel.unprivileged_userns_clone=1" },
	{ "/proc/sys/user/max_user_namespaces", 0,
	  "raise sysctl user.max_user_namespaces from 0" },
	{ "/proc/sys/user/max_pid_namespaces", 0,
	  "raise sysctl user.max_pid_namespaces from 0" },
	{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 1,
	  "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or a "
	  "profile that allows it" },
};

static int
put (const char *path, const char *text)
{
	int fd = open (path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write (fd, text, strlen (text));
	int error = errno;

	if (fd >= 0)
		close (fd);
	errno = error;
	return n < 0 ? -1 : 0;
}

/* NULL, or what failed. */
static const char *
leave (int *ret_user)
{
	unsigned int uid = geteuid (), gid = getegid ();
	char map[48];

	*ret_user = 0;
	if (unshare (CLONE_NEWPID | CLONE_NEWNS) == 0)
		return NULL;
	*ret_user = 1;
	if (unshare (CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) < 0)
		return "unshare";
	prctl (PR_SET_DUMPABLE, 1);
	snprintf (map, sizeof map, "%u %u 1\n", uid, uid);
	if (put ("/proc/self/setgroups", "deny") < 0
	    || put ("/proc/self/uid_map", map) < 0)
		return "uid_map";
	snprintf (map, sizeof map, "%u %u 1\n", gid, gid);
	return put ("/proc/self/gid_map", map) < 0 ? "gid_map" : NULL;
}

/* In the new namespace: 0, or an errno. */
static int
mount_proc (void)
{
	prctl (PR_SET_PDEATHSIG, SIGKILL);
	if (mount (NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0
	    || mount ("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		      NULL)
		       < 0)
		return errno;
	return 0;
}

static const char *
settle (void)
{
	int status = 0;
	pid_t pid = fork ();

	if (pid < 0)
		return "fork";
	if (pid == 0)
		_exit (mount_proc ());
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
	uint64_t value;
	int user;
	const char *step = leave (&user);
	size_t i;
	int error;

	(void) d;
	if (step == NULL)
		step = settle ();
	if (step == NULL) {
		probe_ok (f,
			  user ? "user and pid namespaces" : "pid namespaces");
		return;
	}
	error = errno;
	probe_missing (f, "no: %s: %s", step, strerror (error));
	if (strcmp (step, "a /proc of its own") == 0)
		probe_remedy (f,
			      "let the container show all of /proc (no masked "
			      "paths)");
	for (i = 0; i < sizeof switches / sizeof switches[0]; i++)
		if (doctor_number (switches[i].path, &value) == 0
		    && value == switches[i].value)
			probe_remedy (f, "%s", switches[i].mend);
}
