/* SPDX-License-Identifier: MIT */
/*
 * async_writer.h - output to a descriptor that never makes its writer wait.
 *
 * What the reader does not take at once waits in a spool, and is written when
 * the loop finds the descriptor writable.  The first error (the reader has
 * gone, the disk is full) ends the output, and what comes after is dropped.
 * The caller has to ignore SIGPIPE.
 *
 * The open file behind the descriptor may be shared with others (the shell, a
 * terminal), so its flags are never touched: a pipe or terminal is opened once
 * more, a socket is written with a flag of its own, and where neither can be
 * done, writes of at most PIPE_BUF follow a poll.
 */
#ifndef IO_ASYNC_WRITER_H
#define IO_ASYNC_WRITER_H

#include "io/loop.h"

struct async_writer;

/* FD stays the caller's and must stay open.  DIR holds the file of the spool.
 * LHK_OK, or LHK_ENOMEM with a sentence. */
int async_writer_new (const struct lhk_alloc *alloc, struct loop *loop, int fd,
		      const char *dir, struct async_writer **ret,
		      struct lhk_error *err);

/* Write or queue all of DATA.  USER is the writer: the function fits struct
 * outbuf. */
void async_writer_write (void *user, const char *data, size_t len);

/* 0, or the errno that ended the output. */
int async_writer_error (const struct async_writer *w);

/* Bytes that wait for the reader. */
uint64_t async_writer_waiting (const struct async_writer *w);

/* Bytes that were dropped for want of memory and disk. */
uint64_t async_writer_lost (const struct async_writer *w);

/* Write what waits, blocking.  LHK_OK when nothing waits any more or the output
 * has ended; LHK_AGAIN when a signal came: call again or give up. */
int async_writer_finish (struct async_writer *w);

/* What still waits is dropped.  NULL is fine. */
void async_writer_free (struct async_writer *w);

#endif /* IO_ASYNC_WRITER_H */
