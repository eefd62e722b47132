/* SPDX-License-Identifier: MIT */
/* file_rules.c - rules about the file: its symbols and its descriptor. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/check/suite.h"
#include "cli/elf.h"
#include "common/mem.h"
#include "common/macros.h"

#define SYMBOL "linehook_plugin_"

/* ---- symbols ---- */

/* linehook_plugin_1, or that of another major version. */
static int
is_descriptor (const char *name)
{
	size_t len = sizeof SYMBOL - 1;

	return strncmp (name, SYMBOL, len) == 0 && name[len] != '\0'
	       && name[len + strspn (name + len, "0123456789")] == '\0';
}

static void
see_export (void *user, const struct elf_symbol *symbol)
{
	struct check *c = user;

	/* Symbols of the linker, and of a sanitizer. */
	if (!symbol->defined || strncmp (symbol->name, "__odr_asan", 10) == 0
	    || strcmp (symbol->name, "_init") == 0
	    || strcmp (symbol->name, "_fini") == 0
	    || strcmp (symbol->name, "__bss_start") == 0
	    || strcmp (symbol->name, "_edata") == 0
	    || strcmp (symbol->name, "_end") == 0)
		return;
	if (!is_descriptor (symbol->name))
		check_problem (c,
			       "exports '%.80s', expected '" SYMBOL "1' alone",
			       symbol->name);
}

static void
walk_file (struct check *c,
	   void (*fn) (void *user, const struct elf_symbol *symbol))
{
	struct lhk_error err = { 0, 0, "" };

	if (c->path == NULL)
		check_skip (c, "linked in: there is no file to read");
	else if (elf_symbols (c->path, fn, c, &err) < 0)
		check_problem (c, "%s", err.text);
}

void
check_exports (struct check *c)
{
	walk_file (c, see_export);
}

static void
see_import (void *user, const struct elf_symbol *symbol)
{
	struct check *c = user;

	if (!symbol->defined && strncmp (symbol->name, "lhk_", 4) == 0)
		check_problem (c,
			       "imports '%.80s' from the library, which not "
			       "every host has",
			       symbol->name);
}

void
check_imports (struct check *c)
{
	walk_file (c, see_import);
}

struct forbidden {
	const char *names, *unless;
	int is_excused;
	char found[80];
};

static void
see_forbidden (void *user, const struct elf_symbol *symbol)
{
	struct forbidden *f = user;

	if (symbol->defined)
		return;
	if (check_list_has (f->unless, symbol->name))
		f->is_excused = 1;
	if (check_list_has (f->names, symbol->name))
		snprintf (f->found, sizeof f->found, "%s", symbol->name);
}

void
check_forbidden (struct check *c)
{
	struct forbidden f = { NULL, NULL, 0, "" };
	struct lhk_error err = { 0, 0, "" };

	f.names = check_rule_imports (c->rule, &f.unless);
	if (c->path != NULL && f.names != NULL
	    && elf_symbols (c->path, see_forbidden, &f, &err) == LHK_OK
	    && f.found[0] != '\0' && !f.is_excused)
		check_problem (c,
			       "the file imports '%s', which no callback may "
			       "call; these lines did not reach it",
			       f.found);
}

/* ---- descriptor ---- */

static void
want_text (struct check *c, const char *member, const char *value)
{
	const char *p;

	if (value == NULL || *value == '\0') {
		check_problem (c,
			       "%s is empty, expected a word for people: set "
			       ".%s",
			       member, member);
		return;
	}
	for (p = value; *p != '\0'; p++)
		if ((unsigned char) *p < 0x20 || *p == 0x7f) {
			check_problem (c,
				       "%s has the control byte 0x%02x, "
				       "expected one line of text",
				       member, (unsigned char) *p);
			return;
		}
}

/* `run --agent' chooses the plugin; without it the program's name does. */
static void
want_command_program (struct check *c, const struct lhk_plugin *p)
{
	const char *const *program = p->programs;
	const char *name =
		p->command == NULL ? NULL : p->command->parts[0].words[0];

	while (name != NULL && program != NULL && *program != NULL
	       && strcmp (*program, name) != 0)
		program++;
	if (name != NULL && (program == NULL || *program == NULL))
		check_problem (c,
			       "the program of its command is '%.80s', "
			       "expected one of its programs",
			       name);
}

void
check_descriptor (struct check *c)
{
	const struct lhk_plugin *p = c->plugin;
	const char *const *program;

	want_text (c, "provider", p->provider);
	want_text (c, "version", p->version);
	want_text (c, "summary", p->summary);
	for (program = p->programs; program != NULL && *program != NULL;
	     program++)
		if (**program == '\0' || **program == '/' || **program == '.')
			check_problem (c,
				       "programs has '%.80s', expected base "
				       "names of commands, or '@SCOPE/NAME' of "
				       "a package",
				       *program);
	want_command_program (c, p);
}
