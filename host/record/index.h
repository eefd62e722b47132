/* SPDX-License-Identifier: MIT */
/*
 * index.h - the file `index': which runs there are, in order of their start.
 *
 * A line is the milliseconds since 1970, a blank and the id.  A host appends
 * the line of its run before the record is in its place, and holds the index
 * until then.  A record that is missing, because somebody has copied it into the
 * store, is added by the next reader.  Lines of removed runs stay until the index
 * is made anew, and a line that is torn or damaged is passed over.
 */
#ifndef RECORD_INDEX_H
#define RECORD_INDEX_H

#include <sys/types.h>

#include "record/store.h"

/* The first line of an index that all runs are in.  Without it a host has begun
 * the file, and the runs before that one are missing. */
#define RECORD_INDEX_WHOLE "all runs\n"

/* The second line of an index: the time at which the directory of the store had
 * been changed last when a reader saw that each record in it has a line.  It is
 * the only one that is written in place, so its length does not change. */
#define RECORD_INDEX_MARK_HEAD "seen "
#define RECORD_INDEX_MARK RECORD_INDEX_MARK_HEAD "%020lld.%09ld\n"
#define RECORD_INDEX_MARK_SIZE 36

/* The longest line of ours, with newline and NUL. */
#define RECORD_INDEX_LINE 96

/* The index is read in pieces of so many bytes. */
#define RECORD_INDEX_PIECE 16384

struct record_entry {
	int64_t started_ms; /* since 1970; 0: not known */
	char id[LHK_RECORD_ID_MAX + 1];
};

struct record_entries {
	struct record_entry *items;
	size_t n, cap;
};

/* All records by their directories, the oldest first; what crashes left is
 * removed on the way.  Freed in either case.  0 or -errno. */
int record_entries_scan (struct lhk_store *s, struct record_entries *ret);
void record_entries_free (struct lhk_store *s, struct record_entries *all);

/* Is the directory ID a record?  What cannot be read is one if it has a lock.
 * 1, 0, or -1 with errno when it cannot be opened now. */
int record_entry_is_record (struct lhk_store *s, const char *id);

/* Append a copy of E; or the run ID with the start that its record tells, unless
 * the directory of that name is no record.  0 or -errno. */
int record_entries_add (struct lhk_store *s, struct record_entries *all,
			const struct record_entry *e);
int record_entries_add_run (struct lhk_store *s, struct record_entries *all,
			    const char *id);

/* The oldest first. */
void record_entries_sort (struct record_entries *all);

/* All records by the lines of the open index FD up to END, and by the
 * directories of those that have no line, the oldest first.  Lines of runs that
 * are not there are left out.  Freed in either case.  0 or -errno. */
int record_entries_merge (struct lhk_store *s, int fd, off_t end,
			  struct record_entries *ret);

/* Append the line of a run to the index of the store with descriptor STORE, which
 * is then held open as *RET_LOCK: close it when the record is in its place.  0;
 * -EAGAIN: another process holds the index and does not let go; -errno. */
int record_index_append (int store, int64_t started_ms, const char *id,
			 int *ret_lock);

/* Make the index anew of a scan, which is left in RET.  0 or -errno. */
int record_index_rebuild (struct lhk_store *s, struct record_entries *ret);

/* The same by record_entries_merge, if all runs were in the index once. */
int record_index_merge (struct lhk_store *s, struct record_entries *ret);

/* Bring the open index FD, which is whole, up to date with the directory.  0: it
 * is; 1: it was not, and *RET, for the caller to free, has all records, the
 * oldest first; -errno. */
int record_index_catch_up (struct lhk_store *s, int fd,
			   struct record_entries *ret);

/* Open the index as *RET.  1: all runs are in it; 0: it has those of some
 * hosts alone, or is missing; -1 with errno. */
int record_index_open (struct lhk_store *s, int *ret);

/* The entries of an open index, the newest first. */
struct record_index_reader {
	int fd;
	int error;  /* -errno by which it ended early */
	off_t from; /* lines before this one are not read */
	off_t at;   /* where BUF begins in the file */
	size_t len; /* bytes of BUF that were not yet given out */
	char buf[RECORD_INDEX_PIECE + RECORD_INDEX_LINE];
};

void record_index_reader_init (struct record_index_reader *r, int fd);

/* Only those in the bytes from FROM to END. */
void record_index_reader_range (struct record_index_reader *r, int fd,
				off_t from, off_t end);

/* 1, or 0: no more. */
int record_index_next (struct record_index_reader *r, struct record_entry *ret);

#endif /* RECORD_INDEX_H */
