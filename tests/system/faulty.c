/* SPDX-License-Identifier: MIT */
/*
 * faulty.c - linehook-exec whose system calls fail as the environment says.
 *
 *	LINEHOOK_FAULT=CALL:ERROR:AT:TIMES	numbers; see faults.h
 *	LINEHOOK_FAULT_LOG=PATH			gets a byte for each
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/faults.h"
#include "monitor/monitor.h"

static void
tell (void)
{
	const char *path = getenv ("LINEHOOK_FAULT_LOG");
	int fd;

	faults_pause ();
	fd = path == NULL ? -1 : open (path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd >= 0 && write (fd, "x", 1) == 1)
		close (fd);
	faults_resume ();
}

static void
arm (void)
{
	const char *text = getenv ("LINEHOOK_FAULT");
	struct fault f = { 0, 0, 0, 0 };
	unsigned long long at, times;

	if (text == NULL
	    || sscanf (text, "%d:%d:%llu:%llu", &f.call, &f.error, &at, &times)
		       != 4)
		return;
	f.at = at;
	f.times = times;
	faults_on_fault (tell);
	faults_arm (&f);
}

int
main (int argc, char **argv)
{
	if (argc < 4)
		return 2;
	arm ();
	return monitor_run (argv[1], (const char *const *) argv + 3,
			    (const char *const *) environ);
}
