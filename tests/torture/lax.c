/* SPDX-License-Identifier: MIT */
/*
 * lax.c - stands in for linehook-exec, and leaves the agent's tree alone.
 *
 * It starts the agent, says that it ended and that nobody is left, whoever is.
 * For the negative controls: the tests have to find what it leaves.
 */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/monitor_proto.h"

static struct proto_report report = {
	.version = PROTO_VERSION,
	.contain = CONTAIN_SUBREAPER,
};

static void
say (uint32_t type)
{
	report.type = type;
	if (send (PROTO_FD, &report, sizeof report, MSG_NOSIGNAL) < 0)
		_exit (1);
}

/* linehook-exec CWD -- COMMAND.. */
int
main (int argc, char **argv)
{
	struct proto_start start;
	sigset_t none;
	pid_t pid;

	if (argc < 4)
		return 2;
	sigemptyset (&none);
	sigprocmask (SIG_SETMASK, &none, NULL);
	signal (SIGCHLD, SIG_DFL);
	say (PROTO_HELLO);
	if (recv (PROTO_FD, &start, sizeof start, 0) != (ssize_t) sizeof start)
		return 1;
	pid = fork ();
	if (pid == 0) {
		close (PROTO_FD);
		execv (argv[3], argv + 3);
		_exit (127);
	}
	close (0);
	close (1);
	close (2);
	report.pid = pid;
	say (PROTO_STARTED);
	waitpid (pid, &report.status, 0);
	say (PROTO_EXITED);
	say (PROTO_EMPTY);
	return 0;
}
