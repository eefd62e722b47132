/* SPDX-License-Identifier: MIT */
/* help.c - `linehook help' and `linehook version'. */
#include "config.h"

#include <string.h>

#include "cli/commands.h"
#include "cli/output/stdout.h"
#include "cli/output/table.h"
#include "common/macros.h"

static const struct table_column columns[] = {
	{ NULL, 0, 10 },	 /* name */
	{ NULL, TABLE_WRAP, 0 }, /* summary */
};

static const struct table_layout layout = {
	.columns = columns,
	.n_columns = ARRAY_SIZE (columns),
	.indent = 2,
	.gap = 2,
};

static void
list_commands (void)
{
	static struct table t;
	const struct commands_group *g;
	const struct cli_command *const *c;

	table_init (&t, &layout);
	for (g = commands_groups; g->title != NULL; g++) {
		table_add_line (&t, "");
		table_add_line (&t, g->title);
		for (c = g->commands; *c != NULL; c++) {
			const char *const cells[ARRAY_SIZE (columns)] = {
				(*c)->name,
				(*c)->summary,
			};

			table_add (&t, cells, ARRAY_SIZE (cells));
		}
	}
	table_show (&t, cli_help_width ());
	table_free (&t);
}

static void
print_all (void)
{
	stdout_printf (
		"linehook runs agents under supervision and turns their output "
		"into one\n"
		"stream of events with one verdict.\n"
		"\n"
		"Usage: linehook SUBCOMMAND [OPTIONS] [ARGUMENTS]\n"
		"       linehook SUBCOMMAND --help\n");
	list_commands ();
	stdout_printf (
		"\n"
		"Examples:\n"
		"  linehook run --agent claude -- \"say hello\"\n"
		"  linehook run --timeout 10m -- codex exec --json \"say "
		"hello\"\n"
		"\n"
		"Exit status: 0 ok, 1 failed, 2 wrong usage, 3 limit reached, "
		"4 refused,\n"
		"5 truncated, 124 timed out, 125 linehook failed, 126 or 127 "
		"not started,\n"
		"128 + N ended by signal N.  The manual is linehook(1).\n");
}

/* What help and version have: no options but --help. */
static const struct opt_group no_groups[] = { { NULL, NULL } };

static int
run_help (const struct cli_command *self, int argc, char **argv)
{
	struct opt_operands operands = { NULL, 0 };
	int unused = 0;
	int status = cli_parse (self, argc, argv, &unused, &operands);

	if (status < 0 && operands.n == 0) {
		print_all ();
		status = 0;
	} else if (status < 0) {
		const struct cli_command *c = commands_find (operands.items[0]);

		status = 0;
		if (c != NULL)
			cli_help (c);
		else
			status = commands_unknown (operands.items[0]);
	}
	opt_operands_free (&operands);
	return status;
}

static int
run_version (const struct cli_command *self, int argc, char **argv)
{
	struct opt_operands operands = { NULL, 0 };
	int unused = 0;
	int status = cli_parse (self, argc, argv, &unused, &operands);

	if (status < 0) {
		stdout_printf ("linehook %s\n", lhk_version ());
		status = 0;
	}
	opt_operands_free (&operands);
	return status;
}

const struct cli_command cmd_help = {
	.name = "help",
	.synopsis = "[SUBCOMMAND]",
	.summary = "Explain linehook or one of its subcommands.",
	.run = run_help,
	.groups = no_groups,
	.flags = OPT_MIXED | OPT_ONE_OPERAND,
	.example = "linehook help run",
	.offers = OPT_COMMANDS,
};

const struct cli_command cmd_version = {
	.name = "version",
	.synopsis = "",
	.summary = "Print the version.",
	.run = run_version,
	.groups = no_groups,
	.flags = OPT_MIXED | OPT_NO_OPERAND,
	.example = "linehook version",
};
