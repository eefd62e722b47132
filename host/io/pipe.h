/* SPDX-License-Identifier: MIT */
/*
 * pipe.h - the reading end of a pipe that a child writes to.
 */
#ifndef IO_PIPE_H
#define IO_PIPE_H

#include "io/loop.h"

/* Where bytes go.  DATA is borrowed for the call. */
struct reader_callbacks {
	void (*data) (void *user, const char *data, size_t len);
	void (*end) (void *user); /* end of file, once */
	/* Called before `end' when reading failed: what follows is lost.  Or
	 * NULL. */
	void (*failed) (void *user, int sys_errno);
	void *user;
};

struct pipe_reader {
	struct loop_source source;
	struct loop *loop;
	struct reader_callbacks to;
	int fd;	   /* owned; -1: at its end */
	int grown; /* 1: enlarging the kernel's buffer was tried */
};

/* FD is non-blocking and owned from here on, also on failure.  0, or -1. */
int pipe_start (struct pipe_reader *p, struct loop *l, int fd,
		const struct reader_callbacks *to);

/* Does somebody still hold the writing end open? */
int pipe_is_held (const struct pipe_reader *p);

/* Are there bytes to read? */
int pipe_has_more (const struct pipe_reader *p);

/* Read what is in the pipe now, at most what it can hold, then close it,
 * whoever else still has it open. */
void pipe_finish (struct pipe_reader *p);

/* Close without reading; `end' is not called.  FORKED 1: the
 * loop is the parent's. */
void pipe_stop (struct pipe_reader *p, int forked);

#endif /* IO_PIPE_H */
