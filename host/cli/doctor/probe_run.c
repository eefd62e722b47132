/* SPDX-License-Identifier: MIT */
/*
 * probe_run.c - linehook-exec, and whole runs of true(1).
 *
 * The runs use the library like any other; only the plugin is built in, so that
 * they do not depend on a file.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "common/clock.h"
#include "common/fd.h"
#include "common/macros.h"
#include "common/trusted_path.h"

/* Time limit of one run, which takes some milliseconds. */
#define TRUE_MS 2500

static int
silent_open (const struct lhk_api *api, const struct lhk_option *options,
	     size_t n_options, void **ret)
{
	(void) api;
	(void) options;
	(void) n_options;
	*ret = NULL;
	return LHK_OK;
}

static int
silent_line (void *handle, const struct lhk_line *line)
{
	(void) handle;
	(void) line;
	return LHK_OK;
}

static void
silent_close (void *handle)
{
	(void) handle;
}

static const struct lhk_plugin silent = {
	LHK_PLUGIN_HEADER,
	.name = "doctor",
	.provider = "none",
	.version = "1.0",
	.summary = "for linehook doctor: emits nothing",
	.open = silent_open,
	.line_hook = silent_line,
	.close = silent_close,
};

static void
silent_event (void *user, const struct lhk_meta *meta,
	      const struct lhk_event *event)
{
	(void) user;
	(void) meta;
	(void) event;
}

int
doctor_open_host (struct doctor *d, struct log *log, struct lhk_error *err)
{
	int r = options_host (d->opts, log, &d->host, err);

	if (r == LHK_OK)
		r = lhk_host_add_plugin (d->host, &silent, err);
	if (r == LHK_OK)
		r = lhk_host_plugin (d->host, silent.name, &d->silent_plugin,
				     err);
	return r;
}

void
doctor_run_opts (struct doctor *d, struct lhk_stream_opts *stream,
		 struct lhk_run_opts *opts, const char *const *argv,
		 void (*on_stdout) (void *user, const char *data, size_t len),
		 void *user)
{
	const struct lhk_stream_opts plain = LHK_STREAM_OPTS_INIT;
	const struct lhk_run_opts usual = LHK_RUN_OPTS_INIT;

	*stream = plain;
	stream->on_event = silent_event;
	stream->user = user;
	*opts = usual;
	opts->plugin = d->silent_plugin;
	opts->stream = stream;
	opts->argv = argv;
	opts->on_stdout = on_stdout;
	opts->grace_ms = 0;
	opts->drain_ms = 0;
}

void
doctor_wait_runs (struct doctor *d, struct lhk_run *const *runs, size_t n,
		  int64_t until_ms)
{
	size_t i, left;
	int64_t ms;

	for (;;) {
		for (left = i = 0; i < n; i++)
			left += runs[i] != NULL
				&& lhk_run_result (runs[i]) == NULL;
		ms = until_ms - clock_now_ms ();
		if (left == 0 || ms <= 0
		    || lhk_host_dispatch (d->host, (int) ms) < 0)
			return;
	}
}

/* A command that exists and does nothing. */
static void
find_true (const char *argv[4])
{
	static const char *const commands[][4] = {
		{ "/bin/true", NULL },
		{ "/usr/bin/true", NULL },
		{ "/bin/sh", "-c", ":", NULL },
	};
	static char self[PATH_MAX];
	size_t i;

	for (i = 0; i < ARRAY_SIZE (commands); i++)
		if (access (commands[i][0], X_OK) == 0) {
			memcpy (argv, commands[i], sizeof commands[i]);
			return;
		}
	argv[0] = readlink ("/proc/self/exe", self, sizeof self - 1) > 0
			  ? self
			  : "true";
	argv[1] = "--version";
	argv[2] = NULL;
}

#define REMEDY_MONITOR                                                         \
	"install the linehook-exec that was built with this linehook"

