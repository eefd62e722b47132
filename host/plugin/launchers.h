/* SPDX-License-Identifier: MIT */
/*
 * launchers.h - programs whose command line ends in the command that they run.
 */
#ifndef PLUGIN_LAUNCHERS_H
#define PLUGIN_LAUNCHERS_H

#include <stddef.h>

enum {
	LAUNCHER_ASSIGN = 1 << 0,  /* VAR=value words may stand before it */
	LAUNCHER_SCRIPT = 1 << 1,  /* the command is a script */
	LAUNCHER_PACKAGE = 1 << 2, /* the command is the name of a package */
	/* The command begins behind "--", or behind "-c": the words before that
	 * are many, or change from version to version. */
	LAUNCHER_DASHES = 1 << 3,
	LAUNCHER_COMMAND = 1 << 4,
	/* Without the option -u or --user, its words mean something else. */
	LAUNCHER_USER = 1 << 5
};

struct launcher {
	const char *name;    /* its base name */
	const char *sub;     /* a subcommand that must follow, or NULL */
	const char *letters; /* short options that take the next word */
	/* Long options that do, between single spaces; "bind:2" takes two
	 * words. */
	const char *longs;
	unsigned int operands; /* its own, in front of the command */
	unsigned int flags;    /* LAUNCHER_* */
};

/* The launcher that the first words of ARGV name, or NULL. */
const struct launcher *launcher_find (const char *const *argv);

/* The number of words that the option WORD takes besides itself. */
size_t launcher_option_values (const struct launcher *l, const char *word);

#endif /* PLUGIN_LAUNCHERS_H */
