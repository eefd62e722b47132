/* SPDX-License-Identifier: MIT */
/* main.c - linehook-exec: owns one agent's process tree, and ends it. */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "monitor/monitor.h"

int
main (int argc, char **argv)
{
	static const char usage[] =
		"linehook-exec: this program is started by linehook, not by "
		"hand; see linehook-exec(8)\n";

	if (argc < 4 || strcmp (argv[2], "--") != 0
	    || fcntl (PROTO_FD, F_GETFD) < 0) {
		if (write (2, usage, sizeof usage - 1) < 0)
			return 3;
		return 2;
	}
	return monitor_run (argv[1], (const char *const *) argv + 3,
			    (const char *const *) environ);
}
