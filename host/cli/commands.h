/* SPDX-License-Identifier: MIT */
/* commands.h - the table of subcommands, in the order of `linehook help'. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

#define COMMANDS_GROUP_MAX 12
#define COMMANDS_MAX 48

struct commands_group {
	const char *title; /* NULL ends the table */
	const struct cli_command *commands[COMMANDS_GROUP_MAX]; /* ends with
								   NULL */
};

extern const struct commands_group commands_groups[];

/* The subcommand of this name, or NULL. */
const struct cli_command *commands_find (const char *name);

/* The names of all subcommands, NULL behind the last. */
void commands_names (const char *names[COMMANDS_MAX + 1]);

/* WORD is no subcommand: a sentence, and STATUS_USAGE. */
int commands_unknown (const char *word);

#endif /* CLI_COMMANDS_H */