/* How to get what a start did not get. */
static const char *
start_remedy (int sys_errno)
{
	switch (sys_errno) {
	case EMFILE:
		return "raise the limit of open files with ulimit -n, or "
		       "LimitNOFILE= of the service";
	case EAGAIN:
		return "raise the limit of processes with ulimit -u, or "
		       "TasksMax= of the service";
	case ENOEXEC:
		return REMEDY_MONITOR;
	default:
		return NULL;
	}
}

static void
explain_failure (struct doctor_trial *t, const struct lhk_result *r)
{
	const struct lhk_outcome *o = &r->outcome;

	if (o->detail != NULL)
		snprintf (t->why, sizeof t->why, "%s", o->detail);
	else if (o->end_reason == LHK_END_SPAWN_FAILED)
		snprintf (t->why, sizeof t->why, "not started: %s: %s",
			  o->step == NULL ? "monitor" : o->step,
			  strerror (o->sys_errno));
	else if (o->flags & LHK_FLAG_MONITOR_LOST)
		snprintf (t->why, sizeof t->why,
			  "the monitor exited without a "
			  "report: it is not a linehook-exec of this version");
	else if (o->end_reason != LHK_END_EXITED)
		snprintf (t->why, sizeof t->why,
			  "it did not end within "
			  "%d ms",
			  TRUE_MS);
	else
		snprintf (t->why, sizeof t->why, "it exited with status %d",
			  o->exit_code);
}

static void
read_trial_result (struct doctor_trial *t, const struct lhk_run *run)
{
	const struct lhk_result *r = run == NULL ? NULL : lhk_run_result (run);

	if (run == NULL)
		return;
	if (r == NULL) {
		snprintf (
			t->why, sizeof t->why,
			"no answer from the monitor "
			"within %d ms: this machine is too busy, or it is not "
			"a linehook-exec of this version",
			TRUE_MS);
		t->remedy = "run this again when the machine is less busy; if "
			    "that does not help, " REMEDY_MONITOR;
		return;
	}
	t->succeeded = r->outcome.end_reason == LHK_END_EXITED
		       && r->outcome.exit_code == 0;
	if (r->outcome.contain != NULL)
		snprintf (t->contain, sizeof t->contain, "%s",
			  r->outcome.contain);
	if (t->succeeded)
		return;
	explain_failure (t, r);
	t->remedy = r->outcome.flags & LHK_FLAG_MONITOR_LOST
			    ? REMEDY_MONITOR
			    : start_remedy (r->outcome.sys_errno);
}

/* Try the containments from FIRST to LAST, all at once. */
static void
try_range (struct doctor *d, int first, int last)
{
	const char *argv[4];
	struct lhk_run *runs[DOCTOR_TRIALS] = { NULL };
	struct lhk_error err = { 0, 0, "" };
	struct lhk_stream_opts stream;
	struct lhk_run_opts o;
	int64_t start_us = clock_now_us ();
	int i;

	find_true (argv);
	for (i = first; i <= last; i++) {
		doctor_run_opts (d, &stream, &o, argv, NULL, NULL);
		o.contain = i;
		o.total_ms = TRUE_MS;
		d->trials[i].tried = 1;
		if (lhk_run_start (d->host, &o, &runs[i], &err) == LHK_OK)
			continue;
		snprintf (d->trials[i].why, sizeof d->trials[i].why, "%s",
			  err.text);
		d->trials[i].remedy = start_remedy (err.sys_errno);
	}
	doctor_wait_runs (d, runs, DOCTOR_TRIALS,
			  clock_now_ms () + TRUE_MS + 300);
	for (i = first; i <= last; i++) {
		d->trials[i].us = clock_now_us () - start_us;
		read_trial_result (&d->trials[i], runs[i]);
		lhk_run_free (runs[i]);
	}
}

void
doctor_try_containments (struct doctor *d)
{
	if (d->no_run)
		return;
	/* It runs alone, because it is timed. */
	try_range (d, LHK_CONTAIN_AUTO, LHK_CONTAIN_AUTO);
	if (d->trials[LHK_CONTAIN_AUTO].succeeded)
		try_range (d, LHK_CONTAIN_CGROUP, LHK_CONTAIN_SUBREAPER);
}

