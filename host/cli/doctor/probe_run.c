/* SPDX-License-Identifier: MIT */
/*
 * probe_run.c - the helper, and whole runs of `true'.
 *
 * The runs go through the library as everybody's do; only the plugin is ours,
 * so that they do not depend on a file.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/doctor/checks.h"
#include "plugin/load.h"

/* Of one `true'; it takes some milliseconds. */
#define TRUE_MS 2500

static int
quiet_open (const struct lhk_api *api, const struct lhk_option *options,
	    size_t n_options, void **ret)
{
	(void) api;
	(void) options;
	(void) n_options;
	*ret = NULL;
	return LHK_OK;
}

static int
quiet_line (void *handle, const struct lhk_line *line)
{
	(void) handle;
	(void) line;
	return LHK_OK;
}

static void
quiet_close (void *handle)
{
	(void) handle;
}

static const struct lhk_plugin quiet = {
	LHK_PLUGIN_HEADER,
	.name = "doctor",
	.provider = "none",
	.version = "1.0",
	.summary = "for linehook doctor: says nothing",
	.open = quiet_open,
	.line_hook = quiet_line,
	.close = quiet_close,
};

static void
quiet_event (void *user, const struct lhk_meta *meta,
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
		r = lhk_host_add_plugin (d->host, &quiet, err);
	if (r == LHK_OK)
		r = lhk_host_plugin (d->host, quiet.name, &d->quiet, err);
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
	stream->on_event = quiet_event;
	stream->user = user;
	*opts = usual;
	opts->plugin = d->quiet;
	opts->stream = stream;
	opts->argv = argv;
	opts->on_stdout = on_stdout;
	opts->grace_ms = 0;
	opts->drain_ms = 0;
}

void
doctor_drive (struct doctor *d, struct lhk_run *const *runs, size_t n,
	      int64_t until_ms)
{
	size_t i, left;
	int64_t ms;

	for (;;) {
		for (left = i = 0; i < n; i++)
			left += runs[i] != NULL
				&& lhk_run_result (runs[i]) == NULL;
		ms = until_ms - doctor_now_ms ();
		if (left == 0 || ms <= 0
		    || lhk_host_dispatch (d->host, (int) ms) < 0)
			return;
	}
}

static double
now (void)
{
	struct timespec t;

	clock_gettime (CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}

/* Some command that does nothing and is there. */
static void
trivial (const char *argv[4])
{
	static const char *const commands[][4] = {
		{ "/bin/true", NULL },
		{ "/usr/bin/true", NULL },
		{ "/bin/sh", "-c", ":", NULL },
	};
	static char self[PATH_MAX];
	size_t i;

	for (i = 0; i < sizeof commands / sizeof commands[0]; i++)
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

#define MEND_HELPER "a linehook-exec of the same version and build"

/* What a start did not get. */
static const char *
mend_start (int sys_errno)
{
	switch (sys_errno) {
	case EMFILE:
		return "ulimit -n, or LimitNOFILE= of the service";
	case EAGAIN:
		return "ulimit -u, or TasksMax= of the service";
	case ENOEXEC:
		return MEND_HELPER;
	default:
		return NULL;
	}
}

static void
keep_why (struct doctor_tier *t, const struct lhk_result *r)
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
			  "the helper ended without a "
			  "word: it is not a linehook-exec of this version");
	else if (o->end_reason != LHK_END_EXITED)
		snprintf (t->why, sizeof t->why,
			  "it did not end within "
			  "%d ms",
			  TRUE_MS);
	else
		snprintf (t->why, sizeof t->why, "it ended with status %d",
			  o->exit_code);
}

static void
judge_tier (struct doctor_tier *t, const struct lhk_run *run)
{
	const struct lhk_result *r = run == NULL ? NULL : lhk_run_result (run);

	if (run == NULL)
		return;
	if (r == NULL) {
		snprintf (t->why, sizeof t->why,
			  "no answer from the helper "
			  "within %d ms: it is not a linehook-exec of this "
			  "version",
			  TRUE_MS);
		t->mend = MEND_HELPER;
		return;
	}
	t->done = r->outcome.end_reason == LHK_END_EXITED
		  && r->outcome.exit_code == 0;
	if (r->outcome.contain != NULL)
		snprintf (t->contain, sizeof t->contain, "%s",
			  r->outcome.contain);
	if (t->done)
		return;
	keep_why (t, r);
	t->mend = r->outcome.flags & LHK_FLAG_MONITOR_LOST
			  ? MEND_HELPER
			  : mend_start (r->outcome.sys_errno);
}

