/* SPDX-License-Identifier: MIT */
/* program.h - the program that a command line names, before it is started. */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include <linehook/base.h>

/* Open the file that would be executed for NAME, for reading; ENVP has the
 * PATH, and CWD (NULL: ours) is where the search is.  A descriptor, or -1:
 * none. */
int program_open (const char *name, const char *const *envp, const char *cwd);

/*
 * Is NAME a mistake in the usage of subcommand WHO, and no program: a whole
 * command line in quotes, an option of linehook behind `--', an assignment or a
 * quoted ~?  LHK_OK, or LHK_EINVAL and a sentence.
 */
int program_check (const char *who, const char *name, const char *const *envp,
		   const char *cwd, struct lhk_error *err);

#endif /* CLI_PROGRAM_H */
