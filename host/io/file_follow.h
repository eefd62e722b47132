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
 *
 * The child can do to its file what it likes.  A hole, which costs it nothing
 * and can have any size, is skipped.  If it cuts the file (a shell that opens
 * /dev/stdout does), what follows is read from the beginning.  Room for the next
 * bytes is reserved as the file grows, and so a full disk is noticed before the
 * child's writes fail; from then on it gets the room that we give back.
 */
#ifndef IO_FILE_FOLLOW_H
#define IO_FILE_FOLLOW_H

#include "io/pipe.h"
#include "io/inotify.h"

/* Disk space is given back in pieces of this size; on a full disk, of that. */
#define FOLLOW_PUNCH (1u << 20)
#define FOLLOW_PUNCH_FULL (64u << 10)

/* Bytes that are reserved behind the end of the file. */
#define FOLLOW_RESERVE (256u << 10)

/* With less room in its directory the file lies in memory, which then has at
 * most so much of it. */
#define FOLLOW_ROOM_MIN (64ull << 20)
#define FOLLOW_MEMORY_MAX (256ull << 20)

/* The last bytes that were read are kept, and compared with the file at the next
 * read: a file that was cut and written anew, as long as it was or longer,
 * cannot be told by its size. */
#define FOLLOW_MARK 64u

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
	int fd;		   /* owned; -1: at its end */
	int polled;	   /* 1: the file cannot be watched */
	int closing;	   /* 1: the child has ended; look for other writers */
	int lease_tries;   /* leases refused since the file last changed */
	int last;	   /* 1: the file has no writer any more */
	int discard;	   /* 1: what comes is not wanted any more */
	int no_punch;	   /* 1: the file system cannot punch holes */
	int no_reserve;	   /* 1: it cannot reserve */
	int full;	   /* 1: the disk was full */
	int failures;	   /* reads that failed in a row */
	uint64_t size;	   /* of the file, when it was last looked at */
	uint64_t used;	   /* bytes of disk or memory that it had then */
	uint64_t off;	   /* read so far */
	uint64_t punched;  /* given back so far */
	uint64_t reserved; /* reserved up to here */
	uint64_t limit;	   /* size of the file, if `last' */
	size_t n_mark;
	char mark[FOLLOW_MARK]; /* the bytes before OFF */
};

/* Create a file without a name in DIR, or in memory if the disk has no room or DIR
 * is not there.
 * *RET_CHILD is the child's descriptor, and the return value is ours; or -1 with
 * errno.  *RET_ERROR is not 0 if nothing more can be written in DIR: the errno
 * that says why. */
int file_follow_create (const char *dir, int *ret_child, int *ret_error);

/* Follow the file FD, which is owned from here on. */
void file_follow_start (struct file_follower *f, struct loop *l, int fd,
			const struct reader_callbacks *to);

/* What comes from now on is not given out, and takes no room. */
void file_follow_discard (struct file_follower *f);

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

/* Do not read the rest: call `trouble' if there is one, and `end'. */
void file_follow_cut (struct file_follower *f);

/* Close without reading; `end' is not called.  FORKED 1: this is a child of the
 * process that owns the loop. */
void file_follow_stop (struct file_follower *f, int forked);

#endif /* IO_FILE_FOLLOW_H */
