/* SPDX-License-Identifier: MIT */
/*
 * inotify.h - files that are watched for growth, and for writers that close.
 *
 * All watches of a loop share one inotify descriptor, which the first of them
 * makes: the kernel gives a user few of them.
 */
#ifndef IO_INOTIFY_H
#define IO_INOTIFY_H

struct loop;

/* Inside its owner. */
struct inotify_watch {
	struct inotify_watch *next;
	int wd;	 /* -1: not watched */
	int due; /* an event came since grew was last called */
	void (*grew) (struct inotify_watch *w);
};

/* Watch the file open as FD.  0, or -1 with errno. */
int inotify_watch_add (struct loop *l, struct inotify_watch *w, int fd);

/* Watch the directory open as FD for names that are moved into it. */
int inotify_watch_add_dir (struct loop *l, struct inotify_watch *w, int fd);

void inotify_watch_remove (struct loop *l, struct inotify_watch *w);

/* Free what the watches of a loop share, before loop_free.  FORKED as there. */
void inotify_watch_free (struct loop *l, int forked);

#endif /* IO_INOTIFY_H */
