/* SPDX-License-Identifier: MIT */
/*
 * probe_agents.c - which plugins load, and which of their agents are on PATH.
 *
 * Loading a plugin runs its constructors, so it is done in a child: a plugin
 * that hangs or crashes there costs the list, not the doctor.
 *
 * Agents are run with --version as in a run, all at once, so that one that
 * hangs, floods or leaves processes behind is ended like any.
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "common/clock.h"
#include "common/macros.h"
#include "cli/plugins/listing.h"
#include "common/path_search.h"
#include "common/units.h"

#define FIND_MS 2000
#define VERSION_MS 10000
#define VERSION_OUTPUT 65536

/* Time that is left for printing. */
#define SPARE_MS 500

static const struct {
	const char *plugin;
	const char *version;
} tested[] = {
	{ "claude", "2.1.329" },
	{ "codex", "0.169.0" },
	{ "gemini", "0.61.0" },
	{ "opencode", "1.18.33" },
};

const char *
doctor_tested_version (const char *plugin)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (tested); i++)
		if (strcmp (tested[i].plugin, plugin) == 0)
			return tested[i].version;
	return NULL;
}

static int
is_program (const char *path)
{
	struct stat st;

	return stat (path, &st) == 0 && S_ISREG (st.st_mode)
	       && access (path, X_OK) == 0;
}

static void
search_path (struct doctor_program *p)
{
	const char *path = getenv ("PATH");
	const char *at = NULL;
	char file[PATH_SEARCH_SIZE];

	if (path == NULL)
		path = PATH_SEARCH_DEFAULT;
	while (path_search_candidate (path, p->name, &at, file)) {
		if (!is_program (file))
			continue;
		snprintf (p->path, sizeof p->path, "%s", file);
		if (realpath (file, p->resolved) == NULL)
			p->resolved[0] = '\0';
		return;
	}
}

static int
is_known (const struct doctor_programs *all, const char *name)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (strcmp (all->all[i].name, name) == 0)
			return 1;
	return 0;
}

static void
find_programs (struct doctor *d, void *arg)
{
	struct doctor_programs *to = arg;
	struct doctor_program *p;
	const char *name;
	size_t i;

	for (i = 0; i < d->plugins->n; i++) {
		const struct doctor_plugin *plugin = &d->plugins->all[i];

		for (name = plugin->programs; *name != '\0';
		     name += strlen (name) + 1) {
			if (to->n == DOCTOR_PROGRAMS_MAX || is_known (to, name))
				continue;
			p = &to->all[to->n];
			p->name = name;
			p->plugin = plugin->name;
			search_path (p);
			to->n++;
		}
	}
}

void
doctor_find_programs (struct doctor *d)
{
	int64_t left = d->until_ms - SPARE_MS - clock_now_ms ();
	char why[DOCTOR_TEXT] = "no time was left";

	if (left <= 0
	    || probe_subprocess (d, find_programs, d->programs,
				 left < FIND_MS ? (int) left : FIND_MS, why)
		       < 0)
		snprintf (d->programs->why, DOCTOR_TEXT,
			  "a directory of "
			  "PATH: %.300s",
			  why);
}

/* The first line that is not blank. */
struct first_line {
	size_t len;
	int complete; /* its end was seen */
	char text[256];
};

static void
on_stdout (void *user, const char *data, size_t len)
{
	struct first_line *l = user;
	size_t i;

	for (i = 0; i < len && !l->complete; i++) {
		int is_end = data[i] == '\n' || data[i] == '\r';

		if (is_end && l->len == 0)
			continue;
		l->complete = is_end || l->len == sizeof l->text - 1;
		if (!l->complete)
			l->text[l->len++] = data[i];
	}
}

static void set_problem (struct doctor_program *p, const char *fmt, ...)
	LHK_PRINTF (2, 3);

static void
set_problem (struct doctor_program *p, const char *fmt, ...)
{
	va_list args;

	p->status = DOCTOR_NOTE;
	va_start (args, fmt);
	vsnprintf (p->why, sizeof p->why, fmt, args);
	va_end (args);
}

static void
set_too_slow (struct doctor_program *p, int ms)
{
	char time[UNITS_SIZE];

	units_print_duration (ms, time);
	set_problem (p, "no answer to --version within %s", time);
}

