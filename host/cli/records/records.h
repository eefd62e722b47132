/* SPDX-License-Identifier: MIT */
/*
 * records.h - what the subcommands on kept runs share: where the store is, one
 * operand that names a run, answers on stdout.
 */
#ifndef CLI_RECORDS_RECORDS_H
#define CLI_RECORDS_RECORDS_H

#include <linehook/record.h>

#include "cli/cli.h"
#include "cli/output/stdout.h"

/* Struct of a subcommand's options begins with it. */
struct kept_options {
	const char *run_dir; /* NULL: the user's own */
};

#define KEPT_INCLUDE_WANT "state (nothing else can be included)"

/* --run-dir, for structs that begin with a struct kept_options. */
extern const struct opt kept_store_opts[];

/* For OPT_TEXT: the word behind --include. */
const char *records_check_include (const char *value);

/* The directory of --run-dir, or ${XDG_STATE_HOME:-~/.local/state}/linehook/
 * runs, absolute.  LHK_OK, or LHK_EINVAL with a sentence. */
int records_store_path (const char *run_dir, char **ret, struct lhk_error *err);

/* One subcommand: words parsed into TARGET, which begins with a struct
 * kept_options; RUN 1: exactly one operand, the run. */
struct kept_call {
	const struct cli_command *self;
	struct opt_operands words;
	struct lhk_store *store;
	const char *run; /* with RUN */
};

/* -1: go on; else the exit status.  records_end in either case. */
int records_begin (struct kept_call *c, const struct cli_command *self,
		   int argc, char **argv, void *target, int run);
void records_end (struct kept_call *c);

/* An error of the library, said: its exit status. */
int records_fail (const struct kept_call *c, const struct lhk_error *err);

/* Print a text and a newline. */
void records_print (const struct lhk_str *text);

#endif /* CLI_RECORDS_RECORDS_H */
