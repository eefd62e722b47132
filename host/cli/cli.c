/* SPDX-License-Identifier: MIT */
/* cli.c - what every subcommand needs: its options and its help. */
#include "config.h"

#include "cli/cli.h"
#include "cli/output/stdout.h"

static void
print_help (const struct cli_command *c)
{
	static struct outbuf out;

	stdout_printf ("usage: linehook %s %s\n%s\n", c->name, c->synopsis,
		       c->summary);
	outbuf_init (&out, stdout_write, NULL);
	opt_help (c->groups, &out);
	outbuf_flush (&out);
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
		print_help (self);
		return 0;
	}
	cli_say (self->name, "%s", err->text);
	return r == LHK_ENOMEM ? STATUS_HOST : STATUS_USAGE;
}
