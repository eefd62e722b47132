/* SPDX-License-Identifier: MIT */
/* cli.h - a subcommand: its name, its options, its help. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/opt/opt.h"
#include "cli/sentence.h"

struct cli_command {
	const char *name;
	const char *synopsis; /* behind the name */
	const char *summary;  /* a sentence that fits beside the name */
	/* ARGV behind the name; returns the exit status. */
	int (*run) (const struct cli_command *self, int argc, char **argv);
	const struct opt_group *groups;
	const char *notes;   /* last lines of the help, or NULL */
	unsigned int flags;  /* OPT_* */
	const char *example; /* a command line, or NULL */
	const char *offers;  /* what completion offers for operands, as in
				struct opt; OPT_FILES */
};

extern const struct cli_command cmd_run;
extern const struct cli_command cmd_filter;
extern const struct cli_command cmd_tool;
extern const struct cli_command cmd_plugins;
extern const struct cli_command cmd_check;
extern const struct cli_command cmd_doctor;
extern const struct cli_command cmd_runs;
extern const struct cli_command cmd_show;
extern const struct cli_command cmd_follow;
extern const struct cli_command cmd_wait;
extern const struct cli_command cmd_replay;
extern const struct cli_command cmd_cancel;
extern const struct cli_command cmd_rm;
extern const struct cli_command cmd_gc;
extern const struct cli_command cmd_help;
extern const struct cli_command cmd_version;
extern const struct cli_command cmd_completion;

/*
 * Parse the arguments of a subcommand.  -1: go on; else the exit status, after
 * the help (0) or the sentence (2) was printed.  OPERANDS are to be freed in
 * either case.
 */
int cli_parse (const struct cli_command *self, int argc, char **argv,
	       void *target, struct opt_operands *operands);

/* The same; the sentence is in ERR, too. */
int cli_parse_why (const struct cli_command *self, int argc, char **argv,
		   void *target, struct opt_operands *operands,
		   struct lhk_error *err);

/* Print the help of a subcommand. */
void cli_help (const struct cli_command *c);

/* The width of help: that of the terminal, but at most 100 columns; 79 where
 * there is none. */
unsigned int cli_help_width (void);

#endif /* CLI_CLI_H */
