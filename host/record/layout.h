/* SPDX-License-Identifier: MIT */
/*
 * layout.h - the files of a store, and what may be believed of them.
 *
 *	STORE/			0700
 *	  index			a line a run, appended once by its host: where
 *				to look first, never the truth
 *	  .new-ID.PID-N/	being made
 *	  ID/			0700, that one, renamed: one host, since a name
 *				with files behind it is not given away
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
 * A run has ended when result.json is there, to its closing brace; it runs
 * while the lock is held and the process of run.json is that one; else it is
 * lost.  What is appended may end in a torn line: whoever reads stops at the
 * last newline, and who finds the run lost, and gets its lock, cuts it there.
 */
#ifndef RECORD_LAYOUT_H
#define RECORD_LAYOUT_H

#include <dirent.h>

#include <linehook/base.h>

#define RECORD_INDEX "index"
#define RECORD_INDEX_DRAFT ".index.new"
#define RECORD_LOCK "lock"
#define RECORD_RUN "run.json"
#define RECORD_OUT "stdout.raw"
#define RECORD_ERR "stderr.raw"
#define RECORD_EVENTS "events.ndjson"
#define RECORD_RESULT "result.json"
#define RECORD_CANCEL "cancel"
#define RECORD_GONE ".gone-"
#define RECORD_NEW ".new-"

/* The first line of an index that all runs are in: one that a host began has
 * those after it alone. */
#define RECORD_INDEX_WHOLE "all runs\n"

/* A line of the index: milliseconds since 1970, a space, the id. */
#define RECORD_INDEX_LINE 96

/* 1 to 64 of A-Z a-z 0-9 . _ -, no dot first; not the name of a file of the
 * store itself. */
int record_id_ok (const char *id);

/*
 * The store DIR, an absolute path: its descriptor, or LHK_* with a sentence.
 * MAKE 1: made if it is missing, its parents too, mode 0700.  LHK_EREFUSED:
 * somebody else could change it; LHK_ENOTFOUND without MAKE.
 */
int record_open_store (const char *dir, int make, int *ret,
		       struct lhk_error *err);

/* Lock FD, a lock file, for as long as it is open; 0, or -1 with errno EAGAIN
 * (or EACCES) when another holds it. */
int record_lock (int fd);

/* The same, waiting for others: as long as it takes, or, for what is held for
 * moments alone, 2 seconds; then errno is EAGAIN. */
int record_lock_wait (int fd);
int record_lock_soon (int fd);

/* The file NAME in DIR, made if it is missing, for reading and writing and
 * locked by LOCK: not one that was replaced meanwhile.  Or -1 with errno. */
int record_open_locked (int dir, const char *name, int (*lock) (int fd));

/* The files of the directory NAME in DIR, and then itself; directories in it
 * are not ours, and stay.  0 or an errno. */
int record_unlink_all (int dir, const char *name);

/* The record ID, at once for others, and then its files.  0 or an errno. */
int record_remove (int store, const char *id);

/* Directory DIR, as a list of its own.  NULL with errno. */
DIR *record_list (int dir);

/* The next name in it: 1; 0: no more; -1 with errno. */
int record_next (DIR *list, const char **ret_name);

/* Does anybody hold it?  1, 0, or -1 with errno. */
int record_is_locked (int fd);

#endif /* RECORD_LAYOUT_H */
