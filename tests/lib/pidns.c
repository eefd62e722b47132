/* SPDX-License-Identifier: MIT */
/* pidns.c - a pid namespace for tests that leave processes behind. */
#include "config.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/pidns.h"
#include "lib/sysfile.h"

static int
status_of (pid_t pid)
{
	int status = -1;

	while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED (status) ? WEXITSTATUS (status) : 99;
}

static void
write_file (const char *path, const char *text)
{
	if (sysfile_write (path, text) < 0)
		printf ("# %s: %s\n", path, strerror (errno));
}

/* An ordinary user is root in a user namespace. */
static int
enter (void)
{
	unsigned int uid = getuid (), gid = getgid ();
	char text[64];

	if (unshare (CLONE_NEWPID | CLONE_NEWNS) == 0)
		return 0;
	if (unshare (CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) < 0)
		return -1;
	write_file ("/proc/self/setgroups", "deny");
	snprintf (text, sizeof text, "0 %u 1", uid);
	write_file ("/proc/self/uid_map", text);
	snprintf (text, sizeof text, "0 %u 1", gid);
	write_file ("/proc/self/gid_map", text);
	return 0;
}

/* Reap whatever ends until PID has ended.  Returns its exit status. */
static int
reap_until (pid_t pid)
{
	int status = 0;
	pid_t ended;

	do
		ended = wait (&status);
	while (ended != pid && (ended > 0 || errno == EINTR));
	return WIFEXITED (status) ? WEXITSTATUS (status) : 99;
}

/* Process 1 reaps the orphans of the namespace, and ends with the tests. */
static int
be_first (int (*tests) (void))
{
	pid_t pid;

	prctl (PR_SET_PDEATHSIG, SIGKILL);
	if (mount ("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0
	    || mount ("proc", "/proc", "proc", MS_NOSUID | MS_NODEV, NULL)
		       < 0) {
		printf ("1..0 # SKIP no /proc for a pid namespace: %s\n",
			strerror (errno));
		return 0;
	}
	pid = fork ();
	if (pid == 0)
		exit (tests ());
	return reap_until (pid);
}

/* A process that has called unshare (CLONE_NEWPID) can fork one process 1 and
 * nothing after it has ended; so a child of the test does it. */
static int
be_between (int (*tests) (void))
{
	pid_t pid;
	int status;

	if (enter () < 0) {
		printf ("1..0 # SKIP no pid namespace: %s\n", strerror (errno));
		return 0;
	}
	pid = fork ();
	if (pid == 0) {
		status = be_first (tests);
		fflush (stdout);
		_exit (status);
	}
	return pid < 0 ? 99 : status_of (pid);
}

int
pidns_run (int (*tests) (void))
{
	pid_t pid;
	int status;

	fflush (stdout);
	pid = fork ();
	if (pid == 0) {
		prctl (PR_SET_PDEATHSIG, SIGKILL);
		status = be_between (tests);
		fflush (stdout);
		_exit (status);
	}
	return pid < 0 ? 99 : status_of (pid);
}

void
pidns_enter (void)
{
	pid_t pid;

	if (unshare (CLONE_NEWPID | CLONE_NEWNS) < 0)
		return;
	pid = fork ();
	if (pid > 0)
		_exit (reap_until (pid));
	prctl (PR_SET_PDEATHSIG, SIGKILL);
	mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	if (mount ("proc", "/proc", "proc", 0, NULL) < 0)
		_exit (99);
	/* Process 1 has to reap orphans, which a test does not: go on as its
	 * child. */
	pid = fork ();
	if (pid > 0)
		_exit (reap_until (pid));
}
