/* SPDX-License-Identifier: MIT */
/*
 * probe_plugins.c - which plugins load.
 *
 * Loading one runs its constructors, so it is done in a child: one that hangs
 * or crashes there costs the list, not the doctor.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/doctor/checks.h"
#include "cli/plugins/listing.h"

#define LIST_MS 3000

static void
keep_json (void *user, const char *data, size_t len)
{
	struct doctor_plugins *p = user;

	if (len > sizeof p->json - p->json_len)
		return; /* the rest would not be JSON either */
	memcpy (p->json + p->json_len, data, len);
	p->json_len += len;
}

/* Names of programs alone: one with a slash is that of a package. */
static void
keep_names (struct doctor_plugin *to, const char *const *programs)
{
	size_t len = 0, n;

	for (; programs != NULL && *programs != NULL; programs++) {
		n = strlen (*programs) + 1;
		if (strchr (*programs, '/') != NULL
		    || len + n + 1 > sizeof to->names)
			continue;
		memcpy (to->names + len, *programs, n);
		len += n;
	}
	to->names[len] = '\0';
}

static void
keep_entry (void *user, const struct lhk_plugin_entry *e)
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
		keep_names (to, lhk_plugin_ref_descriptor (e->ref)->programs);
	} else if (!e->shadowed) {
		p->n_refused++;
		snprintf (to->why, sizeof to->why, "%s",
			  e->err == NULL ? "unknown reason" : e->err->text);
	}
	outbuf_init (&out, keep_json, p);
	if (p->json_len > 0)
		outbuf_byte (&out, ',');
	listing_json (&out, e);
	/* Whole objects or nothing. */
	if (p->json_len + out.len <= sizeof p->json)
		outbuf_flush (&out);
}

static void
list (struct doctor *d, void *arg)
{
	struct doctor_plugins *p = arg;
	struct lhk_error err = { 0, 0, "" };
	struct lhk_host *host = NULL;
	struct log log;
	int fd = STDERR_FILENO, r;

	log_init (&log, LOG_OFF, LHK_LOG_ERROR, log_to_fd, &fd);
	r = options_host (d->opts, &log, &host, &err);
	if (r == LHK_OK)
		r = lhk_host_list_plugins (host, keep_entry, p);
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

	int r = probe_subprocess (d, list, d->plugins, LIST_MS, why);

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

/* Those that can be used, by name. */
static void
names_of (const struct doctor_plugins *p, char *buf, size_t size)
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

/* The first that is refused; the others are in the list. */
static void
say_refused (const struct doctor_plugins *p, struct finding *f,
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

	names_of (p, names, sizeof names);
	if (!p->tried) {
		probe_result (f, DOCTOR_SKIP, "%s", p->why);
	} else if (p->why[0] != '\0') {
		probe_missing (f, "%s", p->why);
		probe_impact (f,
			      "a run that looks for a plugin ends in the same "
			      "way");
		probe_remedy (f, "remove or replace that plugin");
	} else if (p->n_refused > 0) {
		say_refused (p, f, names);
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
