/* SPDX-License-Identifier: MIT */
/*
 * containment.c - which containment, and why not.
 *
 * The subreaper is always there, whatever comes on top of it.  AUTO takes a
 * cgroup where one is to be had and says nothing where not; what was asked for
 * by name is had or the start fails.
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/macros.h"
#include "monitor/monitor.h"

static int
nothing (struct monitor *m)
{
	(void) m;
	return 0;
}

static const struct {
	int asked;
	int tier;
	int (*enter) (struct monitor *m);
	int falls; /* failing that, the subreaper alone */
} tiers[] = {
	{ CONTAIN_AUTO, CONTAIN_CGROUP, group_make, 1 },
	{ CONTAIN_CGROUP, CONTAIN_CGROUP, group_make, 0 },
	{ CONTAIN_PIDNS, CONTAIN_PIDNS, ns_enter, 0 },
	{ CONTAIN_SUBREAPER, CONTAIN_SUBREAPER, nothing, 0 },
};

static void
forget_reason (struct monitor *m)
{
	m->tier = CONTAIN_SUBREAPER;
	m->report.step = STEP_NONE;
	m->report.sys_errno = 0;
	m->report.detail[0] = '\0';
}

int
tier_enter (struct monitor *m)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (tiers); i++) {
		if (tiers[i].asked != m->start.contain)
			continue;
		m->tier = tiers[i].tier;
		if (tiers[i].enter (m) == 0)
			return 0;
		if (!tiers[i].falls)
			return -1;
		forget_reason (m);
		return 0;
	}
	tier_explain (m, EINVAL,
		      "containment %d is not known to this"
		      " linehook-exec",
		      (int) m->start.contain);
	return -1;
}

int
tier_fall (struct monitor *m, int error)
{
	if (m->start.contain == CONTAIN_AUTO) {
		group_remove (m);
		forget_reason (m);
		return 0;
	}
	tier_explain (m, error,
		      "no cgroup for the run: '%s' cannot be"
		      " entered: %s; let the user own 'cgroup.procs' of the"
		      " cgroup above, or choose another containment",
		      m->group.name, strerror (error));
	return -1;
}

/* Where the run is, if that can be told whole. */
void
tier_tell_place (struct monitor *m)
{
	const struct group *g = &m->group;
	size_t len = strlen (g->path), n = strlen (g->name);

	if (m->tier != CONTAIN_CGROUP || len + 1 + n >= sizeof m->report.detail)
		return;
	memcpy (m->report.detail, g->path, len);
	m->report.detail[len] = '/';
	memcpy (m->report.detail + len + 1, g->name, n + 1);
}

void
tier_explain (struct monitor *m, int error, const char *fmt, ...)
{
	struct proto_report *r = &m->report;
	va_list args;

	r->step = STEP_CONTAIN;
	r->sys_errno = error;
	va_start (args, fmt);
	vsnprintf (r->detail, sizeof r->detail, fmt, args);
	va_end (args);
}
