/* SPDX-License-Identifier: MIT */
/*
 * cli.h - what the files of the program share.
 *
 * stdout carries only what was asked for.  A sentence on stderr is
 * `linehook: SUBCOMMAND: ..', one line, said by the subcommand itself;
 * everything the library reports is a log record (log.h).
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdarg.h>
#include <stdio.h>

#include <linehook/base.h>

#include "cli/opt/opt.h"

/* Exit statuses that are no verdict's. */
#define STATUS_USAGE 2
#define STATUS_HOST 125

struct cli_command {
	const char *name;
	const char *synopsis; /* behind the name */
	const char *summary;
	/* ARGV behind the name; returns the exit status. */
	int (*run) (const struct cli_command *self, int argc, char **argv);
	const struct opt_group *groups;
	const char *notes;  /* last lines of the help, or NULL */
	unsigned int flags; /* OPT_* */
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
extern const struct cli_command cmd_gc;

/* `linehook: WHO: sentence' on stderr; WHO may be NULL.  Control bytes become
 * '?': what was typed cannot forge a line. */
void cli_say (const char *who, const char *fmt, ...) LHK_PRINTF (2, 3);

/* The same line in BUF, cut where it ends; its length. */
size_t cli_sentence (char *buf, size_t size, const char *who, const char *fmt,
		     va_list args) LHK_PRINTF (4, 0);

/*
 * Parse the words of a subcommand.  -1: go on; else the exit status, after
 * the help (0) or the sentence (2) was printed.  WORDS are to be freed in
 * either case.
 */
int cli_parse (const struct cli_command *self, int argc, char **argv,
	       void *target, struct opt_operands *words);

#endif /* CLI_CLI_H */
