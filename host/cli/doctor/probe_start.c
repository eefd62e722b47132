/* SPDX-License-Identifier: MIT */
/* probe_start.c - how linehook itself was started. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/doctor/checks.h"
#include "process/environ.h"

extern char **environ;

void
probe_secure (const struct doctor *d, struct finding *f)
{
	if (d->start.secure)
		probe_missing (f, "of another user (AT_SECURE)");
	else
		probe_ok (f, "its user's own");
}

void
probe_sigchld (const struct doctor *d, struct finding *f)
{
	if (d->start.sigchld_ignored)
		probe_missing (f, "was ignored at the start");
	else
		probe_ok (f, "as usual");
}

void
probe_first (const struct doctor *d, struct finding *f)
{
	if (d->start.pid == 1)
		probe_missing (f, "linehook itself, of its pid namespace");
	else
		probe_ok (f, "not linehook");
}

void
probe_markers (const struct doctor *d, struct finding *f)
{
	char names[DOCTOR_TEXT - 64];
	size_t len = 0;
	char **e;

	(void) d;
	names[0] = '\0';
	for (e = environ; *e != NULL; e++) {
		int n = (int) strcspn (*e, "=");

		if (!environ_is_marker (*e)
		    || len + (size_t) n + 3 > sizeof names)
			continue;
		len += (size_t) snprintf (names + len, sizeof names - len,
					  "%s%.*s", len == 0 ? "" : ", ", n,
					  *e);
	}
	if (len == 0)
		probe_ok (f, "none");
	else
		probe_missing (f, "%s: a run drops them", names);
}
