/* SPDX-License-Identifier: MIT */
/* report.c - the findings, for people and as JSON. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/doctor/doctor.h"
#include "cli/output/table.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/text.h"
#include "format/safe_text.h"
#include "json/writer.h"

#define VERSION_WIDTH 60

static const struct {
	const char *text; /* for people */
	const char *word; /* of JSON */
} statuses[DOCTOR_STATUSES] = {
	[DOCTOR_OK] = { "ok", "ok" },	    [DOCTOR_SKIP] = { "-", "skip" },
	[DOCTOR_NOTE] = { "note", "note" }, [DOCTOR_WEAK] = { "weak", "weak" },
	[DOCTOR_BAD] = { "bad", "bad" },
};

static const struct {
	const char *id; /* before the dot */
	const char *heading;
} groups[] = {
	{ "kernel", "Kernel" },
	{ "tree", "Process trees" },
	{ "files", "Files" },
	{ "limits", "Limits" },
	{ "start", "How linehook was started" },
	{ "run", "Runs" },
	{ "plugins", "Plugins" },
};

/* ---- the verdict ---- */

/* Append "2 notes", after a comma if it is not the first. */
static size_t
append_count (char *buf, size_t len, size_t size, size_t n, const char *one,
	      const char *many)
{
	int add;

	if (n == 0 || len >= size)
		return len;
	add = snprintf (buf + len, size - len, "%s%zu %s", len == 0 ? "" : ", ",
			n, n == 1 ? one : many);
	return add < 0 ? len : len + (size_t) add;
}

/* The titles of the checks that are bad. */
static void
name_bad (const struct doctor *d, char *buf, size_t size)
{
	size_t i, len = 0;

	buf[0] = '\0';
	for (i = 0; i < doctor_n_checks && len < size; i++)
		if (d->findings[i].status == DOCTOR_BAD)
			len += (size_t) snprintf (buf + len, size - len, "%s%s",
						  len == 0 ? "" : ", ",
						  doctor_checks[i].title);
}

void
doctor_get_verdict (const struct doctor *d, struct doctor_verdict *v)
{
	const struct doctor_trial *t = &d->trials[LHK_CONTAIN_AUTO];
	char counts[96] = "", bad[200];
	size_t len;

	v->n_notes = doctor_count (d, DOCTOR_NOTE);
	v->n_weak = doctor_count (d, DOCTOR_WEAK);
	v->n_bad = doctor_count (d, DOCTOR_BAD);
	v->status = v->n_bad > 0    ? DOCTOR_BAD
		    : v->n_weak > 0 ? DOCTOR_WEAK
				    : DOCTOR_OK;
	len = append_count (counts, 0, sizeof counts, v->n_bad, "bad", "bad");
	len = append_count (counts, len, sizeof counts, v->n_weak, "weak",
			    "weak");
	len = append_count (counts, len, sizeof counts, v->n_notes, "note",
			    "notes");
	if (len == 0)
		snprintf (counts, sizeof counts, "nothing to note");
	name_bad (d, bad, sizeof bad);
	if (v->status == DOCTOR_BAD)
		snprintf (v->text, sizeof v->text,
			  "linehook cannot run agents "
			  "here (%s); %s.",
			  bad, counts);
	else if (!t->succeeded)
		snprintf (v->text, sizeof v->text,
			  "linehook should work here, "
			  "but no run was tried; %s.",
			  counts);
	else
		snprintf (v->text, sizeof v->text,
			  "linehook works here%s: "
			  "agents are held by %s; %s.",
			  v->status == DOCTOR_WEAK
				  ? ", with less than it promises"
				  : "",
			  t->contain, counts);
}

/* ---- text ---- */

/* clang-format off: a table */
static const struct table_column columns[] = {
	{ NULL, 0, 5 },	 /* status */
	{ NULL, 0, 19 }, /* title of a check, name of a program */
	{ NULL, 0, 0 },	 /* what was found */
};
/* clang-format on */

static const struct table_layout layout = {
	.columns = columns,
	.n_columns = ARRAY_SIZE (columns),
	.indent = 2,
	.gap = 1,
};

static void
add_row (struct table *t, int status, const char *title, const char *found)
{
	const char *const cells[ARRAY_SIZE (columns)] = {
		statuses[status].text,
		title,
		found,
	};

	table_add (t, cells, ARRAY_SIZE (cells));
}

/* Below a row: what follows from it. */
static void
add_advice (struct table *t, const char *word, const char *text)
{
	char line[DOCTOR_TEXT + 32];

	if (text[0] == '\0')
		return;
	snprintf (line, sizeof line, "        %s: %s", word, text);
	table_add_line (t, line);
}

static void
add_check (struct table *t, const struct doctor_check *c,
	   const struct finding *f)
{
	add_row (t, f->status, c->title, f->found);
	if (f->status < DOCTOR_NOTE)
		return;
	add_advice (t, "impact", f->impact);
	add_advice (t, "remedy", f->remedy);
}

static void
add_group (const struct doctor *d, struct table *t, size_t g)
{
	size_t len = strlen (groups[g].id);
	size_t i;

	table_add_line (t, groups[g].heading);
	for (i = 0; i < doctor_n_checks; i++)
		if (strncmp (doctor_checks[i].id, groups[g].id, len) == 0
		    && doctor_checks[i].id[len] == '.')
			add_check (t, &doctor_checks[i], &d->findings[i]);
	table_add_line (t, "");
}

