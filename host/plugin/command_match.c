/* SPDX-License-Identifier: MIT */
/* command_match.c - which programs a command runs, behind env, npx and such. */
#include "config.h"

#include <string.h>

#include "common/macros.h"
#include "plugin/command_match.h"
#include "plugin/launchers.h"

/* Endings of a script's file name that the program's name lacks. */
static const char *const endings[] = { ".js", ".mjs", ".cjs" };

static struct lhk_str
base_name (struct lhk_str path)
{
	size_t i = path.len;
	struct lhk_str base;

	while (i > 0 && path.ptr[i - 1] != '/')
		i--;
	base.ptr = path.ptr + i;
	base.len = path.len - i;
	return base;
}

static void
add_name (struct command_programs *p, struct lhk_str name)
{
	if (name.len > 0 && p->n < COMMAND_PROGRAMS_MAX)
		p->names[p->n++] = name;
}

/* Add the name of a program's file, without the ending of a script. */
static void
add_file (struct command_programs *p, struct lhk_str path)
{
	struct lhk_str base = base_name (path);
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE (endings); i++) {
		len = strlen (endings[i]);
		if (base.len > len
		    && memcmp (base.ptr + base.len - len, endings[i], len) == 0)
			base.len -= len;
	}
	add_name (p, base);
}

/* Add the names of the package "@scope/name@version": the whole without the
 * version, then the name alone. */
static void
add_package (struct command_programs *p, struct lhk_str spec)
{
	const char *at;

	if (spec.len > 1) {
		at = memchr (spec.ptr + 1, '@', spec.len - 1);
		if (at != NULL)
			spec.len = (size_t) (at - spec.ptr);
	}
	add_name (p, spec);
	if (spec.len > 0 && spec.ptr[0] == '@')
		add_name (p, base_name (spec));
}

/* Add the package that a script in a node_modules directory belongs to. */
static void
add_owner (struct command_programs *p, const char *path)
{
	static const char modules[] = "node_modules/";
	const char *name = NULL;
	struct lhk_str owner;
	const char *s;

	for (s = path; (s = strstr (s, modules)) != NULL;)
		name = s += sizeof modules - 1;
	if (name == NULL || name[0] == '.')
		return;
	owner.ptr = name;
	owner.len = strcspn (name, "/");
	if (name[0] == '@' && name[owner.len] == '/')
		owner.len += 1 + strcspn (name + owner.len + 1, "/");
	add_package (p, owner);
}

static struct lhk_str
str_of (const char *s)
{
	struct lhk_str str = { s, strlen (s) };

	return str;
}

/* Add the package that the option at AT names. */
static void
add_option_package (const char *const *at, struct command_programs *p)
{
	static const char package[] = "--package=";

	if (strncmp (at[0], package, sizeof package - 1) == 0)
		add_package (p, str_of (at[0] + sizeof package - 1));
	else if (at[1] != NULL
		 && (strcmp (at[0], "-p") == 0
		     || strcmp (at[0], "--package") == 0))
		add_package (p, str_of (at[1]));
}

/* Where the command begins behind the word "--", or behind "-c"; or the NULL at
 * the end. */
static const char *const *
skip_to_mark (const struct launcher *l, const char *const *at)
{
	int dashes = (l->flags & LAUNCHER_DASHES) != 0;

	for (; *at != NULL; at++)
		if (dashes ? strcmp (*at, "--") == 0
			   : strcmp (*at, "-c") == 0
				     || strcmp (*at, "--command") == 0)
			return at + 1;
	return at;
}

static int
names_user (const char *word)
{
	return strncmp (word, "-u", 2) == 0 || strncmp (word, "--user", 6) == 0;
}

/* Skip the option at AT and its values, but not the NULL at the end. */
static const char *const *
skip_option (const struct launcher *l, const char *const *at,
	     struct command_programs *p)
{
	size_t n = launcher_option_values (l, *at);

	if (l->flags & LAUNCHER_PACKAGE)
		add_option_package (at, p);
	for (at++; n > 0 && *at != NULL; n--)
		at++;
	return at;
}

/* Skip the words of a launcher: options, assignments and operands.  Returns
 * where the command it runs begins, or the NULL at the end. */
static const char *const *
skip_launcher (const struct launcher *l, const char *const *at,
	       struct command_programs *p)
{
	unsigned int operands = l->operands;
	int has_user = (l->flags & LAUNCHER_USER) == 0;

	at += l->sub != NULL ? 2 : 1;
	if (l->flags & (LAUNCHER_DASHES | LAUNCHER_COMMAND))
		return skip_to_mark (l, at);
	while (*at != NULL) {
		if (strcmp (*at, "--") == 0) {
			at++;
		} else if ((*at)[0] == '-' && (*at)[1] != '\0') {
			has_user |= names_user (*at);
			at = skip_option (l, at, p);
		} else if ((l->flags & LAUNCHER_ASSIGN)
			   && strchr (*at, '=') != NULL) {
			at++;
		} else if (operands > 0) {
			operands--;
			at++;
		} else {
			break;
		}
	}
	while (!has_user && *at != NULL)
		at++;
	return at;
}

void
command_match_programs (const char *const *argv, struct command_programs *ret)
{
	const unsigned int last = LAUNCHER_SCRIPT | LAUNCHER_PACKAGE;
	const struct launcher *l;
	unsigned int flags = 0;

	ret->n = 0;
	while (*argv != NULL && (flags & last) == 0) {
		l = launcher_find (argv);
		if (l == NULL)
			break;
		flags = l->flags;
		argv = skip_launcher (l, argv, ret);
	}
	if (*argv == NULL)
		return;
	if (flags & LAUNCHER_PACKAGE)
		add_package (ret, str_of (*argv));
	else
		add_file (ret, str_of (*argv));
	if (flags & LAUNCHER_SCRIPT)
		add_owner (ret, *argv);
}

int
command_match (const struct command_programs *p, const char *const *list)
{
	size_t i;

	for (; list != NULL && *list != NULL; list++)
		for (i = 0; i < p->n; i++)
			if (strlen (*list) == p->names[i].len
			    && memcmp (*list, p->names[i].ptr, p->names[i].len)
				       == 0)
				return 1;
	return 0;
}
