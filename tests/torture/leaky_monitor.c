/* SPDX-License-Identifier: MIT */
/*
 * leaky_monitor.c - replaces linehook-exec, and kills nobody.
 *
 * It starts the agent and reports that the agent has ended and that the process
 * tree is empty, whoever is left.  The negative controls prove with it that the
 * torture tests notice leaked processes.
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
send_report (uint32_t type)
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
	send_report (PROTO_HELLO);
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
	send_report (PROTO_STARTED);
	waitpid (pid, &report.status, 0);
	send_report (PROTO_EXITED);
	send_report (PROTO_EMPTY);
	return 0;
}
