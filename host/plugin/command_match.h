/* SPDX-License-Identifier: MIT */
/*
 * command_match.h - which programs a command runs, behind env, node, npx and such.
 *
 * A function of the words alone: nothing is looked up in PATH or on disk.
 */
#ifndef PLUGIN_COMMAND_MATCH_H
#define PLUGIN_COMMAND_MATCH_H

#include <linehook/base.h>

#define COMMAND_PROGRAMS_MAX 8

/* Names a plugin's list may have; borrowed from the words. */
struct command_programs {
	struct lhk_str names[COMMAND_PROGRAMS_MAX]; /* best first */
	size_t n;
};

/* ARGV ends with NULL. */
void command_match_programs (const char *const *argv,
			     struct command_programs *ret);

/* Is one of them in LIST (NULL-terminated, or NULL)? */
int command_match (const struct command_programs *p, const char *const *list);

#endif /* PLUGIN_COMMAND_MATCH_H */
