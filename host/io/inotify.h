/* SPDX-License-Identifier: MIT */
/*
 * inotify.h - who wants to know when a file grows, or a writer of it leaves.
 *
 * One inotify for all files of a loop, made by the first of them: the kernel
 * gives a user few.  A file that cannot be watched is looked at by a timer.
 */
#ifndef IO_INOTIFY_H
#define IO_INOTIFY_H

struct loop;

/* Inside its owner. */
struct inotify_watch {
	struct inotify_watch *next;
	int wd;	 /* -1: not watched */
	int due; /* it happened since it was last told */
	void (*grew) (struct inotify_watch *w);
};

/* Watch the file open as FD.  0, or -1 with errno. */
int inotify_watch_add (struct loop *l, struct inotify_watch *w, int fd);

/* The directory open as FD: a name was moved into it. */
int inotify_watch_add_dir (struct loop *l, struct inotify_watch *w, int fd);

void inotify_watch_remove (struct loop *l, struct inotify_watch *w);

void inotify_watch_free (struct loop *l, int forked);

#endif /* IO_INOTIFY_H */