/* Those from FIRST to LAST. */
static void
try_some (struct doctor *d, int first, int last)
{
	const char *argv[4];
	struct lhk_run *runs[DOCTOR_TIERS] = { NULL };
	struct lhk_error err = { 0, 0, "" };
	struct lhk_stream_opts stream;
	struct lhk_run_opts o;
	double began = now ();
	int i;

	trivial (argv);
	for (i = first; i <= last; i++) {
		doctor_run_opts (d, &stream, &o, argv, NULL, NULL);
		o.contain = i;
		o.total_ms = TRUE_MS;
		d->tiers[i].tried = 1;
		if (lhk_run_start (d->host, &o, &runs[i], &err) == LHK_OK)
			continue;
		snprintf (d->tiers[i].why, sizeof d->tiers[i].why, "%s",
			  err.text);
		d->tiers[i].mend = mend_start (err.sys_errno);
	}
	doctor_drive (d, runs, DOCTOR_TIERS, doctor_now_ms () + TRUE_MS + 300);
	for (i = first; i <= last; i++) {
		d->tiers[i].ms = now () - began;
		judge_tier (&d->tiers[i], runs[i]);
		lhk_run_free (runs[i]);
	}
}

void
doctor_try_tiers (struct doctor *d)
{
	if (d->no_run)
		return;
	/* Alone, since it is timed. */
	try_some (d, LHK_CONTAIN_AUTO, LHK_CONTAIN_AUTO);
	if (d->tiers[LHK_CONTAIN_AUTO].done)
		try_some (d, LHK_CONTAIN_CGROUP, LHK_CONTAIN_SUBREAPER);
}

void
probe_monitor (const struct doctor *d, struct finding *f)
{
	const char *path = d->start.helper;
	const char *fault;
	struct stat st;

	if (stat (path, &st) < 0) {
		probe_missing (f, "'%.300s'%s: %s", path,
			       d->start.helper_named ? " (LINEHOOK_EXEC)" : "",
			       strerror (errno));
		return;
	}
	if (!S_ISREG (st.st_mode) || access (path, X_OK) < 0) {
		probe_missing (f, "'%.300s' is %s", path,
			       S_ISREG (st.st_mode)
				       ? "not executable by this user"
				       : "no regular file");
		return;
	}
	fault = plugin_trust_fault (&st, d->start.uid);
	if (fault != NULL) {
		probe_result (f, DOCTOR_WEAK, "'%.300s' %s", path, fault);
		probe_impact (f,
			      "whoever may change it decides what runs as you");
		probe_remedy (f, "owned by root or you, and chmod go-w");
		return;
	}
	probe_ok (f, "%.300s%s", path,
		  d->start.helper_named ? " (LINEHOOK_EXEC)" : "");
}

void
probe_auto (const struct doctor *d, struct finding *f)
{
	const struct doctor_tier *t = &d->tiers[LHK_CONTAIN_AUTO];

	if (!t->tried)
		probe_result (f, DOCTOR_SKIP, "not tried: --no-run");
	else if (access (d->start.helper, X_OK) < 0)
		probe_result (f, DOCTOR_SKIP,
			      "not possible without linehook-exec");
	else if (t->done)
		probe_ok (f, "true ran and ended in %.1f ms, held by %s", t->ms,
			  t->contain);
	else
		probe_missing (f, "%s", t->why);
	if (t->mend != NULL)
		probe_remedy (f, "%s", t->mend);
}

/* "no cgroup for the run: WHY; MEND": the parts, and no more. */
static void
part (struct finding *f, const char *why)
{
	static const char *const heads[] = {
		"no cgroup for the run: ",
		"no pid namespace for the run: ",
	};
	const char *semicolon = strrchr (why, ';');
	size_t i, len;

	for (i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		len = strlen (heads[i]);
		if (strncmp (why, heads[i], len) == 0)
			why += len;
	}
	if (semicolon == NULL || semicolon < why) {
		probe_missing (f, "no: %s", why);
		return;
	}
	/* The part behind it mends. */
	probe_missing (f, "no: %.*s", (int) (semicolon - why), why);
	probe_remedy (f, "%s", semicolon + 1 + (semicolon[1] == ' '));
}

static void
probe_tier (const struct doctor *d, struct finding *f, int contain)
{
	const struct doctor_tier *t = &d->tiers[contain];

	if (!t->tried && d->no_run)
		probe_result (f, DOCTOR_SKIP, "not tried: --no-run");
	else if (!t->tried)
		probe_result (f, DOCTOR_SKIP, "not tried: no run is possible");
	else if (t->done)
		probe_ok (f, "%s", t->contain);
	else
		part (f, t->why);
}

void
probe_tier_cgroup (const struct doctor *d, struct finding *f)
{
	probe_tier (d, f, LHK_CONTAIN_CGROUP);
}

void
probe_tier_pidns (const struct doctor *d, struct finding *f)
{
	probe_tier (d, f, LHK_CONTAIN_PIDNS);
}

void
probe_tier_subreaper (const struct doctor *d, struct finding *f)
{
	probe_tier (d, f, LHK_CONTAIN_SUBREAPER);
}
