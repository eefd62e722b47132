/* SPDX-License-Identifier: MIT */
/*
 * probe_agents.c - the agent CLIs on PATH, and what they say to --version.
 *
 * They are run as agents are, so one that hangs, floods or leaves processes
 * behind is ended like any; and all at once.
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/doctor/checks.h"
#include "common/path_search.h"

#define FIND_MS 2000
#define VERSION_MS 10000
#define VERSION_OUTPUT 65536

/* What is left for printing. */
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
doctor_tested (const char *plugin)
{
	size_t i;

	for (i = 0; i < sizeof tested / sizeof tested[0]; i++)
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
look_for (struct doctor_program *p)
{
	const char *path = getenv ("PATH");
	const char *at = NULL;
	char file[ARGV_PATH_SIZE];

	if (path == NULL)
		path = ARGV_DEFAULT_PATH;
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
find (struct doctor *d, void *arg)
{
	struct doctor_programs *to = arg;
	struct doctor_program *p;
	const char *name;
	size_t i;

	for (i = 0; i < d->plugins->n; i++) {
		const struct doctor_plugin *plugin = &d->plugins->all[i];

		for (name = plugin->names; *name != '\0';
		     name += strlen (name) + 1) {
			if (to->n == DOCTOR_PROGRAMS_MAX || is_known (to, name))
				continue;
			p = &to->all[to->n];
			snprintf (p->name, sizeof p->name, "%s", name);
			snprintf (p->plugin, sizeof p->plugin, "%s",
				  plugin->name);
			look_for (p);
			to->n++;
		}
	}
}

void
doctor_find_programs (struct doctor *d)
{
	int64_t left = d->until_ms - SPARE_MS - doctor_now_ms ();
	char why[DOCTOR_TEXT] = "no time was left";

	if (left <= 0
	    || probe_subprocess (d, find, d->programs,
				 left < FIND_MS ? (int) left : FIND_MS, why)
		       < 0)
		snprintf (d->programs->why, DOCTOR_TEXT,
			  "a directory of "
			  "PATH: %.300s",
			  why);
}

/* The first bytes that are not blank lines. */
struct first_line {
	size_t len;
	int whole; /* its end was seen */
	char text[256];
};

static void
on_stdout (void *user, const char *data, size_t len)
{
	struct first_line *l = user;
	size_t i;

	for (i = 0; i < len && !l->whole; i++) {
		int is_end = data[i] == '\n' || data[i] == '\r';

		if (is_end && l->len == 0)
			continue;
		l->whole = is_end || l->len == sizeof l->text - 1;
		if (!l->whole)
			l->text[l->len++] = data[i];
	}
}

static void odd (struct doctor_program *p, const char *fmt, ...)
	LHK_PRINTF (2, 3);

static void
odd (struct doctor_program *p, const char *fmt, ...)
{
	va_list args;

	p->status = DOCTOR_NOTE;
	va_start (args, fmt);
	vsnprintf (p->why, sizeof p->why, fmt, args);
	va_end (args);
}

static void
tool_judge (struct doctor_program *p, const struct lhk_result *r, int ms)
{
	const struct lhk_outcome *o = &r->outcome;

	if (o->end_reason == LHK_END_TIMEOUT)
		odd (p, "no answer to --version within %.1f s", ms / 1e3);
	else if (o->end_reason == LHK_END_OUTPUT_LIMIT)
		odd (p, "it printed more than %d KiB", VERSION_OUTPUT >> 10);
	else if (o->end_reason == LHK_END_SPAWN_FAILED && o->step != NULL)
		odd (p, "it cannot be started: %s: %s", o->step,
		     strerror (o->sys_errno));
	else if (o->end_reason == LHK_END_SIGNALED)
		odd (p, "signal %d ended it (%s)", o->signal,
		     strsignal (o->signal));
	else if (o->end_reason != LHK_END_EXITED)
		odd (p, "its run failed");
	else if (o->exit_code != 0)
		odd (p, "it ended with status %d", o->exit_code);
	else if (p->version[0] == '\0')
		odd (p, "it says nothing to --version");
}

static void
take (struct doctor_program *p, struct first_line *l, const struct lhk_run *run,
      int ms)
{
	const struct lhk_result *r = lhk_run_result (run);

	p->asked = 1;
	if (r == NULL) {
		odd (p, "no answer to --version within %.1f s", ms / 1e3);
		return;
	}
	/* Some say it there. */
	if (l->len == 0)
		on_stdout (l, r->outcome.stderr_head.ptr,
			   r->outcome.stderr_head.len);
	memcpy (p->version, l->text, l->len);
	p->version[l->len] = '\0';
	tool_judge (p, r, ms);
}

static struct lhk_run *
ask (struct doctor *d, struct doctor_program *p, struct first_line *l, int ms)
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
	p->asked = 1;
	odd (p, "%s", err.text);
	return NULL;
}

void
doctor_ask_programs (struct doctor *d)
{
	static struct first_line lines[DOCTOR_PROGRAMS_MAX];
	struct lhk_run *runs[DOCTOR_PROGRAMS_MAX];
	struct doctor_programs *all = d->programs;
	int64_t ms = d->until_ms - SPARE_MS - doctor_now_ms ();
	size_t i;

	if (d->no_run || !d->tiers[LHK_CONTAIN_AUTO].done || ms <= 0)
		return;
	if (ms > VERSION_MS)
		ms = VERSION_MS;
	for (i = 0; i < all->n; i++)
		runs[i] = ask (d, &all->all[i], &lines[i], (int) ms);
	doctor_drive (d, runs, all->n, doctor_now_ms () + ms + SPARE_MS / 2);
	for (i = 0; i < all->n; i++) {
		if (runs[i] == NULL)
			continue;
		take (&all->all[i], &lines[i], runs[i], (int) ms);
		lhk_run_free (runs[i]);
	}
}
