/* SPDX-License-Identifier: MIT */
/* main.c - the program `linehook': a table of subcommands. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/output/stdout.h"
#include "cli/output/table.h"
#include "common/macros.h"

static const struct cli_command *const commands[] = {
	&cmd_run,    &cmd_filter, &cmd_tool,   &cmd_plugins, &cmd_check,
	&cmd_runs,   &cmd_show,	  &cmd_follow, &cmd_wait,    &cmd_replay,
	&cmd_cancel, &cmd_rm,	  &cmd_gc,     &cmd_doctor,
};

#define N_COMMANDS ARRAY_SIZE (commands)

static const struct table_column columns[] = {
	{ NULL, 0, 0 }, /* "linehook" */
	{ NULL, 0, 7 }, /* name */
	{ NULL, 0, 0 }, /* synopsis */
};

static const struct table_layout layout = {
	.columns = columns,
	.n_columns = ARRAY_SIZE (columns),
	.indent = 2,
	.gap = 1,
};

static void
list_commands (void)
{
	static struct table t;
	char summary[160];
	size_t i;

	table_init (&t, &layout);
	for (i = 0; i < N_COMMANDS; i++) {
		const char *const cells[ARRAY_SIZE (columns)] = {
			"linehook",
			commands[i]->name,
			commands[i]->synopsis,
		};

		table_add (&t, cells, ARRAY_SIZE (cells));
		snprintf (summary, sizeof summary, "      %s",
			  commands[i]->summary);
		table_add_line (&t, summary);
	}
	table_show (&t, 0);
	table_free (&t);
}

static void
help_of_all (void)
{
	stdout_printf (
		"usage: linehook SUBCOMMAND [OPTIONS] ..\n"
		"One bounded, uniform event stream and one verdict from any "
		"agent CLI.\n\n");
	list_commands ();
	stdout_printf (
		"  linehook --version\n"
		"  linehook SUBCOMMAND --help\n\n"
		"Exit status: 0 ok, 1 failed, 2 usage, 3 limit, 4 refused, "
		"5 truncated,\n"
		"124 timeout or stalled, 125 failure of linehook, "
		"126 or 127 not started,\n"
		"128 + signal canceled or killed, 137 out of memory.  "
		"See linehook(1).\n");
}

static int
no_such_command (const char *word)
{
	const char *names[N_COMMANDS + 1];
	const char *near;
	size_t i;

	for (i = 0; i < N_COMMANDS; i++)
		names[i] = commands[i]->name;
	names[N_COMMANDS] = NULL;
	near = opt_nearest (word, names);
	cli_say (NULL, "'%.60s': no such %s%s%s%s (linehook --help lists them)",
		 word, word[0] == '-' ? "option" : "subcommand",
		 near == NULL ? "" : ", did you mean '",
		 near == NULL ? "" : near, near == NULL ? "" : "'?");
	return STATUS_USAGE;
}

/*
 * A standard descriptor that is closed would be given to the next file that
 * is opened, which then would get our output.  What is put in its place
 * refuses every read and write as the closed one would have.
 */
static void
hold_standard_descriptors (void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl (fd, F_GETFD) < 0 && errno == EBADF)
			(void) !open ("/dev/null",
				      fd == 0 ? O_WRONLY : O_RDONLY);
}

static int
dispatch (int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		cli_say (NULL, "a subcommand is missing (linehook --help "
			       "lists them)");
		return STATUS_USAGE;
	}
	if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0) {
		help_of_all ();
		return 0;
	}
	if (strcmp (argv[1], "--version") == 0) {
		stdout_printf ("linehook %s\n", lhk_version ());
		return 0;
	}
	for (i = 0; i < N_COMMANDS; i++)
		if (strcmp (argv[1], commands[i]->name) == 0)
			return commands[i]->run (commands[i], argc - 2,
						 argv + 2);
	return no_such_command (argv[1]);
}

int
main (int argc, char **argv)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	int status;

	hold_standard_descriptors ();
	/* A write to a closed pipe shall fail with EPIPE, not kill us. */
	sigaction (SIGPIPE, &ignore, NULL);
	/* So is a limit on the size of files. */
	sigaction (SIGXFSZ, &ignore, NULL);
	status = dispatch (argc, argv);
	return stdout_finish (argc > 1 && argv[1][0] != '-' ? argv[1] : NULL,
			      status);
}
