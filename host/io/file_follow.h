/* SPDX-License-Identifier: MIT */
/*
 * file_follow.h - a regular file that a child writes to, read as it grows.
 *
 * A program that exits with output still queued loses it on a pipe, never on a
 * file.  The file has no name.  It is opened twice: the child appends, we read
 * at our own offset and give the disk space behind it back.
 *
 * A file has no end of file as a pipe has.  Once the child has ended, a lease
 * shows whether another process has the file open.  If none has, nobody can
 * write to it any more, and its size is final.
 */
#ifndef IO_FILE_FOLLOW_H
#define IO_FILE_FOLLOW_H

#include "io/pipe.h"
#include "io/inotify.h"

/* Disk space is given back in pieces of this size. */
#define FOLLOW_PUNCH (1u << 20)

/* Milliseconds between two reads of a file that cannot be watched. */
#define FOLLOW_POLL_MS 20

/* Reads that may fail in a row before the rest of the file is given up. */
#define FOLLOW_TRIES 10

/* The kernel reports the close of a writer before it grants a lease on the
 * file: a lease that is refused is tried again after 1, 4, 16 .. ms, at most so
 * often. */
#define FOLLOW_LEASE_TRIES 6

struct file_follower {
	struct inotify_watch watched;
	struct timer timer; /* more to read, or time to poll */
	struct loop *loop;
	struct reader_callbacks to;
	int fd;		  /* owned; -1: at its end */
	int polled;	  /* 1: the file cannot be watched */
	int closing;	  /* 1: the child has ended; look for other writers */
	int lease_tries;  /* leases refused since the file last changed */
	int last;	  /* 1: the file has no writer any more */
	int no_punch;	  /* 1: the file system cannot punch holes */
	int failures;	  /* reads that failed in a row */
	uint64_t off;	  /* read so far */
	uint64_t punched; /* given back so far */
	uint64_t limit;	  /* size of the file, if `last' */
};

/* Create a file without a name in DIR.  *RET_CHILD is the child's descriptor,
 * and the return value is ours; or -1 with errno. */
int file_follow_create (const char *dir, int *ret_child);

/* Follow the file FD, which is owned from here on. */
void file_follow_start (struct file_follower *f, struct loop *l, int fd,
			const struct reader_callbacks *to);

/* The child has ended: `end' is called as soon as no other process has the file
 * open, but not inside this call.  Where the kernel cannot tell, it is called
 * only after file_follow_finish. */
void file_follow_closing (struct file_follower *f);

/* Returns 1 if the kernel says that another process has the file open. */
int file_follow_is_held (const struct file_follower *f);

/* Returns 1 if there are bytes to read. */
int file_follow_has_more (const struct file_follower *f);

/* Take the file as it is: read to its present end, in as many turns of the loop
 * as that takes, then call `end'. */
void file_follow_finish (struct file_follower *f);

/* Close without reading; `end' is not called.  FORKED 1: this is a child of the
 * process that owns the loop. */
void file_follow_stop (struct file_follower *f, int forked);

#endif /* IO_FILE_FOLLOW_H */