static void
read_outcome (struct doctor_program *p, const struct lhk_result *r, int ms)
{
	const struct lhk_outcome *o = &r->outcome;

	if (o->end_reason == LHK_END_TIMEOUT)
		set_too_slow (p, ms);
	else if (o->end_reason == LHK_END_OUTPUT_LIMIT)
		set_problem (p, "it printed more than %d KiB",
			     VERSION_OUTPUT >> 10);
	else if (o->end_reason == LHK_END_SPAWN_FAILED && o->step != NULL)
		set_problem (p, "it cannot be started: %s: %s", o->step,
			     strerror (o->sys_errno));
	else if (o->end_reason == LHK_END_SIGNALED)
		set_problem (p, "signal %d ended it (%s)", o->signal,
			     strsignal (o->signal));
	else if (o->end_reason != LHK_END_EXITED)
		set_problem (p, "its run failed");
	else if (o->exit_code != 0)
		set_problem (p, "it ended with status %d", o->exit_code);
	else if (p->version[0] == '\0')
		set_problem (p, "it prints nothing for --version");
}

static void
read_version (struct doctor_program *p, struct first_line *l,
	      const struct lhk_run *run, int ms)
{
	const struct lhk_result *r = lhk_run_result (run);

	p->was_run = 1;
	if (r == NULL) {
		set_too_slow (p, ms);
		return;
	}
	/* Some programs print it there. */
	if (l->len == 0)
		on_stdout (l, r->outcome.stderr_head.ptr,
			   r->outcome.stderr_head.len);
	memcpy (p->version, l->text, l->len);
	p->version[l->len] = '\0';
	read_outcome (p, r, ms);
}

static struct lhk_run *
start_version_run (struct doctor *d, struct doctor_program *p,
		   struct first_line *l, int ms)
{
	const char *argv[] = { p->path, "--version", NULL };
	struct lhk_error err = { 0, 0, "" };
	struct lhk_stream_opts stream;
	struct lhk_run_opts o;
	struct lhk_run *run = NULL;

	if (p->path[0] == '\0')
		return NULL;
	doctor_run_opts (d, &stream, &o, argv, on_stdout, l);
	o.total_ms = (uint32_t) ms;
	o.max_output = VERSION_OUTPUT;
	if (lhk_run_start (d->host, &o, &run, &err) == LHK_OK)
		return run;
	p->was_run = 1;
	set_problem (p, "%s", err.text);
	return NULL;
}

void
doctor_run_programs (struct doctor *d)
{
	static struct first_line lines[DOCTOR_PROGRAMS_MAX];
	struct lhk_run *runs[DOCTOR_PROGRAMS_MAX];
	struct doctor_programs *all = d->programs;
	int64_t ms = d->until_ms - SPARE_MS - clock_now_ms ();
	size_t i;

	if (d->no_run || !d->trials[LHK_CONTAIN_AUTO].succeeded || ms <= 0)
		return;
	if (ms > VERSION_MS)
		ms = VERSION_MS;
	for (i = 0; i < all->n; i++)
		runs[i] = start_version_run (d, &all->all[i], &lines[i],
					     (int) ms);
	doctor_wait_runs (d, runs, all->n, clock_now_ms () + ms + SPARE_MS / 2);
	for (i = 0; i < all->n; i++) {
		if (runs[i] == NULL)
			continue;
		read_version (&all->all[i], &lines[i], runs[i], (int) ms);
		lhk_run_free (runs[i]);
	}
}

#define LIST_MS 3000

static void
append_json (void *user, const char *data, size_t len)
{
	struct doctor_plugins *p = user;

	if (len > sizeof p->json - p->json_len)
		return; /* the caller checks that an object fits */
	memcpy (p->json + p->json_len, data, len);
	p->json_len += len;
}

/* A name with a slash is that of a package, not of a program. */
static void
copy_programs (struct doctor_plugin *to, const char *const *programs)
{
	size_t len = 0, n;

	for (; programs != NULL && *programs != NULL; programs++) {
		n = strlen (*programs) + 1;
		if (strchr (*programs, '/') != NULL
		    || len + n + 1 > sizeof to->programs)
			continue;
		memcpy (to->programs + len, *programs, n);
		len += n;
	}
	to->programs[len] = '\0';
}

static void
add_plugin (void *user, const struct lhk_plugin_entry *e)
{
	struct doctor_plugins *p = user;
	struct doctor_plugin *to = &p->all[p->n];
	static struct outbuf out;

	if (p->n == DOCTOR_PLUGINS_MAX)
		return;
	p->n++;
	snprintf (to->name, sizeof to->name, "%s", e->name);
	to->shadowed = e->shadowed;
	if (e->ref != NULL) {
		p->n_usable++;
		copy_programs (to,
			       lhk_plugin_ref_descriptor (e->ref)->programs);
	} else if (!e->shadowed) {
		p->n_refused++;
		snprintf (to->why, sizeof to->why, "%s",
			  e->err == NULL ? "unknown reason" : e->err->text);
	}
	outbuf_init (&out, append_json, p);
	if (p->json_len > 0)
		outbuf_byte (&out, ',');
	listing_json (&out, e);
	/* An object that does not fit is left out. */
	if (p->json_len + out.len <= sizeof p->json)
		outbuf_flush (&out);
}

