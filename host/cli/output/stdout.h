/* SPDX-License-Identifier: MIT */
/*
 * stdout.h - standard output, with one rule for every subcommand.
 *
 * A write that fails (a full disk, a closed descriptor) is one sentence on
 * stderr and turns the exit status 0 into 125.  A reader that has gone has
 * seen what it wanted: that is no error, and ends the printing.  Either way
 * what follows is dropped.  A closed stdout is noticed by the first write, so
 * it is an error only if something was to be printed.
 *
 * Bytes wait in a buffer until stdout_flush; a descriptor that does not block
 * is waited for.  On a terminal, what could do something to it is escaped as in
 * JSON.
 */
#ifndef CLI_OUTPUT_STDOUT_H
#define CLI_OUTPUT_STDOUT_H

#include <stddef.h>

#include <linehook/base.h>

void stdout_put (const char *data, size_t len);
void stdout_printf (const char *fmt, ...) LHK_PRINTF (1, 2);

/* The function that a struct outbuf wants; USER is not used. */
void stdout_write (void *user, const char *data, size_t len);

/* Write what waits, however long that takes.  As stdout_is_taken. */
int stdout_flush (void);

/* 0: nobody takes what is written any more. */
int stdout_is_taken (void);

/* The errno of the write that failed; 0: none did, or the reader has gone. */
int stdout_error (void);

/* For bytes that go to the descriptor by another way: SYS_ERRNO ended it.
 * Only the first error counts. */
void stdout_fail (int sys_errno);

/* The sentence about the failure has been written. */
void stdout_set_reported (void);

/*
 * At the end of the subcommand WHO, or of the program (NULL): flush, write the
 * sentence if there is one to write.  STATUS, or 125 if that is 0 and a write
 * has failed.
 */
int stdout_finish (const char *who, int status);

#endif /* CLI_OUTPUT_STDOUT_H */
