/* SPDX-License-Identifier: MIT */
/*
 * report_text.c - the report for people.
 *
 * What matters most to a run comes first: a run, the agents, the plugins.  Of
 * the groups behind them only what is missing is listed, unless all is asked
 * for.  The last line is the verdict.
 */
#include "config.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "cli/output/table.h"
#include "cli/output/terminal_caps.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/text.h"
#include "format/safe_text.h"

#define VERSION_WIDTH 60

static const struct group {
	const char *id; /* before the dot */
	const char *heading;
	int is_brief; /* what is ok is counted, not listed */
} groups[] = {
	{ "run", "Test runs", 0 },
	{ "plugins", "Plugins", 0 },
	{ "kernel", "Kernel", 1 },
	{ "tree", "Process trees", 1 },
	{ "files", "Files", 1 },
	{ "limits", "Limits of this user", 1 },
	{ "start", "How linehook was started", 1 },
};

static const char *
status_color (size_t column, const char *text)
{
	static const struct {
		const char *word;
		const char *color;
	} colors[] = { { "ok", "32" }, { "weak", "33" }, { "bad", "1;31" } };
	size_t i;

	for (i = 0; column == 0 && i < ARRAY_SIZE (colors); i++)
		if (strcmp (colors[i].word, text) == 0)
			return colors[i].color;
	return NULL;
}

/* clang-format off: a table */
static const struct table_column columns[] = {
	{ NULL, TABLE_BLANK, 5 },  /* status */
	{ NULL, TABLE_BLANK, 19 }, /* title or name */
	{ NULL, TABLE_WRAP, 0 },   /* what was found */
};
/* clang-format on */

static const struct table_layout layout = {
	.columns = columns,
	.n_columns = ARRAY_SIZE (columns),
	.indent = 2,
	.gap = 1,
};

static void
add_row (struct table *t, const char *status, const char *title,
	 const char *found)
{
	const char *const cells[ARRAY_SIZE (columns)] = { status, title,
							  found };

	table_add (t, cells, ARRAY_SIZE (cells));
}

static void
add_status (struct table *t, int status, const char *title, const char *found)
{
	add_row (t, status == DOCTOR_SKIP ? "-" : doctor_status_word (status),
		 title, found);
}

/* Below a row: what follows from it. */
static void
add_advice (struct table *t, const char *word, const char *text)
{
	char line[DOCTOR_TEXT + DOCTOR_COMMAND];

	if (text[0] == '\0')
		return;
	snprintf (line, sizeof line, "%s: %s", word, text);
	add_row (t, "", "", line);
}

static void
add_check (struct table *t, const struct doctor_check *c,
	   const struct finding *f)
{
	add_status (t, f->status, c->title, f->found);
	if (f->status < DOCTOR_NOTE)
		return;
	add_advice (t, "effect", f->impact);
	add_advice (t, "fix", f->remedy);
}

static int
is_in_group (const struct doctor_check *c, const struct group *g)
{
	size_t len = strlen (g->id);

	return strncmp (c->id, g->id, len) == 0 && c->id[len] == '.';
}

/* "all 9 checks", or "8 of 9 checks". */
static void
add_ok_count (const struct doctor *d, struct table *t, const struct group *g)
{
	char text[64];
	const char *const cells[] = { doctor_status_word (DOCTOR_OK), text };
	size_t i, n = 0, n_ok = 0;

	for (i = 0; i < doctor_n_checks; i++) {
		if (!is_in_group (&doctor_checks[i], g))
			continue;
		n++;
		n_ok += d->findings[i].status == DOCTOR_OK;
	}
	if (n_ok == n)
		snprintf (text, sizeof text, "all %zu checks", n);
	else
		snprintf (text, sizeof text, "%zu of %zu checks", n_ok, n);
	if (n_ok > 0)
		table_add (t, cells, ARRAY_SIZE (cells));
}

static void
add_group (const struct doctor *d, struct table *t, const struct group *g)
{
	int is_brief = g->is_brief && !d->verbose;
	size_t i;

	table_add_line (t, g->heading);
	if (is_brief)
		add_ok_count (d, t, g);
	for (i = 0; i < doctor_n_checks; i++)
		if (is_in_group (&doctor_checks[i], g)
		    && (!is_brief || d->findings[i].status != DOCTOR_OK))
			add_check (t, &doctor_checks[i], &d->findings[i]);
	table_add_line (t, "");
}

/* ---- agents ---- */

