/* SPDX-License-Identifier: MIT */
/*
 * fake_exec.c - a linehook-exec that reports what its command says.
 *
 *	linehook run -- WORD..		with LINEHOOK_EXEC=fake_exec
 *
 *	fail STEP ERRNO [DETAIL]	nothing is started
 *	asked			print the host's START on stdout; then exit 0
 *	oom			the agent dies of SIGKILL for want of memory
 *	survivors PID..		the agent exits, these cannot be killed
 *	gone			exits while the agent runs
 *	old			has another version of the protocol
 *	mute			exits without a record
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/monitor_proto.h"

static struct proto_report report;

static void
say (uint32_t type)
{
	report.type = type;
	if (send (PROTO_FD, &report, sizeof report, MSG_NOSIGNAL) < 0)
		exit (1);
}

static void
ends (int status)
{
	report.pid = getpid ();
	report.contain = CONTAIN_SUBREAPER;
	say (PROTO_STARTED);
	report.status = status;
	say (PROTO_EXITED);
	close (0);
	close (1);
	close (2);
}

/* Wait until the host sends SWEEP. */
static void
await_sweep (void)
{
	struct proto_command c;

	do
		if (recv (PROTO_FD, &c, sizeof c, 0) != (ssize_t) sizeof c)
			exit (1);
	while (c.type != PROTO_SWEEP && c.type != PROTO_KILL);
}

int
main (int argc, char **argv)
{
	const char *word = argc > 3 ? argv[3] : "";
	struct proto_start start;
	int i;

	report.version = PROTO_VERSION;
	if (strcmp (word, "mute") == 0)
		return 0;
	if (strcmp (word, "old") == 0)
		report.version = PROTO_VERSION - 1;
	say (PROTO_HELLO);
	if (recv (PROTO_FD, &start, sizeof start, 0) != (ssize_t) sizeof start)
		return 1;
	if (strcmp (word, "fail") == 0 && argc > 5) {
		report.step = atoi (argv[4]);
		report.sys_errno = atoi (argv[5]);
		if (argc > 6)
			snprintf (report.detail, sizeof report.detail, "%s",
				  argv[6]);
		say (PROTO_FAILED);
	} else if (strcmp (word, "asked") == 0) {
		printf ("contain %d flags %u\n", start.contain, start.flags);
		fflush (stdout);
		ends (0);
	} else if (strcmp (word, "oom") == 0) {
		report.oom = OOM_OWN;
		ends (SIGKILL);
	} else if (strcmp (word, "gone") == 0) {
		report.pid = getpid ();
		report.contain = CONTAIN_SUBREAPER;
		say (PROTO_STARTED);
		return 0;
	} else if (strcmp (word, "survivors") == 0) {
		ends (0);
		await_sweep ();
		for (i = 4; i < argc; i++)
			report.survivors[report.n_survivors++] = atoi (argv[i]);
		say (PROTO_SURVIVORS_LEFT);
		return 0;
	}
	say (PROTO_EMPTY);
	return 0;
}
