/* SPDX-License-Identifier: MIT */
/*
 * probe_agents.c - which agents are on PATH, and what they need.
 *
 * Agents and the runtimes of their scripts are run with --version as in a run,
 * all at once, so that one that hangs, floods or leaves processes behind is
 * ended like any.  A program that other users can change is not run.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "common/clock.h"
#include "common/io.h"
#include "common/macros.h"
#include "common/path_search.h"
#include "common/units.h"

#define FIND_MS 2000
#define VERSION_MS 10000
#define VERSION_OUTPUT 65536

/* Time that is left for printing. */
#define SPARE_MS 500

/* ---- the search ---- */

/* Programs that run the scripts of agents. */
static const char *const runtimes[] = { "node", "bun" };

static int
is_program (const char *path)
{
	struct stat st;

	return stat (path, &st) == 0 && S_ISREG (st.st_mode)
	       && access (path, X_OK) == 0;
}

/* Why the program FILE is not run here: other users can change or replace it.
 * 1, and a sentence in WHY; or 0. */
static int
find_distrust (const char *file, char why[DOCTOR_TEXT])
{
	char dir[PATH_MAX];
	char *slash;
	struct stat st;
	int i;

	snprintf (dir, sizeof dir, "%s", file);
	slash = strrchr (dir, '/');
	if (file[0] != '/' || slash == NULL) {
		snprintf (why, DOCTOR_TEXT,
			  "not run, because its directory in PATH is relative");
		return 1;
	}
	for (i = 0; i < 2; i++) {
		const char *path = i == 0 ? file : dir;

		if (stat (path, &st) == 0
		    && ((st.st_mode & S_IWOTH) != 0
			|| (st.st_uid != 0 && st.st_uid != geteuid ()))) {
			snprintf (why, DOCTOR_TEXT,
				  "not run, because other users can change "
				  "'%.300s'",
				  path);
			return 1;
		}
		slash[slash == dir] = '\0';
	}
	return 0;
}

/* Of a script "#!/usr/bin/env node" this is node. */
static void
find_runtime (struct doctor_program *p)
{
	char line[128];
	size_t i;
	int r = io_read_text (open (p->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK),
			      line, sizeof line);

	line[r < 0 ? 0 : strcspn (line, "\n")] = '\0';
	if (strncmp (line, "#!", 2) != 0)
		return;
	for (i = 0; i < ARRAY_SIZE (runtimes); i++) {
		const char *at = strstr (line, runtimes[i]);
		size_t len = strlen (runtimes[i]);

		if (at != NULL && strchr (" /", at[-1]) != NULL
		    && (at[len] == '\0' || at[len] == ' '))
			p->runtime = runtimes[i];
	}
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
		if (find_distrust (file, p->why)
		    || (p->resolved[0] != '\0'
			&& find_distrust (p->resolved, p->why)))
			p->untrusted = 1;
		p->status = p->untrusted ? DOCTOR_NOTE : DOCTOR_OK;
		find_runtime (p);
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
add_program (struct doctor_programs *to, const char *name, const char *plugin)
{
	struct doctor_program *p = &to->all[to->n];

	if (to->n == DOCTOR_PROGRAMS_MAX || is_known (to, name))
		return;
	p->name = name;
	p->plugin = plugin;
	search_path (p);
	to->n++;
}

static void
find_programs (struct doctor *d, void *arg)
{
	struct doctor_programs *to = arg;
	const char *name;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (runtimes); i++)
		add_program (to, runtimes[i], NULL);
	for (i = 0; i < d->plugins->n; i++) {
		const struct doctor_plugin *plugin = &d->plugins->all[i];

		for (name = plugin->programs; *name != '\0';
		     name += strlen (name) + 1)
			add_program (to, name, plugin->name);
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
			  "a directory of PATH could not be searched: %.300s",
			  why);
}

/* ---- versions ---- */

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
		set_problem (p, "it exited with status %d", o->exit_code);
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
	/* Not below a directory whose files could change what it does. */
	static const char neutral[] = "/";
	const char *argv[] = { p->path, "--version", NULL };
	struct lhk_error err = { 0, 0, "" };
	struct lhk_stream_opts stream;
	struct lhk_run_opts o;
	struct lhk_run *run = NULL;

	if (p->path[0] == '\0' || p->untrusted)
		return NULL;
	doctor_run_opts (d, &stream, &o, argv, on_stdout, l);
	o.cwd = neutral;
	o.total_ms = (uint32_t) ms;
	o.max_output = VERSION_OUTPUT;
	if (lhk_run_start (d->host, &o, &run, &err) == LHK_OK)
		return run;
	p->was_run = 1;
	set_problem (p, "%s", err.text);
	return NULL;
}

/* The next number of *AT, which moves behind it and a dot; 0 at the end. */
static unsigned long
next_number (const char **at)
{
	char *end;
	unsigned long n = strtoul (*at, &end, 10);

	*at = *end == '.' && isdigit ((unsigned char) end[1]) ? end + 1 : "";
	return n;
}

int
doctor_is_newer (const char *printed, const char *known)
{
	int i;

	printed += strcspn (printed, "0123456789");
	if (*printed == '\0' || *known == '\0')
		return 0;
	for (i = 0; i < 4; i++) {
		const unsigned long a = next_number (&printed);
		const unsigned long b = next_number (&known);

		if (a != b)
			return a > b;
	}
	return 0;
}

int
doctor_is_started (const struct doctor_program *p,
		   const struct doctor_plugin *plugin)
{
	const size_t len = strcspn (plugin->command, " ");

	return strlen (p->name) == len
	       && memcmp (p->name, plugin->command, len) == 0;
}

/* ---- the runtime of a script ---- */

/* The oldest node that the package of an agent names, as of 2026-11. */
static const struct {
	const char *plugin;
	unsigned int node;
} needs[] = {
	{ "claude", 22 }, { "codex", 16 }, { "gemini", 20 },
	{ "qwen", 22 },	  { "pi", 22 },	   { "droid", 20 },
};

unsigned int
doctor_needed_node (const struct doctor_program *p)
{
	size_t i;

	if (p->runtime == NULL || strcmp (p->runtime, "node") != 0
	    || p->plugin == NULL)
		return 0;
	for (i = 0; i < ARRAY_SIZE (needs); i++)
		if (strcmp (needs[i].plugin, p->plugin) == 0)
			return needs[i].node;
	return 0;
}

static const struct doctor_program *
find_by_name (const struct doctor_programs *all, const char *name)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (strcmp (all->all[i].name, name) == 0)
			return &all->all[i];
	return NULL;
}

/* A script fails in odd ways without its runtime, or with an old one. */
static void
check_runtime (const struct doctor_programs *all, struct doctor_program *p)
{
	const struct doctor_program *r =
		p->runtime == NULL || p->path[0] == '\0'
			? NULL
			: find_by_name (all, p->runtime);
	const unsigned int needed = doctor_needed_node (p);
	unsigned int major;

	if (r == NULL || p->untrusted)
		return;
	if (r->path[0] == '\0') {
		/* What it printed is the complaint of env(1). */
		p->version[0] = '\0';
		set_problem (p, "it needs %s, which was not found in PATH",
			     p->runtime);
	} else if (needed > 0 && sscanf (r->version, "v%u.", &major) == 1
		   && major < needed)
		set_problem (p,
			     "it needs %s %u or later, but finds %s in "
			     "PATH",
			     p->runtime, needed, r->version);
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
	for (i = 0; i < all->n; i++)
		check_runtime (all, &all->all[i]);
}
