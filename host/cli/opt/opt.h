/* SPDX-License-Identifier: MIT */
/*
 * opt.h - the command line by tables.
 *
 * A subcommand has groups of options; each option names the member where its
 * value goes in one struct of the subcommand's own.  Help texts come from the
 * same tables.  Every mistake is one sentence that names the word and says what
 * is allowed.
 *
 *	--name VALUE  --name=VALUE  -n VALUE  -nVALUE  -qv  --
 *
 * An option whose value is optional has it as --name=VALUE alone.
 */
#ifndef CLI_OPT_OPT_H
#define CLI_OPT_OPT_H

#include "cli/opt/option.h"
#include "common/outbuf.h"

struct opt_operands {
	const char **items; /* NULL-terminated; borrowed from argv */
	size_t n;
};

enum {
	OPT_MIXED = 1 << 0,	    /* options may follow operands */
	OPT_NO_OPERAND = 1 << 1,    /* none is wanted */
	OPT_ONE_OPERAND = 1 << 2,   /* one at the most */
	OPT_SOME_OPERANDS = 1 << 3, /* one at least */
	OPT_COMMAND_LINE = 1 << 4 /* operands are a command and its arguments */
};

/*
 * Parse the ARGC arguments behind the subcommand, ARGV.  Operands go to *RET
 * (its array: opt_operands_free).  LHK_OK; LHK_END: --help was given;
 * LHK_EINVAL or LHK_ENOMEM with a sentence in ERR.
 */
int opt_parse (const struct opt_group *groups, unsigned int flags, int argc,
	       char **argv, void *target, struct opt_operands *ret,
	       struct lhk_error *err);
void opt_operands_free (struct opt_operands *operands);

/* Write the tables, for people, in lines of at most WIDTH terminal columns. */
void opt_help (const struct opt_group *groups, struct outbuf *to, size_t width);

#endif /* CLI_OPT_OPT_H */
