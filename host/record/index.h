/* SPDX-License-Identifier: MIT */
/*
 * index.h - the file `index': which runs there are, in order of their start.
 *
 * A line is the milliseconds since 1970, a blank and the id.  A host appends
 * the line of its run before the record is in its place, and holds the index
 * until then, so no record is missing from a whole index; lines of removed runs
 * stay until the index is made anew, and a line that is torn or damaged is
 * passed over.
 */
#ifndef RECORD_INDEX_H
#define RECORD_INDEX_H

#include <sys/types.h>

#include "record/store.h"

/* The first line of an index that all runs are in.  Without it a host has begun
 * the file, and the runs before that one are missing. */
#define RECORD_INDEX_WHOLE "all runs\n"

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

/* Append the line of a run to the index of the store with descriptor STORE, which
 * is then held open as *RET_LOCK: close it when the record is in its place.  0;
 * -EAGAIN: another process holds the index and does not let go; -errno. */
int record_index_append (int store, int64_t started_ms, const char *id,
			 int *ret_lock);

/* Make the index anew of a scan, which is left in RET.  0 or -errno. */
int record_index_rebuild (struct lhk_store *s, struct record_entries *ret);

/* Open the index as *RET.  1: all runs are in it; 0: it has those of some
 * hosts alone, or is missing; -1 with errno. */
int record_index_open (struct lhk_store *s, int *ret);

/* The entries of an open index, the newest first. */
struct record_index_reader {
	int fd;
	int error;  /* -errno by which it ended early */
	off_t at;   /* where BUF begins in the file */
	size_t len; /* bytes of BUF that were not yet given out */
	char buf[RECORD_INDEX_PIECE + RECORD_INDEX_LINE];
};

void record_index_reader_init (struct record_index_reader *r, int fd);

/* 1, or 0: no more. */
int record_index_next (struct record_index_reader *r, struct record_entry *ret);

#endif /* RECORD_INDEX_H */
