/* SPDX-License-Identifier: MIT */
/*
 * fake.c - a linehook-exec that sends the records that its command names.
 *
 *	hello, await		send the first record; wait for START
 *	cpu US, oom WHY, dead N	set agent_cpu_us, oom, n_oom in the records that
 *				follow
 *	started, failed, empty	send that record
 *	exited STATUS		send it with a status as from wait(2)
 *	pause			wait to be killed
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/monitor_proto.h"

static struct proto_report report = { .version = PROTO_VERSION };

static void
say (uint32_t type)
{
	report.type = type;
	if (send (PROTO_FD, &report, sizeof report, MSG_NOSIGNAL) < 0)
		_exit (1);
}

static int
obey_alone (const char *word)
{
	struct proto_start start;

	if (strcmp (word, "hello") == 0)
		say (PROTO_HELLO);
	else if (strcmp (word, "started") == 0)
		say (PROTO_STARTED);
	else if (strcmp (word, "failed") == 0)
		say (PROTO_FAILED);
	else if (strcmp (word, "empty") == 0)
		say (PROTO_EMPTY);
	else if (strcmp (word, "pause") == 0)
		pause ();
	else if (strcmp (word, "await") == 0)
		return recv (PROTO_FD, &start, sizeof start, 0)
		       == (ssize_t) sizeof start;
	else
		return 0;
	return 1;
}

static int
obey_number (const char *word, long n)
{
	if (strcmp (word, "cpu") == 0) {
		report.agent_cpu_us = (uint64_t) n;
	} else if (strcmp (word, "oom") == 0) {
		report.oom = (int32_t) n;
	} else if (strcmp (word, "dead") == 0) {
		report.n_oom = (uint32_t) n;
	} else if (strcmp (word, "exited") == 0) {
		report.status = (int32_t) n;
		say (PROTO_EXITED);
	} else {
		return 0;
	}
	return 1;
}

/* linehook-exec CWD -- NAME WORD.. */
int
main (int argc, char **argv)
{
	char **w;

	if (argc < 4)
		return 2;
	report.contain = CONTAIN_SUBREAPER;
	close (1);
	close (2);
	for (w = argv + 4; *w != NULL; w++) {
		if (obey_alone (*w))
			continue;
		if (w[1] == NULL || !obey_number (*w, atol (w[1])))
			return 98;
		w++;
	}
	return 0;
}
