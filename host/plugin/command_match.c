/* SPDX-License-Identifier: MIT */
/* command_match.c - which programs a command runs, behind env, npx and such. */
#include "config.h"

#include <string.h>

#include "common/macros.h"
#include "plugin/command_match.h"

enum {
	ASSIGN = 1 << 0, /* VAR=value words may stand before the command */
	SCRIPT = 1 << 1, /* the first operand is a script */
	PACKAGE = 1 << 2 /* the first operand is the name of a package */
};

/* A program that runs another one. */
struct wrapper {
	const char *name;
	const char *sub;	  /* a subcommand that must follow, or NULL */
	const char *letters;	  /* short options that take the next word */
	const char *const *longs; /* long options that do, or NULL */
	unsigned int operands;	  /* its own, in front of the command */
	unsigned int flags;	  /* ASSIGN, SCRIPT, PACKAGE */
};

static const char *const env_longs[] = { "unset", "chdir", NULL };
static const char *const nice_longs[] = { "adjustment", NULL };
static const char *const timeout_longs[] = { "kill-after", "signal", NULL };
static const char *const stdbuf_longs[] = { "input", "output", "error", NULL };
static const char *const sudo_longs[] = {
	"user", "group",      "chdir",	    "host",   "prompt",		 "role",
	"type", "other-user", "close-from", "chroot", "command-timeout", NULL,
};
static const char *const time_longs[] = { "format", "output", NULL };
static const char *const ionice_longs[] = { "class", "classdata", NULL };
static const char *const node_longs[] = {
	"require",    "import",	  "loader",	"experimental-loader",
	"conditions", "env-file", "input-type", "title",
	NULL,
};
static const char *const deno_longs[] = { "config", "import-map", NULL };
static const char *const npx_longs[] = { "package", "call", "cache", NULL };

static const struct wrapper wrappers[] = {
	{ "env", NULL, "uC", env_longs, 0, ASSIGN },
	{ "nice", NULL, "n", nice_longs, 0, 0 },
	{ "ionice", NULL, "cn", ionice_longs, 0, 0 },
	{ "nohup", NULL, "", NULL, 0, 0 },
	{ "setsid", NULL, "", NULL, 0, 0 },
	{ "stdbuf", NULL, "ioe", stdbuf_longs, 0, 0 },
	{ "sudo", NULL, "ugCDhprtTUR", sudo_longs, 0, ASSIGN },
	{ "time", NULL, "fo", time_longs, 0, 0 },
	{ "timeout", NULL, "ks", timeout_longs, 1, 0 },
	{ "bun", "x", "", npx_longs, 0, PACKAGE },
	{ "bun", "run", "r", NULL, 0, SCRIPT },
	{ "bun", NULL, "r", NULL, 0, SCRIPT },
	{ "bunx", NULL, "p", npx_longs, 0, PACKAGE },
	{ "deno", "run", "c", deno_longs, 0, SCRIPT },
	{ "node", NULL, "rC", node_longs, 0, SCRIPT },
	{ "nodejs", NULL, "rC", node_longs, 0, SCRIPT },
	{ "npm", "exec", "pc", npx_longs, 0, PACKAGE },
	{ "npm", "x", "pc", npx_longs, 0, PACKAGE },
	{ "npx", NULL, "pc", npx_longs, 0, PACKAGE },
	{ "pnpm", "dlx", "", npx_longs, 0, PACKAGE },
	{ "pnpm", "exec", "", NULL, 0, PACKAGE },
	{ "pnpx", NULL, "", npx_longs, 0, PACKAGE },
	{ "yarn", "dlx", "p", npx_longs, 0, PACKAGE },
	{ "yarn", "exec", "", NULL, 0, PACKAGE },
};

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

/* The row of ARGV's first word, or NULL if it runs no other program. */
static const struct wrapper *
find_wrapper (const char *const *argv)
{
	struct lhk_str base = base_name (str_of (argv[0]));
	size_t i;

	for (i = 0; i < ARRAY_SIZE (wrappers); i++) {
		const struct wrapper *w = &wrappers[i];

		if (strlen (w->name) != base.len
		    || memcmp (w->name, base.ptr, base.len) != 0)
			continue;
		if (w->sub == NULL
		    || (argv[1] != NULL && strcmp (argv[1], w->sub) == 0))
			return w;
	}
	return NULL;
}

/* The number of words that the option at AT takes: 1, or 2 with its value.
 * If it names a package, that is added. */
static size_t
option_words (const struct wrapper *w, const char *const *at,
	      struct command_programs *p)
{
	static const char package[] = "--package=";
	const char *word = at[0];
	size_t i;
	int takes = 0;

	if ((w->flags & PACKAGE)
	    && strncmp (word, package, sizeof package - 1) == 0)
		add_package (p, str_of (word + sizeof package - 1));
	if (word[1] != '-')
		takes = word[2] == '\0' && strchr (w->letters, word[1]) != NULL;
	else
		for (i = 0; w->longs != NULL && w->longs[i] != NULL; i++)
			takes |= strcmp (word + 2, w->longs[i]) == 0;
	if (!takes || at[1] == NULL)
		return 1;
	if ((w->flags & PACKAGE)
	    && (strcmp (word, "-p") == 0 || strcmp (word, "--package") == 0))
		add_package (p, str_of (at[1]));
	return 2;
}

/* Skip the words of a wrapper: options, assignments and operands.  Returns
 * where the command it runs begins, or the NULL at the end. */
static const char *const *
skip_wrapper (const struct wrapper *w, const char *const *at,
	      struct command_programs *p)
{
	unsigned int operands = w->operands;

	at += w->sub != NULL ? 2 : 1;
	for (; *at != NULL; at++) {
		if (strcmp (*at, "--") == 0)
			continue;
		if ((*at)[0] == '-' && (*at)[1] != '\0') {
			at += option_words (w, at, p) - 1;
			continue;
		}
		if ((w->flags & ASSIGN) && strchr (*at, '=') != NULL)
			continue;
		if (operands == 0)
			break;
		operands--;
	}
	return at;
}

void
command_match_programs (const char *const *argv, struct command_programs *ret)
{
	const struct wrapper *w;
	unsigned int flags = 0;

	ret->n = 0;
	while (*argv != NULL) {
		w = flags & (SCRIPT | PACKAGE) ? NULL : find_wrapper (argv);
		if (w == NULL)
			break;
		flags = w->flags;
		argv = skip_wrapper (w, argv, ret);
	}
	if (*argv == NULL)
		return;
	if (flags & PACKAGE)
		add_package (ret, str_of (*argv));
	else
		add_file (ret, str_of (*argv));
	if (flags & SCRIPT)
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
