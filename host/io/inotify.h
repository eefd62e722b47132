/* SPDX-License-Identifier: MIT */
/*
 * inotify.h - watch files for growth and for writers that close them.
 *
 * All watches of a loop share one inotify descriptor, which the first watch
 * opens, because the kernel lets each user have only a few.
 */
#ifndef IO_INOTIFY_H
#define IO_INOTIFY_H

struct loop;

/* A member of the struct that owns the watch. */
struct inotify_watch {
	struct inotify_watch *next;
	int wd;	 /* -1: not watched */
	int due; /* 1: an event came since `changed' was last called */
	void (*changed) (struct inotify_watch *w);
};

/* Watch the open file FD: `changed' is called when it was written to, or closed
 * by a writer.  0, or -1 with errno. */
int inotify_watch_add (struct loop *l, struct inotify_watch *w, int fd);

/* Watch the open directory FD: `changed' is called when a file was renamed into
 * it.  0, or -1 with errno. */
int inotify_watch_add_dir (struct loop *l, struct inotify_watch *w, int fd);

void inotify_watch_remove (struct loop *l, struct inotify_watch *w);

/* Free what the watches of a loop share; call it before loop_free.  FORKED 1:
 * this is a child of the process that owns the loop. */
void inotify_watch_free (struct loop *l, int forked);

#endif /* IO_INOTIFY_H */
