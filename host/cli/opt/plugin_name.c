/* SPDX-License-Identifier: MIT */
/* plugin_name.c - names of plugins that the user gave. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/opt/opt.h"
#include "cli/opt/plugin_name.h"
#include "common/error.h"

/* Plugins that are looked at for a name that is near, and how long their names
 * may be. */
#define NAMES_MAX 64
#define NAME_SIZE 32

struct names {
	char text[NAMES_MAX][NAME_SIZE];
	const char *list[NAMES_MAX + 1]; /* ends with NULL */
	size_t n;
};

static void
add_name (void *user, const struct lhk_plugin_entry *entry)
{
	struct names *names = user;
	char *text = names->text[names->n];

	if (entry->ref == NULL || names->n + 1 >= NAMES_MAX)
		return;
	snprintf (text, NAME_SIZE, "%s", entry->name);
	names->list[names->n++] = text;
	names->list[names->n] = NULL;
}

void
plugin_name_explain (struct lhk_host *host, const char *name,
		     struct lhk_error *err)
{
	static struct names names;
	const char *near = NULL;

	if (strpbrk (name, " \t\n") != NULL) {
		(void) error_set (
			err, err->code, 0,
			"'%.60s' is not the name of a plugin; an "
			"option -p of the command goes after its name",
			name);
		return;
	}
	names.n = 0;
	names.list[0] = NULL;
	if (strchr (name, '/') == NULL
	    && lhk_host_list_plugins (host, add_name, &names) > 0)
		near = opt_nearest (name, names.list);
	if (near == NULL && names.n > 0 && strchr (name, '/') == NULL)
		(void) error_set (err, err->code, 0,
				  "no plugin '%.60s' was found; see linehook "
				  "plugins (a file needs a path with a slash)",
				  name);
	if (near != NULL)
		(void) error_set (err, err->code, 0,
				  "no plugin '%.60s' was found; did you mean "
				  "'%s'?",
				  name, near);
}

static void
add_programs (void *user, const struct lhk_plugin_entry *entry)
{
	struct names *names = user;
	const char *const *program;

	if (entry->ref == NULL)
		return;
	program = lhk_plugin_ref_descriptor (entry->ref)->programs;
	for (; program != NULL && *program != NULL; program++)
		if (names->n + 1 < NAMES_MAX) {
			names->list[names->n++] = *program;
			names->list[names->n] = NULL;
		}
}

const char *
plugin_program_nearest (struct lhk_host *host, const char *name)
{
	static struct names names;
	const char *near;

	names.n = 0;
	names.list[0] = NULL;
	if (lhk_host_list_plugins (host, add_programs, &names) < 0)
		return NULL;
	near = opt_nearest (name, names.list);
	return near == NULL || strcmp (near, name) == 0 ? NULL : near;
}
