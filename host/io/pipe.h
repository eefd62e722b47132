/* SPDX-License-Identifier: MIT */
/*
 * pipe.h - the reading end of a pipe that a child writes to.
 */
#ifndef IO_PIPE_H
#define IO_PIPE_H

#include "io/loop.h"

/* What a reader lost or may lose. */
enum reader_trouble {
	READER_HOLE,	  /* N bytes of a file were never written: skipped */
	READER_SHRUNK,	  /* the file was cut behind us, at N bytes */
	READER_CUT,	  /* N bytes were not read: the reader was ended */
	READER_DISK_FULL, /* N is the errno of more room for the file */
	READER_TROUBLES
};

/* What a reader calls.  DATA is borrowed for the call. */
struct reader_callbacks {
	void (*data) (void *user, const char *data, size_t len);
	void (*end) (void *user); /* end of file, once */
	/* Reading failed, and what follows is lost.  `end' is called next.
	 * NULL: the error is not reported. */
	void (*failed) (void *user, int sys_errno);
	void *user;
	/* NULL: it is not reported. */
	void (*trouble) (void *user, enum reader_trouble what, uint64_t n);
};

struct pipe_reader {
	struct loop_source source;
	struct loop *loop;
	struct reader_callbacks to;
	int fd;	   /* owned; -1: at its end */
	int grown; /* 1: fd_grow_pipe has tried to enlarge the pipe */
};

/* Read FD, a non-blocking pipe, whenever the loop finds it readable.  The
 * reader owns FD from here on, also on failure.  0, or -1 with errno. */
int pipe_start (struct pipe_reader *p, struct loop *l, int fd,
		const struct reader_callbacks *to);

/* Returns 1 if some process still has the writing end open. */
int pipe_is_held (const struct pipe_reader *p);

/* Returns 1 if there are bytes to read. */
int pipe_has_more (const struct pipe_reader *p);

/* Read what is in the pipe now, at most what it can hold, and close it, also if
 * the writing end is still open somewhere.  `end' is called inside this
 * call. */
void pipe_finish (struct pipe_reader *p);

/* Close without reading; `end' is not called.  FORKED 1: this is a child of the
 * process that owns the loop, and the loop stays as it is. */
void pipe_stop (struct pipe_reader *p, int forked);

#endif /* IO_PIPE_H */
