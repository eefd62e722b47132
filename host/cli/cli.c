/* SPDX-License-Identifier: MIT */
/* cli.c - what every subcommand needs: its options and its help. */
#include "config.h"

#include <unistd.h>

#include "cli/cli.h"
#include "cli/output/stdout.h"
#include "cli/output/terminal_caps.h"

#define WIDTH_MAX 100
#define WIDTH_DEFAULT 79

unsigned int
cli_help_width (void)
{
	unsigned int n = WIDTH_DEFAULT;

	if (isatty (STDOUT_FILENO))
		n = terminal_columns (STDOUT_FILENO);
	return n < WIDTH_MAX ? n : WIDTH_MAX;
}

void
cli_help (const struct cli_command *c)
{
	static struct outbuf out;

	stdout_printf ("%s\n\nUsage: linehook %s%s%s\n", c->summary, c->name,
		       c->synopsis[0] == '\0' ? "" : " ", c->synopsis);
	outbuf_init (&out, stdout_write, NULL);
	opt_help (c->groups, &out, cli_help_width ());
	outbuf_flush (&out);
	if (c->example != NULL)
		stdout_printf ("\nExample:\n  %s\n", c->example);
	if (c->notes != NULL)
		stdout_printf ("\n%s", c->notes);
}

int
cli_parse (const struct cli_command *self, int argc, char **argv, void *target,
	   struct opt_operands *operands)
{
	struct lhk_error err = { 0, 0, "" };

	return cli_parse_why (self, argc, argv, target, operands, &err);
}

int
cli_parse_why (const struct cli_command *self, int argc, char **argv,
	       void *target, struct opt_operands *operands,
	       struct lhk_error *err)
{
	int r;

	r = opt_parse (self->groups, self->flags, argc, argv, target, operands,
		       err);
	if (r == LHK_OK)
		return -1;
	if (r == LHK_END) {
		cli_help (self);
		return 0;
	}
	cli_say (self->name, "%s", err->text);
	return r == LHK_ENOMEM ? STATUS_HOST : STATUS_USAGE;
}
