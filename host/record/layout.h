/* SPDX-License-Identifier: MIT */
/*
 * layout.h - the files of a store, and what may be believed of them.
 *
 *	STORE/			mode 0700
 *	  index			one line a run, appended once by its host, or
 *				added by a reader that finds a record without
 *				one: where to look first, never the truth
 *	  .index.new		the index being made anew; locked meanwhile
 *	  .new-ID.PID-N/	a record being made
 *	  ID/			mode 0700, that directory renamed.  A directory
 *				with files in it cannot be renamed over, so a
 *				run has one host
 *	    lock		locked (F_OFD_SETLK, write) while its host lives;
 *				so is ID/ itself (flock), where that is possible
 *	    run.json		how it was started; renamed into place at once
 *	    stdout.raw		every byte of stdout, once: the truth
 *	    stderr.raw		every byte of stderr
 *	    events.ndjson	events as lines, with line, off, len
 *	    .result.new		room for the result, reserved at the start: it is
 *				written there, whatever the disk has left
 *	    result.json		the final result: that file, renamed at the end
 *	    .blocked-N		what the agent had put in the place of either
 *	    host.log		what the host of a detached run has to say; the
 *				host makes it, nothing here does
 *	    cancel		a request to end the run; renamed into place,
 *				holds the number of a signal, and how many
 *				requests there were
 *	  .removed-ID.PID-N/	a record that is being removed
 *
 * A store is whatever directory a user has named, so a directory in it is a
 * record only by its marks; what else is there stays as it is.
 *
 * A run runs while either lock is held and the process that run.json names is
 * alive, whatever other files say: anybody can write those.  Without such a host
 * it has ended if result.json is there, to its closing brace; else it is lost.  A
 * file that is appended to may end in a torn line: a reader stops
 * at the last newline, and a reader that finds the run lost, and gets its lock,
 * cuts the file there.
 */
#ifndef RECORD_LAYOUT_H
#define RECORD_LAYOUT_H

#include <dirent.h>
#include <sys/types.h>

#include <linehook/base.h>

#define RECORD_INDEX "index"
#define RECORD_INDEX_DRAFT ".index.new"
#define RECORD_LOCK "lock"
#define RECORD_RUN "run.json"
#define RECORD_OUT "stdout.raw"
#define RECORD_ERR "stderr.raw"
#define RECORD_EVENTS "events.ndjson"
#define RECORD_RESULT "result.json"
#define RECORD_RESULT_DRAFT ".result.new"
#define RECORD_CANCEL "cancel"
#define RECORD_LOG "host.log"
#define RECORD_REMOVED ".removed-"
#define RECORD_NEW ".new-"
#define RECORD_BLOCKED ".blocked-"

/* ---- directories ---- */

/*
 * Open the store DIR, an absolute path; MAKE 1: make it and its parents, mode
 * 0700, if they are missing.  *RET is its descriptor.  LHK_OK; LHK_EREFUSED:
 * another user could change it; LHK_ENOTFOUND, without MAKE; LHK_EINVAL,
 * LHK_ESYS; each with a sentence.
 */
int record_dir_open (const char *dir, int make, int *ret,
		     struct lhk_error *err);

/* A stream over the entries of the open directory DIR, which keeps its own
 * offset.  Close it with closedir.  NULL with errno. */
DIR *record_dir_list (int dir);

/* The name of the next entry, without "." and "..".  1; 0: no more; -1 with
 * errno. */
int record_dir_next (DIR *list, const char **ret_name);

/* Is the open file FD still the one at PATH in DIR?  1; 0: it was removed,
 * renamed, or replaced by another; -1 with errno. */
int record_is_at (int dir, const char *path, int fd);

/* ---- requests to cancel ---- */

/* Bytes of the file RECORD_CANCEL, with a NUL, that are read. */
#define RECORD_CANCEL_SIZE 32

/* SIGNO, or SIGTERM if there is no such signal. */
int record_cancel_signal (long signo);

/* How many requests the content of RECORD_CANCEL tells of, and the signal of the
 * last one; if it says nothing, they are 1 and SIGTERM. */
int record_cancel_parse (const char *text, int *ret_signo);

/* ---- lines ---- */

/* The size of FD, or, of a file of some length, the offset of its first hole:
 * nothing here makes holes, and what is behind one can have any size.  -1 with
 * errno. */
off_t record_file_end (int fd);

/* The offset behind the last newline of FD, open for reading; -1: it cannot be
 * read. */
off_t record_lines_end (int fd);

/* ---- events ---- */

/* How every line of RECORD_EVENTS begins. */
#define RECORD_EVENT_PREFIX "{\"seq\":"

/* Is LINE, which begins so, the final result?  Its first members come in a fixed
 * order.  Behind it is a newline or a NUL. */
int record_event_is_final (const char *line);

/* Is the last whole line of RECORD_EVENTS, open as FD, the final result?  1, or 0
 * also when it cannot be read. */
int record_events_are_final (int fd);

/* ---- locks ---- */

/* Lock FD, open for writing, for as long as it is open.  0, or -1 with errno
 * EAGAIN or EACCES when another holds it. */
int record_lock_try (int fd);

/* The same, waiting for the holder for as long as it takes. */
int record_lock_wait (int fd);

/* The same, waiting at most 2 seconds, for locks that are held for moments:
 * then errno is EAGAIN. */
int record_lock_soon (int fd);

/* Let go of it before FD is closed.  0, or -1 with errno. */
int record_lock_free (int fd);

/* Does anybody hold the lock?  1, 0, or -1 with errno. */
int record_lock_is_held (int fd);

/*
 * Lock the open directory DIR of a record, too, for as long as it is open and
 * until it is unlocked: an agent can remove and replace the file RECORD_LOCK, but
 * not the directory, unless the record has gone.  0, or -1 where a file system
 * cannot lock directories.
 */
int record_dir_lock (int dir);

void record_dir_unlock (int dir);

/* Does a host hold the lock of the directory?  1 or 0. */
int record_dir_is_held (int dir);

/* Open the file NAME in DIR for reading and writing, make it if it is missing,
 * and lock it by LOCK.  It is the file that has the name now, not one that was
 * replaced while we waited.  -1 with errno. */
int record_lock_open (int dir, const char *name, int (*lock) (int fd));

#endif /* RECORD_LAYOUT_H */
