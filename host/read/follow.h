/* SPDX-License-Identifier: MIT */
/*
 * follow.h - a regular file that a child writes to, read as it grows.
 *
 * A program that leaves with output still queued loses it on a pipe, never on
 * a file.  The file has no name.  It is opened twice: the child appends, we
 * read at our own offset and give back the disk behind it.
 */
#ifndef READ_FOLLOW_H
#define READ_FOLLOW_H

#include "read/pipe.h"
#include "read/watch.h"

/* Disk is given back in pieces of this size. */
#define FOLLOW_PUNCH (1u << 20)

/* Between two looks at a file that cannot be watched. */
#define FOLLOW_POLL_MS 20

struct follower {
	struct watched watched;
	struct timer timer;	/* more to read, or time to look */
	struct loop *loop;
	struct intake to;
	int fd;			/* owned; -1: at its end */
	int polled;		/* cannot be watched */
	int last;		/* nobody writes any more */
	int full;		/* no disk given back: not to be had */
	uint64_t off;		/* read so far */
	uint64_t punched;	/* given back so far */
	uint64_t limit;		/* with last: where it ends */
};

/* A file without a name in DIR: *RET_CHILD is the child's descriptor, the
 * return value ours; or -1 with errno. */
int follow_create (const char *dir, int *ret_child);

/* FD is owned from here on. */
void follow_start (struct follower *f, struct loop *l, int fd,
		   const struct intake *to);

/* Nobody writes any more: read what there is, over as many turns as it takes,
 * then `end'. */
void follow_finish (struct follower *f);

void follow_stop (struct follower *f, int forked);

#endif /* READ_FOLLOW_H */
