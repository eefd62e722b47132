/* SPDX-License-Identifier: MIT */
/* main.c - the program `linehook'. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/output/stdout.h"
#include "common/macros.h"

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

/* Options that stand for a subcommand. */
static const struct {
	const char *option;
	const struct cli_command *command;
} aliases[] = {
	{ "--help", &cmd_help },
	{ "-h", &cmd_help },
	{ "--version", &cmd_version },
	{ "-V", &cmd_version },
};

static int
dispatch (int argc, char **argv)
{
	const struct cli_command *c;
	size_t i;

	if (argc < 2) {
		cli_say (NULL, "a subcommand is missing; 'linehook help' lists "
			       "the subcommands");
		return STATUS_USAGE;
	}
	c = commands_find (argv[1]);
	for (i = 0; i < ARRAY_SIZE (aliases) && c == NULL; i++)
		if (strcmp (aliases[i].option, argv[1]) == 0)
			c = aliases[i].command;
	if (c == NULL)
		return commands_unknown (argv[1]);
	return c->run (c, argc - 2, argv + 2);
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
