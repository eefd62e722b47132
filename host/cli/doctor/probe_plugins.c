/* SPDX-License-Identifier: MIT */
/*
 * probe_plugins.c - which plugins load.
 *
 * Loading a plugin runs its constructors, so it is done in a child: a plugin
 * that hangs or crashes there costs the list, not the doctor.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "cli/plugins/listing.h"
#include "common/mem.h"
#include "common/shell_words.h"
#include "common/strbuf.h"

/* Time limit of loading all plugins. */
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

/* What the plugin says of its agent. */
static void
copy_agent (struct doctor_plugin *to, const struct lhk_plugin_ref *ref)
{
	struct lhk_command_opts opts = LHK_COMMAND_OPTS_INIT;
	const struct lhk_plugin *plugin = lhk_plugin_ref_descriptor (ref);
	struct lhk_error err = { 0, 0, "" };
	struct strbuf line;
	static struct outbuf out;
	char **argv = NULL;

	if (plugin->made_for != NULL)
		snprintf (to->made_for, sizeof to->made_for, "%s",
			  plugin->made_for);
	opts.prompt = "PROMPT";
	opts.flags = LHK_COMMAND_DELTAS;
	if (lhk_plugin_command (ref, &opts, &argv, &err) < 0)
		return;
	strbuf_init (&line, &mem_system);
	outbuf_init (&out, strbuf_write, &line);
	shell_words_put (&out, (const char *const *) argv, 0);
	outbuf_flush (&out);
	if (strbuf_failed (&line) == 0)
		snprintf (to->command, sizeof to->command, "%s",
			  strbuf_str (&line));
	strbuf_free (&line);
	lhk_command_free (argv);
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
		copy_agent (to, e->ref);
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
		snprintf (p->why, sizeof p->why, "cannot list the plugins: %s",
			  err.text[0] != '\0' ? err.text : lhk_strerror (r));
	lhk_host_free (host);
	p->complete = 1;
}

const struct doctor_plugin *
doctor_find_plugin (const struct doctor *d, const char *name)
{
	const struct doctor_plugins *p = d->plugins;
	size_t i;

	for (i = 0; i < p->n; i++)
		if (!p->all[i].shadowed && p->all[i].why[0] == '\0'
		    && strcmp (p->all[i].name, name) == 0)
			return &p->all[i];
	return NULL;
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
		snprintf (d->plugins->why, DOCTOR_TEXT, "after '%s': %.300s",
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
			? "no agent can be run"
			: "its agent is read by another plugin, or not at all");
	probe_remedy (f,
		      "run linehook plugins, which gives the reason for each");
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

	if (doctor_find_plugin (d, "raw") != NULL)
		probe_ok (f, "for programs that no other plugin serves");
	else if (p->n_usable == 0)
		probe_result (f, DOCTOR_SKIP, "not known");
	else
		probe_missing (f, "not found");
}