void
probe_monitor (const struct doctor *d, struct finding *f)
{
	const char *path = d->start.monitor;
	struct lhk_error err = { 0, 0, "" };
	struct stat st;
	int fd = -1;

	if (stat (path, &st) < 0) {
		probe_missing (f, "'%.300s'%s: %s", path,
			       d->start.monitor_named ? " (LINEHOOK_EXEC)" : "",
			       strerror (errno));
		return;
	}
	if (!S_ISREG (st.st_mode) || access (path, X_OK) < 0) {
		probe_missing (f, "'%.300s' is %s", path,
			       S_ISREG (st.st_mode)
				       ? "not executable by this user"
				       : "not a regular file");
		return;
	}
	/* A run takes no such monitor, if it is named; the installed one is
	 * taken as this program is. */
	if (trusted_path_open ("monitor", path, NULL, O_PATH, TRUSTED_LINK, &fd,
			       &err)
	    == LHK_EREFUSED) {
		probe_result (f,
			      d->start.monitor_named ? DOCTOR_BAD : DOCTOR_WEAK,
			      "%s%s", err.text,
			      d->start.monitor_named ? " (LINEHOOK_EXEC)" : "");
		probe_impact (
			f, "other users can decide which program runs as you");
		probe_remedy (f, "make linehook-exec and its directory belong "
				 "to root or to you, and writable by nobody "
				 "else");
		return;
	}
	fd_close (&fd);
	probe_ok (f, "%.300s%s", path,
		  d->start.monitor_named ? " (LINEHOOK_EXEC)" : "");
}

void
probe_auto (const struct doctor *d, struct finding *f)
{
	const struct doctor_trial *t = &d->trials[LHK_CONTAIN_AUTO];

	if (!t->tried)
		probe_result (f, DOCTOR_SKIP, "not tried: --no-run");
	else if (access (d->start.monitor, X_OK) < 0)
		probe_result (f, DOCTOR_SKIP,
			      "not possible without linehook-exec");
	else if (t->succeeded)
		probe_ok (f, "ok, %lld.%lld ms, contained by %s",
			  (long long) (t->us / 1000),
			  (long long) (t->us / 100 % 10), t->contain);
	else
		probe_missing (f, "%s", t->why);
	if (t->remedy != NULL)
		probe_remedy (f, "%s", t->remedy);
}

/* WHY is "no cgroup for the run: REASON; REMEDY": report the two parts. */
static void
report_parts (struct finding *f, const char *why)
{
	static const char *const heads[] = {
		"no cgroup for the run: ",
		"no pid namespace for the run: ",
	};
	const char *semicolon = strrchr (why, ';');
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE (heads); i++) {
		len = strlen (heads[i]);
		if (strncmp (why, heads[i], len) == 0)
			why += len;
	}
	if (semicolon == NULL || semicolon < why) {
		probe_missing (f, "not available: %s", why);
		return;
	}
	probe_missing (f, "not available: %.*s", (int) (semicolon - why), why);
	probe_remedy (f, "%s", semicolon + 1 + (semicolon[1] == ' '));
}

static void
probe_containment (const struct doctor *d, struct finding *f, int contain)
{
	const struct doctor_trial *t = &d->trials[contain];

	if (!t->tried && d->no_run)
		probe_result (f, DOCTOR_SKIP, "not tried: --no-run");
	else if (!t->tried)
		probe_result (f, DOCTOR_SKIP, "not tried: no run is possible");
	else if (t->succeeded)
		probe_ok (f, "%s", t->contain);
	else
		report_parts (f, t->why);
}

void
probe_contain_cgroup (const struct doctor *d, struct finding *f)
{
	probe_containment (d, f, LHK_CONTAIN_CGROUP);
}

void
probe_contain_pidns (const struct doctor *d, struct finding *f)
{
	probe_containment (d, f, LHK_CONTAIN_PIDNS);
}

void
probe_contain_subreaper (const struct doctor *d, struct finding *f)
{
	probe_containment (d, f, LHK_CONTAIN_SUBREAPER);
}