/* The version that the program printed, made harmless. */
static void
append_version (struct strbuf *b, const struct doctor_program *p)
{
	struct lhk_text printed = text_from_cstr (p->version);
	static struct outbuf out;

	if (p->version[0] == '\0')
		return;
	outbuf_init (&out, strbuf_write, b);
	format_safe_text (&out, &printed, 1, VERSION_WIDTH);
	outbuf_str (&out, ", ");
	outbuf_flush (&out);
}

static void
add_newer (const struct doctor *d, struct table *t,
	   const struct doctor_program *p)
{
	const struct doctor_plugin *plugin = doctor_find_plugin (d, p->plugin);
	char text[DOCTOR_TEXT];

	if (plugin == NULL || !doctor_is_started (p, plugin))
		return;
	if (doctor_is_newer (p->version, plugin->made_for)) {
		snprintf (text, sizeof text,
			  "this version is newer than %s, which the plugin was "
			  "made from; if events are missing, look for a newer "
			  "linehook",
			  plugin->made_for);
		add_row (t, "", "", text);
	}
	add_advice (t, "command", plugin->command);
}

static void
add_program (const struct doctor *d, struct table *t,
	     const struct doctor_program *p)
{
	struct strbuf found;

	strbuf_init (&found, &mem_system);
	if (p->why[0] != '\0')
		strbuf_addf (&found, "%s: ", p->why);
	append_version (&found, p);
	strbuf_add_str (&found, p->path);
	if (p->resolved[0] != '\0' && strcmp (p->path, p->resolved) != 0)
		strbuf_addf (&found, " -> %s", p->resolved);
	if (strbuf_failed (&found) < 0)
		table_set_failed (t);
	add_status (t, p->status, p->name, strbuf_str (&found));
	strbuf_free (&found);
	if (p->plugin != NULL)
		add_newer (d, t, p);
}

/* Is program I the first one of its plugin, and none of them on PATH? */
static int
is_absent (const struct doctor_programs *p, size_t i)
{
	size_t k;

	if (p->all[i].plugin == NULL)
		return 0;
	for (k = 0; k < p->n; k++)
		if (p->all[k].plugin != NULL
		    && strcmp (p->all[k].plugin, p->all[i].plugin) == 0
		    && (k < i || p->all[k].path[0] != '\0'))
			return 0;
	return 1;
}

static void
add_found_programs (const struct doctor *d, struct table *t, int agents)
{
	const struct doctor_programs *p = d->programs;
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->all[i].path[0] != '\0'
		    && (p->all[i].plugin != NULL) == agents)
			add_program (d, t, &p->all[i]);
}

static void
add_programs (const struct doctor *d, struct table *t)
{
	const struct doctor_programs *p = d->programs;
	size_t i;

	table_add_line (t, "Agents");
	add_found_programs (d, t, 1);
	for (i = 0; i < p->n; i++)
		if (is_absent (p, i))
			add_status (t, DOCTOR_SKIP, p->all[i].name,
				    "not found in PATH");
	add_found_programs (d, t, 0);
	if (p->why[0] != '\0')
		add_status (t, DOCTOR_SKIP, "the search", p->why);
	table_add_line (t, "");
}

/* ---- all of it ---- */

static void
add_header (const struct doctor *d, struct table *t)
{
	const struct passwd *pw = getpwuid (d->start.uid);
	char line[256], user[80];
	struct utsname u;

	if (pw != NULL)
		snprintf (user, sizeof user, "%.40s (%u)", pw->pw_name,
			  (unsigned int) d->start.uid);
	else
		snprintf (user, sizeof user, "%u", (unsigned int) d->start.uid);
	if (uname (&u) < 0)
		snprintf (line, sizeof line, "linehook %s, user %s",
			  lhk_version (), user);
	else
		snprintf (line, sizeof line,
			  "linehook %s, %.20s %.60s, user %s", lhk_version (),
			  u.sysname, u.release, user);
	table_add_line (t, line);
	table_add_line (t, "");
}

void
doctor_show_text (const struct doctor *d, size_t width)
{
	static struct table t;
	struct doctor_verdict v;
	size_t i;

	table_init (&t, &layout);
	t.color = terminal_has_colors (STDOUT_FILENO) ? status_color : NULL;
	add_header (d, &t);
	add_group (d, &t, &groups[0]);
	add_programs (d, &t);
	for (i = 1; i < ARRAY_SIZE (groups); i++)
		add_group (d, &t, &groups[i]);
	doctor_get_verdict (d, &v);
	table_add_line (&t, v.text);
	table_show (&t, width);
	table_free (&t);
}
