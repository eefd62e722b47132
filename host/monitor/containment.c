/* SPDX-License-Identifier: MIT */
/*
 * containment.c - which containment a run gets, and why not another.
 *
 * The subreaper is always there; the others come on top of it.  AUTO takes a
 * cgroup if one can be created and reports nothing if not; a containment that
 * was asked for by name and cannot be had makes the start fail.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "common/macros.h"
#include "monitor/monitor.h"

static int
do_nothing (struct monitor *m)
{
	(void) m;
	return 0;
}

static const struct {
	int requested;
	int tier;
	int (*enter) (struct monitor *m);
	int may_fail; /* then the subreaper alone does */
} tiers[] = {
	{ CONTAIN_AUTO, CONTAIN_CGROUP, cgroup_create, 1 },
	{ CONTAIN_CGROUP, CONTAIN_CGROUP, cgroup_create, 0 },
	{ CONTAIN_PIDNS, CONTAIN_PIDNS, pidns_enter, 0 },
	{ CONTAIN_SUBREAPER, CONTAIN_SUBREAPER, do_nothing, 0 },
};

static void
clear_error (struct monitor *m)
{
	m->containment = CONTAIN_SUBREAPER;
	m->report.step = STEP_NONE;
	m->report.sys_errno = 0;
	m->report.detail[0] = '\0';
}

/* Limits of a tree are those of its cgroup. */
static int
refuse_limits (struct monitor *m)
{
	m->report.step = STEP_LIMIT;
	return -1;
}

int
containment_enter (struct monitor *m)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (tiers); i++) {
		if (tiers[i].requested != m->start.contain)
			continue;
		m->containment = tiers[i].tier;
		if (tiers[i].enter (m) == 0)
			return 0;
		if (cgroup_limits_are_set (m))
			return refuse_limits (m);
		if (!tiers[i].may_fail)
			return -1;
		clear_error (m);
		return 0;
	}
	control_report_uncontained (m, EINVAL,
				    "containment %d is not known to this"
				    " linehook-exec",
				    (int) m->start.contain);
	return -1;
}

int
containment_fall_back (struct monitor *m, int error)
{
	if (m->start.contain == CONTAIN_AUTO && !cgroup_limits_are_set (m)) {
		cgroup_remove (m);
		clear_error (m);
		return 0;
	}
	control_report_uncontained (
		m, error,
		"no cgroup for the run: '%s' cannot be"
		" entered: %s; let the user own 'cgroup.procs' of the"
		" cgroup above, or choose another containment",
		m->cgroup.name, strerror (error));
	return -1;
}

void
containment_report_cgroup (struct monitor *m)
{
	const struct cgroup *g = &m->cgroup;
	size_t len = strlen (g->path), n = strlen (g->name);

	if (m->containment != CONTAIN_CGROUP
	    || len + 1 + n >= sizeof m->report.detail)
		return;
	memcpy (m->report.detail, g->path, len);
	m->report.detail[len] = '/';
	memcpy (m->report.detail + len + 1, g->name, n + 1);
}
