/* SPDX-License-Identifier: MIT */
/*
 * file_follow.h - a regular file that a child writes to, read as it grows.
 *
 * A program that exits with output still queued loses it on a pipe, never on a
 * file.  The file has no name.  It is opened twice: the child appends, we read
 * at our own offset and give the disk space behind it back.
 *
 * A file has no end as a pipe has.  Once the child has gone, the kernel is asked
 * whether anybody else has the file open.  If not, nobody can write to it any
 * more, and what is there is all there will be.
 */
#ifndef IO_FILE_FOLLOW_H
#define IO_FILE_FOLLOW_H

#include "io/pipe.h"
#include "io/inotify.h"

/* Disk space is given back in pieces of this size. */
#define FOLLOW_PUNCH (1u << 20)

/* Milliseconds between two reads of a file that cannot be watched. */
#define FOLLOW_POLL_MS 20

/* Failures of reading, in a row, before the rest is given up. */
#define FOLLOW_TRIES 10

/* The close of a writer is reported before the kernel has dropped its lease: the
 * kernel is asked again after 1, 4, 16 .. ms, so many times. */
#define FOLLOW_LEASE_TRIES 6

struct file_follower {
	struct inotify_watch watched;
	struct timer timer; /* more to read, or time to poll */
	struct loop *loop;
	struct reader_callbacks to;
	int fd;		  /* owned; -1: at its end */
	int polled;	  /* it cannot be watched */
	int closing;	  /* the child has gone: other writers are asked for */
	int lease_tries;  /* in vain, since something happened to it */
	int last;	  /* nobody writes any more */
	int no_punch;	  /* disk space cannot be given back here */
	int failures;	  /* of reading, in a row */
	uint64_t off;	  /* read so far */
	uint64_t punched; /* given back so far */
	uint64_t limit;	  /* where it ends, if `last' */
};

/* A file without a name in DIR: *RET_CHILD is the child's descriptor, the
 * return value ours; or -1 with errno. */
int file_follow_create (const char *dir, int *ret_child);

/* FD is owned from here on. */
void file_follow_start (struct file_follower *f, struct loop *l, int fd,
			const struct reader_callbacks *to);

/* The child has gone: `end' is called as soon as nobody else has the file open,
 * not inside this call.  Where the kernel cannot tell, it is called only after
 * file_follow_finish. */
void file_follow_closing (struct file_follower *f);

/* 1 if the kernel says that somebody else has the file open. */
int file_follow_is_held (const struct file_follower *f);

/* Are there bytes to read? */
int file_follow_has_more (const struct file_follower *f);

/* Nobody writes any more: read what there is, over as many turns as it takes,
 * then call `end'. */
void file_follow_finish (struct file_follower *f);

void file_follow_stop (struct file_follower *f, int forked);

#endif /* IO_FILE_FOLLOW_H */
