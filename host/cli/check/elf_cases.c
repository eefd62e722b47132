/* SPDX-License-Identifier: MIT */
/* elf_cases.c - cases about the file, its symbols and its descriptor. */
#include "config.h"

#include <string.h>

#include "cli/check/suite.h"
#include "cli/elf.h"
#include "common/mem.h"
#include "common/macros.h"

#define SYMBOL "linehook_plugin_"

/* ---- symbols ---- */

/* Functions that a plugin must not call. */
static const char *const forbidden[] = {
	"_exit",	  "abort",	 "chdir",	 "clone",
	"clone3",	  "daemon",	 "execl",	 "execle",
	"execlp",	  "execv",	 "execve",	 "execvp",
	"execvpe",	  "exit",	 "fchdir",	 "fork",
	"kill",		  "posix_spawn", "posix_spawnp", "popen",
	"pthread_create", "putenv",	 "quick_exit",	 "raise",
	"setenv",	  "setlocale",	 "sigaction",	 "signal",
	"sigprocmask",	  "system",	 "umask",	 "unsetenv",
	"vfork",	  NULL
};

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

	/* Symbols of the linker. */
	if (!symbol->defined || strcmp (symbol->name, "_init") == 0
	    || strcmp (symbol->name, "_fini") == 0
	    || strcmp (symbol->name, "__bss_start") == 0
	    || strcmp (symbol->name, "_edata") == 0
	    || strcmp (symbol->name, "_end") == 0)
		return;
	if (!is_descriptor (symbol->name))
		check_problem (c,
			       "exports '%.80s', expected '" SYMBOL "1' "
			       "alone: make it static, or build with "
			       "-fvisibility=hidden or a version script",
			       symbol->name);
}

void
check_symbols (struct check *c)
{
	struct lhk_error err = { 0, 0, "" };

	if (c->path == NULL)
		check_skip (c, "linked in: there is no file to read");
	else if (elf_symbols (c->path, see_export, c, &err) < 0)
		check_problem (c, "%s", err.text);
}

static void
see_import (void *user, const struct elf_symbol *symbol)
{
	struct check *c = user;
	size_t i;

	if (symbol->defined)
		return;
	if (strncmp (symbol->name, "lhk_", 4) == 0)
		check_problem (c,
			       "imports '%.80s' from the library, which not "
			       "every host has: call only the functions of "
			       "struct lhk_api, and link the JSON reader in "
			       "(pkg-config linehook-plugin)",
			       symbol->name);
	for (i = 0; forbidden[i] != NULL; i++)
		if (strcmp (symbol->name, forbidden[i]) == 0)
			check_problem (c,
				       "imports '%s', which a plugin must "
				       "not call: it changes or ends the "
				       "whole process",
				       symbol->name);
}

void
check_imports (struct check *c)
{
	struct lhk_error err = { 0, 0, "" };

	if (c->path == NULL)
		check_skip (c, "linked in: there is no file to read");
	else if (elf_symbols (c->path, see_import, c, &err) < 0)
		check_problem (c, "%s", err.text);
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

/* ---- probe ---- */

static const char *const no_lines[] = {
	"",
	"{",
	"}",
	"[]",
	"null",
	"\"\"",
	"{}",
	"npm warn deprecated",
	"\xff\xfe\x00{",
	"{\"type\":",
	"{\"type\":7}",
	"{\"type\":null}",
};

static void
ask_probe (struct check *c, const char *data, size_t len)
{
	char *copy = mem_zero (&mem_system, len + LHK_LINE_PADDING);
	int first, again;

	if (copy == NULL) {
		check_skip (c, "out of memory");
		return;
	}
	memcpy (copy, data, len);
	copy[len] = '\n';
	check_call.callback = "probe";
	first = c->plugin->probe (copy, len);
	memset (copy + len + 1, 0xa5, LHK_LINE_PADDING - 1);
	again = c->plugin->probe (copy, len);
	check_call.callback = NULL;
	if (first != 0 && first != 1)
		check_problem (c, "probe returns %d, expected 0 or 1", first);
	if (first != again)
		check_problem (c,
			       "probe returns %d and then %d for the same "
			       "line: it must depend on data[0..len] alone",
			       first, again);
	if (memcmp (copy, data, len) != 0)
		check_problem (c, "probe changes the line, which it may "
				  "only read");
	mem_free (&mem_system, copy, len + LHK_LINE_PADDING);
}

void
check_probe (struct check *c)
{
	size_t i;

	if (c->plugin->probe == NULL) {
		check_skip (c, "there is no probe: `--plugin auto' cannot "
			       "choose this plugin by a line");
		return;
	}
	for (i = 0; i < ARRAY_SIZE (no_lines); i++)
		ask_probe (c, no_lines[i], strlen (no_lines[i]));
	for (i = 0; i < c->input->n_lines; i++) {
		struct lhk_str line = transcript_line (c->input, i);

		ask_probe (c, line.ptr, line.len);
		ask_probe (c, line.ptr, line.len / 2);
	}
}
