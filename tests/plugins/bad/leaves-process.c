/* SPDX-License-Identifier: MIT */
/* leaves-process.c - leaves a process that nobody waits for, until its host
 * ends. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#define BAD_NAME "leaves-process"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

/* One is enough for a rule, some of which read thousands of streams. */
static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	static int has_left;

	if (!has_left++ && fork () == 0) {
		(void) setsid ();
		(void) prctl (PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause ();
	}
	return bad_line_hook (handle, line);
}