/* The version that the program printed, and the one that is known here. */
static void
append_version (struct strbuf *b, const struct doctor_program *p)
{
	const char *version = doctor_tested_version (p->plugin);
	struct lhk_text printed = text_from_cstr (p->version);
	static struct outbuf out;

	if (p->version[0] == '\0')
		return;
	outbuf_init (&out, strbuf_write, b);
	outbuf_str (&out, ": ");
	format_safe_text (&out, &printed, 1, VERSION_WIDTH);
	outbuf_flush (&out);
	if (version != NULL && strstr (p->version, version) == NULL)
		strbuf_addf (b, " (linehook was tested with %s)", version);
}

static void
add_program (struct table *t, const struct doctor_program *p)
{
	struct strbuf found;

	strbuf_init (&found, &mem_system);
	strbuf_add_str (&found, p->path);
	if (p->resolved[0] != '\0' && strcmp (p->path, p->resolved) != 0)
		strbuf_addf (&found, " -> %s", p->resolved);
	if (p->why[0] != '\0')
		strbuf_addf (&found, ": %s", p->why);
	append_version (&found, p);
	if (strbuf_failed (&found) < 0)
		table_set_failed (t);
	add_row (t, p->status, p->name, strbuf_str (&found));
	strbuf_free (&found);
}

/* Is program I the first one of its plugin, and none of them on PATH? */
static int
is_absent (const struct doctor_programs *p, size_t i)
{
	size_t k;

	for (k = 0; k < p->n; k++)
		if (strcmp (p->all[k].plugin, p->all[i].plugin) == 0
		    && (k < i || p->all[k].path[0] != '\0'))
			return 0;
	return 1;
}

static void
add_programs (const struct doctor *d, struct table *t)
{
	const struct doctor_programs *p = d->programs;
	size_t i;

	table_add_line (t, "Agents on PATH");
	for (i = 0; i < p->n; i++)
		if (p->all[i].path[0] != '\0')
			add_program (t, &p->all[i]);
	for (i = 0; i < p->n; i++)
		if (is_absent (p, i))
			add_row (t, DOCTOR_SKIP, p->all[i].name, "not found");
	if (p->why[0] != '\0')
		add_row (t, DOCTOR_SKIP, "the search", p->why);
	table_add_line (t, "");
}

void
doctor_show_text (const struct doctor *d)
{
	static struct table t;
	struct doctor_verdict v;
	char head[96];
	size_t i;

	table_init (&t, &layout);
	snprintf (head, sizeof head, "linehook %s, as user %u", lhk_version (),
		  (unsigned int) d->start.uid);
	table_add_line (&t, head);
	table_add_line (&t, "");
	for (i = 0; i < ARRAY_SIZE (groups); i++)
		add_group (d, &t, i);
	add_programs (d, &t);
	doctor_get_verdict (d, &v);
	table_add_line (&t, v.text);
	table_show (&t, 0);
	table_free (&t);
}

/* ---- JSON ---- */

/* A string that is left out when it is empty. */
static void
put_optional (struct jw *w, const char *key, const char *value)
{
	if (value != NULL && value[0] != '\0')
		jw_str (w, key, value);
}

static void
put_check_objects (const struct doctor *d, struct jw *w)
{
	char group[16];
	size_t i;

	for (i = 0; i < doctor_n_checks; i++) {
		const struct doctor_check *c = &doctor_checks[i];
		const struct finding *f = &d->findings[i];

		snprintf (group, sizeof group, "%.*s",
			  (int) strcspn (c->id, "."), c->id);
		jw_object_begin (w, NULL);
		jw_str (w, "id", c->id);
		jw_str (w, "group", group);
		jw_str (w, "status", statuses[f->status].word);
		jw_str (w, "found", f->found);
		put_optional (w, "impact", f->impact);
		put_optional (w, "remedy", f->remedy);
		jw_object_end (w);
	}
}

static void
put_program_objects (const struct doctor *d, struct jw *w)
{
	size_t i;

	for (i = 0; i < d->programs->n; i++) {
		const struct doctor_program *p = &d->programs->all[i];

		jw_object_begin (w, NULL);
		jw_str (w, "name", p->name);
		jw_str (w, "plugin", p->plugin);
		jw_str (w, "status",
			p->path[0] == '\0' ? "absent"
			: p->was_run	   ? statuses[p->status].word
					   : "skip");
		put_optional (w, "path", p->path);
		put_optional (w, "resolved", p->resolved);
		put_optional (w, "version", p->version);
		put_optional (w, "problem", p->why);
		put_optional (w, "tested", doctor_tested_version (p->plugin));
		jw_object_end (w);
	}
}

void
doctor_write_json (const struct doctor *d, struct outbuf *o)
{
	struct doctor_verdict v;
	struct jw w;

	doctor_get_verdict (d, &v);
	jw_init (&w, o);
	jw_object_begin (&w, NULL);
	jw_i64 (&w, "v", 1);
	jw_str (&w, "version", lhk_version ());
	jw_u64 (&w, "uid", d->start.uid);
	jw_list_begin (&w, "checks");
	put_check_objects (d, &w);
	jw_list_end (&w);
	jw_list_begin (&w, "plugins");
	jw_raw (&w, NULL, d->plugins->json, d->plugins->json_len);
	jw_list_end (&w);
	jw_list_begin (&w, "programs");
	put_program_objects (d, &w);
	jw_list_end (&w);
	jw_object_begin (&w, "verdict");
	jw_str (&w, "status", statuses[v.status].word);
	put_optional (&w, "contain", d->trials[LHK_CONTAIN_AUTO].contain);
	jw_u64 (&w, "notes", v.n_notes);
	jw_u64 (&w, "weak", v.n_weak);
	jw_u64 (&w, "bad", v.n_bad);
	jw_str (&w, "text", v.text);
	jw_object_end (&w);
	jw_object_end (&w);
	outbuf_byte (o, '\n');
}
