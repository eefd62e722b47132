/* SPDX-License-Identifier: MIT */
/*
 * async_stdio.h - standard output and standard error of a subcommand that
 * supervises something.
 *
 * Once opened, neither makes its writer wait: what a slow reader has not taken
 * is kept in memory and in a file without a name.  At the end the reader is
 * waited for; after a signal it is given up when it takes nothing for 5 s, or
 * by the next signal.  Before that, and where it cannot be opened (a closed
 * descriptor, no memory), writes block.
 *
 * Errors of standard output are treated as everywhere in the program.  Errors of
 * standard error are not reported: there is nowhere to.
 */
#ifndef CLI_OUTPUT_ASYNC_STDIO_H
#define CLI_OUTPUT_ASYNC_STDIO_H

#include <stdarg.h>

#include <linehook/base.h>

#include "cli/output/main_loop.h"
#include "cli/output/terminal_json.h"

struct async_stdio {
	const char *who;	 /* the subcommand, for sentences */
	struct main_loop *loop;	 /* borrowed; NULL: not opened */
	const char *consequence; /* what a lost output means, behind "; " */
	struct async_writer *out, *err; /* NULL: writes block */
	struct terminal_json json; /* off, until the owner says otherwise */
	unsigned int n_settled;	   /* signals that came before the last byte */
	unsigned int n_reported;   /* signals that WAITING was called for */

	/* Hooks, or NULL, set by the owner after async_stdio_init.  WRITE_ERR
	 * gets sentences instead of async_stdio_write_err.  WAITING: a signal
	 * has come while BYTES wait for the reader of standard output. */
	void (*write_err) (void *user, const char *data, size_t len);
	void (*waiting) (void *user, uint64_t bytes);
	void *user;
};

void async_stdio_init (struct async_stdio *s, const char *who);

/* From now on writes do not block.  LOOP is borrowed until async_stdio_close;
 * DIR is for what waits, NULL: /tmp. */
void async_stdio_open (struct async_stdio *s, struct main_loop *loop,
		       const char *dir);

/* Functions that a struct outbuf wants; USER is the struct async_stdio. */
void async_stdio_write_out (void *user, const char *data, size_t len);
void async_stdio_write_err (void *user, const char *data, size_t len);

/* A sentence on stderr, as cli_say has them. */
void async_stdio_say (struct async_stdio *s, const char *fmt, ...)
	LHK_PRINTF (2, 3);

/* The same without the subcommand, and a text that is known to be harmless. */
void async_stdio_print (struct async_stdio *s, const char *fmt, ...)
	LHK_PRINTF (2, 3);

/* Bytes that wait for the reader of standard output. */
uint64_t async_stdio_out_waiting (const struct async_stdio *s);

/* No more output comes: wait for the reader of standard output, or stop
 * waiting as said above.  What is lost is reported. */
void async_stdio_finish_out (struct async_stdio *s);

/* The same for standard error, and standard output if that is left.  Writes
 * block afterwards. */
void async_stdio_close (struct async_stdio *s);

#endif /* CLI_OUTPUT_ASYNC_STDIO_H */
