/* SPDX-License-Identifier: MIT */
/*
 * command_match.h - which programs a command runs, behind env, npx and such.
 *
 * Only the words of the command count: nothing is looked up in PATH or on
 * disk.
 */
#ifndef PLUGIN_COMMAND_MATCH_H
#define PLUGIN_COMMAND_MATCH_H

#include <linehook/base.h>

#define COMMAND_PROGRAMS_MAX 8

/* The names that a plugin may have in its list; they point into ARGV. */
struct command_programs {
	struct lhk_str names[COMMAND_PROGRAMS_MAX]; /* the best ones first */
	size_t n;
};

/* ARGV ends with NULL and must outlive *RET. */
void command_match_programs (const char *const *argv,
			     struct command_programs *ret);

/* Is one of the names in LIST (it ends with NULL, or is NULL)?  1 or 0. */
int command_match (const struct command_programs *p, const char *const *list);

#endif /* PLUGIN_COMMAND_MATCH_H */
