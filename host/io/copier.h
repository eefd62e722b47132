/* SPDX-License-Identifier: MIT */
/*
 * copier.h - bytes from a descriptor into a pipe, as they come.
 *
 * The pipe holds all bytes that are under way, and its room is what slows the
 * source down: nothing is read that cannot be written at once.
 */
#ifndef IO_COPIER_H
#define IO_COPIER_H

#include "io/loop.h"

struct copier {
	struct loop *loop;
	struct loop_source from, to;
	int from_fd, to_fd; /* owned; -1: it has ended */
	/* A reading end of the pipe, so that a write never finds none: SIGPIPE
	 * would end an embedder. */
	int keep_fd;
	int is_socket;
	int reads_at_once; /* a read never waits */
	void (*ended) (void *user, int sys_errno);
	void *user;
};

/* clang-format off */
#define COPIER_INIT \
	{ .from = LOOP_SOURCE_INIT, .to = LOOP_SOURCE_INIT, \
	  .from_fd = -1, .to_fd = -1, .keep_fd = -1 }
/* clang-format on */

/* Is FD one that is copied: a pipe, a socket or a terminal?  0: reading it never
 * waits, or -1 with errno. */
int copier_is_for (int fd);

/*
 * Begin to copy from FD, which stays its owner's, and its flags as they are.
 * *RET_FD is the blocking end of the pipe to read from, for the caller to close.
 * At the end of the source, and after a failure, the pipe ends, and ENDED gets 0
 * or an errno.  0, or -1 with errno.
 */
int copier_start (struct copier *c, struct loop *l, int fd, int *ret_fd,
		  void (*ended) (void *user, int sys_errno), void *user);

/* End it; what is in the pipe stays there.  It may be called again.  FORKED 1:
 * this is a child of the process that owns the loop, and the loop stays as it
 * is. */
void copier_stop (struct copier *c, int forked);

#endif /* IO_COPIER_H */