static void
list_plugins (struct doctor *d, void *arg)
{
	struct doctor_plugins *p = arg;
	struct lhk_error err = { 0, 0, "" };
	struct lhk_host *host = NULL;
	struct log log;
	int fd = STDERR_FILENO, r;

	log_init (&log, LOG_OFF, LHK_LOG_ERROR, log_to_fd, &fd);
	r = options_host (d->opts, &log, &host, &err);
	if (r == LHK_OK)
		r = lhk_host_list_plugins (host, add_plugin, p);
	if (r < 0)
		snprintf (p->why, sizeof p->why, "no list: %s",
			  err.text[0] != '\0' ? err.text : lhk_strerror (r));
	lhk_host_free (host);
	p->complete = 1;
}

void
doctor_list_plugins (struct doctor *d)
{
	char why[DOCTOR_TEXT];

	int r = probe_subprocess (d, list_plugins, d->plugins, LIST_MS, why);

	d->plugins->tried = r != -2;
	if (r == 0 && d->plugins->complete)
		return;
	if (r == 0)
		snprintf (why, sizeof why,
			  "a plugin calls exit while it is "
			  "loaded");
	if (d->plugins->n < DOCTOR_PLUGINS_MAX && d->plugins->n > 0)
		snprintf (d->plugins->why, DOCTOR_TEXT, "behind '%s': %.300s",
			  d->plugins->all[d->plugins->n - 1].name, why);
	else
		snprintf (d->plugins->why, DOCTOR_TEXT, "%s", why);
}

/* The names of the plugins that can be used. */
static void
name_usable (const struct doctor_plugins *p, char *buf, size_t size)
{
	size_t i, len = 0;

	buf[0] = '\0';
	for (i = 0; i < p->n; i++) {
		const struct doctor_plugin *one = &p->all[i];

		if (one->shadowed || one->why[0] != '\0'
		    || len + strlen (one->name) + 3 > size)
			continue;
		len += (size_t) snprintf (buf + len, size - len, "%s%s",
					  len == 0 ? "" : ", ", one->name);
	}
}

/* Report the first plugin that was refused. */
static void
report_refused (const struct doctor_plugins *p, struct finding *f,
		const char *names)
{
	size_t i = 0;

	while (p->all[i].why[0] == '\0')
		i++;
	probe_result (f, p->n_usable == 0 ? DOCTOR_BAD : DOCTOR_WEAK,
		      "%s%s%zu refused: %.250s", names,
		      names[0] == '\0' ? "" : "; ", p->n_refused,
		      p->all[i].why);
	probe_impact (
		f,
		p->n_usable == 0
			? "no run is possible"
			: "a program that it serves cannot be run by its name alone");
	probe_remedy (f, "linehook plugins lists them all");
}

void
probe_plugins (const struct doctor *d, struct finding *f)
{
	const struct doctor_plugins *p = d->plugins;
	char names[256];

	name_usable (p, names, sizeof names);
	if (!p->tried) {
		probe_result (f, DOCTOR_SKIP, "%s", p->why);
	} else if (p->why[0] != '\0') {
		probe_missing (f, "%s", p->why);
		probe_impact (f,
			      "a run that looks for a plugin ends in the same "
			      "way");
		probe_remedy (f, "remove or replace that plugin");
	} else if (p->n_refused > 0) {
		report_refused (p, f, names);
	} else if (p->n_usable == 0) {
		probe_missing (f, "none found in %.200s", lhk_plugin_dir ());
	} else {
		probe_ok (f, "%s", names);
	}
}

void
probe_raw (const struct doctor *d, struct finding *f)
{
	const struct doctor_plugins *p = d->plugins;
	size_t i;

	for (i = 0; i < p->n; i++)
		if (strcmp (p->all[i].name, "raw") == 0 && !p->all[i].shadowed
		    && p->all[i].why[0] == '\0') {
			probe_ok (f, "for any other program");
			return;
		}
	if (p->n_usable == 0)
		probe_result (f, DOCTOR_SKIP, "not known");
	else
		probe_missing (f, "not found");
}
