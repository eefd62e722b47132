/* SPDX-License-Identifier: MIT */
/*
 * layout.h - the files of a store, and what may be believed of them.
 *
 *	STORE/			0700
 *	  index			a line a run, appended once by its host: where
 *				to look first, never the truth
 *	  ID/			0700, made by its host with mkdir: one host
 *	    lock		locked (F_OFD_SETLK, write) while its host lives
 *	    run.json		what was asked for; renamed into place at once
 *	    stdout.raw		every byte of stdout, once: the truth
 *	    stderr.raw		every byte of stderr
 *	    events.ndjson	events as lines, with line, off, len
 *	    result.json		the final result; renamed into place at the end
 *	    cancel		somebody wants it to end; renamed into place,
 *				holds the number of a signal
 *	  .gone-ID.N/		being removed
 *
 * A run has ended when result.json is there; it runs while the lock is held
 * and the process of run.json is that one; else it is lost.  What is appended
 * may end in a torn line: whoever reads stops at the last newline, and who
 * finds the run lost, and gets its lock, cuts it there.
 */
#ifndef KEEP_LAYOUT_H
#define KEEP_LAYOUT_H

#include <linehook/base.h>

#define KEEP_INDEX "index"
#define KEEP_LOCK "lock"
#define KEEP_RUN "run.json"
#define KEEP_OUT "stdout.raw"
#define KEEP_ERR "stderr.raw"
#define KEEP_EVENTS "events.ndjson"
#define KEEP_RESULT "result.json"
#define KEEP_CANCEL "cancel"
#define KEEP_GONE ".gone-"

/* A line of the index: milliseconds since 1970, a space, the id. */
#define KEEP_INDEX_LINE 96

/* 1 to 64 of A-Z a-z 0-9 . _ -, no dot first; not the name of a file of the
 * store itself. */
int keep_id_ok (const char *id);

/*
 * The store DIR, an absolute path: its descriptor, or LHK_* with a sentence.
 * MAKE 1: made if it is missing, its parents too, mode 0700.  LHK_EREFUSED:
 * somebody else could change it; LHK_ENOTFOUND without MAKE.
 */
int keep_open_store (const char *dir, int make, int *ret,
		     struct lhk_error *err);

/* Lock FD, a lock file, for as long as it is open; 0, or -1 with errno EAGAIN
 * (or EACCES) when another holds it. */
int keep_lock (int fd);

/* The same, waiting for others: for what is held for moments. */
int keep_lock_soon (int fd);

/* Does anybody hold it?  1, 0, or -1 with errno. */
int keep_is_locked (int fd);

#endif /* KEEP_LAYOUT_H */
