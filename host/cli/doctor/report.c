/* SPDX-License-Identifier: MIT */
/* report.c - the verdict, and the report as JSON. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/doctor/doctor.h"
#include "json/writer.h"

static const char *const statuses[DOCTOR_STATUSES] = {
	[DOCTOR_OK] = "ok",	[DOCTOR_SKIP] = "skip", [DOCTOR_NOTE] = "note",
	[DOCTOR_WEAK] = "weak", [DOCTOR_BAD] = "bad",
};

const char *
doctor_status_word (int status)
{
	return statuses[status];
}

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
			  "linehook cannot run agents here, because of %s: "
			  "%s.",
			  bad, counts);
	else if (!t->succeeded)
		snprintf (v->text, sizeof v->text,
			  "linehook should work here, but no run was tried: "
			  "%s.",
			  counts);
	else
		snprintf (v->text, sizeof v->text,
			  "linehook works here%s; agents are contained by %s: "
			  "%s.",
			  v->status == DOCTOR_WEAK
				  ? ", but cannot keep all its promises"
				  : "",
			  t->contain, counts);
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
		jw_str (w, "status", doctor_status_word (f->status));
		jw_str (w, "found", f->found);
		put_optional (w, "impact", f->impact);
		put_optional (w, "remedy", f->remedy);
		jw_object_end (w);
	}
}

/* "absent", "skip" for one that was not run, or the word of its status. */
static const char *
program_status (const struct doctor_program *p)
{
	if (p->path[0] == '\0')
		return "absent";
	return p->was_run || p->untrusted ? doctor_status_word (p->status)
					  : "skip";
}

static void
put_plugin_members (const struct doctor *d, const struct doctor_program *p,
		    struct jw *w)
{
	const struct doctor_plugin *plugin = doctor_find_plugin (d, p->plugin);

	if (plugin == NULL || !doctor_is_started (p, plugin))
		return;
	put_optional (w, "tested", plugin->made_for);
	if (doctor_is_newer (p->version, plugin->made_for))
		jw_bool (w, "newer", 1);
	put_optional (w, "command", plugin->command);
}

/* The agents, or the runtimes that their scripts need. */
static void
put_program_objects (const struct doctor *d, struct jw *w, int agents)
{
	size_t i;

	for (i = 0; i < d->programs->n; i++) {
		const struct doctor_program *p = &d->programs->all[i];

		if ((p->plugin != NULL) != agents)
			continue;
		jw_object_begin (w, NULL);
		jw_str (w, "name", p->name);
		put_optional (w, "plugin", p->plugin);
		jw_str (w, "status", program_status (p));
		put_optional (w, "path", p->path);
		put_optional (w, "resolved", p->resolved);
		put_optional (w, "version", p->version);
		put_optional (w, "problem", p->why);
		put_optional (w, "runtime", p->runtime);
		if (agents)
			put_plugin_members (d, p, w);
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
	put_program_objects (d, &w, 1);
	jw_list_end (&w);
	jw_list_begin (&w, "runtimes");
	put_program_objects (d, &w, 0);
	jw_list_end (&w);
	jw_object_begin (&w, "verdict");
	jw_str (&w, "status", doctor_status_word (v.status));
	put_optional (&w, "contain", d->trials[LHK_CONTAIN_AUTO].contain);
	jw_u64 (&w, "notes", v.n_notes);
	jw_u64 (&w, "weak", v.n_weak);
	jw_u64 (&w, "bad", v.n_bad);
	jw_str (&w, "text", v.text);
	jw_object_end (&w);
	jw_object_end (&w);
	outbuf_byte (o, '\n');
}
