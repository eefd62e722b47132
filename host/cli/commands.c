/* SPDX-License-Identifier: MIT */
/* commands.c - the table of subcommands, in the order of `linehook help'. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "common/path_search.h"

/* clang-format off: a table */
const struct commands_group commands_groups[] = {
	{ "Run an agent or a tool:",
	  { &cmd_run, &cmd_filter, &cmd_tool, NULL } },
	{ "Records of runs (made by run --keep):",
	  { &cmd_runs, &cmd_show, &cmd_follow, &cmd_wait, &cmd_replay,
	    &cmd_cancel, &cmd_rm, &cmd_gc, NULL } },
	{ "Plugins and this machine:",
	  { &cmd_plugins, &cmd_check, &cmd_doctor, NULL } },
	{ "Help:", { &cmd_help, &cmd_version, &cmd_completion, NULL } },
	{ NULL, { NULL } },
};
/* clang-format on */

const struct cli_command *
commands_find (const char *name)
{
	const struct commands_group *g;
	const struct cli_command *const *c;

	for (g = commands_groups; g->title != NULL; g++)
		for (c = g->commands; *c != NULL; c++)
			if (strcmp ((*c)->name, name) == 0)
				return *c;
	return NULL;
}

void
commands_names (const char *names[COMMANDS_MAX + 1])
{
	const struct commands_group *g;
	const struct cli_command *const *c;
	size_t n = 0;

	for (g = commands_groups; g->title != NULL; g++)
		for (c = g->commands; *c != NULL && n < COMMANDS_MAX; c++)
			names[n++] = (*c)->name;
	names[n] = NULL;
}

/* Is WORD a program that `linehook run' would find? */
static int
is_program (const char *word)
{
	const char *path = getenv ("PATH");
	const char *at = NULL;
	char file[PATH_SEARCH_SIZE];

	if (word[0] == '\0' || word[0] == '-')
		return 0;
	if (path == NULL)
		path = PATH_SEARCH_DEFAULT;
	while (path_search_candidate (path, word, &at, file))
		if (access (file, X_OK) == 0)
			return 1;
	return 0;
}

/* What other programs call our subcommands. */
static const char *const others[][2] = {
	{ "list", "runs" },	{ "ls", "runs" },      { "ps", "runs" },
	{ "history", "runs" },	{ "logs", "follow" },  { "log", "follow" },
	{ "attach", "follow" }, { "tail", "follow" },  { "watch", "follow" },
	{ "stop", "cancel" },	{ "kill", "cancel" },  { "abort", "cancel" },
	{ "remove", "rm" },	{ "delete", "rm" },    { "del", "rm" },
	{ "prune", "gc" },	{ "clean", "gc" },     { "cleanup", "gc" },
	{ "exec", "run" },	{ "start", "run" },    { "status", "show" },
	{ "inspect", "show" },	{ "parse", "filter" }, { "rerun", "replay" },
};

/* The subcommand that WORD was probably meant to be, or NULL. */
static const char *
nearest_command (const char *word)
{
	const char *names[COMMANDS_MAX + 1];
	size_t i;

	for (i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strcmp (others[i][0], word) == 0)
			return others[i][1];
	commands_names (names);
	return opt_nearest (word, names);
}

int
commands_unknown (const char *word)
{
	static const char *const options[] = { "help", "version", NULL };
	const char *near = nearest_command (word);

	if (word[0] == '-')
		near = opt_nearest (word + strspn (word, "-"), options);
	if (word[0] == '-' && near != NULL)
		cli_say (NULL, "unknown option '%.60s'; did you mean '--%s'?",
			 word, near);
	else if (word[0] == '-')
		cli_say (NULL,
			 "unknown option '%.60s'; options go after the "
			 "subcommand ('linehook help' lists the subcommands)",
			 word);
	else if (near != NULL)
		cli_say (NULL, "unknown subcommand '%.60s'; did you mean '%s'?",
			 word, near);
	else if (is_program (word))
		cli_say (NULL,
			 "unknown subcommand '%.60s'; to run that program, "
			 "write linehook run -- %.60s",
			 word, word);
	else
		cli_say (NULL,
			 "unknown subcommand '%.60s'; 'linehook help' lists "
			 "the subcommands",
			 word);
	return STATUS_USAGE;
}
