/* SPDX-License-Identifier: MIT */
/*
 * probe_loader.c - what makes the dynamic loader and the C library behave in
 * another way: for linehook, and for each agent, which inherits it.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/doctor/doctor.h"
#include "common/io.h"
#include "common/macros.h"

/* Bytes of a value that are shown. */
#define VALUE_SIZE 101

#define UNSET                                                                  \
	"unset the variable before linehook is started, or for one agent "     \
	"with --unset NAME"

struct setting {
	const char *name; /* of a variable; with a slash: of a file */
	const char *impact, *remedy;
};

/* Code that is no part of a program is loaded into it. */
static const struct setting loading[] = {
	{ "LD_PRELOAD",
	  "LD_PRELOAD loads libraries into linehook and every agent, and they "
	  "may change what these do and print",
	  UNSET },
	{ "LD_AUDIT",
	  "LD_AUDIT loads libraries that may replace each function that "
	  "linehook or an agent calls",
	  UNSET },
	{ "LD_LIBRARY_PATH",
	  "libraries of LD_LIBRARY_PATH may take the place of those that "
	  "linehook and the agents were built for",
	  UNSET },
	{ "GCONV_PATH",
	  "an agent that converts characters loads code from GCONV_PATH",
	  UNSET },
	{ "/etc/ld.so.preload",
	  "libraries of /etc/ld.so.preload are loaded into linehook and every "
	  "agent",
	  "remove from /etc/ld.so.preload what this machine does not need" },
};

static const struct setting behaving[] = {
	{ "GLIBC_TUNABLES",
	  "GLIBC_TUNABLES changes how the C library of linehook and of every "
	  "agent works",
	  UNSET },
	{ "LD_DEBUG",
	  "LD_DEBUG makes every program print what its loader does, so the "
	  "stderr of an agent is not its own",
	  UNSET },
	{ "LD_SHOW_AUXV",
	  "LD_SHOW_AUXV makes every program print lines to stdout, so not all "
	  "output of an agent is its own",
	  UNSET },
	{ "LD_BIND_NOT", "LD_BIND_NOT makes every call of a library slower",
	  UNSET },
	{ "MALLOC_CHECK_",
	  "MALLOC_CHECK_ may end linehook or an agent where it went on",
	  UNSET },
	{ "MALLOC_PERTURB_", "MALLOC_PERTURB_ makes every allocation slower",
	  UNSET },
};

/* The value, in TEXT if it is read from a file; NULL: it is not set. */
static const char *
value_of (const struct setting *s, char text[VALUE_SIZE])
{
	const char *value = text;
	char *p;

	if (s->name[0] != '/') {
		value = getenv (s->name);
	} else {
		io_read_text (open (s->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK),
			      text, VALUE_SIZE);
		for (p = text; (p = strchr (p, '\n')) != NULL; p++)
			*p = ' ';
		value += strspn (value, " ");
	}
	return value != NULL && *value != '\0' ? value : NULL;
}

/* Append TEXT to the sentence TO, once. */
static void
append (char to[DOCTOR_TEXT], const char *text)
{
	size_t len = strlen (to);

	if (strstr (to, text) == NULL)
		snprintf (to + len, DOCTOR_TEXT - len, "%s%s",
			  len == 0 ? "" : "; ", text);
}

static void
probe_settings (const struct setting *all, size_t n, struct finding *f)
{
	char text[VALUE_SIZE], set[VALUE_SIZE + 64];
	const char *value;
	size_t i;

	for (i = 0; i < n; i++) {
		value = value_of (&all[i], text);
		if (value == NULL)
			continue;
		snprintf (set, sizeof set, "%s=%.*s", all[i].name,
			  VALUE_SIZE - 1, value);
		append (f->found, set);
		append (f->impact, all[i].impact);
		append (f->remedy, all[i].remedy);
		f->status = FINDING_BY_TABLE;
	}
}

void
probe_preload (const struct doctor *d, struct finding *f)
{
	(void) d;
	probe_ok (f, "%s", "");
	probe_settings (loading, ARRAY_SIZE (loading), f);
	if (f->status == DOCTOR_OK)
		probe_ok (f, "the loader is not told to load other code");
}

void
probe_tunables (const struct doctor *d, struct finding *f)
{
	(void) d;
	probe_ok (f, "%s", "");
	probe_settings (behaving, ARRAY_SIZE (behaving), f);
	if (f->status == DOCTOR_OK)
		probe_ok (f, "the C library works in its usual way");
}
