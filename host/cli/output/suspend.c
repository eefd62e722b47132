/* SPDX-License-Identifier: MIT */
/* suspend.c - SIGTSTP: being stopped as a shell stops a job. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/suspend.h"

static struct lhk_host *_Atomic sleeper;
static volatile sig_atomic_t asked;

static void
on_stop (int signo)
{
	struct lhk_host *host = atomic_load (&sleeper);

	(void) signo;
	asked = 1;
	if (host != NULL)
		lhk_host_wake (host);
}

static void
set_handler (void (*handler) (int))
{
	struct sigaction action = { .sa_handler = handler };
	struct sigaction old;

	sigfillset (&action.sa_mask);
	if (sigaction (SIGTSTP, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction (SIGTSTP, &action, NULL);
}

void
suspend_catch (struct lhk_host *host)
{
	atomic_store (&sleeper, host);
	set_handler (host != NULL ? on_stop : SIG_DFL);
	if (host == NULL && suspend_asked ())
		suspend_self (SIGTSTP);
}

int
suspend_asked (void)
{
	int was = asked;

	asked = 0;
	return was;
}

/* Of PID; 0: it cannot be known. */
static pid_t
parent_of (pid_t pid)
{
	char path[32], buf[512];
	const char *p;
	int parent = 0;
	ssize_t n;
	int fd;

	snprintf (path, sizeof path, "/proc/%d/stat", (int) pid);
	fd = open (path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read (fd, buf, sizeof buf - 1);
	close (fd);
	if (n <= 0)
		return 0;
	buf[n] = '\0';
	/* Behind the name, which may hold anything. */
	p = strrchr (buf, ')');
	if (p == NULL || sscanf (p + 1, " %*c %d", &parent) != 1)
		return 0;
	return parent;
}

/* Somebody of our session but not of our group is the parent of an ancestor
 * in the group: as a rule the shell, which is our own parent. */
int
suspend_possible (void)
{
	pid_t pid;

	for (pid = getppid (); pid > 0; pid = parent_of (pid)) {
		if (getsid (pid) != getsid (0))
			return 0;
		if (getpgid (pid) != getpgrp ())
			return 1;
	}
	return 0;
}

void
suspend_self (int signo)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };
	struct sigaction kept;
	sigset_t set, old;

	/* Raised while blocked, two become one. */
	sigemptyset (&set);
	sigaddset (&set, signo);
	sigprocmask (SIG_BLOCK, &set, &old);
	sigaction (signo, &usual, &kept);
	raise (signo);
	sigprocmask (SIG_UNBLOCK, &set, NULL);
	sigaction (signo, &kept, NULL);
	sigprocmask (SIG_SETMASK, &old, NULL);
}
