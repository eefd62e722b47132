/* SPDX-License-Identifier: MIT */
/* report.c - the findings, for people and as JSON. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/doctor/checks.h"
#include "json/writer.h"
#include "format/safe_text.h"
#include "common/text.h"

#define TITLE_WIDTH 20
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

#define N_GROUPS (sizeof groups / sizeof groups[0])

/* ---- the verdict ---- */

/* "2 notes", behind a comma if need be. */
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

/* Titles of what is bad. */
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
doctor_judge (const struct doctor *d, struct doctor_verdict *v)
{
	const struct doctor_tier *t = &d->tiers[LHK_CONTAIN_AUTO];
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
	else if (!t->done)
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

static void
put_safe (struct outbuf *o, const char *s)
{
	struct lhk_text text = text_from_cstr (s);

	format_safe_text (o, &text, 1, 0);
}

static void
put_head (struct outbuf *o, int status, const char *title)
{
	size_t len;

	outbuf_str (o, "  ");
	outbuf_str (o, statuses[status].text);
	for (len = strlen (statuses[status].text); len < 6; len++)
		outbuf_byte (o, ' ');
	put_safe (o, title);
	len = strlen (title);
	do
		outbuf_byte (o, ' ');
	while (++len < TITLE_WIDTH);
}

static void
put_check (struct outbuf *o, const struct doctor_check *c,
	   const struct finding *f)
{
	put_head (o, f->status, c->title);
	put_safe (o, f->found);
	outbuf_byte (o, '\n');
	if (f->status < DOCTOR_NOTE)
		return;
	if (f->costs[0] != '\0') {
		outbuf_str (o, "        costs: ");
		put_safe (o, f->costs);
		outbuf_byte (o, '\n');
	}
	if (f->mend[0] != '\0') {
		outbuf_str (o, "        mend:  ");
		put_safe (o, f->mend);
		outbuf_byte (o, '\n');
	}
}

static void
put_group (const struct doctor *d, struct outbuf *o, size_t g)
{
	size_t len = strlen (groups[g].id);
	size_t i;

	outbuf_str (o, groups[g].heading);
	outbuf_byte (o, '\n');
	for (i = 0; i < doctor_n_checks; i++)
		if (strncmp (doctor_checks[i].id, groups[g].id, len) == 0
		    && doctor_checks[i].id[len] == '.')
			put_check (o, &doctor_checks[i], &d->findings[i]);
	outbuf_byte (o, '\n');
}

static void
put_program (struct outbuf *o, const struct doctor_program *p)
{
	const char *version = doctor_tested (p->plugin);
	struct lhk_text said = text_from_cstr (p->version);

	put_head (o, p->status, p->name);
	put_safe (o, p->path);
	if (p->resolved[0] != '\0' && strcmp (p->path, p->resolved) != 0) {
		outbuf_str (o, " -> ");
		put_safe (o, p->resolved);
	}
	if (p->why[0] != '\0') {
		outbuf_str (o, ": ");
		put_safe (o, p->why);
	}
	if (p->version[0] != '\0') {
		outbuf_str (o, ": ");
		format_safe_text (o, &said, 1, VERSION_WIDTH);
		if (version != NULL && strstr (p->version, version) == NULL) {
			outbuf_str (o, " (linehook was tested with ");
			outbuf_str (o, version);
			outbuf_byte (o, ')');
		}
	}
	outbuf_byte (o, '\n');
}

/* Does the plugin of program I have one that is on PATH; is I its first? */
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
put_programs (const struct doctor *d, struct outbuf *o)
{
	const struct doctor_programs *p = d->programs;
	size_t i;

	outbuf_str (o, "Agents on PATH\n");
	for (i = 0; i < p->n; i++)
		if (p->all[i].path[0] != '\0')
			put_program (o, &p->all[i]);
	for (i = 0; i < p->n; i++) {
		if (!is_absent (p, i))
			continue;
		put_head (o, DOCTOR_SKIP, p->all[i].name);
		outbuf_str (o, "not found\n");
	}
	if (p->why[0] != '\0') {
		put_head (o, DOCTOR_SKIP, "the search");
		put_safe (o, p->why);
		outbuf_byte (o, '\n');
	}
	outbuf_byte (o, '\n');
}

void
doctor_text (const struct doctor *d, struct outbuf *o)
{
	struct doctor_verdict v;
	char head[96];
	size_t i;

	snprintf (head, sizeof head, "linehook %s, as user %u\n\n",
		  lhk_version (), (unsigned int) d->start.uid);
	outbuf_str (o, head);
	for (i = 0; i < N_GROUPS; i++)
		put_group (d, o, i);
	put_programs (d, o);
	doctor_judge (d, &v);
	put_safe (o, v.text);
	outbuf_byte (o, '\n');
}

/* ---- JSON ---- */

/* A member; the first one of an object has no comma. */
static void
put_member (struct outbuf *o, const char *comma, const char *key,
	    const char *value)
{
	struct lhk_text text = text_from_cstr (value);

	outbuf_str (o, comma);
	outbuf_byte (o, '"');
	outbuf_str (o, key);
	outbuf_str (o, "\":");
	json_put_body (o, &text);
}

static void
put_some (struct outbuf *o, const char *key, const char *value)
{
	if (value != NULL && value[0] != '\0')
		put_member (o, ",", key, value);
}

static void
put_number (struct outbuf *o, const char *key, uint64_t n)
{
	outbuf_str (o, ",\"");
	outbuf_str (o, key);
	outbuf_str (o, "\":");
	outbuf_u64 (o, n);
}

static void
put_checks (const struct doctor *d, struct outbuf *o)
{
	char group[16];
	size_t i;

	for (i = 0; i < doctor_n_checks; i++) {
		const struct doctor_check *c = &doctor_checks[i];
		const struct finding *f = &d->findings[i];

		snprintf (group, sizeof group, "%.*s",
			  (int) strcspn (c->id, "."), c->id);
		put_member (o, i == 0 ? "{" : ",{", "id", c->id);
		put_member (o, ",", "group", group);
		put_member (o, ",", "status", statuses[f->status].word);
		put_member (o, ",", "found", f->found);
		put_some (o, "costs", f->costs);
		put_some (o, "mend", f->mend);
		outbuf_byte (o, '}');
	}
}

static void
put_program_objects (const struct doctor *d, struct outbuf *o)
{
	size_t i;

	for (i = 0; i < d->programs->n; i++) {
		const struct doctor_program *p = &d->programs->all[i];

		put_member (o, i == 0 ? "{" : ",{", "name", p->name);
		put_member (o, ",", "plugin", p->plugin);
		put_member (o, ",", "status",
			    p->path[0] == '\0' ? "absent"
			    : p->asked	       ? statuses[p->status].word
					       : "skip");
		put_some (o, "path", p->path);
		put_some (o, "resolved", p->resolved);
		put_some (o, "version", p->version);
		put_some (o, "problem", p->why);
		put_some (o, "tested", doctor_tested (p->plugin));
		outbuf_byte (o, '}');
	}
}

void
doctor_json (const struct doctor *d, struct outbuf *o)
{
	struct doctor_verdict v;

	doctor_judge (d, &v);
	outbuf_str (o, "{\"v\":1");
	put_member (o, ",", "version", lhk_version ());
	put_number (o, "uid", d->start.uid);
	outbuf_str (o, ",\"checks\":[");
	put_checks (d, o);
	outbuf_str (o, "],\"plugins\":[");
	outbuf_bytes (o, d->plugins->json, d->plugins->json_len);
	outbuf_str (o, "],\"programs\":[");
	put_program_objects (d, o);
	outbuf_str (o, "],\"verdict\":");
	put_member (o, "{", "status", statuses[v.status].word);
	put_some (o, "contain", d->tiers[LHK_CONTAIN_AUTO].contain);
	put_number (o, "notes", v.n_notes);
	put_number (o, "weak", v.n_weak);
	put_number (o, "bad", v.n_bad);
	put_member (o, ",", "text", v.text);
	outbuf_str (o, "}}\n");
}
