/* SPDX-License-Identifier: MIT */
/* reaper.c - what process 1 owes to the orphans of its pid namespace. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/output/reaper.h"

static void
reap (int signo)
{
	int kept = errno;

	(void) signo;
	while (waitpid (-1, NULL, WNOHANG | __WALL) > 0)
		;
	errno = kept;
}

void
reaper_start (void)
{
	struct sigaction action = { .sa_handler = reap,
				    .sa_flags = SA_RESTART | SA_NOCLDSTOP };
	sigset_t set;

	if (getpid () != 1)
		return;
	sigfillset (&action.sa_mask);
	sigaction (SIGCHLD, &action, NULL);
	sigemptyset (&set);
	sigaddset (&set, SIGCHLD);
	sigprocmask (SIG_UNBLOCK, &set, NULL);
	/* Those that ended before: of the program that became us by exec. */
	reap (SIGCHLD);
}
