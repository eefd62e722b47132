/* SPDX-License-Identifier: MIT */
/*
 * records.h - what the subcommands on records of runs share: where the store
 * is, one operand that names a run, answers on stdout.
 */
#ifndef CLI_RECORDS_RECORDS_H
#define CLI_RECORDS_RECORDS_H

#include <linehook/record.h>

#include "cli/cli.h"
#include "cli/output/stdout.h"

/* The struct of a subcommand's options begins with it. */
struct records_options {
	const char *run_dir; /* NULL: the user's own */
	int32_t json, format;
	uint32_t start_ms; /* RECORDS_START_UNSET: --for-start is not given */
};

#define RECORDS_START_UNSET UINT32_MAX

/* --run-dir, for structs that begin with a struct records_options. */
extern const struct opt records_store_opts[];

/* --format and --json, likewise, for subcommands that print something else for
 * people. */
extern const struct opt records_output_opts[];

/* --json alone, for those that have more formats. */
extern const struct opt records_json_opts[];

/* --for-start, likewise, for subcommands that wait for a run; start_ms is
 * RECORDS_START_UNSET before. */
extern const struct opt records_start_opts[];

/* How long to wait for a run that is not there yet, in milliseconds; 0: not at
 * all. */
uint32_t records_start_ms (const struct records_options *o);

/* Is a person to read what is printed: is it asked for, or is stdout a terminal
 * and nothing else asked for?  1 or 0. */
int records_is_for_people (const struct records_options *o);

/* The check of an OPT_TEXT: is it a word for --include? */
const char *records_check_include (const char *value);

/* The directory RUN_DIR, made absolute, or lhk_store_default_path for NULL.
 * *RET is freed by the caller.  LHK_OK, LHK_EINVAL or LHK_ENOMEM with a
 * sentence. */
int records_store_path (const char *run_dir, char **ret, struct lhk_error *err);

/* One subcommand at work. */
struct records_call {
	const struct cli_command *self;
	struct opt_operands operands;
	struct lhk_store *store;
	char *dir;	 /* of the store */
	const char *run; /* the operand, if there is one; its id, once found */
	char id[LHK_RECORD_ID_MAX + 1];
};

/* The first operand, which with OPT_ONE_OPERAND or OPT_SOME_OPERANDS must be
 * there, or NULL.  -1: go on; else the exit status, after the sentence was
 * printed. */
int records_run_operand (const struct cli_command *self,
			 const struct opt_operands *operands, const char **ret);

/*
 * Find the run that the operand names: its id, the beginning of that, or
 * `latest'.  -1: go on; else the exit status, after the sentence was printed.
 */
int records_find_run (struct records_call *c);

/* The same for a run that O waits for.  One that may be about to start is named
 * by its whole id: the beginning of it could be that of an older run. */
int records_find_starting (struct records_call *c,
			   const struct records_options *o);

/*
 * Parse the arguments into TARGET, which begins with a struct records_options,
 * and open the store.  With OPT_ONE_OPERAND or OPT_SOME_OPERANDS the first
 * operand is a run, which must be there.  -1: go on; else the exit status.  Call
 * records_end in either case.
 */
int records_begin (struct records_call *c, const struct cli_command *self,
		   int argc, char **argv, void *target);
void records_end (struct records_call *c);

/* WORD names no run, says ERR: add the run that was probably meant, if one of the
 * newest has a like id. */
void records_suggest (struct lhk_store *store, const char *word,
		      struct lhk_error *err);

/* Write the sentence of an error of the library.  Its exit status. */
int records_fail (const struct records_call *c, const struct lhk_error *err);

/* Print a text and a newline. */
void records_print (const struct lhk_str *text);

#endif /* CLI_RECORDS_RECORDS_H */
