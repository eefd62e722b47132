/* SPDX-License-Identifier: MIT */
/*
 * async_writer.h - output to a descriptor that never makes its writer wait.
 *
 * What the consumer does not take at once waits in a backlog and goes on when
 * the loop finds the descriptor writable.  A consumer that has gone, or a full
 * disk, is noticed once; what comes after is dropped.  SIGPIPE is to be
 * ignored by whoever uses this.
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

/* FD stays the caller's and open.  DIR is for the backlog. */
int async_writer_new (const struct lhk_alloc *alloc, struct loop *loop, int fd,
		      const char *dir, struct async_writer **ret,
		      struct lhk_error *err);

/* USER is the spill: fits struct outbuf. */
void async_writer_write (void *user, const char *data, size_t len);

/* 0, or the errno that ended the output. */
int async_writer_error (const struct async_writer *s);

/* Bytes that wait. */
uint64_t async_writer_waiting (const struct async_writer *s);

/* Bytes that could not be kept for want of memory and disk. */
uint64_t async_writer_lost (const struct async_writer *s);

/* Write what waits, as long as there is a consumer.  LHK_OK when nothing
 * waits or the consumer has gone; LHK_AGAIN when a signal came: call again or
 * give up. */
int async_writer_finish (struct async_writer *s);

/* What still waits is dropped. */
void async_writer_free (struct async_writer *s);

#endif /* IO_ASYNC_WRITER_H */
